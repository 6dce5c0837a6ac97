//! ExaLogLog: registers that hold the largest value and which of many below it came, in planes.

use super::estimators::HYPERLOGLOG;
use super::ranked::histogram;
use super::{ACTIONS, Control, FIGURES, PRECISIONS, Sketch, WORDS, boxed};
use crate::lab::pictures::Part;
use crate::lab::{About, Estimator, Span, Tuning, lies_in};
use fewbytes::distinct::exaloglog::{ENTRY, HISTORY_PARAMETER, PRECISION_PARAMETER, Plan, TAIL_PARAMETER};
use fewbytes::entry::Counts;
use fewbytes::{Estimate, ExaLogLog, Result, Sigmas};

/// Values in an octave: equally likely, and half as likely as those of the octave before.
const OCTAVE: u64 = 4;

pub static ABOUT: About = About {
    slug: "exaloglog",
    name: ENTRY.name,
    words: WORDS,
    controls: &[
        Control { parameter: &PRECISION_PARAMETER, span: PRECISIONS, default: 5.0 },
        Control { parameter: &TAIL_PARAMETER, span: Span::List(&[20.0, 28.0]), default: 20.0 },
        Control { parameter: &HISTORY_PARAMETER, span: Span::List(&[0.0, 1.0]), default: 1.0 },
    ],
    actions: ACTIONS,
    figures: FIGURES,
    estimators: &[
        Estimator { name: HYPERLOGLOG.name },
        Estimator { name: "Likelihood" },
        Estimator { name: "ExaLogLog" },
    ],
    counts: Counts::Distinct,
    asks: false,
    removes: false,
    merges: true,
    // A merge ends the history.
    merges_exactly: false,
    keys: false,
    make: |tuning| Ok(boxed(Exa { sketch: ExaLogLog::planned(plan(tuning), tuning.seed)? })),
    open: |bytes| {
        let sketch = ExaLogLog::open(bytes.into())?;
        sketch.verify()?;
        Ok(boxed(Exa { sketch }))
    },
};

fn plan(tuning: &Tuning) -> Plan {
    let history = tuning.whole(2) == 1;
    Plan { precision: tuning.whole(0) as u32, tail: tuning.whole(1) as u32, history }
}

#[derive(Clone)]
struct Exa {
    sketch: ExaLogLog,
}

impl Exa {
    /// Where the planes of the registers begin: bytes, pairs of them, with tails of 28 bits bytes again, and halves.
    fn planes(&self) -> Vec<(usize, usize)> {
        let (len, plan) = (self.sketch.register_len(), self.sketch.plan());
        let bits = if plan.tail == 28 { &[8, 16, 8, 4][..] } else { &[8, 16, 4] };
        let all: usize = bits.iter().sum();
        let history = if plan.history { 16 } else { 0 };
        let mut start = self.sketch.as_bytes().len() - history - all * len / 8;
        let plane = |bits: &usize| {
            let plane = (start, *bits);
            start += bits * len / 8;
            plane
        };
        bits.iter().map(plane).collect()
    }
}

impl Sketch for Exa {
    lies_in!(sketch as Sketch);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let Plan { precision, tail, history } = self.sketch.plan();
        let values = vec![precision.into(), tail.into(), if history { 1.0 } else { 0.0 }];
        Tuning { values, seed: self.sketch.seed() }
    }

    fn take(&mut self, hashes: &[u64]) {
        self.sketch.insert_hashes(hashes);
    }

    fn merge(&mut self, other: &[u8]) -> Result<()> {
        self.sketch.merge(&<ExaLogLog>::open(other.to_vec().into())?)
    }

    fn empty(&self) -> Result<Box<dyn Sketch>> {
        Ok(Box::new(Self { sketch: ExaLogLog::planned(self.sketch.plan(), self.sketch.seed())? }))
    }

    fn fold(&self, lower: u32) -> Result<Box<dyn Sketch>> {
        Ok(Box::new(Self { sketch: self.sketch.fold(lower)? }))
    }

    fn values(&self) -> Vec<u64> {
        self.sketch.registers().collect()
    }

    /// The octave of the largest value, from 1: it is as likely as that rank.
    fn rank_of(&self, value: u64) -> u8 {
        (value >> self.sketch.plan().tail).div_ceil(OCTAVE) as u8
    }

    fn told(&self, value: u64) -> String {
        let tail = self.sketch.plan().tail;
        match value >> tail {
            0 => "nothing".into(),
            largest => {
                // The highest bit of the tail is the value just below the largest.
                let below = largest.saturating_sub(1).min(tail.into());
                let bits = (value & ((1 << tail) - 1)) >> (u64::from(tail) - below);
                let came = bits.count_ones();
                format!(
                    "value {largest}, octave {}; of the {below} below it {came} came",
                    largest.div_ceil(OCTAVE)
                )
            }
        }
    }

    fn parts(&self, hash: u64, register: usize) -> Vec<Part> {
        let low = self.sketch.precision() as usize + 2;
        let zeros = (hash.leading_zeros() as usize).min(64 - low);
        let run = (zeros + 1).min(64 - low);
        let value = zeros as u64 * OCTAVE + (hash & (OCTAVE - 1)) + 1;
        let part = |name, len, label: String, meaning: String| Part { name, len, label, meaning };
        vec![
            part(
                "zeros and the first one",
                run,
                format!("octave {}", zeros + 1),
                format!("octave {}", zeros + 1),
            ),
            part("not used", 64 - low - run, String::new(), String::new()),
            part("index", low - 2, format!("register {register}"), format!("register {register}")),
            part("place in the octave", 2, format!("value {value}"), format!("value {value}")),
        ]
    }

    fn estimates(&self) -> Vec<Estimate> {
        let histogram = histogram(&self.ranks(), self.sketch.precision());
        let by_ranks = histogram.map(|histogram| (HYPERLOGLOG.estimate_at)(&histogram, Sigmas::Two));
        let likeliest = self.sketch.estimate_likeliest(Sigmas::Two);
        vec![by_ranks.unwrap_or(Estimate::exact(0.0)), likeliest, self.sketch.estimate()]
    }

    fn std_errors(&self) -> Vec<f64> {
        let plan = self.sketch.plan();
        let by_registers = Plan { history: false, ..plan }.std_error();
        vec![(HYPERLOGLOG.std_error)(plan.precision), by_registers, self.sketch.std_error()]
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        let (len, mut cells) = (self.sketch.register_len(), Vec::new());
        for (start, bits) in self.planes() {
            let Some(byte) = byte.checked_sub(start).filter(|byte| *byte < bits * len / 8) else { continue };
            match bits {
                // Lower halves are the first registers', upper ones the last registers'.
                4 => cells.extend([byte, byte + len / 2]),
                _ => cells.push(byte / (bits / 8)),
            }
        }
        cells
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        let len = self.sketch.register_len();
        let mut bytes = Vec::new();
        for (start, bits) in self.planes() {
            match bits {
                4 => bytes.push(start + cell % (len / 2)),
                _ => bytes.extend((0..bits / 8).map(|byte| start + cell * (bits / 8) + byte)),
            }
        }
        bytes
    }
}
