//! The lab of LogLog, SuperLogLog and HyperLogLog: three answers from one array of registers.

mod estimators;
mod pictures;
mod places;
mod sentences;

use crate::draw::{Sheet, Twin};
use crate::lab::{
    About, Action, Answers, Control, Deed, ERRORS, Figure, Happened, History, Hits, Lab, Random, Scene, Side,
    Span, Tuning, estimates_as_answers, lies_in,
};
use estimators::{ALL, NAMES};
use fewbytes::distinct::registers::PRECISION_PARAMETER;
use fewbytes::entry::Counts;
use fewbytes::{Estimate, HyperLogLog, Result, Sigmas};
use places::Touched;

/// Up to so many items a run are put into a real sketch; beyond, its registers are drawn from their distribution, which
/// takes as long whatever the count.
const INSERTED: u64 = 20_000;

pub static ABOUT: About = About {
    slug: "hyperloglog",
    name: fewbytes::distinct::hyperloglog::ENTRY.name,
    words: "to be or not to be that is the question",
    controls: &[Control {
        parameter: &PRECISION_PARAMETER,
        span: Span::Even { low: 4.0, high: 14.0, step: 1.0 },
        default: 6.0,
    }],
    actions: &[Action {
        name: "fold",
        label: "Fold",
        title: "Precision one lower, from the registers alone",
    }],
    figures: &[
        Figure { name: "hash", title: "The last item’s hash", side: Side::Above },
        Figure { name: "registers", title: "The registers", side: Side::Left },
        Figure { name: "ranks", title: "Registers by rank", side: Side::Left },
        ERRORS,
    ],
    estimators: &NAMES,
    counts: Counts::Distinct,
    asks: false,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: false,
    make: |tuning| Ok(Box::new(Registers::over(HyperLogLog::new(tuning.whole(0) as u32, tuning.seed)?))),
    open: |bytes| {
        let sketch = HyperLogLog::open(bytes.into())?;
        sketch.verify()?;
        Ok(Box::new(Registers::over(sketch)))
    },
};

#[derive(Clone)]
struct Registers {
    sketch: HyperLogLog,
    touched: Option<Touched>,
}

impl Registers {
    fn over(sketch: HyperLogLog) -> Self {
        Self { sketch, touched: None }
    }

    fn payload_start(&self) -> usize {
        self.sketch.as_bytes().len() - (6 << self.sketch.precision()) / 8
    }
}

impl Lab for Registers {
    lies_in!(sketch: HyperLogLog);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: vec![self.sketch.precision().into()], seed: self.sketch.seed() }
    }

    fn file_stem(&self) -> String {
        format!("hyperloglog-p{}", self.sketch.precision())
    }

    fn take(&mut self, hashes: &[u64]) {
        self.sketch.insert_hashes(hashes);
        self.touched = None;
    }

    fn step(&mut self, step: &Happened<'_>) -> String {
        let before: Vec<u8> = self.sketch.registers().collect();
        self.sketch.insert_hashes(step.hashes);
        self.touched = step.last().map(|(hash, _)| Touched::by(hash, &self.sketch, &before));
        let changed = self.sketch.registers().zip(&before).filter(|(now, before)| now != *before).count();
        sentences::step(step, self.touched, changed, &self.sketch)
    }

    fn merge(&mut self, other: &[u8]) -> Result<String> {
        let other = HyperLogLog::open(other)?;
        let before: Vec<u8> = self.sketch.registers().collect();
        let finer = self.sketch.precision().max(other.precision());
        self.sketch.merge(&other)?;
        self.touched = None;
        Ok(sentences::merged(&before, &self.sketch, finer))
    }

    fn convert(&self, tuning: &Tuning) -> Result<Box<dyn Lab>> {
        Ok(Box::new(Self::over(self.sketch.fold(tuning.whole(0) as u32)?)))
    }

    fn shown(&self, _control: usize) -> String {
        sentences::precision(&self.sketch)
    }

    fn retuned(&self, _control: usize, before: f64) -> String {
        match before as u32 {
            before if before > self.sketch.precision() => sentences::folded(before, &self.sketch),
            _ => sentences::finer(&self.sketch),
        }
    }

    fn empty(&self) -> String {
        sentences::empty(&self.sketch)
    }

    fn opened(&self) -> String {
        sentences::opened(&self.sketch)
    }

    fn estimates(&self) -> Vec<Estimate> {
        let histogram = self.sketch.histogram();
        ALL.iter().map(|estimator| (estimator.estimate_at)(&histogram, Sigmas::Two)).collect()
    }

    fn std_errors(&self) -> Vec<f64> {
        ALL.iter().map(|estimator| (estimator.std_error)(self.sketch.precision())).collect()
    }

    fn run(&self, items: u64, random: &mut Random) -> Option<Vec<f64>> {
        let precision = self.sketch.precision();
        let histogram = match items <= INSERTED {
            true => estimators::insert(items, precision, random),
            false => estimators::draw(items, precision, random),
        }?;
        Some(ALL.iter().map(|estimator| (estimator.estimate)(&histogram)).collect())
    }

    fn answers(&self, scene: &Scene<'_>) -> Answers {
        let caution = estimators::caution(scene.truth, &self.sketch, scene.chosen).unwrap_or_default();
        let answers = estimates_as_answers(self, scene, "Three estimators on the same registers");
        Answers { caution, ..answers }
    }

    fn act(&self, _action: &str, _scene: &Scene<'_>) -> Deed {
        match self.sketch.precision() {
            ..=4 => Deed::Say("Precision 4 is the lowest that there is.".into()),
            precision => Deed::Set(PRECISION_PARAMETER.name, f64::from(precision - 1)),
        }
    }

    fn picture(&self, name: &str, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        match name {
            "hash" => (pictures::hash(self.touched, self.sketch.precision(), sheet), Hits::new()),
            "ranks" => (pictures::ranks(&self.sketch, scene.truth, sheet), Hits::new()),
            _ => pictures::registers(&self.sketch, self.touched(), scene.lit, sheet),
        }
    }

    fn touched(&self) -> Option<usize> {
        self.touched.map(|touched| touched.register)
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        let in_payload = byte.checked_sub(self.payload_start());
        in_payload.map(|byte| places::registers_of(byte, self.sketch.precision())).unwrap_or_default()
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        let bytes = places::bytes_of(cell, self.sketch.precision());
        bytes.into_iter().map(|byte| self.payload_start() + byte).collect()
    }

    fn cell(&self, cell: usize, _history: &History) -> String {
        format!("register {cell} holds {}", self.sketch.registers().nth(cell).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests;
