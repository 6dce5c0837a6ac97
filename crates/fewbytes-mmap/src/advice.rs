//! What the system is told about how a map will be used.

use crate::{FileError, Problem};
use std::io::{self, ErrorKind};
use std::path::Path;

/// How a map is about to be used, for [`Map::advise`](crate::Map::advise) and
/// [`SharedMap::advise`](crate::SharedMap::advise).
///
/// Advice changes speed and memory, never answers. A system that doesn't know a piece of advice goes on without
/// it, and that is no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Nothing special: the state of a new map.
    Normal,
    /// From front to end: the system reads far ahead, and may drop what was passed. For a scan, `verify`, a listing.
    Sequential,
    /// Here and there: the system reads no page but those touched. For lookups in a file larger than memory.
    Random,
    /// Soon: the system begins to read the file now, and the call doesn't wait for it.
    WillNeed,
    /// All of it, now: the call comes back when every page was read and entered into this process's tables, so that
    /// no lookup waits for a page. Linux 5.14; elsewhere as [`WillNeed`](Advice::WillNeed).
    Populate,
    /// In pages of 2 MB where the system has them for such a file: fewer misses of the translation buffer. Linux gives
    /// them to files in memory where `/sys/kernel/mm/transparent_hugepage/shmem_enabled` says `advise`, and seldom to
    /// files on a disk. Give this advice before the pages are touched.
    HugePages,
}

/// Gives the advice through `tell`, which is a map's own `advise`.
#[cfg(unix)]
pub(crate) fn give(advice: Advice, tell: impl Fn(memmap2::Advice) -> io::Result<()>) -> Result<(), Problem> {
    let told = match advice {
        Advice::Normal => tell(memmap2::Advice::Normal),
        Advice::Sequential => tell(memmap2::Advice::Sequential),
        Advice::Random => tell(memmap2::Advice::Random),
        Advice::WillNeed => tell(memmap2::Advice::WillNeed),
        #[cfg(target_os = "linux")]
        Advice::Populate => tell(memmap2::Advice::PopulateRead).or_else(|error| match unknown(&error) {
            true => tell(memmap2::Advice::WillNeed),
            false => Err(error),
        }),
        #[cfg(not(target_os = "linux"))]
        Advice::Populate => tell(memmap2::Advice::WillNeed),
        #[cfg(target_os = "linux")]
        Advice::HugePages => tell(memmap2::Advice::HugePage),
        #[cfg(not(target_os = "linux"))]
        Advice::HugePages => Ok(()),
    };
    match told {
        Err(error) if !unknown(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Whether the system has no such advice, or not for such a file.
#[cfg(unix)]
fn unknown(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported)
}

/// The sentence about pages that could not be kept in memory.
pub(crate) fn not_kept(error: io::Error, bytes: usize, path: &Path) -> FileError {
    let limited =
        matches!(error.kind(), ErrorKind::OutOfMemory | ErrorKind::PermissionDenied | ErrorKind::WouldBlock);
    let problem = match limited {
        true => Problem::NotKept { error, bytes: bytes as u64, limit: limit() },
        false => error.into(),
    };
    problem.at("keep in memory", path)
}

/// The most bytes that this process may lock, where there is such a limit.
#[cfg(all(unix, not(target_os = "solaris")))]
fn limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Memlock).current
}

#[cfg(not(all(unix, not(target_os = "solaris"))))]
fn limit() -> Option<u64> {
    None
}
