//! [`GramIndex`]: which blocks of keys contain which three bytes, beside a store.

mod build;
mod containing;
mod lists;

pub use containing::Containing;

use super::Part;
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN};
use crate::text::Walk;
use crate::{Error, Result};
use core::fmt;
use lists::Lists;

/// Bytes of a gram.
pub(super) const GRAM: usize = 3;

/// Keys of a block, where nothing else is asked for: on English words, an index of 1.9 bytes a key.
pub const BLOCK: u32 = 56;

const KEY_LEN: Field<u64> = Field::at(HEADER_LEN, "key_len", "keys of the store");
const TEXT_LEN: Field<u64> = KEY_LEN.then("text_len", "bytes of all keys together");
const BLOCK_LEN: Field<u32> = TEXT_LEN.then("block_len", "blocks of keys");
const GRAM_LEN: Field<u32> = BLOCK_LEN.then("gram_len", "different grams");
const FIRSTS_BYTES: Field<u64> = GRAM_LEN.then("firsts_bytes", "bytes of the blocks' bounds");
const LISTS_BYTES: Field<u64> = FIRSTS_BYTES.then("lists_bytes", "bytes of the lists of blocks");
const FIRST_WIDTH: Field<u32> = LISTS_BYTES.then("first_width", "bytes of the end of a bound, 1 to 8");
const LIST_WIDTH: Field<u32> = FIRST_WIDTH.then("list_width", "bytes of the end of a list, 1 to 8");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 23,
    slug: "n-gram-index",
    version: 1,
    parameters: &[
        KEY_LEN.row(),
        TEXT_LEN.row(),
        BLOCK_LEN.row(),
        GRAM_LEN.row(),
        FIRSTS_BYTES.row(),
        LISTS_BYTES.row(),
        FIRST_WIDTH.row(),
        LIST_WIDTH.row(),
    ],
    payload: "the ends of the blocks' bounds, and these; the grams; the ends of their lists, and these: a byte for the bits of \
              a remainder, then for each block the Golomb-Rice code of how many lie between it and the one before",
};

/// Which keys of a store contain a part? An index beside any store, built on request.
///
/// Keys in their order are cut into blocks, and for each three bytes that occur there is a list of the blocks in which they
/// do. A part is looked for in the blocks that are in the lists of all its grams; a part of fewer than three bytes, by a walk
/// through all keys.
///
/// A list is coded by gaps (Golomb-Rice). A block is found by its bound, bytes that come after all keys before it and not
/// after its own: the store needs no ids.
///
/// ```
/// use fewbytes::text::{KeyList, search::GramIndex};
///
/// let names = KeyList::from_keys(["ada.lovelace", "grace.hopper", "hop", "kathleen.booth"])?;
/// let index = GramIndex::build(&names)?;
/// assert!(index.containing(&names, "ace")?.eq([b"ada.lovelace", b"grace.hopper"]));
///
/// let file = index.into_inner(); // The bytes are the index.
/// assert!(GramIndex::open(&file[..])?.containing(&names, "hop")?.eq([&b"grace.hopper"[..], b"hop"]));
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct GramIndex<D = Buffer> {
    frame: Frame<D>,
    shape: Shape,
}

/// Where the payload's parts lie.
#[derive(Clone, Copy, Debug)]
struct Shape {
    key_len: u64,
    text_len: u64,
    block_len: u32,
    gram_len: u32,
    firsts_bytes: u64,
    lists_bytes: u64,
    first_width: u32,
    list_width: u32,
}

impl Shape {
    fn payload_len(&self) -> Option<u64> {
        let ends = |len: u32, width: u32| u64::from(len) * u64::from(width);
        ends(self.block_len, self.first_width)
            .checked_add(self.firsts_bytes)?
            .checked_add(ends(self.gram_len, GRAM as u32 + self.list_width))?
            .checked_add(self.lists_bytes)
    }
}

impl GramIndex {
    /// The index of a store's keys.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had, or blocks are 2^32.
    pub fn build<W: Walk + ?Sized>(store: &W) -> Result<Self> {
        Self::with_block(store, BLOCK)
    }

    /// The index with blocks of so many keys: more of them make it smaller, and slower.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `keys` are 0; those of [`build`](Self::build).
    pub fn with_block<W: Walk + ?Sized>(store: &W, keys: u32) -> Result<Self> {
        if keys == 0 {
            return Err(Error::parameter("block", "at least one key", keys));
        }
        build::build(store, keys)
    }
}

impl<D: AsRef<[u8]>> GramIndex<D> {
    /// Opens the bytes of an index where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not an index's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let bytes = frame.bytes();
        let shape = Shape {
            key_len: KEY_LEN.get(bytes),
            text_len: TEXT_LEN.get(bytes),
            block_len: BLOCK_LEN.get(bytes),
            gram_len: GRAM_LEN.get(bytes),
            firsts_bytes: FIRSTS_BYTES.get(bytes),
            lists_bytes: LISTS_BYTES.get(bytes),
            first_width: FIRST_WIDTH.get(bytes),
            list_width: LIST_WIDTH.get(bytes),
        };
        for (field, width) in [(FIRST_WIDTH, shape.first_width), (LIST_WIDTH, shape.list_width)] {
            if !(1..=8).contains(&width) {
                return Err(Error::field(field.name(), "1 to 8", width));
            }
        }
        if u64::from(shape.block_len) > shape.key_len {
            let expected = alloc::format!("at most the {} keys", shape.key_len);
            return Err(Error::field(BLOCK_LEN.name(), expected, shape.block_len));
        }
        let payload_len = frame.payload().len() as u64;
        if shape.payload_len() != Some(payload_len) {
            let expected = alloc::format!("as many as are left of the payload's {payload_len}");
            return Err(Error::field(LISTS_BYTES.name(), expected, shape.lists_bytes));
        }
        Ok(Self { frame, shape })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// The keys of `store`, of which this is the index, that contain `part`.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the index is of a store that has more bytes of keys, or fewer.
    pub fn containing<'a, W>(
        &'a self,
        store: &'a W,
        part: impl AsRef<[u8]>,
    ) -> Result<Containing<'a, W::Cursor<'a>>>
    where
        W: Walk + ?Sized,
    {
        Error::unless_equal(TEXT_LEN.name(), self.shape.text_len, store.text_len())?;
        Ok(Containing::new(self.lists(), store.walk(), store.text_len(), Part::new(part)))
    }

    /// Keys of the store.
    pub fn len(&self) -> u64 {
        self.shape.key_len
    }

    /// Whether the store has no key.
    pub fn is_empty(&self) -> bool {
        self.shape.key_len == 0
    }

    /// The whole index: what a file holds.
    pub fn as_bytes(&self) -> &[u8] {
        self.frame.bytes()
    }

    /// The storage that it lived in.
    pub fn into_inner(self) -> D {
        self.frame.into_inner()
    }

    fn lists(&self) -> Lists<'_> {
        Lists::new(self.frame.payload(), &self.shape)
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> GramIndex<D> {
    /// Writes the checksum into the header, in O(n), for [`verify`](Self::verify) to compare.
    pub fn seal(&mut self) {
        self.frame.seal();
    }
}

impl<D: AsRef<[u8]>> fmt::Debug for GramIndex<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GramIndex")
            .field("shape", &self.shape)
            .field("bytes", &self.as_bytes().len())
            .finish()
    }
}

#[cfg(test)]
mod tests;
