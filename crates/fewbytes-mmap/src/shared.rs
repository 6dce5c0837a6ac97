//! The shared map: words that many processes read and change at once.

use crate::advice::{self, Advice};
use crate::lock::{self, Kind, Wait};
use crate::memory::{self, Seal};
use crate::save::{self, Old};
use crate::{FileError, Problem, region, regular};
use fewbytes::shared::Words;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

/// The words of a file, mapped to be read and changed by any number of threads and processes at once: storage for the
/// structures of `fewbytes::shared`, whose `insert` takes `&self`.
///
/// Its length is fixed. What changes the length, or must meet no insert half-way (grow, freeze into a file, seal), is done
/// by who holds a [`Lock`](crate::Lock): it comes when every `SharedMap` of the file is gone, and while somebody holds
/// it, [`open`](SharedMap::open) waits. Nobody has to lock for an insert.
///
/// # What survives
///
/// * *The end of a process*, by a signal or otherwise: everything. The words are the system's file cache, which no process
///   owns. An insert that returned is there for all others at once, and for whoever opens the file later.
/// * *The end of the machine* (a power cut, a crash of the kernel): what was in the file when the last
///   [`flush`](SharedMap::flush) that returned was called, by whichever process. Of later changes any part may be there, a word whole or
///   not at all on disks whose sectors are. The structures of `fewbytes::shared` change no header and only set bits,
///   raise registers or add to counters, so their file opens after any of this; it may lack what was not flushed, and
///   nothing else. A file in memory is gone.
///
/// # Length
///
/// A file whose length is no multiple of 8 has its last bytes in a last word; what is written to the rest of that word
/// is seen by all who map the file, and not stored.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use fewbytes::shared::{Words, copy};
/// use fewbytes_mmap::SharedMap;
/// use std::sync::atomic::Ordering;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("counts");
///
/// let ours = SharedMap::create(&path, &[0; 64])?;
/// let theirs = SharedMap::open(&path)?; // most often in another process
/// ours.words()[3].fetch_add(1, Ordering::Relaxed);
/// theirs.words()[3].fetch_add(1, Ordering::Relaxed);
/// assert_eq!(copy(&ours)?[24], 2);
/// ours.flush()?;
/// # Ok(())
/// # }
/// ```
pub struct SharedMap {
    words: region::Words,
    /// Open, and so holding a share of the lock.
    file: File,
    path: PathBuf,
}

impl SharedMap {
    /// Opens a file to be shared; waits while somebody holds its [`Lock`](crate::Lock).
    ///
    /// # Errors
    ///
    /// There is no such file; it may not be read or written; it is no regular file; its file system can't map or
    /// lock; it is longer than the address space.
    pub fn open(path: impl AsRef<Path>) -> Result<SharedMap, FileError> {
        let path = path.as_ref();
        let mut options = OpenOptions::new();
        lock::open(path, options.read(true).write(true), Kind::Shared, Wait::Yes)
            .and_then(|(file, metadata)| Self::over(file, metadata.len(), path))
            .map_err(|problem| problem.at("share", path))
    }

    /// Makes a file of `bytes`, those of a structure, and shares it. Nobody ever sees a part of it: it gets its name
    /// when it is whole and on the disk.
    ///
    /// # Errors
    ///
    /// There is a file of that name: [`open`](SharedMap::open) it. As [`save`](crate::save()) otherwise.
    pub fn create(path: impl AsRef<Path>, bytes: &[u8]) -> Result<SharedMap, FileError> {
        let path = path.as_ref();
        save::put(path, bytes, Old::Refuse, |new| lock::lock(new, Kind::Shared, Wait::Yes))
            .and_then(|(file, synced)| {
                synced?;
                Self::over(file, bytes.len() as u64, path)
            })
            .map_err(|problem| problem.at("create", path))
    }

    /// Opens the file, or makes it of `bytes()` where there is none. Of many processes that do so at once, one makes it
    /// and all share it.
    ///
    /// # Errors
    ///
    /// Those of [`open`](SharedMap::open) and [`create`](SharedMap::create), but for a file that is there or isn't.
    pub fn open_or_create(
        path: impl AsRef<Path>,
        bytes: impl FnOnce() -> Vec<u8>,
    ) -> Result<SharedMap, FileError> {
        let path = path.as_ref();
        match Self::open(path) {
            Err(error) if error.is(ErrorKind::NotFound) => {}
            opened => return opened,
        }
        match Self::create(path, &bytes()) {
            Err(error) if error.is(ErrorKind::AlreadyExists) => Self::open(path),
            created => created,
        }
    }

    /// Makes a file of `bytes` in memory that has no name: for threads, and for child processes that are given
    /// [`file`](SharedMap::file). On Linux the kernel seals its length.
    ///
    /// # Errors
    ///
    /// There is not enough memory, or the process has too many open files.
    pub fn anonymous(bytes: &[u8]) -> Result<SharedMap, FileError> {
        let path = Path::new(memory::NAMELESS);
        memory::nameless(bytes, Seal::Length)
            .and_then(|file| Self::over(file, bytes.len() as u64, path))
            .map_err(|problem| problem.at("create", path))
    }

    /// Shares an open file: one in memory that another process passed on. The file must be open to be read and written,
    /// and nothing is locked.
    ///
    /// # Errors
    ///
    /// As [`open`](SharedMap::open).
    pub fn of(file: File) -> Result<SharedMap, FileError> {
        let path = Path::new(memory::NAMELESS);
        file.metadata()
            .map_err(Problem::from)
            .and_then(|metadata| {
                regular::refuse_special(&metadata)?;
                Self::over(file, metadata.len(), path)
            })
            .map_err(|problem| problem.at("share", path))
    }

    fn over(file: File, len: u64, path: &Path) -> Result<SharedMap, Problem> {
        let len = usize::try_from(len).map_err(|_| ErrorKind::OutOfMemory)?;
        Ok(SharedMap { words: region::Words::map(&file, len)?, file, path: path.to_path_buf() })
    }

    /// The open file: what a child process is given, to see the same words by [`of`](SharedMap::of).
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Waits until what is in the file now, by whoever, is on the disk and will survive the end of the machine.
    ///
    /// It writes what changed since the last time. A file in memory needs no flush and survives none.
    ///
    /// # Errors
    ///
    /// The disk failed or is full: what was inserted since the last flush may be lost with the machine.
    pub fn flush(&self) -> Result<(), FileError> {
        self.words.raw().flush().map_err(|error| Problem::from(error).at("flush", &self.path))
    }

    /// Whether its path still names this file. Where it doesn't, the file was removed or another was saved over it, and
    /// what is inserted here is seen by nobody who opens that path: open it again.
    ///
    /// # Errors
    ///
    /// The system can't tell. A file without a name has no path to ask for.
    pub fn is_current(&self) -> Result<bool, FileError> {
        let named = self.file.metadata().and_then(|metadata| lock::names(&self.path, &metadata));
        match named {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            named => named.map_err(|error| Problem::from(error).at("look at", &self.path)),
        }
    }

    /// Tells the system how this map is about to be used, as [`Map::advise`](crate::Map::advise).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn advise(&self, advice: Advice) -> Result<(), FileError> {
        #[cfg(unix)]
        advice::give(advice, |advice| self.words.raw().advise(advice))
            .map_err(|problem| problem.at("advise on", &self.path))?;
        let _ = advice;
        Ok(())
    }

    /// Keeps all pages in memory while this map lives, as [`Map::keep_in_memory`](crate::Map::keep_in_memory).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn keep_in_memory(&self) -> Result<(), FileError> {
        #[cfg(unix)]
        self.words.raw().lock().map_err(|error| advice::not_kept(error, self.byte_len(), &self.path))?;
        Ok(())
    }
}

impl Words for SharedMap {
    fn words(&self) -> &[AtomicU64] {
        self.words.words()
    }

    fn byte_len(&self) -> usize {
        self.words.len()
    }
}

/// The length only, as for a [`Map`](crate::Map).
impl fmt::Debug for SharedMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedMap").field("len", &self.byte_len()).finish()
    }
}
