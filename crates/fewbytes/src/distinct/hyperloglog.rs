//! [`HyperLogLog`]: the harmonic mean of the registers, and Ertl's estimator for it.

use super::joint::{Joint, joint};
use super::likelihood::{Promise, most_likely};
use super::registers::{
    FORM, Histogram, PRECISION, PRECISION_PARAMETER, Registers, Tally, byte_len, chosen_precision,
    register_sketch,
};
use super::sparse_hyperloglog::SparseHyperLogLog;
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Source};
use crate::face::{catalogued, face, insert_face};
use crate::layout::{Buffer, Format, Region, Resize};
use crate::{Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use core::f64::consts::{FRAC_1_SQRT_2, LN_2};

const PAYLOAD_OF_FORMS: &str = "in form 1 2^precision registers of 6 bits in three planes of q = 2^precision / 4 bytes: bits 2 to 7 of byte c are \
     register c in the first, q + c in the second; bits 0 to 3 and 4 to 7 of the third are the low bits of registers 2q + c \
     and 3q + c, whose high bits are bits 0 and 1 of the first and of the second; in form 4 a byte each, in order; in forms 2 and 3 \
     tokens";

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 5,
    slug: "hyperloglog",
    version: 1,
    parameters: &[PRECISION.row(), FORM.row()],
    payload: PAYLOAD_OF_FORMS,
};

/// Whether a sketch is built as a [`SparseHyperLogLog`].
pub const SPARSE_PARAMETER: Parameter = Parameter {
    name: "sparse",
    unit: "",
    range: Range::Either(0, 1),
    default: Some(Number::Whole(0)),
    doc: "1 keeps the first items themselves: exact and small while they are few",
};

#[doc = include_str!("hyperloglog.md")]
#[derive(Clone)]
pub struct HyperLogLog<D = Buffer> {
    pub(super) registers: Registers<D>,
}

register_sketch!(
    HyperLogLog,
    |registers, sigmas| bounded(&registers.tally(), registers.precision(), sigmas),
    std_error
);

/// Number of different items by Ertl's improved estimator (2017, Algorithm 6): no tables, no switch between formulas, and
/// no bump at middle counts. Its bias is about *1.1 / m* from some ten items a register on, a hundredth of the standard
/// error at *m = 2^14*, and less below.
///
/// *n = m² / (2 ln 2 · (m σ(C₀/m) + Σ C_k 2^-k + m τ(1 - C_last/m) 2^-q))* for *C_k* registers of rank *k*, *q = 64 - p*.
///
/// Infinite when every register is at the largest rank: about 2^64 items.
pub fn estimate(histogram: &Histogram) -> f64 {
    count(&histogram.tally(), histogram.precision())
}

/// The formula of [`estimate`], all of it times *2^q*: then the sum is a whole number, and *m 2^q = 2^64*.
fn count(tally: &Tally, precision: u32) -> f64 {
    const ALL: f64 = 18_446_744_073_709_551_616.0; // 2^64
    let m = (1_u64 << precision) as f64;
    let mut sum = tally.sum(precision) as f64;
    if tally.full > 0 {
        sum += m * tau(1.0 - f64::from(tally.full) / m);
    }
    if tally.empty > 0 {
        sum += ALL * sigma(f64::from(tally.empty) / m);
    }
    m * (ALL / (2.0 * LN_2)) / sum
}

/// [`estimate`] with its bounds. Of a few items two may share a register: `high` leaves room for one more.
pub fn estimate_at(histogram: &Histogram, sigmas: Sigmas) -> Estimate {
    bounded(&histogram.tally(), histogram.precision(), sigmas)
}

fn bounded(tally: &Tally, precision: u32, sigmas: Sigmas) -> Estimate {
    if tally.empty == 1 << precision {
        return Estimate::exact(0.0);
    }
    let value = count(tally, precision);
    let factor = FACTORS[precision as usize - 4][sigmas as usize];
    Estimate { value, low: value / factor, high: (value * factor).max(value + 1.0) }
}

/// *e^(sigmas · std_error)* for each precision from 4 on: what [`Estimate::relative`] would compute each time, for three
/// times as long as all the rest takes.
const FACTORS: [[f64; 3]; 15] = {
    // The root of (3 ln 2 - 1) by Newton's method, from above; then halved for every two bits.
    let mut root = 1.1;
    let mut i = 0;
    while i < 6 {
        root = 0.5 * (root + (3.0 * LN_2 - 1.0) / root);
        i += 1;
    }
    let mut factors = [[0.0; 3]; 15];
    let (mut even, mut odd) = (root / 4.0, root / 4.0 * FRAC_1_SQRT_2);
    let mut step = 0;
    while step < 15 {
        let mut sigmas = 0;
        while sigmas < 3 {
            factors[step][sigmas] = exp((sigmas + 1) as f64 * even);
            sigmas += 1;
        }
        (even, odd) = (odd, even / 2.0);
        step += 1;
    }
    factors
};

/// *e^x* by its series, for *x* below 1.
const fn exp(x: f64) -> f64 {
    let (mut sum, mut i) = (1.0, 24);
    while i > 0 {
        sum = 1.0 + x / i as f64 * sum;
        i -= 1;
    }
    sum
}

/// Number of different items by maximum likelihood: the count under which the registers are likeliest.
///
/// Infinite when every register is at the largest rank.
pub fn estimate_ml(histogram: &Histogram) -> f64 {
    let tally = histogram.tally();
    let (m, rest) = (histogram.register_len() as f64, 64 - histogram.precision());
    // Registers of the last rank tell of one chance; there is none left that could tell of not having come.
    let mut came = *histogram.counts();
    came[0] = 0;
    came[rest as usize] += came[rest as usize + 1];
    let not_come = f64::from(tally.empty) + tally.sum(histogram.precision()) as f64 / (1_u64 << rest) as f64;
    m * most_likely(not_come, &came[..=rest as usize]) / (1.0 + Promise::new(0, 0).bias / m)
}

/// Relative standard error of [`estimate_ml`], *√(ln 2 / (π² / 6 - 1)) / √m = 1.037 / √m* for *m = 2^p* registers.
pub fn std_error_ml(precision: u32) -> f64 {
    libm::sqrt(Promise::new(0, 0).variance / libm::exp2(f64::from(precision)))
}

/// Relative standard error, *√(3 ln 2 - 1) / √m = 1.039 / √m*, of the count for *m = 2^p* registers. At precision 4 and 5
/// the error is up to 1.2 times that.
pub fn std_error(precision: u32) -> f64 {
    libm::sqrt((3.0 * LN_2 - 1.0) / libm::exp2(f64::from(precision)))
}

impl<D: AsRef<[u8]>> HyperLogLog<D> {
    /// The same sketch with a byte a register: a third larger, the same in all else. So many may write it at once
    /// ([`SharedHyperLogLog`](crate::shared::SharedHyperLogLog)). [`fold`](Self::fold) to its own precision makes it six
    /// bits a register again.
    ///
    /// # Errors
    /// [`CannotGrow`](crate::Error::CannotGrow) when memory for it can't be had.
    pub fn spread(&self) -> Result<HyperLogLog> {
        Ok(HyperLogLog { registers: self.registers.spread(&FORMAT)? })
    }

    /// Number of different items by maximum likelihood ([`estimate_ml`]), within two standard errors. O(m).
    pub fn estimate_ml(&self) -> Estimate {
        self.estimate_ml_at(Sigmas::default())
    }

    /// [`estimate_ml`](Self::estimate_ml) with wider or narrower bounds.
    pub fn estimate_ml_at(&self, sigmas: Sigmas) -> Estimate {
        let histogram = self.histogram();
        if histogram.occupied_len() == 0 {
            return Estimate::exact(0.0);
        }
        let estimate =
            Estimate::relative(estimate_ml(&histogram), std_error_ml(histogram.precision()), sigmas);
        Estimate { high: estimate.high.max(estimate.value + 1.0), ..estimate }
    }

    /// How many items this sketch and `other` have in common, within two standard errors: [`joint`](Self::joint)'s `both`.
    ///
    /// # Errors
    /// As [`joint`](Self::joint).
    pub fn intersection<E: AsRef<[u8]>>(&self, other: &HyperLogLog<E>) -> Result<Estimate> {
        Ok(self.joint(other, Sigmas::default())?.both)
    }

    /// How many items are in this sketch alone, in `other` alone, and in both: the likeliest numbers. Where the precisions
    /// differ, the finer one is folded first. O(m).
    ///
    /// The error goes by the sets, not by what they share: about *1.04 / √m* of the union's size when they share little.
    /// The bounds are those of the likelihood: look at them before you believe in a small intersection.
    ///
    /// # Errors
    /// [`Mismatch`](crate::Error::Mismatch) when the seeds differ.
    pub fn joint<E: AsRef<[u8]>>(&self, other: &HyperLogLog<E>, sigmas: Sigmas) -> Result<Joint> {
        self.registers.frame.same_seed(&other.registers.frame)?;
        let precision = self.precision().min(other.precision());
        let (left, right) = (self.fold(precision)?, other.fold(precision)?);
        let mut union = left.clone();
        union.merge(&right)?;
        let counts = [&left, &right, &union].map(|sketch| sketch.estimate().value);
        Ok(joint(left.registers(), right.registers(), precision, counts, sigmas))
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> HyperLogLog<D> {
    /// [`insert_hash`](Self::insert_hash); when a register grew, the chance that a new item had to make one grow.
    #[inline]
    pub(super) fn insert_hash_with_chance(&mut self, hash: u64) -> Option<f64> {
        self.registers.insert_hash_with_chance(hash)
    }
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
    choose: "you count different items, and want what everybody knows: the default",
    format: &FORMAT,
    parameters: &[&PRECISION_PARAMETER, &SPARSE_PARAMETER],
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
    bytes: |settings| match settings.whole(&SPARSE_PARAMETER) {
        0 => Ok(byte_len(&FORMAT, chosen_precision(settings))),
        _ => Ok(SparseHyperLogLog::new(chosen_precision(settings), 0)?.as_bytes().len() as u64),
    },
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
    build: |settings| {
        let (precision, seed) = (chosen_precision(settings), settings.seed);
        match settings.whole(&SPARSE_PARAMETER) {
            0 => Ok(Box::new(SparseHyperLogLog::from(HyperLogLog::new(precision, seed)?))),
            _ => Ok(Box::new(SparseHyperLogLog::new(precision, seed)?)),
        }
    },
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(SparseHyperLogLog::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(SparseHyperLogLog::open(bytes)?)),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_those_of_the_standard_error() {
        for precision in 4..=18 {
            for sigmas in [Sigmas::One, Sigmas::Two, Sigmas::Three] {
                let expected = Estimate::relative(1.0, std_error(precision), sigmas).high;
                let found = FACTORS[precision as usize - 4][sigmas as usize];
                assert!((found / expected - 1.0).abs() < 1e-14, "{found} for {expected}");
            }
        }
    }
}
