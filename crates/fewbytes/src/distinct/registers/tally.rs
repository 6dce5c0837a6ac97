//! The sums that HyperLogLog's estimator needs, kept up to date.

use super::{Histogram, max_rank};

/// What the registers are in sum. Kept beside the bytes, never in them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::distinct) struct Tally {
    /// *Σ 2^(64 - p - rank)* over all registers, the fraction of the largest rank left out: whole numbers, so it is exact,
    /// and what was added can be taken away. Modulo 2^64, which is the sum when all are empty.
    sum: u64,
    /// Registers that are empty.
    pub empty: u32,
    /// Registers at the largest rank.
    pub full: u32,
    /// Registers at the floor, the smallest rank that a register has.
    at_floor: u32,
    floor: u8,
}

/// What a register of this rank adds to the sum: nothing at the largest, *65 - p*.
const fn weight(precision: u32, rank: u8) -> u64 {
    1 << (64 - precision) >> rank
}

impl Tally {
    /// Of registers that are all empty.
    pub const fn empty(precision: u32) -> Self {
        let len = 1 << precision;
        Self { sum: 0, empty: len, full: 0, at_floor: len, floor: 0 }
    }

    /// The smallest rank that a register has.
    pub const fn floor(&self) -> u8 {
        self.floor
    }

    /// *Σ 2^(64 - p - rank)* over the registers between empty and the largest rank. At most *m 2^(63 - p) = 2^63*.
    #[inline]
    pub const fn sum(&self, precision: u32) -> u64 {
        self.sum.wrapping_sub((self.empty as u64).wrapping_mul(weight(precision, 0)))
    }

    /// The chance that a new item makes a register grow: *Σ 2^-rank / m* over those that are not at the largest rank. All of
    /// the sum over 2^64; and when all registers are empty it is 1.
    #[inline]
    pub const fn chance(&self) -> f64 {
        const ALL: f64 = 18_446_744_073_709_551_616.0; // 2^64
        if self.sum == 0 && self.empty > 0 { 1.0 } else { self.sum as f64 / ALL }
    }

    /// One register went from `old` to `new`, which is larger. How many are left at the floor; at 0 it is no floor any
    /// more, and somebody has to look at all registers for another.
    #[inline]
    pub const fn change(&mut self, precision: u32, old: u8, new: u8) -> u32 {
        // Wrapping, as somebody else may write to the same storage: then the sums are wrong, and no more than that.
        self.sum = self.sum.wrapping_sub(weight(precision, old)).wrapping_add(weight(precision, new));
        self.empty = self.empty.wrapping_sub((old == 0) as u32);
        self.full = self.full.wrapping_add((new == max_rank(precision)) as u32);
        self.at_floor = self.at_floor.wrapping_sub((old == self.floor) as u32);
        self.at_floor
    }
}

impl Histogram {
    /// The sums.
    pub(in crate::distinct) fn tally(&self) -> Tally {
        let ranks = (0..).zip(self.counts());
        let part = |(rank, count): (u8, &u32)| weight(self.precision, rank).wrapping_mul(u64::from(*count));
        let sum = ranks.clone().map(part).fold(0, u64::wrapping_add);
        let (floor, at_floor) = ranks.clone().find(|(_, count)| **count > 0).unwrap_or((0, &0));
        let (empty, full) = (self.counts[0], self.counts[self.max_rank()]);
        Tally { sum, empty, full, at_floor: *at_floor, floor }
    }
}
