//! Folding: a filter that was made too large becomes the one that would have been right.

use super::shape::{Shape, false_positive_rate, size_for};
use super::{BlockedBloomFilter, RATE};
use crate::{Error, Result};

/// Numbers of many divisors: a filter whose blocks are a multiple of one folds to almost any size below.
const DIVISIBLE: [u64; 13] = [2, 4, 6, 12, 24, 60, 120, 360, 720, 2520, 5040, 27_720, 720_720];

/// A filter is made at most this much larger to be divisible: 1/64.
const SLACK: u64 = 64;

/// A folding finds its block by trying the numbers up to this one.
const MOST: u64 = 1 << 16;

impl BlockedBloomFilter {
    /// An empty filter for when the number of items is not known, only a bound: it is sized for `most` different items at
    /// `rate`, and [`fold_to_rate`](BlockedBloomFilter::fold_to_rate) makes it as small as what came allows. It takes up to a
    /// 64th more than [`with_rate`](BlockedBloomFilter::with_rate), to be divisible.
    ///
    /// # Errors
    /// As [`with_rate`](BlockedBloomFilter::with_rate).
    pub fn with_most(most: u64, rate: f64, seed: u64) -> Result<Self> {
        let (shape, block_len) = size_for(most, rate)?;
        let divisor = DIVISIBLE.into_iter().rev().find(|divisor| divisor * SLACK <= block_len).unwrap_or(1);
        Self::new(shape, block_len.next_multiple_of(divisor).min(shape.max_block_len()), seed)
    }
}

impl<D: AsRef<[u8]>> BlockedBloomFilter<D> {
    /// The same items in `by` times fewer blocks, to the bit as if they had been inserted there. O(n).
    ///
    /// # Errors
    /// [`Error::Parameter`] when the number of blocks is not divisible by `by`; [`Error::CannotGrow`] when memory for the
    /// smaller filter can't be had.
    pub fn fold(&self, by: u64) -> Result<BlockedBloomFilter> {
        if by == 0 || !self.size.block_len.is_multiple_of(by) {
            let expected = format_args!("a divisor of the {} blocks", self.size.block_len);
            return Err(Error::parameter("by", expected, by));
        }
        let mut folded = BlockedBloomFilter::new(self.size.shape, self.size.block_len / by, self.seed())?;
        let block = self.size.shape.block_bytes() as usize;
        let groups = self.frame.payload().chunks_exact(block * by as usize);
        for (into, from) in folded.frame.payload_mut().chunks_exact_mut(block).zip(groups) {
            or(into, from);
        }
        Ok(folded)
    }

    /// The same items in the fewest blocks that keep `rate`, by the bits that are set. When even these blocks don't, a
    /// copy. O(n).
    ///
    /// # Errors
    /// [`Error::Parameter`] when `rate` is not between 0 and 1; [`Error::CannotGrow`] when memory for the smaller filter
    /// can't be had.
    pub fn fold_to_rate(&self, rate: f64) -> Result<BlockedBloomFilter> {
        RATE.check_real(rate)?;
        // The count says where to look, the bits say what is kept.
        let items = self.estimate().low as u64;
        let by = (2..=self.size.block_len.min(MOST)).rev().find(|by| {
            self.size.block_len.is_multiple_of(*by)
                && false_positive_rate(self.size.shape, self.size.block_len / by, items) <= rate
                && self.folded_rate(*by) <= rate
        });
        self.fold(by.unwrap_or(1))
    }

    /// The rate at which an absent item would be found after folding.
    pub(super) fn folded_rate(&self, by: u64) -> f64 {
        let block = self.size.shape.block_bytes() as usize;
        let mut folded = [0; 64];
        let folded = &mut folded[..block];
        let mut sum = 0.0;
        for group in self.frame.payload().chunks_exact(block * by as usize) {
            folded.fill(0);
            or(folded, group);
            sum += rate_of(folded, self.size.shape);
        }
        sum * by as f64 / self.size.block_len as f64
    }
}

/// Or-s the blocks of `from` into `into`.
fn or(into: &mut [u8], from: &[u8]) {
    for block in from.chunks_exact(into.len()) {
        for (into, from) in into.iter_mut().zip(block) {
            *into |= from;
        }
    }
}

/// Share of the absent items that a block finds: the product of its runs' fills.
fn rate_of(block: &[u8], shape: Shape) -> f64 {
    let run = (shape.run_bits() / 8) as usize;
    let fill = |run: &[u8]| {
        let ones: u32 = run.iter().map(|byte| byte.count_ones()).sum();
        f64::from(ones) / (run.len() as f64 * 8.0)
    };
    block.chunks_exact(run).map(fill).product()
}
