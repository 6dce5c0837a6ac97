//! Two HyperLogLogs: what they have in common, and the likeliest count of one.

use crate::trials::{Trials, stream, trials};
use fewbytes::{HyperLogLog, Sigmas, distinct::hyperloglog::std_error_ml};
use fewbytes_tests::simulate::{Updates, rank_hashes};
use fewbytes_tests::streams::hashes;

/// A sketch of `n` different hashes, of which `stream` says which; of many the state is drawn.
fn sketch(updates: &Updates, precision: u32, stream: u32, n: u64) -> HyperLogLog {
    let mut sketch = HyperLogLog::new(precision, 0).expect("in range");
    match n > 20_000 {
        true => sketch.insert_hashes(&rank_hashes(updates, n as f64, stream.into())),
        false => sketch.insert_hashes(&hashes(stream, 0, n).collect::<Vec<_>>()),
    }
    sketch
}

/// Sketches of two sets of `left` and `right` items beside the `both` that are in each.
fn two(updates: &Updates, precision: u32, test: u32, trial: u32, parts: [u64; 3]) -> [HyperLogLog; 2] {
    let part = |i: usize| sketch(updates, precision, stream(test + i as u32, trial), parts[i]);
    let (mut left, mut right, both) = (part(0), part(1), part(2));
    left.merge(&both).expect("the same seed");
    right.merge(&both).expect("the same seed");
    [left, right]
}

/// The intersection's error is what its own bounds say, in the mean, and not more than that of inclusion and exclusion.
fn intersections(precision: u32, trials_len: u32, cases: &[[u64; 3]]) {
    let updates = Updates::ranks(precision, 0);
    for (i, parts) in cases.iter().enumerate() {
        let test = 900_000 + 1000 * precision + 10 * i as u32;
        let what = format!("precision {precision}, {parts:?}");
        let truth = parts[2] as f64;
        let mut said = (0.0, 0.0);
        for trial in 0..trials_len.min(50) {
            let [left, right] = two(&updates, precision, test, trial, *parts);
            let one = left.joint(&right, Sigmas::One).expect("one seed").both;
            said = (said.0 + ((one.high - one.low) / 2.0 / truth).powi(2), said.1 + 1.0);
        }
        let said = (said.0 / said.1).sqrt();
        let joint = trials(trials_len, |trial, trials: &mut Trials| {
            let [left, right] = two(&updates, precision, test, trial, *parts);
            trials.take(left.intersection(&right).expect("one seed"), truth);
        });
        let exclusion = trials(trials_len, |trial, trials| {
            let [left, right] = two(&updates, precision, test, trial, *parts);
            let mut union = left.clone();
            union.merge(&right).expect("one seed");
            let value = left.estimate().value + right.estimate().value - union.estimate().value;
            trials.take(fewbytes::Estimate::exact(value), truth);
        });
        let rmse = |trials: &Trials| (trials.squares / trials.len).sqrt();
        let (bias, coverage) = (joint.sum / joint.len, joint.covered / joint.len);
        println!(
            "{what}: error {:.3}, said {said:.3}, inclusion and exclusion {:.3}, bias {bias:.4}, covered {coverage:.3}",
            rmse(&joint),
            rmse(&exclusion)
        );
        let noise = 3.0 / (2.0 * joint.len).sqrt();
        assert!(rmse(&joint) <= said * (1.1 + noise), "{what}: error {}, said {said}", rmse(&joint));
        assert!(rmse(&joint) <= rmse(&exclusion) * (1.0 + noise), "{what}: worse than the difference");
        assert!(bias.abs() <= 3.5 * said / joint.len.sqrt() + 0.1 * said, "{what}: bias {bias}");
        assert!(coverage >= 0.93 - 3.0 * 0.21 / joint.len.sqrt(), "{what}: covered {coverage}");
    }
}

#[test]
fn intersections_at_three_ratios() {
    let n = 1_000_000;
    intersections(12, 100, &[[0, 0, n], [n, n, n], [n, n, n / 5], [n, n, n / 50], [n / 10, n, n / 100]]);
    intersections(10, 200, &[[300, 300, 30], [5000, 50_000, 5000]]);
}

#[test]
#[ignore = "slow"]
fn intersections_in_many_trials() {
    let n = 1_000_000;
    intersections(
        12,
        2000,
        &[[0, 0, n], [n, n, n], [n, n, n / 5], [n, n, n / 50], [n / 10, n, n / 100], [n, 0, n / 100]],
    );
    intersections(14, 300, &[[n, n, n], [n, n, n / 5], [n, n, n / 50]]);
    intersections(10, 4000, &[[300, 300, 30], [5000, 50_000, 5000]]);
}

/// Sets that share nothing: the bounds reach down to nothing.
#[test]
fn nothing_in_common() {
    let updates = Updates::ranks(12, 0);
    let covered = (0..100).filter(|trial| {
        let [left, right] = two(&updates, 12, 990_000, *trial, [100_000, 100_000, 0]);
        left.intersection(&right).expect("one seed").low == 0.0
    });
    assert!(covered.count() >= 93);
}

fn likelihood(precision: u32, trials_len: u32, counts: &[u64]) {
    let updates = Updates::ranks(precision, 0);
    for (i, n) in counts.iter().enumerate() {
        let test = 950_000 + 1000 * precision + 10 * i as u32;
        let taken = trials(trials_len, |trial, trials| {
            let sketch = sketch(&updates, precision, stream(test, trial), *n);
            trials.take(sketch.estimate_ml(), *n as f64);
        });
        let std_error = std_error_ml(precision);
        taken.check(std_error, std_error * std_error, 3.0, &format!("likelihood {precision} at {n}"));
    }
}

#[test]
fn the_likeliest_count() {
    likelihood(12, 200, &[1, 100, 4096, 20_000, 1_000_000, 10_000_000_000]);
    likelihood(6, 1000, &[1, 32, 64, 320, 100_000]);
}

#[test]
#[ignore = "slow"]
fn the_likeliest_count_in_many_trials() {
    likelihood(
        12,
        3000,
        &[1, 100, 4096, 10_000, 20_000, 1_000_000, 10_000_000_000, 1_000_000_000_000_000_000],
    );
    likelihood(6, 20_000, &[1, 32, 64, 320, 100_000]);
}
