//! The age-partitioned Bloom filter: slices that are cleared one by one, so that old items are forgotten.

use super::{ACTIONS, CELLS, Filter, FilterLab, RATE as RATES, field, filter_in, parts};
use crate::lab::pictures::Grid;
use crate::lab::{About, Control, Estimator, Span, Tuning};
use crate::text::counted;
use fewbytes::AgePartitionedBloomFilter;
use fewbytes::entry::Counts;
use fewbytes::membership::age_partitioned_bloom::{
    ENTRY, GENERATIONS, RATE, WINDOW, false_positive_rate, size_for,
};

const RATE_VALUES: &[f64] = &[0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

pub static ABOUT: About = About {
    slug: "age-partitioned-bloom",
    name: ENTRY.name,
    words: "cat dog owl cow bee ant fox hen eel elk emu yak",
    controls: &[
        Control {
            parameter: &WINDOW,
            span: Span::List(&[4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 1024.0]),
            default: 8.0,
        },
        Control { parameter: &RATE, span: Span::List(RATE_VALUES), default: 0.1 },
        Control {
            parameter: &GENERATIONS,
            span: Span::Even { low: 1.0, high: 12.0, step: 1.0 },
            default: 4.0,
        },
    ],
    actions: ACTIONS,
    figures: &[CELLS, RATES],
    estimators: &[Estimator { name: "The filter" }],
    // An item that comes again is new again.
    counts: Counts::Events,
    asks: true,
    removes: false,
    merges: false,
    merges_exactly: false,
    keys: false,
    make: |tuning| {
        let plan = size_for(tuning.whole(0), tuning.real(1), tuning.whole(2) as u32)?;
        let filter = AgePartitionedBloomFilter::new(plan, tuning.seed)?;
        Ok(FilterLab::boxed(AgePartitioned::over(filter, tuning.values.clone())))
    },
    open: |bytes| {
        let filter = AgePartitionedBloomFilter::open(bytes.into())?;
        filter.verify()?;
        let plan = filter.plan();
        let (window, generations) = (plan.window(), plan.generation_len);
        // The rate that was asked for is not in the bytes: one that gives the same shape, or else the rate that it has.
        let same = |rate: &&f64| size_for(window, **rate, generations).is_ok_and(|other| other == plan);
        let rate = RATE_VALUES.iter().find(same).copied().unwrap_or_else(|| plan.rate());
        let values = vec![window as f64, rate, generations.into()];
        Ok(FilterLab::boxed(AgePartitioned::over(filter, values)))
    },
};

#[derive(Clone)]
struct AgePartitioned {
    filter: AgePartitionedBloomFilter,
    /// What was asked for.
    values: Vec<f64>,
    newest: usize,
    has_shifted: bool,
}

impl AgePartitioned {
    fn over(filter: AgePartitionedBloomFilter, values: Vec<f64>) -> Self {
        let mut lab = Self { filter, values, newest: 0, has_shifted: false };
        lab.newest = lab.read_newest();
        lab
    }

    /// The youngest slice, from 0.
    fn read_newest(&self) -> usize {
        (field(&self.regions(), "newest") as usize).saturating_sub(1)
    }

    /// The cells of an item whose generation began so many before the newest: those that it sets in an empty filter whose
    /// youngest slice is as old.
    fn places_at(&self, hash: u64, age: usize) -> Vec<usize> {
        let mut bytes = self.bytes().to_vec();
        let len = self.filter.plan().slice_len() as usize;
        for region in self.regions() {
            let value = match region.name.as_str() {
                "next" => 1,
                "newest" => (self.newest + age) % len + 1,
                _ => continue,
            };
            let room = &mut bytes[region.start..region.end];
            room.copy_from_slice(&(value as u64).to_le_bytes()[..room.len()]);
        }
        bytes[self.layout().start..].fill(0);
        let before = bytes.clone();
        let Ok(mut alone) = <AgePartitionedBloomFilter>::open(bytes.into()) else { return Vec::new() };
        alone.insert_hashes(&[hash]);
        self.layout().changed(&before, alone.as_bytes())
    }

    fn age(&self, slice: usize) -> usize {
        let len = self.filter.plan().slice_len() as usize;
        (slice + len - self.newest) % len
    }
}

impl Filter for AgePartitioned {
    filter_in!(filter: AgePartitionedBloomFilter);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: self.values.clone(), seed: self.filter.seed() }
    }

    fn take(&mut self, hashes: &[u64]) {
        self.filter.insert_hashes(hashes);
        let newest = self.read_newest();
        self.has_shifted = newest != self.newest;
        self.newest = newest;
    }

    /// The paper's expected shares of set bits: a slice is written by as many generations as an item has bits.
    fn rate_at(&self, items: f64) -> f64 {
        let plan = self.filter.plan();
        let (items, each) = (items as u64, plan.generation_items);
        let (whole, hashes) = (items.saturating_sub(1) / each, u64::from(plan.hash_len));
        let fills = (0..u64::from(plan.slice_len())).map(|age| {
            let last = (whole + hashes).checked_sub(age + 1).map_or(0, |last| (last + 1) * each);
            let written = items.min(last).saturating_sub(whole.saturating_sub(age) * each);
            -libm::expm1(written as f64 * libm::log1p(-1.0 / plan.slice_bits as f64))
        });
        false_positive_rate(&fills.collect::<Vec<f64>>(), plan.hash_len)
    }

    fn shown(&self, control: usize) -> String {
        let plan = self.filter.plan();
        match control {
            0 => format!("the last {}", counted(plan.window(), "item", "items")),
            1 => super::sentences::percent(self.values[1]),
            _ => format!(
                "{}, of {} each",
                plan.generation_len,
                counted(plan.generation_items, "item", "items")
            ),
        }
    }

    fn window(&self) -> Option<u64> {
        Some(self.filter.window())
    }

    fn remark(&self) -> String {
        match self.has_shifted {
            true => " A generation began: the oldest slice was cleared, and is the youngest now.".into(),
            false => String::new(),
        }
    }

    fn len(&self) -> usize {
        self.filter.plan().bits() as usize
    }

    /// Those in the slices of the youngest generation that has the item, or else of the newest.
    fn places(&self, hash: u64) -> Vec<usize> {
        let ages = 0..=self.filter.plan().generation_len as usize;
        let all_set = |places: &Vec<usize>| places.iter().all(|place| self.cell(*place) > 0);
        let found = ages.map(|age| self.places_at(hash, age)).find(all_set);
        found.unwrap_or_else(|| self.places_at(hash, 0))
    }

    /// A grid for each slice, the youngest first.
    fn grids(&self, width: f64, _seen: usize) -> Vec<(String, Grid)> {
        let plan = self.filter.plan();
        let (len, each) = (plan.slice_len() as usize, plan.slice_bits as usize);
        let slices = (self.newest..len).chain(0..self.newest);
        let columns = if width < 400.0 { 32 } else { 64 };
        parts(slices, each, (columns, width), |slice| match self.age(slice) {
            age if age < plan.hash_len as usize => {
                format!("slice {slice}, age {age}: new items set a bit here")
            }
            age => format!("slice {slice}, age {age}"),
        })
    }
}
