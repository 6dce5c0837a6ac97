//! A thousand structures of as many items, each under a seed of its own: the error as a distribution.

use super::Lab;
use super::items::Random;
use fewbytes::hash::hash;

pub const RUNS: usize = 1000;

/// Up to so many items a run are put into a real structure.
pub const INSERTED: u64 = 20_000;

pub struct Runs {
    pub items: u64,
    lab: Box<dyn Lab>,
    /// Relative errors of each estimator, one a run.
    pub errors: Vec<Vec<f64>>,
    /// Standard errors by the theory.
    pub theory: Vec<f64>,
}

impl Runs {
    /// Runs of structures built as `lab` is. `None` where they take too long.
    pub fn new(items: u64, lab: &dyn Lab) -> Option<Self> {
        lab.run(items, &mut Random(0))?;
        let theory = lab.std_errors();
        Some(Self { items, lab: lab.copy(), errors: vec![Vec::new(); theory.len()], theory })
    }

    pub fn done(&self) -> usize {
        self.errors.first().map_or(0, Vec::len)
    }

    /// Makes up to `count` more runs, never beyond [`RUNS`]; how many there are now.
    pub fn some(&mut self, count: usize) -> usize {
        let seed = self.lab.tuning().seed;
        for run in self.done()..RUNS.min(self.done() + count) {
            let mut random = Random(hash(&(run as u64).to_le_bytes(), seed));
            let Some(values) = self.lab.run(self.items, &mut random) else { break };
            for (errors, value) in self.errors.iter_mut().zip(values) {
                errors.push(value / self.items as f64 - 1.0);
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
