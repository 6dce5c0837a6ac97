//! [`BloomFilter`]: bits that remember items, and its sizing.

use super::bits::{fill, has_all, has_bits, one_len, set_all, set_bits};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source};
use crate::face::{catalogued, contains_face, contains_view, face, insert_face};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region};
use crate::{Error, Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use bitvec::{order::Lsb0, slice::BitSlice};
use core::f64::consts::LN_2;

const BIT_LEN: Field<u64> = Field::at(HEADER_LEN, "bit_len", "bits in the filter, a multiple of 64");
const HASH_LEN: Field<u32> = BIT_LEN.then("hash_len", "bits that an item sets");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 1,
    slug: "bloom",
    version: 1,
    parameters: &[BIT_LEN.row(), HASH_LEN.row()],
    payload: "the bits: bit i is bit i mod 8, from the lowest, of byte i / 8",
};

/// Items that the filter is sized for.
pub const ITEMS: Parameter = Parameter {
    name: "items",
    unit: "items",
    range: Range::Whole(1, 1 << 40),
    default: Some(Number::Whole(1_000_000)),
    doc: "different items that it is sized for",
};
/// False-positive rate at that many items.
pub const RATE: Parameter = Parameter {
    name: "rate",
    unit: "",
    range: Range::Real(0.0, 1.0),
    default: Some(Number::Real(0.01)),
    doc: "false-positive rate when it holds that many",
};
/// Bits, where they are chosen rather than computed.
pub const BITS: Parameter = Parameter {
    name: "bits",
    unit: "bits",
    range: Range::Whole(1, 1 << 46),
    default: None,
    doc: "bits of the filter, rounded up to a multiple of 64; from items and rate unless given, and then `rate` has no say",
};
/// Bits an item, where they are chosen rather than computed.
pub const HASHES: Parameter = Parameter {
    name: "hashes",
    unit: "bits an item",
    range: Range::Whole(1, 64),
    default: None,
    doc: "bits that an item sets; the best for bits and items unless given",
};

/// Bits and hashes for at most `rate` false positives at `items` different items, in the fewest bits.
///
/// For each number of hashes *k*, *m = -k n / ln(1 - p^(1/k))* bits give the rate *p* at *n* items; the smallest *m*
/// is taken. That is the rate at the expected fill; fills spread, and the rate at their spread is higher (Bose and
/// others), by what *k* more bits make good: without them it is 1 % too high at 100 items. Rounded up to a multiple of
/// 64.
///
/// # Errors
/// As [`bits_for`].
pub fn size_for(items: u64, rate: f64) -> Result<(u64, u32)> {
    let low = (-libm::log2(RATE.check_real(rate)?) as u32).clamp(1, 63);
    let (fewer, more) = (bits_for(items, rate, low)?, bits_for(items, rate, low + 1)?);
    Ok(if fewer <= more { (fewer, low) } else { (more, low + 1) })
}

/// Bits for at most `rate` false positives at `items` different items, of which each sets `hashes`: as [`size_for`].
///
/// # Errors
/// [`Error::Parameter`] when `items` is not in 1 to 2^40, `hashes` not in 1 to 64, `rate` not between 0 and 1, less than a
/// hash of 64 bits can give, or such that more than 2^46 bits are needed.
pub fn bits_for(items: u64, rate: f64, hashes: u32) -> Result<u64> {
    let n = ITEMS.check_whole(items)? as f64;
    let p = RATE.check_real(rate)?;
    let k = HASHES.check_whole(hashes.into())? as f64;
    // An absent item has the very hash of one of n others with the chance n / 2^64: leave that a sixteenth.
    let least = n * libm::exp2(-60.0);
    if p < least {
        return Err(Error::parameter(RATE.name, format_args!("at least {least:e} for {items} items"), rate));
    }
    let bits = libm::ceil(-k * n / libm::log1p(-libm::pow(p, 1.0 / k))) + k;
    let most = (1_u64 << 46) as f64;
    if bits > most {
        let expected = format_args!("a rate that takes at most 2^46 bits with {hashes} hashes");
        return Err(Error::parameter(RATE.name, expected, rate));
    }
    Ok((bits as u64).next_multiple_of(64))
}

/// The number of hashes with the lowest rate at `items` in `bits`: *(m / n) ln 2*, the better of its two neighbours.
pub fn best_hashes(bits: u64, items: u64) -> u32 {
    let low = ((bits as f64 / items.max(1) as f64 * LN_2) as u32).clamp(1, 64);
    let high = (low + 1).min(64);
    let rate = |hashes| false_positive_rate(bits, hashes, items);
    if rate(low) <= rate(high) { low } else { high }
}

/// The rate to expect at `items` different items: *(1 - e^(-kn/m))^k*, a share from 0 to 1.
pub fn false_positive_rate(bits: u64, hashes: u32, items: u64) -> f64 {
    let load = f64::from(hashes) * items as f64 / bits as f64;
    libm::pow(-libm::expm1(-load), f64::from(hashes))
}

/// Standard deviation of the estimated count at `items`, in items.
///
/// The number of empty bits has variance *m (q - q^2 (1 + x))* for *x = kn/m*, *q = e^-x* (occupancy of *m* cells by
/// *kn* balls), and the count changes by *1 / (k q)* a bit.
pub(super) fn count_std_dev(bits: u64, hashes: u32, items: f64) -> f64 {
    let (m, k) = (bits as f64, f64::from(hashes));
    let x = k * items / m;
    let q = libm::exp(-x);
    if q == 0.0 { f64::INFINITY } else { libm::sqrt((m * (q - q * q * (1.0 + x))).max(0.0)) / (k * q) }
}

#[doc = include_str!("bloom.md")]
#[derive(Clone)]
pub struct BloomFilter<D = Buffer> {
    frame: Frame<D>,
    size: Size,
}

/// What a header says of the bits.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub bit_len: u64,
    pub hash_len: u32,
}

impl Size {
    /// Reads it from bytes that begin with a header that was checked.
    pub(crate) fn read(head: &[u8], payload_len: u64) -> Result<Self> {
        let (bit_len, hash_len) = (BIT_LEN.get(head), HASH_LEN.get(head));
        let payload_bits = payload_len.saturating_mul(8);
        if bit_len == 0 || bit_len != payload_bits || !bit_len.is_multiple_of(64) {
            let expected = format_args!("the payload's {payload_bits} bits, a multiple of 64");
            return Err(Error::field(BIT_LEN.name(), expected, bit_len));
        }
        HASHES.check_field(HASH_LEN.name(), hash_len.into())?;
        Ok(Self { bit_len, hash_len })
    }

    /// Number of different items inserted, where so many bits are set.
    pub(crate) fn estimate_at(self, ones: u64, sigmas: Sigmas) -> Estimate {
        let (m, full) = (self.bit_len as f64, ones >= self.bit_len);
        let ones = if full { m - 1.0 } else { ones as f64 };
        let value = -m / f64::from(self.hash_len) * libm::log1p(-ones / m);
        let estimate = Estimate::absolute(value, count_std_dev(self.bit_len, self.hash_len, value), sigmas);
        let high = if full { f64::INFINITY } else { estimate.high };
        Estimate { high, ..estimate }
    }
}

impl BloomFilter {
    /// An empty filter that gives at most `rate` false positives when it holds `items` different items.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `items` is not in 1 to 2^40 or `rate` not between 0 and 1;
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn with_rate(items: u64, rate: f64, seed: u64) -> Result<Self> {
        let (bits, hashes) = size_for(items, rate)?;
        Self::with_bits(bits, hashes, seed)
    }

    /// An empty filter of `bits` bits, rounded up to a multiple of 64, of which an item sets `hashes`.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `bits` is not in 1 to 2^46 or `hashes` not in 1 to 64;
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn with_bits(bits: u64, hashes: u32, seed: u64) -> Result<Self> {
        HASHES.check_whole(hashes.into())?;
        let bit_len = BITS.check_whole(bits)?.next_multiple_of(64);
        let mut frame = Frame::new(&FORMAT, seed, bit_len / 8)?;
        BIT_LEN.set(frame.bytes_mut(), bit_len);
        HASH_LEN.set(frame.bytes_mut(), hashes);
        Ok(Self { frame, size: Size { bit_len, hash_len: hashes } })
    }
}

impl<D: AsRef<[u8]>> BloomFilter<D> {
    /// Opens the bytes of a filter where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a filter's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let size = Size::read(frame.bytes(), frame.payload().len() as u64)?;
        Ok(Self { frame, size })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// Whether an item of this hash may have been inserted. False is certain.
    #[inline]
    pub fn contains_hash(&self, hash: u64) -> bool {
        has_bits(self.frame.payload(), hash, self.size.bit_len, self.size.hash_len)
    }

    /// Asks for many items by their hashes; `found` takes the answers in their order, as many as both are long.
    pub fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) {
        has_all(self.frame.payload(), hashes, found, self.size.bit_len, self.size.hash_len);
    }

    /// Bits in the filter.
    pub fn bit_len(&self) -> u64 {
        self.size.bit_len
    }

    /// Bits that an item sets.
    pub fn hash_len(&self) -> u32 {
        self.size.hash_len
    }

    /// The filter's bits, for those who want to look.
    pub fn bits(&self) -> &BitSlice<u8, Lsb0> {
        BitSlice::from_slice(self.frame.payload())
    }

    /// Bits that are set. O(n).
    pub fn one_len(&self) -> u64 {
        one_len(self.frame.payload())
    }

    /// Share of the bits that are set, from 0 to 1. At 0.5 the filter is used best. O(n).
    pub fn fill(&self) -> f64 {
        fill(self.frame.payload())
    }

    /// The rate at which an item that was never inserted is found now: fill to the power of the hashes. O(n).
    pub fn current_rate(&self) -> f64 {
        libm::pow(self.fill(), f64::from(self.size.hash_len))
    }

    /// Number of different items inserted, from the share of bits that are set, within two standard errors. O(n).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    ///
    /// A filter with every bit set can't tell: `high` is infinite, and `value` what all bits but one would give.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        self.size.estimate_at(self.one_len(), sigmas)
    }

    /// Standard error of [`estimate`](Self::estimate) as a share of it; 0 while the filter is empty. O(n).
    pub fn std_error(&self) -> f64 {
        self.estimate_at(Sigmas::One).share_above()
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> BloomFilter<D> {
    /// Takes an item by its [`hash`](crate::hash::hash) under this filter's seed. True when a bit changed: it was surely
    /// not there before.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        let Size { bit_len, hash_len } = self.size;
        set_bits(self.frame.payload_mut(), hash, bit_len, hash_len)
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        let Size { bit_len, hash_len } = self.size;
        set_all(self.frame.payload_mut(), hashes, bit_len, hash_len);
    }

    /// The bits, to be written by a structure that holds the same in another form.
    pub(super) fn bits_mut(&mut self) -> &mut [u8] {
        self.frame.payload_mut()
    }

    /// Takes in all items of `other`: the union. The result is that of inserting the items of both.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when seed, bits or hashes differ; nothing has changed then.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &BloomFilter<E>) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        Error::unless_equal(BIT_LEN.name(), self.size.bit_len, other.size.bit_len)?;
        Error::unless_equal(HASH_LEN.name(), self.size.hash_len, other.size.hash_len)?;
        for (ours, theirs) in self.frame.payload_mut().iter_mut().zip(other.frame.payload()) {
            *ours |= theirs;
        }
        Ok(())
    }
}

face!(BloomFilter, frame);
contains_face!(BloomFilter);
insert_face!(BloomFilter);

/// Bits, which may be called otherwise, and hashes by the settings: chosen, or from items and rate. Chosen bits leave the
/// rate no say.
pub(super) fn size(settings: &Settings, bits: &Parameter) -> Result<(u64, u32)> {
    let (items, rate) = (settings.whole(&ITEMS), settings.real(&RATE));
    let hashes = settings.chosen(&HASHES).map(|hashes| hashes as u32);
    match (settings.chosen(bits), hashes) {
        (Some(bits), _) => {
            Ok((bits.next_multiple_of(64), hashes.unwrap_or_else(|| best_hashes(bits, items))))
        }
        (None, Some(hashes)) => Ok((bits_for(items, rate, hashes)?, hashes)),
        (None, None) => size_for(items, rate),
    }
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "Bloom filter",
    type_name: "BloomFilter",
    family: Family::Membership,
    summary: "Remembers which items it has seen; may say yes to one it has not, never no to one it has.",
    choose: "the number of items is known, or a bound of it, and filters are merged: fewest bits of those that do",
    format: &FORMAT,
    parameters: &[&ITEMS, &RATE, &BITS, &HASHES],
    contains: true,
    inserts: true,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::Union,
    error: "false positives at n items: (1 - e^(-kn/m))^k for m bits and k hashes; no false negatives",
    std_error: |settings| {
        let (bits, hashes) = size(settings, &BITS)?;
        let items = settings.whole(&ITEMS) as f64;
        Ok(count_std_dev(bits, hashes, items) / items)
    },
    space: "m = -k n / ln(1 - p^(1/k)) bits: 9.59 bits an item at p = 1 %, and 4.8 more for each tenth of it",
    bytes: |settings| Ok(FORMAT.payload_start() as u64 + size(settings, &BITS)?.0 / 8),
    sources: &[
        Source {
            authors: "Bloom",
            year: 1970,
            title: "Space/time trade-offs in hash coding with allowable errors",
            venue: "Communications of the ACM 13 (7)",
        },
        Source {
            authors: "Kirsch, Mitzenmacher",
            year: 2006,
            title: "Less hashing, same performance: building a better Bloom filter",
            venue: "ESA 2006",
        },
        Source {
            authors: "Dillinger, Manolios",
            year: 2004,
            title: "Bloom filters in probabilistic verification",
            venue: "FMCAD 2004",
        },
        Source {
            authors: "Bose, Guo, Kranakis, Maheshwari, Morin, Morrison, Smid, Tang",
            year: 2008,
            title: "On the false-positive rate of Bloom filters",
            venue: "Information Processing Letters 108 (4)",
        },
    ],
    essay: include_str!("bloom.md"),
    build: |settings| {
        let (bits, hashes) = size(settings, &BITS)?;
        Ok(Box::new(BloomFilter::with_bits(bits, hashes, settings.seed)?))
    },
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(BloomFilter::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(BloomFilter::open(bytes)?)),
};

catalogued!(
    BloomFilter,
    view {
        contains_view!();
        fn facts(&self) -> Vec<Fact> {
            let fill = self.fill();
            [
                Fact::new("bits set", self.one_len(), "bits"),
                Fact::new("fill", format_args!("{fill:.4}"), ""),
                Fact::new("false-positive rate now", format_args!("{:.3e}", self.current_rate()), ""),
            ]
            .into()
        }
        fn regions(&self) -> Vec<Region> {
            self.frame.regions(&FORMAT)
        }
    }
);
