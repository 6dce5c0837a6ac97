//! [`LogLog`]: the plain mean of the registers.

use super::registers::{
    Histogram, PAYLOAD, PRECISION, PRECISION_PARAMETER, Registers, byte_len, chosen_precision,
    low_while_empty, register_sketch,
};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Source};
use crate::face::{catalogued, face, insert_face};
use crate::layout::{Buffer, Format, Region, Resize};
use crate::{Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use core::f64::consts::{LN_2, PI};

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format =
    Format { kind: 3, slug: "loglog", version: 1, parameters: &[PRECISION.row()], payload: PAYLOAD };

#[doc = include_str!("loglog.md")]
#[derive(Clone)]
pub struct LogLog<D = Buffer> {
    registers: Registers<D>,
}

register_sketch!(LogLog, |registers, sigmas| estimate_at(&registers.histogram(), sigmas), std_error);

/// Number of different items, *α m 2^mean*, by the mean rank of all registers. 0 when all are empty.
///
/// Unbiased once every register was likely hit: from about ten items a register on. Below it is far too high.
pub fn estimate(histogram: &Histogram) -> f64 {
    let m = histogram.register_len() as f64;
    if histogram.counts()[0] as usize == histogram.register_len() {
        return 0.0;
    }
    let sum: u64 = (0..).zip(histogram.counts()).map(|(rank, count)| rank * u64::from(*count)).sum();
    alpha(m) * m * libm::exp2(sum as f64 / m)
}

/// [`estimate`] with its bounds.
///
/// While a register is empty, and the estimate may be far too high, `low` is only what is sure: the registers that were hit.
pub fn estimate_at(histogram: &Histogram, sigmas: Sigmas) -> Estimate {
    let estimate = Estimate::relative(estimate(histogram), std_error(histogram.precision()), sigmas);
    low_while_empty(histogram, estimate)
}

/// Relative standard error of the count, *√(ln²2 / 12 + π² / 6) / √m = 1.298 / √m*, for *m = 2^p* registers.
pub fn std_error(precision: u32) -> f64 {
    libm::sqrt((LN_2 * LN_2 / 12.0 + PI * PI / 6.0) / libm::exp2(f64::from(precision)))
}

/// The constant that makes the estimate unbiased: *(Γ(-1/m) (1 - 2^(1/m)) / ln 2)^-m*, 0.39701 for many registers.
fn alpha(m: f64) -> f64 {
    // Γ(-1/m) = -m Γ(1 - 1/m), and 2^(1/m) - 1 by expm1: both keep their digits where m is large.
    let log = libm::lgamma(1.0 - 1.0 / m) + libm::log(m * libm::expm1(LN_2 / m) / LN_2);
    libm::exp(-m * log)
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "LogLog",
    type_name: "LogLog",
    family: Family::Distinct,
    summary: "Counts many different items by the mean of its registers; HyperLogLog's ancestor, kept to compare.",
    choose: "you want to see where HyperLogLog comes from; else take that one",
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
    error: "relative standard error 1.30 / √m for m = 2^p registers, from about 10 m items on; far too high below",
    std_error: |settings| Ok(std_error(chosen_precision(settings))),
    space: "6 · 2^p bits: 12,288 bytes at p = 14",
    bytes: |settings| Ok(byte_len(&FORMAT, chosen_precision(settings))),
    sources: &[Source {
        authors: "Durand, Flajolet",
        year: 2003,
        title: "Loglog counting of large cardinalities",
        venue: "ESA 2003",
    }],
    essay: include_str!("loglog.md"),
    build: |settings| Ok(Box::new(LogLog::new(chosen_precision(settings), settings.seed)?)),
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(LogLog::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(LogLog::open(bytes)?)),
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The limit that Durand and Flajolet print, and their table's neighbourhood for few registers.
    #[test]
    fn alpha_has_the_published_limit() {
        assert!((alpha(262_144.0) - 0.397_01).abs() < 1e-5, "{}", alpha(262_144.0));
        assert!(alpha(16.0) < alpha(64.0) && alpha(64.0) < 0.397_01);
    }
}
