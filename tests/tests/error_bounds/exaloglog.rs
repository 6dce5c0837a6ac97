//! ExaLogLog at every count, single, merged and folded, and its count by the order of one stream.
//!
//! Up to 10^5 hashes are inserted; above, states are drawn from their distribution.

use crate::trials::{Trials, kurtosis, parts, stream, trials};
use fewbytes::{ExaLogLog, distinct::exaloglog::Plan};
use fewbytes_tests::{
    simulate::{Updates, uniform},
    streams::{hashes, mix},
};

const DRAWN: u64 = 100_000;

/// Chance of each value, four to an octave; the last octave takes what is left.
fn chances(precision: u32) -> Vec<f64> {
    let octaves = 63 - precision;
    let octave = |value: u32| (value / 4 + 3).min(64 - precision) as i32;
    (0..4 * octaves).map(|value| 0.5_f64.powi(octave(value))).collect()
}

/// A hash that brings `value` to `register`; bits that don't matter are those of `noise`.
fn hash_of_value(precision: u32, register: usize, value: usize, noise: u64) -> u64 {
    let (octave, place) = ((value as u32 - 1) / 4, (value as u64 - 1) % 4);
    let low = (register as u64) << 2 | place;
    match octave < 62 - precision {
        true => {
            let first = 1 << (63 - octave);
            first | noise & (first - 1) & !((4 << precision) - 1) | low
        }
        false => low,
    }
}

fn sketch(updates: &Updates, plan: Plan, stream: u32, n: u64) -> ExaLogLog {
    let mut sketch = ExaLogLog::planned(plan, 0).expect("in range");
    match n > DRAWN {
        true => {
            let hash =
                |(register, value)| hash_of_value(plan.precision, register, value, mix(register as u64));
            sketch.insert_hashes(&updates.draw(n as f64, stream.into()).map(hash).collect::<Vec<_>>());
        }
        false => sketch.insert_hashes(&hashes(stream, 0, n).collect::<Vec<_>>()),
    }
    sketch
}

/// The error is what the information of the registers allows, alone, as the union of two that share a fifth, and folded
/// by one step. `checks` are made in all.
fn every_count(plan: Plan, trials_len: u32, counts: &[u64], checks: usize) {
    let updates = Updates::new(1 << plan.precision, chances(plan.precision), plan.tail as usize);
    let lower = Plan { precision: plan.precision - 1, ..plan };
    for (i, n) in counts.iter().copied().enumerate() {
        let test = 600_000 + 10_000 * plan.precision + 1000 * plan.tail + 10 * i as u32;
        let check = |run: Trials, plan: Plan, what: &str| {
            let said = plan.std_error();
            // The likeliest count is off by about 1 / m at any count: the square of the error.
            let few = kurtosis(n, 1 << plan.precision, said);
            run.check_one_of(checks, said, said * said, few, &format!("{plan:?}, {n} items {what}"));
        };
        check(
            trials(trials_len, |trial, trials| {
                trials.take(sketch(&updates, plan, stream(test, trial), n).estimate(), n as f64);
            }),
            plan,
            "alone",
        );
        let fifths = [n / 5 * 2, n - n / 5 * 3, n / 5];
        check(
            trials(trials_len, |trial, trials| {
                let part = |i: usize| sketch(&updates, plan, stream(test + 1 + i as u32, trial), fifths[i]);
                let (mut a, mut b, both) = (part(0), part(1), part(2));
                a.merge(&both).expect("the same plan");
                b.merge(&both).expect("the same plan");
                a.merge(&b).expect("the same plan");
                trials.take(a.estimate(), n as f64);
            }),
            plan,
            "merged",
        );
        check(
            trials(trials_len, |trial, trials| {
                let fine = sketch(&updates, plan, stream(test + 5, trial), n);
                trials.take(fine.fold(lower.precision).expect("lower").estimate(), n as f64);
            }),
            lower,
            "folded",
        );
    }
}

#[test]
fn at_every_count() {
    every_count(Plan::new(8), 400, &[1, 10, 100, 256, 1000, 10_000, 1_000_000, 10_000_000_000], 1);
    every_count(Plan::new(12), 60, &[1, 100, 4096, 20_000, 1_000_000, 1_000_000_000, 10_000_000_000], 1);
    every_count(Plan { tail: 28, ..Plan::new(10) }, 150, &[1, 100, 1000, 30_000, 10_000_000], 1);
}

/// Beyond 64 bits of items nothing can be told; up to a tenth of that it can.
#[test]
fn to_the_end_of_the_hash() {
    let counts = [1e13, 1e15, 1e17, 1e18].map(|n: f64| n as u64);
    every_count(Plan::new(9), 250, &counts, 1);
    every_count(Plan { tail: 28, ..Plan::new(9) }, 250, &counts, 1);
}

#[test]
#[ignore = "slow"]
fn at_every_count_in_many_trials() {
    let decades: Vec<u64> = (0..=40).map(|i| 10_f64.powf(f64::from(i) / 4.0).round() as u64).collect();
    // Of every making bias, error and coverage: two thousand checks, of which three standard errors are passed by some.
    let checks = 2 * 3 * decades.len() * 3 * 3;
    for tail in [20, 28] {
        every_count(Plan { tail, ..Plan::new(5) }, 20_000, &decades, checks);
        every_count(Plan { tail, ..Plan::new(8) }, 4000, &decades, checks);
        every_count(Plan { tail, ..Plan::new(12) }, 500, &decades, checks);
    }
}

/// The first time that each value comes to each register, up to `n` items, in order: all that a sketch notices.
fn first_times(plan: Plan, n: f64, seed: u64) -> Vec<(f64, u64)> {
    let m = 1_usize << plan.precision;
    let mut times = Vec::new();
    for (value, chance) in (1..).zip(chances(plan.precision)) {
        for register in 0..m {
            let draw = uniform(mix(seed).wrapping_add((value * m + register) as u64));
            let time = -draw.ln() * m as f64 / chance;
            if time <= n {
                times.push((time, hash_of_value(plan.precision, register, value, 0)));
            }
        }
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    times
}

/// By the history: alone, and on through a merge with what the sketch has already.
fn in_order(plan: Plan, trials_len: u32, counts: &[u64]) {
    let plan = Plan { history: true, ..plan };
    for (i, n) in counts.iter().copied().enumerate() {
        let test = 700_000 + 10_000 * plan.precision + 10 * i as u32;
        let run = trials(trials_len, |trial, trials| {
            let mut sketch = ExaLogLog::planned(plan, 0).expect("in range");
            let mut early = sketch.clone();
            match n > DRAWN {
                true => {
                    let times = first_times(plan, n as f64, stream(test, trial).into());
                    times.iter().for_each(|(_, hash)| _ = sketch.insert_hash(*hash));
                    times.iter().take(100).for_each(|(_, hash)| _ = early.insert_hash(*hash));
                }
                false => {
                    hashes(stream(test, trial), 0, n).for_each(|hash| _ = sketch.insert_hash(hash));
                    early.insert_hashes(&hashes(stream(test, trial), 0, n / 2).collect::<Vec<_>>());
                }
            }
            early.merge(&sketch).expect("the same plan");
            assert!(early == sketch, "what comes again leaves the history as it is");
            trials.take(sketch.estimate(), n as f64);
        });
        run.check(plan.std_error(), 0.0, 3.0, &format!("{plan:?}, {n} items in order"));
    }
}

#[test]
fn in_order_of_one_stream() {
    in_order(Plan::new(8), 400, &[1, 10, 256, 3000, 50_000, 10_000_000_000]);
    in_order(Plan::new(12), 40, &[1, 100, 10_000, 100_000]);
    in_order(Plan { tail: 28, ..Plan::new(7) }, 400, &[20_000, 1_000_000_000_000]);
}

#[test]
#[ignore = "slow"]
fn in_order_of_many_streams() {
    in_order(Plan::new(5), 10_000, &[30, 300, 10_000, 1_000_000]);
    in_order(
        Plan::new(8),
        3000,
        &[1, 10, 256, 3000, 50_000, 1_000_000, 1_000_000_000, 1_000_000_000_000_000],
    );
    in_order(Plan { tail: 28, ..Plan::new(8) }, 2000, &[256, 50_000, 1_000_000_000]);
    in_order(Plan::new(12), 300, &[4096, 100_000, 1_000_000_000]);
}

/// A merge of two that each have what the other has not goes by the registers, and is the union of four parts.
#[test]
fn a_lost_order_leaves_the_registers() {
    let plan = Plan { history: true, ..Plan::new(8) };
    let run = trials(400, |trial, trials| {
        let n = 30_000;
        let mut sketch = ExaLogLog::planned(plan, 0).expect("in range");
        for (from, to) in parts(n) {
            let mut part = ExaLogLog::planned(plan, 0).expect("in range");
            part.insert_hashes(&hashes(stream(800_000, trial), from, to).collect::<Vec<_>>());
            sketch.merge(&part).expect("the same plan");
        }
        assert_eq!(sketch.std_error(), Plan::new(8).std_error());
        trials.take(sketch.estimate(), n as f64);
    });
    run.check(Plan::new(8).std_error(), 0.0, 3.0, "of four parts");
}
