//! The scalable Bloom filter: a filter that is full gets a larger one beside it.

use super::{ACTIONS, CELLS, Filter, FilterLab, RATE, filter_in};
use crate::lab::pictures::Grid;
use crate::lab::{About, Cells, Control, ERRORS, Estimator, Span, Tuning};
use crate::text::counted;
use core::ops::Range;
use fewbytes::entry::Counts;
use fewbytes::layout::Region;
use fewbytes::membership::bloom::{false_positive_rate, size_for};
use fewbytes::membership::scalable_bloom::{
    CAPACITY_PARAMETER, ENTRY, GROWTH_PARAMETER, Plan, RATE_PARAMETER, TIGHTENING_PARAMETER,
};
use fewbytes::{BloomFilter, ScalableBloomFilter};

pub static ABOUT: About = About {
    slug: "scalable-bloom",
    name: ENTRY.name,
    words: "cat dog owl cow bee ant fox hen eel elk emu yak",
    controls: &[
        Control {
            parameter: &CAPACITY_PARAMETER,
            span: Span::List(&[4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 1024.0]),
            default: 8.0,
        },
        Control {
            parameter: &RATE_PARAMETER,
            span: Span::List(&[0.01, 0.02, 0.05, 0.1, 0.2, 0.5]),
            default: 0.1,
        },
        Control {
            parameter: &GROWTH_PARAMETER,
            span: Span::Even { low: 2.0, high: 8.0, step: 1.0 },
            default: 2.0,
        },
        Control { parameter: &TIGHTENING_PARAMETER, span: Span::List(&[0.5, 0.7, 0.85, 0.9]), default: 0.85 },
    ],
    actions: ACTIONS,
    figures: &[CELLS, RATE, ERRORS],
    estimators: &[Estimator { name: "The filter" }],
    counts: Counts::Distinct,
    asks: true,
    removes: false,
    merges: false,
    merges_exactly: false,
    keys: false,
    make: |tuning| {
        let plan = Plan {
            capacity: tuning.whole(0),
            rate: tuning.real(1),
            growth: tuning.whole(2) as u32,
            tightening: tuning.real(3),
        };
        Ok(FilterLab::boxed(Scalable::over(ScalableBloomFilter::new(plan, tuning.seed)?)))
    },
    open: |bytes| {
        let filter = ScalableBloomFilter::open(bytes.into())?;
        filter.verify()?;
        Ok(FilterLab::boxed(Scalable::over(filter)))
    },
};

/// A stage as the filter's own byte table tells of it.
#[derive(Clone, Default)]
struct Stage {
    /// Its first byte and its first bit among those of all stages.
    start: usize,
    first: usize,
    items: u64,
    capacity: u64,
    bits: usize,
    hashes: u32,
}

#[derive(Clone)]
struct Scalable {
    filter: ScalableBloomFilter,
    stages: Vec<Stage>,
}

impl Scalable {
    fn over(filter: ScalableBloomFilter) -> Self {
        let mut scalable = Self { filter, stages: Vec::new() };
        scalable.read();
        scalable
    }

    /// Reads the stages from the byte table.
    fn read(&mut self) {
        let (mut stages, mut stage) = (Vec::new(), Stage::default());
        for Region { name, start, end, value, .. } in self.regions() {
            let number = || value.parse::<u64>().unwrap_or(0);
            // `stage 0: bits`: the last word says which field.
            match name.rsplit(' ').next().filter(|field| field.len() < name.len()) {
                Some("item_len") => stage.items = number(),
                Some("capacity") => stage.capacity = number(),
                Some("hash_len") => stage.hashes = number() as u32,
                Some("bits") => {
                    (stage.start, stage.bits) = (start, (end - start) * 8);
                    let first = stage.first + stage.bits;
                    stages.push(core::mem::take(&mut stage));
                    stage.first = first;
                }
                _ => {}
            }
        }
        self.stages = stages;
    }

    fn stage_of(&self, cell: usize) -> Option<&Stage> {
        self.stages.iter().rev().find(|stage| stage.first <= cell)
    }

    fn places_in(stage: &Stage, hash: u64) -> Vec<usize> {
        let Ok(mut alone) = BloomFilter::with_bits(stage.bits as u64, stage.hashes, 0) else {
            return Vec::new();
        };
        let before = alone.as_bytes().to_vec();
        alone.insert_hash(hash);
        let places = Cells::at_end(before.len(), stage.bits, 1).changed(&before, alone.as_bytes());
        places.into_iter().map(|place| stage.first + place).collect()
    }
}

impl Filter for Scalable {
    filter_in!(filter: ScalableBloomFilter);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let Plan { capacity, rate, growth, tightening } = self.filter.plan();
        Tuning { values: vec![capacity as f64, rate, growth.into(), tightening], seed: self.filter.seed() }
    }

    fn take(&mut self, hashes: &[u64]) {
        // It fails where memory for another stage can't be had: the filter is then as it was.
        let _ = self.filter.insert_hashes(hashes);
        self.read();
    }

    /// By the plan: stages that are full, and one that is not.
    fn rate_at(&self, items: f64) -> f64 {
        let (mut left, mut sure) = (items as u64, 1.0);
        for i in 0..64 {
            let (capacity, rate) = self.filter.plan().stage(i);
            let Ok((bits, hashes)) = size_for(capacity, rate) else { break };
            sure *= 1.0 - false_positive_rate(bits, hashes, left.min(capacity));
            left = left.saturating_sub(capacity);
            if left == 0 {
                break;
            }
        }
        1.0 - sure
    }

    fn shown(&self, control: usize) -> String {
        let Plan { capacity, rate, growth, tightening } = self.filter.plan();
        match control {
            0 => counted(capacity, "item", "items"),
            1 => super::sentences::percent(rate),
            2 => format!("× {growth}"),
            _ => format!("× {tightening}"),
        }
    }

    fn len(&self) -> usize {
        self.stages.last().map_or(0, |stage| stage.first + stage.bits)
    }

    /// Those in the first stage that has the item, or else in the newest one.
    fn places(&self, hash: u64) -> Vec<usize> {
        let all_set = |places: &Vec<usize>| places.iter().all(|place| self.cell(*place) > 0);
        let found = self.stages.iter().map(|stage| Self::places_in(stage, hash)).find(all_set);
        let newest = || self.stages.last().map(|stage| Self::places_in(stage, hash));
        found.or_else(newest).unwrap_or_default()
    }

    /// A grid for each stage, as many as can be drawn at once, the newest ones first to stay.
    fn grids(&self, width: f64, _seen: usize) -> Vec<(String, Grid)> {
        let columns = if width < 400.0 { 32 } else { 64 };
        let mut room = super::MOST;
        let fits = |stage: &&Stage| {
            let fits = stage.bits <= room;
            room = room.saturating_sub(stage.bits);
            fits
        };
        let mut stages: Vec<&Stage> = self.stages.iter().rev().take_while(fits).collect();
        if stages.is_empty() {
            stages.extend(self.stages.last());
        }
        let first = self.stages.len() - stages.len();
        let grid = |(i, stage): (usize, &&Stage)| {
            let title = format!("stage {}: {} of {} items", first + i, stage.items, stage.capacity);
            let cells = stage.first..stage.first + stage.bits.min(super::MOST);
            (title, Grid::of(cells, columns, width))
        };
        stages.iter().rev().enumerate().map(grid).collect()
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        let holds = |stage: &&Stage| (stage.start..stage.start + stage.bits / 8).contains(&byte);
        let cells = self.stages.iter().find(holds).map(|stage| stage.first + (byte - stage.start) * 8);
        cells.map(|first| (first..first + 8).collect()).unwrap_or_default()
    }

    fn bytes_of(&self, cell: usize) -> Range<usize> {
        let byte = self.stage_of(cell).map_or(0, |stage| stage.start + (cell - stage.first) / 8);
        byte..byte + 1
    }

    fn cell(&self, cell: usize) -> u16 {
        let bit = self.stage_of(cell).map_or(0, |stage| cell - stage.first);
        self.bytes().get(self.bytes_of(cell).start).map_or(0, |byte| (byte >> (bit % 8) & 1).into())
    }
}
