//! [`LoudsTrie`]: tries of tries in level order.

mod blocks;
mod build;
mod cursor;
mod gather;
mod lay;
mod native;
mod shape;
mod shortcuts;
mod sink;
mod strings;
#[cfg(test)]
mod tests;
mod tokens;
mod view;

pub use build::LoudsTrieBuilder;
pub use cursor::{LoudsTrieCursor, PrefixesOf};

use super::face::{one_by_one, text_face};
use super::{Gather, Ids, KeyList, Values, header};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Source, Text};
use crate::layout::{Buffer, Field, Format, Frame, Region};
use crate::{Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use native::Plain;
use shape::Shape;
use view::View;

const TRIES_FIELD: Field<u32> = header::VALUE_BITS.then("tries", "tries that may be nested, 1 to 16");
const LEVEL_LEN: Field<u32> = TRIES_FIELD.then("level_len", "tries that are");
const TAIL_LEN: Field<u64> = LEVEL_LEN.then("tail_len", "bytes of the tail");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 19,
    slug: "louds-trie",
    version: 1,
    parameters: &[
        header::ROWS[0],
        header::ROWS[1],
        header::ROWS[2],
        header::ROWS[3],
        TRIES_FIELD.row(),
        LEVEL_LEN.row(),
        TAIL_LEN.row(),
    ],
    payload: "for each trie its numbers of nodes, links, tokens and bytes of long tokens; of each its blocks, tokens, labels \
              and links; shortcuts and hints; the tail; the values",
};

/// How many tries may be nested.
pub const TRIES: Parameter = Parameter {
    name: "tries",
    unit: "tries",
    range: Range::Whole(1, 16),
    default: Some(Number::Whole(3)),
    doc: "tries that may be nested: more are smaller, fewer are faster",
};

/// A node as it is written down: four bits, and how its children are found by counting them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Node {
    /// Whether it has children.
    pub has_children: bool,
    /// Whether it is the last of its siblings.
    pub is_last: bool,
    /// Whether its label goes on in the next trie, or in the tail.
    pub goes_on: bool,
    /// Whether a key ends here.
    pub is_key: bool,
    /// Where the children of its block of 64 nodes begin;
    pub base: u64,
    /// how many groups of siblings lie between there and its own: as many as nodes of the block before it have children.
    pub groups: u32,
    /// Its children.
    pub children: core::ops::Range<u64>,
    /// Where the 48 bytes of its block begin: four words of 64 bits, and four numbers.
    pub block: usize,
    /// The byte that is its token.
    pub token: usize,
}

#[doc = include_str!("../louds_trie.md")]
#[derive(Clone)]
pub struct LoudsTrie<D = Buffer> {
    frame: Frame<D>,
    counts: header::Counts,
    shape: Shape,
}

impl LoudsTrie {
    /// The trie of these keys, in any order, of at most `tries` nested tries; repeated ones count once.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when `tries` is not 1 to 16,
    /// [`Error::KeyLength`](crate::Error::KeyLength) when a key is too long,
    /// [`Error::CannotGrow`](crate::Error::CannotGrow) when memory can't be had.
    pub fn from_keys<I: IntoIterator<Item: AsRef<[u8]>>>(keys: I, tries: u32) -> Result<Self> {
        let keys = KeyList::from_keys(keys)?;
        Self::from_sorted(keys.iter().map(|(key, _)| key), tries)
    }

    /// The trie of keys that come in the order of their bytes, of at most `tries` nested tries; repeated ones count once.
    ///
    /// # Errors
    /// Those of [`from_keys`](Self::from_keys), and [`Error::Order`](crate::Error::Order) when a key comes before the one
    /// before it.
    pub fn from_sorted<I: IntoIterator<Item: AsRef<[u8]>>>(keys: I, tries: u32) -> Result<Self> {
        let mut builder = LoudsTrieBuilder::new(tries, false, 0)?;
        keys.into_iter().try_for_each(|key| builder.push(key.as_ref(), None))?;
        builder.finish()
    }
}

impl<D: AsRef<[u8]>> LoudsTrie<D> {
    /// Opens the bytes of a trie where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a trie's bytes: [`Error::NotFewbytes`](crate::Error::NotFewbytes),
    /// [`Error::Kind`](crate::Error::Kind), [`Error::Version`](crate::Error::Version),
    /// [`Error::Length`](crate::Error::Length) or [`Error::Field`](crate::Error::Field).
    pub fn open(data: D) -> Result<Self> {
        Self::with_frame(Frame::open(data, &FORMAT)?)
    }

    /// Checks the parameters in the frame.
    fn with_frame(frame: Frame<D>) -> Result<Self> {
        let counts = header::Counts::read(frame.bytes())?;
        let shape = Shape::read(frame.bytes(), frame.payload(), &counts)?;
        Ok(Self { frame, counts, shape })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`](crate::Error::Checksum) when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    fn view(&self) -> View<'_, Plain> {
        View::new(self.frame.payload(), &self.shape, Plain)
    }

    fn values(&self) -> Option<Values<'_>> {
        Values::new(self.view().values(), self.counts.key_len, self.counts.value_bits)
    }

    /// Whether `key` is stored.
    #[inline]
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.id_of(key).is_some()
    }

    /// The id of `key`, from 0 to `len() - 1`, in the trie's own order; `None` where it is not stored.
    #[inline]
    pub fn id_of(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        native::id_of(self.frame.payload(), &self.shape, key.as_ref()).filter(|id| *id < self.counts.key_len)
    }

    /// Writes the key of an id over `key`. False, and `key` is then empty, where there is none.
    pub fn key_of(&self, id: u64, key: &mut Vec<u8>) -> bool {
        key.clear();
        let most = self.counts.longest_len as usize;
        let found =
            id < self.counts.key_len && native::key_of(self.frame.payload(), &self.shape, id, key, most);
        if !found {
            key.clear();
        }
        found
    }

    /// The value of `key`; `None` where it is not stored, or keys have no values.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        let values = self.values()?;
        values.get(self.id_of(key)?)
    }

    /// The stored keys with which `text` begins, the shortest first.
    pub fn prefixes_of<'a, 't>(&'a self, text: &'t (impl AsRef<[u8]> + ?Sized)) -> PrefixesOf<'a, 't> {
        let next = Some((0, 0));
        PrefixesOf { view: self.view(), values: self.values(), text: text.as_ref(), next }
    }

    /// A cursor at the root.
    pub fn walk(&self) -> LoudsTrieCursor<'_> {
        LoudsTrieCursor::new(self.view(), self.values(), self.counts.longest_len as usize)
    }

    /// Nodes of the trie of the keys, the root included; the tries of labels have theirs beside.
    pub fn node_len(&self) -> u64 {
        self.shape.first().record.node_len
    }

    /// What is written down of a node, from 0, the root, on; `None` past the last one.
    pub fn node(&self, node: u64) -> Option<Node> {
        let (view, start) = (self.view(), FORMAT.payload_start());
        let [has_children, is_last, goes_on, is_key] =
            view.tree().bits(node).filter(|_| node < self.node_len())?;
        let (base, groups) = view.tree().group(node).unwrap_or_default();
        let children =
            view.children(node).map_or(0..0, |children| children.first..children.first + children.len);
        let (block, token) = (start + view.block_start(node), start + view.label_byte(node));
        Some(Node { has_children, is_last, goes_on, is_key, base, groups, children, block, token })
    }

    /// Tries that are nested: at most as many as it was built with, fewer where less was left to share.
    pub fn trie_len(&self) -> usize {
        self.shape.levels.len()
    }
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "LOUDS trie",
    type_name: "LoudsTrie",
    family: Family::Text,
    summary: "The fewest bytes for keys, with ids both ways: a trie whose longer labels are themselves kept in tries.",
    choose: "the fewest bytes count among tries, and ids in an order of its own will do",
    format: &FORMAT,
    parameters: &[&TRIES],
    contains: true,
    inserts: false,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::None,
    error: "none: it is exact",
    std_error: |_| Ok(0.0),
    space: "16 bits a node of the trie, and ⌈log2 of the next trie's nodes⌉ bits a label that no token is: 2 to 6 bytes a key",
    bytes: |settings| {
        Ok(LoudsTrie::from_keys([b""; 0], settings.whole(&TRIES) as u32)?.as_bytes().len() as u64)
    },
    sources: &[
        Source {
            authors: "Yata",
            year: 2011,
            title: "Prefix/Patricia Trie の入れ子による辞書圧縮 (dictionary compression by nesting prefix and Patricia tries)",
            venue: "17th annual meeting of the Association for Natural Language Processing, Japan",
        },
        Source {
            authors: "Jacobson",
            year: 1989,
            title: "Space-efficient static trees and graphs",
            venue: "FOCS 1989",
        },
    ],
    essay: include_str!("../louds_trie.md"),
    build: |settings| {
        let tries = settings.whole(&TRIES) as u32;
        Ok(Box::new(LoudsTrieBuilder::new(tries, false, settings.seed)?.finish()?))
    },
    builder: Some(|settings| Ok(Gather::boxed(settings, MAKE))),
    text: Some(Text { ids: Ids::Dense, sorted: true, builder: MAKE }),
    open: |bytes| Ok(Box::new(LoudsTrie::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(LoudsTrie::open(bytes)?)),
};

const MAKE: super::MakeKeyBuilder = |settings, values| {
    Ok(Box::new(LoudsTrieBuilder::new(settings.whole(&TRIES) as u32, values, settings.seed)?))
};

one_by_one!(LoudsTrie);
text_face!(LoudsTrie, LoudsTrieCursor, Ids::Dense, view {
    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::from([Fact::new("nested tries", self.trie_len(), "")]);
        if let Some(first) = self.shape.levels.first() {
            facts.push(Fact::new("nodes", first.record.node_len, ""));
            facts.push(Fact::new("links", first.record.link_len, ""));
        }
        facts.push(Fact::new("bytes of the tail", self.shape.tail.len(), "bytes"));
        if !self.is_empty() {
            let bytes = self.as_bytes().len() as f64 / self.len() as f64;
            facts.push(Fact::new("bytes a key", format_args!("{bytes:.2}"), "bytes"));
        }
        facts
    }
    fn regions(&self) -> Vec<Region> {
        self.frame.regions(&FORMAT)
    }
});
