//! The header of a structure that many write, and the door to its words.

use super::AtomicU64;
use super::words::{Words, copy, copy_to};
use crate::layout::{Buffer, Format, Head};
use crate::{Error, Result};
use alloc::vec;

/// Storage whose header was checked. Nothing of the header is ever written: what many write are words of the payload.
#[derive(Clone, Debug)]
pub(crate) struct SharedFrame<S> {
    storage: S,
    seed: u64,
    /// Words before the payload.
    start: usize,
}

impl<S: Words> SharedFrame<S> {
    /// Checks the header against `format`, and hands it on with the payload's length. O(1).
    pub(crate) fn open<T>(
        storage: S,
        format: &Format,
        read: impl FnOnce(&[u8], u64) -> Result<T>,
    ) -> Result<(Self, T)> {
        let (words, start) = (storage.words(), format.payload_start());
        let byte_len = storage.byte_len().min(size_of_val(words));
        let mut head = vec![0; start.min(byte_len)];
        copy_to(words, &mut head);
        let Head { seed, sealed } = Head::read(&head, byte_len as u64, format)?;
        if sealed {
            return Err(Error::Sharing {
                field: "flags",
                expected: "0, not sealed: share a copy, or change the owned bytes first, which breaks the seal",
                found: "1, sealed",
            });
        }
        let read = read(&head, (byte_len - start) as u64)?;
        Ok((Self { storage, seed, start: start / 8 }, read))
    }

    /// The words of the payload.
    #[inline]
    pub(crate) fn payload(&self) -> &[AtomicU64] {
        self.storage.words().get(self.start..).unwrap_or_default()
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    pub(crate) fn storage(&self) -> &S {
        &self.storage
    }

    pub(crate) fn into_inner(self) -> S {
        self.storage
    }

    /// A copy of all bytes as they are now, word by word.
    pub(crate) fn copy(&self) -> Result<Buffer> {
        copy(&self.storage)
    }
}
