//! Advisory locks: one program at a time reads a file, changes it and saves it.

use crate::save::{self, Old};
use crate::{FileError, Problem, regular};
use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The right to replace a file: nobody else has one to the same file, in this process or another, until this one is
/// dropped or its process ends, however it ends.
///
/// It is advisory: it keeps out those who ask for it, which are `Lock` and [`SharedMap`](crate::SharedMap).
/// [`save`](crate::save()) doesn't ask, nor do other programs. A `SharedMap` holds a share of the lock, so a
/// `Lock` comes when every `SharedMap` of the file is gone: what a structure does alone (grow, freeze, seal) meets no
/// insert half-way, and no insert goes to a file that was just replaced.
///
/// The lock is on the file itself (`flock`), and nothing is left beside it. A file that is replaced while somebody waits
/// for it is another file: the waiter looks again whether the path still names the one that it locked, and else begins
/// anew. [`Lock::save`] locks the new file before it gets its name, so the lock holds from one version to the next.
///
/// Two things follow from a lock that lies on an open file. A thread that holds a `Lock` waits for itself when it opens a
/// `SharedMap` of the same file, so whoever has the lock reads by [`Lock::read`]. And a child process that is just being
/// started has all open files of its parent for a moment, so a lock that was dropped may be held for that moment longer;
/// a child by `fork` alone holds it with its parent, until both have dropped it.
///
/// On systems that aren't Unix it keeps nobody out.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use fewbytes_mmap::Lock;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("words.few");
/// fewbytes_mmap::save(&path, b"one")?;
///
/// let mut lock = Lock::exclusive(&path)?;
/// assert!(Lock::try_exclusive(&path)?.is_none()); // another one would wait
/// let mut bytes = lock.read()?;
/// bytes.extend_from_slice(b" two");
/// lock.save(&bytes)?;
/// drop(lock);
///
/// assert_eq!(fewbytes_mmap::read(&path)?, b"one two");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Lock {
    /// Open, and so locked.
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Waits until nobody else holds the lock, and takes it. The file must be there.
    ///
    /// # Errors
    ///
    /// There is no such file; it may not be read; it is not a regular file; its file system has no locks.
    pub fn exclusive(path: impl AsRef<Path>) -> Result<Lock, FileError> {
        match Self::take(path.as_ref(), Wait::Yes) {
            Ok(lock) => Ok(lock),
            Err(problem) => Err(problem.at("lock", path.as_ref())),
        }
    }

    /// Takes the lock if nobody else holds it; `None` where somebody does.
    ///
    /// # Errors
    ///
    /// As [`exclusive`](Lock::exclusive).
    pub fn try_exclusive(path: impl AsRef<Path>) -> Result<Option<Lock>, FileError> {
        match Self::take(path.as_ref(), Wait::No) {
            Ok(lock) => Ok(Some(lock)),
            Err(Problem::InUse) => Ok(None),
            Err(problem) => Err(problem.at("lock", path.as_ref())),
        }
    }

    fn take(path: &Path, wait: Wait) -> Result<Lock, Problem> {
        // Nothing is written, but some network file systems give this lock only to those who might.
        let mut writing = OpenOptions::new();
        writing.read(true).write(true);
        let (file, _) = match open(path, &mut writing, Kind::Exclusive, wait) {
            Err(Problem::System(error))
                if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) =>
            {
                open(path, OpenOptions::new().read(true), Kind::Exclusive, wait)
            }
            opened => opened,
        }?;
        Ok(Lock { file, path: path.to_path_buf() })
    }

    /// Reads the locked file, as [`read`](crate::read()).
    pub fn read(&self) -> Result<Vec<u8>, FileError> {
        crate::read(&self.path)
    }

    /// Saves as [`save`](crate::save()), and holds the lock of the new file.
    pub fn save(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let saved = save::put(&self.path, bytes, Old::Replace, |new| lock(new, Kind::Exclusive, Wait::Yes));
        // Also where the folder could not be synced, the path names the new file.
        let (file, synced) = saved.map_err(|problem| problem.at("save", &self.path))?;
        self.file = file;
        synced.map_err(|problem| problem.at("save", &self.path))
    }
}

/// Who may hold a lock beside this one.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Nobody.
    Exclusive,
    /// Others who share it.
    Shared,
}

/// Whether to wait for a lock that somebody else holds.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wait {
    Yes,
    No,
}

/// As often as a file may be replaced between its opening and its lock; each time somebody else has done their work.
const REPLACED_MOST: usize = 10_000;

/// Opens a regular file, locks it, and makes sure that its path still names it.
pub(crate) fn open(
    path: &Path,
    options: &mut OpenOptions,
    kind: Kind,
    wait: Wait,
) -> Result<(File, Metadata), Problem> {
    for _ in 0..REPLACED_MOST {
        let (file, _) = regular::open(path, options)?;
        lock(&file, kind, wait)?;
        // Looked at again: while we waited it may have got a new length.
        let metadata = file.metadata()?;
        match names(path, &metadata) {
            Ok(true) => return Ok((file, metadata)),
            Ok(false) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(std::io::Error::other("it is replaced faster than it can be locked").into())
}

/// Locks an open file.
#[cfg(unix)]
pub(crate) fn lock(file: &File, kind: Kind, wait: Wait) -> Result<(), Problem> {
    let tried = match kind {
        Kind::Exclusive => file.try_lock(),
        Kind::Shared => file.try_lock_shared(),
    };
    match (tried, wait) {
        (Ok(()), _) => Ok(()),
        (Err(TryLockError::Error(error)), _) => Err(error.into()),
        (Err(TryLockError::WouldBlock), Wait::No) => Err(Problem::InUse),
        (Err(TryLockError::WouldBlock), Wait::Yes) => loop {
            let locked = match kind {
                Kind::Exclusive => file.lock(),
                Kind::Shared => file.lock_shared(),
            };
            match locked {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                locked => return Ok(locked?),
            }
        },
    }
}

/// A lock of Windows would also keep out those who don't ask for it, the reading of its own process among them.
#[cfg(not(unix))]
pub(crate) fn lock(_: &File, _: Kind, _: Wait) -> Result<(), Problem> {
    Ok(())
}

/// Whether `path` names the file that `metadata` is of.
#[cfg(unix)]
pub(crate) fn names(path: &Path, metadata: &Metadata) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let named = std::fs::metadata(path)?;
    Ok((named.dev(), named.ino()) == (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(crate) fn names(path: &Path, metadata: &Metadata) -> std::io::Result<bool> {
    let named = std::fs::metadata(path)?;
    Ok((named.len(), named.modified()?) == (metadata.len(), metadata.modified()?))
}
