//! The age-partitioned Bloom filter: the rate that was asked for, also when the window has turned over many times; the
//! edges of the window; and how older items are forgotten.

use crate::trials::{moments, rate_is, stream};
use fewbytes::AgePartitionedBloomFilter;
use fewbytes::membership::age_partitioned_bloom::{Plan, size_for, size_with};
use fewbytes_tests::streams::hashes;

/// A filter that took the first `generations` generations of a stream, more than it keeps, to the end of its newest one.
fn filled(plan: Plan, stream: u32, generations: u64) -> AgePartitionedBloomFilter {
    let mut filter = AgePartitionedBloomFilter::new(plan, 0).expect("in range");
    let items = generations * plan.generation_items;
    for from in (0..items).step_by(1 << 16) {
        filter.insert_hashes(&hashes(stream, from, items.min(from + (1 << 16))).collect::<Vec<_>>());
    }
    // A few were in the newest generation by mistake, and took no room.
    let full = (u64::from(plan.generation_len) + 1) * plan.generation_items;
    let mut more = hashes(stream, 1 << 30, 1 << 31);
    while filter.item_len() < full {
        filter.insert_hash(more.next().expect("enough"));
    }
    filter
}

/// The share of items that never came that is found.
fn found(filter: &AgePartitionedBloomFilter, stream: u32, queries: u64) -> f64 {
    let absent = hashes(stream, 1 << 31, (1 << 31) + queries);
    absent.filter(|hash| filter.contains_hash(*hash)).count() as f64 / queries as f64
}

/// At the end of a generation the rate is the one that was asked for, in the first window and after many; at its beginning
/// no more.
fn keeps_the_rate(window: u64, rate: f64, generations: u32, turns: u64, queries: u64) {
    let plan = size_for(window, rate, generations).expect("in range");
    let stream = stream(900_000 + (1.0 / rate) as u32, window as u32 ^ generations);
    for turns in [1, turns] {
        let what = format!("{turns} windows of {window} at {rate}, {generations} generations");
        let filter = filled(plan, stream, turns * u64::from(plan.generation_len) + u64::from(plan.hash_len));
        rate_is(found(&filter, stream, queries), rate, queries, &what);
        let now = filter.current_rate();
        assert!((now / rate - 1.0).abs() < 0.02, "{what}: {now} by the bits that are set");
    }
    let mut filter = filled(plan, stream, turns * u64::from(plan.generation_len) + u64::from(plan.hash_len));
    filter.insert_hash(u64::MAX); // Another one begins.
    let fresh = found(&filter, stream, queries / 4);
    let allowed = rate + 4.0 * (rate / (queries / 4) as f64).sqrt();
    assert!(fresh <= allowed, "{fresh} at the beginning of a generation");
}

#[test]
fn age_partitioned_bloom_keeps_the_rate() {
    for (rate, generations, queries) in [
        (0.1, 16, 2_000_000),
        (0.01, 16, 2_000_000),
        (0.001, 16, 4_000_000),
        (0.01, 1, 1_000_000),
        (0.01, 100, 1_000_000),
    ] {
        keeps_the_rate(100_000, rate, generations, 6, queries);
    }
}

#[test]
#[ignore = "slow"]
fn age_partitioned_bloom_keeps_the_rate_of_ten_million() {
    for rate in [0.1, 0.01, 0.001] {
        keeps_the_rate(10_000_000, rate, 16, 3, 40_000_000);
    }
}

/// Small windows, over many filters: two items that seem one in some slices must not in all.
fn small_windows(queries: u64) {
    for rate in [0.1, 0.01, 0.001] {
        for (window, generations) in [(1, 1), (3, 3), (10, 4), (30, 16), (100, 16), (1000, 50)] {
            let plan = size_for(window, rate, generations).expect("in range");
            let filters = (queries / 100 / window).clamp(20, 5000) as u32;
            let each = queries / u64::from(filters);
            let (mean, variance) = moments(filters, |trial| {
                let stream = stream(910_000 + (1.0 / rate) as u32, trial ^ (window as u32) << 12);
                let begun = u64::from(plan.slice_len()) + 3;
                found(&filled(plan, stream, begun), stream, each)
            });
            let binomial = rate * (1.0 - rate) / queries as f64;
            let error = (variance / f64::from(filters)).max(binomial).sqrt();
            println!("window {window} at {rate}: {mean:.4e} ± {error:.0e}, {:.4} of the rate", mean / rate);
            assert!(mean <= rate + 4.0 * error, "window {window} at {rate}: {mean:.4e} ± {error:.0e}");
            // The plan's own rate, which whole bytes make lower, is met too.
            let off = (mean - plan.rate()).abs();
            assert!(
                off <= 4.0 * error + 0.02 * plan.rate(),
                "window {window} at {rate}: {mean:.4e}, said {:.4e}",
                plan.rate()
            );
        }
    }
}

#[test]
fn age_partitioned_bloom_keeps_the_rate_of_small_windows() {
    small_windows(1_000_000);
}

#[test]
#[ignore = "slow"]
fn age_partitioned_bloom_keeps_the_rate_of_small_windows_in_many_queries() {
    small_windows(20_000_000);
}

/// The last items are found, to the very last of the window and one more, at every step; those that a generation more has
/// passed by are forgotten at the rate that is said.
#[test]
fn the_window_has_exact_edges() {
    for (window, rate, generations) in
        [(1, 0.1, 1), (7, 0.3, 7), (100, 0.01, 16), (90, 0.01, 1), (1000, 0.2, 10)]
    {
        let plan = size_for(window, rate, generations).expect("in range");
        assert!(plan.window() >= window);
        for trial in 0..if window < 1000 { 40 } else { 5 } {
            let stream = stream(920_000 + window as u32, trial);
            let items: Vec<u64> = hashes(stream, 0, 4 * plan.window() + 50).collect();
            let mut filter = AgePartitionedBloomFilter::new(plan, 0).expect("in range");
            for (i, hash) in items.iter().enumerate() {
                filter.insert_hash(*hash);
                for newer in [plan.window(), plan.window() - 1, plan.window() / 2, 0] {
                    let there = i.checked_sub(newer as usize).is_none_or(|i| filter.contains_hash(items[i]));
                    assert!(there, "{plan:?}: {newer} newer items");
                }
            }
        }
    }
}

/// Items of each age are found as often as is said: always, then at the chances of which bits are others', and at last as
/// rarely as those that never came.
fn forgets(plan: Plan, filters: u32) {
    let begun = u64::from(plan.slice_len()) + 8;
    for age in [0, 1, plan.generation_len, plan.generation_len + 1, plan.generation_len + 2]
        .into_iter()
        .chain([plan.generation_len + 3, plan.slice_len() - 1, plan.slice_len(), plan.slice_len() + 5])
    {
        let share = |trial: u32| {
            let stream = stream(930_000 + plan.hash_len, trial);
            let filter = filled(plan, stream, begun);
            let from = (begun - 1 - u64::from(age)) * plan.generation_items;
            // The very first and last items of a generation may be of the neighbours: some were in the newest by mistake.
            let margin = plan.generation_items / 10;
            let items = hashes(stream, from + margin, from + plan.generation_items - margin);
            let len = items.len() as f64;
            items.filter(|hash| filter.contains_hash(*hash)).count() as f64 / len
        };
        let (mean, variance) = moments(filters, share);
        let said = plan.rate_at_age(age.into());
        let allowed = 4.0 * (variance / f64::from(filters)).sqrt() + 0.02 * said * (1.0 - said);
        println!("{plan:?}, {age} generations: found {mean:.4}, said {said:.4} ± {allowed:.0e}");
        assert!(
            (mean - said).abs() <= allowed,
            "{plan:?}, {age} generations: found {mean:.4}, said {said:.4}"
        );
    }
}

#[test]
fn older_items_are_forgotten_as_is_said() {
    forgets(size_for(16_000, 0.01, 16).expect("in range"), 20);
    forgets(size_with(10_000, 0.1, 4, 3).expect("in range"), 20);
}

/// A queue that delivers at least once: what comes again within the window is dropped, and no more than the rate of what
/// is new.
#[test]
fn a_stream_loses_its_repeats() {
    let (window, rate) = (20_000, 0.001);
    let mut seen = AgePartitionedBloomFilter::with_rate(window, rate, 0).expect("in range");
    let stream = stream(940_000, 0);
    let (mut dropped, n) = (0, 400_000_u64);
    for (i, hash) in hashes(stream, 0, n).enumerate() {
        if i >= 15_000 && i % 7 == 0 {
            let old = hashes(stream, i as u64 - 15_000, n).next().expect("one");
            assert!(!seen.insert_hash(old), "message {i} comes again");
        }
        dropped += u64::from(!seen.insert_hash(hash));
    }
    let most = rate * n as f64;
    assert!(
        (dropped as f64) < most + 4.0 * most.sqrt(),
        "{dropped} of {n} new messages are dropped, at most {most}"
    );
}
