//! How many different ones? Sketches of one precision on the same keys: time, bytes, error.

mod curves;
mod ours;
mod peers;

pub use curves::{measures, run as run_curves, setting as error_setting};

use crate::{
    keys::{keys, texts},
    results::{Results, Whose},
    timing::{bytes_of, median, ns_each},
};
use std::hint::black_box;

/// A sketch that some program made.
pub trait Counter: Sized {
    /// An empty one of 2^`precision` registers, or rows.
    fn new(precision: u32) -> Self;
    /// Takes keys, one by one.
    fn insert(&mut self, keys: &[u64]);
    /// Takes texts, one by one.
    fn insert_texts(&mut self, texts: &[[u8; 16]]);
    /// The count.
    fn count(&mut self) -> f64;
    /// Takes in another.
    fn merge(&mut self, other: &Self);
    /// Stores it, and gives the bytes that it takes, if it can be stored.
    fn stored(&mut self) -> Option<usize>;
}

/// Who runs, for whom a measure is generic.
pub trait Each {
    /// Runs one contestant.
    fn run<C: Counter>(&mut self, name: &'static str, whose: Whose);
}

/// Gives every contestant of `precision`, 12 or 14, to `each`.
pub fn all(precision: u32, each: &mut impl Each) {
    ours::all(each);
    peers::all(precision, each);
}

/// The setting's name, by which bars look it up.
pub fn setting(precision: u32) -> String {
    format!("distinct, p = {precision}")
}

/// Keys that a sketch is filled with.
const LEN: u64 = 1_000_000;
/// Rounds of which the middle one counts.
const ROUNDS: usize = 15;

/// Adds bits times variance, where both were measured: what the same error costs, whatever the precision.
pub fn add_costs(results: &mut Results, precision: u32) {
    let (here, errors) = (setting(precision), error_setting(precision));
    for who in results.sheet(&here).contestants {
        let Some(rms) = results.figure(&errors, who, "RMS at 1 M, merged, %") else { continue };
        for (bytes, cost) in
            [("bytes in memory", "bits x variance"), ("stored bytes", "stored bits x variance")]
        {
            if let Some(bytes) = results.figure(&here, who, bytes) {
                results.add(&here, who, cost, bytes * 8.0 * (rms / 100.0).powi(2));
            }
        }
    }
}

struct Times<'a> {
    precision: u32,
    keys: Vec<u64>,
    others: Vec<u64>,
    texts: Vec<[u8; 16]>,
    results: &'a mut Results,
    tell: &'a dyn Fn(&str),
}

/// Times and sizes of all contestants.
pub fn run(results: &mut Results, precision: u32, tell: &dyn Fn(&str)) {
    let (keys, others, texts) = (keys(0, LEN), keys(LEN / 2, LEN * 3 / 2), texts(0, LEN));
    all(precision, &mut Times { precision, keys, others, texts, results, tell });
}

impl Each for Times<'_> {
    fn run<C: Counter>(&mut self, name: &'static str, whose: Whose) {
        let setting = setting(self.precision);
        (self.tell)(&format!("{setting}: {name}"));
        let fresh = || C::new(self.precision);
        let filled = |keys: &[u64]| {
            let mut sketch = fresh();
            sketch.insert(keys);
            sketch
        };
        let rounds = |round: &mut dyn FnMut() -> f64| median((0..ROUNDS).map(|_| round()).collect());

        let insert = rounds(&mut || ns_each(self.keys.len(), || filled(&self.keys)).0);
        let text = rounds(&mut || {
            let mut sketch = fresh();
            ns_each(self.texts.len(), || sketch.insert_texts(&self.texts)).0
        });
        let hundred = rounds(&mut || {
            // As many as fill a millisecond or so, to be seen by the clock.
            let sets = self.keys.chunks(100).take(1000);
            ns_each(100_000, || sets.for_each(|keys| drop(black_box(filled(keys))))).0
        });

        let (mut full, held, _) = bytes_of(|| filled(&self.keys));
        let asked = 1000;
        let count = rounds(&mut || {
            ns_each(asked, || (0..asked).map(|_| black_box(&mut full).count()).sum::<f64>()).0
        });
        let other = filled(&self.others);
        let merged = 100;
        let merge = rounds(&mut || {
            let mut sketch = filled(&self.keys);
            sketch.merge(&other);
            ns_each(merged, || (0..merged).for_each(|_| black_box(&mut sketch).merge(black_box(&other)))).0
        });

        let stored = 20;
        let store = rounds(&mut || {
            ns_each(stored, || (0..stored).filter_map(|_| black_box(&mut full).stored()).sum::<usize>()).0
        });

        let mut add = |what, value| self.results.add(&setting, (name, whose), what, value);
        add("insert u64, ns", insert);
        add("insert 16 bytes, ns", text);
        add("insert, 100 items, ns", hundred);
        add("count, ns", count);
        add("merge, ns", merge);
        add("bytes in memory", held as f64);
        if let Some(bytes) = full.stored() {
            add("store, ns", store);
            add("stored bytes", bytes as f64);
        }
        if let Some(bytes) = filled(&self.keys[..100]).stored() {
            add("stored, 100 items", bytes as f64);
        }
    }
}
