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

    /// Takes the items of `text`, in place of those before.
    pub fn cut(&mut self, text: &[u8], by: By, cuts: &mut Cuts) {
        self.clear();
        cuts.items(text, by, |item| self.push(item));
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
        block.cut(self.buffer.text(), self.stream.by(), &mut self.cuts);
        Ok(true)
    }
}
