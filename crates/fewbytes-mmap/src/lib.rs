//! Files of fewbytes structures: one file, many processes.
//!
//! A structure is its bytes, so a file of one needs no loading and no encoding:
//!
//! * [`map()`] opens a file in O(1) and gives a [`Map`], storage for any structure (`BloomFilter<Map>`): all who map it
//!   share its bytes. [`Map::advise`] says how it will be used;
//! * [`read()`] copies a file into a `Vec<u8>`, storage for a structure that is about to change; [`Guarded`] reads parts
//!   of a file that others may shorten;
//! * [`save()`] puts bytes under a name at once: whoever opens that name sees the old file or the new one,
//!   never a part of either. [`Lock`] keeps two programs from changing one file over each other, and [`Watched`] gives the
//!   newest version of a file that others save;
//! * [`SharedMap`] is a file that many processes change at once, word by word;
//! * [`memory()`] and [`shm()`] are files in memory, for all of these.
//!
//! All take regular files only, never wait for a pipe, and fail with a [`FileError`]: one sentence that
//! names the path and says what to do.
//!
//! # Which one
//!
//! | the file is | and you | take |
//! |---|---|---|
//! | saved and sealed, never written in place | ask | [`map()`] |
//! | saved anew now and then | ask for months | [`Watched`] |
//! | sealed | change it | [`Lock`], its `read` and its `save` |
//! | being filled by several processes | ask or insert | [`SharedMap`] |
//! | somebody's who may shorten it | ask | [`read()`], [`Guarded`] |
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

mod advice;
mod error;
mod guarded;
mod lock;
mod map;
mod memory;
mod region;
mod regular;
mod save;
mod shared;
mod watched;

pub use advice::Advice;
pub use error::{FileError, Problem};
pub use guarded::Guarded;
pub use lock::Lock;
pub use map::{Map, map};
pub use memory::{memory, shm};
pub use regular::read;
pub use save::save;
pub use shared::SharedMap;
pub use watched::Watched;
