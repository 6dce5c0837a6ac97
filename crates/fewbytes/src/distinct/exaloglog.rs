//! [`ExaLogLog`]: the largest value of each register, and which of those before it came.

/// Runs `$body` with `$array` as the registers of a plan's tails: chosen once, outside of loops.
macro_rules! with_array {
    ($plan:expr, $array:ident => $body:expr) => {
        match $plan.tail {
            20 => {
                type $array = $crate::distinct::exaloglog::array::Short;
                $body
            }
            _ => {
                type $array = $crate::distinct::exaloglog::array::Long;
                $body
            }
        }
    };
}

mod array;
mod compressed;
mod history;
mod model;
mod rans;
mod register;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod wide;

pub use self::compressed::COMPRESSED;

use self::array::{Evidence, Long, Short};
use self::history::History;
use self::register::{OCTAVE_BITS, Scale};
use super::likelihood::Promise;
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source};
use crate::face::{catalogued, face, insert_face};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region, Resize};
use crate::{Error, Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec, vec::Vec};

const PRECISION: Field<u8> =
    Field::at(HEADER_LEN, "precision", "bits of the hash that pick a register, 4 to 18");
const TAIL: Field<u8> = PRECISION.then("tail", "bits of a register below its largest value, 20 or 28");
const HISTORY: Field<u8> = TAIL.then("history", "1: none, 2: the payload's last 16 bytes");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 15,
    slug: "exaloglog",
    version: 1,
    parameters: &[PRECISION.row(), TAIL.row(), HISTORY.row()],
    payload: "planes of 2^precision registers: the largest values, u8; the lowest 16 bits of the tails, u16; of tails of \
              28 bits the next 8, u8; their highest 4 bits, those of register i and, above them, of i + 2^precision / 2. \
              Then the history, if any: count f64, taken u64",
};

/// Bits of the hash that pick a register.
pub const PRECISION_PARAMETER: Parameter = Parameter {
    name: "precision",
    unit: "bits",
    range: Range::Whole(4, 18),
    default: Some(Number::Whole(12)),
    doc: "2^precision registers of 8 + tail bits",
};
/// Bits of a register below its largest value.
pub const TAIL_PARAMETER: Parameter = Parameter {
    name: "tail",
    unit: "bits",
    range: Range::Either(20, 28),
    default: Some(Number::Whole(20)),
    doc: "values below the largest that a register remembers: 20 is least in memory, 28 when compressed",
};
/// Whether the order of one stream counts.
pub const HISTORY_PARAMETER: Parameter = Parameter {
    name: "history",
    unit: "",
    range: Range::Either(0, 1),
    default: Some(Number::Whole(0)),
    doc: "1 keeps 16 bytes that make the estimate of one stream better, until it is merged",
};

/// What a sketch is built with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Bits of the hash that pick a register, *p*: 4 to 18.
    pub precision: u32,
    /// Values below the largest that a register remembers, *d*: 20 or 28.
    pub tail: u32,
    /// Whether the order of one stream counts.
    pub history: bool,
}

impl Plan {
    /// 2^`precision` registers of 28 bits, without a history.
    pub const fn new(precision: u32) -> Self {
        Self { precision, tail: 20, history: false }
    }

    fn check(self) -> Result<Self> {
        PRECISION_PARAMETER.check_whole(self.precision.into())?;
        TAIL_PARAMETER.check_whole(self.tail.into())?;
        Ok(self)
    }

    fn chosen(settings: &Settings) -> Self {
        Self {
            precision: settings.whole(&PRECISION_PARAMETER) as u32,
            tail: settings.whole(&TAIL_PARAMETER) as u32,
            history: settings.whole(&HISTORY_PARAMETER) == 1,
        }
    }

    fn write(self, bytes: &mut [u8]) {
        PRECISION.set(bytes, self.precision as u8);
        TAIL.set(bytes, self.tail as u8);
        HISTORY.set(bytes, 1 + u8::from(self.history));
    }

    const fn scale(self) -> Scale {
        Scale::new(self.precision)
    }

    /// Bytes of the registers.
    const fn register_bytes(self) -> usize {
        match self.tail {
            20 => Short::byte_len(self.scale()),
            _ => Long::byte_len(self.scale()),
        }
    }

    const fn payload_len(self) -> usize {
        self.register_bytes() + if self.history { history::BYTE_LEN } else { 0 }
    }

    /// Relative standard error of the count of a sketch built so: *0.362 / √m*, or *0.317 / √m* by the history, of *m =
    /// 2^p* registers with tails of 20 bits.
    pub fn std_error(self) -> f64 {
        match self.history {
            true => history::std_error(self.scale(), self.tail),
            false => {
                let promise = Promise::new(OCTAVE_BITS, self.tail);
                libm::sqrt(promise.variance / self.scale().register_len() as f64)
            }
        }
    }
}

/// The plan that a header says.
fn read_plan(bytes: &[u8]) -> Result<Plan> {
    let (precision, tail) = (u32::from(PRECISION.get(bytes)), u32::from(TAIL.get(bytes)));
    PRECISION_PARAMETER.check_field(PRECISION.name(), precision.into())?;
    TAIL_PARAMETER.check_field(TAIL.name(), tail.into())?;
    match HISTORY.get(bytes) {
        1 => Ok(Plan { precision, tail, history: false }),
        2 => Ok(Plan { precision, tail, history: true }),
        other => Err(Error::field(HISTORY.name(), "1 or 2", other)),
    }
}

#[doc = include_str!("exaloglog.md")]
#[derive(Clone)]
pub struct ExaLogLog<D = Buffer> {
    frame: Frame<D>,
    plan: Plan,
}

impl ExaLogLog {
    /// An empty sketch of 2^`precision` registers of 28 bits.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `precision` is not in 4 to 18.
    pub fn new(precision: u32, seed: u64) -> Result<Self> {
        Self::planned(Plan::new(precision), seed)
    }

    /// An empty sketch with other registers, or with a history.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a number out of its range.
    pub fn planned(plan: Plan, seed: u64) -> Result<Self> {
        let plan = plan.check()?;
        let mut frame = Frame::new(&FORMAT, seed, plan.payload_len() as u64)?;
        plan.write(frame.bytes_mut());
        Ok(Self { frame, plan })
    }
}

impl<D: AsRef<[u8]>> ExaLogLog<D> {
    /// Opens the bytes of a sketch where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a sketch's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let plan = read_plan(frame.bytes())?;
        let (expected, found) = (plan.payload_len(), frame.payload().len());
        if found != expected {
            let Plan { precision, tail, .. } = plan;
            let expected = format_args!("{expected} for precision {precision}, tail {tail}");
            return Err(Error::field("payload_len", expected, found));
        }
        let sketch = Self { frame, plan };
        sketch.history().map_or(Ok(()), History::check)?;
        Ok(sketch)
    }

    /// Compares the checksum, where the bytes are sealed, and looks at every register. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] or [`Error::Field`].
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()?;
        let scale = self.plan.scale();
        with_array!(self.plan, Array => {
            let fault = Array::iter(self.register_bytes()).find(|register| !register.is_sound(scale));
            fault.map_or(Ok(()), |register| Err(register.unsound(scale)))
        })
    }

    /// What it was built with.
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// Bits of the hash that pick a register, *p*.
    pub fn precision(&self) -> u32 {
        self.plan.precision
    }

    /// Number of registers, *m = 2^p*.
    pub fn register_len(&self) -> usize {
        self.plan.scale().register_len()
    }

    /// The registers, in order: the largest value above the `tail` lowest bits.
    pub fn registers(&self) -> impl Iterator<Item = u64> + '_ {
        let bytes = self.register_bytes();
        (0..self.register_len()).map(move |i| with_array!(self.plan, Array => Array::get(bytes, i).number()))
    }

    fn register_bytes(&self) -> &[u8] {
        &self.frame.payload()[..self.plan.register_bytes()]
    }

    fn history(&self) -> Option<History> {
        self.plan.history.then(|| History::read(&self.frame.payload()[self.plan.register_bytes()..]))
    }

    /// The estimate of the history, where there is one that no merge ended.
    fn counted(&self) -> Option<f64> {
        self.history().and_then(History::count)
    }

    fn evidence(&self) -> Evidence {
        with_array!(self.plan, Array => Array::evidence(self.register_bytes(), self.plan.scale()))
    }

    /// Number of different items inserted, within two standard errors: by the history in O(1), where there is one that
    /// no merge ended, else by the registers in O(m).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        match self.counted() {
            Some(0.0) => Estimate::exact(0.0),
            Some(count) => roomy(Estimate::relative(count, self.std_error(), sigmas)),
            None => self.estimate_likeliest(sigmas),
        }
    }

    /// The maximum likelihood estimate, by the registers alone: that of a merged sketch. O(m).
    pub fn estimate_likeliest(&self, sigmas: Sigmas) -> Estimate {
        let evidence = self.evidence();
        let m = self.register_len() as f64;
        let value = evidence.load() * m / (1.0 + Promise::new(OCTAVE_BITS, self.plan.tail).bias / m);
        let std_error = Plan { history: false, ..self.plan }.std_error();
        match value > 0.0 {
            true => roomy(Estimate::relative(value, std_error, sigmas)),
            false => Estimate::exact(0.0),
        }
    }

    /// Standard error of [`estimate`](Self::estimate), as a share of the truth.
    pub fn std_error(&self) -> f64 {
        Plan { history: self.counted().is_some(), ..self.plan }.std_error()
    }

    /// The sketch of the same items at a `lower` precision: bit for bit what they would have given there. A history
    /// stays behind.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `lower` is more than the precision or less than 4.
    pub fn fold(&self, lower: u32) -> Result<ExaLogLog> {
        let precision = self.plan.precision;
        if lower > precision {
            let expected = format_args!("at most {precision}, the precision there is");
            return Err(Error::parameter(PRECISION.name(), expected, lower));
        }
        let plan = Plan { precision: lower, history: false, ..self.plan };
        let mut folded = ExaLogLog::planned(plan, self.seed())?;
        folded.take(self);
        Ok(folded)
    }

    fn facts(&self) -> Vec<Fact> {
        let empty = self.registers().filter(|register| *register == 0).count();
        let largest = self.registers().map(|register| register >> self.plan.tail).max().unwrap_or(0);
        let mut facts = vec![
            Fact::new("registers", self.register_len(), ""),
            Fact::new("registers still empty", empty, ""),
            Fact::new("largest value", largest, ""),
        ];
        if let Some(history) = self.history() {
            facts.push(match history.count() {
                Some(count) => Fact::new("counted in order", format_args!("{count:.0}"), "items"),
                None => Fact::new("counted in order", "no more: it was merged", ""),
            });
        }
        facts
    }

    fn regions(&self) -> Vec<Region> {
        let mut regions = self.frame.regions(&FORMAT);
        if self.plan.history
            && let Some(payload) = regions.last_mut()
        {
            let start = payload.end - history::BYTE_LEN;
            payload.end = start;
            regions.extend(History::regions(&self.frame.bytes()[start..], start));
        }
        regions
    }
}

/// Of a few items two may bring the same value to a register: `high` leaves room for one more.
fn roomy(estimate: Estimate) -> Estimate {
    Estimate { high: estimate.high.max(estimate.value + 1.0), ..estimate }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> ExaLogLog<D> {
    /// Takes an item by its [`hash`](crate::hash::hash) under this sketch's seed. True when a register changed.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        if self.plan.history {
            return self.insert_in_order(hash);
        }
        let plan = self.plan;
        let bytes = self.frame.payload_mut();
        with_array!(plan, Array => Array::offer(bytes, plan.scale(), hash))
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        if self.plan.history {
            hashes.iter().for_each(|hash| _ = self.insert_in_order(*hash));
            return;
        }
        let plan = self.plan;
        let bytes = self.frame.payload_mut();
        with_array!(plan, Array => Array::offer_all(bytes, plan.scale(), hashes));
    }

    /// An item whose place in the stream counts. Out of line: the other way is the fast one.
    #[cold]
    #[inline(never)]
    fn insert_in_order(&mut self, hash: u64) -> bool {
        let plan = self.plan;
        let scale = plan.scale();
        let (i, _) = scale.place(hash);
        let (registers, history) = self.frame.payload_mut().split_at_mut(plan.register_bytes());
        with_array!(plan, Array => {
            let before = Array::get(registers, i).chance_of_change(scale);
            let changed = Array::offer(registers, scale, hash);
            if changed {
                let after = Array::get(registers, i).chance_of_change(scale);
                History::read(history).changed(before, after).write(history);
            }
            changed
        })
    }

    /// Takes every register of `other`, whose precision is at least ours.
    fn take<E: AsRef<[u8]>>(&mut self, other: &ExaLogLog<E>) {
        let plan = self.plan;
        let theirs = other.register_bytes();
        let ours = &mut self.frame.payload_mut()[..plan.register_bytes()];
        with_array!(plan, Array => match other.plan.precision == plan.precision {
            true => Array::merge(ours, theirs),
            false => Array::merge_finer(ours, plan.scale(), theirs, other.plan.scale()),
        });
    }
}

impl<D: Resize> ExaLogLog<D> {
    /// Takes in all items of `other`: the union, as if one sketch had taken the items of both. Where the precisions
    /// differ, the finer one is folded first, and the result has the lower.
    ///
    /// A history goes on only where all the registers of one of the two were in the other already: that one's.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when seeds or tails differ, or one keeps a history and the other does not;
    /// [`Error::CannotGrow`] when `self` has to fold and its storage can't change its length. Nothing has changed then.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &ExaLogLog<E>) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        Error::unless_equal(TAIL.name(), self.plan.tail, other.plan.tail)?;
        let kept = |plan: Plan| 1 + u8::from(plan.history);
        Error::unless_equal(HISTORY.name(), kept(self.plan), kept(other.plan))?;
        if other.plan.precision < self.plan.precision {
            self.fold_in_place(other.plan.precision)?;
        }
        let before = self.history().map(|history| (history, self.register_bytes().to_vec()));
        self.take(other);
        if let Some((ours, before)) = before {
            let ours = if before == self.register_bytes() { ours } else { History::LOST };
            let theirs = match other.history() {
                Some(theirs) if other.register_bytes() == self.register_bytes() => theirs,
                _ => History::LOST,
            };
            let start = self.plan.register_bytes();
            ours.or(theirs).write(&mut self.frame.payload_mut()[start..]);
        }
        Ok(())
    }

    fn fold_in_place(&mut self, lower: u32) -> Result<()> {
        let folded = self.fold(lower)?;
        let plan = Plan { precision: lower, ..self.plan };
        self.frame.resize_payload(plan.payload_len())?;
        let (registers, history) = self.frame.payload_mut().split_at_mut(plan.register_bytes());
        registers.copy_from_slice(folded.frame.payload());
        if plan.history {
            History::LOST.write(history);
        }
        PRECISION.set(self.frame.bytes_mut(), lower as u8);
        self.plan = plan;
        Ok(())
    }
}

face!(ExaLogLog, frame);
insert_face!(ExaLogLog);
catalogued!(
    ExaLogLog,
    view {
        fn facts(&self) -> Vec<Fact> {
            self.facts()
        }
        fn regions(&self) -> Vec<Region> {
            self.regions()
        }
    }
);

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "ExaLogLog",
    type_name: "ExaLogLog",
    family: Family::Distinct,
    summary: "Counts different items as HyperLogLog does, in 57 % of its bytes for the same error.",
    choose: "bytes count more than time: the fewest for an error, and the count takes longer",
    format: &FORMAT,
    parameters: &[&PRECISION_PARAMETER, &TAIL_PARAMETER, &HISTORY_PARAMETER],
    contains: false,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    inserts: true,
    counts: Counts::Distinct,
    merge: Merge::Union,
    error: "relative standard error 0.362 / √m for m = 2^p registers with tails of 20 bits, 0.334 / √m with 28, at every \
            count; 0.317 / √m by the history of one stream",
    std_error: |settings| Ok(Plan::chosen(settings).check()?.std_error()),
    space: "(8 + tail) · 2^p bits: 14,336 bytes at p = 12; with a history 16 more",
    bytes: |settings| Ok((FORMAT.payload_start() + Plan::chosen(settings).check()?.payload_len()) as u64),
    sources: &[
        Source {
            authors: "Ertl",
            year: 2025,
            title: "ExaLogLog: space-efficient and practical approximate distinct counting up to the exa-scale",
            venue: "EDBT 2025",
        },
        Source {
            authors: "Ting",
            year: 2014,
            title: "Streamed approximate counting of distinct elements: beating optimal batch methods",
            venue: "KDD 2014",
        },
        Source {
            authors: "Cohen",
            year: 2015,
            title: "All-distances sketches, revisited: HIP estimators for massive graphs analysis",
            venue: "IEEE TKDE 27(9)",
        },
    ],
    essay: include_str!("exaloglog.md"),
    build: |settings| Ok(Box::new(ExaLogLog::planned(Plan::chosen(settings), settings.seed)?)),
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(ExaLogLog::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(ExaLogLog::open(bytes)?)),
};
