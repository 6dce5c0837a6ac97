//! The martingale estimate: what one stream, taken in by one sketch from the start, tells beyond its registers.
//!
//! When a new item changes a register, about *1 / μ* new items have come since the last change, for *μ* the chance that a
//! new item changes one. The sum of those is the estimate (Cohen 2015; Ting 2014). It depends on the order of the items,
//! so it is lost where two sketches become one that is neither.

use super::register::Scale;
use crate::layout::Field;
use crate::{Error, Result};

const COUNT: Field<f64> =
    Field::at(0, "count", "estimate by the changes; -1 after a merge that lost their order");
const TAKEN: Field<u64> = COUNT.then("taken", "chance that a new item changes no register, times 2^64");

/// What stands in [`COUNT`] when the order is lost.
const LOST: f64 = -1.0;

/// The history's bytes, after the registers.
pub const BYTE_LEN: usize = TAKEN.end();

/// Count and chance, as they stand in the bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct History {
    count: f64,
    taken: u64,
}

impl History {
    pub const LOST: Self = Self { count: LOST, taken: 0 };

    pub fn read(bytes: &[u8]) -> Self {
        Self { count: COUNT.get(bytes), taken: TAKEN.get(bytes) }
    }

    pub fn write(self, bytes: &mut [u8]) {
        COUNT.set(bytes, self.count);
        TAKEN.set(bytes, self.taken);
    }

    /// Refuses a count that no stream gives.
    pub fn check(self) -> Result<()> {
        match self.count == LOST || (0.0..f64::INFINITY).contains(&self.count) {
            true => Ok(()),
            false => Err(Error::field(COUNT.name(), "-1, or a number of at least 0", self.count)),
        }
    }

    /// The estimate, unless the order is lost.
    pub fn count(self) -> Option<f64> {
        (self.count != LOST).then_some(self.count)
    }

    /// After a register changed, whose own chance to change went from `before` to `after`, in units of
    /// [`Scale::chance`].
    pub fn changed(self, before: u64, after: u64) -> Self {
        if self.count == LOST {
            return self;
        }
        // 2^64 registers' units make a chance of 1, and there is always some left.
        let chance = ((1 << 64) - u128::from(self.taken)) as f64 * libm::exp2(-64.0);
        Self {
            count: self.count + 1.0 / chance,
            taken: self.taken.saturating_add(before.saturating_sub(after)),
        }
    }

    /// Of two histories of sketches with the same registers, the one that both ways of merging keep.
    pub fn or(self, other: Self) -> Self {
        match (other.count, other.taken) > (self.count, self.taken) {
            true => other,
            false => self,
        }
    }

    /// The history's bytes by name, for byte views, for registers up to `start`.
    pub fn regions(bytes: &[u8], start: usize) -> [crate::layout::Region; 2] {
        [COUNT.row(), TAKEN.row()].map(|row| crate::layout::Region {
            name: row.name.into(),
            start: start + row.offset,
            end: start + row.offset + row.width,
            value: row.show(bytes),
            doc: row.doc.into(),
        })
    }
}

/// Relative standard error of the martingale estimate: *√(ln b (1 + r) / 2m)* for *b = 2^(1/4)*, *r = b^-d / (b - 1)* and
/// tails of *d* bits (Ertl 2025).
pub fn std_error(scale: Scale, tail: u32) -> f64 {
    let base = libm::exp2(0.25);
    let rest = libm::exp2(-0.25 * f64::from(tail)) / (base - 1.0);
    libm::sqrt(0.5 * libm::log(base) * (1.0 + rest) / scale.register_len() as f64)
}
