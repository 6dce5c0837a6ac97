//! Finds places in the array for the children of a node.

use super::labels::Bits;
use super::view::GROUP;
use crate::{Error, Result};
use alloc::vec::Vec;

/// Slots of a block. The children of a node are in one: the node's base exchanged with their labels.
const BLOCK: usize = 256;

/// Blocks in which there is still looked for room. More of them fill a little better, and take longer.
const OPEN: usize = 16;

/// A link or an id, of up to 40 bits: an array in the making is the most of what building takes.
pub(super) type Packed = [u8; 5];

pub(super) fn packed(number: u64) -> Packed {
    let [a, b, c, d, e, ..] = number.to_le_bytes();
    [a, b, c, d, e]
}

pub(super) fn unpacked([a, b, c, d, e]: Packed) -> u64 {
    u64::from_le_bytes([a, b, c, d, e, 0, 0, 0])
}

/// A child that is to be placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    pub label: u8,
    pub link: u64,
    /// The least id of the keys below it.
    pub first: u64,
}

/// A block with free slots.
#[derive(Debug)]
struct Open {
    block: usize,
    free: Bits,
    free_len: usize,
    /// Lower bytes of a base that no node has in this block.
    bases: Bits,
}

/// The array in the making.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// The lower byte of the base of the slot's node.
    pub checks: Vec<u8>,
    pub links: Vec<Packed>,
    pub firsts: Vec<Packed>,
    /// By base, the ranges of labels that the node has; 0 where no node has the base.
    pub ranges: Vec<u16>,
    open: Vec<Open>,
}

impl Slots {
    /// Places the children of a node, one at least, and returns the base.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn place(&mut self, children: &[Child]) -> Result<u64> {
        let fits = |open: &Open| {
            let room = |bases: Bits, child: &Child| bases.and(open.free.exchanged(child.label));
            match open.free_len >= children.len() {
                true => children.iter().try_fold(open.bases, |bases, child| {
                    Some(room(bases, child)).filter(|bases| !bases.is_empty())
                }),
                false => None,
            }
        };
        let found = self.open.iter().enumerate().find_map(|(i, open)| Some((i, fits(open)?.from(0)?)));
        let (i, low) = match found {
            Some(found) => found,
            None => (self.open_block()?, 0),
        };
        let open = &mut self.open[i];
        let start = open.block * BLOCK;
        for child in children {
            let place = child.label ^ low;
            open.free.clear(place);
            let slot = start + usize::from(place);
            self.checks[slot] = low;
            self.links[slot] = packed(child.link);
            self.firsts[slot] = packed(child.first);
        }
        let mut labels = Bits::default();
        children.iter().for_each(|child| labels.set(child.label));
        self.ranges[start | usize::from(low)] = labels.ranges();
        open.bases.clear(low);
        open.free_len -= children.len();
        if open.free_len == 0 {
            self.open.remove(i);
        }
        Ok((start | usize::from(low)) as u64)
    }

    /// Adds an empty block, and gives the fullest of too many open ones up.
    fn open_block(&mut self) -> Result<usize> {
        let (len, block) = (self.checks.len(), self.checks.len() / BLOCK);
        let refused = |_| Error::CannotGrow { expected: 13 * (len + BLOCK) as u64, found: 13 * len as u64 };
        if self.checks.capacity() - len < BLOCK {
            // By a quarter, not twice as many.
            let more = BLOCK.max(len / 4);
            self.checks.try_reserve_exact(more).map_err(refused)?;
            self.links.try_reserve_exact(more).map_err(refused)?;
            self.firsts.try_reserve_exact(more).map_err(refused)?;
            self.ranges.try_reserve_exact(more).map_err(refused)?;
        }
        self.checks.resize(len + BLOCK, 0);
        self.links.resize(len + BLOCK, [0; 5]);
        self.firsts.resize(len + BLOCK, [0; 5]);
        self.ranges.resize(len + BLOCK, 0);
        if self.open.len() == OPEN {
            let fullest = (0..OPEN).min_by_key(|i| self.open[*i].free_len).unwrap_or_default();
            let open = self.open.remove(fullest);
            self.close(&open);
        }
        self.open.push(Open { block, free: Bits::ALL, free_len: BLOCK, bases: Bits::ALL });
        Ok(self.open.len() - 1)
    }

    /// Makes the free slots of a block nobody's: their check is a base that no node has. There is one, since each node has a
    /// child, and there are fewer of those than slots.
    fn close(&mut self, open: &Open) {
        let nobody = open.bases.from(0).unwrap_or_default();
        for place in open.free.iter() {
            self.checks[open.block * BLOCK + usize::from(place)] = nobody;
        }
    }

    /// Closes all blocks, and cuts what is free at the end.
    pub fn finish(&mut self) {
        for open in core::mem::take(&mut self.open) {
            self.close(&open);
            if (open.block + 1) * BLOCK == self.checks.len() {
                let used = open.free.0.iter().rev().map(|word| word.leading_ones() as usize);
                let mut free = 0;
                for ones in used {
                    free += ones;
                    if ones < 64 {
                        break;
                    }
                }
                let len = (self.checks.len() - free).next_multiple_of(GROUP);
                self.checks.truncate(len);
                self.links.truncate(len);
                self.firsts.truncate(len);
                // A base may be among the slots that were cut: what is asked of it is then all ranges.
                self.ranges.truncate(len);
            }
        }
    }

    /// Bytes of heap that it holds.
    pub fn heap_bytes(&self) -> u64 {
        let numbers = self.links.capacity() + self.firsts.capacity();
        (self.checks.capacity()
            + 5 * numbers
            + 2 * self.ranges.capacity()
            + self.open.capacity() * size_of::<Open>()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn children_are_found_and_no_others(
            nodes in proptest::collection::vec(proptest::collection::btree_set(any::<u8>(), 1..40), 1..60),
            single in 0..400_usize,
        ) {
            let mut slots = Slots::default();
            let single = (0..single).map(|i| [i as u8].into());
            let nodes: Vec<_> = nodes.into_iter().chain(single).collect();
            let mut bases = Vec::new();
            for (i, labels) in nodes.iter().enumerate() {
                let child = |label: &u8| Child { label: *label, link: i as u64, first: u64::from(*label) };
                bases.push(slots.place(&labels.iter().map(child).collect::<Vec<_>>())?);
            }
            slots.finish();
            prop_assert!(slots.checks.len() % GROUP == 0);
            for (i, (labels, base)) in nodes.iter().zip(bases).enumerate() {
                for label in 0..=255_u8 {
                    let slot = base as usize ^ usize::from(label);
                    let there = slots.checks.get(slot).is_some_and(|check| *check == base as u8);
                    prop_assert_eq!(there, labels.contains(&label));
                    if there {
                        let held = (unpacked(slots.links[slot]), unpacked(slots.firsts[slot]));
                        prop_assert_eq!(held, (i as u64, label.into()));
                    }
                }
            }
        }
    }
}
