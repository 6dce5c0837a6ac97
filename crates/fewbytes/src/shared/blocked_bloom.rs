//! [`SharedBlockedBloomFilter`]: a blocked Bloom filter that many fill.

use super::atomics::{load, or};
use super::face::{bits_face, freeze_face, shared_face};
use super::frame::SharedFrame;
use super::{AtomicBuffer, AtomicU64, Words};
use crate::Result;
use crate::face::{contains_face, insert_face};
use crate::membership::BlockedBloomFilter;
use crate::membership::blocked_bloom::form::Form;
use crate::membership::blocked_bloom::loops::{Blocks, BlocksMut};
use crate::membership::blocked_bloom::{FORMAT, Size, by_shape, dispatch};
use crate::prefetch::prefetch;

/// A [`BlockedBloomFilter`] that many threads and processes fill and ask at once: the same bytes.
///
/// Threads that fill one give, bit for bit, what one thread would have filled. An item's bits are in one cache line: it
/// waits for one, and takes an atomic operation for each word of it that lacks a bit. A split block has four words where
/// the others have eight, and takes fewest: choose [`Shape::Split`](crate::membership::blocked_bloom::Shape::Split) where
/// filling counts. See [`shared`](crate::shared) for what a reader may rely on.
///
/// ```
/// use fewbytes::{BlockedBloomFilter, shared::SharedBlockedBloomFilter};
///
/// let seen = SharedBlockedBloomFilter::copy_of(&BlockedBloomFilter::with_rate(1_000, 0.01, 0)?)?;
/// assert!(seen.insert("a") && !seen.insert("a"));
/// assert!(seen.contains("a"));
/// assert!(seen.freeze()?.contains("a"));
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedBlockedBloomFilter<S = AtomicBuffer> {
    frame: SharedFrame<S>,
    size: Size,
}

/// Words of a block.
const fn word_len<F: Form>() -> usize {
    size_of::<F::Block>() / 8
}

/// The words of an item's block; none where there is no such block.
#[inline(always)]
fn block<F: Form>(words: &[AtomicU64], hash: u64) -> &[AtomicU64] {
    let len = word_len::<F>();
    let first = F::place(hash, words.len() / len) * len;
    words.get(first..first + len).unwrap_or_default()
}

/// Calls a function with the words of an item's block and the item's bits in them, as arrays of a length that the compiler
/// knows: it unrolls the loop then, which takes half as long.
macro_rules! of_known_len {
    ($name:ident::<$form:ident>($words:expr, $hash:expr), $or:expr) => {{
        let (block, masks) = (block::<$form>($words, $hash), $form::words($hash));
        match (block.first_chunk::<8>(), masks.as_ref().first_chunk::<8>()) {
            (Some(block), Some(masks)) => $name(block, masks),
            _ => match (block.first_chunk::<4>(), masks.as_ref().first_chunk::<4>()) {
                (Some(block), Some(masks)) => $name(block, masks),
                _ => $or,
            },
        }
    }};
}

#[inline(always)]
fn has<const N: usize>(block: &[AtomicU64; N], masks: &[u64; N]) -> bool {
    let mut missing = 0;
    for i in 0..N {
        missing |= masks[i] & !load(&block[i]);
    }
    missing == 0
}

/// All words are looked at first: of an item that is there already, nothing is to be foreseen but that.
#[inline(always)]
fn add<const N: usize>(block: &[AtomicU64; N], masks: &[u64; N]) -> bool {
    !has(block, masks) && set(block, masks)
}

#[inline(always)]
fn set<const N: usize>(block: &[AtomicU64; N], masks: &[u64; N]) -> bool {
    let mut changed = false;
    for i in 0..N {
        changed |= or(&block[i], masks[i]);
    }
    changed
}

impl<F: Form> Blocks<F> for &[AtomicU64] {
    #[inline(always)]
    fn byte_len(&self) -> usize {
        size_of_val(*self)
    }

    #[inline(always)]
    fn ask(&self, hash: u64) {
        prefetch(self, F::place(hash, self.len() / word_len::<F>()) * word_len::<F>());
    }

    #[inline(always)]
    fn has(&self, hash: u64) -> bool {
        of_known_len!(has::<F>(self, hash), false)
    }
}

impl<F: Form> BlocksMut<F> for &[AtomicU64] {
    #[inline(always)]
    fn add(&mut self, hash: u64) -> bool {
        of_known_len!(add::<F>(self, hash), false)
    }
}

impl<S: Words> SharedBlockedBloomFilter<S> {
    /// Takes an item by its [`hash`](crate::hash::hash) under this filter's seed. True when this call changed a bit: the
    /// item was surely not there before.
    #[inline]
    pub fn insert_hash(&self, hash: u64) -> bool {
        by_shape!(self.size.shape, dispatch::insert_hash(&mut self.frame.payload(), hash))
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&self, hashes: &[u64]) {
        by_shape!(self.size.shape, dispatch::insert_hashes(&mut self.frame.payload(), hashes));
    }

    /// Whether an item of this hash may have been inserted. False is certain, of inserts that came before.
    #[inline]
    pub fn contains_hash(&self, hash: u64) -> bool {
        by_shape!(self.size.shape, dispatch::contains_hash(&self.frame.payload(), hash))
    }

    /// Asks for many items by their hashes; `found` takes the answers in their order, as many as both are long.
    pub fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) {
        by_shape!(self.size.shape, dispatch::contains_hashes(&self.frame.payload(), hashes, found));
    }
}

shared_face!(SharedBlockedBloomFilter, BlockedBloomFilter, FORMAT, size: Size::read);
bits_face!(SharedBlockedBloomFilter);
freeze_face!(SharedBlockedBloomFilter, BlockedBloomFilter);
contains_face!(
    [S: Words] SharedBlockedBloomFilter,
    "Whether `item` may have been inserted. False is certain, of inserts that came before."
);
insert_face!(
    [S: Words] [&] SharedBlockedBloomFilter,
    "Takes one item. True when this call changed a bit: an item that was taken before never does."
);
