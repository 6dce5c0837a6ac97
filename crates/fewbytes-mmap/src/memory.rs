//! Files that are memory: without a name, and with one.

use crate::{FileError, Problem};
use std::fs::File;
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

/// What errors call a file that has no name.
pub(crate) const NAMELESS: &str = "(a file without a name)";

/// Puts `bytes` into a file that has no name and lies in memory, for [`Map::of`](crate::Map::of): child processes that
/// are given the file share one copy, and the memory is free when the last of them has ended.
///
/// On Linux (`memfd_create`) the file is sealed by the kernel: nobody can write into it or shorten it, so that the
/// condition of [`map`](crate::map()) holds whatever other programs do. Elsewhere it is a temporary file without a
/// name.
///
/// A child gets it as an open file, for example as its standard input.
///
/// # Errors
///
/// There is not enough memory, or the process has too many open files.
///
/// # Time and space
///
/// O(n) and n bytes, in whole pages.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = fewbytes_mmap::memory(b"words")?;
/// let child = std::process::Command::new("cat").stdin(file.try_clone()?).output()?;
/// assert_eq!(child.stdout, b"words");
/// assert_eq!(*fewbytes_mmap::Map::of(&file)?, *b"words");
/// # Ok(())
/// # }
/// ```
pub fn memory(bytes: &[u8]) -> Result<File, FileError> {
    nameless(bytes, Seal::All).map_err(|problem| problem.at("create", Path::new(NAMELESS)))
}

/// What the kernel forbids about a file in memory, for ever.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Seal {
    /// Any change.
    All,
    /// Another length.
    Length,
}

/// A file in memory, read from its start, that holds `bytes`.
#[cfg(target_os = "linux")]
pub(crate) fn nameless(bytes: &[u8], seal: Seal) -> Result<File, Problem> {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use std::os::fd::AsRawFd;
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let mut file = File::from(memfd_create("fewbytes", flags).map_err(io::Error::from)?);
    file.write_all(bytes)?;
    file.rewind()?;
    let mut seals = SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL;
    if seal == Seal::All {
        seals |= SealFlags::WRITE;
    }
    fcntl_add_seals(&file, seals).map_err(io::Error::from)?;
    // Before Linux 6.7 a file that nobody may write can be mapped only where it was opened to be read.
    let readable = format!("/proc/self/fd/{}", file.as_raw_fd());
    match seal {
        Seal::All => Ok(File::open(readable).unwrap_or(file)),
        Seal::Length => Ok(file),
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn nameless(bytes: &[u8], _: Seal) -> Result<File, Problem> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

/// The path of a named file in memory: `/dev/shm/NAME`, which [`save`](crate::save()), [`map`](crate::map()) and
/// [`SharedMap`](crate::SharedMap) take as any other path.
///
/// Such a file lives until it is removed or the machine stops. Programs that use `shm_open("/NAME")` see the same one.
///
/// # Errors
///
/// The name is empty, longer than 255 bytes, `.` or `..`, or has a `/` or a byte 0 in it. The system has no such folder
/// (it is Linux that has it).
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # if std::path::Path::new("/dev/shm").is_dir() {
/// let path = fewbytes_mmap::shm("words.few")?;
/// assert_eq!(path, std::path::Path::new("/dev/shm/words.few"));
/// # }
/// assert!(fewbytes_mmap::shm("../etc/words.few").is_err());
/// # Ok(())
/// # }
/// ```
pub fn shm(name: &str) -> Result<PathBuf, FileError> {
    let folder = Path::new("/dev/shm");
    let fits = (1..=255).contains(&name.len()) && name != "." && name != "..";
    if !fits || name.contains(['/', '\0']) {
        let error = io::Error::new(ErrorKind::InvalidInput, "it is no name of a file in memory");
        return Err(Problem::System(error).at("name", Path::new(name)));
    }
    if !folder.is_dir() {
        let error = io::Error::new(ErrorKind::Unsupported, "this system has no folder `/dev/shm`");
        return Err(Problem::System(error).at("name", Path::new(name)));
    }
    Ok(folder.join(name))
}
