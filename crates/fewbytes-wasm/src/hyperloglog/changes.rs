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

#[cfg(test)]
mod tests {
    use super::*;

    fn history(precision: u32, words: &str, made_up: u64) -> History {
        let mut history = History::new(precision, 7).expect("a precision in range");
        history.add(words).expect("room");
        history.make_up(made_up).expect("room");
        history
    }

    /// Back and forth, merged, folded and made finer: always the sketch that the items give.
    #[test]
    fn history_always_gives_the_sketch_of_its_items() {
        let mut ours = history(6, "to be or not to be", 100);
        let whole = ours.sketch().as_bytes().to_vec();
        for to in [3, 0, 7, 2, 6, 7] {
            ours.seek(to).expect("in range");
        }
        assert_eq!(ours.sketch().as_bytes(), whole);
        ours.seek(6).expect("in range");
        assert_eq!((ours.truth(), ours.why.contains("again")), (Some(4), true));

        ours.merge(history(7, "or else", 200)).expect("one seed");
        assert_eq!((ours.truth(), ours.sketch().precision()), (Some(205), 6));
        let both = ours.sketch().as_bytes().to_vec();
        let (back, end) = (ours.at() - 1, ours.at());
        ours.seek(back).expect("in range");
        assert_eq!(ours.sketch().as_bytes(), whole);
        ours.seek(end).expect("in range");
        assert_eq!(ours.sketch().as_bytes(), both);

        ours.set_precision(5).expect("lower");
        let folded = ours.sketch().as_bytes().to_vec();
        ours.set_precision(9).expect("items are known");
        ours.set_precision(5).expect("lower");
        assert_eq!(ours.sketch().as_bytes(), folded);
        assert!(ours.merge(History::new(5, 8).expect("in range")).is_err(), "seeds differ");
    }

    #[test]
    fn an_opened_sketch_has_no_truth_and_can_only_be_folded() {
        let bytes = history(6, "to be", 1000).sketch().as_bytes().to_vec();
        let mut opened = History::open(bytes.clone()).expect("a sketch");
        assert_eq!(opened.truth(), None);
        opened.add("more words").expect("room");
        assert!(opened.set_precision(7).is_err() && opened.set_seed(1).is_err());
        opened.seek(0).expect("in range");
        assert_eq!(opened.sketch().as_bytes(), bytes);
        opened.set_precision(4).expect("lower");
        opened.seek(2).expect("in range");
        assert_eq!(opened.sketch().precision(), 4);

        let mut ours = history(6, "a b", 0);
        ours.merge(opened).expect("one seed");
        assert_eq!((ours.truth(), ours.steps().len(), ours.sketch().precision()), (None, 0, 4));
    }

    #[test]
    fn another_seed_hashes_words_again() {
        let mut ours = history(6, "to be", 10);
        ours.set_seed(8).expect("no file");
        assert_eq!(ours.sketch().as_bytes(), {
            let mut fresh = History::new(6, 8).expect("in range");
            fresh.add("to be").expect("room");
            fresh.make_up(10).expect("room");
            fresh.sketch().as_bytes().to_vec()
        });
    }
}
