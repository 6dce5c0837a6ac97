//! Shared structures beside those that one writes: keys that are there already, keys that are new, and two threads at one.
//!
//! Goals: keys that are there take a shared structure at most 1.3 times as long, in batches; two threads do 1.7 times the
//! work of one, on two cores that nobody else uses.
//!
//! Blocked filters miss the first: keys that are there take about twice as long, as vectors don't load atomics. Masks that were
//! inverted first, or kept in memory for vectors to make, gave a tenth. New keys take an atomic operation for each word that
//! lacks a bit, of some 6 ns, one after another: a split block has four words, the others eight.

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use fewbytes::{
    BlockedBloomFilter, BloomFilter, CountMinSketch, HyperLogLog, MorrisArray, UltraLogLog,
    membership::blocked_bloom::{Shape, blocks_for},
    shared::{
        SharedBlockedBloomFilter, SharedBloomFilter, SharedCountMin, SharedHyperLogLog, SharedMorrisArray,
        SharedUltraLogLog,
    },
};
use fewbytes_benches::mix;
use std::{hint::black_box, thread};

/// In the caches, and beyond them.
const LENS: [u64; 2] = [100_000, 10_000_000];

macro_rules! beside {
    ($group:ident, $name:literal, $shared:ident, $plain:expr, $keys:ident) => {{
        let (keys, len) = (black_box(&$keys[..]), $keys.len());
        let id = |what: &str| format!("{what}/{}/{len}", $name);
        let empty = || $plain.expect("in range");
        let share = || $shared::copy_of(&empty()).expect("memory");
        let (mut plain, shared) = (empty(), share());
        let inserted = |hashes: &[u64]| shared.insert_hashes(hashes);
        plain.insert_hashes(keys);
        inserted(keys);
        let group: &mut BenchmarkGroup<'_, WallTime> = &mut $group;
        group.bench_function(id("there_alone"), |b| b.iter(|| _ = plain.insert_hashes(keys)));
        group.bench_function(id("there_shared"), |b| b.iter(|| inserted(keys)));
        group.bench_function(id("there_two_threads"), |b| {
            let (left, right) = keys.split_at(len / 2);
            b.iter(|| {
                thread::scope(|scope| {
                    scope.spawn(|| inserted(left));
                    inserted(right);
                });
            });
        });
        group.bench_function(id("new_shared"), |b| {
            b.iter_batched_ref(
                share,
                |shared| shared.insert_hashes(keys),
                criterion::BatchSize::PerIteration,
            );
        });
        group.bench_function(id("new_two_threads"), |b| {
            let (left, right) = keys.split_at(len / 2);
            b.iter_batched_ref(
                share,
                |shared| {
                    let shared = &*shared;
                    thread::scope(|scope| {
                        scope.spawn(|| shared.insert_hashes(left));
                        shared.insert_hashes(right);
                    });
                },
                criterion::BatchSize::PerIteration,
            );
        });
    }};
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let mut group = criterion.benchmark_group("shared");
    for len in LENS {
        group.throughput(Throughput::Elements(len));
        let keys: Vec<u64> = (0..len).map(mix).collect();
        beside!(group, "bloom", SharedBloomFilter, BloomFilter::with_rate(len, 0.01, 0), keys);
        beside!(
            group,
            "blocked",
            SharedBlockedBloomFilter,
            BlockedBloomFilter::with_rate(len, 0.01, 0),
            keys
        );
        let blocks = blocks_for(Shape::Split, len, 0.01).expect("in range");
        let split = || BlockedBloomFilter::new(Shape::Split, blocks, 0);
        beside!(group, "split", SharedBlockedBloomFilter, split(), keys);
        beside!(group, "hyperloglog", SharedHyperLogLog, HyperLogLog::new(14, 0), keys);
        beside!(group, "ultraloglog", SharedUltraLogLog, UltraLogLog::new(14, 0), keys);
        beside!(group, "count-min", SharedCountMin, CountMinSketch::with_error(0.0001, 0.01, 0), keys);
        beside!(group, "morris-array", SharedMorrisArray, MorrisArray::new(1_000_000, 1.1, 8, 0), keys);
    }
    group.finish();
    criterion.final_summary();
}
