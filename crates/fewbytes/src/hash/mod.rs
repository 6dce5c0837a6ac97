//! The hash belongs to the format: XXH3-64 of an item's bytes under a seed.
//!
//! Two programs that hash differently can't share a sketch, so the header names the hash and its seed, and
//! `std::hash::Hash`, which promises nothing across programs, is never used.
//!
//! Source: Y. Collet, *XXH3*, specification in the xxHash repository, `doc/xxhash_spec.md`.

mod numbers;

pub use numbers::hash_u64s;

use crate::{Error, Result};
use core::convert::Infallible;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Which hash a structure's bytes were made with: the header's `hash_id`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u16)]
pub enum HashId {
    /// XXH3-64 of the item's bytes under the header's seed.
    Xxh3 = 1,
}

impl HashId {
    /// The hash that a header's number stands for.
    ///
    /// # Errors
    /// [`Error::Field`] for a number that stands for none.
    pub fn from_u16(id: u16) -> Result<Self> {
        match id {
            1 => Ok(Self::Xxh3),
            _ => Err(Error::field("hash_id", "1 (XXH3-64)", id)),
        }
    }
}

/// The hash of an item: the one that every `insert` and `contains` of the library computes.
///
/// Whoever feeds several structures of one seed computes it once, and gives it to their `insert_hash`.
///
/// ```
/// assert_eq!(fewbytes::hash::hash(b"", 0), 0x2d06_8005_38d3_94c2); // Test vector of the specification.
/// assert_ne!(fewbytes::hash::hash(b"few", 0), fewbytes::hash::hash(b"few", 1));
/// ```
#[inline]
pub fn hash(item: &[u8], seed: u64) -> u64 {
    xxh3_64_with_seed(item, seed)
}

/// Hashes in a batch: enough to hide the latency of memory, few enough to stay in the first-level cache.
const BATCH: usize = 256;

/// Hashes `items` and hands them on in batches of up to 256.
///
/// Hashing first and touching memory after lets the processor wait for many cache lines at once.
#[inline]
pub(crate) fn in_batches<I: IntoIterator<Item: AsRef<[u8]>>>(items: I, seed: u64, each: impl FnMut(&[u64])) {
    let Ok(()) = try_in_batches(items, seed, surely(each));
}

/// As [`in_batches`], of numbers: each is an item of eight little-endian bytes.
#[inline]
pub(crate) fn u64s_in_batches(numbers: &[u64], seed: u64, each: impl FnMut(&[u64])) {
    let Ok(()) = try_u64s_in_batches(numbers, seed, surely(each));
}

/// What takes a batch and can't fail, as what can.
#[inline]
fn surely(mut each: impl FnMut(&[u64])) -> impl FnMut(&[u64]) -> core::result::Result<(), Infallible> {
    move |hashes| {
        each(hashes);
        Ok(())
    }
}

/// As [`in_batches`], up to the first error.
#[inline]
pub(crate) fn try_in_batches<I, E>(
    items: I,
    seed: u64,
    mut each: impl FnMut(&[u64]) -> core::result::Result<(), E>,
) -> core::result::Result<(), E>
where
    I: IntoIterator<Item: AsRef<[u8]>>,
{
    let mut hashes = [0; BATCH];
    let mut filled = 0;
    for item in items {
        hashes[filled] = hash(item.as_ref(), seed);
        filled += 1;
        if filled == BATCH {
            each(&hashes)?;
            filled = 0;
        }
    }
    each(&hashes[..filled])
}

/// As [`u64s_in_batches`], up to the first error.
#[inline]
pub(crate) fn try_u64s_in_batches<E>(
    numbers: &[u64],
    seed: u64,
    mut each: impl FnMut(&[u64]) -> core::result::Result<(), E>,
) -> core::result::Result<(), E> {
    let mut hashes = [0; BATCH];
    numbers.chunks(BATCH).try_for_each(|numbers| {
        let hashes = &mut hashes[..numbers.len()];
        hash_u64s(numbers, seed, hashes);
        each(hashes)
    })
}
