//! The read-only map.

use crate::{FileError, region, regular};
use memmap2::Mmap;
use std::fmt;
use std::fs::OpenOptions;
use std::ops::Deref;
use std::path::Path;

/// The bytes of a file, mapped for reading: storage for a structure that is asked and not changed.
///
/// Made by [`map`](map()). Every structure takes it where it takes a `Vec<u8>` or a `&[u8]`, and it can be
/// shared between threads. It shows the file that was opened, even after that file's name was removed or
/// saved over.
///
/// Space: 0 bytes of heap. The pages touched are the system's file cache, shared with every other map of the
/// file.
pub struct Map(Mmap);

/// Maps a file for reading, whatever its length.
///
/// The condition: while the map lives, no program, this one included, may write into that file in place or
/// shorten it. [`save`](crate::save()) never does; `cp` onto the file, `truncate`, `rsync --inplace`,
/// [`std::fs::write`] and most editors do. A file shortened under its map ends the process on the next touch
/// of a missing page (SIGBUS); a file rewritten under its map is undefined behaviour in the terms of Rust,
/// most likely seen as wrong answers. Where that can't be ruled out, use [`read`](crate::read()).
///
/// The bytes are whatever the file holds: opening a structure on them checks its header, and its `verify` the
/// rest. An empty file gives a map of length zero.
///
/// # Errors
///
/// There is no such file; it may not be read; it is a folder, pipe, socket or device (a pipe is refused and
/// never waited for); its file system can't map; it is longer than the address space.
///
/// # Time
///
/// O(1). Each page is read from the disk when it is first touched.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("words.few");
/// fewbytes_mmap::save(&path, &[7; 1000])?;
/// let map = fewbytes_mmap::map(&path)?;
/// assert_eq!((map.len(), map[999]), (1000, 7));
///
/// let error = fewbytes_mmap::map(folder.path()).unwrap_err();
/// assert!(error.to_string().ends_with("it is a folder; give the path of a regular file"));
/// # Ok(())
/// # }
/// ```
pub fn map(path: impl AsRef<Path>) -> Result<Map, FileError> {
    let path = path.as_ref();
    regular::open(path, OpenOptions::new().read(true))
        .and_then(|(file, _)| Ok(Map(region::read_only(&file)?)))
        .map_err(|problem| problem.at("map", path))
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Map {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The length only: the bytes may be many, and printing them would read the whole file.
impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").field("len", &self.len()).finish()
    }
}
