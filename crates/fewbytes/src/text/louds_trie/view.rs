//! Reading: nodes, labels, and the strings that links lead to.

use super::blocks::{Blocks, LINE};
use super::native::Select;
use super::shape::{KEY_SHIFT, Level, Shape};
use super::shortcuts;
use super::sink::{Append, Match, Sink};
use super::tokens::Token;
use crate::prefetch::prefetch;
use alloc::vec::Vec;
use core::ops::Range;

/// The part of `payload` at `range`; nothing where it is not there.
#[inline(always)]
fn part<'a>(payload: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    payload.get(range.clone()).unwrap_or_default()
}

/// Nodes on the way from one to the root that are kept without asking for memory.
const WAY: usize = 32;

/// One of the tries.
#[derive(Clone, Copy)]
struct Trie<'a, S> {
    blocks: Blocks<'a, S>,
    labels: &'a [u8],
    tokens: &'a [[u8; 8]],
    targets: &'a [u8],
    payload: &'a [u8],
    level: &'a Level,
}

impl<'a, S: Select> Trie<'a, S> {
    #[inline(always)]
    fn new(payload: &'a [u8], level: &'a Level, by: S) -> Self {
        Self {
            blocks: Blocks::new(part(payload, &level.blocks), by),
            labels: part(payload, &level.labels),
            tokens: part(payload, &level.tokens).as_chunks().0,
            targets: part(payload, &level.targets),
            payload,
            level,
        }
    }

    /// Gives the token of a node to `sink`; where the node's label goes on, if it does. `None` where the sink did not want
    /// it, or it is damaged.
    #[inline(always)]
    fn token(&self, node: u64) -> Option<Token<'a>> {
        let code = usize::from(*self.labels.get(node as usize)?);
        Token::read(*self.tokens.get(code)?, || part(self.payload, &self.level.long))
    }

    /// Where the label of a node, which has this token, goes on, if it does. Most tokens tell it by themselves.
    #[inline(always)]
    fn link(&self, node: u64, token: &Token<'_>) -> Option<u64> {
        if token.is_whole() { None } else { self.target(self.blocks.link(node)?) }
    }

    /// Where a link leads.
    #[inline(always)]
    fn target(&self, link: u64) -> Option<u64> {
        let bits = self.level.target_bits;
        let at = link * u64::from(bits);
        let bytes = self.targets.get((at / 8) as usize..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes) >> (at % 8) & !(u64::MAX << bits))
    }
}

/// The payload of a trie, to be read.
#[derive(Clone, Copy)]
pub(super) struct View<'a, S> {
    payload: &'a [u8],
    shape: &'a Shape,
    first: Trie<'a, S>,
    starts: &'a [[u8; 2]],
    by: S,
}

/// The children of a node.
#[derive(Clone, Copy)]
pub(super) struct Children {
    /// The first one.
    pub first: u64,
    /// How many there are.
    pub len: u64,
}

impl<'a, S: Select> View<'a, S> {
    #[inline(always)]
    pub fn new(payload: &'a [u8], shape: &'a Shape, by: S) -> Self {
        let first = Trie::new(payload, shape.first(), by);
        Self { payload, shape, first, starts: part(payload, &shape.starts).as_chunks().0, by }
    }

    #[inline(always)]
    pub fn tree(&self) -> &Blocks<'a, S> {
        &self.first.blocks
    }

    /// The children of a node that has any. They have greater numbers, whatever the bytes.
    #[inline(always)]
    pub fn children(&self, node: u64) -> Option<Children> {
        let (from, groups) = self.first.blocks.group(node)?;
        // The labels of the children are read when these are found. They are in the line where those of the block's nodes
        // begin, or in the next one; they arrive while the children are looked for.
        prefetch(self.first.labels, from as usize);
        prefetch(self.first.labels, from as usize + LINE);
        let first = self.first.blocks.behind(from, groups).filter(|first| *first > node)?;
        Some(Children { first, len: self.first.blocks.siblings(first) })
    }

    /// Where the token of a node of the first trie is, in the payload.
    pub fn label_byte(&self, node: u64) -> usize {
        self.first.level.labels.start + node as usize
    }

    /// Where the block of a node of the first trie begins, in the payload.
    pub fn block_start(&self, node: u64) -> usize {
        self.first.level.blocks.start + (node / super::blocks::NODES) as usize * super::blocks::LEN
    }

    /// The codes of tokens that begin with `byte`.
    #[inline(always)]
    fn codes(&self, byte: u8) -> Option<(u16, u16)> {
        let start = u16::from_le_bytes(*self.starts.get(usize::from(byte))?);
        let end = u16::from_le_bytes(*self.starts.get(usize::from(byte) + 1)?);
        Some((start, end))
    }

    /// The first child whose label begins with `byte` or more.
    #[inline]
    pub fn find_from(&self, children: &Children, byte: u8) -> Option<u64> {
        let (least, _) = self.codes(byte)?;
        let i = self.lower_bound(children, u8::try_from(least).ok()?)?;
        (i < children.len).then_some(children.first + i)
    }

    /// The child whose label begins with `byte`.
    #[inline(always)]
    pub fn find(&self, children: &Children, byte: u8) -> Option<u64> {
        let (least, end) = self.codes(byte)?;
        if least >= end {
            return None;
        }
        let i = self.lower_bound(children, least as u8)?;
        let code = *self.first.labels.get((children.first + i) as usize)?;
        (i < children.len && u16::from(code) < end).then_some(children.first + i)
    }

    /// How many of the children have a code below `least`, eight compared at a time; their codes ascend.
    #[inline(always)]
    fn lower_bound(&self, children: &Children, least: u8) -> Option<u64> {
        const HIGHS: u64 = 0x8080_8080_8080_8080;
        let codes = self.first.labels.get(children.first as usize..)?;
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
    #[inline(always)]
    pub fn label(&self, node: u64, sink: &mut impl Sink) -> bool {
        let Some(token) = self.first.token(node) else { return false };
        token.give(sink) && self.first.link(node, &token).is_none_or(|target| self.linked(1, target, sink))
    }

    /// Gives what a link leads to, a node of a trie or a place in the tail, to `sink`. Each level goes deeper, each step
    /// up gives a byte or ends: the work is bounded by what the sink takes.
    #[inline(always)]
    fn linked(&self, level: usize, target: u64, sink: &mut impl Sink) -> bool {
        let Some(level_shape) = self.shape.levels.get(level) else { return self.tail(target, sink) };
        let trie = Trie::new(self.payload, level_shape, self.by);
        let mut node = target;
        while node > 0 {
            // Asked for before the label, on which it does not depend.
            let parent = trie.blocks.parent(node);
            let Some(token) = trie.token(node) else { return false };
            let link = trie.link(node, &token);
            if link.is_some_and(|target| !self.linked_deeper(level + 1, target, sink)) || !token.give(sink) {
                return false;
            }
            let Some(parent) = parent else { return false };
            node = parent;
        }
        true
    }

    /// The same, of the links that few labels have.
    #[inline(never)]
    fn linked_deeper(&self, level: usize, target: u64, sink: &mut impl Sink) -> bool {
        self.linked(level, target, sink)
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

    /// The id of a key.
    #[inline(always)]
    pub fn id_of(&self, key: &[u8]) -> Option<u64> {
        let mut text = Match::new(key, 0);
        let mut node = 0;
        if let Some(beginning) = key.first_chunk()
            && let Some((end, len)) = shortcuts::find(part(self.payload, &self.shape.shortcuts), *beginning)
        {
            (node, text.at) = (end, len);
        }
        while let Some(byte) = key.get(text.at) {
            node = self.enter(node, *byte, &mut text)?;
        }
        self.first.blocks.id(node)
    }

    /// The child of `node` by which `text` goes on with `byte`.
    #[inline(always)]
    pub fn enter(&self, node: u64, byte: u8, text: &mut Match<'_>) -> Option<u64> {
        let children = self.children(node)?;
        // The links of a block lie side by side: they arrive while the labels do.
        let link = self.first.blocks.links_before(children.first) * u64::from(self.first.level.target_bits);
        prefetch(self.first.targets, (link / 8) as usize);
        let child = self.find(&children, byte)?;
        self.label(child, text).then_some(child)
    }

    /// Appends the key of an id to the empty `key`, of at most `most` bytes. False where there is none.
    #[inline(always)]
    pub fn key_of(&self, id: u64, key: &mut Vec<u8>, most: usize) -> bool {
        let hints = part(self.payload, &self.shape.keys);
        let Some(mut node) = self.first.blocks.node(id, hints, KEY_SHIFT) else { return false };
        // First the way up, then the labels down it.
        let (mut way, mut len, mut more) = ([0; WAY], 0, Vec::new());
        while node > 0 {
            prefetch(self.first.labels, node as usize);
            match way.get_mut(len) {
                Some(place) => *place = node,
                None => more.push(node),
            }
            len += 1;
            // The path of a key has no more labels than bytes.
            let Some(parent) = self.first.blocks.parent(node).filter(|_| len <= most) else { return false };
            node = parent;
        }
        let mut sink = Append { text: key, most };
        let near = way.get(..len.min(WAY)).unwrap_or_default();
        for node in more.iter().rev().chain(near.iter().rev()) {
            if !self.label(*node, &mut sink) {
                return false;
            }
        }
        true
    }

    pub fn values(&self) -> &'a [u8] {
        part(self.payload, &self.shape.values)
    }
}
