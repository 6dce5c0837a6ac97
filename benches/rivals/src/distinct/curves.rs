//! How wrong: the root mean square error of many seeded trials, at counts from 100 to 10^7, single and merged.

use super::{Counter, Each, all};
use crate::{
    keys::keys,
    results::{Results, Whose},
};

/// Where errors are looked at, with the name in tables.
const COUNTS: [(u64, &str); 7] = [
    (100, "RMS at 100, %"),
    (1000, "RMS at 1 k, %"),
    (10_000, "RMS at 10 k, %"),
    (50_000, "RMS at 50 k, %"),
    (100_000, "RMS at 100 k, %"),
    (1_000_000, "RMS at 1 M, %"),
    (10_000_000, "RMS at 10 M, %"),
];
/// Where two merged halves are looked at.
const MERGED: (usize, &str) = (1_000_000, "RMS at 1 M, merged, %");

/// What is measured here, by name.
pub fn measures() -> impl Iterator<Item = &'static str> {
    COUNTS.iter().map(|(_, what)| *what).chain([MERGED.1])
}

/// The setting's name, by which bars look it up.
pub fn setting(precision: u32) -> String {
    format!("error, p = {precision}")
}

struct Curves<'a> {
    precision: u32,
    keys: Vec<u64>,
    /// Sum of squares of each contestant at each count, and merged.
    squares: &'a mut Vec<(&'static str, Whose, Vec<f64>)>,
    turn: usize,
}

impl Each for Curves<'_> {
    fn run<C: Counter>(&mut self, name: &'static str, whose: Whose) {
        if self.turn == self.squares.len() {
            self.squares.push((name, whose, vec![0.0; COUNTS.len() + 1]));
        }
        let squares = &mut self.squares[self.turn].2;
        self.turn += 1;
        let mut sketch = C::new(self.precision);
        let mut from = 0;
        for ((to, _), square) in COUNTS.iter().zip(squares.iter_mut()) {
            let Some(keys) = self.keys.get(from..*to as usize) else { break };
            sketch.insert(keys);
            *square += (sketch.count() / *to as f64 - 1.0).powi(2);
            from = *to as usize;
        }
        let (first, second) = self.keys[..MERGED.0].split_at(MERGED.0 / 2);
        let [mut one, mut other] = [first, second].map(|half| {
            let mut sketch = C::new(self.precision);
            sketch.insert(half);
            sketch
        });
        one.merge(&other);
        other.count();
        if let Some(square) = squares.last_mut() {
            *square += (one.count() / MERGED.0 as f64 - 1.0).powi(2);
        }
    }
}

/// The error of all contestants over `seeds` trials, up to `most` items.
pub fn run(results: &mut Results, precision: u32, seeds: u64, most: u64, tell: &dyn Fn(&str)) {
    let setting = setting(precision);
    let mut squares = Vec::new();
    for seed in 0..seeds {
        tell(&format!("{setting}: trial {} of {seeds}", seed + 1));
        let keys = keys((seed + 1) << 32, ((seed + 1) << 32) + most);
        all(precision, &mut Curves { precision, keys, squares: &mut squares, turn: 0 });
    }
    for (name, whose, squares) in squares {
        let rms = |square: f64| 100.0 * (square / seeds as f64).sqrt();
        for ((count, what), square) in COUNTS.iter().zip(&squares) {
            if *count <= most {
                results.add(&setting, (name, whose), what, rms(*square));
            }
        }
        results.add(&setting, (name, whose), MERGED.1, rms(squares[COUNTS.len()]));
    }
}
