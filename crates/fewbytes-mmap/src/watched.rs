//! The newest version of a file that is replaced now and then.

use crate::{FileError, Map, Problem};
use std::error::Error;
use std::fmt;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, TryLockError};
use std::time::{Duration, Instant};

/// Why a new version could not be used.
type Reason = Arc<dyn Error + Send + Sync>;
/// What makes a version of a map.
type Opener<T> = dyn Fn(Map) -> Result<T, Box<dyn Error + Send + Sync>> + Send + Sync;

/// The newest version of a file that others [`save`](crate::save()): each question goes to the version that is
/// [`current`](Watched::current), and who holds an older one goes on with its bytes.
///
/// `T` is what a map is opened as: the [`Map`] itself, or a structure over it, such as a `BloomFilter<Map>`.
///
/// A new version that can't be opened (it is missing, cut off, of another kind) is not used: the last good one stays
/// current, and [`problem`](Watched::problem) says why. It is looked at again when the file changes.
///
/// # Time
///
/// `current` reads the clock and takes a lock that no reader of it waits for: tens of nanoseconds. Once an interval one
/// caller asks the system for the file's state, which is about a microsecond, and opens it when it is another one; no
/// other caller waits for that. No thread and no timer is at work between the calls.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use fewbytes_mmap::Watched;
/// use std::time::Duration;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("words.few");
///
/// fewbytes_mmap::save(&path, b"one")?;
/// let words = Watched::map(&path, Duration::ZERO)?; // most often a second or more
/// let old = words.current();
/// fewbytes_mmap::save(&path, b"two")?;
/// assert_eq!(**words.current(), *b"two");
/// assert_eq!(**old, *b"one");
/// # Ok(())
/// # }
/// ```
pub struct Watched<T> {
    path: PathBuf,
    interval: Duration,
    open: Box<Opener<T>>,
    /// What `next_look` counts from.
    started: Instant,
    /// Nanoseconds from the start, before which nobody looks at the file.
    next_look: AtomicU64,
    current: RwLock<Arc<T>>,
    /// Held by the one who looks at the file.
    looked: Mutex<Looked>,
}

/// What was seen of the file.
struct Looked {
    /// The version that is current, or that was refused.
    version: Option<Version>,
    problem: Option<Reason>,
}

impl Watched<Map> {
    /// Watches the bytes of a file, as [`map`](crate::map()) sees them. The condition of `map` holds for every version.
    ///
    /// # Errors
    ///
    /// As [`map`](crate::map()), now; later ones go to [`problem`](Watched::problem).
    pub fn map(path: impl AsRef<Path>, interval: Duration) -> Result<Self, FileError> {
        let path = path.as_ref();
        Self::open(path, interval, Ok::<Map, FileError>).map_err(|error| match error.downcast() {
            Ok(error) => *error,
            Err(error) => Problem::System(std::io::Error::other(error)).at("map", path),
        })
    }
}

impl<T> Watched<T> {
    /// Watches what `open` makes of a file's map: a structure's own `open`, and its `verify` where the file comes from
    /// somebody else. The file is looked at once an `interval` at most, by a call of [`current`](Watched::current).
    ///
    /// # Errors
    ///
    /// Those of [`map`](crate::map()) and of `open`, now; later ones go to [`problem`](Watched::problem).
    pub fn open<E: Into<Box<dyn Error + Send + Sync>>>(
        path: impl AsRef<Path>,
        interval: Duration,
        open: impl Fn(Map) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let path = path.as_ref();
        let open: Box<Opener<T>> = Box::new(move |map| open(map).map_err(Into::into));
        // Seen before it is opened: what replaces it in between is seen as another one at the next look.
        let version = Version::of(path)?;
        let current = open(crate::map(path)?)?;
        let started = Instant::now();
        Ok(Self {
            path: path.to_path_buf(),
            interval,
            open,
            started,
            next_look: AtomicU64::new(nanoseconds(interval)),
            current: RwLock::new(Arc::new(current)),
            looked: Mutex::new(Looked { version: Some(version), problem: None }),
        })
    }

    /// The newest version that could be opened, as of an interval ago at most.
    pub fn current(&self) -> Arc<T> {
        let now = nanoseconds(self.started.elapsed());
        if now >= self.next_look.load(Ordering::Relaxed) {
            self.look(now);
        }
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why the file as it is now is not the current version; `None` when it is.
    pub fn problem(&self) -> Option<Reason> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).problem.clone()
    }

    /// Looks at the file, unless somebody is just doing so.
    fn look(&self, now: u64) {
        let mut looked = match self.looked.try_lock() {
            Ok(looked) => looked,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        // Somebody may have looked since this call read the clock.
        if now < self.next_look.load(Ordering::Relaxed) {
            return;
        }
        self.next_look.store(now.saturating_add(nanoseconds(self.interval)), Ordering::Relaxed);
        let version = match Version::of(&self.path) {
            Ok(version) => version,
            // It may come back as it was.
            Err(error) => return *looked = Looked { version: None, problem: Some(Arc::new(error)) },
        };
        if looked.version.as_ref() == Some(&version) {
            return;
        }
        let map = match crate::map(&self.path) {
            Ok(map) => map,
            // What the system refuses now, it may give at the next look.
            Err(error) => return *looked = Looked { version: None, problem: Some(Arc::new(error)) },
        };
        let problem = match (self.open)(map) {
            Ok(new) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                None
            }
            Err(error) => Some(Reason::from(error)),
        };
        *looked = Looked { version: Some(version), problem };
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// What tells one version of a file from another without reading it.
///
/// A file that was saved is another one (its number), unless the old one was free to give its number away: then its
/// times differ.
#[derive(PartialEq)]
struct Version(u64, u64, u64, i64, i64, i64, i64);

impl Version {
    fn of(path: &Path) -> Result<Version, FileError> {
        fs::metadata(path)
            .map(|metadata| Self::from(&metadata))
            .map_err(|error| Problem::from(error).at("map", path))
    }

    #[cfg(unix)]
    fn from(metadata: &Metadata) -> Version {
        use std::os::unix::fs::MetadataExt;
        Version(
            metadata.dev(),
            metadata.ino(),
            metadata.len(),
            metadata.mtime(),
            metadata.mtime_nsec(),
            metadata.ctime(),
            metadata.ctime_nsec(),
        )
    }

    #[cfg(not(unix))]
    fn from(metadata: &Metadata) -> Version {
        let modified =
            metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        Version(metadata.len(), modified.map_or(0, nanoseconds), 0, 0, 0, 0, 0)
    }
}

impl<T: fmt::Debug> fmt::Debug for Watched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched")
            .field("path", &self.path)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}
