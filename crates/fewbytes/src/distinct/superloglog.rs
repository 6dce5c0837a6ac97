//! [`SuperLogLog`]: the mean of the smaller registers.

use super::registers::{
    Histogram, PAYLOAD, PRECISION, PRECISION_PARAMETER, Registers, byte_len, chosen_precision,
    low_while_empty, register_sketch,
};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Source};
use crate::face::{catalogued, face, insert_face};
use crate::layout::{Buffer, Format, Region, Resize};
use crate::{Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format =
    Format { kind: 4, slug: "superloglog", version: 1, parameters: &[PRECISION.row()], payload: PAYLOAD };

#[doc = include_str!("superloglog.md")]
#[derive(Clone)]
pub struct SuperLogLog<D = Buffer> {
    registers: Registers<D>,
}

register_sketch!(SuperLogLog, |registers, sigmas| estimate_at(&registers.histogram(), sigmas), std_error);

/// Share of the registers that is kept: the smallest. Durand and Flajolet's truncation rule.
const KEPT: f64 = 0.7;

/// The constant that makes the estimate unbiased over an octave of counts, for precision 4 to 18.
///
/// Computed: registers drawn from their exact distribution, 4·10^8 a precision, good to 1 in 10^4. They don't fall in a
/// line because `0.7 m` is rounded down. The tests compute them again: precision 4 to 12 by drawing, above by the limit.
const ALPHA: [f64; 15] = [
    0.728_1, 0.756_1, 0.770_4, 0.768_1, 0.767_0, 0.768_7, 0.769_7, 0.769_5, 0.769_4, 0.769_6, 0.769_6,
    0.769_6, 0.769_6, 0.769_6, 0.769_6,
];

/// Standard deviation of the kept mean, times √m, as a share: by the variance of a truncated mean.
const SPREAD: f64 = 1.101;
/// Root mean square over an octave of the bias that no constant takes away: ranks are whole numbers.
const RIPPLE: f64 = 0.006_4;

/// Number of different items, *α m 2^mean*, by the mean rank of the smallest 0.7 m registers. 0 when all are empty.
///
/// Unbiased, over an octave, once every register was likely hit: from about ten items a register on.
pub fn estimate(histogram: &Histogram) -> f64 {
    let m = histogram.register_len();
    if histogram.counts()[0] as usize == m {
        return 0.0;
    }
    let kept = (KEPT * m as f64) as u64;
    let mut left = kept;
    let mut sum = 0;
    for (rank, count) in (0..).zip(histogram.counts()) {
        let taken = left.min(u64::from(*count));
        sum += rank * taken;
        left -= taken;
    }
    ALPHA[histogram.precision() as usize - 4] * m as f64 * libm::exp2(sum as f64 / kept as f64)
}

/// [`estimate`] with its bounds.
///
/// While a register is empty, and the estimate may be far too high, `low` is only what is sure: the registers that were hit.
pub fn estimate_at(histogram: &Histogram, sigmas: Sigmas) -> Estimate {
    let estimate = Estimate::relative(estimate(histogram), std_error(histogram.precision()), sigmas);
    low_while_empty(histogram, estimate)
}

/// Relative standard error of the count for *m = 2^p* registers: *√(1.101² / m + 0.0064²)*, the second part being the
/// ripple over an octave that the paper's 1.05 / √m leaves out.
pub fn std_error(precision: u32) -> f64 {
    libm::sqrt(SPREAD * SPREAD / libm::exp2(f64::from(precision)) + RIPPLE * RIPPLE)
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "SuperLogLog",
    type_name: "SuperLogLog",
    family: Family::Distinct,
    summary: "LogLog without its largest registers, which stray the most; kept to compare.",
    choose: "you want to see what came between LogLog and HyperLogLog; else take the latter",
    format: &FORMAT,
    parameters: &[&PRECISION_PARAMETER],
    contains: false,
    inserts: true,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::Union,
    error: "relative standard error √(1.101² / m + 0.0064²) for m = 2^p registers, from about 10 m items on; far too \
            high below",
    std_error: |settings| Ok(std_error(chosen_precision(settings))),
    space: "6 · 2^p bits: 12,288 bytes at p = 14",
    bytes: |settings| Ok(byte_len(&FORMAT, chosen_precision(settings))),
    sources: &[Source {
        authors: "Durand, Flajolet",
        year: 2003,
        title: "Loglog counting of large cardinalities",
        venue: "ESA 2003",
    }],
    essay: include_str!("superloglog.md"),
    build: |settings| Ok(Box::new(SuperLogLog::new(chosen_precision(settings), settings.seed)?)),
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(SuperLogLog::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(SuperLogLog::open(bytes)?)),
};

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::LN_2;

    /// Share of registers of each rank for `load` items a register: P(rank <= k) = e^(-load 2^-k).
    fn ranks(load: f64) -> [f64; 64] {
        let below = |k: usize| libm::exp(-load * libm::exp2(-(k as f64)));
        core::array::from_fn(|k| if k == 0 { below(0) } else { below(k) - below(k - 1) })
    }

    /// Mean and variance of the kept registers' mean (times m), from the distribution of one register.
    fn kept_mean(load: f64) -> (f64, f64) {
        let (mut left, mut sum, mut cut) = (KEPT, 0.0, 0);
        for (rank, share) in ranks(load).iter().enumerate().filter(|(_, share)| **share > 0.0) {
            if left > 0.0 {
                let taken = share.min(left);
                (sum, left, cut) = (sum + rank as f64 * taken, left - taken, rank);
            }
        }
        // A truncated mean varies as the mean of the ranks held to the cut does.
        let held = |power: i32| -> f64 {
            let rank = |k: usize| libm::pow(k.min(cut) as f64, f64::from(power));
            ranks(load).iter().enumerate().map(|(k, share)| share * rank(k)).sum()
        };
        (sum / KEPT, (held(2) - held(1) * held(1)) / (KEPT * KEPT))
    }

    /// The limit of α, the spread and the ripple, by the sum over an octave.
    #[test]
    fn constants_are_the_limits() {
        let loads = (0..256).map(|i| libm::exp2(20.0 + f64::from(i) / 256.0));
        let (ratios, variances): (Vec<f64>, Vec<f64>) = loads
            .map(|load| {
                let (mean, variance) = kept_mean(load);
                (libm::exp2(mean) / load, variance)
            })
            .unzip();
        let average = |numbers: &[f64]| numbers.iter().sum::<f64>() / 256.0;
        let ratio = average(&ratios);
        assert!((1.0 / ratio - ALPHA[14]).abs() < 1e-4, "α {}", 1.0 / ratio);
        let spread = libm::sqrt(average(&variances)) * LN_2;
        assert!((spread - SPREAD).abs() < 1e-3, "spread {spread}");
        let squares: Vec<f64> = ratios.iter().map(|r| (r / ratio - 1.0) * (r / ratio - 1.0)).collect();
        let ripple = libm::sqrt(average(&squares));
        assert!((ripple - RIPPLE).abs() < 1e-4, "ripple {ripple}");
    }

    #[test]
    fn constants_are_near_what_the_distribution_gives() {
        constants_from_draws(1 << 20);
    }

    #[test]
    #[ignore = "slow: half a minute"]
    fn constants_are_what_the_distribution_gives() {
        constants_from_draws(1 << 26);
    }

    /// Each α by that many registers drawn; the table itself is good to 1 in 10^4.
    fn constants_from_draws(draws: u32) {
        for precision in 4..=12 {
            let m = 1 << precision;
            let trials = draws >> precision;
            let mut state = 42;
            let mut uniform = || {
                state = crate::hash::hash(&u64::to_le_bytes(state), 0);
                ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
            };
            let mut sum = 0.0;
            for trial in 0..trials {
                let load = libm::exp2(12.0 + (f64::from(trial) + 0.5) / f64::from(trials));
                let mut counts = [0; 64];
                for _ in 0..m {
                    let rank = libm::ceil(libm::log2(load / -libm::log(uniform())));
                    counts[rank.max(0.0) as usize] += 1;
                }
                let histogram = Histogram::new(counts, precision).expect("ranks far below the largest");
                sum += estimate(&histogram) / (load * f64::from(m));
            }
            let bias = sum / f64::from(trials) - 1.0;
            let allowed = 2e-4 + 4.0 * std_error(precision) / libm::sqrt(f64::from(trials));
            assert!(bias.abs() < allowed, "precision {precision}: bias {bias:.2e}, allowed {allowed:.2e}");
        }
    }
}
