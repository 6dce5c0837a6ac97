//! Where everything lies in the payload: what the header and the directory say, checked once.

use super::{LEVEL_LEN, TAIL_LEN, TRIES, TRIES_FIELD, blocks};
use crate::layout::Scalar;
use crate::text::{header::Counts, values};
use crate::{Error, Result};
use alloc::vec::Vec;
use core::ops::Range;

/// Nodes of a trie, and bytes of the tail, at most: numbers up to here are far from the ends of 64 bits.
pub(super) const MOST: u64 = u32::MAX as u64;
/// Of every 2^this keys, the block is hinted at: on the way from an id to its key.
pub(super) const KEY_SHIFT: u32 = 8;
/// Of so many nodes of the first trie, one may have a place among the shortcuts.
const SHORTCUT_SHARE: u64 = 32;
/// Bytes that a read of a word or of packed bits may take beyond the last one.
const PADDING: u64 = 16;
/// Numbers of the table that leads from a byte to its tokens.
const STARTS: u64 = 257;
/// Bytes of all long tokens, at most: of 256, each of at most 64.
const MOST_TOKEN_BYTES: u32 = 1 << 14;

/// What the directory says of a trie.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// Nodes, the root included.
    pub node_len: u64,
    /// Nodes whose label goes on in the next trie, or in the tail.
    pub link_len: u64,
    /// Tokens.
    pub token_len: u32,
    /// Bytes of the tokens that are longer than their entries.
    pub token_bytes: u32,
}

impl Record {
    /// Bytes of a record.
    pub const LEN: usize = 24;

    fn read(bytes: &[u8; Self::LEN]) -> Self {
        Self {
            node_len: u64::read(bytes),
            link_len: u64::read(&bytes[8..]),
            token_len: u32::read(&bytes[16..]),
            token_bytes: u32::read(&bytes[20..]),
        }
    }

    pub fn write(&self, bytes: &mut [u8]) {
        self.node_len.write(bytes);
        self.link_len.write(&mut bytes[8..]);
        self.token_len.write(&mut bytes[16..]);
        self.token_bytes.write(&mut bytes[20..]);
    }

    fn check(&self) -> Result<()> {
        if !(1..=MOST).contains(&self.node_len) {
            return Err(Error::field("node_len", format_args!("1 to {MOST}"), self.node_len));
        }
        if self.link_len >= self.node_len {
            let expected = format_args!("less than the {} nodes", self.node_len);
            return Err(Error::field("link_len", expected, self.link_len));
        }
        if self.token_len > 256 {
            return Err(Error::field("token_len", "at most 256", self.token_len));
        }
        if self.token_bytes > MOST_TOKEN_BYTES {
            let expected = format_args!("at most {MOST_TOKEN_BYTES}");
            return Err(Error::field("token_bytes", expected, self.token_bytes));
        }
        Ok(())
    }
}

/// Where a trie's parts lie in the payload.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    pub record: Record,
    /// The tree in level order.
    pub blocks: Range<usize>,
    /// The token of each node.
    pub labels: Range<usize>,
    /// Where each link leads, in order of nodes, packed.
    pub targets: Range<usize>,
    pub target_bits: u32,
    /// An entry for each token,
    pub tokens: Range<usize>,
    /// and the bytes of those that are longer than that.
    pub long: Range<usize>,
}

impl Level {
    /// One of which nothing is there.
    const NONE: Self = Self {
        record: Record { node_len: 0, link_len: 0, token_len: 0, token_bytes: 0 },
        blocks: 0..0,
        labels: 0..0,
        targets: 0..0,
        target_bits: 1,
        tokens: 0..0,
        long: 0..0,
    };
}

/// Where all parts lie in the payload.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub levels: Vec<Level>,
    /// Hints to the first trie's keys.
    pub keys: Range<usize>,
    /// Where popular beginnings of keys lead.
    pub shortcuts: Range<usize>,
    /// For each byte, and 256: how many tokens of the first trie begin with a lesser one.
    pub starts: Range<usize>,
    /// A bit for each byte of the tail: whether a string ends with it.
    pub ends: Range<usize>,
    pub tail: Range<usize>,
    pub values: Range<usize>,
    pub payload_len: u64,
    pub key_len: u64,
}

/// Bits of a number up to `most`.
fn bits_to(most: u64) -> u32 {
    (u64::BITS - most.leading_zeros()).max(1)
}

/// Shortcuts of a trie of so many nodes: two stand side by side, in one line.
pub(super) const fn shortcut_len(node_len: u64) -> u64 {
    (node_len / SHORTCUT_SHARE) & !1
}

/// Lays parts one after the other.
struct Layer {
    at: u64,
}

impl Layer {
    /// The next `len` bytes, at a multiple of `align`. Sums of the few dozen parts, each below 2^51, fit.
    fn take(&mut self, len: u64, align: u64) -> Range<usize> {
        let start = self.at.next_multiple_of(align);
        self.at = start + len;
        start as usize..self.at as usize
    }
}

impl Shape {
    /// The places of parts of these sizes, which were checked.
    pub fn new(records: &[Record], tail_len: u64, counts: &Counts) -> Self {
        let mut layer = Layer { at: records.len() as u64 * Record::LEN as u64 };
        let mut shape = Self { levels: Vec::with_capacity(records.len()), ..Self::default() };
        let first = records.first().copied().unwrap_or_default();
        for (i, record) in records.iter().enumerate() {
            let next = records.get(i + 1).map_or(tail_len, |next| next.node_len);
            let target_bits = bits_to(next.saturating_sub(1));
            shape.levels.push(Level {
                record: *record,
                blocks: layer.take(blocks::bytes_for(record.node_len), 64),
                tokens: layer.take(8 * u64::from(record.token_len), 64),
                long: layer.take(record.token_bytes.into(), 1),
                labels: layer.take(record.node_len + PADDING, 64),
                targets: layer.take((record.link_len * u64::from(target_bits)).div_ceil(8) + PADDING, 1),
                target_bits,
            });
        }
        shape.shortcuts = layer.take(8 * shortcut_len(first.node_len), 64);
        shape.keys = layer.take(blocks::hint_bytes(counts.key_len, KEY_SHIFT), 4);
        shape.starts = layer.take(2 * STARTS, 2);
        shape.ends = layer.take(tail_len.div_ceil(8) + PADDING, 1);
        shape.tail = layer.take(tail_len, 1);
        shape.values = layer.take(values::bytes_for(counts.key_len, counts.value_bits), 8);
        (shape.payload_len, shape.key_len) = (layer.at, counts.key_len);
        shape
    }

    /// The trie of the keys. There is none in a shape that was not read.
    #[inline(always)]
    pub fn first(&self) -> &Level {
        static NONE: Level = Level::NONE;
        self.levels.first().unwrap_or(&NONE)
    }

    /// The shape that the header and the directory at the beginning of `payload` tell.
    pub fn read(bytes: &[u8], payload: &[u8], counts: &Counts) -> Result<Self> {
        TRIES.check_field(TRIES_FIELD.name(), TRIES_FIELD.get(bytes).into())?;
        let level_len = LEVEL_LEN.get(bytes);
        if level_len == 0 || level_len > TRIES_FIELD.get(bytes) {
            let expected = format_args!("1 to the {} of `{}`", TRIES_FIELD.get(bytes), TRIES_FIELD.name());
            return Err(Error::field(LEVEL_LEN.name(), expected, level_len));
        }
        let tail_len = TAIL_LEN.get(bytes);
        if tail_len > MOST {
            return Err(Error::field(TAIL_LEN.name(), format_args!("at most {MOST}"), tail_len));
        }
        let records: Vec<Record> =
            payload.as_chunks().0.iter().take(level_len as usize).map(Record::read).collect();
        records.iter().try_for_each(Record::check)?;
        if let Some(first) = records.first()
            && counts.key_len > first.node_len
        {
            let expected = format_args!("at most the {} nodes", first.node_len);
            return Err(Error::field("key_len", expected, counts.key_len));
        }
        let shape = Self::new(&records, tail_len, counts);
        if records.len() != level_len as usize || shape.payload_len != payload.len() as u64 {
            let expected = format_args!("{} by the directory", shape.payload_len);
            return Err(Error::field("payload_len", expected, payload.len()));
        }
        Ok(shape)
    }
}
