//! Files of structures: mapped to be read, owned to be changed, saved whole or not at all.

use anyhow::{Result, anyhow, bail};
use fewbytes::catalog;
use fewbytes::entry::{Entry, Sketch, View};
use fewbytes::shared::SHARED;
use fewbytes_mmap::{Lock, Problem};
use std::fmt;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// Whether a path stands for standard input or output.
pub fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How errors call a path: `` `words.few` ``, or standard input.
pub struct Name<'a>(pub &'a Path);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match is_dash(self.0) {
            true => f.write_str("standard input"),
            false => write!(f, "`{}`", self.0.display()),
        }
    }
}

/// The library's sentence, with the name of the file that it is about.
pub fn about<'a>(path: &'a Path) -> impl Fn(fewbytes::Error) -> anyhow::Error + 'a {
    move |error| anyhow!("{}: {error}", Name(path))
}

/// The bytes of a structure, to be read.
pub enum FewFile {
    /// A file, where it lies. Nothing has been read yet but what was needed.
    Mapped(fewbytes_mmap::Map),
    /// What came from standard input, or from a file that others may be writing.
    Read(Vec<u8>),
}

impl FewFile {
    /// Maps the file, in O(1); reads one that others may be writing, and standard input to its end.
    pub fn open(path: &Path) -> Result<Self> {
        match is_dash(path) {
            true => Ok(Self::Read(read_stdin()?)),
            false => {
                let map = fewbytes_mmap::map(path).map_err(sentence)?;
                match may_be_written(&map) {
                    true => Ok(Self::Read(fewbytes_mmap::read(path).map_err(sentence)?)),
                    false => Ok(Self::Mapped(map)),
                }
            }
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map.as_ref(),
            Self::Read(bytes) => bytes,
        }
    }

    /// The structure in it. O(1).
    pub fn view(&self, path: &Path) -> Result<Box<dyn View + '_>> {
        catalog::open(self.bytes()).map_err(about(path))
    }
}

/// Whether the file is of a kind that many write in place, and not sealed: bytes that change are not to be mapped. We seal
/// what we save, so it was made by another program.
fn may_be_written(map: &fewbytes_mmap::Map) -> bool {
    let shareable = |entry: &Entry| SHARED.iter().any(|shared| shared.slug == entry.slug);
    catalog::open(&map[..]).is_ok_and(|view| !view.is_sealed() && shareable(view.entry()))
}

/// Reads a structure to be changed, and checks it: damage must not be sealed as good.
pub fn read_sketch(path: &Path) -> Result<Box<dyn Sketch>> {
    let bytes = if is_dash(path) { read_stdin()? } else { fewbytes_mmap::read(path).map_err(sentence)? };
    let sketch = catalog::open_owned(bytes).map_err(about(path))?;
    sketch.verify().map_err(about(path))?;
    Ok(sketch)
}

/// A saved structure that is about to change, and the lock of its file: of several who change one, each sees what those
/// before it have saved.
pub struct Changing<'a> {
    path: &'a Path,
    lock: Option<Lock>,
}

impl<'a> Changing<'a> {
    /// Waits for the lock of the file, if it is one.
    pub fn wait(path: &'a Path) -> Result<Self> {
        if is_dash(path) {
            return Ok(Self { path, lock: None });
        }
        let lock = match Lock::try_exclusive(path) {
            Ok(None) => {
                eprintln!("waiting for {}: another program is changing it", Name(path));
                Lock::exclusive(path).map(Some)
            }
            tried => tried,
        };
        match lock {
            Ok(lock) => Ok(Self { path, lock }),
            Err(error) if unlockable(&error) => {
                eprintln!("{error}; going on without: let nobody else change the file meanwhile");
                Ok(Self { path, lock: None })
            }
            Err(error) => Err(sentence(error)),
        }
    }

    /// Saves as [`save`], and is done.
    pub fn save(self, sketch: Box<dyn Sketch>) -> Result<()> {
        match self.lock {
            None => save(sketch, self.path),
            Some(mut lock) => lock.save(finished(sketch, self.path)?.as_bytes()).map_err(sentence),
        }
    }
}

/// Whether the file system has no locks.
fn unlockable(error: &fewbytes_mmap::FileError) -> bool {
    matches!(&error.problem, Problem::System(error) if error.kind() == io::ErrorKind::Unsupported)
}

/// Refuses to read the structure and the items from standard input both.
pub fn check_stdin(structure: &Path, inputs: &[PathBuf]) -> Result<()> {
    let from_stdin = inputs.is_empty() || inputs.iter().any(|path| is_dash(path));
    if is_dash(structure) && from_stdin {
        bail!("standard input can't be both the structure and the items: give a file for one of them");
    }
    Ok(())
}

/// Refuses to save where it could not be done, before the work and not after it.
pub fn check_output(path: &Path) -> Result<()> {
    if is_dash(path) && io::stdout().is_terminal() {
        bail!(
            "the bytes of a structure are not for a terminal: give a file after `-o`, or redirect the output"
        );
    }
    if path.is_dir() {
        bail!("cannot save `{}`: it is a folder; give the path of a file in it", path.display());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        bail!("cannot save `{}`: there is no folder `{}`; make it first", path.display(), folder.display());
    }
    Ok(())
}

/// Makes the structure compact, seals it and saves it in one step: whoever opens the file sees all of the old or all of the new.
pub fn save(sketch: Box<dyn Sketch>, path: &Path) -> Result<()> {
    let sketch = finished(sketch, path)?;
    if is_dash(path) {
        return crate::output::stdout(|out| Ok(out.write_all(sketch.as_bytes())?));
    }
    fewbytes_mmap::save(path, sketch.as_bytes()).map_err(sentence)
}

/// Compact and sealed.
fn finished(mut sketch: Box<dyn Sketch>, path: &Path) -> Result<Box<dyn Sketch>> {
    sketch.compact().map_err(about(path))?;
    sketch.seal();
    Ok(sketch)
}

fn read_stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(|error| {
        anyhow!("cannot read standard input: {error}; redirect a file of a structure to it")
    })?;
    Ok(bytes)
}

/// `FileError` is a sentence already; its source is in it and need not be said twice.
fn sentence(error: fewbytes_mmap::FileError) -> anyhow::Error {
    anyhow!("{error}")
}
