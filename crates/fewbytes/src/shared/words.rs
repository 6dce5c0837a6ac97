//! Storage that many write at once.

use super::atomics::{load, update};
use super::{AtomicU64, Ordering::Relaxed};
use crate::layout::{Buffer, HEADER_LEN, Head};
use crate::{Error, Result};
use alloc::{sync::Arc, vec, vec::Vec};
use core::fmt;

/// A whole structure, header and all, as words of 64 bits: what a `Shared` structure lives in.
///
/// Byte *i* is byte *i mod 8*, from the lowest, of word *i / 8* read as a little-endian number. The bytes need not fill the
/// last word; what is beyond them is nobody's.
///
/// Neither length nor place ever changes. Storage that breaks this gives wrong answers, and no worse.
pub trait Words: Sync {
    /// The words: as many as the bytes take, the last one rounded up.
    fn words(&self) -> &[AtomicU64];

    /// The bytes that count.
    fn byte_len(&self) -> usize;
}

/// Words of which every byte counts.
impl Words for [AtomicU64] {
    fn words(&self) -> &[AtomicU64] {
        self
    }

    fn byte_len(&self) -> usize {
        size_of_val(self)
    }
}

impl<W: Words + ?Sized> Words for &W {
    fn words(&self) -> &[AtomicU64] {
        (**self).words()
    }

    fn byte_len(&self) -> usize {
        (**self).byte_len()
    }
}

impl<W: Words + Send + ?Sized> Words for Arc<W> {
    fn words(&self) -> &[AtomicU64] {
        (**self).words()
    }

    fn byte_len(&self) -> usize {
        (**self).byte_len()
    }
}

/// Words of a cache line.
const LINE: usize = 8;

/// Owned words, for the threads of one program: they begin at a cache line, as a [`Buffer`] does.
pub struct AtomicBuffer {
    /// Up to seven words to the boundary, then those that count.
    words: Vec<AtomicU64>,
    start: usize,
    byte_len: usize,
}

impl AtomicBuffer {
    /// `byte_len` zero bytes.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for them can't be had.
    pub fn zeroed(byte_len: u64) -> Result<Self> {
        let refused = || Error::CannotGrow { expected: byte_len, found: 0 };
        let byte_len = usize::try_from(byte_len).map_err(|_| refused())?;
        let len = byte_len.div_ceil(8);
        let room = len.checked_add(LINE - 1).ok_or_else(refused)?;
        // A probe: `try_reserve` reports what `vec!` can't, and `vec!` gets pages that are zero already. The words stay
        // where they are when they become atomic, and no page of them is touched.
        Vec::<u64>::new().try_reserve_exact(room).map_err(|_| refused())?;
        let mut words: Vec<AtomicU64> = vec![0; room].into_iter().map(AtomicU64::new).collect();
        let start = words.as_ptr().align_offset(8 * LINE).min(LINE - 1);
        words.truncate(start + len);
        Ok(Self { words, start, byte_len })
    }

    /// A copy of a structure's bytes.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn copy_of(bytes: &[u8]) -> Result<Self> {
        let buffer = Self::zeroed(bytes.len() as u64)?;
        fill(&buffer, bytes)?;
        Ok(buffer)
    }
}

impl Words for AtomicBuffer {
    #[inline]
    fn words(&self) -> &[AtomicU64] {
        &self.words[self.start..]
    }

    #[inline]
    fn byte_len(&self) -> usize {
        self.byte_len
    }
}

impl fmt::Debug for AtomicBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicBuffer").field("byte_len", &self.byte_len).finish()
    }
}

/// Copies the bytes of `words` over `bytes`, as many as the shorter has. Word by word: others may write meanwhile.
pub(super) fn copy_to(words: &[AtomicU64], bytes: &mut [u8]) {
    let (whole, rest) = bytes.as_chunks_mut::<8>();
    let mut words = words.iter();
    for (bytes, word) in whole.iter_mut().zip(words.by_ref()) {
        *bytes = load(word).to_le_bytes();
    }
    if let Some(word) = words.next() {
        rest.copy_from_slice(&load(word).to_le_bytes()[..rest.len()]);
    }
}

/// The bytes of words, in order.
pub(super) fn bytes(words: &[AtomicU64]) -> impl Iterator<Item = u8> + '_ {
    words.iter().flat_map(|word| load(word).to_le_bytes())
}

/// Bits that are set. O(n).
pub(super) fn one_len(words: &[AtomicU64]) -> u64 {
    words.iter().map(|word| u64::from(load(word).count_ones())).sum()
}

/// A word with another number in the `bits` bits from `shift` on; more of the number is dropped.
#[inline(always)]
pub(super) const fn lane(word: u64, shift: usize, bits: usize, number: u64) -> u64 {
    let mask = (u64::MAX >> (64 - bits)) << shift;
    word & !mask | number << shift & mask
}

/// Makes byte `i` what `next` makes of it: without an atomic operation where that is what it is. True when this call changed
/// it.
#[inline(always)]
pub(super) fn change_byte(words: &[AtomicU64], i: usize, next: impl Fn(u8) -> u8) -> bool {
    let Some(word) = words.get(i / 8) else { return false };
    let shift = 8 * (i % 8);
    let now = (load(word) >> shift) as u8;
    if next(now) == now {
        return false;
    }
    let (old, new) = update(word, |old| lane(old, shift, 8, next((old >> shift) as u8).into()));
    old != new
}

/// A copy of all bytes.
///
/// # Errors
/// [`Error::CannotGrow`] when memory for it can't be had.
pub fn copy(storage: &(impl Words + ?Sized)) -> Result<Buffer> {
    let mut buffer = Buffer::zeroed(storage.byte_len() as u64)?;
    copy_to(storage.words(), &mut buffer);
    Ok(buffer)
}

/// Writes `bytes` over the first words, a whole number of them: for storage that nobody else knows yet.
///
/// # Errors
/// [`Error::Length`] when they are not as long as the storage.
pub fn fill(storage: &(impl Words + ?Sized), bytes: &[u8]) -> Result<()> {
    let (expected, found) = (storage.byte_len() as u64, bytes.len() as u64);
    if expected != found {
        return Err(Error::Length { expected, found });
    }
    for (word, bytes) in storage.words().iter().zip(bytes.chunks(8)) {
        let mut whole = [0; 8];
        whole[..bytes.len()].copy_from_slice(bytes);
        word.store(u64::from_le_bytes(whole).to_le(), Relaxed);
    }
    Ok(())
}

/// A copy of a structure's bytes without its seal. Not by way of a buffer: they may be many.
pub(super) fn unsealed(bytes: &[u8]) -> Result<AtomicBuffer> {
    let copy = AtomicBuffer::copy_of(bytes)?;
    let mut head = [0; HEADER_LEN];
    copy_to(copy.words(), &mut head);
    Head::unseal(&mut head);
    for (word, bytes) in copy.words().iter().zip(head.as_chunks().0) {
        word.store(u64::from_le_bytes(*bytes).to_le(), Relaxed);
    }
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes come back as they went in, of any length; the words begin at a line.
    #[test]
    fn bytes_are_kept() {
        let all: Vec<u8> = (0..200).collect();
        for len in (0..40).chain([63, 64, 65, 199, 200]) {
            let bytes = &all[..len];
            let buffer = AtomicBuffer::copy_of(bytes).expect("memory");
            assert_eq!((buffer.byte_len(), buffer.words().len()), (len, len.div_ceil(8)));
            assert_eq!(buffer.words().as_ptr().align_offset(64), 0);
            assert_eq!(*copy(&buffer).expect("memory"), *bytes);
            let other = AtomicBuffer::zeroed(len as u64).expect("memory");
            assert_eq!(fill(&other, bytes), Ok(()));
            assert_eq!(*copy(&&other).expect("memory"), *bytes);
            let mut cut = [0; 3];
            copy_to(buffer.words(), &mut cut[..len.min(3)]);
            assert_eq!(cut[..len.min(3)], bytes[..len.min(3)]);
            let (expected, found) = (len as u64, len as u64 + 1);
            assert_eq!(fill(&buffer, &[&[0], bytes].concat()), Err(Error::Length { expected, found }));
        }
    }

    #[test]
    fn words_are_little_endian() {
        let buffer = AtomicBuffer::copy_of(&[1, 2, 0, 0, 0, 0, 0, 0, 9]).expect("memory");
        assert_eq!(load(&buffer.words()[0]), 0x0201);
        assert_eq!(load(&buffer.words()[1]), 9);
        assert_eq!(
            AtomicBuffer::zeroed(1 << 62).err(),
            Some(Error::CannotGrow { expected: 1 << 62, found: 0 })
        );
    }
}
