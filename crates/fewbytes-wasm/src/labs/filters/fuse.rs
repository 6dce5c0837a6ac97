//! The binary fuse filter: fingerprints such that those of an item's four slots combine to its own.

use super::{ACTIONS, CELLS, Filter, FilterLab, RATE, field, parts};
use crate::lab::pictures::Grid;
use crate::lab::{About, Cells, Control, Estimator, Span, Tuning, lies_in};
use crate::text::{counted, grouped};
use core::ops::Range;
use fewbytes::entry::Counts;
use fewbytes::membership::binary_fuse::{ENTRY, FINGERPRINT_BITS};
use fewbytes::{BinaryFuseFilter, Estimate};

pub static ABOUT: About = About {
    slug: "binary-fuse",
    name: ENTRY.name,
    words: "cat dog owl cow bee ant fox hen eel elk emu yak",
    controls: &[Control { parameter: &FINGERPRINT_BITS, span: Span::List(&[8.0, 16.0]), default: 8.0 }],
    actions: ACTIONS,
    figures: &[CELLS, RATE],
    estimators: &[Estimator { name: "The filter" }],
    counts: Counts::Distinct,
    asks: true,
    removes: false,
    merges: false,
    merges_exactly: false,
    keys: false,
    make: |tuning| {
        let filter = BinaryFuseFilter::from_hashes(&[], tuning.whole(0) as u32, tuning.seed)?;
        Ok(FilterLab::boxed(Fuse::over(filter, Some(Vec::new()))))
    },
    open: |bytes| {
        let filter = BinaryFuseFilter::open(bytes.into())?;
        filter.verify()?;
        Ok(FilterLab::boxed(Fuse::over(filter, None)))
    },
};

#[derive(Clone)]
struct Fuse {
    filter: BinaryFuseFilter,
    /// The items that it was solved for; not known of one that was opened.
    hashes: Option<Vec<u64>>,
    slots: usize,
    segment: usize,
    start: usize,
}

impl Fuse {
    fn over(filter: BinaryFuseFilter, hashes: Option<Vec<u64>>) -> Self {
        let mut lab = Self { filter, hashes, slots: 0, segment: 0, start: 0 };
        lab.read();
        lab
    }

    fn read(&mut self) {
        let regions = self.regions();
        self.slots = (field(&regions, "shard_len") * field(&regions, "slot_len")) as usize;
        self.segment = field(&regions, "segment_len") as usize;
        self.start = regions.last().map_or(0, |payload| payload.start);
    }
}

impl Filter for Fuse {
    lies_in!(filter as Filter);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: vec![self.filter.fingerprint_bits().into()], seed: self.filter.seed() }
    }

    fn contains(&self, hash: u64) -> bool {
        self.filter.contains_hash(hash)
    }

    fn current_rate(&self) -> f64 {
        self.filter.false_positive_rate()
    }

    fn estimate(&self) -> Estimate {
        self.filter.estimate()
    }

    fn std_error(&self) -> f64 {
        self.filter.std_error()
    }

    /// All items are solved for anew.
    fn take(&mut self, hashes: &[u64]) {
        let Some(all) = &mut self.hashes else { return };
        all.extend(hashes);
        // It fails where memory can't be had: the filter is then as it was.
        let (bits, seed) = (self.filter.fingerprint_bits(), self.filter.seed());
        if let Ok(filter) = BinaryFuseFilter::from_hashes(all, bits, seed) {
            self.filter = filter;
            self.read();
        }
    }

    fn rate_at(&self, items: f64) -> f64 {
        if items < 1.0 { 0.0 } else { libm::exp2(-f64::from(self.filter.fingerprint_bits())) }
    }

    fn shown(&self, _control: usize) -> String {
        format!("{} bits a fingerprint", self.filter.fingerprint_bits())
    }

    fn remark(&self) -> String {
        match &self.hashes {
            Some(_) => format!(
                " Solved anew for all {}: {} slots.",
                counted(self.filter.len(), "item", "items"),
                grouped(self.slots as f64)
            ),
            None => " Nothing changes: which items a file was solved for is not known, so it can’t be anew."
                .into(),
        }
    }

    fn comes_to(&self, hash: u64) -> Option<String> {
        let (slots, own) = self.filter.slots_of_hash(hash)?;
        let (mut all, mut held, mut listed) = (0, String::new(), String::new());
        for (i, slot) in slots.into_iter().enumerate() {
            let value = self.cell(slot as usize);
            all ^= value;
            listed += [" ", ", ", ", ", " and "][i];
            listed += &slot.to_string();
            held += ["", " ⊕ ", " ⊕ ", " ⊕ "][i];
            held += &value.to_string();
        }
        let own =
            if all == own { ", its fingerprint".into() } else { format!(", but its fingerprint is {own}") };
        Some(format!("slots{listed} hold {held} = {all}{own}"))
    }

    fn nouns(&self) -> [&'static str; 2] {
        ["slot", "slots"]
    }

    fn len(&self) -> usize {
        self.slots
    }

    fn cell_bits(&self) -> usize {
        self.filter.fingerprint_bits() as usize
    }

    fn sets(&self) -> bool {
        false
    }

    /// Beyond the slots, each shard has a byte: its number of tries.
    fn layout(&self) -> Cells {
        Cells { start: self.start, len: self.slots, bits: self.cell_bits() }
    }

    fn name_of(&self, cell: usize) -> String {
        match cell.checked_sub(self.slots) {
            Some(shard) => format!("the try at which shard {shard} was built"),
            None => format!("slot {cell}"),
        }
    }

    fn cell(&self, cell: usize) -> u16 {
        match cell < self.slots {
            true => self.layout().get(self.bytes(), cell) as u16,
            false => self.bytes().get(self.bytes_of(cell).start).copied().unwrap_or(0).into(),
        }
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        match byte.checked_sub(self.layout().bytes_of(self.slots).start) {
            Some(shard) => vec![self.slots + shard],
            None => self.layout().cells_of(byte),
        }
    }

    fn bytes_of(&self, cell: usize) -> Range<usize> {
        let end = self.layout().bytes_of(self.slots).start;
        match cell.checked_sub(self.slots) {
            Some(shard) => end + shard..end + shard + 1,
            None => self.layout().bytes_of(cell),
        }
    }

    fn places(&self, hash: u64) -> Vec<usize> {
        let slots =
            self.filter.slots_of_hash(hash).map(|(slots, _)| slots.map(|slot| slot as usize).to_vec());
        slots.unwrap_or_default()
    }

    /// A grid for each segment.
    fn grids(&self, width: f64, seen: usize) -> Vec<(String, Grid)> {
        let each = self.segment.max(1);
        let page = (super::MOST / each).max(1);
        let first = seen / each / page * page;
        let columns = if width < 400.0 { 16 } else { 32 };
        parts(first..self.slots / each, each, (columns, width), |segment| format!("segment {segment}"))
    }
}
