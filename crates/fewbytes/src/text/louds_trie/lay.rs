//! Writing a trie: from nodes in post-order to bits in level order.

use super::gather::{BYTES, Twigs};
use super::shape::{CHILD_SHIFT, KEY_SHIFT, Level, OFFSET, Record, Shape};
use super::strings::{NONE, Strings};
use super::tokens::Tokens;
use crate::layout::{Scalar, ranked::RankedMut};
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
}

/// How many nodes, links and keys there are to the end of a depth.
#[derive(Clone, Copy, Default)]
struct Ends {
    nodes: u64,
    links: u64,
    keys: u64,
}

impl Ready {
    /// The string of a label's rest, if it has one.
    fn string(&self, label: u32) -> Option<usize> {
        let string = *self.strings.of.get(label.checked_sub(BYTES)? as usize)?;
        (string != NONE).then_some(string as usize)
    }

    /// What the directory says of it.
    pub fn record(&self) -> Record {
        Record {
            node_len: self.twigs.len() as u64,
            link_len: self.link_len(),
            token_len: self.tokens.len() as u32,
            token_bytes: self.tokens.iter().map(|(token, _)| token.len()).sum::<usize>() as u32,
        }
    }

    pub fn heap_bytes(&self) -> u64 {
        self.twigs.heap_bytes() + self.strings.heap_bytes() + 2 * self.cut.capacity() as u64
    }

    /// How many nodes have a link.
    fn link_len(&self) -> u64 {
        let links = (0..self.twigs.labels.len()).filter(|i| self.strings.of[*i] != NONE);
        links.map(|i| u64::from(self.twigs.labels.counts[i])).sum()
    }

    /// Writes level `i` into `payload`; `targets` are where its strings lie in the next one. Returns of each of its own
    /// keys, in level order, the node and the value.
    pub fn write(
        &self,
        payload: &mut [u8],
        shape: &Shape,
        i: usize,
        targets: &[u64],
        mut each: impl FnMut(u64, u64, u64),
    ) {
        let level = &shape.levels[i];
        self.write_tokens(payload, level, i > 0);
        if i == 0 {
            for (place, start) in
                payload[shape.starts.clone()].as_chunks_mut::<2>().0.iter_mut().zip(self.tokens.starts)
            {
                *place = start.to_le_bytes();
            }
        }
        let mut ends = self.ends();
        let mut parts = Parts::new(payload, level, (i == 0).then_some(shape));
        let mut values = self.twigs.values.iter().rev();
        // Each depth is filled from its end: children come before those of lesser siblings.
        parts.louds.set(0);
        for (depth, twig) in self.twigs.down() {
            ends[depth].nodes -= 1;
            let node = ends[depth].nodes;
            // Where its children are, or would be.
            let below = ends.get(depth + 1).map_or(level.record.node_len, |ends| ends.nodes);
            let first = below - u64::from(twig.children);
            (first..below).for_each(|child| parts.louds.set(child + node + 1));
            if let Some(place) = parts.tops.get_mut(node as usize) {
                *place = (first as u32).to_le_bytes();
            }
            let code = match twig.label.checked_sub(BYTES) {
                None if node == 0 => 0,
                None => self.tokens.byte(twig.label as u8),
                Some(label) => self.cut[label as usize].0,
            };
            parts.labels[node as usize] = code;
            if let Some(string) = self.string(twig.label) {
                parts.links.set(node);
                ends[depth].links -= 1;
                parts.target(ends[depth].links, targets[string], level.target_bits);
            }
            if twig.terminal {
                ends[depth].keys -= 1;
                if let Some(terminals) = &mut parts.terminals {
                    terminals.set(node);
                }
                let value = values.next().copied().unwrap_or_default();
                each(ends[depth].keys, node, value);
            }
        }
        parts.count(level, level.record.node_len, shape);
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

    fn write_tokens(&self, payload: &mut [u8], level: &Level, turned: bool) {
        let mut end = 0_usize;
        for (i, (token, kind)) in self.tokens.iter().enumerate() {
            let start = end;
            end += token.len();
            let bytes = &mut payload[level.tokens.start..][start..end];
            bytes.copy_from_slice(token);
            // The other tries are read from the last byte to the first.
            if turned {
                bytes.reverse();
            }
            let entry = level.offsets.start + 2 * i;
            (start as u16 | kind << OFFSET.count_ones()).write(&mut payload[entry..]);
            (end as u16).write(&mut payload[entry + 2..]);
        }
    }
}

/// The parts of a level, to be written.
struct Parts<'a> {
    louds: RankedMut<'a>,
    links: RankedMut<'a>,
    terminals: Option<RankedMut<'a>>,
    tops: &'a mut [[u8; 4]],
    nodes: &'a mut [u8],
    children: &'a mut [u8],
    keys: &'a mut [u8],
    labels: &'a mut [u8],
    targets: &'a mut [u8],
}

impl<'a> Parts<'a> {
    /// Those of `level`; `first` where it is the first.
    fn new(payload: &'a mut [u8], level: &Level, first: Option<&Shape>) -> Self {
        let none = Range::default;
        let ranges = [
            level.louds.clone(),
            level.links.clone(),
            first.map_or_else(none, |shape| shape.tops.clone()),
            first.map_or_else(none, |shape| shape.terminals.clone()),
            first.map_or_else(none, |shape| shape.children.clone()),
            first.map_or_else(none, |shape| shape.keys.clone()),
            level.nodes.clone(),
            level.labels.clone(),
            level.targets.clone(),
        ];
        let [louds, links, tops, terminals, children, keys, nodes, labels, targets] = split(payload, ranges);
        Self {
            louds: RankedMut::new(louds),
            links: RankedMut::new(links),
            tops: tops.as_chunks_mut().0,
            terminals: first.map(|_| RankedMut::new(terminals)),
            nodes,
            children,
            keys,
            labels,
            targets,
        }
    }

    fn target(&mut self, i: u64, target: u64, bits: u32) {
        let at = i * u64::from(bits);
        if let Some(place) = self.targets[(at / 8) as usize..].first_chunk_mut::<8>() {
            *place = (u64::from_le_bytes(*place) | target << (at % 8)).to_le_bytes();
        }
    }

    /// Writes the counts and hints, when all bits are set.
    fn count(&mut self, level: &Level, node_len: u64, shape: &Shape) {
        self.louds.count();
        self.links.count();
        self.louds.hint(self.nodes, true, node_len, level.node_shift);
        if let Some(terminals) = &mut self.terminals {
            terminals.count();
            let key_len = shape.key_len;
            terminals.hint(self.keys, true, key_len, KEY_SHIFT);
            self.louds.hint(self.children, false, node_len + 1, CHILD_SHIFT);
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
