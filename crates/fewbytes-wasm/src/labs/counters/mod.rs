//! The labs of many counters: cells that items share, each item counted by its own.
//!
//! What differs is a [`Counters`]; the lab over any of them is [`CountersLab`].

mod count_min;
mod morris_array;
mod pictures;
mod sentences;
#[cfg(test)]
mod tests;

pub use count_min::ABOUT as COUNT_MIN;
pub use morris_array::ABOUT as MORRIS_ARRAY;

use crate::draw::{Sheet, Twin};
use crate::lab::{
    About, Action, Answers, Cells, Deed, Figure, Happened, History, Hits, Lab, Random, Scene, Side, Tuning,
    hash_of, said_by,
};
use fewbytes::layout::Region;
use fewbytes::{Estimate, Result};
use std::collections::HashMap;

const ACTIONS: &[Action] = &[Action {
    name: "worst",
    label: "Find the worst count",
    title: "Asks for the word that came whose count is furthest from the truth",
}];
const CELLS: Figure = Figure { name: "cells", title: "The cells", side: Side::Left };
const COUNTS: Figure = Figure { name: "counts", title: "Counts beside the truth", side: Side::Right };
/// What both labs begin with: some words come often, and most once.
const SOLILOQUY: &str = "to be or not to be that is the question whether tis nobler in the mind to suffer the slings and arrows of \
     outrageous fortune or to take arms against a sea of troubles and by opposing end them to die to sleep";
/// Different items whose names are known.
const MOST_NAMED: usize = 10_000;

/// Counters of the library, and how their cells are looked at.
pub trait Counters {
    fn about(&self) -> &'static About;
    fn tuning(&self) -> Tuning;
    fn bytes(&self) -> &[u8];
    fn regions(&self) -> Vec<Region>;
    fn sealed(&self) -> Vec<u8>;
    fn copy(&self) -> Box<dyn Counters>;
    fn take(&mut self, hashes: &[u64]);
    fn merge(&mut self, other: &[u8]) -> Result<()>;
    /// How often an item came.
    fn count(&self, hash: u64) -> Estimate;
    /// All events.
    fn events(&self) -> Estimate;
    /// What a parameter's value means.
    fn shown(&self, control: usize) -> String;
    /// How many rows of how many cells there are.
    fn shape(&self) -> (usize, usize);
    fn cell_bits(&self) -> usize;
    /// The base of Morris registers, where cells are those.
    fn base(&self) -> Option<f64>;
    /// The cells of an item, row by row.
    fn places(&self, hash: u64) -> Vec<usize>;
}

/// What the last item did.
#[derive(Clone)]
struct Touched {
    text: Option<String>,
    hash: u64,
    /// Its cells, and what they held before.
    places: Vec<usize>,
    before: Vec<u64>,
}

/// The lab over counters.
pub struct CountersLab {
    counters: Box<dyn Counters>,
    touched: Option<Touched>,
}

impl CountersLab {
    pub fn boxed(counters: impl Counters + 'static) -> Box<dyn Lab> {
        Box::new(Self { counters: Box::new(counters), touched: None })
    }

    fn layout(&self) -> Cells {
        let (rows, width) = self.counters.shape();
        Cells::at_end(self.bytes().len(), rows * width, self.counters.cell_bits())
    }

    fn held(&self, cell: usize) -> u64 {
        self.layout().get(self.bytes(), cell)
    }

    fn cells(&self) -> Vec<u64> {
        (0..self.layout().len).map(|cell| self.held(cell)).collect()
    }
}

/// How often each item came.
fn counted_items(history: &History) -> HashMap<u64, u64> {
    let mut counts = HashMap::new();
    history.hashes().iter().for_each(|hash| *counts.entry(*hash).or_default() += 1);
    counts
}

impl Lab for CountersLab {
    said_by!(counters);

    fn copy(&self) -> Box<dyn Lab> {
        Box::new(Self { counters: self.counters.copy(), touched: self.touched.clone() })
    }

    fn take(&mut self, hashes: &[u64]) {
        self.counters.take(hashes);
        self.touched = None;
    }

    fn step(&mut self, step: &Happened<'_>) -> String {
        self.touched = step.last().map(|(hash, text)| {
            let places = self.counters.places(hash);
            let before = places.iter().map(|place| self.held(*place)).collect();
            Touched { text: text.map(Into::into), hash, places, before }
        });
        self.counters.take(step.hashes);
        sentences::step(step, self)
    }

    fn merge(&mut self, other: &[u8]) -> Result<String> {
        let before = self.cells();
        self.counters.merge(other)?;
        self.touched = None;
        Ok(sentences::merged(&before, self))
    }

    fn shown(&self, control: usize) -> String {
        self.counters.shown(control)
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
        vec![self.counters.events()]
    }

    fn std_errors(&self) -> Vec<f64> {
        vec![0.0]
    }

    fn run(&self, _items: u64, _random: &mut Random) -> Option<Vec<f64>> {
        None
    }

    fn answers(&self, scene: &Scene<'_>) -> Answers {
        sentences::answers(self, scene)
    }

    /// Asks for the item whose count is furthest from the truth.
    fn act(&self, _action: &str, scene: &Scene<'_>) -> Deed {
        if scene.history.is_from_file() {
            return Deed::Say("Which words came is not known of a file.".into());
        }
        let (counts, seed) = (counted_items(scene.history), self.tuning().seed);
        let (mut worst, mut least) = (None, 0.0);
        for (hash, name) in scene.history.items(MOST_NAMED) {
            let truth = counts.get(&hash).copied().unwrap_or(0);
            let error = (self.counters.count(hash).value - truth as f64).abs();
            if error > least && hash_of(&name, seed) == hash {
                (worst, least) = (Some(name), error);
            }
        }
        match worst {
            Some(name) => Deed::Ask(name, sentences::worst(counts.len())),
            None => Deed::Say(sentences::none_wrong(counts.len())),
        }
    }

    fn check(&self, text: &str, hash: u64, history: &History) -> String {
        sentences::check(self, text, hash, history)
    }

    fn picture(&self, name: &str, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        match name {
            "counts" => (pictures::counts(self, scene, sheet), Hits::new()),
            _ => pictures::cells(self, scene, sheet),
        }
    }

    fn touched(&self) -> Option<usize> {
        self.touched.as_ref().and_then(|touched| touched.places.first().copied())
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        self.layout().cells_of(byte)
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        self.layout().bytes_of(cell).collect()
    }

    fn cell(&self, cell: usize, history: &History) -> String {
        sentences::cell(self, cell, history)
    }
}

/// What [`Counters`] are alike in: the type's own methods.
macro_rules! counters_in {
    ($structure:ident: $type:ident) => {
        $crate::lab::lies_in!($structure as $crate::labs::counters::Counters);
        fn take(&mut self, hashes: &[u64]) {
            self.$structure.insert_hashes(hashes);
        }
        fn merge(&mut self, other: &[u8]) -> fewbytes::Result<()> {
            self.$structure.merge(&<$type>::open(other.to_vec().into())?)
        }
        fn count(&self, hash: u64) -> fewbytes::Estimate {
            self.$structure.count_hash(hash)
        }
        fn events(&self) -> fewbytes::Estimate {
            self.$structure.estimate()
        }
    };
}
use counters_in;
