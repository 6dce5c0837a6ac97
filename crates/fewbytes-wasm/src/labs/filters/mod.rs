//! The labs of filters: cells that remember items, drawn as a grid whose probes are joined to the word.
//!
//! What differs from filter to filter is a [`Filter`]; the lab over any of them is [`FilterLab`].

mod age_partitioned;
mod blocked;
mod bloom;
mod counting;
mod fuse;
mod pictures;
mod scalable;
mod sentences;

pub use age_partitioned::ABOUT as AGE_PARTITIONED;
pub use blocked::ABOUT as BLOCKED;
pub use bloom::ABOUT as BLOOM;
pub use counting::ABOUT as COUNTING;
pub use fuse::ABOUT as FUSE;
pub use scalable::ABOUT as SCALABLE;

use crate::draw::{Sheet, Twin};
use crate::lab::pictures::{Grid, MOST};
use crate::lab::{
    About, Action, Answers, Cells, Deed, Figure, Happened, History, Hits, Lab, Random, Scene, Side, Tuning,
    said_by,
};
use core::ops::Range;
use fewbytes::layout::Region;
use fewbytes::{Error, Estimate, Result};

/// Words that were never put in are tried up to this one for a false positive.
const GUESSES: u32 = 1_000_000;
/// Random hashes that are asked for to measure the rate of false positives.
const MEASURED: u32 = 20_000;

const ACTIONS: &[Action] = &[Action {
    name: "false-positive",
    label: "Find me a false positive",
    title: "Asks for words that never came until the filter says yes",
}];
const CELLS: Figure = Figure { name: "cells", title: "The filter", side: Side::Left };
const RATE: Figure = Figure { name: "rate", title: "False positives", side: Side::Left };

/// A filter of the library, and how its cells are looked at.
pub trait Filter {
    fn about(&self) -> &'static About;
    fn tuning(&self) -> Tuning;
    fn bytes(&self) -> &[u8];
    fn regions(&self) -> Vec<Region>;
    fn sealed(&self) -> Vec<u8>;
    fn copy(&self) -> Box<dyn Filter>;
    fn take(&mut self, hashes: &[u64]);
    fn remove(&mut self, _hash: u64) -> bool {
        false
    }
    fn merge(&mut self, _other: &[u8]) -> Result<()> {
        Err(Error::Unsupported { structure: self.about().slug, operation: "merge" })
    }
    fn contains(&self, hash: u64) -> bool;
    /// The rate at which an item that never came is found now.
    fn current_rate(&self) -> f64;
    /// The rate by the theory after so many items.
    fn rate_at(&self, items: f64) -> f64;
    fn estimate(&self) -> Estimate;
    fn std_error(&self) -> f64;
    /// What a parameter's value means.
    fn shown(&self, control: usize) -> String;
    /// How many of the latest items it surely finds, where it forgets.
    fn window(&self) -> Option<u64> {
        None
    }
    /// What the last items did beside setting cells, as a sentence after a space.
    fn remark(&self) -> String {
        String::new()
    }
    /// What an item's cells come to, in words without an end, where that is not whether they are set.
    fn comes_to(&self, _hash: u64) -> Option<String> {
        None
    }

    /// One cell and many, in words.
    fn nouns(&self) -> [&'static str; 2] {
        ["bit", "bits"]
    }
    /// A cell in words.
    fn name_of(&self, cell: usize) -> String {
        format!("{} {cell}", self.nouns()[0])
    }
    /// How many cells there are.
    fn len(&self) -> usize;
    /// Bits of a cell: 1, 4, 8 or 16.
    fn cell_bits(&self) -> usize {
        1
    }
    /// The most that a cell holds.
    fn most(&self) -> u16 {
        ((1_u32 << self.cell_bits()) - 1) as u16
    }
    /// Whether items set cells, so that one that holds 0 is none's.
    fn sets(&self) -> bool {
        true
    }
    /// Where the cells are: with them the bytes end.
    fn layout(&self) -> Cells {
        Cells::at_end(self.bytes().len(), self.len(), self.cell_bits())
    }
    /// What a cell holds.
    fn cell(&self, cell: usize) -> u16 {
        self.layout().get(self.bytes(), cell) as u16
    }
    /// Whether it surely is none's.
    fn is_empty(&self, cell: usize) -> bool {
        self.sets() && self.cell(cell) == 0
    }
    /// The cells that an item of this hash sets, and is looked for in, in order: what it changes in an empty filter.
    fn places(&self, hash: u64) -> Vec<usize> {
        let Ok(mut alone) = (self.about().make)(&self.tuning()) else { return Vec::new() };
        let before = alone.bytes().to_vec();
        alone.take(&[hash]);
        self.layout().changed(&before, alone.bytes())
    }
    /// The cells as they are drawn at a width: grids with their titles, one below the other. `seen` must be in sight.
    fn grids(&self, width: f64, seen: usize) -> Vec<(String, Grid)> {
        vec![(String::new(), Grid::page(self.len(), seen, width))]
    }
    /// Cells that a byte holds, or a part of.
    fn cells_of(&self, byte: usize) -> Vec<usize> {
        self.layout().cells_of(byte)
    }
    /// The bytes that hold a cell.
    fn bytes_of(&self, cell: usize) -> Range<usize> {
        self.layout().bytes_of(cell)
    }
}

/// What the last item did.
#[derive(Clone)]
struct Touched {
    text: Option<String>,
    places: Vec<usize>,
    /// Those of them that were empty.
    fresh: Vec<usize>,
}

/// The lab over a filter.
pub struct FilterLab {
    filter: Box<dyn Filter>,
    touched: Option<Touched>,
}

impl FilterLab {
    pub fn boxed(filter: impl Filter + 'static) -> Box<dyn Lab> {
        Box::new(Self { filter: Box::new(filter), touched: None })
    }

    fn cells(&self) -> Vec<u16> {
        (0..self.filter.len()).map(|cell| self.filter.cell(cell)).collect()
    }

    /// The share of random hashes that the filter says yes to.
    fn measured_rate(&self) -> f64 {
        let mut random = Random(0x5eed);
        let found = (0..MEASURED).filter(|_| self.filter.contains(random.next())).count();
        found as f64 / f64::from(MEASURED)
    }
}

impl Lab for FilterLab {
    said_by!(filter);

    fn copy(&self) -> Box<dyn Lab> {
        Box::new(Self { filter: self.filter.copy(), touched: self.touched.clone() })
    }

    fn take(&mut self, hashes: &[u64]) {
        self.filter.take(hashes);
        self.touched = None;
    }

    fn step(&mut self, step: &Happened<'_>) -> String {
        let before = self.cells();
        if let Some(hash) = step.removed() {
            let removed = self.filter.remove(hash);
            let places = self.filter.places(hash);
            self.touched = step.last().map(|(_, text)| Touched {
                text: text.map(Into::into),
                places,
                fresh: Vec::new(),
            });
            return sentences::removed(step, removed, self);
        }
        self.filter.take(step.hashes);
        self.touched = step.last().map(|(hash, text)| {
            let places = self.filter.places(hash);
            let is_fresh = |place: &usize| before.get(*place).is_none_or(|cell| *cell == 0);
            let fresh = places.iter().copied().filter(|place| self.filter.sets() && is_fresh(place));
            Touched { text: text.map(Into::into), fresh: fresh.collect(), places }
        });
        sentences::step(step, &before, self)
    }

    fn remove(&mut self, hash: u64) -> bool {
        self.touched = None;
        self.filter.remove(hash)
    }

    fn merge(&mut self, other: &[u8]) -> Result<String> {
        let before = self.cells();
        self.filter.merge(other)?;
        self.touched = None;
        Ok(sentences::merged(&before, self))
    }

    fn shown(&self, control: usize) -> String {
        self.filter.shown(control)
    }

    fn retuned(&self, control: usize, _before: f64) -> String {
        sentences::retuned(control, self)
    }

    fn empty(&self) -> String {
        sentences::empty(self)
    }

    fn opened(&self) -> String {
        sentences::opened(self)
    }

    fn estimates(&self) -> Vec<Estimate> {
        vec![self.filter.estimate()]
    }

    fn std_errors(&self) -> Vec<f64> {
        vec![self.filter.std_error()]
    }

    fn answers(&self, scene: &Scene<'_>) -> Answers {
        sentences::answers(self, scene)
    }

    fn act(&self, _action: &str, scene: &Scene<'_>) -> Deed {
        let seed = self.tuning().seed;
        for guess in 1..=GUESSES {
            let text = format!("guess-{guess}");
            let hash = crate::lab::hash_of(&text, seed);
            if self.filter.contains(hash) && scene.history.count_of(hash) == 0 {
                return Deed::Ask(text, sentences::found(guess));
            }
        }
        Deed::Say(sentences::not_found(GUESSES))
    }

    fn check(&self, text: &str, hash: u64, history: &History) -> String {
        sentences::check(self, text, hash, history)
    }

    fn picture(&self, name: &str, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        match name {
            "rate" => (pictures::rate(self, scene, sheet), Hits::new()),
            _ => pictures::cells(self, scene, sheet),
        }
    }

    fn touched(&self) -> Option<usize> {
        self.touched.as_ref().and_then(|touched| touched.places.first().copied())
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        self.filter.cells_of(byte)
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        self.filter.bytes_of(cell).collect()
    }

    fn cell(&self, cell: usize, history: &History) -> String {
        sentences::cell(self, cell, history)
    }
}

/// A field of the header by its name.
fn field(regions: &[Region], name: &str) -> u64 {
    let region = regions.iter().find(|region| region.name == name);
    region.and_then(|region| region.value.parse().ok()).unwrap_or(0)
}

/// A grid for each of some parts of `each` cells, with its title, as many as can be drawn at once.
fn parts(
    numbers: impl Iterator<Item = usize>,
    each: usize,
    (columns, width): (usize, f64),
    title: impl Fn(usize) -> String,
) -> Vec<(String, Grid)> {
    let columns = columns.min(each);
    let grid = |part: usize| Grid::of(part * each..part * each + each.min(MOST), columns, width);
    let most = (MOST / each.max(1)).max(1);
    numbers.take(most).map(|part| (title(part), grid(part))).collect()
}

/// What every [`Filter`] says alike of the structure at `self.$structure`, of type `$type`; and with `merges` what those say
/// that take items and filters as they come.
macro_rules! filter_in {
    ($structure:ident: $type:ident) => {
        $crate::lab::lies_in!($structure as $crate::labs::filters::Filter);
        fn contains(&self, hash: u64) -> bool {
            self.$structure.contains_hash(hash)
        }
        fn current_rate(&self) -> f64 {
            self.$structure.current_rate()
        }
        fn estimate(&self) -> fewbytes::Estimate {
            self.$structure.estimate()
        }
        fn std_error(&self) -> f64 {
            self.$structure.std_error()
        }
    };
    ($structure:ident: $type:ident, merges) => {
        filter_in!($structure: $type);
        fn take(&mut self, hashes: &[u64]) {
            self.$structure.insert_hashes(hashes);
        }
        fn merge(&mut self, other: &[u8]) -> fewbytes::Result<()> {
            // As a buffer: another storage would bring all of the structure's code along once more.
            self.$structure.merge(&<$type>::open(other.to_vec().into())?)
        }
    };
}
use filter_in;

#[cfg(test)]
mod tests;
