//! The Morris array: many registers that go up ever more rarely, one of them for each item.

use super::{ACTIONS, CELLS, COUNTS, Counters, CountersLab, SOLILOQUY, counters_in};
use crate::lab::{About, Control, Estimator, Span, Tuning};
use crate::text::counted;
use fewbytes::MorrisArray;
use fewbytes::counting::morris::{BASE_PARAMETER, BITS_PARAMETER, std_error};
use fewbytes::counting::morris_array::{ENTRY, LEN_PARAMETER};
use fewbytes::entry::Counts;

pub static ABOUT: About = About {
    slug: "morris-array",
    name: ENTRY.name,
    words: SOLILOQUY,
    controls: &[
        Control {
            parameter: &LEN_PARAMETER,
            span: Span::List(&[8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0, 4096.0]),
            default: 64.0,
        },
        Control {
            parameter: &BASE_PARAMETER,
            span: Span::List(&[1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0]),
            default: 1.1,
        },
        Control { parameter: &BITS_PARAMETER, span: Span::List(&[8.0, 16.0]), default: 8.0 },
    ],
    actions: ACTIONS,
    figures: &[CELLS, COUNTS],
    estimators: &[Estimator { name: "The array" }],
    counts: Counts::Events,
    asks: true,
    removes: false,
    merges: true,
    merges_exactly: false,
    keys: false,
    make: |tuning| {
        let (counters, bits) = (tuning.whole(0), tuning.whole(2) as u32);
        let array = MorrisArray::new(counters, tuning.real(1), bits, tuning.seed)?;
        Ok(CountersLab::boxed(Array { array }))
    },
    open: |bytes| {
        let array = MorrisArray::open(bytes.into())?;
        array.verify()?;
        Ok(CountersLab::boxed(Array { array }))
    },
};

#[derive(Clone)]
struct Array {
    array: MorrisArray,
}

impl Counters for Array {
    counters_in!(array: MorrisArray);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let array = &self.array;
        let values = vec![array.counter_len() as f64, array.base(), array.register_bits().into()];
        Tuning { values, seed: array.seed() }
    }

    fn shown(&self, control: usize) -> String {
        match control {
            0 => counted(self.array.counter_len(), "register", "registers"),
            1 => format!("{}, error {:.1} %", self.array.base(), 100.0 * std_error(self.array.base())),
            _ => format!("{} bits each", self.array.register_bits()),
        }
    }

    fn shape(&self) -> (usize, usize) {
        (1, self.array.counter_len() as usize)
    }

    fn cell_bits(&self) -> usize {
        self.array.register_bits() as usize
    }

    fn base(&self) -> Option<f64> {
        Some(self.array.base())
    }

    fn places(&self, hash: u64) -> Vec<usize> {
        vec![self.array.counter_of(hash) as usize]
    }
}
