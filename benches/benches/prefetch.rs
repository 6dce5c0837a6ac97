//! What it buys to ask for memory ahead: the reason for the `unsafe` call in `prefetch.rs`.
//!
//! Asked together, items have others after them whose memory is asked for; in fours they have none, as filters ask
//! for memory four items ahead or more. In a near filter, which is read without asking, the two differ by calls alone.

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use fewbytes::{BlockedBloomFilter, BloomFilter};
use fewbytes_benches::mix;
use std::hint::black_box;

const LEN: usize = 1 << 16;

macro_rules! filter {
    ($group:expr, $name:literal, $filter:ident, $items:expr) => {
        let hashes: Vec<u64> = (0..$items).map(mix).collect();
        let mut filter = $filter::with_rate($items, 0.01, 0).expect("in range");
        filter.insert_hashes(&hashes);
        // Other places each time, or the caches would have them.
        let mut runs = hashes.chunks_exact(LEN).cycle();
        let mut next = || runs.next().expect("there are some");
        let mut found = vec![false; LEN];
        for (how, len) in [("together", LEN), ("in fours", 4)] {
            let id = |what| format!("{}/{what}/{}/{how}", $name, $items);
            $group.bench_function(id("insert"), |b| {
                b.iter(|| next().chunks(len).for_each(|hashes| filter.insert_hashes(black_box(hashes))));
            });
            $group.bench_function(id("contains"), |b| {
                b.iter(|| {
                    let asked = next().chunks(len).zip(found.chunks_mut(len));
                    asked.for_each(|(hashes, found)| filter.contains_hashes(black_box(hashes), found));
                });
            });
        }
    };
}

fn filters(group: &mut BenchmarkGroup<'_, WallTime>, items: u64) {
    filter!(group, "bloom", BloomFilter, items);
    filter!(group, "blocked-bloom", BlockedBloomFilter, items);
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("prefetch");
    group.throughput(Throughput::Elements(LEN as u64));
    filters(&mut group, 200_000);
    filters(&mut group, 50_000_000);
    group.finish();
    criterion.final_summary();
}
