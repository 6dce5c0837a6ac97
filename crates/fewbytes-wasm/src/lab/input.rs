//! What is put on a bench: words, made-up items, files chunk by chunk.

use super::bench::Bench;
use super::history::{What, full, hash_of};
use super::items::made_up;
use crate::cut::{Cut, Cutter};
use fewbytes::Result;
use fewbytes::hash::hash;

impl Bench {
    /// Puts in the words of `text`, each a step, cut as a file's words are.
    pub fn add(&mut self, text: &str) -> Result<()> {
        let seed = self.seed();
        for word in text.split_ascii_whitespace() {
            if !self.history.has_room(1) {
                return Err(full());
            }
            let hash = hash_of(word, seed);
            self.history.note(hash, word.as_bytes());
            self.history.push(What::Word { text: word.into(), hash }, 1);
        }
        self.seek(self.history.steps().len())
    }

    /// Takes words out again, each a step.
    pub fn remove(&mut self, text: &str) -> Result<()> {
        let seed = self.seed();
        for word in text.split_ascii_whitespace() {
            self.seek(self.history.steps().len())?;
            let hash = hash_of(word, seed);
            let events = -i64::from(self.lab().copy().remove(hash));
            self.history.push(What::Removed { text: word.into(), hash }, events);
        }
        self.seek(self.history.steps().len())
    }

    /// Puts in `count` made-up items, all new: one step.
    pub fn make_up(&mut self, count: u64) -> Result<()> {
        if !self.history.has_room(count) {
            return Err(full());
        }
        let (seed, first) = (self.seed(), self.history.make_up(count));
        for number in first..first + count {
            let item = made_up(number);
            self.history.note(hash_of(&item, seed), item.as_bytes());
        }
        self.history.push(What::MadeUp { first, count }, count as i64);
        self.seek(self.history.steps().len())
    }

    /// Begins a file, whose chunks follow: one step.
    pub fn begin_file(&mut self, name: &str, cut: Cut) -> Result<()> {
        self.seek(self.history.steps().len())?;
        self.history.push(What::File { name: name.into(), items: 0 }, 0);
        self.history.reading = Some(Cutter::new(cut));
        Ok(())
    }

    /// Takes a chunk of the file. False when no more can be taken.
    pub fn chunk(&mut self, chunk: &[u8], is_last: bool) -> bool {
        let Some(mut cutter) = self.history.reading.take() else { return false };
        let (seed, mut read) = (self.seed(), 0);
        let mut take = |item: &[u8]| {
            if self.history.has_room(1) {
                self.history.note(hash(item, seed), item);
                read += 1;
            }
        };
        cutter.chunk(chunk, &mut take);
        if is_last {
            cutter.end(take);
        } else {
            self.history.reading = Some(cutter);
        }
        self.history.push_on(read);
        self.history.has_room(1)
    }
}
