//! Nodes of the trie: branches, which have a link for each label, and chains, which stand for labels without a choice.
//!
//! | byte | a branch | a chain |
//! |---|---|---|
//! | 0 | kind: 3 | kind: 4 |
//! | 1 | 1 where a key ends here, else 0 | 0 |
//! | 2 | | units of the block, 2 bytes |
//! | 4 | | bytes of its text, 2 bytes |
//! | 8 | value of the key, 8 bytes | link to what follows, 4 bytes |
//! | 12 | | its text |
//! | 16 | links by label, 4 bytes each | |
//!
//! Labels side by side whose links are one share a hybrid bucket.

use super::arena::{BRANCH_UNITS, Block, at, put, put_u32, u16_at, u32_at, u64_at};
use super::bucket::{Bucket, HYBRID};
use core::ops::Range;

const BRANCH: u8 = 3;
const CHAIN: u8 = 4;
const LINKS: usize = 16;
const CHAIN_LINK: usize = 8;
const CHAIN_TEXT: usize = 12;
/// Bytes of a chain at most; longer runs of labels are several.
pub(super) const CHAIN_MOST: usize = 60_000;

/// What is at a link.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node<'a> {
    Bucket(Bucket<'a>),
    Branch(Branch<'a>),
    Chain(Chain<'a>),
}

impl<'a> Node<'a> {
    /// `None` where no node can be.
    #[inline]
    pub fn open(payload: &'a [u8], link: u32) -> Option<Self> {
        match *payload.get(at(link))? {
            BRANCH => Branch::open(payload, link).map(Self::Branch),
            CHAIN => Chain::open(payload, link).map(Self::Chain),
            _ if link == 0 => None,
            _ => Bucket::open(payload, link).map(Self::Bucket),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Branch<'a> {
    bytes: &'a [u8],
    start: usize,
}

impl<'a> Branch<'a> {
    #[inline]
    fn open(payload: &'a [u8], link: u32) -> Option<Self> {
        let start = at(link);
        let bytes = payload.get(start..start + at(BRANCH_UNITS))?;
        (link > 0).then_some(Self { bytes, start })
    }

    #[inline]
    pub fn child(&self, label: u8) -> u32 {
        u32_at(self.bytes, LINKS + 4 * usize::from(label))
    }

    /// Where the link of a label is, in the payload.
    #[inline]
    pub fn link_at(&self, label: u8) -> usize {
        self.start + LINKS + 4 * usize::from(label)
    }

    /// Where it begins, in the payload.
    pub fn start(&self) -> usize {
        self.start
    }

    #[inline]
    pub fn is_key(&self) -> bool {
        self.bytes.get(1).is_some_and(|flag| flag & 1 == 1)
    }

    pub fn value(&self) -> u64 {
        u64_at(self.bytes, 8)
    }

    pub fn is_empty(&self) -> bool {
        !self.is_key() && self.bytes.get(LINKS..).is_none_or(|links| links.iter().all(|byte| *byte == 0))
    }

    /// The labels around this one whose links are the same: the first and the last.
    pub fn run(&self, label: u8) -> (u8, u8) {
        let link = self.child(label);
        let first = (0..label).rev().take_while(|other| self.child(*other) == link).last();
        let last = (label..=255).skip(1).take_while(|other| self.child(*other) == link).last();
        (first.unwrap_or(label), last.unwrap_or(label))
    }

    /// The links, first label first.
    pub fn children(&self) -> impl Iterator<Item = u32> + 'a {
        let links = self.bytes.get(LINKS..).unwrap_or_default();
        links.as_chunks().0.iter().map(|link| u32::from_le_bytes(*link))
    }
}

/// An empty branch.
pub(super) fn write_branch(payload: &mut [u8], block: Block) {
    if let Some(bytes) = payload.get_mut(at(block.link)..at(block.link) + at(BRANCH_UNITS)) {
        bytes.fill(0);
        bytes[0] = BRANCH;
    }
}

/// A key ends, or no longer ends, at the branch that begins at `start`.
pub(super) fn put_key(payload: &mut [u8], start: usize, is_key: bool, value: u64) {
    put(payload, start + 1, &[u8::from(is_key)]);
    put(payload, start + 8, &value.to_le_bytes());
}

/// Sets the links of labels of the branch that begins at `start`.
pub(super) fn put_links(payload: &mut [u8], start: usize, labels: (u8, u8), link: u32) {
    for label in labels.0..=labels.1 {
        put_u32(payload, start + LINKS + 4 * usize::from(label), link);
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Chain<'a> {
    pub text: &'a [u8],
    pub block: Block,
    pub child: u32,
}

impl<'a> Chain<'a> {
    #[inline]
    fn open(payload: &'a [u8], link: u32) -> Option<Self> {
        let start = at(link);
        let units = u16_at(payload, start + 2).into();
        let text = payload.get(start + CHAIN_TEXT..)?.get(..u16_at(payload, start + 4).into())?;
        // One without text would lead nowhere for ever.
        let child = u32_at(payload, start + CHAIN_LINK);
        (!text.is_empty() && link > 0).then_some(Self { text, block: Block { link, units }, child })
    }

    /// Where its link is, in the payload.
    #[inline]
    pub fn link_at(&self) -> usize {
        at(self.block.link) + CHAIN_LINK
    }

    /// Units that one of so many bytes takes.
    pub fn units(len: usize) -> u32 {
        super::arena::units_for(CHAIN_TEXT + len)
    }
}

pub(super) fn write_chain(payload: &mut [u8], block: Block, text: &[u8], child: u32) {
    let start = at(block.link);
    put(payload, start, &[CHAIN, 0]);
    put(payload, start + 2, &(block.units as u16).to_le_bytes());
    put(payload, start + 4, &(text.len() as u16).to_le_bytes());
    put(payload, start + 6, &[0, 0]);
    put_u32(payload, start + CHAIN_LINK, child);
    put(payload, start + CHAIN_TEXT, text);
}

/// Labels that share a link: whether it is that of a hybrid bucket.
pub(super) fn is_hybrid(payload: &[u8], link: u32) -> bool {
    link > 0 && payload.get(at(link)).is_some_and(|kind| *kind == HYBRID)
}

/// The labels of a run.
pub(super) fn labels(run: (u8, u8)) -> Range<u16> {
    u16::from(run.0)..u16::from(run.1) + 1
}
