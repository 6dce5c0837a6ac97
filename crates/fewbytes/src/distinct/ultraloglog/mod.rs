//! [`UltraLogLog`]: registers of a byte, which hold the largest rank and which of the two below it came.

mod estimators;
pub(crate) mod register;

use self::register::{fold, is_possible, place, union, with_rank};
use super::likelihood::Promise;
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source};
use crate::face::{catalogued, face, insert_face};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region, Resize};
use crate::{Error, Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};

const PRECISION: Field<u8> =
    Field::at(HEADER_LEN, "precision", "bits of the hash that pick a register, 4 to 18");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 14,
    slug: "ultraloglog",
    version: 1,
    parameters: &[PRECISION.row()],
    payload: "2^precision registers of a byte: four times the largest rank, and 2 if the rank below it came, and 1 if the \
              one below that did; rank 0 counts as come unless no rank did",
};

/// Bits of the hash that pick a register.
pub const PRECISION_PARAMETER: Parameter = Parameter {
    name: "precision",
    unit: "bits",
    range: Range::Whole(4, 18),
    default: Some(Number::Whole(14)),
    doc: "2^precision registers of 8 bits",
};

/// Relative standard error of [`estimate`](UltraLogLog::estimate), *0.782 / √m*, for *m = 2^p* registers.
pub fn std_error(precision: u32) -> f64 {
    libm::sqrt(estimators::VARIANCE / libm::exp2(f64::from(precision)))
}

/// Relative standard error of [`estimate_ml`](UltraLogLog::estimate_ml), *0.761 / √m*, for *m = 2^p* registers.
pub fn std_error_ml(precision: u32) -> f64 {
    libm::sqrt(Promise::new(0, 2).variance / libm::exp2(f64::from(precision)))
}

#[doc = include_str!("../ultraloglog.md")]
#[derive(Clone)]
pub struct UltraLogLog<D = Buffer> {
    frame: Frame<D>,
    precision: u32,
}

impl UltraLogLog {
    /// An empty sketch of 2^`precision` registers.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `precision` is not in 4 to 18.
    pub fn new(precision: u32, seed: u64) -> Result<Self> {
        PRECISION_PARAMETER.check_whole(precision.into())?;
        let mut frame = Frame::new(&FORMAT, seed, 1 << precision)?;
        PRECISION.set(frame.bytes_mut(), precision as u8);
        Ok(Self { frame, precision })
    }
}

/// The precision by a header that was checked and the payload's length.
pub(crate) fn precision_of(head: &[u8], payload_len: u64) -> Result<u32> {
    let precision = u32::from(PRECISION.get(head));
    PRECISION_PARAMETER.check_field(PRECISION.name(), precision.into())?;
    match 1 << precision {
        expected if expected == payload_len => Ok(precision),
        expected => {
            let expected = format_args!("{expected} for precision {precision}");
            Err(Error::field("payload_len", expected, payload_len))
        }
    }
}

impl<D: AsRef<[u8]>> UltraLogLog<D> {
    /// Opens the bytes of a sketch where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a sketch's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let precision = precision_of(frame.bytes(), frame.payload().len() as u64)?;
        Ok(Self { frame, precision })
    }

    /// Compares the checksum, where the bytes are sealed, and looks at every register. O(m).
    ///
    /// # Errors
    /// [`Error::Checksum`], or [`Error::Field`] when a register holds what no hashes give.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()?;
        match self.registers().iter().find(|value| !is_possible(**value, self.precision)) {
            Some(found) => Err(Error::field("register", "what hashes can give", found)),
            None => Ok(()),
        }
    }

    /// Bits of the hash that pick a register, *p*.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// Number of registers, *m = 2^p*.
    pub fn register_len(&self) -> usize {
        1 << self.precision
    }

    /// The registers, in order: four times the largest rank, and two bits for the two below it.
    pub fn registers(&self) -> &[u8] {
        self.frame.payload()
    }

    /// Number of different items inserted, within two standard errors: by the further generalised remaining area. O(m).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        estimate_at(self.registers(), self.precision, sigmas)
    }

    /// Standard error of [`estimate`](Self::estimate), as a share of the truth.
    pub fn std_error(&self) -> f64 {
        std_error(self.precision)
    }

    /// Number of different items inserted, within two standard errors: by maximum likelihood. A little nearer than
    /// [`estimate`](Self::estimate), and several times slower. O(m).
    pub fn estimate_ml(&self) -> Estimate {
        self.estimate_ml_at(Sigmas::default())
    }

    /// [`estimate_ml`](Self::estimate_ml) with wider or narrower bounds.
    pub fn estimate_ml_at(&self, sigmas: Sigmas) -> Estimate {
        bounded(estimators::likeliest(self.registers(), self.precision), std_error_ml(self.precision), sigmas)
    }

    /// The sketch of the same items at a `lower` precision: bit for bit what they would have given there.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `lower` is more than the precision or less than 4.
    pub fn fold(&self, lower: u32) -> Result<UltraLogLog> {
        if lower > self.precision {
            let expected = format_args!("at most {}, the precision there is", self.precision);
            return Err(Error::parameter(PRECISION.name(), expected, lower));
        }
        let mut folded = UltraLogLog::new(lower, self.seed())?;
        folded.take(self);
        Ok(folded)
    }
}

/// The estimate of registers by the further generalised remaining area.
pub(crate) fn estimate_at(registers: &[u8], precision: u32, sigmas: Sigmas) -> Estimate {
    bounded(estimators::remaining_area(registers, precision), std_error(precision), sigmas)
}

/// Bounds of a count. Of a few items some may hide behind others: `high` leaves room for one more.
fn bounded(value: f64, std_error: f64, sigmas: Sigmas) -> Estimate {
    if value == 0.0 {
        return Estimate::exact(0.0);
    }
    let estimate = Estimate::relative(value, std_error, sigmas);
    Estimate { high: estimate.high.max(value + 1.0), ..estimate }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> UltraLogLog<D> {
    /// Takes an item by its [`hash`](crate::hash::hash) under this sketch's seed. True when a register changed.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        let (i, rank) = place(hash, self.precision);
        let register = &mut self.frame.bytes_mut()[FORMAT.payload_start() + i];
        let before = *register;
        *register = with_rank(before, rank);
        *register != before
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        let precision = self.precision;
        let registers = self.frame.payload_mut();
        for hash in hashes {
            let (i, rank) = place(*hash, precision);
            registers[i] = with_rank(registers[i], rank);
        }
    }

    /// Takes every register of `other`, whose precision is at least ours.
    fn take<E: AsRef<[u8]>>(&mut self, other: &UltraLogLog<E>) {
        let precision = self.precision;
        let ours = self.frame.payload_mut();
        if other.precision == precision {
            for (ours, theirs) in ours.iter_mut().zip(other.registers()) {
                *ours = union(*ours, *theirs);
            }
            return;
        }
        for (i, value) in other.registers().iter().enumerate() {
            let (i, value) = fold(i, *value, other.precision, precision);
            ours[i] = union(ours[i], value);
        }
    }
}

impl<D: Resize> UltraLogLog<D> {
    /// Takes in all items of `other`: the union, as if one sketch had taken the items of both. Where the precisions
    /// differ, the finer one is folded first, and the result has the lower.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ; [`Error::CannotGrow`] when `self` has to fold and its storage can't
    /// change its length. Nothing has changed then.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &UltraLogLog<E>) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        if other.precision < self.precision {
            let folded = self.fold(other.precision)?;
            self.frame.resize_payload(folded.register_len())?;
            self.frame.payload_mut().copy_from_slice(folded.registers());
            PRECISION.set(self.frame.bytes_mut(), folded.precision as u8);
            self.precision = folded.precision;
        }
        self.take(other);
        Ok(())
    }
}

face!(UltraLogLog, frame);
insert_face!(UltraLogLog);

fn chosen_precision(settings: &Settings) -> u32 {
    settings.whole(&PRECISION_PARAMETER) as u32
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "UltraLogLog",
    type_name: "UltraLogLog",
    family: Family::Distinct,
    summary: "Counts different items as HyperLogLog does, in a quarter less bytes for the same error.",
    choose: "you count different items as fast, and a quarter fewer bytes are welcome",
    format: &FORMAT,
    parameters: &[&PRECISION_PARAMETER],
    contains: false,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    inserts: true,
    counts: Counts::Distinct,
    merge: Merge::Union,
    error: "relative standard error 0.782 / √m for m = 2^p registers, 0.761 / √m by maximum likelihood, at every count",
    std_error: |settings| Ok(std_error(chosen_precision(settings))),
    space: "8 · 2^p bits: 16,384 bytes at p = 14",
    bytes: |settings| Ok(FORMAT.payload_start() as u64 + (1 << chosen_precision(settings))),
    sources: &[Source {
        authors: "Ertl",
        year: 2024,
        title: "UltraLogLog: a practical and more space-efficient alternative to HyperLogLog for approximate distinct \
                    counting",
        venue: "Proceedings of the VLDB Endowment 17 (7)",
    }],
    essay: include_str!("../ultraloglog.md"),
    build: |settings| Ok(Box::new(UltraLogLog::new(chosen_precision(settings), settings.seed)?)),
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(UltraLogLog::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(UltraLogLog::open(bytes)?)),
};

catalogued!(
    UltraLogLog,
    view {
        fn facts(&self) -> Vec<Fact> {
            let largest = self.registers().iter().max().map_or(0, |register| register >> 2);
            [
                Fact::new("registers", self.register_len(), ""),
                Fact::new("registers still empty", self.registers().iter().filter(|r| **r == 0).count(), ""),
                Fact::new("largest rank", largest, ""),
            ]
            .into()
        }
        fn regions(&self) -> Vec<Region> {
            self.frame.regions(&FORMAT)
        }
    }
);
