//! Reading: nodes, labels, and the strings that links lead to.

use super::shape::{self, CHILD_SHIFT, KEY_SHIFT, OFFSET, Shape, WHOLE};
use crate::layout::ranked::{Hints, Ranked};
use crate::prefetch::prefetch;
use alloc::vec::Vec;
use core::ops::Range;

/// The part of `payload` at `range`; nothing where it is not there.
#[inline]
fn part<'a>(payload: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    payload.get(range.clone()).unwrap_or_default()
}

/// What a string's bytes are given to, from first to last.
pub(super) trait Sink {
    /// Takes the next ones. False ends the string: they are not wanted.
    fn take(&mut self, bytes: &[u8]) -> bool;
}

/// Compares with a text.
pub(super) struct Match<'a> {
    pub text: &'a [u8],
    pub at: usize,
}

impl Sink for Match<'_> {
    #[inline]
    fn take(&mut self, bytes: &[u8]) -> bool {
        let end = self.at + bytes.len();
        let same = match (bytes, self.text.get(self.at..end)) {
            ([one], Some([byte])) => one == byte,
            (_, Some(text)) => text == bytes,
            _ => false,
        };
        self.at = end;
        same
    }
}

/// Appends, up to a length.
pub(super) struct Append<'a> {
    pub text: &'a mut Vec<u8>,
    pub most: usize,
}

impl Sink for Append<'_> {
    #[inline]
    fn take(&mut self, bytes: &[u8]) -> bool {
        if self.text.len() + bytes.len() > self.most {
            return false;
        }
        self.text.extend_from_slice(bytes);
        true
    }
}

/// A trie, as far as links need it: from a node up to the root.
#[derive(Clone, Copy)]
struct Up<'a> {
    louds: Ranked<'a>,
    nodes: Hints<'a>,
    labels: Labels<'a>,
}

impl<'a> Up<'a> {
    #[inline]
    fn new(payload: &'a [u8], level: &shape::Level) -> Self {
        Self {
            louds: Ranked::new(part(payload, &level.louds)),
            nodes: Hints::new(part(payload, &level.nodes), level.node_shift),
            labels: Labels::new(payload, level),
        }
    }

    /// A node's parent. It has a lesser number, whatever the bytes: a way up ends.
    #[inline]
    fn parent(&self, node: u64) -> Option<u64> {
        let at = self.louds.select1(node, self.nodes)?;
        at.checked_sub(node + 1).filter(|parent| *parent < node)
    }
}

/// The labels of a trie's nodes.
#[derive(Clone, Copy)]
struct Labels<'a> {
    codes: &'a [u8],
    offsets: &'a [[u8; 2]],
    tokens: &'a [u8],
    links: Ranked<'a>,
    targets: &'a [u8],
    target_bits: u32,
}

impl<'a> Labels<'a> {
    #[inline]
    fn new(payload: &'a [u8], level: &shape::Level) -> Self {
        Self {
            codes: part(payload, &level.labels),
            offsets: part(payload, &level.offsets).as_chunks().0,
            tokens: part(payload, &level.tokens),
            links: Ranked::new(part(payload, &level.links)),
            targets: part(payload, &level.targets),
            target_bits: level.target_bits,
        }
    }

    /// The token of a node, at least one byte, and where its label goes on, if it does.
    #[inline]
    fn token(&self, node: u64) -> Option<(&'a [u8], Option<u64>)> {
        let code = usize::from(*self.codes.get(node as usize)?);
        let entry = u16::from_le_bytes(*self.offsets.get(code)?);
        let end = u16::from_le_bytes(*self.offsets.get(code + 1)?) & OFFSET;
        let token = self.tokens.get((entry & OFFSET).into()..end.into()).filter(|token| !token.is_empty())?;
        // Most tokens tell it by themselves: the links, far from here, need not be read.
        Some((token, if entry & !OFFSET == WHOLE { None } else { self.link(node) }))
    }

    /// Where the label of a node goes on, if it does.
    #[inline]
    fn link(&self, node: u64) -> Option<u64> {
        let at = self.links.rank_of(node)? * u64::from(self.target_bits);
        let bytes = self.targets.get((at / 8) as usize..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes) >> (at % 8) & !(u64::MAX << self.target_bits))
    }
}

/// The payload of a trie, to be read.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    payload: &'a [u8],
    shape: &'a Shape,
    first: Up<'a>,
    children: Hints<'a>,
    tops: &'a [[u8; 4]],
    starts: &'a [[u8; 2]],
}

/// The children of a node.
#[derive(Clone, Copy)]
pub(super) struct Children {
    /// Where the first one's own bit is.
    pub start: u64,
    /// The first one.
    pub node: u64,
    /// How many there are.
    pub len: u64,
}

impl<'a> View<'a> {
    /// `None` where there is no trie, which no opened store is without.
    #[inline]
    pub fn new(payload: &'a [u8], shape: &'a Shape) -> Option<Self> {
        Some(Self {
            payload,
            shape,
            first: Up::new(payload, shape.levels.first()?),
            children: Hints::new(part(payload, &shape.children), CHILD_SHIFT),
            tops: part(payload, &shape.tops).as_chunks().0,
            starts: part(payload, &shape.starts).as_chunks().0,
        })
    }

    /// The children of a node.
    #[inline]
    pub fn children(&self, node: u64) -> Option<Children> {
        if let Some(next) = self.tops.get(node as usize + 1) {
            let first = u32::from_le_bytes(*self.tops.get(node as usize)?).into();
            let len = u64::from(u32::from_le_bytes(*next)).saturating_sub(first).min(256);
            return (first > node).then_some(Children { start: first + node + 1, node: first, len });
        }
        self.children_at(node, self.first.louds.select0(node, self.children)? + 1)
    }

    /// Asks for what the next step will read, whichever of the children it is from, the first of which is `first`: it
    /// arrives while their labels do.
    #[inline]
    fn ask(&self, first: u64) {
        match self.tops.len() as u64 > first + 1 {
            true => prefetch(self.tops.as_flattened(), 4 * first as usize),
            false => self.first.louds.ask_select(first, self.children),
        }
        self.first.labels.links.ask(first);
    }

    /// The children of a node whose bits begin at `start`. They have greater numbers, whatever the bytes.
    #[inline]
    pub fn children_at(&self, node: u64, start: u64) -> Option<Children> {
        let first = start.checked_sub(node + 1).filter(|first| *first > node)?;
        Some(Children { start, node: first, len: self.first.louds.run(start, 256) })
    }

    /// Whether the node whose own bit is at `at` has a sibling after it.
    #[inline]
    pub fn has_next(&self, at: u64) -> bool {
        self.first.louds.bit(at + 1)
    }

    /// The codes of tokens that begin with `byte`.
    #[inline]
    fn codes(&self, byte: u8) -> Option<(u16, u16)> {
        let start = u16::from_le_bytes(*self.starts.get(usize::from(byte))?);
        let end = u16::from_le_bytes(*self.starts.get(usize::from(byte) + 1)?);
        Some((start, end))
    }

    /// Which child is the first whose label begins with `byte` or more.
    #[inline]
    pub fn find_from(&self, children: &Children, byte: u8) -> Option<u64> {
        let (least, _) = self.codes(byte)?;
        let i = self.lower_bound(children, u8::try_from(least).ok()?)?;
        (i < children.len).then_some(i)
    }

    /// Which child is the one whose label begins with `byte`.
    #[inline]
    pub fn find(&self, children: &Children, byte: u8) -> Option<u64> {
        let (least, end) = self.codes(byte)?;
        if least >= end {
            return None;
        }
        let i = self.lower_bound(children, least as u8)?;
        let code = *self.first.labels.codes.get((children.node + i) as usize)?;
        (i < children.len && u16::from(code) < end).then_some(i)
    }

    /// How many of the children have a code below `least`, eight compared at a time; their codes ascend.
    #[inline]
    fn lower_bound(&self, children: &Children, least: u8) -> Option<u64> {
        const HIGHS: u64 = 0x8080_8080_8080_8080;
        let codes = self.first.labels.codes.get(children.node as usize..)?;
        let wanted = u64::from(least) * 0x0101_0101_0101_0101;
        let mut i = 0;
        loop {
            // What was laid out is longer than its nodes by more than a word.
            let eight = u64::from_le_bytes(*codes.get(i as usize..)?.first_chunk()?);
            // A byte's high bit of `less` is set where it is less than the wanted one: the lower seven bits are subtracted
            // with a high bit to borrow from, the high bits are compared.
            let lower = (eight | HIGHS) - (wanted & !HIGHS);
            let less = ((!eight & wanted) | (!(eight ^ wanted) & !lower)) & HIGHS;
            let rest = !less & HIGHS;
            if rest != 0 {
                return Some(i + u64::from(rest.trailing_zeros() / 8));
            }
            i += 8;
            if i >= children.len {
                return Some(i);
            }
        }
    }

    /// Gives the label of a node of the first trie to `sink`. False where it did not want it, or it is damaged.
    #[inline]
    pub fn label(&self, node: u64, sink: &mut impl Sink) -> bool {
        match self.first.labels.token(node) {
            Some((token, None)) => sink.take(token),
            Some((token, Some(target))) => sink.take(token) && self.linked(1, target, sink),
            None => false,
        }
    }

    /// Gives what a link leads to, a node of a trie or a place in the tail, to `sink`. Each level goes deeper, each step
    /// up gives a byte or ends: the work is bounded by what the sink takes.
    fn linked(&self, level: usize, target: u64, sink: &mut impl Sink) -> bool {
        let Some(shape) = self.shape.levels.get(level) else { return self.tail(target, sink) };
        let up = Up::new(self.payload, shape);
        let mut node = target;
        while node > 0 {
            let Some((token, link)) = up.labels.token(node) else { return false };
            if link.is_some_and(|target| !self.linked(level + 1, target, sink)) || !sink.take(token) {
                return false;
            }
            let Some(parent) = up.parent(node) else { return false };
            node = parent;
        }
        true
    }

    /// Gives the string at a place in the tail.
    fn tail(&self, at: u64, sink: &mut impl Sink) -> bool {
        let (ends, tail) = (part(self.payload, &self.shape.ends), part(self.payload, &self.shape.tail));
        let mut at = at as usize;
        loop {
            let Some(bytes) = ends.get(at / 8..).and_then(|ends| ends.first_chunk()) else { return false };
            let word = u64::from_le_bytes(*bytes) >> (at % 8);
            // A word shows at least 57 bits.
            let len = match word {
                0 => 57,
                _ => word.trailing_zeros() as usize + 1,
            };
            let Some(bytes) = tail.get(at..at + len) else { return false };
            if !sink.take(bytes) {
                return false;
            }
            if word != 0 {
                return true;
            }
            at += len;
        }
    }

    /// The node to which `key` leads.
    #[inline]
    pub fn find_key(&self, key: &[u8]) -> Option<u64> {
        let mut text = Match { text: key, at: 0 };
        let mut node = 0;
        while let Some(byte) = key.get(text.at) {
            node = self.enter(node, *byte, &mut text)?;
        }
        Some(node)
    }

    /// The child of `node` by which `text` goes on with `byte`.
    #[inline]
    pub fn enter(&self, node: u64, byte: u8, text: &mut Match<'_>) -> Option<u64> {
        let children = self.children(node)?;
        self.ask(children.node);
        let child = children.node + self.find(&children, byte)?;
        self.label(child, text).then_some(child)
    }

    #[inline]
    fn terminals(&self) -> Ranked<'a> {
        Ranked::new(part(self.payload, &self.shape.terminals))
    }

    /// Whether a key ends at a node.
    #[inline]
    pub fn is_key(&self, node: u64) -> bool {
        self.terminals().bit(node)
    }

    /// The id of the key that ends at a node.
    #[inline]
    pub fn id(&self, node: u64) -> Option<u64> {
        self.terminals().rank_of(node)
    }

    /// Appends the key of an id to the empty `key`, of at most `most` bytes. False where there is none.
    pub fn key(&self, id: u64, key: &mut Vec<u8>, most: usize) -> bool {
        let hints = Hints::new(part(self.payload, &self.shape.keys), KEY_SHIFT);
        let Some(mut node) = self.terminals().select1(id, hints) else { return false };
        // From the last label to the first, each turned round, and then all.
        while node > 0 {
            let from = key.len();
            if !self.label(node, &mut Append { text: key, most }) {
                return false;
            }
            key[from..].reverse();
            let Some(parent) = self.first.parent(node) else { return false };
            node = parent;
        }
        key.reverse();
        true
    }

    pub fn values(&self) -> &'a [u8] {
        part(self.payload, &self.shape.values)
    }
}
