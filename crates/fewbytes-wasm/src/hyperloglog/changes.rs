//! Changes to a history as a whole: merged with another, at another precision, under another seed.

use super::history::{History, Touched, What, full};
use super::places::place;
use super::sentences;
use fewbytes::{Error, HyperLogLog, Result};

impl History {
    /// Takes in another history by the library's own merge.
    pub fn merge(&mut self, mut other: History) -> Result<()> {
        self.seek(self.steps.len())?;
        other.seek(other.steps.len())?;
        if !self.has_room(other.hashes.len() as u64) {
            return Err(full());
        }
        let before: Vec<u8> = self.sketch.registers().collect();
        let finer = self.sketch.precision().max(other.sketch.precision());
        self.sketch.merge(&other.sketch)?;
        let precision = self.sketch.precision();
        if precision != finer {
            self.era += 1;
        }
        if other.base.is_some() {
            // What came before can't be told apart from the file's items any more.
            *self = Self { era: self.era + 1, ..Self::over(Some(self.sketch.clone()), self.sketch.clone()) };
        } else {
            self.base = self.base.as_ref().map(|base| base.fold(precision)).transpose()?;
            other.hashes.iter().for_each(|hash| self.note(*hash));
            self.push(What::Merged);
            self.at = self.steps.len();
        }
        self.touched = None;
        self.why = sentences::merged(&before, &self.sketch, finer);
        Ok(())
    }

    /// The same items at another precision: folded where it is lower, else put in anew.
    pub fn set_precision(&mut self, precision: u32) -> Result<()> {
        let now = self.sketch.precision();
        if precision < now {
            self.base = self.base.as_ref().map(|base| base.fold(precision)).transpose()?;
            self.sketch = self.sketch.fold(precision)?;
            self.why = sentences::folded(now, &self.sketch);
        } else if let Some(base) = &self.base {
            base.fold(precision)?; // The library's own sentence: items of a file are gone, it can't be made finer.
        } else {
            self.sketch = HyperLogLog::new(precision, self.sketch.seed())?;
            self.rebuild(self.at)?;
            self.why = sentences::finer(&self.sketch);
        }
        self.touched = self.touched.map(|touched| {
            let (register, rank) = place(touched.hash, precision);
            Touched { register, rank, before: 0, ..touched }
        });
        self.era += 1;
        Ok(())
    }

    /// The same words and made-up items under another seed. What was only seen as hashes is left out.
    pub fn set_seed(&mut self, seed: u64) -> Result<()> {
        if self.base.is_some() {
            return Err(Error::Mismatch {
                field: "seed",
                expected: self.sketch.seed().to_string(),
                found: seed.to_string(),
            });
        }
        let mut fresh = Self::new(self.sketch.precision(), seed)?;
        let mut dropped = false;
        for step in &self.steps {
            match &step.what {
                What::Word { text, .. } => fresh.add(text)?,
                What::MadeUp { count, .. } => fresh.make_up(*count)?,
                What::File { .. } | What::Merged => dropped = true,
            }
        }
        fresh.why = sentences::reseeded(seed, dropped);
        fresh.era = self.era + 1;
        *self = fresh;
        Ok(())
    }
}
