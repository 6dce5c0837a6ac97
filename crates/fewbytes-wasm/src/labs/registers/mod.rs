//! The labs of registers: LogLog, SuperLogLog and HyperLogLog, UltraLogLog and ExaLogLog, and what different estimators make
//! of the same registers.
//!
//! What differs is a [`Sketch`]; the lab over any of them is [`RegistersLab`].

mod estimators;
mod exa;
mod pictures;
mod ranked;
mod sentences;
mod ultra;

pub use exa::ABOUT as EXALOGLOG;
pub use ranked::{HYPERLOGLOG, LOGLOG, SUPERLOGLOG};
pub use ultra::ABOUT as ULTRALOGLOG;

use crate::draw::{Sheet, Twin};
use crate::lab::pictures::Part;
use crate::lab::{
    About, Action, Answers, Control, Deed, ERRORS, Figure, Happened, History, Hits, Lab, Random, Scene, Side,
    Span, Tuning, estimates_as_answers, said_by,
};
use fewbytes::layout::Region;
use fewbytes::{Estimate, Result};

/// Up to so many items a run are put into a real sketch; beyond, registers are drawn from their distribution where that is
/// known, which takes as long whatever the count.
const INSERTED: u64 = 20_000;

const ACTIONS: &[Action] =
    &[Action { name: "fold", label: "Fold", title: "Precision one lower, from the registers alone" }];
const FIGURES: &[Figure] = &[
    Figure { name: "hash", title: "The last item’s hash", side: Side::Above },
    Figure { name: "registers", title: "The registers", side: Side::Left },
    Figure { name: "ranks", title: "Registers by rank", side: Side::Left },
    ERRORS,
];
const PRECISIONS: Span = Span::Even { low: 4.0, high: 14.0, step: 1.0 };
/// The control of the precision is the first of all these labs.
const PRECISION: usize = 0;
const WORDS: &str = "to be or not to be that is the question";

/// A sketch of the library, and how its registers are looked at.
pub trait Sketch {
    fn about(&self) -> &'static About;
    fn tuning(&self) -> Tuning;
    fn bytes(&self) -> &[u8];
    fn regions(&self) -> Vec<Region>;
    fn sealed(&self) -> Vec<u8>;
    fn copy(&self) -> Box<dyn Sketch>;
    fn take(&mut self, hashes: &[u64]);
    fn merge(&mut self, other: &[u8]) -> Result<()>;
    /// An empty one built alike.
    fn empty(&self) -> Result<Box<dyn Sketch>>;
    /// The sketch of the same items at a lower precision.
    fn fold(&self, lower: u32) -> Result<Box<dyn Sketch>>;
    /// What the registers hold.
    fn values(&self) -> Vec<u64>;
    /// The largest rank that a register saw by what it holds: zeros and the first one.
    fn rank_of(&self, value: u64) -> u8;
    /// What a register holds, in words.
    fn told(&self, value: u64) -> String;
    /// The parts of a hash that picked `register`.
    fn parts(&self, hash: u64, register: usize) -> Vec<Part>;
    /// What the estimators say, in the order of the lab's.
    fn estimates(&self) -> Vec<Estimate>;
    fn std_errors(&self) -> Vec<f64>;
    /// What the estimators say after a run of so many different items.
    fn run(&self, items: u64, random: &mut Random) -> Option<Vec<f64>> {
        if items > INSERTED {
            return None;
        }
        let mut fresh = self.empty().ok()?;
        let hashes: Vec<u64> = (0..items).map(|_| random.next()).collect();
        fresh.take(&hashes);
        Some(fresh.estimates().into_iter().map(|estimate| estimate.value).collect())
    }
    /// How many items it and another share, by the likelihood of both; where there is such a thing.
    fn shared(&self, _other: &[u8]) -> Option<Estimate> {
        None
    }
    /// Cells that a byte holds, or a part of.
    fn cells_of(&self, byte: usize) -> Vec<usize>;
    /// The bytes that hold a cell.
    fn bytes_of(&self, cell: usize) -> Vec<usize>;

    fn precision(&self) -> u32 {
        self.tuning().whole(PRECISION) as u32
    }
    fn ranks(&self) -> Vec<u8> {
        self.values().into_iter().map(|value| self.rank_of(value)).collect()
    }
}

/// What the last item did to one register.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Touched {
    hash: u64,
    register: usize,
    /// What it alone would have given.
    alone: u64,
    before: u64,
    now: u64,
}

/// The lab over a sketch.
struct RegistersLab {
    sketch: Box<dyn Sketch>,
    touched: Option<Touched>,
}

fn boxed(sketch: impl Sketch + 'static) -> Box<dyn Lab> {
    over(Box::new(sketch))
}

fn over(sketch: Box<dyn Sketch>) -> Box<dyn Lab> {
    Box::new(RegistersLab { sketch, touched: None })
}

impl RegistersLab {
    /// Register and what it holds after a hash came alone: asked of the library, not computed again.
    fn place(&self, hash: u64) -> Option<(usize, u64)> {
        let mut alone = self.sketch.empty().ok()?;
        alone.take(&[hash]);
        alone.values().into_iter().enumerate().find(|(_, value)| *value > 0)
    }
}

impl Lab for RegistersLab {
    said_by!(sketch);

    fn file_stem(&self) -> String {
        format!("{}-p{}", self.about().slug, self.sketch.precision())
    }

    fn copy(&self) -> Box<dyn Lab> {
        Box::new(Self { sketch: self.sketch.copy(), touched: self.touched })
    }

    fn take(&mut self, hashes: &[u64]) {
        self.sketch.take(hashes);
        self.touched = None;
    }

    fn step(&mut self, step: &Happened<'_>) -> String {
        let before = self.sketch.values();
        self.sketch.take(step.hashes);
        let now = self.sketch.values();
        self.touched = step.last().and_then(|(hash, _)| {
            let (register, alone) = self.place(hash)?;
            let held = |values: &[u64]| values.get(register).copied().unwrap_or(0);
            Some(Touched { hash, register, alone, before: held(&before), now: held(&now) })
        });
        let changed = now.iter().zip(&before).filter(|(now, before)| now != before).count();
        sentences::step(step, self.touched, changed, &*self.sketch)
    }

    fn merge(&mut self, other: &[u8]) -> Result<String> {
        let (before, precision) = (self.sketch.values(), self.sketch.precision());
        let finer = (self.about().open)(other.to_vec())?.tuning().whole(PRECISION) as u32;
        self.sketch.merge(other)?;
        self.touched = None;
        Ok(sentences::merged(&before, &*self.sketch, finer.max(precision)))
    }

    fn convert(&self, tuning: &Tuning) -> Result<Box<dyn Lab>> {
        Ok(over(self.sketch.fold(tuning.whole(PRECISION) as u32)?))
    }

    fn shown(&self, control: usize) -> String {
        sentences::shown(control, &*self.sketch)
    }

    fn retuned(&self, control: usize, before: f64) -> String {
        match before as u32 {
            _ if control != PRECISION => sentences::retuned(control, &*self.sketch),
            before if before > self.sketch.precision() => sentences::folded(before, &*self.sketch),
            _ => sentences::finer(&*self.sketch),
        }
    }

    fn empty(&self) -> String {
        sentences::empty(&*self.sketch)
    }

    fn opened(&self) -> String {
        sentences::opened(&*self.sketch)
    }

    fn estimates(&self) -> Vec<Estimate> {
        self.sketch.estimates()
    }

    fn std_errors(&self) -> Vec<f64> {
        self.sketch.std_errors()
    }

    fn run(&self, items: u64, random: &mut Random) -> Option<Vec<f64>> {
        self.sketch.run(items, random)
    }

    fn answers(&self, scene: &Scene<'_>) -> Answers {
        let name = self.about().estimators.get(scene.chosen).map_or("", |estimator| estimator.name);
        let caution =
            estimators::caution(scene.truth, 1 << self.sketch.precision(), name).unwrap_or_default();
        let mut answers = estimates_as_answers(self, scene, "Estimators on the same registers");
        answers.rows.extend(sentences::both(&*self.sketch, scene));
        Answers { caution, ..answers }
    }

    fn act(&self, _action: &str, _scene: &Scene<'_>) -> Deed {
        match self.sketch.precision() {
            ..=4 => Deed::Say("Precision 4 is the lowest that there is.".into()),
            precision => Deed::Set("precision", f64::from(precision - 1)),
        }
    }

    fn picture(&self, name: &str, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        let left_out = estimators::left_out(&self.sketch.ranks(), self.about().estimators[scene.chosen].name);
        match name {
            "hash" => (pictures::hash(self.touched, &*self.sketch, sheet), Hits::new()),
            "ranks" => (pictures::ranks(&*self.sketch, scene.truth, left_out, sheet), Hits::new()),
            _ => pictures::registers(&*self.sketch, self.touched(), scene.lit, left_out, sheet),
        }
    }

    fn touched(&self) -> Option<usize> {
        self.touched.map(|touched| touched.register)
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        self.sketch.cells_of(byte)
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        self.sketch.bytes_of(cell)
    }

    fn cell(&self, cell: usize, _history: &History) -> String {
        let value = self.sketch.values().get(cell).copied().unwrap_or(0);
        format!("register {cell} holds {}", self.sketch.told(value))
    }
}

#[cfg(test)]
mod tests;
