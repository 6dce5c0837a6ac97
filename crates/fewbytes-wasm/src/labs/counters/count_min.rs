//! The Count-Min sketch: rows of cells, of which an item has one in each; the least of them counts it.

use super::{ACTIONS, CELLS as PICTURE, COUNTS, Counters, CountersLab, SOLILOQUY, counters_in};
use crate::lab::{About, Cells as Places, Control, Estimator, Span, Tuning};
use crate::text::counted;
use fewbytes::CountMinSketch;
use fewbytes::counting::count_min::{CELLS, Cells, DEPTH, ENTRY, Plan, UPDATE, Update, WIDTH};
use fewbytes::entry::Counts;

/// Growth of Morris cells.
const BASE: f64 = 1.1;

pub static ABOUT: About = About {
    slug: "count-min",
    name: ENTRY.name,
    words: SOLILOQUY,
    controls: &[
        Control {
            parameter: &WIDTH,
            span: Span::List(&[4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0]),
            default: 16.0,
        },
        Control { parameter: &DEPTH, span: Span::Even { low: 1.0, high: 8.0, step: 1.0 }, default: 3.0 },
        Control { parameter: &UPDATE, span: Span::List(&[1.0, 2.0]), default: 1.0 },
        Control { parameter: &CELLS, span: Span::List(&[8.0, 32.0, 64.0]), default: 32.0 },
    ],
    actions: ACTIONS,
    figures: &[PICTURE, COUNTS],
    estimators: &[Estimator { name: "The sketch" }],
    counts: Counts::Events,
    asks: true,
    removes: false,
    merges: true,
    // Conservative and Morris cells hold less of the order than a merge would need.
    merges_exactly: false,
    keys: false,
    make: |tuning| {
        let cells = match tuning.whole(3) {
            8 => Cells::Morris(BASE),
            64 => Cells::Bits64,
            _ => Cells::Bits32,
        };
        let update = if tuning.whole(2) == 2 { Update::Conservative } else { Update::Plain };
        let (width, depth) = (tuning.whole(0), tuning.whole(1) as u32);
        // Here items come as hashes: there is nothing to keep of them but those.
        let plan = Plan { width, depth, cells, update, candidates: 8, item_bytes: 1, coin: 0 };
        Ok(CountersLab::boxed(CountMin { sketch: CountMinSketch::new(plan, tuning.seed)? }))
    },
    open: |bytes| {
        let sketch = CountMinSketch::open(bytes.into())?;
        sketch.verify()?;
        Ok(CountersLab::boxed(CountMin { sketch }))
    },
};

#[derive(Clone)]
struct CountMin {
    sketch: CountMinSketch,
}

impl Counters for CountMin {
    counters_in!(sketch: CountMinSketch);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let Plan { width, depth, cells, update, .. } = self.sketch.plan();
        let update = if update == Update::Plain { 1.0 } else { 2.0 };
        let values = vec![width as f64, depth.into(), update, cells.bits().into()];
        Tuning { values, seed: self.sketch.seed() }
    }

    fn shown(&self, control: usize) -> String {
        let Plan { width, depth, cells, update, .. } = self.sketch.plan();
        match (control, cells, update) {
            (0, ..) => format!("{} a row", counted(width, "cell", "cells")),
            (1, ..) => counted(depth.into(), "row", "rows"),
            (2, _, Update::Plain) => "plain: all of an item’s cells".into(),
            (2, ..) => "conservative: only the least".into(),
            (_, Cells::Morris(_), _) => "8 bits: Morris registers".into(),
            _ => format!("{} bits, exact", cells.bits()),
        }
    }

    fn shape(&self) -> (usize, usize) {
        let Plan { width, depth, .. } = self.sketch.plan();
        (depth as usize, width as usize)
    }

    fn cell_bits(&self) -> usize {
        self.sketch.plan().cells.bits() as usize
    }

    fn base(&self) -> Option<f64> {
        match self.sketch.plan().cells {
            Cells::Morris(base) => Some(base),
            _ => None,
        }
    }

    /// Those that an item changes in an empty sketch.
    fn places(&self, hash: u64) -> Vec<usize> {
        let Ok(mut alone) = CountMinSketch::new(self.sketch.plan(), 0) else { return Vec::new() };
        let before = alone.as_bytes().to_vec();
        alone.insert_hash(hash);
        let (rows, width) = self.shape();
        Places::at_end(before.len(), rows * width, self.cell_bits()).changed(&before, alone.as_bytes())
    }
}
