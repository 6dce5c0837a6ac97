//! Writing a trie: from nodes in post-order to bits in level order.

use super::blocks::BlocksMut;
use super::gather::{BYTES, Twigs};
use super::shape::{self, KEY_SHIFT, Level, Record, Shape};
use super::shortcuts::Shortcuts;
use super::strings::{self, NONE, Strings};
use super::tokens::Tokens;
use crate::Result;
use alloc::vec::Vec;
use core::ops::Range;

/// A trie that is ready to be laid out.
#[derive(Debug)]
pub(super) struct Ready {
    pub twigs: Twigs,
    pub tokens: Tokens,
    /// For each label, the code of its token, and the length of that.
    pub cut: Vec<(u8, u8)>,
    pub strings: Strings,
    /// None but of the first trie.
    pub shortcuts: Shortcuts,
}

/// How many nodes, links and keys there are to the end of a depth.
#[derive(Clone, Copy, Default)]
struct Ends {
    nodes: u64,
    links: u64,
    keys: u64,
}

impl Ready {
    /// That of all nodes; `first` where it is the trie of the keys.
    pub fn new(mut twigs: Twigs, first: bool) -> Result<Self> {
        twigs.finish()?;
        let tokens = Tokens::new(&twigs);
        let cut = tokens.cut(&twigs.labels);
        let strings = Strings::new(&twigs.labels, &cut, first)?;
        let mut shortcuts =
            Shortcuts::new(if first { shape::shortcut_len(twigs.len() as u64) as usize } else { 0 })?;
        if first {
            for (i, (depth, twig)) in (0..).zip(twigs.down()) {
                let byte = [twig.label as u8];
                let label = match twig.label.checked_sub(BYTES) {
                    None if i == 0 => &[][..],
                    None => &byte[..],
                    Some(label) => twigs.labels.get(label as usize),
                };
                shortcuts.visit(depth, i, label, twig.terminal);
            }
            shortcuts.finish()?;
        }
        twigs.labels.counts = Vec::new();
        Ok(Self { twigs, tokens, cut, strings, shortcuts })
    }

    /// The strings of its links, while it has its labels.
    pub fn strings(&self) -> strings::Read<'_> {
        self.strings.with(&self.twigs.labels, &self.cut)
    }

    /// Forgets labels and strings, when the next trie has them.
    pub fn forget(&mut self) {
        self.twigs.labels.forget();
        self.strings.forget();
    }

    /// The string of a label's rest, if it has one.
    fn string(&self, label: u32) -> Option<usize> {
        let string = *self.strings.of.get(label.checked_sub(BYTES)? as usize)?;
        (string != NONE).then_some(string as usize)
    }

    /// What the directory says of it.
    pub fn record(&self) -> Record {
        Record {
            node_len: self.twigs.len() as u64,
            link_len: self.strings.link_len,
            token_len: self.tokens.len() as u32,
            token_bytes: self.tokens.long_len() as u32,
        }
    }

    pub fn heap_bytes(&self) -> u64 {
        let (twigs, strings) = (self.twigs.heap_bytes(), self.strings.heap_bytes());
        twigs + strings + self.shortcuts.heap_bytes() + 2 * self.cut.capacity() as u64
    }

    /// Writes level `i` into `payload`; `targets` are where its strings lie in the next one. Returns of each of its own
    /// keys, in level order, the node and the value.
    pub fn write(
        &mut self,
        payload: &mut [u8],
        shape: &Shape,
        i: usize,
        targets: &[u64],
        mut each: impl FnMut(u64, u64, u64),
    ) {
        let level = &shape.levels[i];
        if i == 0 {
            for (place, start) in
                payload[shape.starts.clone()].as_chunks_mut::<2>().0.iter_mut().zip(self.tokens.starts)
            {
                *place = start.to_le_bytes();
            }
        }
        let mut ends = self.ends();
        let mut parts = Parts::new(payload, level, (i == 0).then_some(shape));
        self.tokens.write(parts.tokens, parts.long, i > 0);
        let mut values = self.twigs.values.iter().rev();
        // Each depth is filled from its end: children come before those of lesser siblings.
        for (at, (depth, twig)) in (0..).zip(self.twigs.down()) {
            ends[depth].nodes -= 1;
            let node = ends[depth].nodes;
            self.shortcuts.write(at, node, parts.shortcuts);
            // Where its children are, or would be.
            let below = ends.get(depth + 1).map_or(level.record.node_len, |ends| ends.nodes);
            let children = u64::from(twig.children);
            parts.blocks.children(node, below - children, children);
            parts.labels[node as usize] = match twig.label.checked_sub(BYTES) {
                None if node == 0 => 0,
                None => self.tokens.byte(twig.label as u8),
                Some(label) => self.cut[label as usize].0,
            };
            if let Some(string) = self.string(twig.label) {
                parts.blocks.link(node);
                ends[depth].links -= 1;
                parts.target(ends[depth].links, targets[string], level.target_bits);
            }
            if twig.terminal {
                ends[depth].keys -= 1;
                if i == 0 {
                    parts.blocks.key(node);
                }
                let value = values.next().copied().unwrap_or_default();
                each(ends[depth].keys, node, value);
            }
        }
        parts.blocks.count(parts.keys, KEY_SHIFT);
    }

    fn ends(&self) -> Vec<Ends> {
        let mut ends: Vec<Ends> = Vec::new();
        for (depth, twig) in self.twigs.down() {
            if depth == ends.len() {
                ends.push(Ends::default());
            }
            ends[depth].nodes += 1;
            ends[depth].links += u64::from(self.string(twig.label).is_some());
            ends[depth].keys += u64::from(twig.terminal);
        }
        let mut sum = Ends::default();
        for end in &mut ends {
            sum = Ends {
                nodes: sum.nodes + end.nodes,
                links: sum.links + end.links,
                keys: sum.keys + end.keys,
            };
            *end = sum;
        }
        ends
    }
}

/// The parts of a level, to be written.
struct Parts<'a> {
    blocks: BlocksMut<'a>,
    tokens: &'a mut [u8],
    long: &'a mut [u8],
    labels: &'a mut [u8],
    targets: &'a mut [u8],
    shortcuts: &'a mut [u8],
    keys: &'a mut [u8],
}

impl<'a> Parts<'a> {
    /// Those of `level`; `first` where it is the first.
    fn new(payload: &'a mut [u8], level: &Level, first: Option<&Shape>) -> Self {
        let ranges = [
            level.blocks.clone(),
            level.tokens.clone(),
            level.long.clone(),
            level.labels.clone(),
            level.targets.clone(),
            first.map(|shape| shape.shortcuts.clone()).unwrap_or_default(),
            first.map(|shape| shape.keys.clone()).unwrap_or_default(),
        ];
        let [blocks, tokens, long, labels, targets, shortcuts, keys] = split(payload, ranges);
        Self { blocks: BlocksMut::new(blocks), tokens, long, labels, targets, shortcuts, keys }
    }

    fn target(&mut self, i: u64, target: u64, bits: u32) {
        let at = i * u64::from(bits);
        if let Some(place) = self.targets[(at / 8) as usize..].first_chunk_mut::<8>() {
            *place = (u64::from_le_bytes(*place) | target << (at % 8)).to_le_bytes();
        }
    }
}

/// The parts of `bytes` at these ranges, which ascend or are empty, and do not overlap.
fn split<const N: usize>(mut bytes: &mut [u8], ranges: [Range<usize>; N]) -> [&mut [u8]; N] {
    let mut passed = 0;
    ranges.map(|range| {
        if range.is_empty() {
            return &mut [][..];
        }
        let (_, rest) = core::mem::take(&mut bytes).split_at_mut(range.start - passed);
        let (part, rest) = rest.split_at_mut(range.len());
        bytes = rest;
        passed = range.end;
        part
    })
}
