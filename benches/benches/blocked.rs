//! What AVX2 buys where blocks of bits are written and read: the reason for the `unsafe` calls in
//! `blocked_bloom/dispatch.rs`.

use criterion::{Criterion, Throughput};
use fewbytes::{BlockedBloomFilter, membership::blocked_bloom::Shape};
use fewbytes_benches::mix;
use std::hint::black_box;

const LEN: u64 = 1 << 12;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("blocked");
    group.throughput(Throughput::Elements(LEN));
    let hashes: Vec<u64> = (0..LEN).map(mix).collect();
    let mut found = vec![false; hashes.len()];
    for shape in [Shape::Split, Shape::Two, Shape::Four, Shape::Eight, Shape::Sixteen] {
        // In the caches: vectors don't make memory nearer.
        let mut filter = BlockedBloomFilter::new(shape, 1 << 10, 0).expect("in range");
        let id = |what: &str| format!("{what}/{shape:?}");
        group.bench_function(id("insert"), |b| b.iter(|| filter.insert_hashes(black_box(&hashes))));
        group.bench_function(id("insert_anywhere"), |b| {
            b.iter(|| filter.insert_hashes_anywhere(black_box(&hashes)));
        });
        group.bench_function(id("contains"), |b| {
            b.iter(|| filter.contains_hashes(black_box(&hashes), black_box(&mut found)));
        });
        group.bench_function(id("contains_anywhere"), |b| {
            b.iter(|| filter.contains_hashes_anywhere(black_box(&hashes), black_box(&mut found)));
        });
    }
    group.finish();
    criterion.final_summary();
}
