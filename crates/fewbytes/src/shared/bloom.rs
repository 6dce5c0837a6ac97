//! [`SharedBloomFilter`]: a Bloom filter that many fill.

use super::atomics::{load, or};
use super::face::{bits_face, freeze_face, shared_face};
use super::frame::SharedFrame;
use super::{AtomicBuffer, AtomicU64, Words};
use crate::Result;
use crate::face::{contains_face, insert_face};
use crate::membership::BloomFilter;
use crate::membership::bits::{Bits, BitsMut, has_all, has_bits, set_all, set_bits};
use crate::membership::bloom::{FORMAT, Size};
use crate::prefetch::prefetch;

/// A [`BloomFilter`] that many threads and processes fill and ask at once: the same bytes.
///
/// Threads that fill one give, bit for bit, what one thread would have filled. An item of *k* hashes takes at most *k* atomic
/// operations, and none where its bits are set already. See [`shared`](crate::shared) for what a reader may rely on.
///
/// ```
/// use fewbytes::{BloomFilter, shared::SharedBloomFilter};
///
/// let seen = SharedBloomFilter::copy_of(&BloomFilter::with_rate(10_000, 0.01, 0)?)?;
/// std::thread::scope(|scope| {
///     for from in [0, 5_000_u32] {
///         let seen = &seen;
///         scope.spawn(move || seen.insert_all((from..from + 5_000).map(u32::to_le_bytes)));
///     }
/// });
/// assert!((0..10_000_u32).all(|item| seen.contains(item.to_le_bytes())));
///
/// let mut alone = BloomFilter::with_rate(10_000, 0.01, 0)?;
/// alone.insert_all((0..10_000_u32).map(u32::to_le_bytes));
/// assert!(seen.freeze()? == alone);
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedBloomFilter<S = AtomicBuffer> {
    frame: SharedFrame<S>,
    size: Size,
}

impl Bits for &[AtomicU64] {
    #[inline(always)]
    fn byte_len(&self) -> usize {
        size_of_val(*self)
    }

    #[inline(always)]
    fn word(&self, i: usize) -> u64 {
        self.get(i).map_or(0, load)
    }

    #[inline(always)]
    fn ask(&self, i: usize) {
        prefetch(self, i);
    }
}

impl BitsMut for &[AtomicU64] {
    #[inline(always)]
    fn or(&mut self, i: usize, mask: u64) -> bool {
        self.get(i).is_some_and(|word| or(word, mask))
    }
}

impl<S: Words> SharedBloomFilter<S> {
    /// Takes an item by its [`hash`](crate::hash::hash) under this filter's seed. True when this call changed a bit: the
    /// item was surely not there before.
    #[inline]
    pub fn insert_hash(&self, hash: u64) -> bool {
        set_bits(&mut self.frame.payload(), hash, self.size.bit_len, self.size.hash_len)
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&self, hashes: &[u64]) {
        set_all(&mut self.frame.payload(), hashes, self.size.bit_len, self.size.hash_len);
    }

    /// Whether an item of this hash may have been inserted. False is certain, of inserts that came before.
    #[inline]
    pub fn contains_hash(&self, hash: u64) -> bool {
        has_bits(&self.frame.payload(), hash, self.size.bit_len, self.size.hash_len)
    }

    /// Asks for many items by their hashes; `found` takes the answers in their order, as many as both are long.
    pub fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) {
        has_all(&self.frame.payload(), hashes, found, self.size.bit_len, self.size.hash_len);
    }
}

shared_face!(SharedBloomFilter, BloomFilter, FORMAT, size: Size::read);
bits_face!(SharedBloomFilter);
freeze_face!(SharedBloomFilter, BloomFilter);
contains_face!([S: Words] SharedBloomFilter, "Whether `item` may have been inserted. False is certain, of inserts that came before.");
insert_face!(
    [S: Words] [&] SharedBloomFilter,
    "Takes one item. True when this call changed a bit: an item that was taken before never does."
);
