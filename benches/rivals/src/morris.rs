//! How often? Counters of few bits.

use crate::{
    results::{Results, Whose},
    timing::{median, ns_each},
};
use approximate::{AtomicCounter, ScalableCounter};
use fewbytes::MorrisCounter;
use std::hint::black_box;

/// The setting's name, by which bars look it up.
pub const SETTING: &str = "Morris counters";

const EVENTS: usize = 10_000_000;
const ROUNDS: usize = 9;

fn rounds(mut round: impl FnMut() -> f64) -> f64 {
    median((0..ROUNDS).map(|_| round()).collect())
}

/// Root mean square error, in percent, of `trials` counters of `events`.
fn rms(trials: u64, events: u64, most: u64, bits: u32) -> f64 {
    let square = |seed| {
        let mut counter = MorrisCounter::up_to(most, bits, seed).expect("in range");
        counter.increment_by(events);
        (counter.estimate().value / events as f64 - 1.0).powi(2)
    };
    100.0 * ((0..trials).map(square).sum::<f64>() / trials as f64).sqrt()
}

/// Runs all.
pub fn run(results: &mut Results, tell: &dyn Fn(&str)) {
    tell(SETTING);
    for (name, most, bits) in [("Morris, 8 bits", 1 << 30, 8), ("Morris, 16 bits", 1 << 40, 16)] {
        let who = (name, Whose::Ours);
        let ns = rounds(|| {
            let mut counter = MorrisCounter::up_to(most, bits, 1).expect("in range");
            ns_each(EVENTS, || (0..EVENTS).for_each(|_| _ = black_box(&mut counter).increment())).0
        });
        let counter = MorrisCounter::up_to(most, bits, 1).expect("in range");
        results.add(SETTING, who, "increment, ns", ns);
        results.add(SETTING, who, "bits a counter", f64::from(bits));
        results.add(SETTING, who, "error by formula, %", 100.0 * ((counter.base() - 1.0) / 2.0).sqrt());
        results.add(SETTING, who, "RMS at 10^3, %", rms(2000, 1000, most, bits));
        results.add(SETTING, who, "RMS at 10^6, %", rms(2000, 1_000_000, most, bits));
        results.add(SETTING, who, "RMS at 10^9, %", rms(2000, 1_000_000_000, most, bits));
        if most > 1 << 39 {
            results.add(SETTING, who, "RMS at 2^39, %", rms(500, 1 << 39, most, bits));
        }
    }
    let who = ("approximate", Whose::Peers);
    let ns = rounds(|| {
        let counter = ScalableCounter::<u64>::default();
        ns_each(EVENTS, || (0..EVENTS).for_each(|_| _ = black_box(&counter).increment())).0
    });
    results.add(SETTING, who, "increment, ns", ns);
    results.add(SETTING, who, "bits a counter", 64.0);
}
