//! Bloom filters: the rate that was asked for, and the count.

use crate::trials::{moments, parts, stream, trials};
use fewbytes::{
    BloomFilter, ScalableBloomFilter,
    membership::{bloom, scalable_bloom::Plan},
};
use fewbytes_tests::streams::hashes;

/// False positives among `queries` items that were never inserted, over `filters` filters of `n` items each: the mean
/// rate and its standard error.
///
/// With many filters that is what differs between them, too: rates of small filters spread wider than queries do.
fn bloom_rate(n: u64, rate: f64, filters: u32, queries: u64) -> (f64, f64) {
    let each = queries / u64::from(filters);
    let (mean, variance) = moments(filters, |trial| {
        let stream = stream(400_000 + (1.0 / rate) as u32, trial ^ (n as u32) << 8);
        let mut filter = BloomFilter::with_rate(n, rate, 0).expect("in range");
        hashes(stream, 0, n).for_each(|hash| _ = filter.insert_hash(hash));
        let found = hashes(stream, n, n + each).filter(|hash| filter.contains_hash(*hash)).count();
        found as f64 / each as f64
    });
    let binomial = rate * (1.0 - rate) / queries as f64;
    (mean, (variance / f64::from(filters)).max(binomial).sqrt())
}

/// The rate that was asked for is not passed, by 4 standard errors; nor is the formula's far off.
fn bloom_rates(ns: &[u64], queries: u64) {
    for rate in [0.1, 0.01, 0.001] {
        for n in ns {
            let filters = (queries / 100 / n).clamp(2, 20_000) as u32;
            let (found, error) = bloom_rate(*n, rate, filters, queries);
            println!("{n} items at {rate}: {found:.4e} ± {error:.1e}, {:.4} of the rate", found / rate);
            assert!(found <= rate + 4.0 * error, "{n} items at {rate}: {found:.4e} ± {error:.1e}");
            if *n >= 1000 {
                let (bits, hashes) = bloom::size_for(*n, rate).expect("in range");
                let formula = bloom::false_positive_rate(bits, hashes, *n);
                // Fills spread: by 1 % at 1,000 items, and less above.
                let off = (found - formula).abs();
                assert!(
                    off <= 4.0 * error + 0.01 * rate,
                    "{n} items at {rate}: {found:.4e}, formula {formula:.4e}"
                );
            }
        }
    }
}

#[test]
fn bloom_keeps_the_rate() {
    bloom_rates(&[1, 10, 100, 1000, 10_000, 100_000, 1_000_000], 10_000_000);
}

#[test]
#[ignore = "slow"]
fn bloom_keeps_the_rate_in_many_queries() {
    bloom_rates(&[1, 2, 3, 10, 30, 100, 300, 1000, 10_000, 100_000, 1_000_000], 40_000_000);
}

/// Filters count: at a tenth of what they are sized for, at all of it, and at twice as many.
fn bloom_counts(trials_len: u32) {
    for (n, rate) in [(100, 0.01), (1000, 0.1), (1000, 0.001), (10_000, 0.01)] {
        for share in [0.1, 1.0, 2.0] {
            let (bits, hash_len) = bloom::size_for(n, rate).expect("in range");
            let items = (n as f64 * share) as u64;
            let build = || BloomFilter::with_bits(bits, hash_len, 0).expect("in range");
            // What the formula of the entry says, at this many items in this many bits.
            let (m, k) = (bits as f64, f64::from(hash_len));
            let x = k * items as f64 / m;
            let q = (-x).exp();
            let std_error = (m * (q - q * q * (1.0 + x))).sqrt() / (k * q) / items as f64;
            // A logarithm of a share that varies is high by about half the square of its standard error.
            let what = format!("Bloom of {n} at {rate}");
            distinct!(
                build,
                500_000 + n as u32,
                trials_len,
                items,
                1.0,
                std_error,
                std_error * std_error,
                what
            );
        }
    }
}

#[test]
fn bloom_counts_items() {
    bloom_counts(200);
}

#[test]
#[ignore = "slow"]
fn bloom_counts_items_in_many_trials() {
    bloom_counts(3000);
}

/// The compound rate is kept at 1, 3, 10 and 100 times the first stage's capacity, and so is the count.
fn scalable(capacity: u64, rate: f64, filters: u32, queries: u64) {
    for times in [1, 3, 10, 100] {
        let n = capacity * times;
        let filled = |trial: u32| {
            let stream = stream(600_000 + times as u32, trial ^ (capacity as u32) << 10);
            let mut filter = ScalableBloomFilter::new(Plan::new(capacity, rate), 0).expect("in range");
            hashes(stream, 0, n).for_each(|hash| _ = filter.insert_hash(hash).expect("grows"));
            (stream, filter)
        };
        let each = queries / u64::from(filters);
        let (found, variance) = moments(filters, |trial| {
            let (stream, filter) = filled(trial);
            let found = hashes(stream, n, n + each).filter(|hash| filter.contains_hash(*hash)).count();
            found as f64 / each as f64
        });
        let error = (variance / f64::from(filters)).sqrt();
        println!("scalable {capacity} at {rate}, {times} times: {found:.3e} ± {error:.0e}");
        assert!(
            found <= rate + 4.0 * error,
            "{capacity} at {rate}, {times} times: {found:.3e} ± {error:.0e}"
        );

        let said = (0..20).map(|trial| filled(trial).1.std_error()).sum::<f64>() / 20.0; // Each by its own fill.
        let counts = trials(filters, |trial, trials| trials.take(filled(trial).1.estimate(), n as f64));
        // Misses are Poisson, and rare in a small filter: their kurtosis is 3 and one by their number.
        let missed = (said * n as f64).powi(2);
        counts.check(
            said,
            0.0,
            3.0 + 1.0 / missed,
            &format!("scalable Bloom of {capacity} at {rate}, {n} items"),
        );
    }
}

/// Where a stage misses many of the items that come to it, it is full before it has taken as many as it is sized for.
#[test]
fn scalable_bloom_keeps_odd_rates_too() {
    for (rate, tightening, growth) in [(0.9, 0.1, 2), (0.5, 0.01, 16), (0.1, 0.01, 16), (0.3, 0.5, 4)] {
        let plan = Plan { growth, tightening, ..Plan::new(1000, rate) };
        for n in [1000, 5000, 30_000] {
            let filters = 10;
            let (found, variance) = moments(filters, |trial| {
                let stream = stream(700_000 + n as u32, trial);
                let mut filter = ScalableBloomFilter::new(plan, 0).expect("in range");
                hashes(stream, 0, n).for_each(|hash| _ = filter.insert_hash(hash).expect("grows"));
                let absent = hashes(stream, n, n + 20_000);
                absent.filter(|hash| filter.contains_hash(*hash)).count() as f64 / 20_000.0
            });
            let error = (variance / f64::from(filters)).sqrt();
            assert!(found <= rate + 4.0 * error, "{plan:?}, {n} items: {found:.4} ± {error:.4}");
        }
    }
}

#[test]
fn scalable_bloom_keeps_the_rate_and_counts() {
    scalable(100, 0.01, 200, 4_000_000);
    scalable(1000, 0.1, 60, 2_000_000);
}

#[test]
#[ignore = "slow"]
fn scalable_bloom_keeps_the_rate_and_counts_in_many_trials() {
    scalable(100, 0.01, 2000, 40_000_000);
    scalable(1000, 0.001, 400, 40_000_000);
    scalable(1000, 0.1, 400, 20_000_000);
}
