//! What it buys to hash numbers side by side: the reason for the `unsafe` call in `hash/numbers.rs`.

use criterion::{Criterion, Throughput};
use fewbytes::hash::{hash, hash_u64s};
use std::hint::black_box;

const LEN: u64 = 4096;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let numbers: Vec<u64> = (0..LEN).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    let mut hashes = vec![0; numbers.len()];
    let mut group = criterion.benchmark_group("hash");
    group.throughput(Throughput::Elements(LEN));
    group.bench_function("one at a time", |b| {
        b.iter(|| {
            for (number, out) in numbers.iter().zip(&mut hashes) {
                *out = hash(&number.to_le_bytes(), black_box(0));
            }
            black_box(&hashes);
        });
    });
    group.bench_function("side by side", |b| {
        b.iter(|| hash_u64s(&numbers, black_box(0), black_box(&mut hashes)))
    });
    group.finish();
    criterion.final_summary();
}
