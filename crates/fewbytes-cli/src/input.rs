//! Items from files and standard input, in blocks: memory stays flat however much comes.

use crate::files::{Name, is_dash};
use crate::split::{By, Cuts, last_separator};
use anyhow::{Result, anyhow, bail};
use fewbytes::Items;
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
}

/// The text of several files, one after another, cut between items. An item ends at its file's end.
pub struct Stream {
    by: By,
    /// Files to come, the next one last.
    paths: Vec<PathBuf>,
    open: Option<(PathBuf, Box<dyn Read + Send>)>,
    /// The beginning of an item whose end has not been read yet.
    tail: Vec<u8>,
    progress: ProgressBar,
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
        for path in paths.iter().filter(|path| !is_dash(path)) {
            let metadata = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
            if metadata.is_dir() {
                bail!("cannot read `{}`: it is a folder; give the files in it", path.display());
            }
            total = total.filter(|_| metadata.is_file()).map(|total| total + metadata.len());
        }
        if paths.iter().any(|path| is_dash(path)) {
            total = None;
        }
        paths.reverse();
        Ok(Self { by, paths, open: None, tail: Vec::new(), progress: progress(total) })
    }

    /// Fills `buffer` with the next whole items, as soon as there is one. False when all have been read.
    ///
    /// After an error there is nothing more to read: other threads stop too.
    pub fn fill(&mut self, buffer: &mut Buffer) -> Result<bool> {
        let filled = self.read(buffer);
        if filled.is_err() {
            self.paths.clear();
            self.open = None;
            self.tail.clear();
        }
        filled
    }

    fn read(&mut self, buffer: &mut Buffer) -> Result<bool> {
        loop {
            let Some((path, reader)) = &mut self.open else {
                let Some(path) = self.paths.pop() else { return Ok(false) };
                let reader: Box<dyn Read + Send> = match is_dash(&path) {
                    true => Box::new(io::stdin()),
                    false => Box::new(File::open(&path).map_err(|error| cannot_read(&path, &error))?),
                };
                self.open = Some((path, reader));
                continue;
            };
            buffer.len = self.tail.len();
            if buffer.bytes.len() < buffer.len {
                buffer.bytes.resize(buffer.len, 0);
            }
            buffer.bytes[..buffer.len].copy_from_slice(&self.tail);
            self.tail.clear();
            loop {
                if buffer.len == buffer.bytes.len() {
                    if buffer.len >= MAX_ITEM {
                        bail!(
                            "a {} of {} is longer than {} MiB, the most that is read: give a text whose {}s are \
                             shorter, or another `--by`",
                            self.by.name(),
                            Name(path),
                            MAX_ITEM >> 20,
                            self.by.name()
                        );
                    }
                    buffer.bytes.resize((buffer.len * 2).min(MAX_ITEM), 0);
                }
                let read = match reader.read(&mut buffer.bytes[buffer.len..]) {
                    Ok(read) => read,
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => return Err(cannot_read(path, &error)),
                };
                let start = buffer.len;
                buffer.len += read;
                self.progress.inc(read as u64);
                if read == 0 {
                    break;
                }
                if let Some(last) = last_separator(&buffer.bytes[start..buffer.len], self.by) {
                    let end = start + last + 1;
                    self.tail.extend_from_slice(&buffer.bytes[end..buffer.len]);
                    buffer.len = end;
                    return Ok(true);
                }
            }
            self.open = None;
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

/// Items laid end to end.
#[derive(Default)]
pub struct Block {
    text: Vec<u8>,
    ends: Vec<u32>,
}

impl Block {
    /// Forgets the items, and keeps the room.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds an item.
    pub fn push(&mut self, item: &[u8]) {
        self.text.extend_from_slice(item);
        self.ends.push(self.text.len() as u32);
    }

    /// The items.
    pub fn items(&self) -> Items<'_> {
        Items::new(&self.text, &self.ends)
    }
}

/// The items of several files, some ten thousand at a time.
pub struct Blocks {
    stream: Stream,
    buffer: Buffer,
    cuts: Cuts,
}

impl Blocks {
    /// The items of `paths`, or of standard input where there are none or one is `-`.
    pub fn open(paths: &[PathBuf], by: By) -> Result<Self> {
        Ok(Self { stream: Stream::open(paths, by)?, buffer: Buffer::new(), cuts: Cuts::default() })
    }

    /// Puts the next items in `block`, in place of those before. False when all have been read.
    pub fn next(&mut self, block: &mut Block) -> Result<bool> {
        if !self.stream.fill(&mut self.buffer)? {
            return Ok(false);
        }
        block.clear();
        self.cuts.items(self.buffer.text(), self.stream.by, |item| block.push(item));
        Ok(true)
    }
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
