//! The Morris counter.

use crate::trials::{moments, trials};
use fewbytes::MorrisCounter;
use fewbytes_tests::streams::mix;

fn counted(base: f64, bits: u32, seed: u64, events: u64) -> MorrisCounter {
    let mut counter = MorrisCounter::new(base, bits, seed).expect("in range");
    counter.increment_by(events);
    counter
}

fn variance(base: f64, n: f64) -> f64 {
    (base - 1.0) / 2.0 * n * (n - 1.0)
}

/// Kurtosis of the count after many events: its moments are *Π (b^j - 1) / ((b - 1)^k k!)* of n^k, for j from 1 to k, by
/// the sum over the chance of each step. 20.5 for base 2, near 3 for base 1.
fn kurtosis(base: f64) -> f64 {
    let moment =
        |k: i32| -> f64 { (1..=k).map(|j| (base.powi(j) - 1.0) / (base - 1.0) / f64::from(j)).product() };
    let central = moment(4) - 4.0 * moment(3) + 6.0 * moment(2) - 3.0;
    central / (moment(2) - 1.0).powi(2)
}

/// The mean is n, within 4 of its standard errors; the variance is Flajolet's *(b - 1) n (n - 1) / 2*.
///
/// The variance of *t* trials varies by *√((κ - 1) / t)* of itself for the kurtosis *κ*, which grows by one by the number
/// of events missed where those are few. Four are allowed.
fn morris(base: f64, bits: u32, events: u64, len: u32) {
    let n = events as f64;
    let seed = |trial| mix(u64::from(trial) ^ events << 32);
    let (mean, found) = moments(len, |trial| counted(base, bits, seed(trial), events).estimate().value);
    let expected = variance(base, n);
    let allowed = 4.0 * (expected / f64::from(len)).sqrt() + 1e-9 * n;
    assert!((mean - n).abs() <= allowed, "base {base}, {n} events: mean {mean}, allowed ± {allowed}");
    let missed = (base - 1.0) / 2.0 * n * (n - 1.0);
    let allowed = 4.0 * ((kurtosis(base) - 1.0 + 1.0 / missed) / f64::from(len)).sqrt();
    let off = if expected > 0.0 { found / expected - 1.0 } else { found };
    assert!(off.abs() <= allowed, "base {base}, {n} events: variance {found}, not {expected}, by {off:.3}");
}

/// The sum of two counters has the sum of their counts for its expectation, and no more variance than one counter of
/// all events, whether their seeds differ or not.
fn morris_sum(base: f64, bits: u32, (a, b): (u64, u64), same_seeds: bool, len: u32) {
    let n = (a + b) as f64;
    let value = |trial: u32| {
        let seed = mix(u64::from(trial) << 8 | u64::from(bits) | a << 40);
        let other = if same_seeds { seed } else { mix(seed) };
        let mut sum = counted(base, bits, seed, a);
        sum.merge(&counted(base, bits, other, b)).expect("the same base");
        sum.estimate().value
    };
    let (mean, found) = moments(len, value);
    // Counters of one seed that saw the same number of events hold the same: the sum then varies as twice the one.
    let most =
        if same_seeds { 4.0 * variance(base, n / 2.0).max(variance(base, n)) } else { variance(base, n) };
    let allowed = 4.0 * (most / f64::from(len)).sqrt();
    let what = format!("base {base}, {a} + {b}{}", if same_seeds { ", same seeds" } else { "" });
    assert!((mean - n).abs() <= allowed, "{what}: mean {mean}, allowed ± {allowed}");
    let missed = (base - 1.0) / 2.0 * n * (n - 1.0);
    let allowed = most * (1.0 + 4.0 * ((kurtosis(base) - 1.0 + 1.0 / missed) / f64::from(len)).sqrt());
    assert!(found <= allowed, "{what}: variance {found}, at most {allowed}");
}

fn all_morris(trials_len: u32, sums: u32) {
    for (base, bits) in [(2.0, 8), (1.1, 8), (1.0005, 16)] {
        for events in [1, 2, 10, 1000] {
            morris(base, bits, events, trials_len);
        }
        for counts in [(1000, 1000), (10, 100_000), (100_000, 10), (0, 50), (3, 3)] {
            let len = if counts.0 + counts.1 > 10_000 { sums } else { trials_len };
            morris_sum(base, bits, counts, false, len);
            morris_sum(base, bits, counts, true, len);
        }
    }
}

#[test]
fn morris_counts_and_sums_without_bias() {
    all_morris(10_000, 200);
    // Two standard errors cover 19 times in 20 where the steps are fine.
    let fine = trials(2000, |trial, trials| {
        trials.take(counted(1.01, 16, mix(trial.into()), 5000).estimate(), 5000.0);
    });
    fine.check(fewbytes::counting::morris::std_error(1.01), 0.0, 3.0, "Morris 1.01");
}

#[test]
#[ignore = "slow"]
fn morris_counts_and_sums_in_many_trials() {
    all_morris(100_000, 2000);
    morris(1.1, 8, 1_000_000, 2000);
}
