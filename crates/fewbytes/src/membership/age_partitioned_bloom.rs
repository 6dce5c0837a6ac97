//! [`AgePartitionedBloomFilter`]: the latest items, in memory that never grows.

mod plan;

pub use plan::{Plan, false_positive_rate, size_for, size_with};

use super::bits::AHEAD;
use super::bloom::HASHES;
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source};
use crate::face::{catalogued, contains_face, contains_view, face, insert_face};
use crate::hash::hash;
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region};
use crate::prefetch::prefetch;
use crate::{Error, Estimate, Items, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};

const GENERATION_ITEMS: Field<u64> = Field::at(HEADER_LEN, "generation_items", "items of a generation");
const NEXT: Field<u64> =
    GENERATION_ITEMS.then("next", "number of the next item in the newest generation, from 1");
const HASH_LEN: Field<u16> = NEXT.then("hash_len", "slices in which an item sets a bit");
const GENERATION_LEN: Field<u16> =
    HASH_LEN.then("generation_len", "generations that are kept besides the newest");
const NEWEST: Field<u16> = GENERATION_LEN.then("newest", "number of the youngest slice, from 1");
const BEGUN: Field<u16> = NEWEST.then("begun", "generations begun so far, at most generation_len + 1");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 10,
    slug: "age-partitioned-bloom",
    version: 1,
    parameters: &[
        GENERATION_ITEMS.row(),
        NEXT.row(),
        HASH_LEN.row(),
        GENERATION_LEN.row(),
        NEWEST.row(),
        BEGUN.row(),
    ],
    payload: "hash_len + generation_len slices of one length; bit i of one is bit i mod 8, from the lowest, of its byte \
              i / 8. The slices grow older from the youngest on, and from the last to the first",
};

/// Latest items that are surely found.
pub const WINDOW: Parameter = Parameter {
    name: "window",
    unit: "items",
    range: Range::Whole(1, 1 << 40),
    default: Some(Number::Whole(1_000_000)),
    doc: "latest items that it surely finds",
};
/// False-positive rate.
pub const RATE: Parameter = Parameter {
    name: "rate",
    unit: "",
    range: Range::Real(0.0, 1.0),
    default: Some(Number::Real(0.01)),
    doc: "false-positive rate that it never passes",
};
/// Generations of the window.
pub const GENERATIONS: Parameter = Parameter {
    name: "generations",
    unit: "generations",
    range: Range::Whole(1, 256),
    default: Some(Number::Whole(16)),
    doc: "parts of the window, forgotten one at a time: more of them take fewer bits, and more time to ask",
};

/// Slices that a filter has at most.
const MOST_SLICES: usize = 64 + 256;

/// What a hash is multiplied by for each slice: odd numbers of SplitMix64, from the seed 0 on.
///
/// A slice has a hash function of its own, which it keeps as it grows older. Two multipliers for all, *h + i g*, would do
/// in large filters; in small ones two items that agree in *h* and *g* as far as a slice tells agree in all slices.
static MULTIPLIERS: [u64; MOST_SLICES] = {
    let mut multipliers = [0; MOST_SLICES];
    let mut i = 0;
    while i < MOST_SLICES {
        let mut z = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(i as u64 + 1);
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        multipliers[i] = (z ^ z >> 31) | 1;
        i += 1;
    }
    multipliers
};

/// Where the slices are, and which is the youngest.
#[derive(Clone, Copy)]
struct Slices {
    /// Slices in which an item sets a bit.
    hash_len: u32,
    len: u32,
    /// Bits of a slice.
    bits: u64,
    /// The youngest, from 0.
    newest: u32,
}

impl Slices {
    /// Byte of the payload and mask of an item's bit in the slice of that age, from 0 for the youngest.
    #[inline]
    fn place(&self, hash: u64, age: u32) -> (usize, u8) {
        let behind = self.newest + age;
        let slice = if behind < self.len { behind } else { behind - self.len };
        let h = hash.wrapping_mul(MULTIPLIERS[slice as usize]);
        let bit = ((u128::from(h) * u128::from(self.bits)) >> 64) as u64;
        ((u64::from(slice) * (self.bits / 8) + (bit >> 3)) as usize, 1 << (bit & 7))
    }

    #[inline]
    fn has(&self, bytes: &[u8], hash: u64, age: u32) -> bool {
        let (byte, mask) = self.place(hash, age);
        bytes[byte] & mask != 0
    }

    /// The least age at which an item's bits begin to be set in as many slices in a row as it sets.
    ///
    /// A row is tried from its end, as a word is searched in a text: a bit that is missing there rules out all rows
    /// across it.
    #[inline]
    fn youngest(&self, bytes: &[u8], hash: u64) -> Option<u32> {
        // The row from `start` on is tried; its slices before `known` have the bit.
        let (mut start, mut known) = (0, 0);
        while start + self.hash_len <= self.len {
            let end = start + self.hash_len;
            let missing = (known..end).rev().find(|age| !self.has(bytes, hash, *age));
            match missing {
                None => return Some(start),
                Some(age) => (start, known) = (age + 1, end),
            }
        }
        None
    }

    /// The payload's bytes of a slice, from 0.
    fn range(&self, slice: u32) -> core::ops::Range<usize> {
        let bytes = (self.bits / 8) as usize;
        slice as usize * bytes..(slice as usize + 1) * bytes
    }
}

#[doc = include_str!("age_partitioned_bloom.md")]
#[derive(Clone)]
pub struct AgePartitionedBloomFilter<D = Buffer> {
    frame: Frame<D>,
    plan: Plan,
    slices: Slices,
    /// Number of the next item in the newest generation, from 1; above the plan's items, another generation begins with it.
    next: u64,
    /// Generations begun, at most one more than the plan keeps.
    begun: u16,
}

impl AgePartitionedBloomFilter {
    /// An empty filter that surely finds the last `window` items, and others with the chance `rate` at most.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `window` is not in 1 to 2^40 or `rate` not between 0 and 1;
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn with_rate(window: u64, rate: f64, seed: u64) -> Result<Self> {
        Self::new(size_for(window, rate, 16)?, seed)
    }

    /// An empty filter of this shape: [`size_for`] makes one for a window, a rate and a number of generations.
    ///
    /// # Errors
    /// [`Error::Parameter`] when a number of the plan is out of range;
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn new(plan: Plan, seed: u64) -> Result<Self> {
        let plan = plan.check()?;
        let mut frame = Frame::new(&FORMAT, seed, plan.bits() / 8)?;
        let bytes = frame.bytes_mut();
        GENERATION_ITEMS.set(bytes, plan.generation_items);
        HASH_LEN.set(bytes, plan.hash_len as u16);
        GENERATION_LEN.set(bytes, plan.generation_len as u16);
        NEXT.set(bytes, 1);
        NEWEST.set(bytes, 1);
        BEGUN.set(bytes, 1);
        Self::open(frame.into_inner())
    }
}

impl<D: AsRef<[u8]>> AgePartitionedBloomFilter<D> {
    /// Opens the bytes of a filter where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a filter's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let bytes = frame.bytes();
        let (hash_len, generation_len) = (HASH_LEN.get(bytes), GENERATION_LEN.get(bytes));
        HASHES.check_field(HASH_LEN.name(), hash_len.into())?;
        GENERATIONS.check_field(GENERATION_LEN.name(), generation_len.into())?;
        let len = u32::from(hash_len) + u32::from(generation_len);
        let there = frame.payload().len() as u64 * 8;
        if there == 0 || !there.is_multiple_of(u64::from(len) * 8) {
            let expected =
                format_args!("such that the slices share the payload's {there} bits, whole bytes each");
            return Err(Error::field(GENERATION_LEN.name(), expected, generation_len));
        }
        let bits = there / u64::from(len);
        let (generation_items, next) = (GENERATION_ITEMS.get(bytes), NEXT.get(bytes));
        WINDOW.check_field(GENERATION_ITEMS.name(), generation_items)?;
        let (newest, begun) = (NEWEST.get(bytes), BEGUN.get(bytes));
        let within = |field: &'static str, value: u64, most: u64| match (1..=most).contains(&value) {
            true => Ok(()),
            false => Err(Error::field(field, format_args!("a whole number from 1 to {most}"), value)),
        };
        within(NEXT.name(), next, generation_items + 1)?;
        within(NEWEST.name(), newest.into(), len.into())?;
        within(BEGUN.name(), begun.into(), u64::from(generation_len) + 1)?;
        let plan = Plan {
            hash_len: hash_len.into(),
            generation_len: generation_len.into(),
            generation_items,
            slice_bits: bits,
        };
        let slices = Slices { hash_len: plan.hash_len, len, bits, newest: u32::from(newest) - 1 };
        Ok(Self { frame, plan, slices, next, begun })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// Whether an item of this hash may be among the latest. False: it surely is not among the last `window` items.
    #[inline]
    pub fn contains_hash(&self, hash: u64) -> bool {
        self.slices.youngest(self.frame.payload(), hash).is_some()
    }

    /// Asks for many items by their hashes; `found` takes the answers in their order, as many as both are long.
    pub fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) {
        for (found, hash) in found.iter_mut().zip(hashes) {
            *found = self.contains_hash(*hash);
        }
    }

    /// The shape that it was built with.
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// Latest items that it surely finds.
    pub fn window(&self) -> u64 {
        self.plan.window()
    }

    /// Items that it holds now: those of the newest generation, and of as many before it as are kept.
    pub fn item_len(&self) -> u64 {
        (u64::from(self.begun) - 1) * self.plan.generation_items + self.next - 1
    }

    /// The rate at which an item that never came is found now, by the bits that are set. O(n).
    pub fn current_rate(&self) -> f64 {
        let payload = self.frame.payload();
        let (newest, len) = (self.slices.newest, self.slices.len);
        let fill = |slice| {
            let ones: u64 =
                payload[self.slices.range(slice)].iter().map(|byte| u64::from(byte.count_ones())).sum();
            ones as f64 / self.slices.bits as f64
        };
        let fills: Vec<f64> = (newest..len).chain(0..newest).map(fill).collect();
        false_positive_rate(&fills, self.plan.hash_len)
    }

    /// Number of items that it holds. O(1).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate): it is counted, so that the bounds are equal. An item that was taken again by a later
    /// generation counts in each.
    pub fn estimate_at(&self, _sigmas: Sigmas) -> Estimate {
        Estimate::exact(self.item_len() as f64)
    }

    /// Standard error of [`estimate`](Self::estimate): 0.
    pub fn std_error(&self) -> f64 {
        0.0
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> AgePartitionedBloomFilter<D> {
    /// Takes an item by its [`hash`] under this filter's seed. True when it surely was not among the latest.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        match self.slices.youngest(self.frame.payload(), hash) {
            Some(0) => false, // In the newest generation: there is nothing to renew.
            youngest => {
                self.take(hash);
                youngest.is_none()
            }
        }
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        for (i, hash) in hashes.iter().enumerate() {
            if let Some(next) = hashes.get(i + AHEAD) {
                let payload = self.frame.payload();
                (0..self.plan.hash_len).for_each(|age| prefetch(payload, self.slices.place(*next, age).0));
            }
            self.take(*hash);
        }
    }

    /// Takes an item only if it surely is not among the latest; true then. The window is then one of the latest *different*
    /// items, by when each came first: one that is found is not renewed, and is forgotten as if it had not come again.
    #[inline]
    pub fn insert_if_new(&mut self, item: impl AsRef<[u8]>) -> bool {
        self.insert_hash_if_new(hash(item.as_ref(), self.seed()))
    }

    /// Takes an item by its hash, only if it is new: as [`insert_if_new`](Self::insert_if_new).
    pub fn insert_hash_if_new(&mut self, hash: u64) -> bool {
        let new = !self.contains_hash(hash);
        if new {
            self.take(hash);
        }
        new
    }

    /// Makes an item one of the newest generation. One that is there already takes no room.
    fn take(&mut self, hash: u64) {
        let slices = self.slices;
        if self.next > self.plan.generation_items {
            let bytes = self.frame.payload();
            if (0..slices.hash_len).all(|age| slices.has(bytes, hash, age)) {
                return;
            }
            self.shift();
        }
        let slices = self.slices;
        let bytes = self.frame.payload_mut();
        let mut missing = 0;
        for age in 0..slices.hash_len {
            let (byte, mask) = slices.place(hash, age);
            missing |= !bytes[byte] & mask;
            bytes[byte] |= mask;
        }
        if missing != 0 {
            self.next += 1;
            NEXT.set(self.frame.bytes_mut(), self.next);
        }
    }

    /// Begins a generation: the oldest slice is cleared, and is the youngest from now on.
    #[cold]
    fn shift(&mut self) {
        let slices = &mut self.slices;
        slices.newest = if slices.newest == 0 { slices.len - 1 } else { slices.newest - 1 };
        let range = slices.range(slices.newest);
        self.frame.payload_mut()[range].fill(0);
        self.next = 1;
        self.begun = (self.begun + 1).min(self.plan.generation_len as u16 + 1);
        let bytes = self.frame.bytes_mut();
        NEWEST.set(bytes, self.slices.newest as u16 + 1);
        NEXT.set(bytes, self.next);
        BEGUN.set(bytes, self.begun);
    }
}

face!(AgePartitionedBloomFilter, frame);
contains_face!(
    AgePartitionedBloomFilter,
    "Whether `item` may be among the latest. False: it surely is not among the last `window` items."
);
insert_face!(
    AgePartitionedBloomFilter,
    "Takes one item, and makes it the newest. True when it surely was not among the last `window` items before."
);

/// The shape by the settings.
fn plan(settings: &Settings) -> Result<Plan> {
    let (window, rate) = (settings.whole(&WINDOW), settings.real(&RATE));
    let generations = settings.whole(&GENERATIONS) as u32;
    match settings.chosen(&HASHES) {
        Some(hashes) => size_with(window, rate, generations, hashes as u32),
        None => size_for(window, rate, generations),
    }
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "age-partitioned Bloom filter",
    type_name: "AgePartitionedBloomFilter",
    family: Family::Membership,
    summary: "Remembers the latest items of a stream that never ends, in memory that never grows.",
    choose: "only the latest items matter: to drop what comes twice in a stream without an end",
    format: &FORMAT,
    parameters: &[&WINDOW, &RATE, &GENERATIONS, &HASHES],
    contains: true,
    inserts: true,
    removes: false,
    forgets: true,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::None,
    error: "false positives: at most the rate P for items that never came; no false negatives among the last N items",
    std_error: |_| Ok(0.0),
    space: "(k + l) m bits for k hashes, l generations and m bits a slice: 20.9 bits an item of the window at P = 1 % and \
            l = 16",
    bytes: |settings| Ok(FORMAT.payload_start() as u64 + plan(settings)?.bits() / 8),
    sources: &[Source {
        authors: "Shtul, Baquero, Almeida",
        year: 2020,
        title: "Age-partitioned Bloom filters",
        venue: "arXiv:2001.03147",
    }],
    essay: include_str!("age_partitioned_bloom.md"),
    build: |settings| Ok(Box::new(AgePartitionedBloomFilter::new(plan(settings)?, settings.seed)?)),
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(AgePartitionedBloomFilter::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(AgePartitionedBloomFilter::open(bytes)?)),
};

catalogued!(
    AgePartitionedBloomFilter,
    view {
        contains_view!();
        fn facts(&self) -> Vec<Fact> {
            [
                Fact::new("window", self.window(), "items"),
                Fact::new("items of a generation", self.plan.generation_items, "items"),
                Fact::new("items of the newest generation", self.next - 1, "items"),
                Fact::new("bits of a slice", self.plan.slice_bits, "bits"),
                Fact::new("false-positive rate now", format_args!("{:.3e}", self.current_rate()), ""),
            ]
            .into()
        }
        fn regions(&self) -> Vec<Region> {
            self.frame.regions(&FORMAT)
        }
    },
    sketch {
        fn insert(&mut self, item: &[u8]) -> Result<bool> {
            Ok(self.insert(item))
        }
        fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
            self.insert_all(items);
            Ok(())
        }
    }
);
