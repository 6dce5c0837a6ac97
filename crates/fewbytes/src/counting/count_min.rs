//! [`CountMinSketch`]: rows of cells that items share, and the items that came most often.

mod candidates;
pub(crate) mod cells;
mod plan;

use super::register::{self, BASE_PARAMETER, COIN_PARAMETER, Chances};
use super::rows::others;
use crate::entry::{Counts, Entry, Fact, Family, Merge, Source, View};
use crate::face::{catalogued, face};
use crate::hash::hash;
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region, Scalar};
use crate::prefetch::prefetch;
use crate::{Error, Estimate, HeavyHitter, Items, Result, Sigmas};
use alloc::{boxed::Box, string::String, vec::Vec};
use candidates::Candidates;
use cells::{FULL, Rows};
pub use plan::{
    CANDIDATES, CELLS, Cells, DELTA, DEPTH, EPSILON, ITEM_BYTES, Plan, UPDATE, Update, WIDTH, depth_for,
    width_for,
};

const WIDTH_FIELD: Field<u64> = Field::at(HEADER_LEN, "width", "cells of a row");
const DEPTH_FIELD: Field<u8> = WIDTH_FIELD.then("depth", "rows");
const CELL_BITS: Field<u8> = DEPTH_FIELD.then("cell_bits", "32 or 64: whole numbers; 8: Morris registers");
const UPDATE_FIELD: Field<u8> = CELL_BITS.then("update", "1: plain; 2: conservative");
const ITEM_BYTES_FIELD: Field<u16> = UPDATE_FIELD.then("item_bytes", "bytes kept of a candidate");
const CANDIDATE_LEN: Field<u16> = ITEM_BYTES_FIELD.then("candidate_len", "candidates kept, a multiple of 8");
const BASE: Field<f64> = CANDIDATE_LEN.then("base", "base of the Morris registers; 1.1 where there are none");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 13,
    slug: "count-min",
    version: 1,
    parameters: &[
        WIDTH_FIELD.row(),
        DEPTH_FIELD.row(),
        CELL_BITS.row(),
        UPDATE_FIELD.row(),
        ITEM_BYTES_FIELD.row(),
        CANDIDATE_LEN.row(),
        BASE.row(),
    ],
    payload: "the candidates' hashes as u64, levels as u64, lengths as u16 and items; the coin's state and the number of \
              all events as u64; the cells, row by row",
};

/// The base that the header names where no cell has one.
const NO_BASE: f64 = 1.1;
/// Bytes between the candidates and the cells: the coin's state and the number of events.
pub(crate) const HEAD: usize = 16;
/// Items whose memory is asked for at once. Each has `depth` lines of cells and two of candidates.
pub(crate) const BATCH: usize = 16;

/// A payload of fewer bytes is in the caches, and there is nothing to ask for: computing the places of the cells twice
/// would cost a quarter more.
pub(crate) const CACHED: usize = 4 << 20;

#[doc = include_str!("count_min.md")]
#[derive(Clone)]
pub struct CountMinSketch<D = Buffer> {
    frame: Frame<D>,
    shape: Shape,
}

/// What a header says of the payload.
#[derive(Clone)]
pub(crate) struct Shape {
    pub rows: Rows,
    candidates: Candidates,
    /// Where in the payload the coin is, and after it the number of events and the cells. A multiple of 8.
    pub head: usize,
    /// Events of others that a count may hold, as a share of all, at two standard errors.
    others: f64,
}

impl Shape {
    /// Reads it from bytes that begin with a header that was checked.
    pub(crate) fn read(bytes: &[u8], found: u64) -> Result<Self> {
        let (width, depth, base) = (WIDTH_FIELD.get(bytes), DEPTH_FIELD.get(bytes), BASE.get(bytes));
        let (candidates, item_bytes) = (CANDIDATE_LEN.get(bytes), ITEM_BYTES_FIELD.get(bytes));
        WIDTH.check_field(WIDTH_FIELD.name(), width)?;
        DEPTH.check_field(DEPTH_FIELD.name(), depth.into())?;
        CELLS.check_field(CELL_BITS.name(), CELL_BITS.get(bytes).into())?;
        UPDATE.check_field(UPDATE_FIELD.name(), UPDATE_FIELD.get(bytes).into())?;
        ITEM_BYTES.check_field(ITEM_BYTES_FIELD.name(), item_bytes.into())?;
        CANDIDATES.check_field(CANDIDATE_LEN.name(), candidates.into())?;
        if !candidates.is_multiple_of(8) {
            return Err(Error::field(CANDIDATE_LEN.name(), "a multiple of 8", candidates));
        }
        if BASE_PARAMETER.check_real(base).is_err() {
            return Err(Error::field(BASE.name(), BASE_PARAMETER.range, base));
        }
        let cells = match CELL_BITS.get(bytes) {
            8 => Cells::Morris(base),
            64 => Cells::Bits64,
            _ => Cells::Bits32,
        };
        let update = if UPDATE_FIELD.get(bytes) == 1 { Update::Plain } else { Update::Conservative };
        let (depth, candidates, item_bytes) =
            (u32::from(depth), u32::from(candidates), u32::from(item_bytes));
        let plan = Plan { width, depth, cells, update, candidates, item_bytes, coin: 0 };
        match payload_len(&plan) {
            Some(expected) if expected == found => {}
            expected => {
                let expected = expected.map_or_else(|| "fewer bytes".into(), |len| alloc::format!("{len}"));
                let expected =
                    format_args!("{expected} for {depth} rows of {width} cells and {candidates} candidates");
                return Err(Error::field("payload_len", expected, found));
            }
        }
        // They fit: the payload is as long as their sum.
        let candidates = Candidates { len: candidates as usize, item_bytes: item_bytes as usize };
        let head = (18 + candidates.item_bytes) * candidates.len;
        let others = others(width, depth, Sigmas::Two);
        let chances = matches!(cells, Cells::Morris(_)).then(|| Chances::new(base, FULL.into()));
        Ok(Self { rows: Rows { width, depth, cells, update, chances }, candidates, head, others })
    }

    /// What it was built with.
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            width: self.rows.width,
            depth: self.rows.depth,
            cells: self.rows.cells,
            update: self.rows.update,
            candidates: self.candidates.len as u32,
            item_bytes: self.candidates.item_bytes as u32,
            coin: 0,
        }
    }

    /// How often an item came whose least cell holds `level`, of so many events.
    pub(crate) fn count(&self, level: u64, events: u64, sigmas: Sigmas) -> Estimate {
        let others = match sigmas {
            Sigmas::Two => self.others,
            sigmas => others(self.rows.width, self.rows.depth, sigmas),
        };
        let others = others * events as f64;
        let cell = match self.rows.cells {
            Cells::Morris(base) => register::estimate(base, level as u16, FULL.into(), sigmas),
            Cells::Bits32 if level == u32::MAX.into() => full(level),
            _ if level == u64::MAX => full(level),
            _ => Estimate::exact(level as f64),
        };
        Estimate { low: (cell.low - others).max(0.0), ..cell }
    }
}

fn full(level: u64) -> Estimate {
    Estimate { high: f64::INFINITY, ..Estimate::exact(level as f64) }
}

/// A number of all events.
pub(crate) fn all_events(events: u64) -> Estimate {
    if events == u64::MAX { full(events) } else { Estimate::exact(events as f64) }
}

/// Bytes of a sketch's payload; `None` where no number of 64 bits holds them.
fn payload_len(plan: &Plan) -> Option<u64> {
    let cells = plan.width.checked_mul(u64::from(plan.depth) * u64::from(plan.cells.bits() / 8))?;
    cells.checked_add(HEAD as u64 + Candidates::byte_len(plan.candidates, plan.item_bytes))
}

impl CountMinSketch {
    /// An empty sketch whose counts are too high by more than `epsilon` times all events in at most a share `delta` of the
    /// cases: [`Plan::new`].
    ///
    /// # Errors
    /// [`Error::Parameter`] when `epsilon` or `delta` is not between 0 and 1, or too small;
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn with_error(epsilon: f64, delta: f64, seed: u64) -> Result<Self> {
        Self::new(Plan::new(epsilon, delta)?, seed)
    }

    /// An empty sketch by a plan.
    ///
    /// # Errors
    /// [`Error::Parameter`] when a number of the plan is out of range; [`Error::CannotGrow`] when memory for it can't be
    /// had.
    pub fn new(plan: Plan, seed: u64) -> Result<Self> {
        let plan = plan.checked()?;
        let mut frame = Frame::new(&FORMAT, seed, payload_len(&plan).unwrap_or(u64::MAX))?;
        let bytes = frame.bytes_mut();
        WIDTH_FIELD.set(bytes, plan.width);
        DEPTH_FIELD.set(bytes, plan.depth as u8);
        CELL_BITS.set(bytes, plan.cells.bits() as u8);
        UPDATE_FIELD.set(bytes, if plan.update == Update::Plain { 1 } else { 2 });
        ITEM_BYTES_FIELD.set(bytes, plan.item_bytes as u16);
        CANDIDATE_LEN.set(bytes, plan.candidates as u16);
        BASE.set(bytes, if let Cells::Morris(base) = plan.cells { base } else { NO_BASE });
        let mut sketch = Self::from_frame(frame)?;
        register::coin(seed, plan.coin).write(&mut sketch.frame.payload_mut()[sketch.shape.head..]);
        Ok(sketch)
    }
}

impl<D: AsRef<[u8]>> CountMinSketch<D> {
    /// Opens the bytes of a sketch where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a sketch's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        Self::from_frame(Frame::open(data, &FORMAT)?)
    }

    fn from_frame(frame: Frame<D>) -> Result<Self> {
        let shape = Shape::read(frame.bytes(), frame.payload().len() as u64)?;
        Ok(Self { frame, shape })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// What it was built with; the coin's number is not kept.
    pub fn plan(&self) -> Plan {
        self.shape.plan()
    }

    /// Number of all events: the weights of all that was inserted. Exact, unless there are 2^64 or more.
    pub fn event_len(&self) -> u64 {
        u64::read(&self.frame.payload()[self.shape.head + 8..])
    }

    fn cells(&self) -> &[u8] {
        &self.frame.payload()[self.shape.head + HEAD..]
    }

    /// How often `item` came, within two standard errors.
    ///
    /// Whole cells never count too few: `value` is `high`. Others that share the item's cells are counted with it: `low`
    /// allows for as many as all of its cells hold but for 4.55 times in 100. It is 0 to 0 for an item that surely never
    /// came.
    pub fn count(&self, item: impl AsRef<[u8]>) -> Estimate {
        self.count_hash(hash(item.as_ref(), self.seed()))
    }

    /// How often an item of this hash came: as [`count`](Self::count).
    pub fn count_hash(&self, hash: u64) -> Estimate {
        self.count_hash_at(hash, Sigmas::default())
    }

    /// [`count_hash`](Self::count_hash) with wider or narrower bounds.
    pub fn count_hash_at(&self, hash: u64, sigmas: Sigmas) -> Estimate {
        self.shape.count(self.shape.rows.level(self.cells(), hash), self.event_len(), sigmas)
    }

    /// The items that came most often, at most `n`, the first one most often: of those that are kept, a quarter are sure to
    /// be found but for one time in a thousand. O(candidates).
    pub fn top(&self, n: usize) -> Vec<HeavyHitter<'_>> {
        let mut top: Vec<HeavyHitter<'_>> = Vec::new();
        for kept in self.shape.candidates.all(self.frame.payload()) {
            let count = self.count_hash(kept.hash);
            top.push(HeavyHitter { hash: kept.hash, item: kept.item, whole: kept.whole, count });
        }
        // By hash they are in order already, and stay so among equals.
        top.sort_by(|a, b| b.count.value.total_cmp(&a.count.value));
        top.truncate(n);
        top
    }

    /// Number of all events: exact, unless there are 2^64 or more. O(1).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate): an exact number has no narrower bounds.
    pub fn estimate_at(&self, _sigmas: Sigmas) -> Estimate {
        all_events(self.event_len())
    }

    /// Standard error of [`estimate`](Self::estimate): none. What a count may be wrong by is in its bounds.
    pub fn std_error(&self) -> f64 {
        0.0
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> CountMinSketch<D> {
    /// Counts one event of `item`.
    #[inline]
    pub fn insert(&mut self, item: impl AsRef<[u8]>) {
        self.insert_by(item, 1);
    }

    /// Counts `weight` events of `item` at once.
    #[inline]
    pub fn insert_by(&mut self, item: impl AsRef<[u8]>, weight: u64) {
        let hash = hash(item.as_ref(), self.seed());
        self.take(hash, weight, Some(item.as_ref()));
    }

    /// Counts one event of the item of this [`hash`]. Should it be among the heaviest, [`top`](Self::top) knows only its
    /// hash, until the item itself comes.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) {
        self.take(hash, 1, None);
    }

    /// Counts `weight` events of the item of this hash.
    #[inline]
    pub fn insert_hash_by(&mut self, hash: u64, weight: u64) {
        self.take(hash, weight, None);
    }

    /// Counts one event of each item, faster than one at a time: their cells are asked for before the first is read.
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, items: I) {
        let (seed, mut items) = (self.seed(), items.into_iter());
        loop {
            let mut batch = [const { None }; BATCH];
            let mut len = 0;
            for (slot, item) in batch.iter_mut().zip(items.by_ref().take(BATCH)) {
                let hash = hash(item.as_ref(), seed);
                self.ask_for(hash);
                *slot = Some((hash, item));
                len += 1;
            }
            for (hash, item) in batch.into_iter().flatten() {
                self.take(hash, 1, Some(item.as_ref()));
            }
            if len < BATCH {
                return;
            }
        }
    }

    /// Counts one event of each hash, faster than one at a time.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        for hashes in hashes.chunks(BATCH) {
            hashes.iter().for_each(|hash| self.ask_for(*hash));
            hashes.iter().for_each(|hash| self.take(*hash, 1, None));
        }
    }

    /// Asks for the memory that an insert will touch.
    #[inline]
    fn ask_for(&self, hash: u64) {
        let payload = self.frame.payload();
        if payload.len() < CACHED {
            return;
        }
        let first = self.shape.candidates.byte_of(hash);
        prefetch(payload, first);
        prefetch(payload, first + 8 * self.shape.candidates.len);
        self.shape.rows.bytes_of(hash).for_each(|at| prefetch(payload, self.shape.head + HEAD + at));
    }

    #[inline]
    fn take(&mut self, hash: u64, weight: u64, item: Option<&[u8]>) {
        if weight == 0 {
            return;
        }
        let (table, rest) = self.frame.payload_mut().split_at_mut(self.shape.head);
        let (head, cells) = rest.split_at_mut(HEAD);
        let mut coin = u64::read(head);
        let level = self.shape.rows.add(cells, &mut coin, hash, weight);
        coin.write(head);
        u64::read(&head[8..]).saturating_add(weight).write(&mut head[8..]);
        self.shape.candidates.offer(table, hash, level, item);
    }

    /// Takes in the events of `other`: the sum of all cells, and the heaviest of both.
    ///
    /// Plain sketches of whole cells become byte for byte, but for the candidates, what one would be that took all events.
    /// The sum of conservative ones never counts too few either, and is at most what plain ones would say.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when seed, width, depth, cells, base, update or candidates differ; nothing has changed then.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &CountMinSketch<E>) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        let (ours, theirs) = (self.frame.bytes(), other.frame.bytes());
        Error::unless_equal(WIDTH_FIELD.name(), WIDTH_FIELD.get(ours), WIDTH_FIELD.get(theirs))?;
        Error::unless_equal(DEPTH_FIELD.name(), DEPTH_FIELD.get(ours), DEPTH_FIELD.get(theirs))?;
        Error::unless_equal(CELL_BITS.name(), CELL_BITS.get(ours), CELL_BITS.get(theirs))?;
        Error::unless_equal(UPDATE_FIELD.name(), UPDATE_FIELD.get(ours), UPDATE_FIELD.get(theirs))?;
        Error::unless_equal(
            ITEM_BYTES_FIELD.name(),
            ITEM_BYTES_FIELD.get(ours),
            ITEM_BYTES_FIELD.get(theirs),
        )?;
        Error::unless_equal(CANDIDATE_LEN.name(), CANDIDATE_LEN.get(ours), CANDIDATE_LEN.get(theirs))?;
        Error::unless_equal(BASE.name(), BASE.get(ours), BASE.get(theirs))?;

        let (table, rest) = self.frame.payload_mut().split_at_mut(self.shape.head);
        let (head, cells) = rest.split_at_mut(HEAD);
        let (their_table, rest) = other.frame.payload().split_at(self.shape.head);
        let (their_head, their_cells) = rest.split_at(HEAD);
        // Coins of one seed and one history toss alike: stirring theirs in parts the ways.
        let mut coin = u64::read(head) ^ u64::read(their_head).rotate_left(32);
        self.shape.rows.merge(cells, their_cells, &mut coin);
        coin.write(head);
        u64::read(&head[8..]).saturating_add(u64::read(&their_head[8..])).write(&mut head[8..]);

        // All are offered anew, at what the summed cells say.
        let old = table.to_vec();
        table.fill(0);
        for kept in self.shape.candidates.all(&old).into_iter().chain(self.shape.candidates.all(their_table))
        {
            self.shape.candidates.renew(table, &kept, self.shape.rows.level(cells, kept.hash));
        }
        Ok(())
    }
}

face!(CountMinSketch, frame);

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "Count-Min sketch",
    type_name: "CountMinSketch",
    family: Family::Counting,
    summary: "Tells how often each item came, never too few, and which came most often.",
    choose: "you ask how often each item came, or which came most often, and there are too many different ones",
    format: &FORMAT,
    parameters: &[
        &EPSILON,
        &DELTA,
        &WIDTH,
        &DEPTH,
        &CELLS,
        &BASE_PARAMETER,
        &UPDATE,
        &CANDIDATES,
        &ITEM_BYTES,
        &COIN_PARAMETER,
    ],
    contains: false,
    inserts: true,
    removes: false,
    forgets: false,
    count: true,
    top: true,
    counts: Counts::Events,
    merge: Merge::Sum,
    error: "a count is never too low, and too high by more than ε N in at most a share δ of the cases, for N events, \
            ε = e / width and δ = e^-depth; the number of all events is exact",
    std_error: |_| Ok(0.0),
    space: "⌈e / ε⌉ ⌈ln(1 / δ)⌉ cells of 32 bits (8 or 64), and 400 bits for each candidate of up to 32 bytes",
    bytes: |settings| {
        let plan = Plan::of(settings)?.checked()?;
        Ok(payload_len(&plan).unwrap_or(u64::MAX).saturating_add(FORMAT.payload_start() as u64))
    },
    sources: &[
        Source {
            authors: "Cormode, Muthukrishnan",
            year: 2005,
            title: "An improved data stream summary: the count-min sketch and its applications",
            venue: "Journal of Algorithms 55 (1)",
        },
        Source {
            authors: "Estan, Varghese",
            year: 2002,
            title: "New directions in traffic measurement and accounting",
            venue: "SIGCOMM 2002",
        },
        Source {
            authors: "Pitel, Fouquier",
            year: 2015,
            title: "Count-min-log sketch: approximately counting with approximate counters",
            venue: "arXiv:1502.04885",
        },
    ],
    essay: include_str!("count_min.md"),
    build: |settings| Ok(Box::new(CountMinSketch::new(Plan::of(settings)?, settings.seed)?)),
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(CountMinSketch::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(CountMinSketch::open(bytes)?)),
};

catalogued!(
    CountMinSketch,
    view {
        fn count_hash(&self, hash: u64) -> Result<Estimate> {
            Ok(self.count_hash(hash))
        }
        fn top(&self, n: usize) -> Result<Vec<HeavyHitter<'_>>> {
            Ok(self.top(n))
        }
        fn facts(&self) -> Vec<Fact> {
            let (width, depth) = (self.shape.rows.width as f64, f64::from(self.shape.rows.depth));
            let events = self.event_len() as f64;
            let mut facts: Vec<Fact> = [
                Fact::new("epsilon", format_args!("{:.3e}", core::f64::consts::E / width), "of all events"),
                Fact::new("delta", format_args!("{:.3e}", libm::exp(-depth)), ""),
                Fact::new("a count is too high by at most", format_args!("{:.1}", core::f64::consts::E / width * events), "events"),
            ]
            .into();
            if let Cells::Morris(base) = self.shape.rows.cells {
                let error = register::std_error(base);
                facts.push(Fact::new("standard error of a cell", format_args!("{error:.4}"), ""));
            }
            facts.push(Fact::new("candidates kept", self.shape.candidates.all(self.frame.payload()).len(), "items"));
            facts
        }
        fn regions(&self) -> Vec<Region> {
            let mut regions = self.frame.regions(&FORMAT);
            let Some(payload) = regions.pop() else { return regions };
            regions.extend(self.shape.candidates.regions(payload.start));
            let head = payload.start + self.shape.head;
            let part = |name: &str, start: usize, end: usize, value: String, doc: &str| Region {
                name: name.into(), start, end, value, doc: doc.into(),
            };
            let number = |at: usize| <u64 as Scalar>::show(&self.frame.payload()[at..]);
            regions.push(part("coin", head, head + 8, number(self.shape.head), "the coin's state, for Morris cells"));
            regions.push(part("event_len", head + 8, head + HEAD, number(self.shape.head + 8), "number of all events"));
            regions.push(part("cells", head + HEAD, payload.end, String::new(), "the rows, one after another"));
            regions
        }
    },
    sketch {
        fn insert(&mut self, item: &[u8]) -> Result<bool> {
            self.insert(item);
            Ok(true)
        }
        fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
            self.insert_all(items);
            Ok(())
        }
        fn merge(&mut self, other: &dyn View) -> Result<()> {
            self.merge(&CountMinSketch::open(other.as_bytes())?)
        }
    }
);
