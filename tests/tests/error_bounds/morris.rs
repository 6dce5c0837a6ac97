//! The Morris counter.

use crate::trials::{moments, trials};
use fewbytes::MorrisCounter;
use fewbytes_tests::streams::mix;

fn counted(base: f64, bits: u32, seed: u64, events: u64) -> MorrisCounter {
    let mut counter = MorrisCounter::new(base, bits, seed).expect("in range");
    counter.increment_by(events);
    counter
}

/// As [`counted`], an event at a time.
fn counted_singly(base: f64, bits: u32, seed: u64, events: u64) -> MorrisCounter {
    let mut counter = MorrisCounter::new(base, bits, seed).expect("in range");
    (0..events).for_each(|_| _ = counter.increment());
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

/// Two ways to count the same events end in the same states as often: a chi-square test of two samples, with states that
/// are rare put together. The statistic has as many degrees of freedom as bins but one; four of its standard deviations,
/// and a fifth for its skew, are allowed.
fn same_states(a: &[u16], b: &[u16], what: &str) {
    let mut all = [a, b].concat();
    all.sort_unstable();
    let (mut statistic, mut bins, mut done) = (0.0, 0.0, (0, 0));
    for i in 0..all.len() {
        let last = i + 1 == all.len();
        let end = |sorted: &[u16]| sorted.partition_point(|state| *state <= all[i]);
        let edge = last || all[i + 1] != all[i];
        let (x, y) = (end(a) - done.0, end(b) - done.1);
        // A bin of fifty is filled well enough; what is left over at the end is left out.
        if edge && x + y >= 50 {
            statistic += (x as f64 - y as f64).powi(2) / (x + y) as f64;
            bins += 1.0;
            done = (end(a), end(b));
        }
    }
    let free: f64 = bins - 1.0;
    assert!(free >= 3.0, "{what}: only {bins} bins");
    assert!(
        statistic <= free + 5.0 * (2.0 * free).sqrt(),
        "{what}: {statistic:.1} at {free} degrees of freedom"
    );
}

/// The states that `len` seeds come to, in order.
fn states(len: u32, salt: u64, state: impl Fn(u64) -> u16) -> Vec<u16> {
    let mut states: Vec<u16> = (0..u64::from(len)).map(|i| state(mix(i << 8 | salt))).collect();
    states.sort_unstable();
    states
}

fn all_ways_to_count(len: u32) {
    for (base, bits, events) in [(1.1, 8, 1500), (2.0, 8, 1000), (1.3, 8, 40), (1.002, 16, 3000)] {
        let singly = states(len, 0, |seed| counted_singly(base, bits, seed, events).state());
        let same =
            |what: &str, state: &dyn Fn(u64) -> u16| same_states(&singly, &states(len, 1, state), what);
        let what = |how: &str| format!("base {base}, {events} events {how}");
        same(&what("at once"), &|seed| counted(base, bits, seed, events).state());
        same(&what("in weights"), &|seed| {
            let mut counter = counted(base, bits, seed, events / 3);
            counter.increment();
            counter.increment_by(7);
            counter.increment_by(events - events / 3 - 8);
            counter.state()
        });
        for part in [1, events / 20, events / 2, events - 3] {
            same(&what(&format!("merged from {part} and the rest")), &|seed| {
                let mut sum = counted(base, bits, seed, part);
                sum.merge(&counted(base, bits, mix(seed), events - part)).expect("the same base");
                sum.state()
            });
        }
    }
}

/// The promise of a base, at counts that single events don't get to in a test.
fn rms_as_said(base: f64, bits: u32, events: u64, len: u32) {
    let found = trials(len, |trial, trials| {
        let seed = mix(u64::from(trial) << 20 ^ events);
        trials.take(counted(base, bits, seed, events).estimate(), events as f64);
    });
    let said = fewbytes::counting::morris::std_error(base);
    let rmse = (found.squares / found.len).sqrt();
    let noise = 3.0 * ((kurtosis(base) - 1.0) / found.len).sqrt() / 2.0;
    assert!(
        (rmse / said - 1.0).abs() <= noise,
        "base {base}, {events} events: error {rmse:.4}, said {said:.4}"
    );
    let bias = found.sum / found.len;
    assert!(bias.abs() <= 3.0 * said / found.len.sqrt(), "base {base}, {events} events: bias {bias:.2e}");
    let least = 0.93_f64.min(0.954 - 3.0 * 0.21 / found.len.sqrt());
    assert!(found.covered / found.len >= least, "base {base}, {events} events: covered {}", found.covered);
}

fn all_sizes(len: u32, wide: u32) {
    for events in [1_000, 1_000_000, 1_000_000_000] {
        rms_as_said(1.1, 8, events, len);
        if events > 1000 {
            rms_as_said(1.0002, 16, events, wide);
        }
    }
    // What 16 bits can do up to 2^40, which is not 1 %: the essay says why.
    let base = fewbytes::counting::morris::base_for(2_f64.powi(40), 16).expect("in range");
    assert!(fewbytes::counting::morris::std_error(base) < 0.0123);
    rms_as_said(base, 16, 1 << 40, wide);
}

#[test]
fn weights_and_merges_end_in_the_same_states() {
    all_ways_to_count(2000);
}

#[test]
#[ignore = "slow"]
fn weights_and_merges_end_in_the_same_states_in_many_trials() {
    all_ways_to_count(60_000);
}

#[test]
fn errors_are_as_said_from_a_thousand_events_to_2_40() {
    all_sizes(4000, 60);
}

#[test]
#[ignore = "slow"]
fn errors_are_as_said_from_a_thousand_events_to_2_40_in_many_trials() {
    all_sizes(200_000, 3000);
}

/// The base that is asked for reaches so far, and no nearer base does.
#[test]
fn the_base_for_a_number_of_events_is_the_most_exact() {
    use fewbytes::counting::morris::{base_for, events, std_error};
    for (bits, max) in [(8, 255), (16, 65_535)] {
        for wanted in [1.0, 100.0, 300.0, 1e5, 1e9, 2_f64.powi(40), 1e19] {
            let base = base_for(wanted, bits).expect("in range");
            let reaches = |base| events(base, max) >= wanted * (4.0 * std_error(base)).exp();
            assert!(reaches(base), "{bits} bits, {wanted}: base {base}");
            let nearer = 1.0 + (base - 1.0) * 0.999;
            assert!(base < 1.000_001 || !reaches(nearer), "{bits} bits, {wanted}: base {base}");
            assert!(MorrisCounter::up_to(wanted as u64, bits, 0).is_ok());
        }
    }
    assert!(base_for(f64::NAN, 8).is_err() && base_for(0.0, 8).is_err() && base_for(5.0, 9).is_err());
    assert!(MorrisCounter::up_to(0, 8, 0).is_err());
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
