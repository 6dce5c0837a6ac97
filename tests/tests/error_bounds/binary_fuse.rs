//! Binary fuse filters: the rate, the size and the count, at every number of items.

use crate::trials::stream;
use fewbytes::{BinaryFuseFilter, membership::binary_fuse::bits_for};
use fewbytes_tests::streams::hashes;

/// Builds a filter of `n` items, and asks for all of them and for `queries` others: the rate is within four standard errors,
/// no item is missed, and the bytes are what the formula says.
fn check(n: u64, bits: u32, queries: u64) {
    let stream = stream(800_000 + bits, n as u32);
    let items: Vec<u64> = hashes(stream, 0, n).collect();
    let filter = BinaryFuseFilter::from_hashes(&items, bits, 0).expect("memory");
    assert_eq!(filter.len(), n);
    assert_eq!(filter.estimate(), fewbytes::Estimate::exact(n as f64));
    assert!(items.iter().all(|hash| filter.contains_hash(*hash)), "{n} items: one is missed");
    let said = bits_for(n, bits).expect("8 or 16") as f64 / n as f64;
    let taken = (filter.as_bytes().len() - 64) as f64 * 8.0 / n as f64;
    // The fullest shard is as full as it is.
    assert!(
        (taken / said - 1.0).abs() < if n < 1 << 19 { 1e-9 } else { 0.02 },
        "{n} items: {taken} bits, said {said}"
    );

    let (mut found, mut answers) = (0, vec![false; 1 << 16]);
    let others: Vec<u64> = hashes(stream, n, n + queries).collect();
    for others in others.chunks(answers.len()) {
        filter.contains_hashes(others, &mut answers);
        found += answers[..others.len()].iter().filter(|found| **found).count();
    }
    let rate = (-f64::from(bits)).exp2();
    assert_eq!(filter.false_positive_rate(), rate);
    let (expected, deviation) = (rate * queries as f64, (rate * (1.0 - rate) * queries as f64).sqrt());
    println!(
        "{n} items of {bits} bits: {taken:.3} bits each, {found} of {queries} found, {expected:.0} expected"
    );
    assert!(
        (found as f64 - expected).abs() <= 4.0 * deviation,
        "{n} items: {found} found, {expected} expected"
    );
}

#[test]
fn binary_fuse_keeps_the_rate() {
    for n in [1, 2, 3, 10, 100, 1000, 10_000, 100_000, 600_000] {
        check(n, 8, 1_000_000);
        check(n, 16, 2_000_000);
    }
}

#[test]
#[ignore = "slow"]
fn binary_fuse_keeps_the_rate_of_many_items() {
    for bits in [8, 16] {
        check(100_000, bits, 40_000_000);
        check(10_000_000, bits, 40_000_000);
    }
}

/// At ten million items a filter takes 9.1 bits each, or 18.1, its header and all.
#[test]
#[ignore = "slow"]
fn binary_fuse_is_small() {
    for (bits, most) in [(8, 9.1), (16, 18.1)] {
        let items: Vec<u64> = hashes(7, 0, 10_000_000).collect();
        let filter = BinaryFuseFilter::from_hashes(&items, bits, 0).expect("memory");
        let taken = filter.as_bytes().len() as f64 * 8.0 / 1e7;
        assert!(taken <= most, "{taken} bits an item");
    }
}

/// Nothing is found in nothing.
#[test]
fn binary_fuse_of_nothing_contains_nothing() {
    for bits in [8, 16] {
        let filter = BinaryFuseFilter::from_hashes(&[], bits, 0).expect("memory");
        assert!(filter.is_empty() && filter.as_bytes().len() == 64);
        assert!(!hashes(1, 0, 10_000).any(|hash| filter.contains_hash(hash)));
        let mut found = [true; 100];
        filter.contains_hashes(&hashes(1, 0, 100).collect::<Vec<_>>(), &mut found);
        assert_eq!(found, [false; 100]);
    }
}

/// Few items can lie badly: of very many small sets each one can be built.
#[test]
fn binary_fuse_of_very_many_sets() {
    for n in 1..30 {
        for set in 0..3000 {
            let items: Vec<u64> =
                hashes(stream(901, n), u64::from(set * n), u64::from((set + 1) * n)).collect();
            let filter = BinaryFuseFilter::from_hashes(&items, 8, 0).expect("memory");
            assert!(items.iter().all(|hash| filter.contains_hash(*hash)), "set {set} of {n}: one is missed");
        }
    }
}

/// Every number of items up to some thousands can be built, and finds them all.
#[test]
fn binary_fuse_of_any_few_items() {
    for n in (0..2500).chain((2500..70_000).step_by(1501)) {
        let items: Vec<u64> = hashes(900, 0, n).collect();
        let filter = BinaryFuseFilter::from_hashes(&items, 8, 0).expect("memory");
        assert!(items.iter().all(|hash| filter.contains_hash(*hash)), "{n} items: one is missed");
    }
}
