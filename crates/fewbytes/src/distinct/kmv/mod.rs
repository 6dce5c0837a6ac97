//! [`KMinimumValues`]: the k smallest hashes.

mod gather;
mod packed;
mod sample;

pub use self::{
    gather::KmvBuilder,
    packed::{PACKED, PACKED_BITS},
    sample::Sample,
};

use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source};
use crate::face::{catalogued, face};
use crate::hash::{hash, u64s_in_batches};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region, get_u64, words};
use crate::{Error, Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};

const K: Field<u32> = Field::at(HEADER_LEN, "k", "hashes that are kept");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 6,
    slug: "kmv",
    version: 1,
    parameters: &[K.row()],
    payload: "the k smallest different hashes as u64, smallest first; all ones where there are fewer than k",
};

/// Hashes that are kept.
pub const K_PARAMETER: Parameter = Parameter {
    name: "k",
    unit: "hashes",
    range: Range::Whole(3, 1 << 20),
    default: Some(Number::Whole(4096)),
    doc: "smallest hashes that are kept, 8 bytes each",
};

/// A slot without a hash. A hash of this value counts as the one below it.
const EMPTY: u64 = u64::MAX;

#[doc = include_str!("../kmv.md")]
#[derive(Clone)]
pub struct KMinimumValues<D = Buffer> {
    frame: Frame<D>,
    k: usize,
}

/// Relative standard error of the count, *1 / √(k - 2)*, once more than `k` different items were inserted.
pub fn std_error(k: u32) -> f64 {
    1.0 / libm::sqrt(f64::from(k.max(3) - 2))
}

impl KMinimumValues {
    /// An empty sketch of the `k` smallest hashes.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `k` is not in 3 to 2^20.
    pub fn new(k: u32, seed: u64) -> Result<Self> {
        K_PARAMETER.check_whole(k.into())?;
        let mut frame = Frame::new(&FORMAT, seed, u64::from(k) * 8)?;
        K.set(frame.bytes_mut(), k);
        frame.payload_mut().fill(0xff);
        Ok(Self { frame, k: k as usize })
    }
}

impl<D: AsRef<[u8]>> KMinimumValues<D> {
    /// Opens the bytes of a sketch where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a sketch's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let k = K.get(frame.bytes());
        if !(3..=1 << 20).contains(&k) || frame.payload().len() as u64 != u64::from(k) * 8 {
            let expected =
                format_args!("3 to 2^20, and an eighth of the payload's {} bytes", frame.payload().len());
            return Err(Error::field(K.name(), expected, k));
        }
        Ok(Self { frame, k: k as usize })
    }

    /// Compares the checksum, where the bytes are sealed, and looks whether the hashes stand in order. O(k).
    ///
    /// # Errors
    /// [`Error::Checksum`], or [`Error::Field`] when the hashes are not in order.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()?;
        let ordered = |(a, b): (u64, u64)| a < b || a == EMPTY && b == EMPTY;
        let payload = self.frame.payload();
        match words(payload).zip(words(payload).skip(1)).position(|pair| !ordered(pair)) {
            Some(i) => {
                Err(Error::field("hashes", "in ascending order", format_args!("not so after hash {i}")))
            }
            None => Ok(()),
        }
    }

    /// Hashes that are kept at the most.
    pub fn k(&self) -> u32 {
        self.k as u32
    }

    /// The hashes that are kept, smallest first.
    pub fn hashes(&self) -> impl DoubleEndedIterator<Item = u64> + '_ {
        words(&self.frame.payload()[..self.len() * 8])
    }

    /// Number of hashes that are kept: `k`, or the number of different items when that is less. O(log k).
    pub fn len(&self) -> usize {
        self.lower_bound(EMPTY)
    }

    /// Whether nothing was inserted.
    pub fn is_empty(&self) -> bool {
        self.slot(0) == EMPTY
    }

    /// The largest hash that is kept, as a share of all hashes, from 0 to 1; 1 while there are fewer than `k`.
    pub fn threshold(&self) -> f64 {
        match self.slot(self.k - 1) {
            EMPTY => 1.0,
            hash => share(hash),
        }
    }

    /// Number of different items inserted, within two standard errors; exact while it is less than `k`. O(log k).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        match self.slot(self.k - 1) {
            EMPTY => Estimate::exact(self.len() as f64),
            hash => Estimate::relative((self.k - 1) as f64 / share(hash), std_error(self.k()), sigmas),
        }
    }

    /// Standard error of [`estimate`](Self::estimate), as a share of the truth; 0 while it is exact.
    pub fn std_error(&self) -> f64 {
        if self.slot(self.k - 1) == EMPTY { 0.0 } else { std_error(self.k()) }
    }

    #[inline]
    fn slot(&self, i: usize) -> u64 {
        get_u64(self.frame.payload(), i)
    }

    /// The slot that `hash` is in or belongs in. In damaged bytes, which need not be in order: some slot.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        self.lower_bound(hash).min(self.k - 1)
    }

    /// Number of slots with a smaller hash than `hash`.
    fn lower_bound(&self, hash: u64) -> usize {
        lower_bound(self.frame.payload(), hash)
    }
}

/// The hash as a share of all hashes: greater than 0, at most 1.
fn share(hash: u64) -> f64 {
    (hash as f64 + 1.0) / 18_446_744_073_709_551_616.0
}

fn lower_bound(payload: &[u8], hash: u64) -> usize {
    payload.as_chunks::<8>().0.partition_point(|slot| u64::from_le_bytes(*slot) < hash)
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> KMinimumValues<D> {
    /// Takes an item by its [`hash`] under this sketch's seed. True when its hash is among the `k`
    /// smallest and was not yet.
    ///
    /// One comparison for most items of a long stream; O(k) bytes moved for an item that is kept.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        let hash = hash.min(EMPTY - 1);
        hash < self.slot(self.k - 1) && self.keep(hash)
    }

    fn keep(&mut self, hash: u64) -> bool {
        let i = self.place(hash);
        let new = self.slot(i) != hash;
        if new {
            let slots = &mut self.frame.payload_mut()[i * 8..];
            slots.copy_within(..slots.len() - 8, 8);
            slots[..8].copy_from_slice(&hash.to_le_bytes());
        }
        new
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        self.gather(|gather, sketch| gather.take_all(hashes.iter().copied(), sketch));
    }

    /// Takes one item. True when its hash is among the `k` smallest and was not yet.
    #[inline]
    pub fn insert(&mut self, item: impl AsRef<[u8]>) -> bool {
        self.insert_hash(hash(item.as_ref(), self.seed()))
    }

    /// Takes many items, faster than one at a time.
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, items: I) {
        let seed = self.seed();
        // Not in batches: most hashes are done with after one comparison, before they could be written down.
        let hashes = items.into_iter().map(|item| hash(item.as_ref(), seed));
        self.gather(|gather, sketch| gather.take_all(hashes, sketch));
    }

    /// Takes many numbers, each an item of eight little-endian bytes: faster than as bytes.
    pub fn insert_u64s(&mut self, numbers: &[u64]) {
        let seed = self.seed();
        self.gather(|gather, sketch| {
            u64s_in_batches(numbers, seed, |hashes| gather.take_all(hashes.iter().copied(), sketch));
        });
    }

    /// Takes in all items of `other`: the union. The result is that of inserting the items of both.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when seed or `k` differ; nothing has changed then.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &KMinimumValues<E>) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        Error::unless_equal(K.name(), self.k, other.k)?;
        self.merge_sorted(&other.hashes().collect::<Vec<_>>());
        Ok(())
    }
}

face!(KMinimumValues, frame);

fn k(settings: &Settings) -> u32 {
    settings.whole(&K_PARAMETER) as u32
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "K-minimum-values",
    type_name: "KMinimumValues",
    family: Family::Distinct,
    summary: "Counts different items by the k smallest hashes: exact for small sets, and a sample of the items' hashes.",
    choose: "you ask what two sets have in common, or want small sets counted exactly",
    format: &FORMAT,
    parameters: &[&K_PARAMETER],
    contains: false,
    inserts: true,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::Union,
    error: "relative standard error 1 / √(k - 2); exact below k different items",
    std_error: |settings| Ok(std_error(k(settings))),
    space: "64 k bits: 32,768 bytes at k = 4,096",
    bytes: |settings| Ok(FORMAT.payload_start() as u64 + u64::from(k(settings)) * 8),
    sources: &[
        Source {
            authors: "Bar-Yossef, Jayram, Kumar, Sivakumar, Trevisan",
            year: 2002,
            title: "Counting distinct elements in a data stream",
            venue: "RANDOM 2002",
        },
        Source {
            authors: "Beyer, Haas, Reinwald, Sismanis, Gemulla",
            year: 2007,
            title: "On synopses for distinct-value estimation under multiset operations",
            venue: "SIGMOD 2007",
        },
        Source {
            authors: "Dasgupta, Lang, Rhodes, Thaler",
            year: 2016,
            title: "A framework for estimating stream expression cardinalities",
            venue: "ICDT 2016",
        },
    ],
    essay: include_str!("../kmv.md"),
    build: |settings| Ok(Box::new(KMinimumValues::new(k(settings), settings.seed)?)),
    builder: Some(|settings| Ok(Box::new(KmvBuilder::new(k(settings), settings.seed)?))),
    text: None,
    open: |bytes| Ok(Box::new(KMinimumValues::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(KMinimumValues::open(bytes)?)),
};

catalogued!(
    KMinimumValues,
    view {
        fn facts(&self) -> Vec<Fact> {
            [
                Fact::new("hashes kept", self.len(), "hashes"),
                Fact::new("threshold", format_args!("{:.6e}", self.threshold()), "of all hashes"),
            ]
            .into()
        }
        fn regions(&self) -> Vec<Region> {
            self.frame.regions(&FORMAT)
        }
    }
);
