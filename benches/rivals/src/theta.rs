//! Sets of hashes: time to fill one, to intersect two, and bytes.

use crate::{
    keys::{keys, texts},
    results::{Results, Whose},
    timing::{bytes_of, median, ns_each},
};
use datasketches::theta::{ThetaIntersection, ThetaSketch, ThetaSketchBuilder};
use fewbytes::KMinimumValues;
use std::hint::black_box;

/// The setting's name, by which bars look it up.
pub const SETTING: &str = "theta, k = 4096";

const K: u32 = 4096;
const LEN: u64 = 1_000_000;
const ROUNDS: usize = 15;

trait Theta: Sized {
    fn new() -> Self;
    fn insert(&mut self, keys: &[u64]);
    fn insert_texts(&mut self, texts: &[[u8; 16]]);
    /// How many items are in both.
    fn common(&self, other: &Self) -> f64;
    fn stored(&self) -> usize;
}

impl Theta for ThetaSketch {
    fn new() -> Self {
        ThetaSketchBuilder::default().lg_k(K.ilog2() as u8).build().expect("in range")
    }
    fn insert(&mut self, keys: &[u64]) {
        keys.iter().for_each(|key| self.update(key));
    }
    fn insert_texts(&mut self, texts: &[[u8; 16]]) {
        texts.iter().for_each(|text| self.update(text));
    }
    fn common(&self, other: &Self) -> f64 {
        let mut both = ThetaIntersection::default();
        both.update(self).expect("one seed");
        both.update(other).expect("one seed");
        both.to_sketch(true).map_or(0.0, |sketch| sketch.estimate())
    }
    fn stored(&self) -> usize {
        self.compact(true).serialize_compressed().len()
    }
}

impl Theta for KMinimumValues {
    fn new() -> Self {
        Self::new(K, 0).expect("in range")
    }
    fn insert(&mut self, keys: &[u64]) {
        self.insert_u64s(keys);
    }
    fn insert_texts(&mut self, texts: &[[u8; 16]]) {
        self.insert_all(texts);
    }
    fn common(&self, other: &Self) -> f64 {
        self.intersection(other).expect("one seed").estimate().value
    }
    fn stored(&self) -> usize {
        self.as_bytes().len()
    }
}

fn measure<T: Theta>(results: &mut Results, who: (&'static str, Whose), tell: &dyn Fn(&str)) {
    tell(&format!("{SETTING}: {}", who.0));
    let (ours, theirs, texts) = (keys(0, LEN), keys(LEN / 2, LEN * 3 / 2), texts(0, LEN));
    let filled = |keys: &[u64]| {
        let mut sketch = T::new();
        sketch.insert(keys);
        sketch
    };
    let rounds = |round: &mut dyn FnMut() -> f64| median((0..ROUNDS).map(|_| round()).collect());
    let insert = rounds(&mut || ns_each(ours.len(), || filled(&ours)).0);
    let text = rounds(&mut || {
        let mut sketch = T::new();
        ns_each(texts.len(), || sketch.insert_texts(&texts)).0
    });
    let (full, held, _) = bytes_of(|| filled(&ours));
    let other = filled(&theirs);
    let times = 100;
    let common = rounds(&mut || {
        let all = || (0..times).map(|_| black_box(&full).common(black_box(&other))).sum::<f64>();
        ns_each(times, all).0
    });
    let truth = LEN as f64 / 2.0;
    results.add(SETTING, who, "insert u64, ns", insert);
    results.add(SETTING, who, "insert 16 bytes, ns", text);
    results.add(SETTING, who, "intersect, us", common / 1000.0);
    results.add(SETTING, who, "its error, %", 100.0 * (full.common(&other) / truth - 1.0).abs());
    results.add(SETTING, who, "bytes in memory", held as f64);
    results.add(SETTING, who, "stored bytes", full.stored() as f64);
}

/// Runs both.
pub fn run(results: &mut Results, tell: &dyn Fn(&str)) {
    measure::<KMinimumValues>(results, ("K-minimum-values", Whose::Ours), tell);
    measure::<ThetaSketch>(results, ("datasketches theta", Whose::Peers), tell);
}
