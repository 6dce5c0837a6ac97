//! [`HyperLogLog`]: the harmonic mean of the registers, and Ertl's estimator for it.

use super::registers::{
    Histogram, PAYLOAD, PRECISION, PRECISION_PARAMETER, Registers, byte_len, chosen_precision,
    register_sketch,
};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Source};
use crate::face::{catalogued, face, insert_face};
use crate::layout::{Buffer, Format, Region, Resize};
use crate::{Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use core::f64::consts::LN_2;

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format =
    Format { kind: 5, slug: "hyperloglog", version: 1, parameters: &[PRECISION.row()], payload: PAYLOAD };

#[doc = include_str!("hyperloglog.md")]
#[derive(Clone)]
pub struct HyperLogLog<D = Buffer> {
    registers: Registers<D>,
}

register_sketch!(HyperLogLog, estimate_at, std_error);

/// Number of different items by Ertl's improved estimator (2017, Algorithm 6): no tables, no switch between formulas, and
/// no bump at middle counts. Its bias is about *1.1 / m* from some ten items a register on, a hundredth of the standard
/// error at *m = 2^14*, and less below.
///
/// *n = m² / (2 ln 2 · (m σ(C₀/m) + Σ C_k 2^-k + m τ(1 - C_last/m) 2^-q))* for *C_k* registers of rank *k*, *q = 64 - p*.
///
/// Infinite when every register is at the largest rank: about 2^64 items.
pub fn estimate(histogram: &Histogram) -> f64 {
    let m = histogram.register_len() as f64;
    let counts = histogram.counts().map(f64::from);
    let last = histogram.max_rank();
    let highest = m * tau(1.0 - counts[last] / m);
    let sum = counts[1..last].iter().rev().fold(highest, |sum, count| 0.5 * (sum + count));
    m * m / (2.0 * LN_2 * (sum + m * sigma(counts[0] / m)))
}

/// [`estimate`] with its bounds. Of a few items two may share a register: `high` leaves room for one more.
pub fn estimate_at(histogram: &Histogram, sigmas: Sigmas) -> Estimate {
    let estimate = Estimate::relative(estimate(histogram), std_error(histogram.precision()), sigmas);
    match histogram.occupied_len() {
        0 => Estimate::exact(0.0),
        _ => Estimate { high: estimate.high.max(estimate.value + 1.0), ..estimate },
    }
}

/// Relative standard error, *√(3 ln 2 - 1) / √m = 1.039 / √m*, of the count for *m = 2^p* registers. At precision 4 and 5
/// the error is up to 1.2 times that.
pub fn std_error(precision: u32) -> f64 {
    libm::sqrt((3.0 * LN_2 - 1.0) / libm::exp2(f64::from(precision)))
}

/// Ertl's σ: *x + Σ x^(2^k) 2^(k-1)*, what empty registers say. Infinite at 1: then all are empty.
fn sigma(x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut power, mut weight, mut sum) = (x, 1.0, x);
    loop {
        power *= power;
        let before = sum;
        sum += power * weight;
        weight += weight;
        if sum == before {
            return sum;
        }
    }
}

/// Ertl's τ: *(1 - x - Σ (1 - x^(2^-k))² 2^-k) / 3*, what registers at the largest rank say.
fn tau(x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut root, mut weight, mut sum) = (x, 1.0, 1.0 - x);
    loop {
        root = libm::sqrt(root);
        let before = sum;
        weight *= 0.5;
        sum -= (1.0 - root) * (1.0 - root) * weight;
        if sum == before {
            return sum / 3.0;
        }
    }
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "HyperLogLog",
    type_name: "HyperLogLog",
    family: Family::Distinct,
    summary: "Counts different items in a few kilobytes, at any count, and merges without loss.",
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
    error: "relative standard error 1.04 / √m for m = 2^p registers, at every count",
    std_error: |settings| Ok(std_error(chosen_precision(settings))),
    space: "6 · 2^p bits: 12,288 bytes at p = 14",
    bytes: |settings| Ok(byte_len(&FORMAT, chosen_precision(settings))),
    sources: &[
        Source {
            authors: "Flajolet, Fusy, Gandouet, Meunier",
            year: 2007,
            title: "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm",
            venue: "AofA 2007",
        },
        Source {
            authors: "Ertl",
            year: 2017,
            title: "New cardinality estimation algorithms for HyperLogLog sketches",
            venue: "arXiv:1702.01284",
        },
    ],
    essay: include_str!("hyperloglog.md"),
    build: |settings| Ok(Box::new(HyperLogLog::new(chosen_precision(settings), settings.seed)?)),
    builder: None,
    open: |bytes| Ok(Box::new(HyperLogLog::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(HyperLogLog::open(bytes)?)),
};
