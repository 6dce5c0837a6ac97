//! How many registers hold each rank: what estimators are functions of.

use super::{PRECISION_PARAMETER, max_rank};
use crate::{Error, Result};

/// How many registers hold each rank: all that an estimator needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    pub(super) counts: [u32; 64],
    pub(super) precision: u32,
}

impl Histogram {
    /// A histogram from counts: `counts[k]` registers hold rank *k*.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `precision` is not in 4 to 18, and when the counts don't add up to 2^precision or a
    /// rank above 65 - precision has one.
    pub fn new(counts: [u32; 64], precision: u32) -> Result<Self> {
        PRECISION_PARAMETER.check_whole(precision.into())?;
        let sum: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        let expected = 1 << precision;
        if sum != expected {
            return Err(Error::parameter("counts", format_args!("counts that add up to {expected}"), sum));
        }
        let histogram = Self { counts, precision };
        match counts[histogram.max_rank() + 1..].iter().any(|count| *count > 0) {
            true => Err(Error::parameter("counts", "none above rank 65 - precision", "one there")),
            false => Ok(histogram),
        }
    }

    /// Registers of each rank, 0 to 63.
    pub const fn counts(&self) -> &[u32; 64] {
        &self.counts
    }

    /// Bits that pick a register.
    pub const fn precision(&self) -> u32 {
        self.precision
    }

    /// Number of registers, *m*.
    pub const fn register_len(&self) -> usize {
        1 << self.precision
    }

    /// Registers that were hit: as many different items as that were inserted, surely.
    pub const fn occupied_len(&self) -> usize {
        self.register_len() - self.counts[0] as usize
    }

    /// The largest rank that a register can hold, *65 - p*: the rest of the hash was all zeros.
    pub const fn max_rank(&self) -> usize {
        max_rank(self.precision) as usize
    }
}
