//! [`HatTrie`]: a trie over buckets of hashed suffixes, which takes and loses keys at any time.

mod arena;
mod bucket;
mod build;
mod change;
mod cursor;
mod node;
#[cfg(test)]
mod tests;
mod tidy;

pub use change::MOST_ENTRIES;
pub use cursor::{HatTrieCursor, InBucket};

use super::face::{one_by_one, text_face};
use super::header::{self, Counts, LONGEST_KEY, VALUE_BITS};
use super::{Ids, Prefix};
use crate::entry::{
    Counts as Counted, Entry, Fact, Family, Merge, Number, Parameter, Range, Source, Text, View,
};
use crate::layout::{Buffer, Format, Frame, Region, Resize};
use crate::{Error, Estimate, Items, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};
use arena::{LINKS_LEN, ROOT, UNIT, u32_at};
use node::Node;

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 21,
    slug: "hat-trie",
    version: 1,
    parameters: &header::ROWS,
    payload: "the link to the root, 83 links to the first free block of each size, and blocks of 16-byte units: branches, \
              chains, buckets and long texts",
};

/// Whether keys have values.
pub const VALUES: Parameter = Parameter {
    name: "values",
    unit: "",
    range: Range::Either(0, 1),
    default: Some(Number::Whole(0)),
    doc: "1: each key has a 64-bit value; 0: keys have none",
};

/// What `value_bits` of keys with values is: each bucket's entries have as many bytes as the greatest of them needs.
const WITH_VALUES: u32 = 64;
/// Texts up to so many bytes: each of their beginnings is looked for by its hash, where a longer one is compared with all
/// entries of a bucket.
const SHORT: usize = 24;

#[doc = include_str!("../hat_trie.md")]
#[derive(Clone)]
pub struct HatTrie<D = Buffer> {
    frame: Frame<D>,
    counts: Counts,
}

impl HatTrie {
    /// An empty store of keys without values.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn new(seed: u64) -> Result<Self> {
        Self::of(false, seed)
    }

    /// An empty store of keys with values.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn with_values(seed: u64) -> Result<Self> {
        Self::of(true, seed)
    }

    fn of(values: bool, seed: u64) -> Result<Self> {
        let counts = Counts { value_bits: if values { WITH_VALUES } else { 0 }, ..Counts::default() };
        let mut frame = Frame::new(&FORMAT, seed, LINKS_LEN as u64)?;
        counts.write(frame.bytes_mut());
        Ok(Self { frame, counts })
    }
}

impl<D: AsRef<[u8]>> HatTrie<D> {
    /// Opens the bytes of a store where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a store's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let counts = Counts::read(frame.bytes())?;
        if !matches!(counts.value_bits, 0 | WITH_VALUES) {
            return Err(Error::field(VALUE_BITS.name(), "0 or 64", counts.value_bits));
        }
        let (payload, len) = (frame.payload(), frame.payload().len());
        if len < LINKS_LEN || !len.is_multiple_of(UNIT) || len / UNIT > u32::MAX as usize {
            let expected = format_args!("a multiple of {UNIT}, at least {LINKS_LEN}");
            return Err(Error::field("payload_len", expected, len));
        }
        let root = u32_at(payload, ROOT);
        if (root == 0) != (counts.key_len == 0) {
            let expected = if root == 0 { "0 where there is no root" } else { "some where there is a root" };
            return Err(Error::field(header::KEY_LEN.name(), expected, counts.key_len));
        }
        Ok(Self { frame, counts })
    }

    /// Compares the checksum, where the bytes are sealed, and follows every link. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed; [`Error::Field`] when a link leads to no node, or
    /// the counts are not those of the keys.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()?;
        tidy::check(self.frame.payload(), &self.counts)
    }

    /// Whether `key` is stored.
    #[inline]
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        change::get(self.frame.payload(), key.as_ref(), self.frame.seed()).is_some()
    }

    /// The value of `key`; `None` where it is not stored, or keys have no values.
    #[inline]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        change::get(self.frame.payload(), key.as_ref(), self.frame.seed()).filter(|_| self.has_values())
    }

    /// `None`: keys of a store that changes have no ids.
    pub fn id_of(&self, _key: impl AsRef<[u8]>) -> Option<u64> {
        None
    }

    /// False, and `key` is then empty: keys of a store that changes have no ids.
    pub fn key_of(&self, _id: u64, key: &mut Vec<u8>) -> bool {
        key.clear();
        false
    }

    /// The stored keys with which `text` begins, the shortest first.
    pub fn prefixes_of(&self, text: impl AsRef<[u8]>) -> impl Iterator<Item = Prefix> {
        self.prefixes(text.as_ref()).into_iter()
    }

    fn prefixes(&self, text: &[u8]) -> Vec<Prefix> {
        let payload = self.frame.payload();
        let prefix = |len, value| Prefix { len, id: None, value: self.has_values().then_some(value) };
        let (mut link, mut depth, mut found) = (u32_at(payload, ROOT), 0, Vec::new());
        loop {
            match Node::open(payload, link) {
                Some(Node::Branch(branch)) => {
                    if branch.is_key() {
                        found.push(prefix(depth, branch.value()));
                    }
                    let Some(label) = text.get(depth) else { return found };
                    link = branch.child(*label);
                    depth += 1;
                }
                Some(Node::Chain(chain)) => {
                    if !text.get(depth..).is_some_and(|rest| rest.starts_with(chain.text)) {
                        return found;
                    }
                    depth += chain.text.len();
                    link = chain.child;
                }
                Some(Node::Bucket(bucket)) => {
                    let Some(from) = depth.checked_sub(usize::from(bucket.is_hybrid)) else { return found };
                    let rest = text.get(from..).unwrap_or_default();
                    if rest.len() <= SHORT {
                        let seed = self.frame.seed();
                        found.extend((0..=rest.len()).filter_map(|len| {
                            let text = &rest[..len];
                            let entry = bucket.find(text, bucket::slot_hash(text, seed))?;
                            Some(prefix(from + len, entry.value))
                        }));
                        return found;
                    }
                    let before = found.len();
                    let ours = bucket.entries().filter(|entry| rest.starts_with(entry.text));
                    found.extend(ours.map(|entry| prefix(from + entry.text.len(), entry.value)));
                    found[before..].sort_unstable_by_key(|prefix| prefix.len);
                    found.dedup_by_key(|prefix| prefix.len); // Only damaged bytes have equal ones.
                    return found;
                }
                None => return found,
            }
        }
    }

    /// A cursor at the root. It sorts the entries of each bucket that it enters.
    pub fn walk(&self) -> HatTrieCursor<'_> {
        HatTrieCursor::new(self.frame.payload(), self.has_values(), self.counts.longest_len as usize)
    }

    /// Bytes that nothing lies in: removed keys and buckets that grew left them. New ones take them, and
    /// [`compact`](Self::compact) gives them back. In damaged bytes, 0. O(free blocks).
    pub fn free_len(&self) -> u64 {
        arena::free_len(self.frame.payload()).unwrap_or_default() as u64
    }
}

impl<D: Resize> HatTrie<D> {
    /// Puts `key` into the store, with the value 0 where keys have values. True when it was not there.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when there is no room for it and the storage can't grow; nothing has changed then.
    /// [`Error::KeyLength`] when it is longer than [`LONGEST_KEY`]. [`Error::Field`] when damaged bytes are in the way.
    #[inline]
    pub fn insert(&mut self, key: impl AsRef<[u8]>) -> Result<bool> {
        Ok(self.put(key.as_ref(), 0)?.is_none())
    }

    /// Puts every one of `keys` into the store.
    ///
    /// # Errors
    /// As [`insert`](Self::insert); the keys before the one that was refused are in.
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, keys: I) -> Result<()> {
        keys.into_iter().try_for_each(|key| self.insert(key).map(drop))
    }

    /// Gives `key` a value, and puts it into the store where it is not there. Returns the value that it had.
    ///
    /// # Errors
    /// Those of [`insert`](Self::insert); [`Error::Unsupported`] when keys have no values.
    pub fn set(&mut self, key: impl AsRef<[u8]>, value: u64) -> Result<Option<u64>> {
        if !self.has_values() {
            let operation = "give a key a value (it was built without: build it with `values 1`)";
            return Err(Error::Unsupported { structure: FORMAT.slug, operation });
        }
        let Some((spot, old)) = self.put(key.as_ref(), value)? else { return Ok(None) };
        if old != value {
            change::set(&mut self.frame, key.as_ref(), spot, value)?;
        }
        Ok(Some(old))
    }

    /// Puts a key there that is not; or finds where it is, and its value.
    fn put(&mut self, key: &[u8], value: u64) -> Result<Option<(change::Spot, u64)>> {
        let mut counts = self.counts;
        if key.len() > LONGEST_KEY {
            counts.add(key)?;
        }
        let found = change::insert(&mut self.frame, key, value)?;
        if found.is_none() {
            counts.add(key)?;
            self.count(counts);
        }
        Ok(found)
    }

    /// Makes the bytes as few as they can be without another layout: no free blocks, and no room in buckets. The same keys.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had, or the storage can't change its length; [`Error::Field`] when the
    /// bytes are damaged. Nothing has changed then.
    pub fn compact(&mut self) -> Result<()> {
        let payload = tidy::compacted(self.frame.payload())?;
        if payload != self.frame.payload() {
            self.frame.resize_payload(payload.len())?;
            self.frame.payload_mut().copy_from_slice(&payload);
        }
        Ok(())
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> HatTrie<D> {
    /// Takes `key` out of the store. False when it was not there.
    ///
    /// Its bytes are left free for other keys. [`longest_len`](Self::longest_len) stays at least that of the longest key.
    pub fn remove(&mut self, key: impl AsRef<[u8]>) -> bool {
        let key = key.as_ref();
        let removed = change::remove(&mut self.frame, key);
        if removed {
            let mut counts = self.counts;
            counts.key_len = counts.key_len.saturating_sub(1);
            counts.text_len = counts.text_len.saturating_sub(key.len() as u64);
            self.count(counts);
        }
        removed
    }

    /// Writes counts. Those of damaged bytes are made such that they open again.
    fn count(&mut self, mut counts: Counts) {
        let root = u32_at(self.frame.payload(), ROOT);
        counts.key_len = if root == 0 { 0 } else { counts.key_len.clamp(1, 1 << 40) };
        counts.longest_len = counts.longest_len.min(u32::try_from(counts.text_len).unwrap_or(u32::MAX));
        counts.text_len = counts.text_len.min(u64::from(counts.longest_len).saturating_mul(counts.key_len));
        counts.longest_len = counts.longest_len.min(u32::try_from(counts.text_len).unwrap_or(u32::MAX));
        counts.key_len = counts.key_len.min(counts.text_len + 1);
        counts.write(self.frame.bytes_mut());
        self.counts = counts;
    }
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "HAT-trie",
    type_name: "HatTrie",
    family: Family::Text,
    summary: "The text store that changes: keys and their values come and go at any time, and are listed in order.",
    choose: "keys come and go, or come in no order and are to be asked for meanwhile",
    format: &FORMAT,
    parameters: &[&VALUES],
    contains: true,
    inserts: true,
    removes: true,
    forgets: false,
    count: false,
    top: false,
    counts: Counted::Distinct,
    merge: Merge::None,
    error: "none: every answer is exact",
    std_error: |_| Ok(0.0),
    space: "a key takes its bytes after the trie's, one more, its value's significant bytes, and about 3 for the table, nodes and room",
    bytes: |_| Ok((FORMAT.payload_start() + LINKS_LEN) as u64),
    sources: &[
        Source {
            authors: "Askitis, Sinha",
            year: 2007,
            title: "HAT-trie: a cache-conscious trie-based data structure for strings",
            venue: "ACSC 2007",
        },
        Source {
            authors: "Askitis, Zobel",
            year: 2005,
            title: "Cache-conscious collision resolution in string hash tables",
            venue: "SPIRE 2005",
        },
    ],
    essay: include_str!("../hat_trie.md"),
    build: |settings| Ok(Box::new(HatTrie::of(settings.whole(&VALUES) == 1, settings.seed)?)),
    builder: None,
    text: Some(Text { ids: Ids::None, sorted: true, builder: build::MAKE }),
    open: |bytes| Ok(Box::new(HatTrie::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(HatTrie::open(bytes)?)),
};

one_by_one!(HatTrie);
text_face!(
    HatTrie,
    HatTrieCursor,
    Ids::None,
    view {
        fn facts(&self) -> Vec<Fact> {
            let mut facts = Vec::from([Fact::new("free", self.free_len(), "bytes")]);
            if !self.is_empty() {
                let bytes = self.as_bytes().len() as f64 / self.len() as f64;
                facts.push(Fact::new("bytes a key", format_args!("{bytes:.2}"), "bytes"));
            }
            facts
        }
        fn regions(&self) -> Vec<Region> {
            self.frame.regions(&FORMAT)
        }
    },
    sketch {
        fn insert(&mut self, item: &[u8]) -> Result<bool> {
            self.insert(item)
        }
        fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
            self.insert_all(items)
        }
        fn remove(&mut self, item: &[u8]) -> Result<bool> {
            Ok(self.remove(item))
        }
        fn merge(&mut self, _other: &dyn View) -> Result<()> {
            Err(Error::Unsupported { structure: FORMAT.slug, operation: "merge" })
        }
        fn compact(&mut self) -> Result<()> {
            self.compact()
        }
    }
);
