//! Copying and emptying folders, with the path in every error.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The entries of a folder, sorted, so that builds do the same in the same order everywhere.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    let mut paths = read().with_context(|| format!("The folder {} could not be read.", folder.display()))?;
    paths.sort();
    Ok(paths)
}

/// Copies a file, or a folder with all in it, over what may be there.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        create_dir(to)?;
        for path in entries(from)? {
            if let Some(name) = path.file_name() {
                copy(&path, &to.join(name))?;
            }
        }
        return Ok(());
    }
    fs::copy(from, to)
        .with_context(|| format!("{} could not be copied to {}.", from.display(), to.display()))?;
    Ok(())
}

/// Makes a folder and those above it.
pub(crate) fn create_dir(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("The folder {} could not be made.", folder.display()))
}

/// Removes a folder with all in it, if it is there.
pub(crate) fn remove_dir(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("The folder {} could not be removed.", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Writes a file.
pub(crate) fn write(file: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    fs::write(file, contents).with_context(|| format!("{} could not be written.", file.display()))
}

/// Reads a file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} could not be read.", file.display()))
}

/// Removes a file.
pub(crate) fn remove_file(file: &Path) -> Result<()> {
    fs::remove_file(file).with_context(|| format!("{} could not be removed.", file.display()))
}
