//! What all labs are made of.
//!
//! A [`Lab`] is one structure with what is its own: its sentences, answers and pictures. All else is written once, here:
//! the [`Bench`] on which a lab lies has what was put in, step by step, and the exact truth of it; it goes back and
//! forth, merges, changes parameters, makes the thousand runs and draws the pictures that all labs have. The page sees a
//! bench by one type, `export::Lab`, and builds its frame from the lab's [`About`].

mod about;
mod answers;
mod bench;
mod cells;
mod changes;
pub mod export;
mod history;
mod input;
mod items;
pub mod pictures;
mod runs;
mod show;
mod state;
#[cfg(any(test, not(target_arch = "wasm32")))]
mod still;
#[cfg(test)]
mod tests;
mod trajectory;

pub use about::{About, Action, Control, ERRORS, Estimator, Figure, Side, Span, Tuning};
pub use answers::{Answers, error_of, estimates_as_answers};
#[cfg(test)]
pub use bench::Bench;
pub use bench::Scene;
pub use cells::Cells;
pub use history::{Happened, History, Keys, hash_of};
pub use items::Random;
#[cfg(test)]
pub use runs::Runs;
#[cfg(any(test, not(target_arch = "wasm32")))]
pub use still::{Still, stills, words_of};
#[cfg(test)]
pub use tests::stepped_back_and_forth;

use crate::draw::{Sheet, Twin};
use fewbytes::layout::Region;
use fewbytes::{Error, Estimate, Result};

/// Where the cells of a picture are: rectangles to point at.
pub type Hits = Vec<([f64; 4], usize)>;

/// What an action of a lab's own comes to.
pub enum Deed {
    /// A parameter gets another value.
    Set(&'static str, f64),
    /// A word is asked for; the sentence says why this one.
    Ask(String, String),
    /// These words are put in.
    Add(&'static str),
    /// Nothing but a sentence.
    Say(String),
}

/// A structure with what is its own in a lab. Cells are what its pictures show many of: registers, bits, counters; a
/// number is the same cell in all of them.
pub trait Lab {
    /// What the page builds its frame from.
    fn about(&self) -> &'static About;

    /// What it is built with, in the order of the controls.
    fn tuning(&self) -> Tuning;

    /// The structure's bytes.
    fn bytes(&self) -> &[u8];

    /// What each run of the bytes is.
    fn regions(&self) -> Vec<Region>;

    /// The bytes as a file holds them.
    fn sealed(&self) -> Vec<u8>;

    /// The name of that file, without its end.
    fn file_stem(&self) -> String {
        self.about().slug.into()
    }

    /// Another one with the same bytes.
    fn copy(&self) -> Box<dyn Lab>;

    /// Takes items by their hashes.
    fn take(&mut self, _hashes: &[u64]) {}

    /// Takes items as they are, where the lab keeps those.
    fn take_keys(&mut self, _keys: Keys<'_>) {}

    /// Takes what a step put in, and says what it did.
    fn step(&mut self, step: &Happened<'_>) -> String;

    /// Takes an item out again. False when it surely was not there.
    fn remove(&mut self, _hash: u64) -> bool {
        false
    }

    /// Takes in the structure that other bytes are, by the library's own merge, and says what came of it.
    fn merge(&mut self, _other: &[u8]) -> Result<String> {
        Err(Error::Unsupported { structure: self.about().slug, operation: "merge" })
    }

    /// The items of the structure, end to end, and where each ends; none where it has only their hashes.
    fn own_keys(&self) -> (Vec<u8>, Vec<u32>) {
        Default::default()
    }

    /// The structure with other parameters, made of these bytes alone.
    fn convert(&self, _tuning: &Tuning) -> Result<Box<dyn Lab>> {
        Err(Error::Parameter {
            name: "parameters",
            expected: "those of the file: its items are not known, so they can't be put in anew".into(),
            found: "others".into(),
        })
    }

    /// What a parameter's value means, beside its control.
    fn shown(&self, control: usize) -> String;

    /// What another value of a parameter did, once all items are in anew.
    fn retuned(&self, control: usize, before: f64) -> String;

    /// What there is before anything was put in.
    fn empty(&self) -> String;

    /// What was opened.
    fn opened(&self) -> String;

    /// What the estimators say, in their order, within two standard errors.
    fn estimates(&self) -> Vec<Estimate>;

    /// Standard errors of what the estimators say, as shares of it.
    fn std_errors(&self) -> Vec<f64>;

    /// What the estimators say after a run of so many different items of `random`. `None` where that takes too long.
    fn run(&self, items: u64, random: &mut Random) -> Option<Vec<f64>> {
        if items > runs::INSERTED {
            return None;
        }
        let mut fresh = (self.about().make)(&self.tuning()).ok()?;
        let hashes: Vec<u64> = (0..items).map(|_| random.next()).collect();
        fresh.take(&hashes);
        Some(fresh.estimates().into_iter().map(|estimate| estimate.value).collect())
    }

    /// What it says, beside the truth.
    fn answers(&self, scene: &Scene<'_>) -> Answers;

    /// Does something of its own.
    fn act(&self, _action: &str, _scene: &Scene<'_>) -> Deed {
        Deed::Say(String::new())
    }

    /// Says what was found when a word was asked for.
    fn check(&self, _text: &str, _hash: u64, _history: &History) -> String {
        String::new()
    }

    /// Draws a picture, and says where its cells are.
    fn picture(&self, name: &str, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits);

    /// The cell that the last item came to first.
    fn touched(&self) -> Option<usize>;

    /// Cells that a byte holds, or a part of.
    fn cells_of(&self, byte: usize) -> Vec<usize>;

    /// The bytes that hold a cell.
    fn bytes_of(&self, cell: usize) -> Vec<usize>;

    /// A cell in words.
    fn cell(&self, cell: usize, history: &History) -> String;
}

/// Implements what every lab says alike of the structure at `self.$structure`; of another trait than [`Lab`] those
/// methods that have the same name there.
macro_rules! lies_in {
    ($structure:ident) => {
        $crate::lab::lies_in!($structure as $crate::lab::Lab);
    };
    ($structure:ident as $trait:path) => {
        fn bytes(&self) -> &[u8] {
            self.$structure.as_bytes()
        }
        fn regions(&self) -> Vec<fewbytes::layout::Region> {
            fewbytes::entry::View::regions(&self.$structure)
        }
        fn sealed(&self) -> Vec<u8> {
            let mut sealed = self.$structure.clone();
            sealed.seal();
            sealed.into_inner().into()
        }
        fn copy(&self) -> Box<dyn $trait> {
            Box::new(self.clone())
        }
    };
}
pub(crate) use lies_in;

/// What the lab of a family says as the structure that is in it does: a line within its `Lab`.
macro_rules! said_by {
    ($structure:ident) => {
        fn about(&self) -> &'static $crate::lab::About {
            self.$structure.about()
        }
        fn tuning(&self) -> $crate::lab::Tuning {
            self.$structure.tuning()
        }
        fn bytes(&self) -> &[u8] {
            self.$structure.bytes()
        }
        fn regions(&self) -> Vec<fewbytes::layout::Region> {
            self.$structure.regions()
        }
        fn sealed(&self) -> Vec<u8> {
            self.$structure.sealed()
        }
    };
}
pub(crate) use said_by;
