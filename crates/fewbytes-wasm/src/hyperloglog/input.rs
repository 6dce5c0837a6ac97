//! What is put into a history: words, made-up items, files chunk by chunk.

use super::history::{History, Step, What, full};
use super::items::made_up;
use crate::cut::{Cut, Cutter};
use fewbytes::Result;
use fewbytes::hash::hash;

impl History {
    /// Puts in the words of `text`, each a step, cut as a file's words are.
    pub fn add(&mut self, text: &str) -> Result<()> {
        let seed = self.sketch.seed();
        for word in text.split_ascii_whitespace() {
            if !self.has_room(1) {
                return Err(full());
            }
            let hash = hash(word.as_bytes(), seed);
            self.note(hash);
            self.push(What::Word { text: word.into(), hash });
        }
        self.seek(self.steps.len())
    }

    /// Puts in `count` made-up items, all new: one step.
    pub fn make_up(&mut self, count: u64) -> Result<()> {
        if !self.has_room(count) {
            return Err(full());
        }
        let (seed, first) = (self.sketch.seed(), self.made_up + 1);
        self.made_up += count;
        (first..first + count).for_each(|number| self.note(hash(made_up(number).as_bytes(), seed)));
        self.push(What::MadeUp { first, count });
        self.seek(self.steps.len())
    }

    /// Begins a file, whose chunks follow: one step.
    pub fn begin_file(&mut self, name: &str, cut: Cut) -> Result<()> {
        self.seek(self.steps.len())?;
        self.push(What::File { name: name.into(), items: 0 });
        self.reading = Some(Cutter::new(cut));
        Ok(())
    }

    /// Takes a chunk of the file. False when no more can be taken.
    pub fn chunk(&mut self, chunk: &[u8], is_last: bool) -> bool {
        let Some(mut cutter) = self.reading.take() else { return false };
        let (seed, mut read) = (self.sketch.seed(), 0);
        let mut take = |item: &[u8]| {
            if self.has_room(1) {
                self.note(hash(item, seed));
                read += 1;
            }
        };
        cutter.chunk(chunk, &mut take);
        if is_last {
            cutter.end(take);
        } else {
            self.reading = Some(cutter);
        }
        let end = self.hashes.len();
        if let Some(Step { what: What::File { items, .. }, end: step_end }) = self.steps.last_mut() {
            *items += read;
            *step_end = end;
        }
        self.has_room(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is typed and what a file holds are the same words, those with a space of Unicode's in them too.
    #[test]
    fn typed_words_are_the_words_of_a_file() {
        let text = " to\u{a0}be or\tnot\r\n";
        let mut typed = History::new(6, 7).expect("a precision in range");
        typed.add(text).expect("room");
        let mut read = History::new(6, 7).expect("a precision in range");
        read.begin_file("own.txt", Cut::Words).expect("a step");
        assert!(read.chunk(text.as_bytes(), true));
        read.seek(1).expect("in range");
        assert_eq!((typed.truth(), read.truth()), (Some(3), Some(3)));
        assert_eq!(typed.sketch().as_bytes(), read.sketch().as_bytes());
    }
}
