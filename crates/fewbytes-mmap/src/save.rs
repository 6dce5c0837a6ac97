//! Saving: all of the new file or all of the old one.

use crate::{FileError, Problem, regular};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Puts `bytes` under the name `path`, in place of the file there, if any.
///
/// The bytes go to a temporary file in the same folder (`.fewbytes-` and random letters), are synced to the
/// disk, and get their name by a rename; then the folder is synced. So:
///
/// * whoever opens the name, at any moment and after a power cut at any moment, gets all of the old file or
///   all of the new one;
/// * a [`Map`](crate::Map) of the old file goes on showing the old bytes, because nothing is ever written in
///   place;
/// * on an error the old file is as it was and the temporary file is gone. (A process killed half-way leaves
///   its temporary file behind.) The one exception is [`Problem::NotDurable`].
///
/// A symbolic link stays, and the file that it points to is replaced. A replaced file hands on its
/// permissions, and its owner and group where the system allows; when the group is lost, the new group gets
/// no more than everybody. A new file gets what the umask leaves of `rw-rw-rw-`. Access lists and extended
/// attributes are not handed on, and other hard links to the old file keep the old bytes. Two savers at once
/// don't harm each other: the last rename wins. Those who change what they have read take a [`Lock`](crate::Lock).
///
/// # Errors
///
/// The path is a folder, pipe, socket or device; its folder is missing; the file or the folder may not be
/// written (a read-only file is not replaced); the disk is full or a limit was reached. On Windows also: the
/// old file is mapped by some program.
///
/// # Time and space
///
/// O(n) for n bytes, and two waits for the disk. While it works, the disk holds the old file and the new one.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("words.few");
/// fewbytes_mmap::save(&path, b"old")?;
/// fewbytes_mmap::save(&path, b"newer")?;
/// assert_eq!(std::fs::read(&path)?, b"newer");
/// assert_eq!(std::fs::read_dir(&folder)?.count(), 1); // nothing else is left
///
/// let error = fewbytes_mmap::save(folder.path().join("no/such/folder.few"), b"").unwrap_err();
/// assert!(error.to_string().contains("create the folder first"));
/// # Ok(())
/// # }
/// ```
pub fn save(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), FileError> {
    let path = path.as_ref();
    put(path, bytes, Old::Replace, |_| Ok(()))
        .and_then(|(_, synced)| synced)
        .map_err(|problem| problem.at("save", path))
}

/// What to do with a file that has the name already.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Old {
    Replace,
    Refuse,
}

/// Puts a file of `bytes` under the name `path`, after `ready` has had it while it had no name that others know.
///
/// The file, open to be read and written, and whether its name will survive a power cut.
pub(crate) fn put(
    path: &Path,
    bytes: &[u8],
    old: Old,
    ready: impl FnOnce(&File) -> Result<(), Problem>,
) -> Result<(File, Result<(), Problem>), Problem> {
    let target = behind_links(path)?;
    // Opened for writing, though never written: a rename asks only the folder, and would replace read-only
    // files.
    let replaced = match regular::open(&target, OpenOptions::new().write(true)) {
        Ok(_) if old == Old::Refuse => return Err(io::ErrorKind::AlreadyExists.into()),
        Ok((_, metadata)) => Some(metadata),
        Err(Problem::System(e)) if e.kind() == io::ErrorKind::NotFound => None,
        Err(problem) => return Err(problem),
    };
    let folder = match target.parent() {
        Some(parent) if parent == Path::new("") => Path::new("."),
        Some(parent) => parent,
        None => return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file").into()),
    };
    // Opened first: if it can't be, that must be known while the old file is still there.
    let synced = Folder::open(folder)?;

    let mut temporary = tempfile::Builder::new()
        .prefix(".fewbytes-") // not from the file's name, which may already be as long as a name can be
        .make_in(folder, |path| create(path, replaced.is_some()))?;
    if let Some(replaced) = &replaced {
        hand_on_permissions(replaced, temporary.as_file())?;
    }
    temporary.as_file_mut().write_all(bytes)?;
    temporary.as_file().sync_all()?;
    ready(temporary.as_file())?;
    let file = match old {
        Old::Replace => temporary.persist(&target),
        Old::Refuse => temporary.persist_noclobber(&target),
    };
    Ok((file.map_err(|e| e.error)?, synced.sync().map_err(Problem::NotDurable)))
}

/// The path at the end of the symbolic links, which need not exist yet.
fn behind_links(path: &Path) -> Result<PathBuf, Problem> {
    match fs::metadata(path) {
        Ok(metadata) => regular::refuse_special(&metadata)?,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => return Err(e.into()),
    }
    let mut target = path.to_path_buf();
    // The system has just followed these links, and it gives up after 40: more are the work of a race.
    for _ in 0..=40 {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_symlink() => {}
            _ => return Ok(target),
        }
        let next = fs::read_link(&target)?;
        target.pop();
        target.push(next);
    }
    Err(io::Error::other("its symbolic links do not end").into())
}

/// Creates the temporary file: for its owner alone until it has the permissions of the file that it replaces,
/// so that nobody can open it who could not open that one.
fn create(path: &Path, replaces: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if replaces { 0o600 } else { 0o666 });
    #[cfg(not(unix))]
    let _ = replaces;
    options.open(path)
}

#[cfg(unix)]
fn hand_on_permissions(old: &Metadata, new: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let fresh = new.metadata()?;
    let mut mode = old.mode() & 0o777;
    let same = (fresh.uid(), fresh.gid()) == (old.uid(), old.gid());
    // Only root may give a file away, but its group may be any of the saver's.
    if !same && fchown(new, Some(old.uid()), Some(old.gid())).is_err() {
        let group_kept = fresh.gid() == old.gid() || fchown(new, None, Some(old.gid())).is_ok();
        if !group_kept {
            mode = mode & 0o707 | (mode & 0o007 & (mode >> 3)) << 3;
        }
    }
    new.set_permissions(fs::Permissions::from_mode(mode))
}

/// Elsewhere the only permission is "read-only", and read-only files are not replaced.
#[cfg(not(unix))]
fn hand_on_permissions(_: &Metadata, _: &File) -> io::Result<()> {
    Ok(())
}

/// A folder, open so that a rename in it can be made to last.
struct Folder(#[cfg(unix)] File);

impl Folder {
    fn open(path: &Path) -> io::Result<Folder> {
        #[cfg(unix)]
        return Ok(Folder(File::open(path)?));
        #[cfg(not(unix))]
        return fs::metadata(path).map(|_| Folder());
    }

    /// Some file systems have no notion of it, and say that it is invalid or unsupported.
    fn sync(&self) -> io::Result<()> {
        #[cfg(unix)]
        match self.0.sync_all() {
            Err(e) if !matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
                return Err(e);
            }
            _ => {}
        }
        Ok(())
    }
}
