//! What instructions that count and select bits buy a LOUDS trie: the reason for the `unsafe` calls in `louds_trie/native.rs`.
//! `--no-default-features` measures the loops for any processor.

use criterion::{Criterion, Throughput};
use fewbytes::LoudsTrie;
use fewbytes_benches::mix;
use std::hint::black_box;

const LEN: u64 = 500_000;
const SYLLABLES: [&str; 16] =
    ["a", "ter", "in", "o", "re", "con", "de", "is", "ing", "un", "ly", "ne", "st", "able", "s", "gra"];

/// A made-up word; different numbers may give the same one.
fn word(number: u64) -> String {
    let bits = mix(number);
    (0..3 + bits % 5).map(|i| SYLLABLES[(bits >> (8 + 4 * i) & 15) as usize]).collect()
}

fn main() {
    let words: Vec<String> = (0..LEN).map(word).collect();
    let trie = LoudsTrie::from_keys(&words, 3).expect("memory");
    let ids: Vec<u64> = words.iter().filter_map(|word| trie.id_of(word)).collect();

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("louds");
    group.throughput(Throughput::Elements(LEN));
    group.bench_function("id_of", |b| {
        b.iter(|| words.iter().filter_map(|word| trie.id_of(black_box(word))).sum::<u64>());
    });
    let mut key = Vec::new();
    group.bench_function("key_of", |b| {
        b.iter(|| ids.iter().filter(|id| trie.key_of(black_box(**id), &mut key)).count());
    });
    group.finish();
    criterion.final_summary();
}
