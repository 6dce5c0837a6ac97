//! Reading a file that others may shorten, without a map.

use crate::{FileError, Problem, regular};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

/// A file that is read range by range into the caller's memory, and never mapped: where the file was shortened
/// or written to meanwhile, a read gives an error or other bytes, where a map would end the process (SIGBUS).
///
/// It costs a system call and a copy for each range, so it is for files that a [`Map`](crate::Map) can't be trusted
/// with: in folders that strangers write to, on network disks. A whole structure out of such a file is
/// [`to_vec`](Guarded::to_vec), or [`read`](crate::read()). A check of the length before each touch of a map would be
/// no guard: the file can be shortened between the two.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use fewbytes_mmap::Guarded;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("words.few");
///
/// fewbytes_mmap::save(&path, &[7; 10_000])?;
/// let file = Guarded::open(&path)?;
/// let mut bytes = [0; 16];
/// file.read_at(9_000, &mut bytes)?;
/// assert_eq!(bytes, [7; 16]);
///
/// std::fs::File::options().write(true).open(&path)?.set_len(100)?; // what nobody should do
/// assert!(file.read_at(9_000, &mut bytes).unwrap_err().to_string().contains("it had 10000 bytes"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Guarded {
    file: File,
    len: u64,
    path: PathBuf,
}

impl Guarded {
    /// Opens a file in O(1).
    ///
    /// # Errors
    ///
    /// As [`read`](crate::read()).
    pub fn open(path: impl AsRef<Path>) -> Result<Guarded, FileError> {
        let path = path.as_ref();
        regular::open(path, OpenOptions::new().read(true))
            .map(|(file, metadata)| Guarded { file, len: metadata.len(), path: path.to_path_buf() })
            .map_err(|problem| problem.at("read", path))
    }

    /// The file's length in bytes when it was opened.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Fills `bytes` with those of the file from `start` on.
    ///
    /// # Errors
    ///
    /// The file is no longer so long ([`Problem::LengthChanged`]), or never was; the disk failed. What is in `bytes` then
    /// means nothing.
    pub fn read_at(&self, start: u64, bytes: &mut [u8]) -> Result<(), FileError> {
        let end = start.saturating_add(bytes.len() as u64);
        if end > self.len {
            return Err(Problem::OutOfRange { start, end, len: self.len }.at("read", &self.path));
        }
        let mut done = 0;
        while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match read_some(&self.file, rest, start.saturating_add(done as u64)) {
                Ok(0) => return Err(self.shortened()),
                Ok(read) => done += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Problem::from(error).at("read", &self.path)),
            }
        }
        Ok(())
    }

    /// All of the file, copied.
    ///
    /// # Errors
    ///
    /// It was shortened; there is not enough memory; the disk failed.
    pub fn to_vec(&self) -> Result<Vec<u8>, FileError> {
        let mut bytes = Vec::new();
        usize::try_from(self.len)
            .ok()
            .and_then(|len| bytes.try_reserve_exact(len).ok().map(|()| bytes.resize(len, 0)))
            .ok_or_else(|| Problem::from(std::io::ErrorKind::OutOfMemory).at("read", &self.path))?;
        self.read_at(0, &mut bytes)?;
        Ok(bytes)
    }

    fn shortened(&self) -> FileError {
        let problem = match self.file.metadata() {
            Ok(metadata) => Problem::LengthChanged { expected: self.len, found: metadata.len() },
            Err(error) => error.into(),
        };
        problem.at("read", &self.path)
    }
}

#[cfg(unix)]
fn read_some(file: &File, bytes: &mut [u8], start: u64) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, start)
}

#[cfg(windows)]
fn read_some(file: &File, bytes: &mut [u8], start: u64) -> std::io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, start)
}
