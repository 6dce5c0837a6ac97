//! What children do until they are killed.

use super::{mix, say};
use fewbytes::{BloomFilter, ScalableBloomFilter, shared};
use fewbytes_mmap::{Lock, SharedMap, map};
use std::io::Read;
use std::path::Path;

pub fn run(work: &str, file: &Path, seed: u64) {
    match work {
        "insert" => insert(file, seed),
        "save" => save(file),
        "merge" => merge(file, seed),
        "grow" => grow(file, seed),
        "stay" => stay(file),
        _ => panic!("there is no work `{work}`"),
    }
}

/// Inserts into a structure that many write.
fn insert(file: &Path, seed: u64) {
    let map = SharedMap::open(file).unwrap();
    let sketch = shared::open(&map).unwrap();
    for i in 0.. {
        let item = mix(seed ^ i);
        sketch.insert(&item.to_le_bytes());
        if i % 64 == 63 {
            map.flush().unwrap();
        }
        say(item);
    }
}

/// The file of a version: its number over and over, in lengths that go up and down.
pub fn version(number: u64) -> Vec<u8> {
    number.to_le_bytes().repeat(1 + (number * 37 % 50) as usize * 512)
}

/// The version that a file is, if it is one.
pub fn version_of(bytes: &[u8]) -> Option<u64> {
    let number = u64::from_le_bytes(*bytes.first_chunk()?);
    (bytes == version(number)).then_some(number)
}

/// Saves the next version, and the next.
fn save(file: &Path) {
    loop {
        let mut lock = Lock::exclusive(file).unwrap();
        let next = version_of(&lock.read().unwrap()).expect("a version, whole") + 1;
        lock.save(&version(next)).unwrap();
        // While it is held: the other child says later numbers later.
        say(next);
    }
}

/// How many items a piece of work inserts: `first` to before `first + BATCH`.
pub const BATCH: u64 = 200;
pub const RATE: f64 = 0.001;

/// A filter as `merge` wants it.
pub fn filter() -> BloomFilter {
    BloomFilter::with_rate(100_000, RATE, 0).unwrap()
}

/// Merges a filter of new items into the file's.
fn merge(file: &Path, seed: u64) {
    for i in 0.. {
        let first = mix(seed ^ i) >> 1;
        let mut other = filter();
        other.insert_all((first..first + BATCH).map(u64::to_le_bytes));
        let mut lock = Lock::exclusive(file).unwrap();
        let mut all = BloomFilter::open(lock.read().unwrap()).unwrap();
        all.verify().unwrap();
        all.merge(&other).unwrap();
        all.seal();
        lock.save(all.as_bytes()).unwrap();
        say(first);
    }
}

/// Inserts into a filter that grows.
fn grow(file: &Path, seed: u64) {
    for i in 0.. {
        let first = mix(seed ^ i) >> 1;
        let mut lock = Lock::exclusive(file).unwrap();
        let mut all = ScalableBloomFilter::open(lock.read().unwrap()).unwrap();
        all.verify().unwrap();
        for item in first..first + BATCH {
            all.insert(item.to_le_bytes()).unwrap();
        }
        all.seal();
        lock.save(all.as_bytes()).unwrap();
        say(first);
    }
}

/// Maps the file, reads every page, says so, and stays until the parent is gone.
fn stay(file: &Path) {
    let map = map(file).unwrap();
    say(map.iter().step_by(512).map(|&byte| u64::from(byte)).sum());
    let _ = std::io::stdin().read(&mut [0]);
}
