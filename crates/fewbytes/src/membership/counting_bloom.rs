//! [`CountingBloomFilter`]: a Bloom filter from which items can be removed.

use super::bits::{AHEAD, probes};
use super::bloom::{self, BloomFilter, HASHES, ITEMS, RATE};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Parameter, Source, View};
use crate::face::{catalogued, contains_face, contains_view, face, insert_face};
use crate::hash::hash;
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region, words};
use crate::prefetch::prefetch;
use crate::{Error, Estimate, Items, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use core::f64::consts::E;

const COUNTER_LEN: Field<u64> =
    Field::at(HEADER_LEN, "counter_len", "counters in the filter, a multiple of 64");
const HASH_LEN: Field<u32> = COUNTER_LEN.then("hash_len", "counters that an item increments");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 9,
    slug: "counting-bloom",
    version: 1,
    parameters: &[COUNTER_LEN.row(), HASH_LEN.row()],
    payload: "the counters, 4 bits each: counter i is the lower half of byte i / 2 where i is even, else the upper",
};

/// Counters, where they are chosen rather than computed.
pub const COUNTERS: Parameter = Parameter {
    name: "counters",
    unit: "counters",
    range: bloom::BITS.range,
    default: None,
    doc: "counters of the filter, rounded up to a multiple of 64; from items and rate unless given, and then `rate` has \
          no say",
};

/// Where a counter stays: it may stand for more.
pub const SATURATED: u8 = 15;

/// Bound of the chance that any of `counters` counters saturates while `items` items are in the filter, each of which
/// increments `hashes`: *m (e n k / (15 m))^15*, at most 1.
///
/// Fan and others' bound for a counter that reaches *j*, with *j = 15*: `SATURATED`. They let a counter overflow at 16;
/// here one that holds 15 is never decremented again.
pub fn saturation_bound(counters: u64, hashes: u32, items: u64) -> f64 {
    let (m, most) = (counters as f64, f64::from(SATURATED));
    let load = f64::from(hashes) * items as f64 / m;
    (m * libm::pow(E * load / most, most)).min(1.0)
}

/// The lowest bit of each of a word's 16 counters.
const LOWEST: u64 = 0x1111_1111_1111_1111;
/// Every other counter of a word, with room to add.
const EVEN: u64 = 0x0f0f_0f0f_0f0f_0f0f;
/// The bit above each of those.
const CARRY: u64 = EVEN / SATURATED as u64 * 16;

/// Counter `i` of `bytes`.
#[inline]
fn get(bytes: &[u8], i: u64) -> u8 {
    bytes[(i >> 1) as usize] >> ((i & 1) * 4) & SATURATED
}

/// The lowest bit of each counter of `word` that is not 0.
fn used(word: u64) -> u64 {
    let pairs = word | word >> 1;
    (pairs | pairs >> 2) & LOWEST
}

/// The lowest bit of each counter of `word` that is saturated.
fn saturated(word: u64) -> u64 {
    let pairs = word & word >> 1;
    pairs & pairs >> 2 & LOWEST
}

/// Sum of the counters of `word`.
fn sum(word: u64) -> u64 {
    // Eight sums of two, of at most 30 each; the multiplication adds them in the uppermost byte.
    ((word & EVEN) + (word >> 4 & EVEN)).wrapping_mul(0x0101_0101_0101_0101) >> 56
}

/// The sums of the counters of two words, each at most [`SATURATED`].
fn saturating_add(a: u64, b: u64) -> u64 {
    let halves = |a: u64, b: u64| {
        let sums = (a & EVEN) + (b & EVEN);
        let over = sums & CARRY;
        (sums | (over - (over >> 4))) & EVEN
    };
    halves(a, b) | halves(a >> 4, b >> 4) << 4
}

/// Increments an item's counters in `bytes`. True when one of them was 0.
#[inline]
fn increment(bytes: &mut [u8], hash: u64, counter_len: u64, hash_len: u32) -> bool {
    let mut missing = false;
    for i in probes(hash, counter_len, hash_len) {
        let byte = &mut bytes[(i >> 1) as usize];
        let shift = (i & 1) * 4;
        let counter = *byte >> shift & SATURATED;
        missing |= counter == 0;
        *byte += u8::from(counter < SATURATED) << shift;
    }
    missing
}

#[doc = include_str!("counting_bloom.md")]
#[derive(Clone)]
pub struct CountingBloomFilter<D = Buffer> {
    frame: Frame<D>,
    counter_len: u64,
    hash_len: u32,
}

impl CountingBloomFilter {
    /// An empty filter that gives at most `rate` false positives when it holds `items` different items.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `items` is not in 1 to 2^40 or `rate` not between 0 and 1;
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn with_rate(items: u64, rate: f64, seed: u64) -> Result<Self> {
        let (counters, hashes) = bloom::size_for(items, rate)?;
        Self::with_counters(counters, hashes, seed)
    }

    /// An empty filter of `counters` counters, rounded up to a multiple of 64, of which an item increments `hashes`.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `counters` is not in 1 to 2^46 or `hashes` not in 1 to 64;
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn with_counters(counters: u64, hashes: u32, seed: u64) -> Result<Self> {
        HASHES.check_whole(hashes.into())?;
        let counter_len = COUNTERS.check_whole(counters)?.next_multiple_of(64);
        let mut frame = Frame::new(&FORMAT, seed, counter_len / 2)?;
        COUNTER_LEN.set(frame.bytes_mut(), counter_len);
        HASH_LEN.set(frame.bytes_mut(), hashes);
        Ok(Self { frame, counter_len, hash_len: hashes })
    }
}

impl<D: AsRef<[u8]>> CountingBloomFilter<D> {
    /// Opens the bytes of a filter where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a filter's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let (counter_len, hash_len) = (COUNTER_LEN.get(frame.bytes()), HASH_LEN.get(frame.bytes()));
        let there = frame.payload().len() as u64 * 2;
        if counter_len == 0 || counter_len != there || !counter_len.is_multiple_of(64) {
            let expected = format_args!("the payload's {there} counters, a multiple of 64");
            return Err(Error::field(COUNTER_LEN.name(), expected, counter_len));
        }
        HASHES.check_field(HASH_LEN.name(), hash_len.into())?;
        Ok(Self { frame, counter_len, hash_len })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// Whether an item of this hash may have been inserted, and not removed. False is certain.
    #[inline]
    pub fn contains_hash(&self, hash: u64) -> bool {
        let bytes = self.frame.payload();
        probes(hash, self.counter_len, self.hash_len).all(|i| get(bytes, i) > 0)
    }

    /// Asks for many items by their hashes; `found` takes the answers in their order, as many as both are long.
    pub fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) {
        for (i, (found, hash)) in found.iter_mut().zip(hashes).enumerate() {
            if let Some(next) = hashes.get(i + AHEAD) {
                self.prefetch_hash(*next);
            }
            *found = self.contains_hash(*hash);
        }
    }

    #[inline]
    fn prefetch_hash(&self, hash: u64) {
        let bytes = self.frame.payload();
        probes(hash, self.counter_len, self.hash_len).for_each(|i| prefetch(bytes, (i >> 1) as usize));
    }

    /// How often `item` is in the filter: its least counter.
    ///
    /// That is the most that it can be, unless the counter is saturated, and then `high` is infinite. All of it may be
    /// others': `low` is 0.
    #[inline]
    pub fn count(&self, item: impl AsRef<[u8]>) -> Estimate {
        self.count_hash(hash(item.as_ref(), self.seed()))
    }

    /// How often an item of this hash is in the filter: as [`count`](Self::count).
    #[inline]
    pub fn count_hash(&self, hash: u64) -> Estimate {
        let bytes = self.frame.payload();
        let least = probes(hash, self.counter_len, self.hash_len).map(|i| get(bytes, i)).min().unwrap_or(0);
        let value = f64::from(least);
        Estimate { value, low: 0.0, high: if least == SATURATED { f64::INFINITY } else { value } }
    }

    /// Counters in the filter.
    pub fn counter_len(&self) -> u64 {
        self.counter_len
    }

    /// Counters that an item increments.
    pub fn hash_len(&self) -> u32 {
        self.hash_len
    }

    /// Counters that are not 0. O(n).
    pub fn used_len(&self) -> u64 {
        words(self.frame.payload()).map(|word| u64::from(used(word).count_ones())).sum()
    }

    /// Counters that have reached [`SATURATED`], and stay. O(n).
    pub fn saturated_len(&self) -> u64 {
        words(self.frame.payload()).map(|word| u64::from(saturated(word).count_ones())).sum()
    }

    /// Share of the counters that are not 0, from 0 to 1. At 0.5 the filter is used best. O(n).
    pub fn fill(&self) -> f64 {
        self.used_len() as f64 / self.counter_len as f64
    }

    /// The rate at which an item that is not in the filter is found now: fill to the power of the hashes. O(n).
    pub fn current_rate(&self) -> f64 {
        libm::pow(self.fill(), f64::from(self.hash_len))
    }

    /// Items in the filter, repeated ones too: insertions less removals. O(n).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate): it is exact, so that the bounds are equal, while no counter is saturated. Then it is
    /// what the counters still tell, and `high` is infinite.
    ///
    /// The number of *different* items is `to_bloom()?.estimate()`.
    pub fn estimate_at(&self, _sigmas: Sigmas) -> Estimate {
        let mut sums = (0, 0);
        for word in words(self.frame.payload()) {
            sums = (sums.0 + sum(word), sums.1 | saturated(word));
        }
        let exact = Estimate::exact(sums.0 as f64 / f64::from(self.hash_len));
        if sums.1 == 0 { exact } else { Estimate { high: f64::INFINITY, ..exact } }
    }

    /// Standard error of [`estimate`](Self::estimate) as a share of it: 0, or infinite once a counter is saturated. O(n).
    pub fn std_error(&self) -> f64 {
        if self.saturated_len() == 0 { 0.0 } else { f64::INFINITY }
    }

    /// The Bloom filter of the same items: bit for bit the one of as many bits that took them. A quarter of the bytes, for
    /// those who only ask. O(n).
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn to_bloom(&self) -> Result<BloomFilter> {
        let mut bloom = BloomFilter::with_bits(self.counter_len, self.hash_len, self.seed())?;
        for (bits, word) in
            bloom.bits_mut().as_chunks_mut::<2>().0.iter_mut().zip(words(self.frame.payload()))
        {
            let mut bit = used(word);
            // Sixteen bits, four apart, closed up: to pairs, to fours, to eights, to all.
            bit = (bit | bit >> 3) & 0x0303_0303_0303_0303;
            bit = (bit | bit >> 6) & 0x000f_000f_000f_000f;
            bit = (bit | bit >> 12) & 0x0000_00ff_0000_00ff;
            *bits = ((bit | bit >> 24) as u16).to_le_bytes();
        }
        Ok(bloom)
    }

    /// Whether an item of this hash is surely not there: a counter is less than what the item itself would have added.
    fn lacks(&self, places: &[u64]) -> bool {
        let bytes = self.frame.payload();
        let mut seen = 0_u64; // A bit for the places so far: where it is not set, a place is not among them.
        for (n, place) in places.iter().enumerate() {
            let counter = get(bytes, *place);
            let bit = 1 << (place & 63);
            let before = || places[..n].iter().filter(|other| *other == place).count();
            if counter == 0 || (seen & bit != 0 && counter < SATURATED && usize::from(counter) <= before()) {
                return true;
            }
            seen |= bit;
        }
        false
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> CountingBloomFilter<D> {
    /// Takes an item by its [`hash`] under this filter's seed. True when a counter was 0: it was surely not there before.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        let (counter_len, hash_len) = (self.counter_len, self.hash_len);
        increment(self.frame.payload_mut(), hash, counter_len, hash_len)
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        for (i, hash) in hashes.iter().enumerate() {
            if let Some(next) = hashes.get(i + AHEAD) {
                self.prefetch_hash(*next);
            }
            self.insert_hash(*hash);
        }
    }

    /// Takes an item out again, once. False when it surely was not there; nothing has changed then.
    ///
    /// **Remove only what was inserted.** An item that never was, and looks as if, is not told from one that was: it takes
    /// counts away from others, which may then be missing.
    #[inline]
    pub fn remove(&mut self, item: impl AsRef<[u8]>) -> bool {
        self.remove_hash(hash(item.as_ref(), self.seed()))
    }

    /// Takes out an item by its hash: as [`remove`](Self::remove).
    pub fn remove_hash(&mut self, hash: u64) -> bool {
        let mut places = [0; 64]; // As many as an item has at most.
        let walk = probes(hash, self.counter_len, self.hash_len);
        let len = places.iter_mut().zip(walk).map(|(place, i)| *place = i).count();
        let places = &places[..len];
        if self.lacks(places) {
            return false;
        }
        let bytes = self.frame.payload_mut();
        for place in places {
            let counter = get(bytes, *place);
            let less = u8::from(counter < SATURATED) << ((place & 1) * 4);
            bytes[(place >> 1) as usize] -= less;
        }
        true
    }

    /// Takes in all items of `other`: the sum of each two counters, at most [`SATURATED`]. The result is that of inserting
    /// the items of both.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when seed, counters or hashes differ; nothing has changed then.
    pub fn merge<T: AsRef<[u8]>>(&mut self, other: &CountingBloomFilter<T>) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        Error::unless_equal(COUNTER_LEN.name(), self.counter_len, other.counter_len)?;
        Error::unless_equal(HASH_LEN.name(), self.hash_len, other.hash_len)?;
        let ours = self.frame.payload_mut().as_chunks_mut::<8>().0;
        for (ours, theirs) in ours.iter_mut().zip(words(other.frame.payload())) {
            *ours = saturating_add(u64::from_le_bytes(*ours), theirs).to_le_bytes();
        }
        Ok(())
    }
}

face!(CountingBloomFilter, frame);
contains_face!(
    CountingBloomFilter,
    "Whether `item` may have been inserted, and not removed. False is certain, while nothing was removed that had not \
     been inserted."
);
insert_face!(
    CountingBloomFilter,
    "Takes one item, also one that it has: it counts. True when it was surely not there before."
);

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "counting Bloom filter",
    type_name: "CountingBloomFilter",
    family: Family::Membership,
    summary: "A Bloom filter from which items can be removed again, in four times the bytes.",
    choose: "items are removed again, and only items that were inserted",
    format: &FORMAT,
    parameters: &[&ITEMS, &RATE, &COUNTERS, &HASHES],
    contains: true,
    inserts: true,
    removes: true,
    forgets: false,
    count: true,
    top: false,
    counts: Counts::Events,
    merge: Merge::ExactSum,
    error: "false positives at n items: (1 - e^(-kn/m))^k for m counters and k hashes; no false negatives while only \
            items that were inserted are removed; the count is exact until a counter saturates",
    std_error: |_| Ok(0.0),
    space: "4 m bits for m = -k n / ln(1 - p^(1/k)) counters: 38.3 bits an item at p = 1 %",
    bytes: |settings| Ok(FORMAT.payload_start() as u64 + bloom::size(settings, &COUNTERS)?.0 / 2),
    sources: &[Source {
        authors: "Fan, Cao, Almeida, Broder",
        year: 2000,
        title: "Summary cache: a scalable wide-area web cache sharing protocol",
        venue: "IEEE/ACM Transactions on Networking 8 (3)",
    }],
    essay: include_str!("counting_bloom.md"),
    build: |settings| {
        let (counters, hashes) = bloom::size(settings, &COUNTERS)?;
        Ok(Box::new(CountingBloomFilter::with_counters(counters, hashes, settings.seed)?))
    },
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(CountingBloomFilter::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(CountingBloomFilter::open(bytes)?)),
};

catalogued!(
    CountingBloomFilter,
    view {
        contains_view!();
        fn count_hash(&self, hash: u64) -> Result<Estimate> {
            Ok(self.count_hash(hash))
        }
        fn facts(&self) -> Vec<Fact> {
            [
                Fact::new("counters in use", self.used_len(), "counters"),
                Fact::new("fill", format_args!("{:.4}", self.fill()), ""),
                Fact::new("false-positive rate now", format_args!("{:.3e}", self.current_rate()), ""),
                Fact::new("saturated counters", self.saturated_len(), "counters"),
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
        fn remove(&mut self, item: &[u8]) -> Result<bool> {
            Ok(self.remove(item))
        }
        fn merge(&mut self, other: &dyn View) -> Result<()> {
            self.merge(&CountingBloomFilter::open(other.as_bytes())?)
        }
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    /// Words at once do what counters do one by one, for every pair of values in every place.
    #[test]
    fn words_are_sixteen_counters() {
        for a in 0..16_u64 {
            for b in 0..16_u64 {
                for at in 0..16 {
                    let (x, y) = (a << (at * 4), b << (at * 4));
                    assert_eq!(saturating_add(x, y), (a + b).min(15) << (at * 4), "{a} + {b}");
                    let rest = !(15 << (at * 4));
                    assert_eq!(
                        saturating_add(x | rest, y),
                        (a + b).min(15) << (at * 4) | rest,
                        "{a} + {b}, full"
                    );
                    assert_eq!(used(x), u64::from(a > 0) << (at * 4));
                    assert_eq!(saturated(x), u64::from(a == 15) << (at * 4));
                    assert_eq!((sum(x), sum(x | rest)), (a, a + 15 * 15));
                }
            }
        }
    }
}
