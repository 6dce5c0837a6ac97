//! Threads and processes that insert into one shared filter.

use crate::child::{Child, Took};
use crate::table::row;
use crate::{Result, system};
use fewbytes::BlockedBloomFilter;
use fewbytes::membership::blocked_bloom::Shape;
use fewbytes::shared::{SharedBlockedBloomFilter, Words};
use fewbytes_mmap::{SharedMap, read};
use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Instant;

type Filter = SharedBlockedBloomFilter<SharedMap>;

/// Numbers inserted in all, whoever does it.
const NUMBERS: u64 = 1 << 24;
/// Of a batch.
const BATCH: u64 = 1 << 14;

/// Opens the filter and touches its pages, as one who has worked with it for long.
pub fn opened(path: &Path) -> Result<Filter> {
    let map = SharedMap::open(path)?;
    for word in map.words().iter().step_by(512) {
        word.fetch_or(0, Ordering::Relaxed);
    }
    Ok(SharedBlockedBloomFilter::open(map)?)
}

/// Inserts one of so many equal parts of the numbers.
pub fn part(filter: &Filter, part: u64, parts: u64) {
    let each = NUMBERS / parts;
    for first in (part * each..(part + 1) * each).step_by(BATCH as usize) {
        let batch: Vec<u64> = (first..first + BATCH).collect();
        filter.insert_u64s(&batch);
    }
}

fn by_threads(path: &Path, threads: u64) -> Result<Took> {
    let filter = opened(path)?;
    let barrier = Barrier::new(threads as usize + 1);
    let before = system::process_time();
    let start = thread::scope(|scope| {
        for number in 0..threads {
            let (filter, barrier) = (&filter, &barrier);
            scope.spawn(move || {
                barrier.wait();
                part(filter, number, threads);
            });
        }
        barrier.wait();
        Instant::now()
    });
    Ok(Took { clock: start.elapsed().as_nanos() as f64, processor: (system::process_time() - before) as f64 })
}

pub fn shared(folder: &Path) -> Result<()> {
    for megabytes in [16, 128] {
        let path = folder.join("shared.few");
        let empty =
            BlockedBloomFilter::new(Shape::of(512, 8).ok_or("a shape")?, megabytes * 1_000_000 / 64, 0)?;
        let mut times: [Vec<Took>; 3] = Default::default();
        for _ in 0..5 {
            for (way, times) in times.iter_mut().enumerate() {
                drop(SharedMap::create(&path, empty.as_bytes())?);
                times.push(match way {
                    0 => by_threads(&path, 1)?,
                    1 => by_threads(&path, 2)?,
                    _ => Child::work(2, "insert", &path)?.1,
                });
                if way < 2 || times.len() < 5 {
                    fs::remove_file(&path)?;
                }
            }
        }
        let median = |times: &[Took], of: fn(&Took) -> f64| {
            system::median(&mut times.iter().map(of).collect::<Vec<_>>())
        };
        let [clock, processor] = [|took: &Took| took.clock, |took: &Took| took.processor]
            .map(|of: fn(&Took) -> f64| [0, 1, 2].map(|way| median(&times[way], of)));
        row(
            &format!("{megabytes} MB, shared insert by one thread, ns"),
            &format!("{:.1}", processor[0] / NUMBERS as f64),
            "",
        );
        for (way, who) in [(1, "2 threads"), (2, "2 processes")] {
            // What the clock would say if each had a processor for itself.
            let alone = 2.0 * processor[0] / processor[way];
            row(
                &format!("  {who}: times one, by the clock; by the processor"),
                &format!("{:.2}; {alone:.2}", clock[0] / clock[way]),
                "≥ 1.7",
            );
        }
        // The last file has all of them.
        let filter = opened(&path)?;
        let mut owned = BlockedBloomFilter::open(read(&path)?)?;
        let numbers: Vec<u64> = (0..NUMBERS).collect();
        let (mut of_owned, mut of_shared) = (Vec::new(), Vec::new());
        for _ in 0..5 {
            of_owned.push(system::nanoseconds(NUMBERS, || owned.insert_u64s(&numbers)));
            of_shared.push(system::nanoseconds(NUMBERS, || filter.insert_u64s(&numbers)));
        }
        let [owned, shared] = [system::median(&mut of_owned), system::median(&mut of_shared)];
        let found = format!("{owned:.1}, {shared:.1}: {:.2}", shared / owned);
        row("  of what is there: ns owned, shared; ratio", &found, "≤ 1.3");
        fs::remove_file(&path)?;
    }
    Ok(())
}
