//! [`BinaryFuseFilter`]: fingerprints that combine to that of every item, and its sizing.

mod build;
mod gather;
mod peel;
mod shape;

pub use build::BinaryFuseBuilder;
pub use shape::{bits_for, shards_for, slots_for};

use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Source};
use crate::face::{catalogued, contains_face, contains_view, face};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region};
use crate::prefetch::prefetch;
use crate::{Error, Estimate, Items, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use peel::get;
use shape::{ARITY, Places, Shape};

const ITEM_LEN: Field<u64> = Field::at(HEADER_LEN, "item_len", "different items that it was built from");
const SHARD_LEN: Field<u32> = ITEM_LEN.then("shard_len", "shards; 0 where there is no item");
const SLOT_LEN: Field<u32> = SHARD_LEN.then("slot_len", "fingerprints in a shard");
const SEGMENT_LEN: Field<u32> = SLOT_LEN.then("segment_len", "fingerprints in a segment, a power of two");
const FINGERPRINT_BITS_FIELD: Field<u32> = SEGMENT_LEN.then("bits", "bits of a fingerprint, 8 or 16");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 11,
    slug: "binary-fuse",
    version: 1,
    parameters: &[
        ITEM_LEN.row(),
        SHARD_LEN.row(),
        SLOT_LEN.row(),
        SEGMENT_LEN.row(),
        FINGERPRINT_BITS_FIELD.row(),
    ],
    payload: "the fingerprints, shard by shard; then a byte for each shard, the try at which it was built",
};

/// Bits of a fingerprint.
pub const FINGERPRINT_BITS: Parameter = Parameter {
    name: "bits",
    unit: "bits",
    range: Range::Either(8, 16),
    default: Some(Number::Whole(8)),
    doc: "bits of a fingerprint: the false-positive rate is 1 in 2^bits",
};

/// Items that are looked for side by side: enough that the memory of the last ones is asked for before that of the first
/// ones is read.
const BATCH: usize = 32;

#[doc = include_str!("../binary_fuse.md")]
#[derive(Clone)]
pub struct BinaryFuseFilter<D = Buffer> {
    frame: Frame<D>,
    item_len: u64,
    shape: Shape,
    /// Bytes of a fingerprint: 1 or 2.
    width: u32,
}

impl BinaryFuseFilter {
    /// The filter of these items, with fingerprints of `bits` bits; repeated ones count once.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `bits` is neither 8 nor 16; [`Error::CannotGrow`] when memory can't be had.
    pub fn from_items<I: IntoIterator<Item: AsRef<[u8]>>>(items: I, bits: u32, seed: u64) -> Result<Self> {
        let mut builder = BinaryFuseBuilder::new(bits, seed)?;
        builder.insert_all(items)?;
        builder.finish()
    }

    /// The filter of items by their [`hash`](crate::hash::hash)es under `seed`.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `bits` is neither 8 nor 16, or the hashes are none; [`Error::CannotGrow`] when memory
    /// can't be had.
    pub fn from_hashes(hashes: &[u64], bits: u32, seed: u64) -> Result<Self> {
        let mut builder = BinaryFuseBuilder::new(bits, seed)?;
        builder.insert_hashes(hashes)?;
        builder.finish()
    }
}

impl<D: AsRef<[u8]>> BinaryFuseFilter<D> {
    /// Opens the bytes of a filter where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a filter's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        Self::with_frame(Frame::open(data, &FORMAT)?)
    }

    /// Checks the parameters in the frame.
    fn with_frame(frame: Frame<D>) -> Result<Self> {
        let bytes = frame.bytes();
        let item_len = ITEM_LEN.get(bytes);
        let shape = Shape {
            shard_len: SHARD_LEN.get(bytes),
            slot_len: SLOT_LEN.get(bytes),
            segment_len: SEGMENT_LEN.get(bytes),
        };
        let bits = FINGERPRINT_BITS
            .check_field(FINGERPRINT_BITS_FIELD.name(), FINGERPRINT_BITS_FIELD.get(bytes).into())?;
        let (shards, slots, segment) =
            (u64::from(shape.shard_len), u64::from(shape.slot_len), u64::from(shape.segment_len));
        let payload_len = frame.payload().len() as u64;
        if payload_len == 0 {
            let empty = [(&SHARD_LEN, shards), (&SLOT_LEN, slots), (&SEGMENT_LEN, segment)];
            let wrong = empty
                .into_iter()
                .map(|(field, value)| (field.name(), value))
                .chain([(ITEM_LEN.name(), item_len)])
                .find(|(_, value)| *value != 0);
            if let Some((name, value)) = wrong {
                return Err(Error::field(name, "0 where there is no payload", value));
            }
        } else {
            if !segment.is_power_of_two() || segment < 2 {
                return Err(Error::field(SEGMENT_LEN.name(), "a power of two, at least 2", segment));
            }
            if !slots.is_multiple_of(segment) || slots < 2 * segment {
                let expected = format_args!("a multiple of {segment}, at least twice that");
                return Err(Error::field(SLOT_LEN.name(), expected, slots));
            }
            // Each below 2^34, so the product is not too large.
            let shard_bytes = slots * (bits / 8) + 1;
            if u128::from(shards) * u128::from(shard_bytes) != u128::from(payload_len) {
                let expected =
                    format_args!("as many as {shard_bytes} bytes go into the payload's {payload_len}");
                return Err(Error::field(SHARD_LEN.name(), expected, shards));
            }
            if item_len == 0 || item_len > shards * slots {
                let expected = format_args!("from 1 to the {} slots", shards * slots);
                return Err(Error::field(ITEM_LEN.name(), expected, item_len));
            }
        }
        Ok(Self { frame, item_len, shape, width: bits as u32 / 8 })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// Whether an item of this hash may have been among those it was built from. False is certain.
    #[inline]
    pub fn contains_hash(&self, hash: u64) -> bool {
        match self.width {
            1 => Table::<1>::new(self).has(hash),
            _ => Table::<2>::new(self).has(hash),
        }
    }

    /// Asks for many items by their hashes; `found` takes the answers in their order, as many as both are long.
    pub fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) {
        match self.width {
            1 => Table::<1>::new(self).have(hashes, found),
            _ => Table::<2>::new(self).have(hashes, found),
        }
    }

    /// The slots whose fingerprints an item of this hash combines, counted through all shards, and the fingerprint that they
    /// come to where the item was among those it was built from. `None` where there was no item.
    pub fn slots_of_hash(&self, hash: u64) -> Option<([u64; ARITY], u16)> {
        let (start, Places { slots, fingerprint }) = match self.width {
            _ if self.is_empty() => return None,
            1 => Table::<1>::new(self).places(hash),
            _ => Table::<2>::new(self).places(hash),
        };
        let own = if self.width == 1 { fingerprint & 0xff } else { fingerprint };
        Some((slots.map(|slot| start as u64 + u64::from(slot)), own))
    }

    /// Number of different items that it was built from.
    pub fn len(&self) -> u64 {
        self.item_len
    }

    /// Whether it was built from no item.
    pub fn is_empty(&self) -> bool {
        self.item_len == 0
    }

    /// Bits of a fingerprint: 8 or 16.
    pub fn fingerprint_bits(&self) -> u32 {
        self.width * 8
    }

    /// The rate at which an item that was not there is found: 1 in 2^bits; 0 where there is no item.
    pub fn false_positive_rate(&self) -> f64 {
        if self.is_empty() { 0.0 } else { libm::exp2(-f64::from(self.fingerprint_bits())) }
    }

    /// Number of different items: exact, but for the *n² / 2^65* pairs that have one hash.
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate); no bounds are needed, whatever the sigmas.
    pub fn estimate_at(&self, _sigmas: Sigmas) -> Estimate {
        Estimate::exact(self.item_len as f64)
    }

    /// Standard error of [`estimate`](Self::estimate): 0.
    pub fn std_error(&self) -> f64 {
        0.0
    }
}

/// The payload of a filter whose fingerprints have `WIDTH` bytes.
struct Table<'a, const WIDTH: usize> {
    shape: Shape,
    fingerprints: &'a [u8],
    attempts: &'a [u8],
}

impl<'a, const WIDTH: usize> Table<'a, WIDTH> {
    #[inline(always)]
    fn new<D: AsRef<[u8]>>(filter: &'a BinaryFuseFilter<D>) -> Self {
        let payload = filter.frame.payload();
        // One byte a shard is at the end: that was checked.
        let end = payload.len().saturating_sub(filter.shape.shard_len as usize);
        let (fingerprints, attempts) = payload.split_at(end);
        Self { shape: filter.shape, fingerprints, attempts }
    }

    /// Where a hash's shard begins, in slots, and the hash's places from there. There must be a shard.
    #[inline(always)]
    fn places(&self, hash: u64) -> (usize, Places) {
        let (shard, rest) = self.shape.shard(hash);
        let attempt = self.attempts.get(shard).copied().unwrap_or_default();
        (shard * self.shape.slot_len as usize, self.shape.places(hash, rest, attempt))
    }

    #[inline(always)]
    fn matches(&self, start: usize, places: &Places) -> bool {
        let held = places.slots.iter().map(|slot| get::<WIDTH>(self.fingerprints, start + *slot as usize));
        let differ = held.fold(places.fingerprint, |all, held| all ^ held);
        // Of a fingerprint of 8 bits, the lower 8 count.
        if WIDTH == 1 { differ as u8 == 0 } else { differ == 0 }
    }

    #[inline(always)]
    fn has(&self, hash: u64) -> bool {
        if self.attempts.is_empty() {
            return false;
        }
        let (start, places) = self.places(hash);
        self.matches(start, &places)
    }

    fn have(&self, hashes: &[u64], found: &mut [bool]) {
        if self.attempts.is_empty() {
            let len = hashes.len().min(found.len());
            return found[..len].fill(false);
        }
        let mut batch = [(0, Places::default()); BATCH];
        for (hashes, found) in hashes.chunks(BATCH).zip(found.chunks_mut(BATCH)) {
            for (place, hash) in batch.iter_mut().zip(hashes) {
                *place = self.places(*hash);
                // The others of each pair are in the same lines.
                for slot in place.1.slots.iter().step_by(ARITY / 2) {
                    prefetch(self.fingerprints, (place.0 + *slot as usize) * WIDTH);
                }
            }
            for ((start, places), found) in batch.iter().zip(found) {
                *found = self.matches(*start, places);
            }
        }
    }
}

face!(BinaryFuseFilter, frame);
contains_face!(BinaryFuseFilter);

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "binary fuse filter",
    type_name: "BinaryFuseFilter",
    family: Family::Membership,
    summary: "Built once from all items, it tells which ones they were, in fewer bits than any filter that grows.",
    choose: "all items are there before the first question, and the fewest bits count",
    format: &FORMAT,
    parameters: &[&FINGERPRINT_BITS],
    contains: true,
    inserts: false,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::None,
    error: "false positives: 1 in 2^b for fingerprints of b bits, whatever the number of items; no false negatives",
    std_error: |_| Ok(0.0),
    space: "0.80 + 3.86 / ln n fingerprints an item up to 2^18 items, 1.12 from there: 9.0 bits an item for a rate of 0.39 %",
    bytes: |_| Ok(FORMAT.payload_start() as u64),
    sources: &[
        Source {
            authors: "Graf, Lemire",
            year: 2022,
            title: "Binary fuse filters: fast and smaller than xor filters",
            venue: "ACM Journal of Experimental Algorithmics 27",
        },
        Source {
            authors: "Walzer",
            year: 2021,
            title: "Peeling close to the orientability threshold: spatial coupling in hashing-based data structures",
            venue: "SODA 2021",
        },
    ],
    essay: include_str!("../binary_fuse.md"),
    build: |settings| {
        let bits = settings.whole(&FINGERPRINT_BITS) as u32;
        Ok(Box::new(BinaryFuseFilter::from_hashes(&[], bits, settings.seed)?))
    },
    builder: Some(|settings| {
        let bits = settings.whole(&FINGERPRINT_BITS) as u32;
        Ok(Box::new(BinaryFuseBuilder::new(bits, settings.seed)?))
    }),
    text: None,
    open: |bytes| Ok(Box::new(BinaryFuseFilter::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(BinaryFuseFilter::open(bytes)?)),
};

const STATIC: Error = Error::Unsupported {
    structure: FORMAT.slug,
    operation: "take more items (it is built from all of them at once)",
};

catalogued!(
    BinaryFuseFilter,
    view {
        contains_view!();
        fn facts(&self) -> Vec<Fact> {
            let bits = self.as_bytes().len() as f64 * 8.0 / self.item_len as f64;
            let mut facts = Vec::from([Fact::new("shards", self.shape.shard_len, "")]);
            if !self.is_empty() {
                facts.push(Fact::new("bits an item", format_args!("{bits:.2}"), "bits"));
            }
            facts.push(Fact::new("false-positive rate", format_args!("{:.3e}", self.false_positive_rate()), ""));
            facts
        }
        fn regions(&self) -> Vec<Region> {
            self.frame.regions(&FORMAT)
        }
    },
    sketch {
        fn insert(&mut self, _item: &[u8]) -> Result<bool> {
            Err(STATIC)
        }
        fn insert_all(&mut self, _items: Items<'_>) -> Result<()> {
            Err(STATIC)
        }
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    /// The fingerprints in an item's slots combine to its own.
    #[test]
    fn slots_combine_to_the_fingerprint() {
        let hashes: Vec<u64> = (1..=300).map(|i: u64| crate::hash::hash(&i.to_le_bytes(), 7)).collect();
        for bits in [8, 16] {
            let filter = BinaryFuseFilter::from_hashes(&hashes, bits, 7).expect("in range");
            let start = FORMAT.payload_start();
            for hash in &hashes {
                let (slots, own) = filter.slots_of_hash(*hash).expect("items");
                let held = |slot: u64| match bits {
                    8 => get::<1>(&filter.as_bytes()[start..], slot as usize),
                    _ => get::<2>(&filter.as_bytes()[start..], slot as usize),
                };
                assert_eq!(slots.into_iter().fold(0, |all, slot| all ^ held(slot)), own);
            }
        }
        let empty = BinaryFuseFilter::from_hashes(&[], 8, 7).expect("in range");
        assert_eq!(empty.slots_of_hash(1), None);
    }
}
