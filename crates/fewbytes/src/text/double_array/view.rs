//! The sections of a store's payload, and the steps through them.

use super::labels::{Bits, exchanged};
use super::ranges;
use super::tail::{self, Beginnings, Run};
use crate::text::header::Counts;
use crate::text::{Prefix, Values};
use alloc::vec::Vec;
use core::ops::Range;

/// Slots of a group: their links, then their checks, so that both are in one cache line when a link has three bytes.
pub(super) const GROUP: usize = 16;

/// Bytes after the first ids, so that one read of 8 bytes at any of them stays inside.
pub(super) const FIRSTS_PADDING: u64 = 8;

/// What the two lower bits of a link say that it leads to. The others are a base, or a place among the tails.
pub(super) const NODE: u64 = 0;
pub(super) const KEY_NODE: u64 = 1;
pub(super) const SET: u64 = 2;
pub(super) const RUN: u64 = 3;

/// The slot of the root, which has none.
pub(super) const NO_SLOT: u64 = u64::MAX;

/// What the payload holds.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub slots: &'a [u8],
    pub firsts: &'a [u8],
    pub ranges: &'a [u8],
    /// The last `width` bytes are the root's link.
    pub tails: &'a [u8],
    pub values: &'a [u8],
    /// Bytes of a link in a slot: 3, 4 or 5.
    pub width: usize,
    pub id_bits: u32,
    pub counts: Counts,
}

/// A key that was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Found {
    /// The slot whose first id counts.
    pub slot: u64,
    /// What is to be added to it.
    pub index: u32,
}

/// The link of the child by `label` of the node whose base is `base`. `groups` are of `LEN` bytes, 16 times `WIDTH` and one.
#[inline(always)]
pub(super) fn child<const WIDTH: usize, const LEN: usize>(
    groups: &[[u8; LEN]],
    base: u64,
    label: u8,
) -> Option<u64> {
    let slot = base ^ u64::from(label);
    let lane = (slot % GROUP as u64) as usize;
    let group = groups.get((slot / GROUP as u64) as usize)?;
    if group[GROUP * WIDTH + lane] != base as u8 {
        return None;
    }
    // A group is longer than its links by its checks: there are always as many bytes as are read.
    let raw = group.get(lane * WIDTH..).unwrap_or_default();
    Some(match WIDTH {
        3 | 4 => {
            let link = raw.first_chunk::<4>().map_or(0, |raw| u32::from_le_bytes(*raw));
            u64::from(if WIDTH == 3 { link & 0xff_ffff } else { link })
        }
        _ => raw.first_chunk::<8>().map_or(0, |raw| u64::from_le_bytes(*raw) & 0xff_ffff_ffff),
    })
}

impl<'a> View<'a> {
    /// The root's link; `None` where there is no key.
    #[inline(always)]
    pub fn root(&self) -> Option<u64> {
        if let Some(raw) = self.tails.last_chunk::<8>() {
            return Some(u64::from_le_bytes(*raw) >> (64 - 8 * self.width));
        }
        let at = self.tails.len().checked_sub(self.width)?;
        Some(tail::number(self.tails, at, self.width))
    }

    /// Where the link of a slot is, in the payload.
    pub fn link_bytes(&self, slot: u64) -> Option<Range<usize>> {
        let (group, lane) = (slot as usize / GROUP, slot as usize % GROUP);
        let start = group.checked_mul(GROUP * (self.width + 1))? + lane * self.width;
        (start + self.width <= self.slots.len()).then_some(start..start + self.width)
    }

    /// Where the check of a slot is, in the payload.
    pub fn check_at(&self, slot: u64) -> Option<usize> {
        let end = (slot as usize / GROUP + 1).checked_mul(GROUP * (self.width + 1))?;
        (end <= self.slots.len()).then_some(end - GROUP + slot as usize % GROUP)
    }

    /// The link of a node's child.
    #[inline]
    pub fn child(&self, base: u64, label: u8) -> Option<u64> {
        match self.width {
            3 => child::<3, 64>(self.slots.as_chunks().0, base, label),
            4 => child::<4, 80>(self.slots.as_chunks().0, base, label),
            _ => child::<5, 96>(self.slots.as_chunks().0, base, label),
        }
    }

    /// The labels of a node's children.
    #[inline]
    pub fn labels(&self, base: u64) -> Bits {
        let low = base as u8;
        let len = GROUP * (self.width + 1);
        let mut bits = [0_u64; 4];
        let mut left = ranges::read(self.ranges, base);
        while left != 0 {
            let range = left.trailing_zeros() as usize;
            left &= left - 1;
            // The labels of a range are in one group, exchanged by the lower four bits of the base.
            let end = (((base / GROUP as u64) as usize ^ range) + 1).saturating_mul(len);
            let checks = end.checked_sub(GROUP).and_then(|at| self.slots.get(at..end));
            let Some(checks) = checks.and_then(|checks| checks.first_chunk::<GROUP>()) else { continue };
            let found = exchanged(equal(checks, low), low % GROUP as u8);
            bits[range / 4] |= u64::from(found) << (range % 4 * GROUP);
        }
        Bits(bits)
    }

    /// The least id of the keys below a slot.
    #[inline]
    pub fn first(&self, slot: u64) -> u64 {
        if slot == NO_SLOT {
            return 0;
        }
        let at = slot.wrapping_mul(self.id_bits.into());
        let raw = self.firsts.get((at / 8) as usize..).and_then(|raw| raw.first_chunk::<8>());
        raw.map_or(0, |raw| u64::from_le_bytes(*raw) >> (at % 8) & (u64::MAX >> (64 - self.id_bits)))
    }

    /// The id of a key that was found. Damaged bytes may have found none.
    #[inline]
    pub fn id(&self, found: Found) -> Option<u64> {
        let id = self.first(found.slot) + u64::from(found.index);
        (id < self.counts.key_len).then_some(id)
    }

    /// The value of an id.
    pub fn value(&self, id: u64) -> Option<u64> {
        Values::new(self.values, self.counts.key_len, self.counts.value_bits)?.get(id)
    }

    #[inline]
    pub fn find(&self, key: &[u8]) -> Option<Found> {
        match self.width {
            3 => self.find_by::<3, 64>(key),
            4 => self.find_by::<4, 80>(key),
            _ => self.find_by::<5, 96>(key),
        }
    }

    #[inline(always)]
    fn find_by<const WIDTH: usize, const LEN: usize>(&self, key: &[u8]) -> Option<Found> {
        let groups = self.slots.as_chunks().0;
        // Read before the walk: what it costs is hidden behind the walk's wait for memory.
        let end = tail::End::of(key);
        let mut link = self.root()?;
        let mut slot = NO_SLOT;
        let mut at = 0;
        loop {
            while link & 2 == 0 {
                let place = link >> 2;
                let Some(label) = key.get(at) else {
                    return (link & 3 == KEY_NODE).then_some(Found { slot, index: 0 });
                };
                slot = place ^ u64::from(*label);
                link = child::<WIDTH, LEN>(groups, place, *label)?;
                at += 1;
            }
            let place = (link >> 2) as usize;
            let rest = key.get(at..)?;
            if link & 3 == SET {
                return tail::find(self.tails, place, rest, end).map(|index| Found { slot, index });
            }
            let run = Run::read(self.tails, place)?;
            rest.strip_prefix(run.bytes)?;
            at += run.bytes.len();
            link = run.link;
        }
    }

    /// Writes the key of an id over `key`.
    pub fn key_of(&self, id: u64, key: &mut Vec<u8>) -> bool {
        key.clear();
        let found = id < self.counts.key_len && self.spell(id, key).is_some();
        if !found {
            key.clear();
        }
        found
    }

    /// The label of a node's last child whose first id is not greater than `id`.
    #[inline]
    fn child_of(&self, base: u64, id: u64) -> Option<u8> {
        let words = self.labels(base).0;
        let first = |label: u8| self.first(base ^ u64::from(label));
        // 64 labels at a time: the first of them says whether it is one of the 64 before.
        let (mut start, mut left) = (0, words[0]);
        for (i, word) in (0_u8..).zip(words).skip(1) {
            if word != 0 && first(i << 6 | word.trailing_zeros() as u8) <= id {
                (start, left) = (i << 6, word);
            }
        }
        let mut last = None;
        while left != 0 {
            let label = start | left.trailing_zeros() as u8;
            if first(label) > id {
                break;
            }
            last = Some(label);
            left &= left - 1;
        }
        last
    }

    /// Goes down from the root to the key of an id: to the last child whose first id is not greater.
    fn spell(&self, id: u64, key: &mut Vec<u8>) -> Option<()> {
        let longest = self.counts.longest_len as usize;
        let (mut link, mut slot) = (self.root()?, NO_SLOT);
        // Each step but the last makes the key longer.
        loop {
            let place = link >> 2;
            match link & 3 {
                NODE | KEY_NODE => {
                    if link & 3 == KEY_NODE && self.first(slot) == id {
                        return Some(());
                    }
                    if key.len() == longest {
                        return None;
                    }
                    let label = self.child_of(place, id)?;
                    key.push(label);
                    slot = place ^ u64::from(label);
                    link = self.child(place, label)?;
                }
                SET => {
                    let start = key.len();
                    let index = id.checked_sub(self.first(slot))?;
                    return tail::spell(self.tails, place as usize, index, longest - start, key);
                }
                _ => {
                    let run = Run::read(self.tails, place as usize)?;
                    if run.bytes.len() > longest - key.len() {
                        return None;
                    }
                    key.extend_from_slice(run.bytes);
                    link = run.link;
                }
            }
        }
    }
}

/// A bit for each byte of `bytes` that equals `byte`.
#[inline(always)]
fn equal(bytes: &[u8; GROUP], byte: u8) -> u16 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let all = u64::from(byte) * 0x0101_0101_0101_0101;
    let half = |half: &[u8; 8]| {
        let differ = u64::from_le_bytes(*half) ^ all;
        // The upper bit of each byte that is zero, and then these bits side by side.
        let zeros = !(((differ & LOW) + LOW) | differ | LOW);
        ((zeros >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u16
    };
    let [low, high] = *bytes.as_chunks::<8>().0 else { return 0 };
    half(&low) | half(&high) << 8
}

/// The keys with which a text begins: [`DoubleArrayTrie::prefixes_of`](super::DoubleArrayTrie::prefixes_of).
#[derive(Clone)]
pub struct DoubleArrayPrefixes<'a, 't> {
    view: View<'a>,
    text: &'t [u8],
    /// Bytes of the text that were read.
    read: usize,
    /// Where to go on; `None` at the end, and in a set.
    link: Option<u64>,
    slot: u64,
    set: Option<Beginnings>,
}

impl<'a, 't> DoubleArrayPrefixes<'a, 't> {
    pub(super) fn new(view: View<'a>, text: &'t [u8]) -> Self {
        Self { view, text, read: 0, link: view.root(), slot: NO_SLOT, set: None }
    }

    #[inline]
    fn found(&self, len: usize, index: u32) -> Option<Prefix> {
        let id = self.view.id(Found { slot: self.slot, index })?;
        Some(Prefix { len, id: Some(id), value: self.view.value(id) })
    }

    /// The next key that ends where a node is; where a set comes, it is kept for later.
    #[inline(always)]
    fn at_node<const WIDTH: usize, const LEN: usize>(&mut self) -> Option<Prefix> {
        let groups = self.view.slots.as_chunks().0;
        let mut link = self.link.take()?;
        loop {
            let place = link >> 2;
            if link & 2 == 0 {
                let key = if link & 3 == KEY_NODE { self.found(self.read, 0) } else { None };
                let label = self.text.get(self.read).copied();
                let next = label.and_then(|label| child::<WIDTH, LEN>(groups, place, label));
                if let Some(label) = label {
                    self.slot = place ^ u64::from(label);
                    self.read += 1;
                }
                if key.is_some() {
                    self.link = next;
                    return key;
                }
                link = next?;
            } else if link & 3 == SET {
                self.set = Some(Beginnings::new(place as usize, self.text.get(self.read..)?));
                return None;
            } else {
                let run = Run::read(self.view.tails, place as usize)?;
                self.text.get(self.read..)?.strip_prefix(run.bytes)?;
                self.read += run.bytes.len();
                link = run.link;
            }
        }
    }
}

impl Iterator for DoubleArrayPrefixes<'_, '_> {
    type Item = Prefix;

    #[inline]
    fn next(&mut self) -> Option<Prefix> {
        if self.set.is_none() {
            let found = match self.view.width {
                3 => self.at_node::<3, 64>(),
                4 => self.at_node::<4, 80>(),
                _ => self.at_node::<5, 96>(),
            };
            if found.is_some() {
                return found;
            }
        }
        let set = self.set.as_mut()?;
        let (index, len) = set.next(self.view.tails, self.text.get(self.read..)?)?;
        self.found(self.read + len, index)
    }
}
