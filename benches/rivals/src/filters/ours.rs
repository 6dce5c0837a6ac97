//! fewbytes' filters, one key at a time and in batches.

use super::{Class, Contestant, Filter};
use crate::results::Whose;
use fewbytes::{
    BinaryFuseFilter, BlockedBloomFilter, BloomFilter, ScalableBloomFilter,
    membership::{binary_fuse::BinaryFuseBuilder, scalable_bloom::Plan},
};

/// All of them.
pub const ALL: &[Contestant] = &[
    ours("Bloom", Class::Sized, |n, rate| Box::new(Single(bloom(n, rate)))),
    ours("Bloom, batches", Class::Sized, |n, rate| Box::new(Batch(bloom(n, rate)))),
    ours("blocked Bloom", Class::Sized, |n, rate| Box::new(Single(blocked(n, rate)))),
    ours("blocked Bloom, batches", Class::Sized, |n, rate| Box::new(Batch(blocked(n, rate)))),
    ours("scalable Bloom", Class::Growing, |_, rate| Box::new(Single(scalable(rate)))),
    ours("scalable Bloom, batches", Class::Growing, |_, rate| Box::new(Batch(scalable(rate)))),
    ours("binary fuse, 8 bits", Class::Static, |_, _| Box::new(Single(Fuse { bits: 8, made: None }))),
    ours("binary fuse, batches", Class::Static, |_, _| Box::new(Batch(Fuse { bits: 8, made: None }))),
    ours("binary fuse, 16 bits", Class::Static, |_, _| Box::new(Batch(Fuse { bits: 16, made: None }))),
];

const fn ours(name: &'static str, class: Class, make: fn(u64, f64) -> Box<dyn Filter>) -> Contestant {
    let most = match class {
        // As far as the peers that grow.
        Class::Growing => 10_000_000,
        _ => u64::MAX,
    };
    Contestant { name, whose: Whose::Ours, class, most, make }
}

fn bloom(n: u64, rate: f64) -> BloomFilter {
    BloomFilter::with_rate(n, rate, 0).expect("in range")
}

fn blocked(n: u64, rate: f64) -> BlockedBloomFilter {
    BlockedBloomFilter::with_rate(n, rate, 0).expect("in range")
}

fn scalable(rate: f64) -> ScalableBloomFilter {
    ScalableBloomFilter::new(Plan::new(1000, rate), 0).expect("in range")
}

/// One key at a time.
struct Single<T>(T);

/// Many at once.
struct Batch<T>(T);

/// Keys whose answers are asked for at once.
const ASKED: usize = 1024;

/// Asks for `keys`, [`ASKED`] at a time, and counts those found.
fn count_found(keys: &[u64], ask: impl Fn(&[u64], &mut Vec<bool>)) -> usize {
    let mut answers = Vec::new();
    let mut found = 0;
    for keys in keys.chunks(ASKED) {
        ask(keys, &mut answers);
        found += answers.iter().filter(|answer| **answer).count();
    }
    found
}

/// Both ways of using a type of ours.
macro_rules! filter {
    ($type:ty, $grown:expr) => {
        impl Filter for Single<$type> {
            fn insert(&mut self, keys: &[u64]) {
                for key in keys {
                    $grown(self.0.insert(key.to_le_bytes()));
                }
            }
            fn found(&self, keys: &[u64]) -> usize {
                keys.iter().filter(|key| self.0.contains(key.to_le_bytes())).count()
            }
            fn bits(&self) -> u64 {
                self.0.as_bytes().len() as u64 * 8
            }
        }

        impl Filter for Batch<$type> {
            fn insert(&mut self, keys: &[u64]) {
                $grown(self.0.insert_u64s(keys));
            }
            fn found(&self, keys: &[u64]) -> usize {
                let ask = |keys: &[u64], answers: &mut Vec<bool>| {
                    self.0.contains_u64s(keys, answers);
                };
                count_found(keys, ask)
            }
            fn bits(&self) -> u64 {
                self.0.as_bytes().len() as u64 * 8
            }
        }
    };
}

/// For what can't fail to take an item.
fn sure<T>(_: T) {}

/// For what may have to grow.
fn grown<T, E: std::fmt::Debug>(result: Result<T, E>) {
    result.expect("memory");
}

/// A filter that is made of all keys at once.
struct Fuse {
    bits: u32,
    made: Option<BinaryFuseFilter>,
}

impl Fuse {
    fn make(&mut self, keys: &[u64]) {
        let mut builder = BinaryFuseBuilder::new(self.bits, 0).expect("in range");
        builder.insert_u64s(keys).expect("memory");
        self.made = Some(builder.finish().expect("memory"));
    }
    fn made(&self) -> &BinaryFuseFilter {
        self.made.as_ref().expect("it was made")
    }
}

impl Filter for Single<Fuse> {
    fn insert(&mut self, keys: &[u64]) {
        self.0.make(keys);
    }
    fn found(&self, keys: &[u64]) -> usize {
        let made = self.0.made();
        keys.iter().filter(|key| made.contains(key.to_le_bytes())).count()
    }
    fn bits(&self) -> u64 {
        self.0.made().as_bytes().len() as u64 * 8
    }
}

impl Filter for Batch<Fuse> {
    fn insert(&mut self, keys: &[u64]) {
        self.0.make(keys);
    }
    fn found(&self, keys: &[u64]) -> usize {
        let made = self.0.made();
        count_found(keys, |keys, answers| made.contains_u64s(keys, answers))
    }
    fn bits(&self) -> u64 {
        self.0.made().as_bytes().len() as u64 * 8
    }
}

filter!(BloomFilter, sure);
filter!(BlockedBloomFilter, sure);
filter!(ScalableBloomFilter, grown);
