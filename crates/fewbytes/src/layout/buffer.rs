//! Owned bytes that begin at a cache line.

use super::Resize;
use crate::{Error, Result};
use alloc::{vec, vec::Vec};
use core::ops::{Deref, DerefMut};

/// A cache line, and what vector loads and atomics like best.
const LINE: usize = 64;

/// What an owned structure lives in: bytes that can grow, the first of them on a 64-byte boundary.
///
/// Headers are a multiple of 64 bytes, so a payload begins at a cache line too, and a block of 64 bytes is one line, not
/// two. That is speed, never correctness: [`From<Vec<u8>>`](#impl-From<Vec<u8>>-for-Buffer) takes bytes where they are.
#[derive(Debug, Default)]
pub struct Buffer {
    /// Up to 63 bytes to the boundary, then those that count.
    bytes: Vec<u8>,
    start: usize,
}

impl Buffer {
    /// `len` zero bytes.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for them can't be had.
    pub fn zeroed(len: u64) -> Result<Self> {
        let refused = || Error::CannotGrow { expected: len, found: 0 };
        let room = room_for(len, isize::MAX as u64).ok_or_else(refused)?;
        // A probe: `try_reserve` reports what `vec!` can't, and `vec!` gets pages that are zero already.
        Vec::<u8>::new().try_reserve_exact(room).map_err(|_| refused())?;
        let mut bytes = vec![0; room];
        let start = to_line(&bytes);
        bytes.truncate(start + len as usize);
        Ok(Self { bytes, start })
    }
}

/// Bytes to ask for so that `len` of them begin at a boundary, where `most` is the longest that an allocation can be:
/// `isize::MAX`, which is 2 GiB less one on 32-bit machines. This is where every structure's size, which is computed in 64
/// bits, becomes a length: one that the machine has no room for is refused here, and never cut.
fn room_for(len: u64, most: u64) -> Option<usize> {
    let room = len.checked_add(LINE as u64 - 1).filter(|room| *room <= most)?;
    usize::try_from(room).ok()
}

/// Bytes from the first one of `bytes` to the next boundary.
fn to_line(bytes: &[u8]) -> usize {
    bytes.as_ptr().align_offset(LINE).min(LINE - 1)
}

impl Resize for Buffer {
    fn resize(&mut self, len: usize) -> Result<()> {
        let found = self.len();
        let refused = |_| Error::CannotGrow { expected: len as u64, found: found as u64 };
        if self.bytes.capacity() - self.start < len {
            // Longer by half at least, as a `Vec` would: the bytes may move, and have to meet the boundary again.
            let room = len.max(found.saturating_add(found / 2)).saturating_add(LINE - 1);
            let mut bytes = Vec::new();
            bytes.try_reserve_exact(room).map_err(refused)?;
            let start = to_line(&bytes);
            bytes.resize(start, 0);
            bytes.extend_from_slice(self);
            *self = Self { bytes, start };
        }
        self.bytes.resize(self.start + len, 0);
        Ok(())
    }
}

/// Takes the bytes where they are, on whatever boundary. O(1).
impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, start: 0 }
    }
}

/// Copies the bytes to a boundary.
impl From<&[u8]> for Buffer {
    fn from(from: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(from.len() + LINE - 1);
        let start = to_line(&bytes);
        bytes.resize(start, 0);
        bytes.extend_from_slice(from);
        Self { bytes, start }
    }
}

/// Moves the bytes to the front of their memory: O(n), and no second copy of them.
impl From<Buffer> for Vec<u8> {
    fn from(mut buffer: Buffer) -> Self {
        buffer.bytes.drain(..buffer.start);
        buffer.bytes
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        Self::from(&**self)
    }
}

impl Deref for Buffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

impl DerefMut for Buffer {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..]
    }
}

impl AsRef<[u8]> for Buffer {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl AsMut<[u8]> for Buffer {
    #[inline]
    fn as_mut(&mut self) -> &mut [u8] {
        self
    }
}

impl PartialEq for Buffer {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Buffer {}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_aligned(buffer: &Buffer) -> bool {
        buffer.as_ptr().align_offset(LINE) == 0
    }

    #[test]
    fn begins_at_a_line_however_it_came_to_be() {
        let mut buffer = Buffer::zeroed(5).expect("memory");
        buffer.copy_from_slice(b"hello");
        for len in [5, 6, 64, 65, 1000, 5000, 1 << 20, 70] {
            buffer.resize(len).expect("memory");
            assert!(is_aligned(&buffer) && buffer.len() == len, "{len} bytes");
            assert!(buffer.starts_with(b"hello") && buffer[5..].iter().all(|byte| *byte == 0));
            let copy = buffer.clone();
            assert!(is_aligned(&copy) && copy == buffer);
            assert!(Vec::from(copy) == *buffer);
        }
    }

    #[test]
    fn takes_a_vector_where_it_is() {
        let bytes = vec![7; 100];
        let place = bytes.as_ptr();
        let buffer = Buffer::from(bytes);
        assert_eq!(buffer.as_ptr(), place);
        let bytes = Vec::from(buffer);
        assert_eq!(bytes.as_ptr(), place);
    }

    /// As a machine of 32 bits has it.
    #[test]
    fn no_length_is_cut_to_32_bits() {
        let most = i32::MAX as u64;
        assert_eq!(room_for(0, most), Some(LINE - 1));
        assert_eq!(room_for(most - 63, most), usize::try_from(most).ok());
        for len in
            [most - 62, most, 1 << 31, 1 << 32, (1 << 32) + 5, u64::from(u32::MAX), u64::MAX - 63, u64::MAX]
        {
            assert_eq!(room_for(len, most), None, "{len}");
        }
        assert_eq!(room_for(u64::MAX - 62, u64::MAX), None, "nor does the sum wrap round");
    }

    #[test]
    fn refuses_what_memory_can_not_hold() {
        for len in [u64::MAX, u64::MAX - 62, 1 << 62] {
            assert_eq!(Buffer::zeroed(len), Err(Error::CannotGrow { expected: len, found: 0 }));
        }
        let mut buffer = Buffer::from(&b"kept"[..]);
        let refused = Error::CannotGrow { expected: usize::MAX as u64, found: 4 };
        assert_eq!(buffer.resize(usize::MAX), Err(refused));
        assert_eq!(*buffer, *b"kept");
    }
}
