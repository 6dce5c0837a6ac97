//! What it buys to look up keys side by side, in stores that the caches keep and in others: the reason for `text/batch.rs`.

use criterion::{Criterion, Throughput};
use fewbytes::{Dawg, DoubleArrayTrie, text::dawg::Mode};
use fewbytes_benches::mix;
use std::hint::black_box;

const ASKED: u64 = 1 << 16;

macro_rules! store {
    ($group:expr, $name:literal, $store:expr, $asked:expr) => {
        let (store, asked) = ($store.expect("keys are short"), $asked);
        let id = |what: &str| format!("{}/{} MB/{what}", $name, store.as_bytes().len() / 1_000_000);
        let (mut found, mut ids) = (Vec::new(), Vec::new());
        $group.bench_function(id("contains/one by one"), |b| {
            b.iter(|| asked.iter().filter(|key| store.contains(black_box(key))).count());
        });
        $group.bench_function(id("contains/together"), |b| {
            b.iter(|| store.contains_all(black_box(asked), &mut found));
        });
        $group.bench_function(id("id_of/one by one"), |b| {
            b.iter(|| asked.iter().filter_map(|key| store.id_of(black_box(key))).max());
        });
        $group.bench_function(id("id_of/together"), |b| {
            b.iter(|| store.ids_of_all(black_box(asked), &mut ids));
        });
    };
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("together");
    group.throughput(Throughput::Elements(ASKED));
    for len in [100_000, 3_000_000] {
        let key = |i: u64| format!("{:x}", mix(i) >> 12);
        let keys: Vec<String> = (0..len).map(key).collect();
        let asked: Vec<String> = (0..ASKED).map(|i| key(mix(i) % len)).collect();
        store!(group, "dawg", Dawg::from_keys(&keys, Mode::Fast), &asked);
        store!(group, "double-array", DoubleArrayTrie::from_keys(&keys), &asked);
    }
    group.finish();
    criterion.final_summary();
}
