//! [`Blocks`]: the tree of a trie in level order, 64 nodes at a time. What a step needs of a node, down, up or to its id,
//! is in the 48 bytes of its block and in those of the block that it leads to.
//!
//! LOUDS writes a one for each child of a node and a zero behind them: to find children is to select. Here a node has a bit
//! that says whether it has any, and one that says whether it is the last of its siblings; and a block tells where the
//! children of its nodes begin. They lie side by side: a node's are found by the last ones between there and them.

use super::native::Select;
use crate::prefetch::prefetch;

/// Bytes of a cache line.
pub(super) const LINE: usize = 64;
/// Nodes of a block.
pub(super) const NODES: u64 = 64;
/// Bytes of a block.
pub(super) const LEN: usize = 48;
/// Blocks in which the children of the nodes of one are, at most: 256 each, from the middle of the first.
const MOST_BLOCKS: u64 = 256 + 1;

/// The words of bits: whether a node has children,
const INNER: usize = 0;
/// is the last of its siblings,
const LAST: usize = 1;
/// has a label that goes on elsewhere,
const LINKS: usize = 2;
/// and ends a key. Behind them are four numbers of 32 bits:
const TERMINALS: usize = 3;
/// the first child of the block's nodes, or where it would be,
const CHILD: usize = 8;
/// the parent of the first node,
const PARENT: usize = 9;
/// and how many links
const LINK_BASE: usize = 10;
/// and keys are in the blocks before.
const KEY_BASE: usize = 11;

/// Bytes of the blocks of `node_len` nodes.
pub(super) const fn bytes_for(node_len: u64) -> u64 {
    node_len.div_ceil(NODES) * LEN as u64
}

/// Bytes of the hints to the blocks of `key_len` keys, one for every 2^`shift`.
pub(super) const fn hint_bytes(key_len: u64, shift: u32) -> u64 {
    ((key_len >> shift) + 1) * 4
}

/// A word of a block's bits.
#[inline(always)]
fn word<const AT: usize>(block: &[u8; LEN]) -> u64 {
    const { assert!(AT < 4) }
    block.as_chunks().0.get(AT).map_or(0, |word| u64::from_le_bytes(*word))
}

/// A number of a block.
#[inline(always)]
fn number<const AT: usize>(block: &[u8; LEN]) -> u64 {
    const { assert!(AT >= 8 && AT < 12) }
    block.as_chunks().0.get(AT).map_or(0, |number| u32::from_le_bytes(*number).into())
}

/// The bits of a word before `node`'s.
#[inline(always)]
const fn before(node: u64) -> u64 {
    !(u64::MAX << (node % NODES))
}

#[inline(always)]
const fn is_set(word: u64, node: u64) -> bool {
    word >> (node % NODES) & 1 == 1
}

/// The tree of a trie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks<'a, S> {
    bytes: &'a [u8],
    by: S,
}

impl<'a, S: Select> Blocks<'a, S> {
    /// Those in `bytes`.
    #[inline(always)]
    pub fn new(bytes: &'a [u8], by: S) -> Self {
        Self { bytes, by }
    }

    /// The `i`-th block.
    #[inline(always)]
    fn block(&self, i: u64) -> Option<&'a [u8; LEN]> {
        self.bytes.get((i * LEN as u64) as usize..)?.first_chunk()
    }

    /// The block of a node.
    #[inline(always)]
    fn of(&self, node: u64) -> Option<&'a [u8; LEN]> {
        self.block(node / NODES)
    }

    /// Where the children of a node are, if it has any: so many groups of siblings behind a node.
    #[inline(always)]
    pub fn group(&self, node: u64) -> Option<(u64, u32)> {
        let block = self.of(node)?;
        let inner = word::<INNER>(block);
        is_set(inner, node).then(|| (number::<CHILD>(block), (inner & before(node)).count_ones()))
    }

    /// What the four bits of a node say: it has children, it is the last of its siblings, its label goes on, a key ends.
    pub fn bits(&self, node: u64) -> Option<[bool; 4]> {
        let block = self.of(node)?;
        let words =
            [word::<INNER>(block), word::<LAST>(block), word::<LINKS>(block), word::<TERMINALS>(block)];
        Some(words.map(|word| is_set(word, node)))
    }

    /// The first node behind `groups` groups of siblings, the first of which is `from`'s.
    #[inline(always)]
    pub fn behind(&self, from: u64, groups: u32) -> Option<u64> {
        let mut i = from / NODES;
        // The rest of the block and the beginning of the next one are read soon, and arrive beside its first words.
        prefetch(self.bytes, (i * LEN as u64) as usize + LINE);
        let Some(mut left) = groups.checked_sub(1) else { return Some(from) };
        let mut ends = word::<LAST>(self.block(i)?) & !before(from);
        for _ in 0..MOST_BLOCKS {
            match self.by.select(ends, left) {
                Ok(bit) => return Some(i * NODES + u64::from(bit) + 1),
                Err(more) => left = more,
            }
            i += 1;
            ends = word::<LAST>(self.block(i)?);
        }
        None
    }

    /// The first child of a node. It has a greater number, whatever the bytes.
    #[inline]
    pub fn first_child(&self, node: u64) -> Option<u64> {
        let (from, groups) = self.group(node)?;
        self.behind(from, groups).filter(|first| *first > node)
    }

    /// How many siblings there are from `node` to the last one, at most 256.
    #[inline(always)]
    pub fn siblings(&self, node: u64) -> u64 {
        let Some(block) = self.of(node) else { return 0 };
        match word::<LAST>(block) & !before(node) {
            0 => self.many_siblings(node),
            ends => u64::from(ends.trailing_zeros()) + 1 - node % NODES,
        }
    }

    #[inline(never)]
    fn many_siblings(&self, node: u64) -> u64 {
        let mut i = node / NODES;
        let mut len = NODES - node % NODES;
        while len < 256 {
            i += 1;
            match self.block(i).map(word::<LAST>) {
                Some(0) => len += NODES,
                Some(ends) => return (len + u64::from(ends.trailing_zeros()) + 1).min(256),
                None => break,
            }
        }
        len.min(256)
    }

    /// Whether a sibling comes after a node.
    #[inline]
    pub fn has_next(&self, node: u64) -> bool {
        self.of(node).is_some_and(|block| !is_set(word::<LAST>(block), node))
    }

    /// A node's parent. It has a lesser number, whatever the bytes: a way up ends.
    #[inline(always)]
    pub fn parent(&self, node: u64) -> Option<u64> {
        let block = self.of(node)?;
        let first = number::<PARENT>(block);
        // The root's bit is not set: it is the parent of the group that follows it.
        let groups = (word::<LAST>(block) & before(node)).count_ones();
        let parent = match groups.checked_sub(1) {
            None => first,
            Some(left) => {
                let inner = word::<INNER>(self.of(first)?) & !before(first) & !(1 << (first % NODES));
                match self.by.select(inner, left) {
                    Ok(bit) => first - first % NODES + u64::from(bit),
                    Err(left) => self.parent_behind(node, first / NODES + 1, left)?,
                }
            }
        };
        (parent < node).then_some(parent)
    }

    /// The parent of `node`, if it is in block `i` or later: there it is behind `left` others.
    #[inline(never)]
    fn parent_behind(&self, node: u64, i: u64, mut left: u32) -> Option<u64> {
        for i in i..i + 4 {
            match self.by.select(word::<INNER>(self.block(i)?), left) {
                Ok(bit) => return Some(i * NODES + u64::from(bit)),
                Err(more) => left = more,
            }
        }
        // Nodes without children may be any many between two that have some: it is in the last block whose children do not
        // begin behind the node.
        let (mut low, mut high) = (i, node / NODES);
        while low < high {
            let middle = (low + high).div_ceil(2);
            match number::<CHILD>(self.block(middle)?) <= node {
                true => low = middle,
                false => high = middle - 1,
            }
        }
        let block = self.block(low)?;
        let from = number::<CHILD>(block);
        let mut groups = 0;
        for i in (from / NODES..=node / NODES).take(MOST_BLOCKS as usize) {
            let mut ends = word::<LAST>(self.block(i)?);
            if i == from / NODES {
                ends &= !before(from);
            }
            if i == node / NODES {
                ends &= before(node);
            }
            groups += ends.count_ones();
        }
        Some(low * NODES + u64::from(self.by.select(word::<INNER>(block), groups).ok()?))
    }

    /// How many nodes before `node` have a link, if it has one.
    #[inline(always)]
    pub fn link(&self, node: u64) -> Option<u64> {
        let block = self.of(node)?;
        let links = word::<LINKS>(block);
        is_set(links, node)
            .then(|| number::<LINK_BASE>(block) + u64::from((links & before(node)).count_ones()))
    }

    /// How many links are in the blocks before that of `node`.
    #[inline(always)]
    pub fn links_before(&self, node: u64) -> u64 {
        self.of(node).map_or(0, number::<LINK_BASE>)
    }

    /// Whether a key ends at a node.
    #[inline(always)]
    pub fn is_key(&self, node: u64) -> bool {
        self.of(node).is_some_and(|block| is_set(word::<TERMINALS>(block), node))
    }

    /// The id of the key that ends at a node.
    #[inline(always)]
    pub fn id(&self, node: u64) -> Option<u64> {
        let block = self.of(node)?;
        let keys = word::<TERMINALS>(block);
        is_set(keys, node).then(|| number::<KEY_BASE>(block) + u64::from((keys & before(node)).count_ones()))
    }

    /// The node of an id, by the hints to every 2^`shift`-th key.
    #[inline]
    pub fn node(&self, id: u64, hints: &[u8], shift: u32) -> Option<u64> {
        let hints = hints.as_chunks().0;
        let hint = |i: u64| hints.get(i as usize).map(|hint| u64::from(u32::from_le_bytes(*hint)));
        let mut low = hint(id >> shift)?;
        let mut high = hint((id >> shift) + 1).unwrap_or(u64::MAX);
        high = high.min((self.bytes.len() / LEN) as u64).max(low);
        while low < high {
            let middle = (low + high).div_ceil(2);
            match self.block(middle).is_some_and(|block| number::<KEY_BASE>(block) <= id) {
                true => low = middle,
                false => high = middle - 1,
            }
        }
        let block = self.block(low)?;
        let left = u32::try_from(id.checked_sub(number::<KEY_BASE>(block))?).ok()?;
        Some(low * NODES + u64::from(self.by.select(word::<TERMINALS>(block), left).ok()?))
    }
}

/// A tree in the making, over zeroed blocks.
#[derive(Debug)]
pub(super) struct BlocksMut<'a> {
    blocks: &'a mut [[u8; LEN]],
}

impl<'a> BlocksMut<'a> {
    /// Over zeros, [`bytes_for`] its nodes.
    pub fn new(bytes: &'a mut [u8]) -> Self {
        Self { blocks: bytes.as_chunks_mut().0 }
    }

    fn set<const WORD: usize>(&mut self, node: u64) {
        let bit = (node % NODES) as usize;
        self.blocks[(node / NODES) as usize][8 * WORD + bit / 8] |= 1 << (bit % 8);
    }

    fn write<const AT: usize>(block: &mut [u8; LEN], number: u64) {
        block.as_chunks_mut().0[AT] = (number as u32).to_le_bytes();
    }

    /// The children of `node` are `len` from `first` on; where there are none, they would be there.
    pub fn children(&mut self, node: u64, first: u64, len: u64) {
        if node.is_multiple_of(NODES) {
            Self::write::<CHILD>(&mut self.blocks[(node / NODES) as usize], first);
        }
        if len == 0 {
            return;
        }
        self.set::<INNER>(node);
        self.set::<LAST>(first + len - 1);
        for i in first.div_ceil(NODES)..(first + len).div_ceil(NODES) {
            Self::write::<PARENT>(&mut self.blocks[i as usize], node);
        }
    }

    /// The label of `node` goes on elsewhere.
    pub fn link(&mut self, node: u64) {
        self.set::<LINKS>(node);
    }

    /// A key ends at `node`.
    pub fn key(&mut self, node: u64) {
        self.set::<TERMINALS>(node);
    }

    /// Counts links and keys, when all are there, and writes the hints to every 2^`shift`-th key.
    pub fn count(&mut self, hints: &mut [u8], shift: u32) {
        let (mut links, mut keys) = (0, 0);
        let mut hints = hints.as_chunks_mut::<4>().0.iter_mut();
        let (mut hinted, mut last) = (0, 0);
        for (i, block) in (0_u32..).zip(&mut *self.blocks) {
            Self::write::<LINK_BASE>(block, links);
            Self::write::<KEY_BASE>(block, keys);
            links += u64::from(word::<LINKS>(block).count_ones());
            keys += u64::from(word::<TERMINALS>(block).count_ones());
            while hinted < keys
                && let Some(hint) = hints.next()
            {
                *hint = i.to_le_bytes();
                hinted += 1 << shift;
            }
            last = i;
        }
        // There may be one hint more than keys to hint at: it is where they end.
        hints.for_each(|hint| *hint = last.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::super::native::Plain;
    use super::*;
    use alloc::{vec, vec::Vec};
    use proptest::prelude::*;

    /// How many children each node has, in level order, in runs: blocks are full, empty and mixed.
    fn trees() -> impl Strategy<Value = Vec<u64>> {
        let run = (
            prop_oneof![2 => Just(0_u64), 3 => 1..4_u64, 1 => 250..=256_u64],
            prop_oneof![1..4_usize, 1..700_usize],
        );
        proptest::collection::vec(run, 0..12).prop_map(|runs| {
            let wanted: Vec<u64> =
                runs.into_iter().flat_map(|(children, len)| core::iter::repeat_n(children, len)).collect();
            let (mut tree, mut nodes) = (Vec::new(), 1);
            // A node that no earlier one has for a child is no node.
            for children in wanted {
                if tree.len() as u64 == nodes || nodes > 20_000 {
                    break;
                }
                tree.push(children);
                nodes += children;
            }
            tree.resize(nodes as usize, 0);
            tree
        })
    }

    proptest! {
        #[test]
        fn steps_are_those_of_the_tree(tree in trees(), shift in 0..10_u32, every in 1..5_u64) {
            let len = tree.len() as u64;
            let key_len = len.div_ceil(every);
            let (mut bytes, mut hints) = (vec![0; bytes_for(len) as usize], vec![0; hint_bytes(key_len, shift) as usize]);
            let mut writer = BlocksMut::new(&mut bytes);
            let mut first = 1;
            for (node, children) in (0..).zip(&tree) {
                writer.children(node, first, *children);
                first += children;
                if node % every == 0 {
                    writer.key(node);
                    writer.link(node);
                }
            }
            writer.count(&mut hints, shift);

            let blocks = Blocks::new(&bytes, Plain);
            let mut first = 1;
            for (node, children) in (0..).zip(&tree) {
                prop_assert_eq!(blocks.first_child(node), (*children > 0).then_some(first));
                for child in first..first + children {
                    prop_assert_eq!(blocks.parent(child), Some(node));
                    prop_assert_eq!(blocks.siblings(child), first + children - child);
                    prop_assert_eq!(blocks.has_next(child), child + 1 < first + children);
                }
                first += children;
                let rank = (node % every == 0).then_some(node / every);
                prop_assert_eq!(blocks.id(node), rank);
                prop_assert_eq!(blocks.link(node), rank);
                prop_assert_eq!(blocks.is_key(node), rank.is_some());
            }
            for id in 0..key_len {
                prop_assert_eq!(blocks.node(id, &hints, shift), Some(id * every));
            }
            prop_assert_eq!(blocks.node(key_len, &hints, shift), None);
            prop_assert_eq!(blocks.parent(0), None);
        }

        #[test]
        fn any_bytes_are_harmless(bytes in proptest::collection::vec(any::<u8>(), 0..800), hints: [u8; 12], n: u64, shift in 0..10_u32) {
            let blocks = Blocks::new(&bytes, Plain);
            for node in [n >> 32, n % 1000] {
                prop_assert!(blocks.first_child(node).is_none_or(|child| child > node));
                prop_assert!(blocks.parent(node).is_none_or(|parent| parent < node));
                prop_assert!(blocks.siblings(node) <= 256);
                blocks.link(node);
                blocks.id(node);
                blocks.node(node, &hints, shift);
            }
        }
    }
}
