//! [`DoubleArrayTrie`]: a trie in an array, with the last few keys below each node kept as text.

mod batch;
mod build;
mod cursor;
mod labels;
mod place;
mod ranges;
mod shape;
mod tail;
mod view;

pub use build::DoubleArrayBuilder;
pub use cursor::DoubleArrayCursor;
pub use view::DoubleArrayPrefixes;

use super::{Cursor, Gather, Ids, KeyList, MakeKeyBuilder, Values, face::text_face, header, header::Counts};
use crate::entry::{Counts as Counted, Entry, Fact, Family, Merge, Number, Parameter, Range, Source, Text};
use crate::layout::{Buffer, Format, Frame, Region};
use crate::{Error, Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use shape::{Sections, Shape};
use view::View;

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 20,
    slug: "double-array",
    version: 1,
    parameters: &[
        header::ROWS[0],
        header::ROWS[1],
        header::ROWS[2],
        header::ROWS[3],
        shape::SLOT_LEN.row(),
        shape::TAIL_LEN.row(),
        shape::WIDTH.row(),
    ],
    payload: "slots in groups of 16, links and then checks; the first id below each slot; ranges of labels; tails and the root's link; values",
};

const DEFAULT_TAIL_KEYS: u64 = 8;

/// Keys of a tail set.
pub const TAIL_KEYS: Parameter = Parameter {
    name: "tail-keys",
    unit: "keys",
    range: Range::Whole(1, tail::MOST as u64),
    default: Some(Number::Whole(DEFAULT_TAIL_KEYS)),
    doc: "keys below a node that are kept as text: more of them take fewer bytes, and longer to be found",
};

/// What a slot of the array holds. Whether it is used, no slot says alone: a walk over all keys comes to those that are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Slot {
    /// The lower byte of the base of the node whose child it is.
    pub check: u8,
    /// What its link leads to: `node`, `set` or `run`.
    pub what: &'static str,
    /// The base of the node, or the place of the set or run among the tails.
    pub place: u64,
    /// Whether a key ends at the node.
    pub is_key: bool,
    /// The bytes of its link.
    pub link_bytes: core::ops::Range<usize>,
    /// The byte that its check is.
    pub check_byte: usize,
}

#[doc = include_str!("../double_array.md")]
#[derive(Clone)]
pub struct DoubleArrayTrie<D = Buffer> {
    frame: Frame<D>,
    counts: Counts,
    sections: Sections,
    width: u32,
    id_bits: u32,
}

impl DoubleArrayTrie {
    /// The trie of these keys, which come in any order; repeated ones count once.
    ///
    /// # Errors
    /// [`Error::KeyLength`] when a key is too long; [`Error::CannotGrow`] when memory can't be had.
    pub fn from_keys<I: IntoIterator<Item: AsRef<[u8]>>>(keys: I) -> Result<Self> {
        Self::from_list(&KeyList::from_keys(keys)?)
    }

    /// The trie of these keys, which come in the order of their bytes; repeated ones count once. They are not held in memory.
    ///
    /// # Errors
    /// [`Error::Order`] when a key comes before the one before it; else those of [`from_keys`](Self::from_keys).
    pub fn from_sorted<I: IntoIterator<Item: AsRef<[u8]>>>(keys: I) -> Result<Self> {
        Self::from_pairs(keys.into_iter().map(|key| (key, None)), false)
    }

    /// The trie of a sorted list of keys, and of their values where they have any.
    ///
    /// # Errors
    /// Those of [`from_sorted`](Self::from_sorted).
    pub fn from_list(list: &KeyList) -> Result<Self> {
        Self::from_pairs(list.iter(), list.has_values())
    }

    fn from_pairs<K: AsRef<[u8]>>(
        pairs: impl Iterator<Item = (K, Option<u64>)>,
        values: bool,
    ) -> Result<Self> {
        let mut builder = DoubleArrayBuilder::new(DEFAULT_TAIL_KEYS, values, 0)?;
        for (key, value) in pairs {
            builder.push(key.as_ref(), value)?;
        }
        Ok(builder.finish_with(&mut |_| {})?.0)
    }
}

impl<D: AsRef<[u8]>> DoubleArrayTrie<D> {
    /// Opens the bytes of a trie where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a trie's bytes: [`Error::NotFewbytes`], [`Error::Kind`], [`Error::Version`],
    /// [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        Self::with_frame(Frame::open(data, &FORMAT)?)
    }

    /// Checks the parameters in the frame.
    fn with_frame(frame: Frame<D>) -> Result<Self> {
        let counts = Counts::read(frame.bytes())?;
        let shape = Shape::read(frame.bytes(), &counts, frame.payload().len() as u64)?;
        let (sections, id_bits) = (shape.sections(&counts), shape.id_bits(&counts));
        Ok(Self { frame, counts, sections, width: shape.width, id_bits })
    }

    /// Compares the checksum, where the bytes are sealed, and walks over all keys. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed; [`Error::Field`] when the keys are others than the
    /// header says.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()?;
        let (mut keys, mut text, mut longest, mut in_order) = (0, 0, 0, true);
        let mut cursor = self.walk();
        let mut fuel = self.counts.text_len.saturating_add(self.counts.key_len).saturating_add(1);
        let mut there = cursor.is_key() || cursor.next_key_within(0, &mut fuel);
        while there && keys <= self.counts.key_len {
            let len = cursor.path().len();
            in_order &= cursor.id() == Some(keys);
            (keys, text, longest) = (keys + 1, text + len as u64, longest.max(len as u32));
            there = cursor.next_key_within(0, &mut fuel);
        }
        let held = [(keys, self.counts.key_len, "key_len"), (text, self.counts.text_len, "text_len")];
        let held = held.into_iter().chain([(longest.into(), self.counts.longest_len.into(), "longest_len")]);
        for (found, expected, name) in held {
            if found != expected {
                return Err(Error::field(name, format_args!("{found}, as the keys are"), expected));
            }
        }
        match in_order {
            true => Ok(()),
            false => Err(Error::field("payload", "ids in the order of the keys", "another one")),
        }
    }

    #[inline]
    fn view(&self) -> View<'_> {
        // All of the payload is some section's: that was checked.
        let (slots, rest) = cut(self.frame.payload(), self.sections.slots);
        let (firsts, rest) = cut(rest, self.sections.firsts);
        let (ranges, rest) = cut(rest, self.sections.ranges);
        let (tails, values) = cut(rest, self.sections.tails);
        let (width, id_bits) = (self.width as usize, self.id_bits);
        View { slots, firsts, ranges, tails, values, width, id_bits, counts: self.counts }
    }

    /// Whether `key` is stored.
    #[inline]
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.view().find(key.as_ref()).is_some()
    }

    /// The id of `key`: its place among all keys in the order of their bytes, from 0.
    #[inline]
    pub fn id_of(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        let view = self.view();
        view.id(view.find(key.as_ref())?)
    }

    fn look_up<const COUNTED: bool, K: AsRef<[u8]>>(
        &self,
        keys: impl Iterator<Item = K>,
        told: impl FnMut(usize, Option<u64>),
    ) {
        self.view().look_up::<COUNTED, K>(keys, told);
    }

    /// Writes the key of an id over `key`. False, and `key` is then empty, where there is none.
    pub fn key_of(&self, id: u64, key: &mut Vec<u8>) -> bool {
        self.view().key_of(id, key)
    }

    /// The value of `key`; `None` where it is not stored, or keys have no values.
    #[inline]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        self.view().value(self.id_of(key)?)
    }

    /// The stored keys with which `text` begins, the shortest first.
    pub fn prefixes_of<'t>(&self, text: &'t (impl AsRef<[u8]> + ?Sized)) -> DoubleArrayPrefixes<'_, 't> {
        DoubleArrayPrefixes::new(self.view(), text.as_ref())
    }

    /// A cursor at the root.
    pub fn walk(&self) -> DoubleArrayCursor<'_> {
        DoubleArrayCursor::new(self.view())
    }

    /// Slots of the array, used or not.
    pub fn slot_len(&self) -> u64 {
        self.sections.slots / u64::from(self.width + 1)
    }

    /// What a slot holds; `None` past the last one.
    pub fn slot(&self, slot: u64) -> Option<Slot> {
        let (view, start) = (self.view(), FORMAT.payload_start());
        let (link, check) = (view.link_bytes(slot)?, start + view.check_at(slot)?);
        let raw =
            link.clone().rev().try_fold(0, |raw, at| Some(raw << 8 | u64::from(*view.slots.get(at)?)))?;
        Some(Slot {
            check: *self.as_bytes().get(check)?,
            place: raw >> 2,
            what: ["node", "node", "set", "run"][(raw & 3) as usize],
            is_key: raw & 3 == view::KEY_NODE,
            link_bytes: start + link.start..start + link.end,
            check_byte: check,
        })
    }

    /// Bytes of tails: the ends of keys, and runs without a branch.
    pub fn tail_len(&self) -> u64 {
        self.sections.tails
    }
}

fn cut(bytes: &[u8], len: u64) -> (&[u8], &[u8]) {
    bytes.split_at_checked(len as usize).unwrap_or((bytes, &[]))
}

text_face!(
    DoubleArrayTrie,
    DoubleArrayCursor,
    Ids::InOrder,
    view {
        fn key_values(&self) -> Option<Values<'_>> {
            Values::new(self.view().values, self.counts.key_len, self.counts.value_bits)
        }
        fn facts(&self) -> Vec<Fact> {
            let mut facts = Vec::from([
                Fact::new("slots", self.slot_len(), ""),
                Fact::new("tails", self.tail_len(), "bytes"),
            ]);
            if !self.is_empty() {
                let bytes = self.as_bytes().len() as f64 / self.len() as f64;
                facts.push(Fact::new("bytes a key", format_args!("{bytes:.2}"), "bytes"));
            }
            facts
        }
        fn regions(&self) -> Vec<Region> {
            let mut regions = self.frame.regions(&FORMAT);
            let Some(payload) = regions.last().map(|region| region.start).filter(|_| self.sections.end() > 0) else {
                return regions;
            };
            regions.pop();
            let sections = [
                ("slots", self.sections.slots, "groups of 16 slots: their links, then their checks"),
                ("first ids", self.sections.firsts, "the least id below each slot, packed"),
                ("label ranges", self.sections.ranges, "16 sets of the 16 ranges of labels, and which of them each base has"),
                ("tails", self.sections.tails, "the ends of keys, runs without a branch, and the root's link"),
                ("values", self.sections.values, "the keys' values by id, packed"),
            ];
            let mut start = payload;
            for (name, len, doc) in sections.into_iter().filter(|(_, len, _)| *len > 0) {
                let end = start + len as usize;
                regions.push(Region { name: name.into(), start, end, value: Default::default(), doc: doc.into() });
                start = end;
            }
            regions
        }
    }
);

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "double-array trie",
    type_name: "DoubleArrayTrie",
    family: Family::Text,
    summary: "A dictionary of keys that finds a key, or all keys that begin a text, in an array step for each of their first bytes.",
    choose: "keys, or the keys that begin a text, have to be found as fast as can be",
    format: &FORMAT,
    parameters: &[&TAIL_KEYS],
    contains: true,
    inserts: false,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counted::Distinct,
    merge: Merge::None,
    error: "none: answers are exact",
    std_error: |_| Ok(0.0),
    space: "4 bytes and the bits of an id for each slot, and what keys have beyond the array, as text: 5 bytes a key for words",
    bytes: |_| Ok(FORMAT.payload_start() as u64),
    sources: &[
        Source {
            authors: "Aoe",
            year: 1989,
            title: "An efficient digital search algorithm by using a double-array structure",
            venue: "IEEE Transactions on Software Engineering 15(9)",
        },
        Source {
            authors: "Kanda, Morita, Fuketa",
            year: 2017,
            title: "Compressed double-array tries for string dictionaries supporting fast lookup",
            venue: "Knowledge and Information Systems 51(3)",
        },
    ],
    essay: include_str!("../double_array.md"),
    build: |settings| {
        let builder = DoubleArrayBuilder::new(settings.whole(&TAIL_KEYS), false, settings.seed)?;
        Ok(Box::new(builder.finish_with(&mut |_| {})?.0))
    },
    builder: Some(|settings| Ok(Gather::boxed(settings, MAKE))),
    text: Some(Text { ids: Ids::InOrder, sorted: true, builder: MAKE }),
    open: |bytes| Ok(Box::new(DoubleArrayTrie::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(DoubleArrayTrie::open(bytes)?)),
};

const MAKE: MakeKeyBuilder = |settings, values| {
    Ok(Box::new(DoubleArrayBuilder::new(settings.whole(&TAIL_KEYS), values, settings.seed)?))
};
