//! [`SharedUltraLogLog`]: an UltraLogLog that many fill.

use super::face::{freeze_face, shared_face};
use super::frame::SharedFrame;
use super::words::{bytes, change_byte};
use super::{AtomicBuffer, AtomicU64, Words};
use crate::distinct::UltraLogLog;
use crate::distinct::ultraloglog::register::{place, with_rank};
use crate::distinct::ultraloglog::{FORMAT, estimate_at, precision_of, std_error};
use crate::face::insert_face;
use crate::{Estimate, Result, Sigmas};
use alloc::vec::Vec;

/// An [`UltraLogLog`] that many threads and processes fill and ask at once: the same bytes.
///
/// Threads that fill one give, bit for bit, what one thread would have filled. An item takes no atomic operation where its
/// register has had its rank, and else one. See [`shared`](crate::shared) for what a reader may rely on.
///
/// ```
/// use fewbytes::{UltraLogLog, shared::SharedUltraLogLog};
///
/// let visitors = SharedUltraLogLog::copy_of(&UltraLogLog::new(12, 0)?)?;
/// visitors.insert_all((0..50_000_u32).map(u32::to_le_bytes));
/// assert!(visitors.estimate().covers(50_000.0));
///
/// let mut alone = UltraLogLog::new(12, 0)?;
/// alone.insert_all((0..50_000_u32).map(u32::to_le_bytes));
/// assert!(visitors.freeze()? == alone);
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedUltraLogLog<S = AtomicBuffer> {
    frame: SharedFrame<S>,
    precision: u32,
}

/// Shows the hash's rank to its register. True when that changed.
#[inline(always)]
fn offer(words: &[AtomicU64], hash: u64, precision: u32) -> bool {
    let (register, rank) = place(hash, precision);
    change_byte(words, register, |old| with_rank(old, rank))
}

impl<S: Words> SharedUltraLogLog<S> {
    /// Takes an item by its [`hash`](crate::hash::hash) under this sketch's seed. True when this call changed a register.
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

    /// Number of different items inserted, within two standard errors. O(m), and as many bytes for the time of it.
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        let registers: Vec<u8> = bytes(self.frame.payload()).take(1 << self.precision).collect();
        estimate_at(&registers, self.precision, sigmas)
    }

    /// Standard error of [`estimate`](Self::estimate), as a share of the truth.
    pub fn std_error(&self) -> f64 {
        std_error(self.precision)
    }
}

shared_face!(SharedUltraLogLog, UltraLogLog, FORMAT, precision: precision_of);
freeze_face!(SharedUltraLogLog, UltraLogLog);
insert_face!(
    [S: Words] [&] SharedUltraLogLog,
    "Takes one item. True when this call changed a register: an item that was taken before never does."
);
