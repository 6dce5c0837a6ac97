//! Where everything lies in the payload: what the header and the directory say, checked once.

use super::{LEVEL_LEN, TAIL_LEN, TRIES, TRIES_FIELD};
use crate::layout::{Scalar, ranked};
use crate::text::{header::Counts, values};
use crate::{Error, Result};
use alloc::vec::Vec;
use core::ops::Range;

/// Nodes of a trie, and bytes of the tail, at most: numbers up to here are far from the ends of 64 bits.
pub(super) const MOST: u64 = u32::MAX as u64;
/// Of every 2^this nodes, the place of the first child is hinted at: on the way of every lookup.
pub(super) const CHILD_SHIFT: u32 = 7;
/// Of every 2^this nodes of the first trie, the place is hinted at: on the way from an id to its key.
const NODE_SHIFT: u32 = 9;
/// The same of the others: on the way of every link.
const LINKED_SHIFT: u32 = 7;
/// Of every 2^this keys, the node is hinted at.
pub(super) const KEY_SHIFT: u32 = 9;
/// In a token's entry: where it begins. The two bits above are its kind.
pub(super) const OFFSET: u16 = (1 << 14) - 1;
/// A token that is all of its labels.
pub(super) const WHOLE: u16 = 0;
/// A token that begins labels that all go on elsewhere.
pub(super) const BEGINS: u16 = 1;
/// A token that is all of some labels, and begins others: the links tell.
pub(super) const EITHER: u16 = 2;
/// Bytes that a read of a word or of packed bits may take beyond the last one.
const PADDING: u64 = 16;
/// Of one node in this many, those next to the root, the first child is told: every lookup begins there.
const TOP_SHARE: u64 = 32;
/// Numbers of the table that leads from a byte to its tokens.
const STARTS: u64 = 257;

/// What the directory says of a trie.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// Nodes, the root included.
    pub node_len: u64,
    /// Nodes whose label goes on in the next trie, or in the tail.
    pub link_len: u64,
    /// Tokens.
    pub token_len: u32,
    /// Bytes of all tokens.
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
        if self.token_bytes > OFFSET.into() {
            return Err(Error::field("token_bytes", format_args!("at most {OFFSET}"), self.token_bytes));
        }
        Ok(())
    }
}

/// Where a trie's parts lie in the payload.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    pub record: Record,
    /// The tree in level order: of each node its children in unary, a one for each and a zero.
    pub louds: Range<usize>,
    /// A bit a node: whether its label goes on elsewhere.
    pub links: Range<usize>,
    /// Hints to the nodes' own ones among `louds`.
    pub nodes: Range<usize>,
    pub node_shift: u32,
    /// The token of each node.
    pub labels: Range<usize>,
    /// Where each link leads, in order of nodes, packed.
    pub targets: Range<usize>,
    pub target_bits: u32,
    /// Where each token begins, and the last one ends; and what kind it is.
    pub offsets: Range<usize>,
    pub tokens: Range<usize>,
}

/// Where all parts lie in the payload.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub levels: Vec<Level>,
    /// A bit a node of the first trie: whether a key ends there.
    pub terminals: Range<usize>,
    /// Hints to them.
    pub keys: Range<usize>,
    /// Hints to the zeros of the first trie's `louds`, behind which children begin.
    pub children: Range<usize>,
    /// The first children of the nodes next to the root, and of the one behind them.
    pub tops: Range<usize>,
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
        // First what is read by lines.
        for (i, record) in records.iter().enumerate() {
            let next = records.get(i + 1).map_or(tail_len, |next| next.node_len);
            shape.levels.push(Level {
                record: *record,
                louds: layer.take(ranked::line_bytes(2 * record.node_len + 1), 64),
                links: layer.take(ranked::line_bytes(record.node_len), 64),
                node_shift: if i == 0 { NODE_SHIFT } else { LINKED_SHIFT },
                target_bits: bits_to(next.saturating_sub(1)),
                ..Level::default()
            });
        }
        shape.tops = layer.take(4 * (first.node_len / TOP_SHARE + 1), 64);
        shape.terminals = layer.take(ranked::line_bytes(first.node_len), 64);
        shape.children = layer.take(ranked::hint_bytes(first.node_len + 1, CHILD_SHIFT), 4);
        shape.keys = layer.take(ranked::hint_bytes(counts.key_len, KEY_SHIFT), 4);
        for level in &mut shape.levels {
            let record = &level.record;
            level.nodes = layer.take(ranked::hint_bytes(record.node_len, level.node_shift), 4);
            level.offsets = layer.take(2 * (u64::from(record.token_len) + 1), 2);
            level.tokens = layer.take(record.token_bytes.into(), 1);
            level.labels = layer.take(record.node_len + PADDING, 1);
            let bits = record.link_len * u64::from(level.target_bits);
            level.targets = layer.take(bits.div_ceil(8) + PADDING, 1);
        }
        shape.starts = layer.take(2 * STARTS, 2);
        shape.ends = layer.take(tail_len.div_ceil(8) + PADDING, 1);
        shape.tail = layer.take(tail_len, 1);
        shape.values = layer.take(values::bytes_for(counts.key_len, counts.value_bits), 8);
        (shape.payload_len, shape.key_len) = (layer.at, counts.key_len);
        shape
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
