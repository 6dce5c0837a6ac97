//! `kill -9` during insert, save, merge and grow.

use super::work::{self, BATCH};
use super::{Worker, mix};
use fewbytes::entry::Sketch;
use fewbytes::membership::scalable_bloom::Plan;
use fewbytes::{
    BlockedBloomFilter, BloomFilter, CountMinSketch, HyperLogLog, MorrisArray, ScalableBloomFilter,
    UltraLogLog, shared,
};
use fewbytes_mmap::{Lock, SharedMap, map, read, save};
use std::collections::HashSet;
use std::path::Path;
use std::thread;
use std::time::Duration;
use tempfile::{TempDir, tempdir, tempdir_in};

/// Of each kind of work. A round is two children, and takes a hundredth of a second.
const ROUNDS: u64 = 100;

/// In memory where the system has such a folder: the children spend their time, and die, at work and not at waiting for a
/// disk.
fn folder() -> TempDir {
    match Path::new("/dev/shm") {
        memory if memory.is_dir() => tempdir_in(memory),
        _ => tempdir(),
    }
    .unwrap()
}

/// Lets two children work on one file and kills them; all that they said.
fn round(work: &str, file: &Path, seed: u64) -> Vec<u64> {
    let [one, two] = [1, 2].map(|child| Worker::start(work, file, mix(seed) ^ mix(child)));
    let mut said = one.killed(mix(seed));
    said.extend(two.killed(mix(seed + 1)));
    said
}

/// After the deaths of all who held it, the lock is free. What they had not yet renamed is left in the folder: at most a
/// file each.
fn clean_up(file: &Path, seed: u64) {
    // Not at the first try always: another test may be starting a child, which has all open files until it is another program.
    let free = (0..1000).any(|_| {
        let lock = Lock::try_exclusive(file).unwrap();
        thread::sleep(Duration::from_millis(u64::from(lock.is_none())));
        lock.is_some()
    });
    assert!(free, "seed {seed}: the dead hold the lock");
    let folder = file.parent().unwrap().read_dir().unwrap();
    let left: Vec<_> = folder.map(|entry| entry.unwrap().path()).filter(|path| path != file).collect();
    assert!(left.len() <= 2, "seed {seed}: {left:?}");
    for path in left {
        assert!(path.file_name().unwrap().to_str().unwrap().starts_with(".fewbytes-"), "{path:?}");
        std::fs::remove_file(path).unwrap();
    }
}

/// One of each kind that many can write, empty.
fn empty() -> [Vec<u8>; 6] {
    let plain: [Box<dyn Sketch>; 6] = [
        Box::new(BloomFilter::with_rate(100_000, 0.001, 0).unwrap()),
        Box::new(BlockedBloomFilter::with_rate(100_000, 0.001, 0).unwrap()),
        Box::new(HyperLogLog::new(12, 0).unwrap()),
        Box::new(UltraLogLog::new(12, 0).unwrap()),
        Box::new(CountMinSketch::with_error(0.001, 0.01, 0).unwrap()),
        Box::new(MorrisArray::new(10_000, 1.1, 8, 0).unwrap()),
    ];
    plain.map(|sketch| shared::shareable(sketch.as_bytes()).unwrap().into())
}

#[test]
fn inserts_that_returned_are_there() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("shared.few");
    let empty = empty();
    assert_eq!(empty.len(), shared::SHARED.len());
    let mut inserted = 0;
    for seed in 0..ROUNDS {
        save(&file, &empty[seed as usize % empty.len()]).unwrap();
        let items = round("insert", &file, seed);
        let map = SharedMap::open(&file).unwrap();
        let mut found = shared::open(&map).unwrap().freeze().unwrap();
        found.verify().unwrap();
        let entry = found.entry();
        for item in &items {
            let bytes = item.to_le_bytes();
            let there = match entry.count {
                true => found.count(&bytes).unwrap().value > 0.0,
                // Of the others an item that is there changes nothing.
                false => !found.insert(&bytes).unwrap(),
            };
            assert!(there, "seed {seed}: {item} was inserted into a {} and is not there", entry.slug);
        }
        inserted += items.len();
        drop(map);
        clean_up(&file, seed);
    }
    assert!(inserted > ROUNDS as usize * 10, "{inserted} inserts: the children hardly worked");
}

#[test]
fn saves_are_whole_and_none_is_lost() {
    let folder = folder();
    let file = folder.path().join("version");
    save(&file, &work::version(0)).unwrap();
    let mut before = 0;
    for seed in 0..ROUNDS {
        let said = round("save", &file, seed);
        let now = work::version_of(&read(&file).unwrap());
        let now = now.unwrap_or_else(|| panic!("seed {seed}: the file is no whole version"));
        let different: HashSet<_> = said.iter().collect();
        assert_eq!(different.len(), said.len(), "seed {seed}: two saved one version over each other");
        let newest = said.iter().copied().max().unwrap_or(before);
        // Each may have saved one that it could not say.
        assert!((newest..=newest + 2).contains(&now), "seed {seed}: {now} is there, {newest} was saved");
        assert!(now - before >= said.len() as u64, "seed {seed}");
        before = now;
        clean_up(&file, seed);
    }
    assert!(before > ROUNDS, "{before} saves: the children hardly worked");
}

/// One file through all rounds, which holds all that was ever said.
fn batches(work: &str, first: &[u8], check: impl Fn(&Path, &[u64])) {
    let folder = folder();
    let file = folder.path().join("filter.few");
    let mut done = 0;
    for seed in 0..ROUNDS {
        // Ten times from the start: a full filter would say yes to anything.
        if seed % 10 == 0 {
            save(&file, first).unwrap();
        }
        let said = round(work, &file, seed);
        check(&file, &said);
        done += said.len();
        clean_up(&file, seed);
    }
    assert!(done as u64 > ROUNDS / 2, "{done} batches: the children hardly worked");
}

#[test]
fn merges_are_whole_and_none_is_lost() {
    let mut empty = work::filter();
    empty.seal();
    batches("merge", empty.as_bytes(), |file, said| {
        let filter = BloomFilter::open(map(file).unwrap()).unwrap();
        filter.verify().unwrap();
        assert!(filter.is_sealed());
        for item in said.iter().flat_map(|first| *first..first + BATCH) {
            assert!(filter.contains(item.to_le_bytes()), "{item} was merged and is not there");
        }
    });
}

#[test]
fn growth_is_whole_and_nothing_is_lost() {
    let mut empty = ScalableBloomFilter::new(Plan::new(100, work::RATE), 0).unwrap();
    empty.seal();
    batches("grow", empty.as_bytes(), |file, said| {
        let filter = ScalableBloomFilter::open(map(file).unwrap()).unwrap();
        filter.verify().unwrap();
        for item in said.iter().flat_map(|first| *first..first + BATCH) {
            assert!(filter.contains(item.to_le_bytes()), "{item} was inserted and is not there");
        }
    });
}
