//! What was put in, in order, and the sketch at any point of it.
//!
//! A HyperLogLog can't be stepped back: registers only grow. But it forgets order and repetition, so the sketch at any
//! point is a fresh one that took the different hashes up to there. Those hashes are also the exact count.

use super::places::place;
use super::sentences;
use crate::cut::Cutter;
use fewbytes::{Error, HyperLogLog, Result};
use std::collections::HashSet;

/// Most different items whose exact count is kept: the page stays below 100 MB.
pub const MOST: usize = 1 << 21;

/// One thing that was put in.
#[derive(Clone)]
pub enum What {
    Word { text: String, hash: u64 },
    MadeUp { first: u64, count: u64 },
    File { name: String, items: u64 },
    Merged,
}

#[derive(Clone)]
pub struct Step {
    pub what: What,
    /// How many different hashes were there after it.
    pub end: usize,
}

/// What the last step did to one register.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touched {
    pub hash: u64,
    pub register: usize,
    pub rank: u8,
    pub before: u8,
}

pub struct History {
    /// A sketch that was opened; its items, and so the truth, are not known.
    pub(super) base: Option<HyperLogLog>,
    pub(super) sketch: HyperLogLog,
    pub(super) steps: Vec<Step>,
    pub(super) at: usize,
    pub(super) hashes: Vec<u64>,
    pub(super) known: HashSet<u64>,
    pub(super) made_up: u64,
    pub(super) reading: Option<Cutter>,
    /// Goes up whenever what was drawn of earlier hashes is worth nothing any more.
    pub era: u32,
    pub touched: Option<Touched>,
    pub why: String,
}

impl History {
    pub fn new(precision: u32, seed: u64) -> Result<Self> {
        Ok(Self::over(None, HyperLogLog::new(precision, seed)?))
    }

    /// A history that begins with an opened sketch.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let sketch = HyperLogLog::open(bytes.into())?;
        sketch.verify()?;
        let mut history = Self::over(Some(sketch.clone()), sketch);
        history.why = sentences::opened(&history.sketch);
        Ok(history)
    }

    pub(super) fn over(base: Option<HyperLogLog>, sketch: HyperLogLog) -> Self {
        let why = sentences::empty(&sketch);
        let (steps, hashes, known) = Default::default();
        Self {
            base,
            sketch,
            steps,
            at: 0,
            hashes,
            known,
            made_up: 0,
            reading: None,
            era: 0,
            touched: None,
            why,
        }
    }

    pub fn sketch(&self) -> &HyperLogLog {
        &self.sketch
    }
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
    pub fn at(&self) -> usize {
        self.at
    }
    /// The different hashes up to here.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes[..self.end_of(self.at)]
    }
    pub fn is_from_file(&self) -> bool {
        self.base.is_some()
    }
    /// How many different items went in, where that is known.
    pub fn truth(&self) -> Option<u64> {
        self.base.is_none().then_some(self.end_of(self.at) as u64)
    }

    fn end_of(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |last| self.steps[last].end)
    }

    pub(super) fn has_room(&self, count: u64) -> bool {
        self.hashes.len() as u64 + count <= MOST as u64
    }

    pub(super) fn note(&mut self, hash: u64) {
        if self.known.insert(hash) {
            self.hashes.push(hash);
        }
    }

    pub(super) fn push(&mut self, what: What) {
        self.reading = None; // A file that was being read ends here.
        self.steps.push(Step { what, end: self.hashes.len() });
    }

    /// Goes to the point after `to` steps, and says what the last of them did.
    pub fn seek(&mut self, to: usize) -> Result<()> {
        let to = to.min(self.steps.len());
        let Some(last) = to.checked_sub(1) else {
            self.rebuild(0)?;
            self.touched = None;
            self.why = sentences::beginning(self);
            return Ok(());
        };
        if self.at > last {
            self.rebuild(last)?;
        } else {
            let (from, end) = (self.end_of(self.at), self.end_of(last));
            self.sketch.insert_hashes(&self.hashes[from..end]);
        }
        self.apply(last);
        self.at = to;
        Ok(())
    }

    pub(super) fn rebuild(&mut self, at: usize) -> Result<()> {
        self.sketch = match &self.base {
            Some(base) => base.clone(),
            None => HyperLogLog::new(self.sketch.precision(), self.sketch.seed())?,
        };
        self.sketch.insert_hashes(&self.hashes[..self.end_of(at)]);
        self.at = at;
        Ok(())
    }

    fn apply(&mut self, index: usize) {
        let before: Vec<u8> = self.sketch.registers().collect();
        let (from, end) = (self.end_of(index), self.steps[index].end);
        let last = match &self.steps[index].what {
            What::Word { hash, .. } => {
                self.sketch.insert_hash(*hash);
                Some(*hash)
            }
            _ => {
                self.sketch.insert_hashes(&self.hashes[from..end]);
                self.hashes[from..end].last().copied()
            }
        };
        self.touched = last.map(|hash| {
            let (register, rank) = place(hash, self.sketch.precision());
            Touched { hash, register, rank, before: before[register] }
        });
        let changed = self.sketch.registers().zip(&before).filter(|(now, before)| now != *before).count();
        self.why = sentences::step(&self.steps[index].what, end - from, self.touched, changed, &self.sketch);
    }
}

pub(super) fn full() -> Error {
    Error::Parameter {
        name: "items",
        expected: format!("at most {MOST} different ones, since the page keeps the exact count too"),
        found: "more".into(),
    }
}
