//! HyperLogLog by its changes: one stream, in order.

use crate::trials::{stream, trials};
use fewbytes::{HyperLogLog, distinct::InOrder, distinct::in_order::std_error};
use fewbytes_tests::streams::hashes;

fn in_order(precision: u32, trials_len: u32, counts: &[u64]) {
    for n in counts {
        let test = 980_000 + 100 * precision + n.ilog2();
        let taken = trials(trials_len, |trial, trials| {
            let mut sketch = InOrder::new(HyperLogLog::new(precision, 0).expect("in range"));
            let stream = hashes(stream(test, trial), 0, *n);
            sketch.insert_hashes(&stream.clone().collect::<Vec<_>>());
            // What comes again, in any order, leaves the count as it is; so does a way over bytes.
            let count = sketch.count();
            let bytes = sketch.into_sketch().as_bytes().to_vec();
            let mut again = InOrder::resume(HyperLogLog::open(bytes).expect("its own bytes"), count);
            stream.step_by(*n as usize / 100 + 1).for_each(|hash| assert!(!again.insert_hash(hash)));
            trials.take(again.estimate(), *n as f64);
        });
        taken.check(std_error(precision), 0.0, 3.0, &format!("in order {precision} at {n}"));
    }
}

#[test]
fn the_count_by_changes() {
    in_order(12, 150, &[1, 1000, 20_000, 100_000]);
    in_order(6, 1000, &[1, 10, 64, 1000]);
}

#[test]
#[ignore = "slow"]
fn the_count_by_changes_in_many_trials() {
    in_order(12, 2000, &[1, 1000, 4096, 20_000, 100_000, 1_000_000]);
    in_order(6, 20_000, &[1, 10, 64, 1000, 10_000]);
}

/// Opened in the middle, with the count kept beside: the same as without.
#[test]
fn goes_on_where_it_was() {
    let all: Vec<u64> = hashes(3, 0, 50_000).collect();
    let mut whole = InOrder::new(HyperLogLog::new(10, 0).expect("in range"));
    whole.insert_hashes(&all);
    let mut half = InOrder::new(HyperLogLog::new(10, 0).expect("in range"));
    half.insert_hashes(&all[..20_000]);
    let (count, bytes) = (half.count(), half.sketch().as_bytes().to_vec());
    let mut rest = InOrder::resume(HyperLogLog::open(bytes).expect("its own bytes"), count);
    rest.insert_hashes(&all[20_000..]);
    assert_eq!(rest.count(), whole.count());
    assert_eq!(rest.sketch(), whole.sketch());
}
