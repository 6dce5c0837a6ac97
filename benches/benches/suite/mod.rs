//! The same benches for every structure of a family, through the catalogue: insert one, insert many, ask, merge, open.

use criterion::{BenchmarkId, Criterion, Throughput};
use fewbytes::{
    entry::{Family, Merge},
    hash::hash,
};
use fewbytes_benches::{ITEM_LEN, Laid, cases};
use std::hint::black_box;

/// Runs the benches of `family`.
pub fn family(c: &mut Criterion, family: Family) {
    let (first, second) = (Laid::new(0, ITEM_LEN), Laid::new(ITEM_LEN / 2, ITEM_LEN * 3 / 2));
    for (entry, settings, label) in cases(family) {
        let build = |laid: &Laid| {
            let mut builder = entry.builder(&settings).expect("in range");
            builder.insert_all(laid.items()).expect("memory");
            builder.finish().expect("memory")
        };
        let full = build(&first);
        let bytes = full.as_bytes().len() as u64;
        let id = |what: &str| BenchmarkId::new(format!("{}/{what}", entry.slug), &label);
        let mut group = c.benchmark_group(family.name());

        let mut sketch = build(&first);
        let mut i = 0;
        group.throughput(Throughput::Elements(1));
        if entry.inserts {
            // New and old items in turns: half of them were there, the rest are there after the first round.
            group.bench_function(id("insert"), |b| {
                b.iter(|| {
                    i += 1;
                    sketch.insert(black_box(second.get(i))).expect("memory")
                });
            });
        }
        if entry.contains {
            for (what, laid) in
                [("contains-old", &first), ("contains-new", &Laid::new(ITEM_LEN * 4, ITEM_LEN * 5))]
            {
                let hashes: Vec<u64> =
                    laid.items().into_iter().map(|item| hash(item, settings.seed)).collect();
                group.bench_function(id(what), |b| {
                    b.iter(|| {
                        i += 1;
                        full.contains_hash(black_box(hashes[i % hashes.len()])).expect("answers")
                    });
                });
            }
        }
        if entry.count {
            let hashes: Vec<u64> = first.items().into_iter().map(|item| hash(item, settings.seed)).collect();
            group.bench_function(id("count"), |b| {
                b.iter(|| {
                    i += 1;
                    full.count_hash(black_box(hashes[i % hashes.len()])).expect("answers")
                });
            });
        }
        if entry.top {
            group
                .bench_function(id("top-10"), |b| b.iter(|| full.top(black_box(10)).expect("answers").len()));
        }
        group.throughput(Throughput::Elements(ITEM_LEN));
        if entry.inserts {
            group.bench_function(id("insert_all"), |b| {
                b.iter(|| sketch.insert_all(black_box(second.items())).expect("memory"));
            });
        } else {
            group.bench_function(id("build"), |b| b.iter(|| build(black_box(&second))));
        }

        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(id("estimate"), |b| b.iter(|| black_box(&*full).estimate()));
        group.bench_function(id("open"), |b| {
            b.iter(|| (entry.open)(black_box(full.as_bytes())).expect("its own bytes").seed());
        });
        if entry.merge != Merge::None {
            let other = build(&second);
            let view = (entry.open)(other.as_bytes()).expect("its own bytes");
            group.bench_function(id("merge"), |b| b.iter(|| sketch.merge(black_box(&*view)).expect("alike")));
        }
        group.finish();
    }
}
