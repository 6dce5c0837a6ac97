//! A thousand sketches of as many items, each under a seed of its own: the error as a distribution.

use super::answers::ESTIMATORS;
use super::items::Random;
use fewbytes::HyperLogLog;
use fewbytes::distinct::Histogram;
use fewbytes::hash::hash;

pub const RUNS: usize = 1000;

/// Up to so many items a run are put into a real sketch; beyond, its registers are drawn from their distribution,
/// which takes as long whatever the count.
pub const INSERTED: u64 = 20_000;

pub struct Runs {
    pub items: u64,
    pub precision: u32,
    seed: u64,
    /// Relative errors in the order of [`ESTIMATORS`], one a run.
    pub errors: [Vec<f64>; 3],
}

impl Runs {
    pub fn new(items: u64, precision: u32, seed: u64) -> Self {
        Self { items, precision, seed, errors: Default::default() }
    }

    pub fn done(&self) -> usize {
        self.errors[0].len()
    }

    /// Makes up to `count` more runs, never beyond [`RUNS`]; how many there are now.
    pub fn some(&mut self, count: usize) -> usize {
        for run in self.done()..RUNS.min(self.done() + count) {
            let mut random = Random(hash(&(run as u64).to_le_bytes(), self.seed));
            let histogram = match self.items <= INSERTED {
                true => insert(self.items, self.precision, &mut random),
                false => draw(self.items, self.precision, &mut random),
            };
            let Some(histogram) = histogram else { break };
            for (errors, estimator) in self.errors.iter_mut().zip(&ESTIMATORS) {
                errors.push(estimator.error(&histogram, self.items as f64));
            }
        }
        self.done()
    }

    /// Mean and standard error (about 0) of an estimator's errors so far.
    pub fn summary(&self, chosen: usize) -> (f64, f64) {
        let errors = &self.errors[chosen];
        let len = errors.len().max(1) as f64;
        let mean = errors.iter().sum::<f64>() / len;
        (mean, libm::sqrt(errors.iter().map(|error| error * error).sum::<f64>() / len))
    }
}

fn insert(items: u64, precision: u32, random: &mut Random) -> Option<Histogram> {
    let mut sketch = HyperLogLog::new(precision, 0).ok()?;
    (0..items).for_each(|_| {
        sketch.insert_hash(random.next());
    });
    Some(sketch.histogram())
}

/// Registers by P(rank ≤ k) = e^(-n 2^-k / m), turned round: the rank of a uniform u is ⌈log₂(n / m / -ln u)⌉.
fn draw(items: u64, precision: u32, random: &mut Random) -> Option<Histogram> {
    let registers = 1_u64 << precision;
    let load = items as f64 / registers as f64;
    let last = f64::from(65 - precision);
    let mut counts = [0; 64];
    for _ in 0..registers {
        let rank = libm::ceil(libm::log2(load / -libm::log(random.share())));
        counts[rank.clamp(0.0, last) as usize] += 1;
    }
    Histogram::new(counts, precision).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hyperloglog::answers::HYPERLOGLOG;

    /// Inserted or drawn, the errors are as the theory says; and the same seed gives the same runs, in any slices.
    #[test]
    fn errors_are_as_the_theory_says() {
        for items in [5_000, INSERTED + 1, 10_000_000] {
            let mut runs = Runs::new(items, 8, 7);
            assert_eq!(runs.some(RUNS + 5), RUNS);
            let theory = (ESTIMATORS[HYPERLOGLOG].std_error)(8);
            let (mean, spread) = runs.summary(HYPERLOGLOG);
            assert!(mean.abs() < 4.0 * theory / libm::sqrt(RUNS as f64), "{items}: mean {mean}");
            assert!((spread / theory - 1.0).abs() < 0.1, "{items}: {spread} beside {theory}");
        }
        let (mut whole, mut sliced) = (Runs::new(300, 6, 1), Runs::new(300, 6, 1));
        whole.some(RUNS);
        while sliced.some(7) < RUNS {}
        assert_eq!(whole.errors, sliced.errors);
    }
}
