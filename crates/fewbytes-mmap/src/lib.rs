//! Files of fewbytes structures.
//!
//! A structure is its bytes, so a file of one needs no loading and no encoding:
//!
//! * [`map()`] opens a file in O(1) and gives a [`Map`], storage for any structure (`BloomFilter<Map>`);
//! * [`read()`] copies a file into a `Vec<u8>`, storage for a structure that is about to change;
//! * [`save()`] puts bytes under a name at once: whoever opens that name sees the old file or the new one,
//!   never a part of either.
//!
//! All three take regular files only, never wait for a pipe, and fail with a [`FileError`]: one sentence that
//! names the path and says what to do.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("words.few");
//!
//! fewbytes_mmap::save(&path, b"one")?;
//! let before = fewbytes_mmap::map(&path)?;
//! let mut bytes = fewbytes_mmap::read(&path)?;
//! bytes.extend_from_slice(b" two");
//! fewbytes_mmap::save(&path, &bytes)?;
//!
//! assert_eq!(*before, *b"one"); // a map keeps the file that it opened
//! assert_eq!(*fewbytes_mmap::map(&path)?, *b"one two");
//! # Ok(())
//! # }
//! ```

mod error;
mod map;
mod region;
mod regular;
mod save;

pub use error::{FileError, Problem};
pub use map::{Map, map};
pub use regular::read;
pub use save::save;
