//! A filter in front of a slow store: most keys that are asked for are not there, and a few bits a key say so.
//!
//! `just example front`: questions as the argument.

use anyhow::Result;
use comfy_table::{Table, presets};
use fewbytes::{BinaryFuseFilter, BlockedBloomFilter};
use fewbytes_examples::{argument, mix, timed};
use std::collections::HashMap;
use std::time::{Duration, Instant};

const KEYS: u64 = 200_000;
/// One question in so many is for a key that is there.
const PRESENT: u64 = 20;
/// What an answer of the store takes: a disk in the same town.
const SLOW: Duration = Duration::from_micros(100);

/// A table far away. It answers right, and late.
struct Store(HashMap<u64, u64>);

impl Store {
    fn get(&self, key: u64) -> Option<u64> {
        let start = Instant::now();
        while start.elapsed() < SLOW {
            std::hint::spin_loop();
        }
        self.0.get(&key).copied()
    }
}

fn main() -> Result<()> {
    let asked = argument(20_000)?;
    let store = Store((0..KEYS).map(|i| (mix(i), i)).collect());
    let questions: Vec<u64> =
        (0..asked).map(|i| if i % PRESENT == 0 { mix(mix(i) % KEYS) } else { mix(KEYS + i) }).collect();

    // Keys are known and don't change: a binary fuse filter. They come and come: a blocked Bloom filter.
    let fuse = BinaryFuseFilter::from_items(store.0.keys().map(|key| key.to_le_bytes()), 8, 0)?;
    let mut bloom = BlockedBloomFilter::with_rate(KEYS, 0.01, 0)?;
    bloom.insert_all(store.0.keys().map(|key| key.to_le_bytes()));

    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["in front of the store", "bytes", "bits a key", "store was asked", "in vain", "time"]);
    let mut expected = None;
    let mut ask = |name: &str, bytes: usize, may: &dyn Fn(u64) -> bool| {
        let (mut reads, mut vain) = (0, 0);
        let (found, time) = timed(|| {
            let get = |key: &u64| {
                let found = may(*key).then(|| {
                    reads += 1;
                    store.get(*key)
                });
                vain += u64::from(found == Some(None));
                found.flatten()
            };
            questions.iter().map(get).collect::<Vec<_>>()
        });
        assert_eq!(*expected.get_or_insert(found.clone()), found, "{name}: other answers than without it");
        let bits = 8.0 * bytes as f64 / KEYS as f64;
        table.add_row([
            name.into(),
            bytes.to_string(),
            format!("{bits:.1}"),
            reads.to_string(),
            vain.to_string(),
            format!("{time:.1?}"),
        ]);
    };
    ask("nothing", 0, &|_| true);
    ask("blocked Bloom filter", bloom.as_bytes().len(), &|key| bloom.contains(key.to_le_bytes()));
    ask("binary fuse filter", fuse.as_bytes().len(), &|key| fuse.contains(key.to_le_bytes()));
    println!(
        "{asked} questions, one in {PRESENT} for one of {KEYS} keys; an answer of the store takes {SLOW:?}.\n\n{table}"
    );
    Ok(())
}
