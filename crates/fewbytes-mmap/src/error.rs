//! What can go wrong with a file, in sentences.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Says which file could not be mapped, read, shared, locked or saved, why, and what to do.
///
/// `Display` is one whole sentence; [`source`](Error::source) is the system's error, where there was one.
///
/// ```
/// let error = fewbytes_mmap::map("no-such.few").unwrap_err();
/// assert_eq!(error.action, "map");
/// assert!(error.to_string().starts_with("cannot map `no-such.few`: there is no such file"));
/// assert!(std::error::Error::source(&error).is_some());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct FileError {
    /// What was tried: `"map"`, `"read"`, `"save"`, `"create"`, `"share"`, `"lock"`, `"flush"` and the like.
    pub action: &'static str,
    /// The path as the caller gave it.
    pub path: PathBuf,
    /// What stood in the way.
    pub problem: Problem,
}

/// What stood in the way of a [`FileError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The path is not that of a regular file.
    NotRegular {
        /// What it is: `"a folder"`, `"a pipe"`, `"a socket"`, `"a device"`.
        found: &'static str,
    },
    /// The file's length changed while it was read.
    LengthChanged {
        /// The length in bytes when the file was opened.
        expected: u64,
        /// How many bytes came: fewer, or one more, where reading stopped.
        found: u64,
    },
    /// The file was saved and has its name, but the system could not say that the name will survive a power
    /// cut.
    NotDurable(io::Error),
    /// More was asked for than the file ever had.
    OutOfRange {
        /// The first byte asked for.
        start: u64,
        /// The first byte after them.
        end: u64,
        /// The file's length in bytes when it was opened.
        len: u64,
    },
    /// Somebody else holds the file's lock.
    InUse,
    /// The system doesn't keep so much in memory for this process.
    NotKept {
        /// What it said.
        error: io::Error,
        /// How many bytes were to be kept.
        bytes: u64,
        /// How many the process may keep at most, where there is a limit.
        limit: Option<u64>,
    },
    /// The system refused.
    System(io::Error),
}

impl Problem {
    pub(crate) fn at(self, action: &'static str, path: &Path) -> FileError {
        FileError { action, path: path.to_path_buf(), problem: self }
    }
}

impl FileError {
    /// Whether the system refused with this kind of error.
    pub(crate) fn is(&self, kind: ErrorKind) -> bool {
        matches!(&self.problem, Problem::System(error) if error.kind() == kind)
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Problem {
        Problem::System(error)
    }
}

impl From<ErrorKind> for Problem {
    fn from(kind: ErrorKind) -> Problem {
        Problem::System(kind.into())
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} `{}`: ", self.action, self.path.display())?;
        match &self.problem {
            Problem::NotRegular { found } => write!(f, "it is {found}; give the path of a regular file"),
            Problem::LengthChanged { expected, found } => {
                let (only, more) = if found < expected { ("only ", "") } else { ("", " or more") };
                write!(f, "it had {expected} bytes when opened, but {only}{found}{more} came; ")?;
                f.write_str("try again when no program writes to it")
            }
            Problem::NotDurable(error) => {
                write!(f, "its folder could not be synced to the disk ({error}); ")?;
                f.write_str("the new file is in place, save it again to be sure that it survives a power cut")
            }
            Problem::OutOfRange { start, end, len } => {
                write!(f, "it has {len} bytes, and those from {start} to {end} were asked for; ask for fewer")
            }
            Problem::InUse => f.write_str("another program holds its lock; try again when that has ended"),
            Problem::NotKept { error, bytes, limit } => {
                write!(f, "the system doesn't keep {bytes} bytes for this process ({error}); ")?;
                match limit {
                    Some(limit) => {
                        write!(f, "raise its limit of {limit} bytes (`ulimit -l`, RLIMIT_MEMLOCK)")
                    }
                    None => f.write_str("free some memory and try again"),
                }
            }
            Problem::System(error) if matches!(self.action, "save" | "create") => {
                let (what, advice) = when_saving(error.kind());
                cause(f, what, error)?;
                write!(f, "; {advice}")?;
                if self.action == "save" {
                    f.write_str(", any old file is unchanged")?;
                }
                Ok(())
            }
            Problem::System(error) => {
                let (what, advice) = match self.action {
                    "share" | "flush" => when_sharing(error.kind()),
                    "name" => (None, "use another name, or a file in a folder"),
                    _ => when_reading(error.kind()),
                };
                cause(f, what, error)?;
                write!(f, "; {advice}")
            }
        }
    }
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.problem {
            Problem::NotDurable(error) | Problem::System(error) | Problem::NotKept { error, .. } => {
                Some(error)
            }
            Problem::NotRegular { .. }
            | Problem::LengthChanged { .. }
            | Problem::OutOfRange { .. }
            | Problem::InUse => None,
        }
    }
}

/// The cause in our words, or else in the system's.
fn cause(f: &mut fmt::Formatter<'_>, what: Option<&str>, error: &io::Error) -> fmt::Result {
    match (what, error.raw_os_error()) {
        (Some(what), Some(code)) => write!(f, "{what} (os error {code})"),
        (Some(what), None) => f.write_str(what),
        (None, _) => write!(f, "{error}"),
    }
}

fn when_reading(kind: ErrorKind) -> (Option<&'static str>, &'static str) {
    match kind {
        ErrorKind::NotFound => (Some("there is no such file"), "check the path"),
        ErrorKind::PermissionDenied => {
            (Some("it may not be read"), "get permission to read the file and to enter its folder")
        }
        ErrorKind::OutOfMemory => (Some("there is not enough memory for it"), "free some and try again"),
        _ => (None, "check the path and the disk"),
    }
}

fn when_sharing(kind: ErrorKind) -> (Option<&'static str>, &'static str) {
    match kind {
        ErrorKind::PermissionDenied => (
            Some("it may not be read and written"),
            "get permission to write the file and to enter its folder, or map it to be read",
        ),
        ErrorKind::ReadOnlyFilesystem => {
            (Some("the disk is read-only"), "map it to be read, or share a copy")
        }
        ErrorKind::StorageFull => (Some("the disk is full"), "free some space and try again"),
        _ => when_reading(kind),
    }
}

fn when_saving(kind: ErrorKind) -> (Option<&'static str>, &'static str) {
    match kind {
        ErrorKind::NotFound => (Some("its folder does not exist"), "create the folder first"),
        ErrorKind::PermissionDenied => (
            Some("it may not be written"),
            "get permission to write the file and its folder, or save under another path",
        ),
        ErrorKind::AlreadyExists => {
            (Some("there is a file of that name"), "open it, or give a path that is free")
        }
        ErrorKind::StorageFull => (Some("the disk is full"), "free some space and try again"),
        ErrorKind::QuotaExceeded => (Some("your disk quota is used up"), "free some space and try again"),
        ErrorKind::FileTooLarge => (
            Some("the file would be longer than this system or session allows"),
            "raise the limit (see `ulimit -f`) or save to another disk",
        ),
        ErrorKind::ReadOnlyFilesystem => (Some("the disk is read-only"), "save under another path"),
        _ => (None, "check the path and the disk"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(action: &'static str, problem: impl Into<Problem>) -> String {
        problem.into().at(action, Path::new("words.few")).to_string()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_in_a_sentence() {
        assert_eq!(
            sentence("save", io::Error::from_raw_os_error(28)),
            "cannot save `words.few`: the disk is full (os error 28); free some space and try again, \
             any old file is unchanged"
        );
    }

    #[test]
    fn every_sentence_is_one_and_whole() {
        for (action, problem, expected) in [
            ("map", Problem::NotRegular { found: "a pipe" }, "it is a pipe; give the path of a regular file"),
            (
                "read",
                Problem::LengthChanged { expected: 9, found: 3 },
                "it had 9 bytes when opened, but only 3 came; try again when no program writes to it",
            ),
            (
                "read",
                Problem::LengthChanged { expected: 9, found: 10 },
                "it had 9 bytes when opened, but 10 or more came; try again when no program writes to it",
            ),
            (
                "read",
                ErrorKind::OutOfMemory.into(),
                "there is not enough memory for it; free some and try again",
            ),
            (
                "save",
                Problem::System(io::Error::other("lightning")),
                "lightning; check the path and the disk, any old file is unchanged",
            ),
            (
                "save",
                Problem::NotDurable(io::Error::other("lightning")),
                "its folder could not be synced to the disk (lightning); the new file is in place, \
                 save it again to be sure that it survives a power cut",
            ),
        ] {
            assert_eq!(sentence(action, problem), format!("cannot {action} `words.few`: {expected}"));
        }
    }
}
