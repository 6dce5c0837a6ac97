//! Operations of sets on samples of K-minimum-values: counts and likenesses within their bounds.

use crate::trials::{Trials, stream, trials};
use fewbytes::{Estimate, KMinimumValues, Sample, distinct::kmv::PACKED_BITS};
use fewbytes_tests::streams::hashes;

/// Two sets of which `both` items are in both, `only` in each alone.
fn sketches(k: u32, test: u32, trial: u32, both: u64, only: u64) -> (KMinimumValues, KMinimumValues) {
    let stream = stream(test, trial);
    let sketch = |from, to| {
        let mut sketch = KMinimumValues::new(k, 0).expect("in range");
        sketch.insert_hashes(&hashes(stream, 0, both).collect::<Vec<_>>());
        sketch.insert_hashes(&hashes(stream, from, to).collect::<Vec<_>>());
        sketch
    };
    (sketch(both, both + only), sketch(both + only, both + 2 * only))
}

fn operations(k: u32, trials_len: u32, cases: &[(u64, u64)]) {
    for (i, (both, only)) in cases.iter().copied().enumerate() {
        let test = 800_000 + 100 * k + i as u32;
        let run = |answer: fn(&KMinimumValues, &KMinimumValues) -> Estimate, truth: f64| -> Trials {
            trials(trials_len, |trial, trials| {
                let (a, b) = sketches(k, test, trial, both, only);
                trials.take(answer(&a, &b), truth);
            })
        };
        let what = |name: &str| format!("{name} of KMV {k}, {both} in both and {only} in each alone");
        // Both thresholds are near k / n, and the lower one is below by a standard error or so of it.
        let threshold = f64::from(k) / (both + only) as f64;
        let error = |items: u64| ((1.0 - threshold).max(0.0) / (threshold * items as f64)).sqrt() * 1.02;
        let known = 1.0 / f64::from(k);
        let union = both + 2 * only;
        run(|a, b| a.intersection(b).expect("one seed").estimate(), both as f64).check(
            error(both),
            known,
            4.0,
            &what("intersection"),
        );
        run(|a, b| a.difference(b).expect("one seed").estimate(), only as f64).check(
            error(only),
            known,
            4.0,
            &what("difference"),
        );
        run(|a, b| a.sample().union(&b.sample()).expect("one seed").estimate(), union as f64).check(
            error(union),
            known,
            4.0,
            &what("union"),
        );
        let share = both as f64 / union as f64;
        let error = ((1.0 - share) / share / (threshold * union as f64)).sqrt() * 1.02;
        run(|a, b| a.jaccard(b).expect("one seed"), share).check(error, known, 4.0, &what("likeness"));
    }
}

/// Few in common: no error is small beside so few, but the bounds hold.
fn few_in_common(k: u32, trials_len: u32) {
    for (i, both) in [0_u64, 10, 100, 300].into_iter().enumerate() {
        let test = 900_000 + 100 * k + i as u32;
        let answers: [fn(&KMinimumValues, &KMinimumValues) -> Estimate; 2] =
            [|a, b| a.intersection(b).expect("one seed").estimate(), |a, b| a.jaccard(b).expect("one seed")];
        for (answer, truth) in answers.into_iter().zip([both as f64, both as f64 / (both + 40_000) as f64]) {
            let run = trials(trials_len, |trial, trials| {
                let (a, b) = sketches(k, test, trial, both, 20_000);
                trials.take(answer(&a, &b), truth.max(1e-9));
            });
            let (coverage, least) = (run.covered / run.len, 0.93 - 3.0 * 0.26 / run.len.sqrt());
            assert!(coverage >= least, "KMV {k}, {both} in common: covered {coverage:.3}");
        }
    }
}

#[test]
fn samples_of_sets() {
    operations(1024, 300, &[(5000, 5000), (2000, 10_000)]);
    operations(256, 500, &[(20_000, 1000)]);
    few_in_common(512, 200);
}

#[test]
#[ignore = "slow"]
fn samples_of_sets_in_many_trials() {
    operations(1024, 4000, &[(5000, 5000), (2000, 10_000), (1000, 1000)]);
    operations(4096, 1000, &[(50_000, 50_000), (10_000, 100_000)]);
    few_in_common(512, 4000);
}

/// Packed samples answer as whole ones do, whatever their thresholds: not one hash in many is taken for another.
#[test]
fn packed_samples_are_as_good() {
    let pack = |sample: &Sample| {
        Sample::unpack(&sample.pack(PACKED_BITS).expect("in range")).expect("its own bytes")
    };
    let mut different = 0;
    for trial in 0..100 {
        // The second has up to a hundred times the items of the first.
        let (a, _) = sketches(1024, 950_000, trial, 1000, 500 + u64::from(trial));
        let (_, b) = sketches(1024, 950_000, trial, 1000, 5000 + 1000 * u64::from(trial));
        let (a, b) = (a.sample(), b.sample());
        let whole = a.intersection(&b).expect("one seed").len();
        for other in [pack(&a).intersection(&b), a.intersection(&pack(&b)), pack(&a).intersection(&pack(&b))]
        {
            different += other.expect("one seed").len().abs_diff(whole);
        }
    }
    assert_eq!(different, 0);
}
