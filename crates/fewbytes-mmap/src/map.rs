//! The read-only map.

use crate::advice::{self, Advice};
use crate::{FileError, memory, region, regular};
use memmap2::Mmap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// The bytes of a file, mapped for reading: storage for a structure that is asked and not changed.
///
/// Made by [`map`](map()). Every structure takes it where it takes a `Vec<u8>` or a `&[u8]`, and it can be
/// shared between threads. It shows the file that was opened, even after that file's name was removed or
/// saved over.
///
/// Space: 0 bytes of heap for what it maps. The pages touched are the system's file cache, shared with every other
/// map of the file, in this process and in others: eight processes that ask one dictionary need its bytes once.
pub struct Map {
    map: Mmap,
    /// For errors.
    path: PathBuf,
}

/// Maps a file for reading, whatever its length.
///
/// The condition: while the map lives, no program, this one included, may write into that file in place or
/// shorten it. [`save`](crate::save()) never does, and no [`SharedMap`](crate::SharedMap) changes a sealed file; a
/// `SharedMap` of a file that isn't sealed, `cp` onto the file, `truncate`, `rsync --inplace`,
/// [`std::fs::write`] and most editors do. A file shortened under its map ends the process on the next touch
/// of a missing page (SIGBUS); a file rewritten under its map is undefined behaviour in the terms of Rust,
/// most likely seen as wrong answers. Where that can't be ruled out, use [`read`](crate::read()) or
/// [`Guarded`](crate::Guarded).
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
/// O(1). Each page is read from the disk when it is first touched; [`Map::advise`] says otherwise.
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
        .and_then(|(file, _)| Ok(Map { map: region::read_only(&file)?, path: path.to_path_buf() }))
        .map_err(|problem| problem.at("map", path))
}

impl Map {
    /// Maps an open file: one in [`memory`](crate::memory()), or one that another process passed on. As
    /// [`map`](map()) otherwise, with its condition and its errors. The file may be closed afterwards.
    pub fn of(file: &File) -> Result<Map, FileError> {
        let path = Path::new(memory::NAMELESS);
        file.metadata()
            .map_err(Into::into)
            .and_then(|metadata| regular::refuse_special(&metadata))
            .and_then(|()| Ok(Map { map: region::read_only(file)?, path: path.to_path_buf() }))
            .map_err(|problem| problem.at("map", path))
    }

    /// Tells the system how this map is about to be used.
    ///
    /// # Errors
    ///
    /// The system refused: with [`Advice::Populate`], because the disk failed or the memory is used up. Advice that it
    /// doesn't know is no error.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("words.few");
    /// # fewbytes_mmap::save(&path, &[7; 1000])?;
    /// use fewbytes_mmap::Advice;
    ///
    /// let map = fewbytes_mmap::map(&path)?;
    /// map.advise(Advice::HugePages)?;
    /// map.advise(Advice::Populate)?; // now no lookup waits for the disk
    /// map.advise(Advice::Random)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn advise(&self, advice: Advice) -> Result<(), FileError> {
        #[cfg(unix)]
        advice::give(advice, |advice| self.map.advise(advice))
            .map_err(|problem| problem.at("advise on", &self.path))?;
        let _ = advice;
        Ok(())
    }

    /// Reads all pages and keeps them in memory while this map lives: no lookup waits for the disk, however long the
    /// file was left alone.
    ///
    /// # Errors
    ///
    /// The process may not keep so much: the sentence names the limit to raise. There is not enough memory.
    pub fn keep_in_memory(&self) -> Result<(), FileError> {
        #[cfg(unix)]
        self.map.lock().map_err(|error| advice::not_kept(error, self.len(), &self.path))?;
        Ok(())
    }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

impl AsRef<[u8]> for Map {
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}

/// The length only: the bytes may be many, and printing them would read the whole file.
impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").field("len", &self.len()).finish()
    }
}
