//! The text of files and standard input, cut between items.

use crate::files::{Name, is_dash};
use crate::split::{By, last_separator};
use anyhow::{Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Bytes of a block: it fits the second-level cache, and the lock that several threads read under costs nothing.
const BLOCK: usize = 256 << 10;

/// The longest item: a block grows to hold one, and memory must not grow with the input.
const MAX_ITEM: usize = 64 << 20;

/// Room for a block of text, used again and again.
pub struct Buffer {
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
    /// Room for [`BLOCK`] bytes; it grows where an item is longer.
    pub fn new() -> Self {
        Self { bytes: vec![0; BLOCK], len: 0 }
    }

    /// Whole items and the separators between them.
    pub fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Takes `text` in place of what was there.
    fn begin_with(&mut self, text: &[u8]) {
        self.len = text.len();
        self.bytes.resize(self.bytes.len().max(self.len), 0);
        self.bytes[..self.len].copy_from_slice(text);
    }

    /// Room after the text; none once it is as long as the longest item.
    fn room(&mut self) -> &mut [u8] {
        if self.len == self.bytes.len() {
            self.bytes.resize((self.len * 2).min(MAX_ITEM), 0);
        }
        &mut self.bytes[self.len..]
    }
}

/// The text of several files, one after another, cut between items. An item ends at its file's end.
pub struct Stream {
    by: By,
    /// Files to come, the next one last.
    paths: Vec<PathBuf>,
    open: Option<Source>,
    progress: ProgressBar,
}

struct Source {
    path: PathBuf,
    reader: Box<dyn Read + Send>,
    /// The beginning of an item whose end has not been read yet.
    tail: Vec<u8>,
}

impl Stream {
    /// The text of `paths`, or of standard input where there are none or one is `-`.
    ///
    /// Missing files and folders are refused here, before any work is done.
    pub fn open(paths: &[PathBuf], by: By) -> Result<Self> {
        let mut paths = paths.to_vec();
        if paths.is_empty() {
            paths.push("-".into());
        }
        let mut total = Some(0);
        for path in &paths {
            let len = if is_dash(path) { None } else { check(path)? };
            total = total.zip(len).map(|(total, len)| total + len);
        }
        paths.reverse();
        Ok(Self { by, paths, open: None, progress: progress(total) })
    }

    /// What an item is.
    pub fn by(&self) -> By {
        self.by
    }

    /// Fills `buffer` with the next whole items, as soon as there is one. False when all have been read.
    ///
    /// After an error there is nothing more to read: other threads stop too.
    pub fn fill(&mut self, buffer: &mut Buffer) -> Result<bool> {
        let filled = self.next(buffer);
        if filled.is_err() {
            self.paths.clear();
            self.open = None;
        }
        filled
    }

    fn next(&mut self, buffer: &mut Buffer) -> Result<bool> {
        loop {
            let source = match &mut self.open {
                Some(source) => source,
                none => match self.paths.pop() {
                    Some(path) => none.insert(Source::open(path)?),
                    None => return Ok(false),
                },
            };
            if !source.fill(buffer, self.by, &self.progress)? {
                self.open = None;
            }
            if buffer.len > 0 {
                return Ok(true);
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.progress.finish_and_clear();
    }
}

impl Source {
    fn open(path: PathBuf) -> Result<Self> {
        let reader: Box<dyn Read + Send> = match is_dash(&path) {
            true => Box::new(io::stdin()),
            false => Box::new(File::open(&path).map_err(|error| cannot_read(&path, &error))?),
        };
        Ok(Self { path, reader, tail: Vec::new() })
    }

    /// Reads until there is a separator, and keeps what comes after the last. False at the file's end.
    fn fill(&mut self, buffer: &mut Buffer, by: By, progress: &ProgressBar) -> Result<bool> {
        buffer.begin_with(&self.tail);
        self.tail.clear();
        loop {
            let room = buffer.room();
            if room.is_empty() {
                bail!(
                    "a {by} of {} is longer than {} MiB, the most that is read: give a text whose {by}s are shorter, or \
                     another `--by`",
                    Name(&self.path),
                    MAX_ITEM >> 20,
                    by = by.name()
                );
            }
            let read = match self.reader.read(room) {
                Ok(0) => return Ok(false),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(cannot_read(&self.path, &error)),
            };
            progress.inc(read as u64);
            let start = buffer.len;
            buffer.len += read;
            if let Some(last) = last_separator(&buffer.text()[start..], by) {
                let end = start + last + 1;
                self.tail.extend_from_slice(&buffer.text()[end..]);
                buffer.len = end;
                return Ok(true);
            }
        }
    }
}

/// The file's length, where it has one. Refuses what can't be read.
fn check(path: &Path) -> Result<Option<u64>> {
    let metadata = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if metadata.is_dir() {
        bail!("cannot read `{}`: it is a folder; give the files in it", path.display());
    }
    Ok(metadata.is_file().then_some(metadata.len()))
}

fn cannot_read(path: &Path, error: &io::Error) -> anyhow::Error {
    let (cause, advice) = match error.kind() {
        ErrorKind::NotFound => ("there is no such file".to_owned(), "check the path"),
        ErrorKind::PermissionDenied => ("it may not be read".to_owned(), "get permission to read it"),
        _ => (error.to_string(), "try again, or give another file"),
    };
    anyhow!("cannot read {}: {cause}; {advice}", Name(path))
}

/// A bar on standard error, or a spinner where the end is not known; nothing where nobody looks.
fn progress(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => {
            (ProgressBar::new(total), "{bar:40} {bytes}/{total_bytes} {binary_bytes_per_sec} {eta}")
        }
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} {binary_bytes_per_sec}"),
    };
    // The templates are ours and sound: the style as it is would do where one is not.
    ProgressStyle::with_template(template).map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}
