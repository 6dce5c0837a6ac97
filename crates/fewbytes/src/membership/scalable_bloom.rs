//! [`ScalableBloomFilter`]: Bloom filters in stages, for when the number of items is not known.

use super::bits::{fill, has_bits, set_bits};
use super::bloom;
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source};
use crate::face::{catalogued, contains_face, contains_view, face};
use crate::hash::{hash, try_in_batches, try_u64s_in_batches};
use crate::layout::{Buffer, Field, FieldRow, Format, Frame, HEADER_LEN, Region, Resize};
use crate::{Error, Estimate, Items, Result, Sigmas};
use alloc::{boxed::Box, format, string::String, vec::Vec};

const CAPACITY: Field<u64> = Field::at(HEADER_LEN, "capacity", "items that the first stage is sized for");
const RATE: Field<f64> = CAPACITY.then("rate", "compound false-positive rate that is never passed");
const TIGHTENING: Field<f64> = RATE.then("tightening", "each stage's rate as a share of the one before");
const GROWTH: Field<u32> = TIGHTENING.then("growth", "each stage's items as a multiple of the one before");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 2,
    slug: "scalable-bloom",
    version: 1,
    parameters: &[CAPACITY.row(), RATE.row(), TIGHTENING.row(), GROWTH.row()],
    payload: "the stages, oldest first: a record of 32 bytes, then the stage's bits as in a Bloom filter",
};

/// A stage's record: offsets count from the record's start.
const ITEM_LEN: Field<u64> = Field::at(0, "item_len", "items that the stage took");
const STAGE_CAPACITY: Field<u64> = ITEM_LEN.then("capacity", "items that it is sized for");
const BIT_LEN: Field<u64> = STAGE_CAPACITY.then("bit_len", "bits in the stage, a multiple of 64");
const HASH_LEN: Field<u32> = BIT_LEN.then("hash_len", "bits that an item sets");
const RESERVED: Field<u32> = HASH_LEN.then("reserved", "0");
const RECORD: [FieldRow; 5] =
    [ITEM_LEN.row(), STAGE_CAPACITY.row(), BIT_LEN.row(), HASH_LEN.row(), RESERVED.row()];
const RECORD_LEN: usize = RESERVED.end();

/// What the paper recommends for stages that double.
const GROWTH_DEFAULT: u32 = 2;
const TIGHTENING_DEFAULT: f64 = 0.85;

/// Items that the first stage is sized for.
pub const CAPACITY_PARAMETER: Parameter = Parameter {
    name: "capacity",
    unit: "items",
    range: Range::Whole(1, 1 << 40),
    default: Some(Number::Whole(1024)),
    doc: "different items that the first stage is sized for",
};
/// Compound false-positive rate.
pub const RATE_PARAMETER: Parameter = Parameter {
    name: "rate",
    unit: "",
    range: Range::Real(0.0, 1.0),
    default: Some(Number::Real(0.01)),
    doc: "false-positive rate of all stages together, never passed",
};
/// Growth of the stages.
pub const GROWTH_PARAMETER: Parameter = Parameter {
    name: "growth",
    unit: "",
    range: Range::Whole(2, 16),
    default: Some(Number::Whole(GROWTH_DEFAULT as u64)),
    doc: "each stage takes this many times the items of the one before",
};
/// Tightening of the stages' rates.
pub const TIGHTENING_PARAMETER: Parameter = Parameter {
    name: "tightening",
    unit: "",
    range: Range::Real(0.0, 1.0),
    default: Some(Number::Real(TIGHTENING_DEFAULT)),
    doc: "each stage's rate as a share of the one before",
};

/// What a scalable filter is built with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Items that the first stage is sized for.
    pub capacity: u64,
    /// Compound false-positive rate *P*.
    pub rate: f64,
    /// Items of a stage as a multiple of those of the one before, *s*.
    pub growth: u32,
    /// Rate of a stage as a share of that of the one before, *r*.
    pub tightening: f64,
}

impl Plan {
    /// A plan with growth 2 and tightening 0.85, what the paper recommends for stages that double.
    pub const fn new(capacity: u64, rate: f64) -> Self {
        Self { capacity, rate, growth: GROWTH_DEFAULT, tightening: TIGHTENING_DEFAULT }
    }

    fn check(self) -> Result<Self> {
        CAPACITY_PARAMETER.check_whole(self.capacity)?;
        RATE_PARAMETER.check_real(self.rate)?;
        GROWTH_PARAMETER.check_whole(self.growth.into())?;
        TIGHTENING_PARAMETER.check_real(self.tightening)?;
        Ok(self)
    }

    /// Items and rate of stage `i`, from 0: *n s^i* items at *P (1 - r) r^i*. All rates add up to *P*.
    ///
    /// No rate is less than hashes of 64 bits can give to that many items.
    pub fn stage(&self, i: u32) -> (u64, f64) {
        let items = u64::from(self.growth).saturating_pow(i).saturating_mul(self.capacity);
        let rate = self.rate * (1.0 - self.tightening) * libm::pow(self.tightening, f64::from(i));
        (items, rate.max(items as f64 * libm::exp2(-60.0)))
    }

    fn of_settings(settings: &Settings) -> Self {
        Self {
            capacity: settings.whole(&CAPACITY_PARAMETER),
            rate: settings.real(&RATE_PARAMETER),
            growth: settings.whole(&GROWTH_PARAMETER) as u32,
            tightening: settings.real(&TIGHTENING_PARAMETER),
        }
    }
}

/// One stage: a Bloom filter in the payload, after its record.
#[derive(Clone, Copy, Debug)]
struct Stage {
    /// Where the record begins, in the payload.
    record: usize,
    item_len: u64,
    capacity: u64,
    bit_len: u64,
    hash_len: u32,
}

impl Stage {
    /// Stage `i` of a plan, empty, its record at `record`.
    fn planned(plan: &Plan, i: u32, record: usize) -> Result<Self> {
        let (capacity, rate) = plan.stage(i);
        let (bit_len, hash_len) = bloom::size_for(capacity, rate)?;
        Ok(Self { record, item_len: 0, capacity, bit_len, hash_len })
    }

    /// Reads the record at `record`, and refuses what would lead out of the payload.
    fn open(payload: &[u8], record: usize) -> Result<Self> {
        let rest = &payload[record..];
        if rest.len() < RECORD_LEN {
            let expected = format_args!("a record of {RECORD_LEN} bytes");
            return Err(Error::field("stage", expected, format_args!("{} bytes", rest.len())));
        }
        let stage = Self {
            record,
            item_len: ITEM_LEN.get(rest),
            capacity: STAGE_CAPACITY.get(rest),
            bit_len: BIT_LEN.get(rest),
            hash_len: HASH_LEN.get(rest),
        };
        let there = (rest.len() - RECORD_LEN) as u64 * 8;
        if stage.bit_len == 0 || stage.bit_len > there || !stage.bit_len.is_multiple_of(64) {
            let expected = format_args!("a multiple of 64 from 64 to {there}, the bits that follow");
            return Err(Error::field(BIT_LEN.name(), expected, stage.bit_len));
        }
        bloom::HASHES.check_field(HASH_LEN.name(), stage.hash_len.into())?;
        // Each new item set a bit at least. So a stage that says it is full is not a few bytes that ask for gigabytes.
        let most = stage.capacity.min(stage.bit_len);
        if stage.item_len > most {
            return Err(Error::field(ITEM_LEN.name(), format_args!("at most {most}"), stage.item_len));
        }
        if RESERVED.get(rest) != 0 {
            return Err(Error::field(RESERVED.name(), "0", RESERVED.get(rest)));
        }
        Ok(stage)
    }

    /// Share of the items that came to the stage which it took, when its load, *kn/m*, is `load`: the mean of *1 - p* on
    /// the way there, by the midpoint rule. The rest it took for old ones by mistake.
    fn taken(&self, load: f64) -> f64 {
        const STEPS: u32 = 64;
        let hashes = f64::from(self.hash_len);
        let middles = (0..STEPS).map(|step| (f64::from(step) + 0.5) / f64::from(STEPS));
        middles.map(|t| sure(libm::pow(-libm::expm1(-load * t), hashes))).sum::<f64>() / f64::from(STEPS)
    }

    /// Items that it has taken when as many came as it is sized for: then it is full. A stage's fill goes by all that
    /// came, those that it took for old ones too.
    fn most(&self) -> u64 {
        let load = f64::from(self.hash_len) * self.capacity as f64 / self.bit_len as f64;
        (libm::round(self.capacity as f64 * self.taken(load)) as u64).clamp(1, self.capacity)
    }

    fn bits(&self) -> core::ops::Range<usize> {
        let start = self.record + RECORD_LEN;
        start..start + (self.bit_len / 8) as usize
    }
}

/// *1 - rate*; in damaged bytes a rate may be 1.
fn sure(rate: f64) -> f64 {
    (1.0 - rate).max(f64::EPSILON)
}

/// Expected number of different items that were taken for old ones, and the stages' compound rate now, by each stage's
/// share of bits that are set.
///
/// While stage and older ones took an item for an old one with the chance *p*, each item taken stands for *p / (1 - p)*
/// that were not. A stage's rate grew with its fill, evenly in the number of items that *came* to it: those that it took
/// for old ones itself had set the same bits.
fn missed(stages: impl Iterator<Item = (Stage, f64)>) -> (f64, f64) {
    let (mut older, mut missed) = (1.0, 0.0);
    for (stage, fill) in stages {
        let load = -libm::log1p(-fill.min(1.0 - f64::EPSILON));
        missed += stage.item_len as f64 * (1.0 / (older * stage.taken(load)) - 1.0);
        older = sure(1.0 - older * sure(libm::pow(fill, f64::from(stage.hash_len))));
    }
    (missed, 1.0 - older)
}

/// Standard error of the count, as a share of it: the misses are as good as a Poisson number.
fn std_error(item_len: f64, missed: f64) -> f64 {
    if missed > 0.0 { libm::sqrt(missed) / (item_len + missed) } else { 0.0 }
}

#[doc = include_str!("scalable_bloom.md")]
#[derive(Clone)]
pub struct ScalableBloomFilter<D = Buffer> {
    frame: Frame<D>,
    plan: Plan,
    /// Oldest first; never empty.
    stages: Vec<Stage>,
    /// Items that the newest stage still takes.
    room: u64,
}

impl ScalableBloomFilter {
    /// An empty filter with its first stage.
    ///
    /// # Errors
    /// [`Error::Parameter`] when a number of the plan is out of range;
    /// [`Error::CannotGrow`] when memory for the first stage can't be had.
    pub fn new(plan: Plan, seed: u64) -> Result<Self> {
        let plan = plan.check()?;
        let mut frame = Frame::new(&FORMAT, seed, 0)?;
        CAPACITY.set(frame.bytes_mut(), plan.capacity);
        RATE.set(frame.bytes_mut(), plan.rate);
        TIGHTENING.set(frame.bytes_mut(), plan.tightening);
        GROWTH.set(frame.bytes_mut(), plan.growth);
        let mut filter = Self { frame, plan, stages: Vec::new(), room: 0 };
        filter.grow()?;
        Ok(filter)
    }
}

impl<D: AsRef<[u8]>> ScalableBloomFilter<D> {
    /// Opens the bytes of a filter where they lie. O(stages).
    ///
    /// # Errors
    /// The first thing in which `data` is not a filter's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let bytes = frame.bytes();
        let plan = Plan {
            capacity: CAPACITY.get(bytes),
            rate: RATE.get(bytes),
            growth: GROWTH.get(bytes),
            tightening: TIGHTENING.get(bytes),
        };
        let plan = plan.check().map_err(|error| match error {
            Error::Parameter { name, expected, found } => Error::Field { field: name, expected, found },
            other => other,
        })?;
        let payload = frame.payload();
        let mut stages: Vec<Stage> = Vec::new();
        let mut at = 0;
        // By the plan there are at most 41 stages; in damaged bytes there might be millions.
        while at < payload.len() || stages.is_empty() {
            let stage = Stage::open(payload, at)?;
            let (capacity, _) = plan.stage(stages.len() as u32);
            if stage.capacity != capacity || bloom::ITEMS.check_whole(capacity).is_err() {
                let expected = format_args!("{capacity} by the plan, and at most 2^40");
                return Err(Error::field(STAGE_CAPACITY.name(), expected, stage.capacity));
            }
            at = stage.bits().end;
            stages.push(stage);
        }
        let room = stages.last().map_or(0, |stage| stage.most().saturating_sub(stage.item_len));
        Ok(Self { frame, plan, stages, room })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// Whether an item of this hash may have been inserted. False is certain.
    ///
    /// The oldest stage is asked first: in a stream of words the frequent ones came early.
    #[inline]
    pub fn contains_hash(&self, hash: u64) -> bool {
        let payload = self.frame.payload();
        self.stages.iter().any(|stage| has_bits(&payload[stage.bits()], hash, stage.bit_len, stage.hash_len))
    }

    /// Asks for many items by their hashes; `found` takes the answers in their order, as many as both are long.
    pub fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) {
        for (found, hash) in found.iter_mut().zip(hashes) {
            *found = self.contains_hash(*hash);
        }
    }

    /// What it was built with.
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// Number of stages.
    pub fn stage_len(&self) -> usize {
        self.stages.len()
    }

    /// Items that were new when they came: a sure lower bound of the different items inserted.
    pub fn item_len(&self) -> u64 {
        self.stages.iter().fold(0, |sum: u64, stage| sum.saturating_add(stage.item_len))
    }

    /// The rate at which an item that was never inserted is found now: *1 - Π (1 - p_i)* over the stages' rates. O(n).
    pub fn current_rate(&self) -> f64 {
        self.missed().1
    }

    /// Number of different items inserted, within two standard errors. O(n): the bits that are set are counted.
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds. `low` is never less than the sure lower bound.
    ///
    /// New items are counted as they are taken; those that the filter took for old ones by mistake are not, and are
    /// added in expectation: *p / (1 - p)* for each item taken while the rate was *p*.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        let (sure, (missed, _)) = (self.item_len() as f64, self.missed());
        let estimate = Estimate::absolute(sure + missed, libm::sqrt(missed), sigmas);
        Estimate { low: estimate.low.max(sure), ..estimate }
    }

    /// Standard error of [`estimate`](Self::estimate), as a share of it. O(n).
    pub fn std_error(&self) -> f64 {
        std_error(self.item_len() as f64, self.missed().0)
    }

    fn missed(&self) -> (f64, f64) {
        let payload = self.frame.payload();
        missed(self.stages.iter().map(|stage| (*stage, fill(&payload[stage.bits()]))))
    }

    fn stage_regions(&self) -> Vec<Region> {
        let payload = self.frame.bytes().len() - self.frame.payload().len();
        let mut regions = self.frame.regions(&FORMAT);
        regions.pop();
        for (i, stage) in self.stages.iter().enumerate() {
            let start = payload + stage.record;
            regions.extend(RECORD.iter().map(|row| Region {
                name: format!("stage {i}: {}", row.name),
                start: start + row.offset,
                end: start + row.offset + row.width,
                value: row.show(&self.frame.bytes()[start..]),
                doc: row.doc.into(),
            }));
            regions.push(Region {
                name: format!("stage {i}: bits"),
                start: payload + stage.bits().start,
                end: payload + stage.bits().end,
                value: String::new(),
                doc: "bit i is bit i mod 8, from the lowest, of byte i / 8".into(),
            });
        }
        regions
    }
}

impl<D: Resize> ScalableBloomFilter<D> {
    /// Takes one item. True when it was surely not there before.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when a stage has to be added and the storage can't grow, [`Error::Parameter`] when the stage
    /// would take more than 2^40 items or 2^46 bits; nothing has changed then.
    #[inline]
    pub fn insert(&mut self, item: impl AsRef<[u8]>) -> Result<bool> {
        self.insert_hash(hash(item.as_ref(), self.seed()))
    }

    /// Takes an item by its [`hash`] under this filter's seed. True when it was surely not there.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> Result<bool> {
        if self.contains_hash(hash) {
            return Ok(false);
        }
        if self.room == 0 {
            self.grow()?;
        }
        let payload = self.frame.payload_mut();
        if let Some(stage) = self.stages.last_mut() {
            set_bits(&mut payload[stage.bits()], hash, stage.bit_len, stage.hash_len);
            stage.item_len += 1;
            self.room -= 1;
            ITEM_LEN.set(&mut payload[stage.record..], stage.item_len);
        }
        Ok(true)
    }

    /// Takes many items by their hashes.
    ///
    /// # Errors
    /// As [`insert`](Self::insert); the items before the one that did not fit are taken.
    pub fn insert_hashes(&mut self, hashes: &[u64]) -> Result<()> {
        hashes.iter().try_for_each(|hash| self.insert_hash(*hash).map(drop))
    }

    /// Takes many items, faster than one at a time.
    ///
    /// # Errors
    /// As [`insert`](Self::insert); the items before the one that did not fit are taken.
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, items: I) -> Result<()> {
        try_in_batches(items, self.seed(), |hashes| self.insert_hashes(hashes))
    }

    /// Takes many numbers, each an item of eight little-endian bytes: faster than as bytes.
    ///
    /// # Errors
    /// As [`insert`](Self::insert); the items before the one that did not fit are taken.
    pub fn insert_u64s(&mut self, numbers: &[u64]) -> Result<()> {
        try_u64s_in_batches(numbers, self.seed(), |hashes| self.insert_hashes(hashes))
    }

    /// Adds the next stage.
    fn grow(&mut self) -> Result<()> {
        let record = self.frame.payload().len();
        let stage = Stage::planned(&self.plan, self.stages.len() as u32, record)?;
        let bytes = usize::try_from(stage.bit_len / 8).unwrap_or(usize::MAX);
        self.frame.resize_payload(record.saturating_add(RECORD_LEN).saturating_add(bytes))?;
        let bytes = &mut self.frame.payload_mut()[record..];
        STAGE_CAPACITY.set(bytes, stage.capacity);
        BIT_LEN.set(bytes, stage.bit_len);
        HASH_LEN.set(bytes, stage.hash_len);
        self.room = stage.most();
        self.stages.push(stage);
        Ok(())
    }
}

face!(ScalableBloomFilter, frame);
contains_face!(ScalableBloomFilter);

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "scalable Bloom filter",
    type_name: "ScalableBloomFilter",
    family: Family::Membership,
    summary: "A Bloom filter that grows, for when the number of items is not known; the rate asked for is kept.",
    choose: "nobody knows how many items will come, and the rate must hold all the same",
    format: &FORMAT,
    parameters: &[&CAPACITY_PARAMETER, &RATE_PARAMETER, &GROWTH_PARAMETER, &TIGHTENING_PARAMETER],
    contains: true,
    inserts: true,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::None,
    error: "false positives: at most the rate P at any number of items; no false negatives",
    std_error: |settings| {
        let stage = Stage::planned(&Plan::of_settings(settings).check()?, 0, 0)?;
        let items = stage.capacity as f64;
        let fill = -libm::expm1(-f64::from(stage.hash_len) * items / stage.bit_len as f64);
        let full = Stage { item_len: stage.most(), ..stage };
        Ok(std_error(full.item_len as f64, missed([(full, fill)].into_iter()).0))
    },
    space: "per stage i: 1.44 log2(1 / (P (1 - r) r^i)) bits for each of n s^i items",
    bytes: |settings| {
        let stage = Stage::planned(&Plan::of_settings(settings).check()?, 0, 0)?;
        Ok((FORMAT.payload_start() + RECORD_LEN) as u64 + stage.bit_len / 8)
    },
    sources: &[Source {
        authors: "Almeida, Baquero, Preguiça, Hutchison",
        year: 2007,
        title: "Scalable Bloom filters",
        venue: "Information Processing Letters 101 (6)",
    }],
    essay: include_str!("scalable_bloom.md"),
    build: |settings| Ok(Box::new(ScalableBloomFilter::new(Plan::of_settings(settings), settings.seed)?)),
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(ScalableBloomFilter::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(ScalableBloomFilter::open(bytes)?)),
};

catalogued!(
    ScalableBloomFilter,
    view {
        contains_view!();
        fn facts(&self) -> Vec<Fact> {
            [
                Fact::new("stages", self.stage_len(), ""),
                Fact::new("items taken as new", self.item_len(), "items"),
                Fact::new("false-positive rate now", format_args!("{:.3e}", self.current_rate()), ""),
            ]
            .into()
        }
        fn regions(&self) -> Vec<Region> {
            self.stage_regions()
        }
    },
    sketch {
        fn insert(&mut self, item: &[u8]) -> Result<bool> {
            self.insert(item)
        }
        fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
            self.insert_all(items)
        }
    }
);
