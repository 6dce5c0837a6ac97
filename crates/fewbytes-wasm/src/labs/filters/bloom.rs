//! The Bloom filter: bits, of which each item sets some.

use super::{ACTIONS, CELLS, Filter, FilterLab, RATE, filter_in};
use crate::lab::{About, Control, ERRORS, Estimator, Span, Tuning};
use crate::text::counted;
use fewbytes::BloomFilter;
use fewbytes::entry::Counts;
use fewbytes::membership::bloom::{BITS, ENTRY, HASHES, false_positive_rate};

pub static ABOUT: About = About {
    slug: "bloom",
    name: ENTRY.name,
    words: "cat dog owl cow bee ant fox hen eel elk emu yak",
    controls: &[
        Control {
            parameter: &BITS,
            span: Span::List(&[
                64.0, 128.0, 192.0, 256.0, 384.0, 512.0, 768.0, 1024.0, 1536.0, 2048.0, 3072.0, 4096.0,
                8192.0, 16384.0, 32768.0, 65536.0,
            ]),
            default: 128.0,
        },
        Control { parameter: &HASHES, span: Span::Even { low: 1.0, high: 16.0, step: 1.0 }, default: 3.0 },
    ],
    actions: ACTIONS,
    figures: &[CELLS, RATE, ERRORS],
    estimators: &[Estimator { name: "The filter" }],
    counts: Counts::Distinct,
    asks: true,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: false,
    make: |tuning| {
        let filter = BloomFilter::with_bits(tuning.whole(0), tuning.whole(1) as u32, tuning.seed)?;
        Ok(FilterLab::boxed(Bloom { filter }))
    },
    open: |bytes| {
        let filter = BloomFilter::open(bytes.into())?;
        filter.verify()?;
        Ok(FilterLab::boxed(Bloom { filter }))
    },
};

#[derive(Clone)]
struct Bloom {
    filter: BloomFilter,
}

impl Filter for Bloom {
    filter_in!(filter: BloomFilter, merges);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let values = vec![self.filter.bit_len() as f64, self.filter.hash_len().into()];
        Tuning { values, seed: self.filter.seed() }
    }

    fn rate_at(&self, items: f64) -> f64 {
        false_positive_rate(self.filter.bit_len(), self.filter.hash_len(), items as u64)
    }

    fn shown(&self, control: usize) -> String {
        match control {
            0 => counted(self.filter.bit_len(), "bit", "bits"),
            _ => format!("{} an item", counted(self.filter.hash_len().into(), "bit", "bits")),
        }
    }

    fn len(&self) -> usize {
        self.filter.bit_len() as usize
    }
}
