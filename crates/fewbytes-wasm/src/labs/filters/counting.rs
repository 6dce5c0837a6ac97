//! The counting Bloom filter: counters in place of bits, so that items can be taken out.

use super::{ACTIONS, CELLS, Filter, FilterLab, RATE, filter_in};
use crate::lab::{About, Control, Estimator, Span, Tuning};
use crate::text::counted;
use fewbytes::CountingBloomFilter;
use fewbytes::entry::Counts;
use fewbytes::membership::bloom::{HASHES, false_positive_rate};
use fewbytes::membership::counting_bloom::{COUNTERS, ENTRY};

pub static ABOUT: About = About {
    slug: "counting-bloom",
    name: ENTRY.name,
    words: "cat dog owl cow bee ant fox hen eel elk emu yak",
    controls: &[
        Control {
            parameter: &COUNTERS,
            span: Span::List(&[
                64.0, 128.0, 192.0, 256.0, 384.0, 512.0, 1024.0, 2048.0, 4096.0, 16384.0, 65536.0,
            ]),
            default: 128.0,
        },
        Control { parameter: &HASHES, span: Span::Even { low: 1.0, high: 16.0, step: 1.0 }, default: 3.0 },
    ],
    actions: ACTIONS,
    figures: &[CELLS, RATE],
    estimators: &[Estimator { name: "The filter" }],
    counts: Counts::Events,
    asks: true,
    removes: true,
    merges: true,
    // What the other had taken out can't be put in.
    merges_exactly: false,
    keys: false,
    make: |tuning| {
        let filter =
            CountingBloomFilter::with_counters(tuning.whole(0), tuning.whole(1) as u32, tuning.seed)?;
        Ok(FilterLab::boxed(Counting { filter }))
    },
    open: |bytes| {
        let filter = CountingBloomFilter::open(bytes.into())?;
        filter.verify()?;
        Ok(FilterLab::boxed(Counting { filter }))
    },
};

#[derive(Clone)]
struct Counting {
    filter: CountingBloomFilter,
}

impl Filter for Counting {
    filter_in!(filter: CountingBloomFilter, merges);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let values = vec![self.filter.counter_len() as f64, self.filter.hash_len().into()];
        Tuning { values, seed: self.filter.seed() }
    }

    fn remove(&mut self, hash: u64) -> bool {
        self.filter.remove_hash(hash)
    }

    fn rate_at(&self, items: f64) -> f64 {
        false_positive_rate(self.filter.counter_len(), self.filter.hash_len(), items as u64)
    }

    fn shown(&self, control: usize) -> String {
        match control {
            0 => counted(self.filter.counter_len(), "counter", "counters"),
            _ => format!("{} an item", counted(self.filter.hash_len().into(), "counter", "counters")),
        }
    }

    fn nouns(&self) -> [&'static str; 2] {
        ["counter", "counters"]
    }

    fn cell_bits(&self) -> usize {
        4
    }

    fn len(&self) -> usize {
        self.filter.counter_len() as usize
    }
}
