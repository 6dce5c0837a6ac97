//! UltraLogLog: registers that also hold which of the two ranks below the largest came.

use super::estimators::HYPERLOGLOG;
use super::ranked::{histogram, parts};
use super::{ACTIONS, Control, FIGURES, PRECISIONS, Sketch, WORDS, boxed};
use crate::lab::pictures::Part;
use crate::lab::{About, Cells, Estimator, Tuning, lies_in};
use fewbytes::distinct::ultraloglog::{ENTRY, PRECISION_PARAMETER, std_error, std_error_ml};
use fewbytes::entry::Counts;
use fewbytes::{Estimate, Result, Sigmas, UltraLogLog};

pub static ABOUT: About = About {
    slug: "ultraloglog",
    name: ENTRY.name,
    words: WORDS,
    controls: &[Control { parameter: &PRECISION_PARAMETER, span: PRECISIONS, default: 6.0 }],
    actions: ACTIONS,
    figures: FIGURES,
    estimators: &[
        Estimator { name: HYPERLOGLOG.name },
        Estimator { name: "Likelihood" },
        Estimator { name: "UltraLogLog" },
    ],
    counts: Counts::Distinct,
    asks: false,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: false,
    make: |tuning| Ok(boxed(Ultra { sketch: UltraLogLog::new(tuning.whole(0) as u32, tuning.seed)? })),
    open: |bytes| {
        let sketch = UltraLogLog::open(bytes.into())?;
        sketch.verify()?;
        Ok(boxed(Ultra { sketch }))
    },
};

#[derive(Clone)]
struct Ultra {
    sketch: UltraLogLog,
}

impl Ultra {
    fn layout(&self) -> Cells {
        Cells::at_end(self.sketch.as_bytes().len(), self.sketch.register_len(), 8)
    }
}

impl Sketch for Ultra {
    lies_in!(sketch as Sketch);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: vec![self.sketch.precision().into()], seed: self.sketch.seed() }
    }

    fn take(&mut self, hashes: &[u64]) {
        self.sketch.insert_hashes(hashes);
    }

    fn merge(&mut self, other: &[u8]) -> Result<()> {
        self.sketch.merge(&<UltraLogLog>::open(other.to_vec().into())?)
    }

    fn empty(&self) -> Result<Box<dyn Sketch>> {
        Ok(Box::new(Self { sketch: UltraLogLog::new(self.sketch.precision(), self.sketch.seed())? }))
    }

    fn fold(&self, lower: u32) -> Result<Box<dyn Sketch>> {
        Ok(Box::new(Self { sketch: self.sketch.fold(lower)? }))
    }

    fn values(&self) -> Vec<u64> {
        self.sketch.registers().iter().map(|value| (*value).into()).collect()
    }

    fn rank_of(&self, value: u64) -> u8 {
        (value / 4) as u8
    }

    fn told(&self, value: u64) -> String {
        let rank = value / 4;
        let came = |bit: u64| if value >> bit & 1 == 1 { "came" } else { "did not" };
        match rank {
            0 => "nothing".into(),
            1 => "rank 1".into(),
            2 => format!("rank 2; 1 {} too", came(1)),
            _ => format!("rank {rank}; {} {}, {} {}", rank - 1, came(1), rank - 2, came(0)),
        }
    }

    fn parts(&self, hash: u64, register: usize) -> Vec<Part> {
        parts(hash, register, self.sketch.precision())
    }

    fn estimates(&self) -> Vec<Estimate> {
        let histogram = histogram(&self.ranks(), self.sketch.precision());
        let by_ranks = histogram.map(|histogram| (HYPERLOGLOG.estimate_at)(&histogram, Sigmas::Two));
        vec![by_ranks.unwrap_or(Estimate::exact(0.0)), self.sketch.estimate_ml(), self.sketch.estimate()]
    }

    fn std_errors(&self) -> Vec<f64> {
        let precision = self.sketch.precision();
        vec![(HYPERLOGLOG.std_error)(precision), std_error_ml(precision), std_error(precision)]
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        self.layout().cells_of(byte)
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        self.layout().bytes_of(cell).collect()
    }
}
