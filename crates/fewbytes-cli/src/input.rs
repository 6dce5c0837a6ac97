//! Items from files and standard input, in blocks: memory stays flat however much comes.

use crate::split::{By, Cuts};
use crate::stream::{Buffer, Stream};
use anyhow::Result;
use fewbytes::Items;
use std::path::PathBuf;

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
        self.cuts.items(self.buffer.text(), self.stream.by(), |item| block.push(item));
        Ok(true)
    }
}
