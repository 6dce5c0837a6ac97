//! A file put into a history, chunk by chunk.

use super::history::{History, Step, What};
use super::items::{Cut, Cutter};
use fewbytes::Result;
use fewbytes::hash::hash;

impl History {
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
