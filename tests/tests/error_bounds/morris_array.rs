//! Arrays of Morris registers.

use crate::trials::Trials;
use fewbytes::{MorrisArray, counting::morris::std_error};
use fewbytes_tests::streams::{hashes, mix};

fn array(counters: u64, base: f64, bits: u32, coin: u64) -> MorrisArray {
    let mut array = MorrisArray::new(counters, base, bits, 5).expect("in range");
    array.stir(coin);
    array
}

/// Each counter errs as a Morris counter does, though all have one coin; merged, and by weights, too.
fn counters_err_as_said(base: f64, bits: u32, counters: u64, rounds: u64) {
    let (mut single, mut weighted) = (array(counters, base, bits, 1), array(counters, base, bits, 2));
    let (mut ours, mut theirs) = (array(counters, base, bits, 3), array(counters, base, bits, 4));
    for round in 0..rounds {
        for i in 0..counters {
            single.increment(i).expect("there");
            let part = if round % 4 == 0 { &mut ours } else { &mut theirs };
            part.increment(i).expect("there");
        }
    }
    (0..counters).for_each(|i| weighted.increment_by(i, rounds).expect("there"));
    ours.merge(&theirs).expect("the same shape");
    for (array, what) in [(&single, "single"), (&weighted, "weighted"), (&ours, "merged")] {
        let mut trials = Trials::default();
        (0..counters).for_each(|i| trials.take(array.estimate_of(i).expect("there"), rounds as f64));
        trials.check(std_error(base), 0.0, 3.2, &format!("{what} counters of base {base}, {rounds} events"));
        assert_eq!(array.estimate().value, (counters * rounds) as f64, "the number of all events is exact");
    }
}

#[test]
fn every_counter_errs_as_said() {
    counters_err_as_said(1.02, 8, 4000, 300);
    counters_err_as_said(1.001, 16, 2000, 1000);
}

#[test]
#[ignore = "slow"]
fn every_counter_errs_as_said_in_many_trials() {
    counters_err_as_said(1.02, 8, 100_000, 2000);
    counters_err_as_said(1.0005, 16, 50_000, 20_000);
}

/// Items that share counters: the bounds hold the truth of each as often as they say.
#[test]
fn bounds_of_items_allow_for_others() {
    let (mut array, items) = (array(3000, 1.02, 8, 6), 2000_u64);
    let all: Vec<u64> = hashes(9, 0, items).collect();
    let truth = |i: usize| 2000 / (i as u64 + 1) + 1; // A Zipf stream.
    for (i, hash) in all.iter().enumerate() {
        (0..truth(i)).for_each(|_| _ = array.insert_hash(*hash));
    }
    let covered =
        all.iter().enumerate().filter(|(i, hash)| array.count_hash(**hash).covers(truth(*i) as f64));
    let covered = covered.count() as f64 / items as f64;
    assert!(covered >= 0.93, "covered {covered:.3}");
}

/// The largest counters, by their states, in order; and nothing panics at any number asked for.
#[test]
fn top_are_the_largest() {
    for bits in [8, 16] {
        let mut array = array(500, 1.05, bits, 7);
        for i in 0..500 {
            array.increment_by(i, mix(i) % 400 * (i % 3)).expect("there");
        }
        let mut expected: Vec<(u64, u16)> =
            (0..).zip(array.states()).filter(|(_, state)| *state > 0).collect();
        expected.sort_by_key(|(i, state)| (std::cmp::Reverse(*state), *i));
        for n in [0, 1, 7, 100, expected.len() - 1, expected.len(), 500, usize::MAX] {
            let top = array.top(n);
            let indices: Vec<u64> = top.iter().map(|(i, _)| *i).collect();
            assert_eq!(indices, expected.iter().take(n).map(|(i, _)| *i).collect::<Vec<_>>(), "top {n}");
            assert!(top.iter().all(|(i, estimate)| array.estimate_of(*i) == Ok(*estimate)));
        }
    }
}

#[test]
fn a_counter_that_is_not_there_is_refused() {
    let mut array = array(10, 1.1, 8, 0);
    let before = array.as_bytes().to_vec();
    for i in [10, 11, u64::MAX] {
        assert!(
            array.increment(i).is_err() && array.increment_by(i, 5).is_err() && array.estimate_of(i).is_err()
        );
    }
    assert_eq!(array.as_bytes(), before);
    assert_eq!(array.increment_by(9, u64::MAX).map(|()| array.event_len()), Ok(u64::MAX));
    assert_eq!(array.estimate().high, f64::INFINITY, "so many that nobody can tell");
}
