//! The items that came most often so far: a table of eight places for each bucket of hashes.
//!
//! An item belongs to one bucket by its hash, and a bucket keeps the eight of most events. So an item is looked for in one
//! cache line of hashes and one of levels, at any number of candidates; a heap would want an index beside it. The price:
//! an item of the heaviest *k* is lost where eight heavier ones share its bucket. Of *4 k* places that happens to less
//! than one in a thousand.

use super::super::rows::place;
use crate::layout::{Region, Scalar};
use alloc::{string::String, vec::Vec};

/// Places of a bucket.
const WAYS: usize = 8;
/// Bytes of a candidate beside those of its item: hash, level, length.
const FIXED: u64 = 18;

/// The shape of a table: `len` places, a multiple of 8, with `item_bytes` bytes of each item.
///
/// First the hashes of all places, then the levels, the lengths, the items. A level is what the item's least cell held at
/// its last event, and 0 where a place is empty. A length is that of the item plus 1, `item_bytes` + 2 where it is longer, and
/// 0 where only the hash is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidates {
    pub len: usize,
    pub item_bytes: usize,
}

/// An item that was kept.
pub(super) struct Candidate<'a> {
    pub hash: u64,
    pub item: Option<&'a [u8]>,
    pub whole: bool,
}

impl Candidates {
    pub(super) const fn byte_len(len: u32, item_bytes: u32) -> u64 {
        len as u64 * (FIXED + item_bytes as u64)
    }

    /// The first byte of place `i`'s length, and of its item.
    fn text(&self, i: usize) -> (usize, usize) {
        (16 * self.len + 2 * i, 18 * self.len + self.item_bytes * i)
    }

    fn bucket(&self, hash: u64) -> usize {
        place(hash, (self.len / WAYS) as u64) as usize * WAYS
    }

    /// The byte at which an item of this hash would be looked for.
    #[inline]
    pub(super) fn byte_of(&self, hash: u64) -> usize {
        8 * self.bucket(hash)
    }

    /// Takes an item whose least cell holds `level` now. `table` are the table's bytes.
    #[inline]
    pub(super) fn offer(&self, table: &mut [u8], hash: u64, level: u64, item: Option<&[u8]>) {
        let first = self.bucket(hash);
        let levels = &table[8 * (self.len + first)..][..8 * WAYS];
        let (mut least, mut at) = (u64::MAX, 0);
        for (i, level) in levels.as_chunks::<8>().0.iter().enumerate() {
            let level = u64::from_le_bytes(*level);
            if level < least {
                (least, at) = (level, i);
            }
        }
        // Cells never go down: an item that is kept is never below its own level, so not below the least.
        if level >= least {
            self.keep(table, first, at, (hash, level, least), item);
        }
    }

    /// Raises the item's level where it is kept, or gives it the place of the least where it is above that.
    fn keep(
        &self,
        table: &mut [u8],
        first: usize,
        least_at: usize,
        (hash, level, least): (u64, u64, u64),
        item: Option<&[u8]>,
    ) {
        let hashes = &table[8 * first..][..8 * WAYS];
        let (mut found, mut at) = (false, least_at);
        for (i, kept) in hashes.as_chunks::<8>().0.iter().enumerate() {
            if u64::from_le_bytes(*kept) == hash && u64::read(&table[8 * (self.len + first + i)..]) > 0 {
                (found, at) = (true, i);
            }
        }
        let place = first + at;
        let (len_at, text_at) = self.text(place);
        if !found {
            if level == least {
                return;
            }
            hash.write(&mut table[8 * place..]);
            table[text_at..][..self.item_bytes].fill(0);
            0_u16.write(&mut table[len_at..]);
        }
        level.write(&mut table[8 * (self.len + place)..]);
        if let Some(item) = item
            && u16::read(&table[len_at..]) == 0
        {
            let kept = item.len().min(self.item_bytes);
            // What is longer than is kept needs no length of its own: one byte more says so.
            (item.len().min(self.item_bytes + 1) as u16 + 1).write(&mut table[len_at..]);
            table[text_at..][..kept].copy_from_slice(&item[..kept]);
        }
    }

    /// Offers one that was kept in another table, with the level that it has now.
    pub(super) fn renew(&self, table: &mut [u8], kept: &Candidate<'_>, level: u64) {
        // One that was cut is told by a byte more than is kept.
        let mut long = Vec::new();
        let item = match kept.item {
            Some(item) if !kept.whole => {
                long.extend_from_slice(item);
                long.push(0);
                Some(&long[..])
            }
            item => item,
        };
        self.offer(table, kept.hash, level, item);
    }

    /// All that are kept, each hash once: bytes that nobody wrote may hold one twice.
    pub(super) fn all<'a>(&self, table: &'a [u8]) -> Vec<Candidate<'a>> {
        let number = |i: usize| u64::read(&table[8 * i..]);
        let mut places: Vec<usize> = (0..self.len).filter(|i| number(self.len + i) > 0).collect();
        places.sort_by_key(|i| (number(*i), *i));
        places.dedup_by_key(|i| number(*i));
        let candidate = |i: usize| {
            let (len_at, text_at) = self.text(i);
            // Of bytes that nobody wrote too: no length is more than that of an item that was cut.
            let len = usize::from(u16::read(&table[len_at..])).min(self.item_bytes + 2);
            let kept = &table[text_at..][..self.item_bytes.min(len.saturating_sub(1))];
            let whole = (1..=self.item_bytes + 1).contains(&len);
            Candidate { hash: number(i), item: (len > 0).then_some(kept), whole }
        };
        places.into_iter().map(candidate).collect()
    }

    /// The table's parts, for byte views; its first byte is at `start`.
    pub(super) fn regions(&self, start: usize) -> impl Iterator<Item = Region> {
        let parts = [
            ("candidate_hashes", 8, "hashes of the items that came most often, eight to a bucket"),
            ("candidate_levels", 8, "what the least cell of each held at its last event"),
            ("candidate_lens", 2, "bytes of each item, plus 1"),
            ("candidate_items", self.item_bytes, "the items, or their beginnings"),
        ];
        let (len, mut at) = (self.len, start);
        parts.into_iter().map(move |(name, width, doc)| {
            let from = at;
            at += width * len;
            Region { name: name.into(), start: from, end: at, value: String::new(), doc: doc.into() }
        })
    }
}
