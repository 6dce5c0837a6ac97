//! What was put in, in order, and what is true at any point of it.
//!
//! A sketch can't be stepped back. But it is made of what it took, so the sketch at any point is a fresh one that took
//! what came up to there. Where repeated items change nothing, only the different ones are kept; those are also the exact
//! count.

use super::items::made_up;
use super::{About, Lab};
use crate::cut::Cutter;
use crate::text::{counted, grouped};
use fewbytes::Error;
use fewbytes::entry::Counts;
use fewbytes::hash::hash;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

/// Most items that are kept: the page stays below 100 MB.
pub const MOST: usize = 1 << 21;
/// Most bytes of items that are kept as they are: a store of them is built in less than a second.
const MOST_BYTES: usize = 1 << 23;

/// One thing that was put in, or taken out.
#[derive(Clone)]
pub enum What {
    Word {
        text: String,
        hash: u64,
    },
    MadeUp {
        first: u64,
        count: u64,
    },
    File {
        name: String,
        items: u64,
    },
    Removed {
        text: String,
        hash: u64,
    },
    /// The other's bytes are kept where its items can't stand for it.
    Merged {
        bytes: Option<Vec<u8>>,
    },
}

/// A step, with what is true after it.
#[derive(Clone)]
pub struct Step {
    pub what: What,
    /// How many hashes are kept.
    pub end: usize,
    pub distinct: u64,
    pub events: u64,
}

/// A step while it is done.
pub struct Happened<'a> {
    pub what: &'a What,
    /// The hashes that it puts in.
    pub hashes: &'a [u64],
    /// The items that it puts in, where they are kept as they are.
    pub keys: Keys<'a>,
    /// How many different items it was the first to put in.
    pub fresh: u64,
}

impl Happened<'_> {
    /// What was put in at once, in words; `None` for a single word.
    pub fn told(&self) -> Option<String> {
        let fresh = || counted(self.fresh, "different item", "different items");
        match self.what {
            What::Word { .. } | What::Removed { .. } => None,
            What::MadeUp { first, count } => {
                let last = grouped((first + count - 1) as f64);
                Some(format!("Made up “item {}” to “item {last}”", grouped(*first as f64)))
            }
            What::File { name, items } => {
                let items = counted(*items, "item", "items");
                Some(format!("Read {items} from {name}, {} new here", fresh()))
            }
            What::Merged { .. } => Some(format!("Merged: {} more", fresh())),
        }
    }

    /// The last hash, and the word where it was a single one.
    pub fn last(&self) -> Option<(u64, Option<&str>)> {
        match self.what {
            What::Word { text, hash } | What::Removed { text, hash } => Some((*hash, Some(text))),
            _ => self.hashes.last().map(|hash| (*hash, None)),
        }
    }

    /// The hash of a word that is taken out.
    pub fn removed(&self) -> Option<u64> {
        match self.what {
            What::Removed { hash, .. } => Some(*hash),
            _ => None,
        }
    }

    /// Whether a single word came that had come before.
    pub fn is_again(&self) -> bool {
        matches!(self.what, What::Word { .. }) && self.fresh == 0
    }
}

/// Items as they are, end to end.
#[derive(Clone, Copy, Default)]
pub struct Keys<'a> {
    text: &'a [u8],
    ends: &'a [u32],
    start: u32,
}

impl<'a> Keys<'a> {
    /// Those that end at `ends`.
    pub fn new(text: &'a [u8], ends: &'a [u32]) -> Self {
        Self { text, ends, start: 0 }
    }

    /// They, in order.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let starts = core::iter::once(self.start).chain(self.ends.iter().copied());
        starts.zip(self.ends).map(move |(start, end)| &self.text[start as usize..*end as usize])
    }
}

/// The hasher of hashes: they are good already, and hashing them again takes 2 KB of code.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

pub struct History {
    /// An opened structure that the history begins with; its items, and so the truth, are not known.
    pub base: Option<Vec<u8>>,
    /// Whether repeated items are kept.
    repeats: bool,
    steps: Vec<Step>,
    pub(super) at: usize,
    hashes: Vec<u64>,
    /// Where items are kept as they are: those of the hashes, end to end, and where each ends.
    keys: Option<(Vec<u8>, Vec<u32>)>,
    /// Where each different hash came first.
    known: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    made_up: u64,
    pub(super) reading: Option<Cutter>,
    /// Goes up whenever what was drawn of earlier hashes is worth nothing any more.
    pub era: u32,
}

impl History {
    pub fn new(about: &About, base: Option<Vec<u8>>) -> Self {
        let (steps, hashes, known) = Default::default();
        let (repeats, keys) = (about.counts == Counts::Events, about.keys.then(Default::default));
        Self { base, repeats, steps, at: 0, hashes, keys, known, made_up: 0, reading: None, era: 0 }
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub fn at(&self) -> usize {
        self.at
    }

    /// What the hashes up to here are kept of.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes[..self.end_of(self.at)]
    }

    /// The hashes of step `index`.
    pub fn hashes_of(&self, index: usize) -> &[u64] {
        self.steps.get(index).map_or(&[], |step| &self.hashes[self.end_of(index)..step.end])
    }

    /// The items of some of the hashes, where they are kept.
    fn keys(&self, range: Range<usize>) -> Keys<'_> {
        let Some((text, ends)) = &self.keys else { return Keys::default() };
        let start = range.start.checked_sub(1).map_or(0, |before| ends[before]);
        Keys { text, ends: &ends[range], start }
    }

    /// The items of step `index`, where they are kept.
    pub fn keys_of(&self, index: usize) -> Keys<'_> {
        self.keys(self.end_of(index)..self.end_of(index + 1))
    }

    /// Gives some of the hashes, or their items where these are kept, to a lab.
    pub(super) fn give(&self, range: Range<usize>, lab: &mut dyn Lab) {
        match self.keys {
            Some(_) => lab.take_keys(self.keys(range)),
            None => lab.take(&self.hashes[range]),
        }
    }

    /// Whether truth is not known, because it began with a file.
    pub fn is_from_file(&self) -> bool {
        self.base.is_some()
    }

    /// Whether the hashes up to here are all that came.
    pub fn is_plain(&self) -> bool {
        let is_other =
            |step: &Step| matches!(step.what, What::Removed { .. } | What::Merged { bytes: Some(_) });
        self.base.is_none() && !self.steps[..self.at].iter().any(is_other)
    }

    /// How many different items went in, where that is known.
    pub fn distinct(&self) -> Option<u64> {
        self.base.is_none().then(|| self.last().map_or(0, |step| step.distinct))
    }

    /// How many items went in, repeated ones too and without those that were taken out, where that is known.
    pub fn events(&self) -> Option<u64> {
        self.base.is_none().then(|| self.last().map_or(0, |step| step.events))
    }

    fn last(&self) -> Option<&Step> {
        self.at.checked_sub(1).and_then(|last| self.steps.get(last))
    }

    pub fn end_of(&self, at: usize) -> usize {
        at.checked_sub(1).and_then(|last| self.steps.get(last)).map_or(0, |step| step.end)
    }

    /// How many different items step `index` was the first to put in.
    pub fn fresh_of(&self, index: usize) -> u64 {
        let distinct =
            |at: Option<usize>| at.and_then(|at| self.steps.get(at)).map_or(0, |step| step.distinct);
        distinct(Some(index)) - distinct(index.checked_sub(1))
    }

    /// How often an item went in and was not taken out, up to here. O(n).
    pub fn count_of(&self, hash: u64) -> u64 {
        if self.known.get(&hash).is_none_or(|first| *first as usize >= self.end_of(self.at)) {
            return 0;
        }
        let removed = |step: &&Step| matches!(step.what, What::Removed { hash: other, .. } if other == hash);
        let inserted = self.hashes().iter().filter(|other| **other == hash).count();
        (inserted as u64).saturating_sub(self.steps[..self.at].iter().filter(removed).count() as u64)
    }

    /// Different items that are in up to here, the first of each, at most `most`: their hashes and names.
    pub fn items(&self, most: usize) -> impl Iterator<Item = (u64, String)> + '_ {
        let steps = self.steps[..self.at].iter().enumerate().flat_map(|(index, step)| {
            let start = self.end_of(index);
            (start..step.end).map(move |i| (i, start, step))
        });
        let removed = self.steps[..self.at].iter().filter_map(|step| match step.what {
            What::Removed { hash, .. } if self.count_of(hash) == 0 => Some(hash),
            _ => None,
        });
        let gone: Vec<u64> = removed.collect();
        let firsts = steps.filter(move |(i, ..)| {
            let hash = self.hashes[*i];
            self.known.get(&hash) == Some(&(*i as u32)) && !gone.contains(&hash)
        });
        firsts
            .take(most)
            .map(|(i, start, step)| (self.hashes[i], step.what.name_of(i - start, step.end - start)))
    }

    pub(super) fn has_room(&self, count: u64) -> bool {
        let bytes = self.keys.as_ref().map_or(0, |(text, _)| text.len());
        count <= (MOST - self.hashes.len().min(MOST)) as u64 && bytes < MOST_BYTES
    }

    pub(super) fn note(&mut self, hash: u64, item: &[u8]) {
        let is_new = !self.known.contains_key(&hash);
        if is_new {
            self.known.insert(hash, self.hashes.len() as u32);
        }
        if is_new || self.repeats {
            self.hashes.push(hash);
            if let Some((text, ends)) = &mut self.keys {
                text.extend_from_slice(item);
                ends.push(text.len() as u32);
            }
        }
    }

    /// Ends a step that put in `events` items; less than none where it took some out.
    pub(super) fn push(&mut self, what: What, events: i64) {
        self.reading = None; // A file that was being read ends here.
        let before = self.steps.last().map_or(0, |step| step.events);
        let events = before.saturating_add_signed(events);
        self.steps.push(Step { what, end: self.hashes.len(), distinct: self.known.len() as u64, events });
    }

    /// Goes on with the last step, a file: so many items more.
    pub(super) fn push_on(&mut self, read: u64) {
        let (end, distinct) = (self.hashes.len(), self.known.len() as u64);
        if let Some(step) = self.steps.last_mut()
            && let What::File { items, .. } = &mut step.what
        {
            *items += read;
            step.events += read;
            (step.end, step.distinct) = (end, distinct);
        }
    }

    /// The numbers of the next made-up items.
    pub(super) fn make_up(&mut self, count: u64) -> u64 {
        let first = self.made_up + 1;
        self.made_up += count;
        first
    }

    /// All hashes, behind and ahead.
    pub(super) fn all_hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// All hashes and their items, which are empty where they are not kept.
    pub(super) fn all(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let keys = self.keys(0..self.hashes.len()).iter().chain(core::iter::repeat(&[][..]));
        self.hashes.iter().copied().zip(keys)
    }
}

impl What {
    /// The name of the `i`-th item of `len` that a step put in.
    fn name_of(&self, i: usize, len: usize) -> String {
        match self {
            Self::Word { text, .. } | Self::Removed { text, .. } => text.clone(),
            Self::MadeUp { first, count } if *count == len as u64 => made_up(first + i as u64),
            // Some of them had come in a file before, and were not kept.
            Self::MadeUp { .. } => "a made-up item".into(),
            Self::File { name, .. } => format!("an item of {name}"),
            Self::Merged { .. } => "an item of the other".into(),
        }
    }
}

/// The hash of a word under a seed.
pub fn hash_of(text: &str, seed: u64) -> u64 {
    hash(text.as_bytes(), seed)
}

pub(super) fn full() -> Error {
    Error::Parameter {
        name: "items",
        expected: format!("at most {MOST} different ones, since the page keeps the exact count too"),
        found: "more".into(),
    }
}
