//! UltraLogLog at every count from 1 to 10^10 and beyond, by both estimators, single, merged and folded.
//!
//! Up to 10^5 hashes are inserted; above, states are drawn from their distribution.

use crate::trials::{Trials, kurtosis, stream, trials};
use fewbytes::UltraLogLog;
use fewbytes::distinct::ultraloglog::{std_error, std_error_ml};
use fewbytes_tests::simulate::{Updates, rank_hashes};
use fewbytes_tests::streams::hashes;

/// More than this many are drawn, not inserted: then their own spread, *1 / √n*, is nothing beside the sketch's.
const DRAWN: u64 = 100_000;

/// A sketch of `n` different hashes, of which `stream` says which.
fn sketch(updates: &Updates, precision: u32, stream: u32, n: u64) -> UltraLogLog {
    let mut sketch = UltraLogLog::new(precision, 0).expect("in range");
    match n > DRAWN {
        true => sketch.insert_hashes(&rank_hashes(updates, n as f64, stream.into())),
        false => sketch.insert_hashes(&hashes(stream, 0, n).collect::<Vec<_>>()),
    }
    sketch
}

/// The union of two sketches of `n` items in all: two fifths are in one, two fifths in the other, a fifth in both.
fn union(updates: &Updates, precision: u32, test: u32, trial: u32, n: u64) -> UltraLogLog {
    let fifths = [n / 5 * 2, n - n / 5 * 3, n / 5];
    let part = |i: usize| sketch(updates, precision, stream(test + 1 + i as u32, trial), fifths[i]);
    let (mut a, mut b, both) = (part(0), part(1), part(2));
    a.merge(&both).expect("the same seed");
    b.merge(&both).expect("the same seed");
    a.merge(&b).expect("the same seed");
    a
}

/// Both estimators over trials of one making.
fn check(
    precision: u32,
    trials_len: u32,
    n: u64,
    what: &str,
    making: impl Fn(u32) -> UltraLogLog + Sync + Copy,
) {
    let run = |estimate: fn(&UltraLogLog) -> fewbytes::Estimate| -> Trials {
        trials(trials_len, |trial, trials| trials.take(estimate(&making(trial)), n as f64))
    };
    // What is left of the bias is of the second order: less than the square of the standard error.
    let said = std_error(precision);
    let few = |said| kurtosis(n, 1 << precision, said);
    run(UltraLogLog::estimate).check(said, said * said, few(said), &format!("{what}, {n} items"));
    let said = std_error_ml(precision);
    let what = format!("{what}, {n} items, by likelihood");
    run(UltraLogLog::estimate_ml).check(said, said * said, few(said), &what);
}

fn every_count(precision: u32, trials_len: u32, counts: impl IntoIterator<Item = u64>) {
    let updates = Updates::ranks(precision, 2);
    for (i, n) in counts.into_iter().enumerate() {
        let test = 700_000 + 10_000 * precision + 10 * i as u32;
        let single = |trial| sketch(&updates, precision, stream(test, trial), n);
        check(precision, trials_len, n, &format!("UltraLogLog {precision}"), single);
        let merged = |trial| union(&updates, precision, test, trial, n);
        check(precision, trials_len, n, &format!("UltraLogLog {precision} merged"), merged);
        let folded = |trial| single(trial).fold(precision - 2).expect("lower");
        check(precision - 2, trials_len, n, &format!("UltraLogLog {precision} folded"), folded);
    }
}

/// `per_decade` counts in each power of ten, from 1 to 10^10.
fn decades(per_decade: u32) -> impl Iterator<Item = u64> {
    let count = move |i| 10_f64.powf(f64::from(i) / f64::from(per_decade)).round() as u64;
    let mut counts: Vec<u64> = (0..=10 * per_decade).map(count).collect();
    counts.dedup();
    counts.into_iter()
}

#[test]
fn ultraloglog_at_every_count() {
    every_count(6, 1000, [1, 3, 10, 32, 64, 128, 256, 1000, 1_000_000]);
    every_count(10, 200, [1, 100, 512, 1024, 2048, 4096, 10_000, 1_000_000_000]);
    every_count(12, 60, [4096, 40_000, 10_000_000_000]);
    every_count(14, 20, [16_384, 10_000_000_000]);
}

#[test]
#[ignore = "slow"]
fn ultraloglog_at_every_count_in_many_trials() {
    every_count(6, 20_000, decades(3));
    every_count(12, 2000, decades(3));
    every_count(14, 400, decades(2));
}

/// To the end of 64 bits: the last ranks run out there, and the likelihood knows.
#[test]
fn ultraloglog_to_the_end_of_the_hash() {
    every_count(10, 200, [1e13, 1e15, 1e17, 1e18, 1e19].map(|n: f64| n as u64));
}
