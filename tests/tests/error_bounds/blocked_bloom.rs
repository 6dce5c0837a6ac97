//! The blocked Bloom filter: the rate that was asked for, that of every shape, what folding leaves of it, and the count.

use crate::trials::{moments, parts, rate_is, stream, trials};
use fewbytes::BlockedBloomFilter;
use fewbytes::membership::blocked_bloom::{Shape, blocks_for, false_positive_rate, size_for};
use fewbytes_tests::streams::hashes;

/// The hashes of a stream in batches, as memory is lent to them.
fn batches(stream: u32, from: u64, to: u64) -> impl Iterator<Item = Vec<u64>> {
    (from..to).step_by(1 << 16).map(move |at| hashes(stream, at, to.min(at + (1 << 16))).collect())
}

fn filled(shape: Shape, block_len: u64, stream: u32, n: u64) -> BlockedBloomFilter {
    let mut filter = BlockedBloomFilter::new(shape, block_len, 0).expect("in range");
    batches(stream, 0, n).for_each(|batch| filter.insert_hashes(&batch));
    filter
}

/// Of the items of `stream` from number `n` on, which were never inserted, the share that is found.
fn found(filter: &BlockedBloomFilter, stream: u32, n: u64, queries: u64) -> f64 {
    let mut answers = Vec::new();
    let found = batches(stream, n, n + queries).map(|batch| {
        answers.resize(batch.len(), false);
        filter.contains_hashes(&batch, &mut answers);
        answers.iter().filter(|found| **found).count()
    });
    found.sum::<usize>() as f64 / queries as f64
}

/// The rate that was asked for is not passed, over small filters and large, by 4 standard errors.
fn rates(ns: &[u64], asked: &[f64], queries: u64) {
    for rate in asked {
        for n in ns {
            let (shape, block_len) = size_for(*n, *rate).expect("in range");
            let filters = (queries / 100 / n).clamp(2, 20_000) as u32;
            let each = queries / u64::from(filters);
            let (mean, variance) = moments(filters, |trial| {
                let stream = stream(900_000 + (1.0 / rate) as u32, trial ^ (*n as u32) << 8);
                found(&filled(shape, block_len, stream, *n), stream, *n, each)
            });
            let binomial = rate * (1.0 - rate) / queries as f64;
            let error = (variance / f64::from(filters)).max(binomial).sqrt();
            let what = format!("{n} items at {rate} in {block_len} blocks of {shape:?}");
            println!("{what}: {mean:.4e} ± {error:.1e}, {:.4} of the rate", mean / rate);
            assert!(mean <= rate + 4.0 * error, "{what}: {mean:.4e} ± {error:.1e}");
            let formula = false_positive_rate(shape, block_len, *n);
            let off = (mean - formula).abs();
            assert!(off <= 4.0 * error + 0.005 * rate, "{what}: {mean:.4e}, formula {formula:.4e}");
        }
    }
}

#[test]
fn blocked_bloom_keeps_the_rate() {
    rates(&[1, 10, 100, 1000, 10_000, 100_000], &[0.3, 0.05, 0.01, 0.001], 4_000_000);
}

#[test]
#[ignore = "slow"]
fn blocked_bloom_keeps_the_rate_in_many_queries() {
    rates(&[1, 3, 30, 300, 1000, 10_000, 100_000, 1_000_000], &[0.3, 0.05, 0.01, 0.001, 1e-4], 100_000_000);
}

/// Every shape has the rate of its formula, within 2 %, or the noise of the queries.
fn shapes(n: u64, queries: u64) {
    for shape in Shape::ALL {
        for rate in [0.1, 0.01, 0.001] {
            let Ok(block_len) = blocks_for(shape, n, rate) else {
                assert!((shape, rate) == (Shape::Two, 0.001), "{shape:?} can give {rate}");
                continue;
            };
            let stream = stream(910_000 + shape.run_bits(), n as u32);
            let filter = filled(shape, block_len, stream, n);
            let said = false_positive_rate(shape, block_len, n);
            let what = format!("{n} items at {rate} in {shape:?}");
            assert!(said <= rate && said >= rate * (1.0 - 600.0 / n as f64), "{what}: {said}");
            rate_is(found(&filter, stream, n, queries), said, queries, &what);
            rate_is(found(&filter, stream, n, queries), filter.current_rate(), queries, &what);
        }
    }
}

#[test]
fn every_shape_has_its_rate() {
    shapes(100_000, 3_000_000);
}

#[test]
#[ignore = "slow"]
fn every_shape_has_its_rate_with_ten_million() {
    shapes(10_000_000, 40_000_000);
}

/// The whole hash finds the block: with a billion items the rate is kept too. It takes 1.3 GB.
#[test]
#[ignore = "slow"]
fn a_billion_items_keep_the_rate() {
    let (n, rate, queries) = (1_000_000_000, 0.01, 40_000_000);
    let (shape, block_len) = size_for(n, rate).expect("in range");
    let filter = filled(shape, block_len, 1, n);
    rate_is(found(&filter, 1, n, queries), rate, queries, "a billion items");
}

/// Far too large at first, then as small as the items allow; what is left keeps the rate, and is what would have been
/// built.
#[test]
fn folding_keeps_the_rate() {
    for (most, n) in
        [(1000, 3), (100_000, 100_000), (100_000, 40_000), (1_000_000, 90_000), (2_000_000, 1000)]
    {
        for rate in [0.1, 0.01, 0.001] {
            let mut filter = BlockedBloomFilter::with_most(most, rate, 0).expect("in range");
            let stream = stream(920_000 + (1.0 / rate) as u32, n as u32);
            batches(stream, 0, n).for_each(|batch| filter.insert_hashes(&batch));
            let folded = filter.fold_to_rate(rate).expect("memory");
            let what =
                format!("{n} of {most} at {rate}: {} of {} blocks", folded.block_len(), filter.block_len());
            assert!(folded == filled(filter.shape(), folded.block_len(), stream, n), "{what}");
            // Fills spread: a filter of just the right size may be a little over it by chance.
            assert!(folded.current_rate() <= rate || folded == filter, "{what}");
            let needed = blocks_for(filter.shape(), n, rate).expect("in range");
            // Divisors of a number of many divisors: none is further than half from the next.
            assert!(n < most / 100 || folded.block_len() <= needed * 2 + 1, "{what}, {needed} needed");
            let queries = 1_000_000;
            rate_is(found(&folded, stream, n, queries), folded.current_rate(), queries, &what);
        }
    }
}

/// Filters count: at a tenth of what they are sized for, at all of it, and at twice as many.
fn counts(trials_len: u32) {
    for (shape, n, rate) in [
        (Shape::Split, 1000, 0.01),
        (Shape::Two, 1000, 0.2),
        (Shape::Four, 1000, 0.05),
        (Shape::Eight, 10_000, 0.01),
        (Shape::Sixteen, 1000, 0.0001),
    ] {
        let block_len = blocks_for(shape, n, rate).expect("in range");
        for share in [0.1, 1.0, 2.0] {
            let items = (n as f64 * share) as u64;
            let build = || BlockedBloomFilter::new(shape, block_len, 0).expect("in range");
            // What the essay says, by another way: the mean over loads of the variance, less what the loads' sum tells.
            let (b, w) = (block_len as f64, f64::from(shape.run_bits()));
            let k = f64::from(shape.hash_len());
            let load = items as f64 / b;
            let empty = (-load / w).exp();
            let both = (-load * (2.0 / w - 1.0 / (w * w))).exp();
            let within = k * (w * empty + w * (w - 1.0) * (-2.0 * load / w).exp() - w * w * both);
            let between = k * k * w * w * (both - empty * empty);
            let variance = b * (within + between - k * k * load * empty * empty);
            let std_error = variance.sqrt() / (k * empty) / items as f64;
            let what = format!("blocked Bloom of {n} at {rate} in {shape:?}");
            distinct!(
                build,
                930_000 + w as u32,
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
fn blocked_bloom_counts_items() {
    counts(200);
}

#[test]
#[ignore = "slow"]
fn blocked_bloom_counts_items_in_many_trials() {
    counts(3000);
}
