//! The sparse HyperLogLog: exact while it is sparse, a HyperLogLog when it is not, and no worse on the way.

use crate::trials::{Trials, parts, stream, trials};
use fewbytes::{Estimate, HyperLogLog, Sigmas, SparseHyperLogLog};
use fewbytes_tests::streams::hashes;

fn sparse(precision: u32) -> SparseHyperLogLog {
    SparseHyperLogLog::new(precision, 0).expect("in range")
}

fn filled(precision: u32, stream: u32, from: u64, to: u64) -> SparseHyperLogLog {
    let mut sketch = sparse(precision);
    sketch.insert_hashes(&hashes(stream, from, to).collect::<Vec<_>>()).expect("memory");
    sketch
}

/// The largest count at which a sketch of these items is still sparse.
fn last_sparse(precision: u32, stream: u32) -> u64 {
    let mut sketch = sparse(precision);
    let sparse = hashes(stream, 0, 1 << 20).take_while(|hash| {
        sketch.insert_hash(*hash).expect("memory");
        sketch.is_sparse()
    });
    sparse.count() as u64
}

#[test]
fn exact_while_sparse() {
    // Five eighths of the slots, unless the last ones run out before.
    for (precision, least) in [(7, 7), (9, 7), (10, 117), (12, 475), (14, 1910), (18, 30_700)] {
        for trial in 0..20 {
            let stream = stream(600_000 + precision, trial);
            let last = last_sparse(precision, stream);
            assert!(last >= least, "precision {precision}: sparse up to {last} items");
            for n in [0, 1, 2, 10, 100, 1000, last].into_iter().filter(|n| *n <= last) {
                let sketch = filled(precision, stream, 0, n);
                assert!(sketch.is_sparse());
                match n <= 4000 {
                    true => assert_eq!(sketch.estimate_at(Sigmas::Three), Estimate::exact(n as f64)),
                    // Two of so many may have the same token.
                    false => {
                        assert!(sketch.estimate_at(Sigmas::Three).covers(n as f64), "{}", sketch.estimate())
                    }
                }
            }
        }
    }
}

/// Single and merged, from the last counts that are sparse to well beyond: never worse than the registers' error.
fn on_the_way(precision: u32, trials_len: u32, counts: &[u64]) {
    let std_error = fewbytes::distinct::hyperloglog::std_error(precision);
    for (i, n) in counts.iter().enumerate() {
        let test = 610_000 + 1000 * precision + 10 * i as u32;
        let single = trials(trials_len, |trial, trials| {
            trials.take(filled(precision, stream(test, trial), 0, *n).estimate(), *n as f64);
        });
        let merged = trials(trials_len, |trial, trials: &mut Trials| {
            let mut sketch = sparse(precision);
            for (from, to) in parts(*n) {
                sketch.merge(&filled(precision, stream(test + 1, trial), from, to)).expect("memory");
            }
            trials.take(sketch.estimate(), *n as f64);
        });
        single.check(std_error, std_error * std_error, 3.0, &format!("precision {precision} at {n}"));
        merged.check(std_error, std_error * std_error, 3.0, &format!("precision {precision} at {n}, merged"));
    }
}

#[test]
fn no_worse_on_the_way() {
    on_the_way(6, 1000, &[1, 10, 40, 60, 200]);
    on_the_way(10, 400, &[100, 118, 125, 1000, 20_000]);
    on_the_way(14, 60, &[1900, 2000, 10_000]);
}

#[test]
#[ignore = "slow"]
fn no_worse_on_the_way_in_many_trials() {
    on_the_way(6, 10_000, &[1, 10, 40, 60, 200]);
    on_the_way(10, 4000, &[100, 118, 125, 1000, 20_000]);
    on_the_way(14, 500, &[1900, 2000, 10_000]);
}

/// At the end of the largest sketch some items are missed, as many as is said, and the bounds hold.
#[test]
#[ignore = "slow"]
fn as_many_are_missed_as_is_said() {
    let (n, len) = (30_000, 2000);
    let run = trials(len, |trial, trials| {
        let sketch = filled(18, stream(690_000, trial), 0, n);
        assert!(sketch.is_sparse());
        let estimate = sketch.estimate();
        assert!(estimate.value >= n as f64 - 4.0 && estimate.value <= n as f64);
        trials.take(estimate, n as f64);
    });
    let said = sparse_error(n);
    let missed = -run.sum * n as f64 / run.len;
    assert!((missed - said).abs() < 4.0 * (said / f64::from(len)).sqrt(), "missed {missed}, said {said}");
    assert!(run.covered / run.len >= 0.95, "covered {}", run.covered / run.len);
}

/// Items missed, by the standard error that a sketch of `n` says it has: the root of their number, as a share.
fn sparse_error(n: u64) -> f64 {
    (filled(18, 1, 0, n).std_error() * n as f64).powi(2)
}

/// Sparse or not, folded or merged with any form: the registers are those that the items give.
#[test]
fn one_set_one_sketch() {
    let dense = |precision: u32, from: u64, to: u64| {
        let mut sketch = HyperLogLog::new(precision, 0).expect("in range");
        sketch.insert_hashes(&hashes(9, from, to).collect::<Vec<_>>());
        sketch
    };
    let packed = |mut sketch: SparseHyperLogLog| {
        sketch.compact().expect("memory");
        assert_eq!(sketch.verify(), Ok(()));
        SparseHyperLogLog::open(sketch.into_inner()).expect("its own bytes")
    };
    for (high, low) in [(14, 14), (14, 12), (12, 7), (18, 4), (5, 4)] {
        for (n, m) in [(0, 0), (0, 5), (5, 0), (11, 12), (100, 150), (100, 40), (2000, 3000), (10, 50_000)] {
            let [a, b] = [filled(high, 9, 0, n), filled(low, 9, n / 2, n / 2 + m)];
            assert_eq!(a.to_dense().expect("memory"), dense(high, 0, n), "{high}, {n} items");
            let folded = a.fold(low).expect("lower");
            assert!(folded == filled(low, 9, 0, n), "{high} to {low}, {n} items");
            assert!(packed(a.clone()).fold(low).expect("lower") == folded);

            let union = filled(low, 9, 0, n.max(n / 2 + m));
            let expected = packed(union.clone());
            for ours in [a.clone(), packed(a.clone()), a.to_dense().expect("memory").into()] {
                for theirs in [b.clone(), packed(b.clone()), b.to_dense().expect("memory").into()] {
                    let (mut both, mut back, mut plain) =
                        (ours.clone(), theirs.clone(), ours.to_dense().expect("memory"));
                    both.merge(&theirs).expect("one seed");
                    back.merge(&ours).expect("one seed");
                    plain.merge_sparse(&theirs).expect("one seed");
                    assert_eq!(plain, dense(low, 0, n.max(n / 2 + m)));
                    assert_eq!(
                        both.to_dense().expect("memory"),
                        plain,
                        "{high} and {low}, {n} and {m} items"
                    );
                    assert!(packed(both.clone()) == packed(back));
                    // Registers stay registers; of two sparse ones the union is what one would be that took both.
                    if ours.is_sparse() && theirs.is_sparse() {
                        assert!(packed(both.clone()) == expected);
                    }
                    assert_eq!((both.verify(), both.precision()), (Ok(()), low));
                }
            }
            for lower in [low + 19, 3, u32::MAX] {
                assert!(a.fold(lower).is_err());
            }
        }
    }
}
