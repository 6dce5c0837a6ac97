//! [`SharedHyperLogLog`]: a HyperLogLog that many fill.

use super::face::shared_face;
use super::frame::SharedFrame;
use super::words::{bytes, change_byte};
use super::{AtomicBuffer, AtomicU64, Words};
use crate::distinct::HyperLogLog;
use crate::distinct::hyperloglog::{FORMAT, estimate_at, std_error};
use crate::distinct::registers::{Histogram, histogram_of_bytes, place::place, precision_of_bytes};
use crate::face::insert_face;
use crate::{Estimate, Result, Sigmas};

/// A [`HyperLogLog`] that many threads and processes fill and ask at once.
///
/// Its registers are of a byte each ([`HyperLogLog::spread`]): those of six bits lie across words, and no processor changes
/// two at once. Such bytes open as a `HyperLogLog` too; [`freeze`](Self::freeze) gives one of six bits a register, which
/// is, bit for bit, what one thread would have filled. An item takes no atomic operation where its register is as large
/// already, which is nearly always, and else one. See [`shared`](crate::shared) for what a reader may rely on.
///
/// ```
/// use fewbytes::{HyperLogLog, shared::SharedHyperLogLog};
///
/// let visitors = SharedHyperLogLog::copy_of(&HyperLogLog::new(12, 0)?)?;
/// std::thread::scope(|scope| {
///     for from in [0, 40_000_u32] {
///         let visitors = &visitors;
///         scope.spawn(move || visitors.insert_all((from..from + 50_000).map(u32::to_le_bytes)));
///     }
/// });
/// assert!(visitors.estimate().covers(90_000.0));
///
/// let mut alone = HyperLogLog::new(12, 0)?;
/// alone.insert_all((0..90_000_u32).map(u32::to_le_bytes));
/// assert!(visitors.freeze()? == alone);
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedHyperLogLog<S = AtomicBuffer> {
    frame: SharedFrame<S>,
    precision: u32,
}

/// Offers the hash's rank to its register. True when that was less.
#[inline(always)]
fn offer(words: &[AtomicU64], hash: u64, precision: u32) -> bool {
    let (register, rank) = place(hash, precision);
    change_byte(words, register, |old| old.max(rank))
}

impl<S: Words> SharedHyperLogLog<S> {
    /// Takes an item by its [`hash`](crate::hash::hash) under this sketch's seed. True when this call made a register grow.
    #[inline]
    pub fn insert_hash(&self, hash: u64) -> bool {
        offer(self.frame.payload(), hash, self.precision)
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&self, hashes: &[u64]) {
        let words = self.frame.payload();
        hashes.iter().for_each(|hash| _ = offer(words, *hash, self.precision));
    }

    /// Bits of the hash that pick a register, *p*.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// How many registers hold each rank. O(m).
    pub fn histogram(&self) -> Histogram {
        let ranks = bytes(self.frame.payload()).take(1 << self.precision);
        histogram_of_bytes(self.precision, ranks)
    }

    /// Number of different items inserted, within two standard errors. O(m).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        estimate_at(&self.histogram(), sigmas)
    }

    /// Standard error of [`estimate`](Self::estimate), as a share of the truth.
    pub fn std_error(&self) -> f64 {
        std_error(self.precision)
    }

    /// An owned sketch, of six bits a register, of what it holds now. What was inserted before is in it; of what is
    /// inserted meanwhile it has some or none. O(m).
    ///
    /// # Errors
    /// [`Error::CannotGrow`](crate::Error::CannotGrow) when memory for it can't be had.
    pub fn freeze(&self) -> Result<HyperLogLog> {
        HyperLogLog::open(self.frame.copy()?)?.fold(self.precision)
    }
}

shared_face!(SharedHyperLogLog, HyperLogLog, FORMAT, precision: |head, len| precision_of_bytes(head, len, &FORMAT), spread);
insert_face!(
    [S: Words] [&] SharedHyperLogLog,
    "Takes one item. True when this call made a register grow: an item that was taken before never does."
);
