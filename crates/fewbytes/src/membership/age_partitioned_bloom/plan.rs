//! How large, for how many items, at what rate: the sizing of an age-partitioned Bloom filter.

use super::super::bloom::HASHES;
use super::{GENERATIONS, RATE, WINDOW};
use crate::{Error, Result};
use alloc::vec::Vec;

/// The most bits that all slices may have: 2^46.
const MOST_BITS: u64 = 1 << 46;

/// The chance that an item that never came is found, by the share of set bits of each slice, youngest first.
///
/// It is found when `hashes` slices in a row have its bit. The paper's recursion, from the last slice to the first: the
/// chance to be found from slice *i* on, when the *a* slices before it had the bit, is *F(a, i) = r_i F(a + 1, i + 1) +
/// (1 - r_i) F(0, i + 1)*, with *F(k, i) = 1* and *F(a, k + l) = 0*. No slice is looked at twice, and slices are filled
/// independently: of expected shares it is the expected chance, exactly.
pub fn false_positive_rate(fills: &[f64], hashes: u32) -> f64 {
    let hashes = hashes.clamp(1, 64) as usize;
    let mut found = [0.0; 65];
    found[hashes] = 1.0;
    for fill in fills.iter().rev() {
        let none = found[0];
        for run in 0..hashes {
            found[run] = fill * found[run + 1] + (1.0 - fill) * none;
        }
    }
    found[0]
}

/// The shape of a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Slices in which an item sets a bit: *k*.
    pub hash_len: u32,
    /// Generations that are surely found besides the one that is filled: *l*.
    pub generation_len: u32,
    /// Items of a generation: *g*.
    pub generation_items: u64,
    /// Bits of a slice, a multiple of 8: *m*.
    pub slice_bits: u64,
}

impl Plan {
    /// Slices: *k + l*.
    pub const fn slice_len(&self) -> u32 {
        self.hash_len + self.generation_len
    }

    /// Items that are surely found, the latest ones: *l g*.
    pub const fn window(&self) -> u64 {
        self.generation_len as u64 * self.generation_items
    }

    /// Bits of all slices: *(k + l) m*.
    pub const fn bits(&self) -> u64 {
        self.slice_len() as u64 * self.slice_bits
    }

    /// The chance that an item that never came is found, when the newest generation is full: it is never more.
    pub fn rate(&self) -> f64 {
        self.rate_by(self.slice_bits as f64)
    }

    /// The chance that an item is still found `generations` generations after its own, when the newest is full: 1 up to
    /// *l*; then its slices go one by one, and after *k* more it is no more likely than an item that never came.
    pub fn rate_at_age(&self, generations: u64) -> f64 {
        let mut fills: Vec<f64> = self.fills(self.slice_bits as f64).collect();
        let first = usize::try_from(generations).unwrap_or(usize::MAX);
        fills.iter_mut().skip(first).take(self.hash_len as usize).for_each(|fill| *fill = 1.0);
        false_positive_rate(&fills, self.hash_len)
    }

    /// The expected share of set bits of each slice of `bits` bits, youngest first, when the newest generation is full.
    fn fills(&self, bits: f64) -> impl Iterator<Item = f64> {
        let unset = libm::log1p(-1.0 / bits);
        let (hashes, items) = (self.hash_len, self.generation_items as f64);
        (1..=self.slice_len()).map(move |age| -libm::expm1(f64::from(age.min(hashes)) * items * unset))
    }

    fn rate_by(&self, bits: f64) -> f64 {
        let mut fills = [0.0; 64 + 256];
        let len = fills.iter_mut().zip(self.fills(bits)).map(|(place, fill)| *place = fill).count();
        false_positive_rate(&fills[..len], self.hash_len)
    }

    /// The fewest bits, not rounded, with which a slice keeps `rate`: by bisection, as more bits never find more.
    fn least_bits(&self, rate: f64) -> f64 {
        let (mut low, mut high) = (1.0, MOST_BITS as f64);
        if self.rate_by(high) > rate {
            return f64::INFINITY;
        }
        while high / low > 1.0 + 1e-9 {
            let middle = libm::sqrt(low * high);
            if self.rate_by(middle) > rate { low = middle } else { high = middle }
        }
        high
    }

    /// Itself, when every number is in range.
    ///
    /// # Errors
    /// [`Error::Parameter`] when one is not.
    pub fn check(self) -> Result<Self> {
        HASHES.check_whole(self.hash_len.into())?;
        GENERATIONS.check_whole(self.generation_len.into())?;
        let items = 1 << 40;
        if !(1..=items).contains(&self.generation_items) {
            let expected = format_args!("a whole number from 1 to {items}");
            return Err(Error::parameter("generation_items", expected, self.generation_items));
        }
        let most = MOST_BITS / u64::from(self.slice_len());
        if !(8..=most).contains(&self.slice_bits) || !self.slice_bits.is_multiple_of(8) {
            let expected = format_args!("a multiple of 8 from 8 to {most}");
            return Err(Error::parameter("slice_bits", expected, self.slice_bits));
        }
        Ok(self)
    }
}

/// The smallest filter that surely finds the last `window` items, and others with the chance `rate` at most, of as many
/// `generations`; fewer where the window has fewer items.
///
/// For each number of hashes the rate is one of the bits of a slice, by [`false_positive_rate`]; the number that needs the
/// fewest bits in all is taken. The paper fills slices to a half; the best share, which the search finds, is a little less.
///
/// # Errors
/// [`Error::Parameter`] when `window` is not in 1 to 2^40, `generations` not in 1 to 256, `rate` not between 0 and 1, less
/// than a hash of 64 bits can give, or such that more than 2^46 bits are needed.
pub fn size_for(window: u64, rate: f64, generations: u32) -> Result<Plan> {
    let mut best = (f64::INFINITY, 1);
    for hashes in 1..=64 {
        let plan = shape(window, rate, generations, hashes)?;
        let bits = f64::from(plan.slice_len()) * plan.least_bits(rate);
        if bits < best.0 {
            best = (bits, hashes);
        } else if bits > best.0 * 1.1 {
            break; // There is one minimum.
        }
    }
    size_with(window, rate, generations, best.1)
}

/// As [`size_for`], for a number of hashes that is given.
///
/// # Errors
/// As [`size_for`], and when `hashes` is not in 1 to 64.
pub fn size_with(window: u64, rate: f64, generations: u32, hashes: u32) -> Result<Plan> {
    let plan = shape(window, rate, generations, hashes)?;
    let bits = plan.least_bits(rate);
    if bits * f64::from(plan.slice_len()) > (MOST_BITS / 2) as f64 {
        let expected = format_args!("a rate that takes at most 2^45 bits with {hashes} hashes");
        return Err(Error::parameter(RATE.name, expected, rate));
    }
    Plan { slice_bits: (libm::ceil(bits) as u64).next_multiple_of(8), ..plan }.check()
}

/// A plan whose slices have no size yet.
fn shape(window: u64, rate: f64, generations: u32, hashes: u32) -> Result<Plan> {
    WINDOW.check_whole(window)?;
    RATE.check_real(rate)?;
    GENERATIONS.check_whole(generations.into())?;
    HASHES.check_whole(hashes.into())?;
    // An absent item has the very hash of one of n others with the chance n / 2^64: leave that a sixteenth.
    let least = window as f64 * libm::exp2(-60.0);
    if rate < least {
        return Err(Error::parameter(RATE.name, format_args!("at least {least:e} for {window} items"), rate));
    }
    let generation_len = window.min(generations.into()) as u32;
    let generation_items = window.div_ceil(generation_len.into());
    Ok(Plan { hash_len: hashes, generation_len, generation_items, slice_bits: 0 })
}
