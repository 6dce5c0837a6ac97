//! The counting Bloom filter: the rate that was asked for, after removals that of the rest, and how seldom counters
//! saturate.

use crate::trials::{rate_is, stream};
use fewbytes::CountingBloomFilter;
use fewbytes::membership::{bloom, counting_bloom::saturation_bound};
use fewbytes_tests::streams::hashes;

/// Of the items of stream `stream` from number `absent` on, which were never inserted, the share that is found.
fn found(filter: &CountingBloomFilter, stream: u32, absent: u64, queries: u64) -> f64 {
    hashes(stream, absent, absent + queries).filter(|hash| filter.contains_hash(*hash)).count() as f64
        / queries as f64
}

/// At `n` items the rate is the one asked for; once half of them are removed, that of the rest; and the rest is all found.
fn keeps_the_rate(n: u64, rate: f64, queries: u64) {
    let stream = stream(800_000 + (1.0 / rate) as u32, n as u32);
    let mut filter = CountingBloomFilter::with_rate(n, rate, 0).expect("in range");
    filter.insert_hashes(&hashes(stream, 0, n).collect::<Vec<_>>());
    let what = format!("counting Bloom of {n} at {rate}");
    rate_is(found(&filter, stream, n, queries), rate, queries, &what);
    assert_eq!(filter.estimate().value, n as f64, "{what}");

    assert!(hashes(stream, 0, n / 2).all(|hash| filter.remove_hash(hash)), "{what}: all were there");
    assert!(hashes(stream, n / 2, n).all(|hash| filter.contains_hash(hash)), "{what}: the rest is there");
    assert_eq!(filter.estimate().value, (n - n / 2) as f64, "{what}");
    let (bits, hash_len) = bloom::size_for(n, rate).expect("in range");
    let rest = bloom::false_positive_rate(bits, hash_len, n - n / 2);
    rate_is(found(&filter, stream, n, queries), rest, queries, &format!("{what}, half removed"));

    // To the byte the filter that never had them.
    let mut fresh = CountingBloomFilter::with_rate(n, rate, 0).expect("in range");
    fresh.insert_hashes(&hashes(stream, n / 2, n).collect::<Vec<_>>());
    assert!(fresh == filter, "{what}");
}

#[test]
fn counting_bloom_keeps_the_rate_and_removes() {
    for rate in [0.1, 0.01, 0.001] {
        keeps_the_rate(100_000, rate, 4_000_000);
    }
}

#[test]
#[ignore = "slow"]
fn counting_bloom_keeps_the_rate_and_removes_of_ten_million() {
    for rate in [0.1, 0.01, 0.001] {
        keeps_the_rate(10_000_000, rate, 40_000_000);
    }
}

/// The bound is one: filters that are loaded far beyond what they are sized for saturate as often as a Poisson number
/// reaches 15, and less often than the bound says.
#[test]
fn saturation_is_bounded() {
    let (counters, hash_len) = (1_u32 << 20, 7);
    for load in [3.0, 4.0, 5.0_f64] {
        let n = (load * f64::from(counters) / f64::from(hash_len)) as u64;
        let mut filter = CountingBloomFilter::with_counters(counters.into(), hash_len, 0).expect("in range");
        filter.insert_hashes(&hashes(stream(810_000, load as u32), 0, n).collect::<Vec<_>>());
        let mut term = (-load).exp();
        let mut below = 0.0;
        for i in 0..15 {
            below += term;
            term *= load / f64::from(i + 1);
        }
        let expected = (1.0 - below) * f64::from(counters);
        let found = filter.saturated_len() as f64;
        assert!(
            (found - expected).abs() <= 4.0 * expected.sqrt() + 1.0,
            "{load}: {found} saturate, not {expected:.1}"
        );
        let bound = f64::from(counters) * (load * std::f64::consts::E / 15.0).powi(15);
        assert!(found <= bound, "{load}: {found} saturate, at most {bound}");
        assert_eq!(saturation_bound(counters.into(), hash_len, n), bound.min(1.0), "a chance is at most 1");
    }
    // Sized as it should be, none does in a hundred filters.
    let (counters, hash_len) = bloom::size_for(10_000, 0.01).expect("in range");
    assert!(saturation_bound(counters, hash_len, 10_000) < 1e-8);
    for trial in 0..100 {
        let mut filter = CountingBloomFilter::with_rate(10_000, 0.01, 0).expect("in range");
        filter.insert_hashes(&hashes(stream(811_000, trial), 0, 10_000).collect::<Vec<_>>());
        assert_eq!(filter.saturated_len(), 0);
    }
}

/// What the documentation warns of: an item that never was, and looks as if, can be removed; then one that was is missing.
#[test]
fn a_wrong_remove_makes_others_disappear() {
    let (mut wrong_removes, mut missing) = (0, 0);
    for trial in 0..200 {
        let stream = stream(820_000, trial);
        let mut filter = CountingBloomFilter::with_rate(100, 0.01, 0).expect("in range");
        filter.insert_hashes(&hashes(stream, 0, 100).collect::<Vec<_>>());
        let liar = hashes(stream, 100, 10_000).find(|hash| filter.contains_hash(*hash));
        let liar = liar.expect("one in a hundred looks as if");
        assert!(hashes(stream, 0, 100).all(|hash| filter.contains_hash(hash)));
        wrong_removes += u32::from(filter.remove_hash(liar));
        missing += u32::from(!hashes(stream, 0, 100).all(|hash| filter.contains_hash(hash)));
    }
    assert!(wrong_removes > 190, "{wrong_removes} of 200 were taken for items");
    // A counter that was the liar's alone in number, 1, is somebody's: almost always somebody is missing.
    assert!(missing > 150, "{missing} of {wrong_removes} filters lost an item");
}
