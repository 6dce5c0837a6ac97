//! Opening regular files and nothing else, and reading them whole.

use crate::{FileError, Problem};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Reads a whole file into memory: storage for a structure that is about to change, or a copy of a file that
/// others may write into.
///
/// The bytes are those of one moment only if nothing wrote into the file in place meanwhile;
/// [`save`](crate::save()) never does. A length that changed during the reading is noticed and refused.
///
/// # Errors
///
/// As [`map`](crate::map()): no such file, not readable, not a regular file (never waited for). Also: the
/// length changed while the file was read; there is not enough memory.
///
/// # Time and space
///
/// O(n) and n bytes, for a file of n bytes.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("words.few");
/// fewbytes_mmap::save(&path, b"one")?;
/// let mut bytes = fewbytes_mmap::read(&path)?;
/// bytes[0] = b'O'; // ours: the file is as it was
/// assert_eq!(fewbytes_mmap::read(&path)?, b"one");
/// # Ok(())
/// # }
/// ```
pub fn read(path: impl AsRef<Path>) -> Result<Vec<u8>, FileError> {
    let path = path.as_ref();
    open(path, OpenOptions::new().read(true))
        .and_then(|(file, metadata)| read_exactly(&file, metadata.len()))
        .map_err(|problem| problem.at("read", path))
}

/// All of `file`, whose length is `expected`.
///
/// Nothing is read beyond one byte more than that, so a file that grows as fast as it is read can't fill the
/// memory.
fn read_exactly(file: impl Read, expected: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let len = usize::try_from(expected).map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes.try_reserve_exact(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
    file.take(expected.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 {
        found if found == expected => Ok(bytes),
        found => Err(Problem::LengthChanged { expected, found }),
    }
}

/// Opens a regular file, with its metadata; refuses everything else.
///
/// Looked at twice: before opening, because opening alone can act (a tape rewinds) or wait (a pipe without a
/// writer), and after, because the name may have got another file in between. For that moment the opening
/// itself is told not to wait.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> Result<(File, Metadata), Problem> {
    refuse_special(&fs::metadata(path)?)?;
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32);
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    refuse_special(&metadata)?;
    Ok((file, metadata))
}

/// Refuses what is not a regular file.
pub(crate) fn refuse_special(metadata: &Metadata) -> Result<(), Problem> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    #[cfg(unix)]
    let special = {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            "a pipe"
        } else if kind.is_socket() {
            "a socket"
        } else {
            "a device"
        }
    };
    #[cfg(not(unix))]
    let special = "not a regular file";
    Err(Problem::NotRegular { found: if kind.is_dir() { "a folder" } else { special } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_changes_is_refused() {
        assert_eq!(read_exactly(&b"four"[..], 4).unwrap(), b"four");
        for (bytes, expected, found) in [(&b"grown"[..], 3, 4), (b"", 1, 0), (b"cut", 9, 3), (b"x", 0, 1)] {
            match read_exactly(bytes, expected) {
                Err(Problem::LengthChanged { expected: e, found: f }) => {
                    assert_eq!((e, f), (expected, found))
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn an_endless_or_unbelievable_file_ends() {
        let endless = read_exactly(io::repeat(1), 1000);
        assert!(matches!(endless, Err(Problem::LengthChanged { expected: 1000, found: 1001 })));
        let unbelievable = read_exactly(io::empty(), u64::MAX);
        assert!(matches!(unbelievable, Err(Problem::System(e)) if e.kind() == io::ErrorKind::OutOfMemory));
    }
}
