//! What a lab declares: the page builds its frame from it.

use super::Lab;
use fewbytes::Result;
use fewbytes::entry::{Counts, Parameter};

/// A lab as it is before it has a structure.
pub struct About {
    pub slug: &'static str,
    pub name: &'static str,
    /// Words to begin with where a page has no own.
    pub words: &'static str,
    pub controls: &'static [Control],
    /// What can be done beside what can be done in all labs.
    pub actions: &'static [Action],
    pub figures: &'static [Figure],
    /// Those who make a count of the structure, the one that it has itself last.
    pub estimators: &'static [Estimator],
    /// What the estimators count. Where it is events, repeated items are put in, too.
    pub counts: Counts,
    /// Whether words can be asked for.
    pub asks: bool,
    pub removes: bool,
    pub merges: bool,
    /// Whether a merge is what the items of both would have given. Else the other's bytes are kept to merge again.
    pub merges_exactly: bool,
    /// Whether items are kept as they are, and not as hashes: a seed then means nothing.
    pub keys: bool,
    /// An empty structure.
    pub make: fn(&Tuning) -> Result<Box<dyn Lab>>,
    /// The structure that these bytes are, verified.
    pub open: fn(Vec<u8>) -> Result<Box<dyn Lab>>,
}

impl About {
    /// Whether what it estimates has an error that a thousand runs can show.
    pub fn runs(&self) -> bool {
        self.figures.iter().any(|figure| figure.name == ERRORS.name)
    }

    /// What the controls stand at in a fresh lab.
    pub fn tuning(&self) -> Tuning {
        self.tuning_of(7)
    }

    /// That under another seed.
    pub fn tuning_of(&self, seed: u64) -> Tuning {
        Tuning { values: self.controls.iter().map(|control| control.default).collect(), seed }
    }
}

/// What a structure is built with: a value for each control, and the seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuning {
    pub values: Vec<f64>,
    pub seed: u64,
}

impl Tuning {
    pub fn whole(&self, control: usize) -> u64 {
        self.real(control) as u64
    }

    pub fn real(&self, control: usize) -> f64 {
        self.values.get(control).copied().unwrap_or(f64::NAN)
    }
}

/// A parameter of the catalogue with what a lab lets it be: structures that can be looked at are small.
pub struct Control {
    pub parameter: &'static Parameter,
    pub span: Span,
    pub default: f64,
}

/// The values of a control.
pub enum Span {
    /// From one to another, evenly.
    Even { low: f64, high: f64, step: f64 },
    /// These.
    List(&'static [f64]),
}

/// A button. Its name says what it does; what it does is in [`Lab::act`].
#[derive(Clone, Copy)]
pub struct Action {
    pub name: &'static str,
    pub label: &'static str,
    pub title: &'static str,
}

/// A picture.
pub struct Figure {
    pub name: &'static str,
    pub title: &'static str,
    pub side: Side,
}

/// The column of a picture: states on the left, answers and errors on the right.
#[derive(Clone, Copy, PartialEq)]
pub enum Side {
    Left,
    /// On the left, above the sentence that says why.
    Above,
    Right,
}

/// Who makes a count of a structure.
pub struct Estimator {
    pub name: &'static str,
}

/// Pictures that every lab of an estimator has: see [`super::pictures`].
pub const ERRORS: Figure = Figure { name: "errors", title: "Error on the way", side: Side::Right };
