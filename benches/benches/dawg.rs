//! What it takes to go through a fast DAWG, where the edges of a state are found sixteen at a time: the reason for the `unsafe`
//! calls in `text/dawg/fast/lanes.rs`.

use criterion::{Criterion, Throughput};
use fewbytes::{Dawg, text::Cursor, text::dawg::Mode};
use fewbytes_benches::mix;
use std::hint::black_box;

const LEN: u64 = 500_000;
const ASKED: u64 = 10_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    // Numbers of different lengths, in few digits: states of some edges each.
    let keys = (0..LEN).map(|i| format!("{:o}", mix(i) >> (20 + i % 24)));
    let store = Dawg::from_keys(keys, Mode::Fast).expect("keys are short");
    let mut group = criterion.benchmark_group("dawg");
    group.throughput(Throughput::Elements(ASKED));
    group.bench_function("key_of", |b| {
        let mut key = Vec::new();
        b.iter(|| (0..ASKED).filter(|i| store.key_of(black_box(mix(*i) % store.len()), &mut key)).count());
    });
    group.bench_function("next_key", |b| {
        let mut cursor = store.walk();
        b.iter(|| {
            for _ in 0..ASKED {
                if !cursor.next_key(0) {
                    cursor.reset();
                }
            }
            cursor.path().len()
        });
    });
    group.finish();
    criterion.final_summary();
}
