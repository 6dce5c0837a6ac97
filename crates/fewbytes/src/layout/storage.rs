//! Storage that can change its length, and storage that can't.

use crate::{Error, Result};
use alloc::{boxed::Box, vec::Vec};

/// Bytes that a structure writes and may want longer or shorter.
///
/// [`Buffer`](super::Buffer) and `Vec<u8>` can; memory that somebody lent can't, and answers with [`Error::CannotGrow`].
pub trait Resize: AsRef<[u8]> + AsMut<[u8]> {
    /// Makes the storage `len` bytes long; new bytes are zero.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when it can't; the storage is then as before.
    fn resize(&mut self, len: usize) -> Result<()>;
}

impl Resize for Vec<u8> {
    fn resize(&mut self, len: usize) -> Result<()> {
        let found = self.len();
        let more = len.saturating_sub(found);
        self.try_reserve(more)
            .map_err(|_| Error::CannotGrow { expected: len as u64, found: found as u64 })?;
        Vec::resize(self, len, 0);
        Ok(())
    }
}

fn refuse(found: usize, len: usize) -> Result<()> {
    match len == found {
        true => Ok(()),
        false => Err(Error::CannotGrow { expected: len as u64, found: found as u64 }),
    }
}

impl Resize for &mut [u8] {
    fn resize(&mut self, len: usize) -> Result<()> {
        refuse(self.len(), len)
    }
}

impl Resize for Box<[u8]> {
    fn resize(&mut self, len: usize) -> Result<()> {
        refuse(self.len(), len)
    }
}
