//! LogLog, SuperLogLog, HyperLogLog and K-minimum-values.

use crate::trials::{parts, stream, trials};
use fewbytes::{HyperLogLog, KMinimumValues, LogLog, SuperLogLog};
use fewbytes_tests::streams::hashes;

fn hyperloglog(precision: u32, trials_len: u32, counts: &[u64]) {
    for (i, n) in counts.iter().enumerate() {
        let std_error = fewbytes::distinct::hyperloglog::std_error(precision);
        let test = 1000 * precision + 2 * i as u32;
        // Few items err less than is said: the sketch is almost a bit map then.
        distinct!(
            || HyperLogLog::new(precision, 0).expect("in range"),
            test,
            trials_len,
            *n,
            1.0,
            std_error,
            // Ertl's estimator is high by 1.08 / m from a few items a register on, and by half of that below: as much as
            // Flajolet's constant for m registers is below its limit. That is the square of the standard error.
            std_error * std_error,
            format!("HyperLogLog {precision}")
        );
    }
}

/// 1, 10 and 100 items, and from half an item a register to ten: where other estimators switch formulas or are biased.
fn middle_counts(precision: u32) -> Vec<u64> {
    let m = 1 << precision;
    let mut counts = vec![1, 10, 100, m / 2, m, m * 5 / 2, m * 5, m * 10];
    counts.sort_unstable();
    counts.dedup();
    counts
}

#[test]
fn hyperloglog_at_every_count() {
    hyperloglog(6, 1000, &middle_counts(6));
    hyperloglog(10, 400, &middle_counts(10));
    hyperloglog(14, 40, &[1, 100, 16_384, 40_960]);
    hyperloglog(10, 60, &[300_000]);
}

#[test]
#[ignore = "slow"]
fn hyperloglog_at_every_count_in_many_trials() {
    hyperloglog(6, 20_000, &middle_counts(6));
    hyperloglog(10, 4000, &middle_counts(10));
    hyperloglog(14, 200, &middle_counts(14));
    hyperloglog(10, 500, &[3_000_000]);
}

/// Counts are drawn over an octave: the bias of whole ranks ripples with the binary logarithm of the count.
fn loglog(precision: u32, trials_len: u32, items_per_register: u64) {
    let n = items_per_register << precision;
    distinct!(
        || LogLog::new(precision, 0).expect("in range"),
        100_000 + 1000 * precision,
        trials_len,
        n,
        2.0,
        fewbytes::distinct::loglog::std_error(precision),
        0.0,
        format!("LogLog {precision}")
    );
    distinct!(
        || SuperLogLog::new(precision, 0).expect("in range"),
        200_000 + 1000 * precision,
        trials_len,
        n,
        2.0,
        fewbytes::distinct::superloglog::std_error(precision),
        0.0,
        format!("SuperLogLog {precision}")
    );
}

#[test]
fn loglog_and_superloglog_in_their_range() {
    loglog(6, 2000, 30);
    loglog(10, 300, 30);
    loglog(14, 30, 20);
}

#[test]
#[ignore = "slow"]
fn loglog_and_superloglog_in_many_trials() {
    loglog(6, 20_000, 30);
    loglog(10, 3000, 100);
    loglog(14, 200, 30);
}

fn kmv(k: u32, trials_len: u32, counts: &[u64]) {
    for (i, n) in counts.iter().enumerate() {
        let test = 300_000 + 100 * k + 2 * i as u32;
        let std_error = match *n < u64::from(k) {
            true => 0.0, // Exact.
            false => fewbytes::distinct::kmv::std_error(k),
        };
        distinct!(
            || KMinimumValues::new(k, 0).expect("in range"),
            test,
            trials_len,
            *n,
            1.0,
            std_error,
            0.0,
            format!("KMV {k}")
        );
    }
}

#[test]
fn kmv_below_and_above_k() {
    kmv(16, 4000, &[1, 15, 16, 17, 100, 5000]);
    kmv(256, 500, &[255, 256, 300, 10_000]);
    kmv(4096, 40, &[4095, 4096, 5000, 100_000]);
}

#[test]
#[ignore = "slow"]
fn kmv_in_many_trials() {
    kmv(16, 40_000, &[16, 20, 1000]);
    kmv(256, 4000, &[256, 1000, 30_000]);
    kmv(4096, 500, &[5000, 100_000]);
}
