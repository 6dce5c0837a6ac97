//! The table.

use crate::child::Child;
use crate::{Result, insert, system};
use fewbytes::membership::blocked_bloom::Shape;
use fewbytes::text::dawg::Mode;
use fewbytes::{BlockedBloomFilter, Dawg};
use fewbytes_mmap::{Advice, map, save};
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

pub fn print(bytes: u64, folder: &Path) -> Result<()> {
    let path = folder.join("blocked.few");
    {
        let mut filter = BlockedBloomFilter::new(Shape::of(512, 8).ok_or("a shape")?, bytes / 64, 0)?;
        let numbers: Vec<u64> = (0..bytes / 32).collect();
        filter.insert_u64s(&numbers);
        filter.seal();
        save(&path, filter.as_bytes())?;
    }
    let len = fs::metadata(&path)?.len();
    println!(
        "A blocked Bloom filter of {:.2} GB, {} processors\n",
        len as f64 / 1e9,
        std::thread::available_parallelism()?
    );
    opening(&path)?;
    memory(&path, len)?;
    lookups(bytes, folder)?;
    scans(&path)?;
    insert::shared(folder)
}

pub fn row(what: &str, found: &str, goal: &str) {
    println!("{what:<58} {found:>24}   {goal}");
}

fn opening(path: &Path) -> Result<()> {
    let mut times: Vec<f64> = (0..1001)
        .map(|_| {
            let start = Instant::now();
            let filter = BlockedBloomFilter::open(map(path)?)?;
            let time = start.elapsed().as_secs_f64() * 1e6;
            black_box(&filter);
            Ok(time)
        })
        .collect::<Result<_>>()?;
    row("open, µs, median of 1001", &format!("{:.1}", system::median(&mut times)), "≤ 50");
    for (how, advice) in [("", Advice::Normal), (", advised `Random`", Advice::Random)] {
        system::forget(path)?;
        let before = system::read_bytes()?;
        let map = map(path)?;
        map.advise(advice)?;
        let mapped = system::read_bytes()?;
        let in_process = system::kib(path, "Rss")?;
        let start = Instant::now();
        let filter = BlockedBloomFilter::open(map)?;
        let time = start.elapsed().as_secs_f64() * 1e6;
        let opened = system::read_bytes()?;
        if advice == Advice::Normal {
            let found = format!("{}, {in_process}", (mapped - before) / 1024);
            row("map, KiB read from the disk, KiB in the process", &found, "0");
        }
        let found = format!("{}, {}, {time:.0}", (opened - mapped) / 1024, system::kib(path, "Rss")?);
        row(&format!("open from the disk{how}: the same, µs"), &found, "");
        black_box(&filter);
    }
    Ok(())
}

fn memory(path: &Path, len: u64) -> Result<()> {
    let (children, _) = Child::work(8, "ask", path)?;
    let mut pages = 0;
    let mut all = 0;
    for child in &children {
        pages += system::kib_of(child.id(), path, "Pss")?;
        all += system::rollup(child.id(), "Pss")?;
    }
    let of_one = |kib: u64| format!("{:.3}", kib as f64 * 1024.0 / len as f64);
    row("8 processes that touched every page: Pss of the file", &of_one(pages), "≤ 1.02 copies");
    row("  of all their memory", &of_one(all), "≤ 1.02 copies");
    Ok(())
}

/// A question of so many nanoseconds of the processor, to one of two.
fn ratio(what: &str, mut owned: impl FnMut() -> f64, mut mapped: impl FnMut() -> f64) {
    let (mut of_owned, mut of_mapped, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..11 {
        let (a, b) = (owned(), mapped());
        of_owned.push(a);
        of_mapped.push(b);
        ratios.push(b / a);
    }
    let [owned, mapped, ratio] =
        [&mut of_owned, &mut of_mapped, &mut ratios].map(|times| system::median(times));
    row(what, &format!("{owned:.1}, {mapped:.1}: {ratio:.3}"), "≤ 1.05");
}

fn lookups(bytes: u64, folder: &Path) -> Result<()> {
    const ASKED: u64 = 1 << 20;
    for size in [16_000_000, 128_000_000, bytes] {
        let path = folder.join("lookups.few");
        let mut filter = BlockedBloomFilter::new(Shape::of(512, 8).ok_or("a shape")?, size / 64, 0)?;
        let numbers: Vec<u64> = (0..size / 32).collect();
        filter.insert_u64s(&numbers);
        drop(numbers);
        save(&path, filter.as_bytes())?;
        let owned = filter;
        let mapped = BlockedBloomFilter::open(map(&path)?)?;
        black_box((owned.one_len(), mapped.one_len()));
        // Half of them are there.
        let asked: Vec<u64> = (0..ASKED).map(|i| system::mix(i) % (size / 16)).collect();
        let mut found = vec![false; asked.len()];
        let mut found2 = found.clone();
        let megabytes = size / 1_000_000;
        ratio(
            &format!("{megabytes} MB, a batch of lookups: ns owned, mapped; ratio"),
            || system::nanoseconds(ASKED, || owned.contains_u64s(&asked, &mut found)),
            || system::nanoseconds(ASKED, || mapped.contains_u64s(&asked, &mut found2)),
        );
        ratio(
            &format!("{megabytes} MB, single lookups: ns owned, mapped; ratio"),
            || {
                system::nanoseconds(ASKED, || {
                    black_box(asked.iter().filter(|item| owned.contains(item.to_le_bytes())).count())
                })
            },
            || {
                system::nanoseconds(ASKED, || {
                    black_box(asked.iter().filter(|item| mapped.contains(item.to_le_bytes())).count())
                })
            },
        );
    }
    let mut keys: Vec<String> = (0..500_000).map(|i| format!("{:x}", system::mix(i) >> 24)).collect();
    keys.sort_unstable();
    let path = folder.join("words.few");
    let owned = Dawg::from_keys(&keys, Mode::Fast)?;
    save(&path, owned.as_bytes())?;
    let mapped = Dawg::open(map(&path)?)?;
    let asked: Vec<&String> = (0..ASKED).map(|i| &keys[(system::mix(i) % 500_000) as usize]).collect();
    ratio(
        "a dictionary of 500,000 keys: ns owned, mapped; ratio",
        || system::nanoseconds(ASKED, || black_box(asked.iter().filter(|key| owned.contains(key)).count())),
        || system::nanoseconds(ASKED, || black_box(asked.iter().filter(|key| mapped.contains(key)).count())),
    );
    Ok(())
}

fn scans(path: &Path) -> Result<()> {
    for processes in [1, 4] {
        for (role, what) in [("scan", "one map"), ("copy", "a copy each")] {
            let (_, took) = Child::work(processes, role, path)?;
            let found = format!("{:.0} ms, {:.0} ms", took.clock / 1e6, took.processor / 1e6);
            row(&format!("fill by {processes} processes, {what}: clock, processor"), &found, "");
        }
    }
    Ok(())
}
