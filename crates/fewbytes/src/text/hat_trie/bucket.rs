//! Buckets: the array hash, a table of slots and one run of entries, those of a slot side by side.
//!
//! | byte | width | what |
//! |---|---|---|
//! | 0 | 1 | kind: 1 pure, its entries are what keys have after the label that leads here; 2 hybrid, they begin with it |
//! | 1 | 1 | bytes of a value, and 16 times the binary logarithm of the number of slots |
//! | 2 | 2 | units of the block |
//! | 4 | 2 | entries |
//! | 6 | 2 | 0, where the first slot's entries start |
//! | 8 | 2 a slot | where each slot's entries end, from the first entry on |
//!
//! An entry is the length of its text, the text and the value. A text of 255 bytes and more lies in a block of its own: its
//! entry is 255, the link of that block, and how many bytes of it belong to the path by now.

use super::arena::{self, Block, UNIT, at, damaged, put, put_u32, u16_at, u32_at};
use crate::Result;
use crate::hash::hash;
use alloc::vec::Vec;

pub(super) const PURE: u8 = 1;
pub(super) const HYBRID: u8 = 2;

/// Bytes before the table of slots.
const HEAD_LEN: usize = 8;
/// The length that says that the text lies elsewhere; that texts that are shorter lie in the entry.
pub(super) const LONG: usize = 255;
/// Bytes of such an entry before the value.
const LONG_LEN: usize = 9;
/// Bytes of a long text's block before the text: its length, and the block's units.
const LONG_HEAD_LEN: usize = 8;
/// Entries of a slot at most, on average. Buckets are made with one to two: one made by a split has then slots for as many as
/// it ever gets, and is not made anew before it is split itself.
const LOAD: usize = 4;

/// The slot's share of a text's hash.
#[inline]
pub(super) fn slot_hash(text: &[u8], seed: u64) -> u32 {
    (hash(text.get(..LONG).unwrap_or(text), seed) >> 32) as u32
}

/// Bytes that a value takes.
#[inline]
pub(super) fn width_of(value: u64) -> usize {
    (u64::BITS - value.leading_zeros()).div_ceil(8) as usize
}

fn slot_bits_for(count: usize) -> u32 {
    (count.next_power_of_two() / 2).max(1).ilog2().min(15)
}

/// Units that the block of a long text takes; 0 where it goes into its entry.
pub(super) fn long_units(text: &[u8]) -> u32 {
    if text.len() < LONG { 0 } else { long_block_units(text) }
}

/// Units that a block with this text takes.
pub(super) fn long_block_units(text: &[u8]) -> u32 {
    arena::units_for(LONG_HEAD_LEN + text.len())
}

/// A text in a block of its own.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Long {
    /// Its block; 0 while it has none yet.
    pub link: u32,
    /// Its first bytes that the path took over.
    pub skip: u32,
}

impl Long {
    #[inline]
    fn text<'a>(&self, payload: &'a [u8]) -> &'a [u8] {
        let start = at(self.link) + LONG_HEAD_LEN;
        let end = start.saturating_add(u32_at(payload, at(self.link)) as usize);
        payload.get(start.saturating_add(self.skip as usize)..end).unwrap_or_default()
    }

    /// Its block.
    pub fn block(&self, payload: &[u8]) -> Block {
        Block { link: self.link, units: u32_at(payload, at(self.link) + 4) }
    }

    pub fn write(payload: &mut [u8], block: Block, text: &[u8]) {
        put_u32(payload, at(block.link), text.len() as u32);
        put_u32(payload, at(block.link) + 4, block.units);
        put(payload, at(block.link) + LONG_HEAD_LEN, text);
    }
}

/// An entry where it lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    /// Its first byte, in the payload.
    pub at: usize,
    /// Bytes that it takes, its value included.
    pub len: usize,
    pub text: &'a [u8],
    pub long: Option<Long>,
    pub value: u64,
}

/// A bucket where it lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket<'a> {
    payload: &'a [u8],
    pub block: Block,
    pub is_hybrid: bool,
    pub width: usize,
    pub slot_bits: u32,
    pub count: usize,
}

impl<'a> Bucket<'a> {
    /// The bucket at a link; `None` where there can be none.
    #[inline]
    pub fn open(payload: &'a [u8], link: u32) -> Option<Self> {
        let [kind, shape, units @ .., a, b, _, _] = payload.get(at(link)..)?.first_chunk::<8>()?;
        let width = usize::from(shape & 15);
        (matches!(*kind, PURE | HYBRID) && width <= 8).then(|| Self {
            payload,
            block: Block { link, units: u16::from_le_bytes(*units).into() },
            is_hybrid: *kind == HYBRID,
            width,
            slot_bits: u32::from(shape >> 4),
            count: u16::from_le_bytes([*a, *b]).into(),
        })
    }

    fn slot(&self, hash: u32) -> usize {
        hash as usize & ((1 << self.slot_bits) - 1)
    }

    /// Where the first entry is, in the payload.
    #[inline]
    pub fn entries_start(&self) -> usize {
        at(self.block.link) + HEAD_LEN + (2 << self.slot_bits)
    }

    /// Bytes of all entries: where the last slot ends.
    #[inline]
    pub fn entries_len(&self) -> usize {
        u16_at(self.payload, self.entries_start() - 2).into()
    }

    /// Bytes of the block that are in use.
    pub fn used_len(&self) -> usize {
        self.entries_start() - at(self.block.link) + self.entries_len()
    }

    /// The bytes of all entries.
    pub fn bytes(&self) -> &'a [u8] {
        let start = self.entries_start();
        let end = (start + self.entries_len()).min(self.payload.len());
        self.payload.get(start..end).unwrap_or_default()
    }

    /// The entry of a text.
    #[inline]
    pub fn find(&self, text: &[u8], hash: u32) -> Option<Entry<'a>> {
        let slot = self.slot(hash);
        let ends = u32_at(self.payload, at(self.block.link) + HEAD_LEN - 2 + 2 * slot);
        let start = self.entries_start();
        let (from, end) = (start + (ends & 0xffff) as usize, start + (ends >> 16) as usize);
        let bytes = self.payload.get(..end)?;
        if text.len() >= LONG {
            return Entries { bucket: *self, next: from, end }.find(|entry| entry.text == text);
        }
        let mut next = from;
        while let Some(len) = bytes.get(next) {
            let len = usize::from(*len);
            if len < LONG {
                let start = next + 1;
                if len == text.len()
                    && bytes.get(start..start + len).is_some_and(|other| is_equal(other, text))
                {
                    let value = value_at(self.payload, start + len, self.width);
                    return Some(Entry {
                        at: next,
                        len: 1 + len + self.width,
                        text: &bytes[start..start + len],
                        long: None,
                        value,
                    });
                }
                next = start + len + self.width;
            } else {
                let entry = Entries { bucket: *self, next, end }.next()?;
                if entry.text == text {
                    return Some(entry);
                }
                next += entry.len;
            }
        }
        None
    }

    /// All entries, slot by slot.
    pub fn entries(&self) -> Entries<'a> {
        let start = self.entries_start();
        Entries { bucket: *self, next: start, end: (start + self.entries_len()).min(self.payload.len()) }
    }
}

/// Whether texts of one length are equal: most are short, and a call for each would cost more than to compare them.
#[inline(always)]
fn is_equal(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk() && a.last_chunk::<N>() == b.last_chunk()
    }
    match a.len() {
        8..=16 => ends::<8>(a, b),
        4..8 => ends::<4>(a, b),
        2..4 => ends::<2>(a, b),
        _ => a == b,
    }
}

/// The entries of a bucket or a slot. Each has a byte at least, so they have an end in any bytes.
#[derive(Clone, Debug)]
pub(super) struct Entries<'a> {
    bucket: Bucket<'a>,
    next: usize,
    end: usize,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        let (from, width, payload) = (self.next, self.bucket.width, self.bucket.payload);
        let bytes = payload.get(from..self.end)?;
        let len = usize::from(*bytes.first()?);
        let (text, long, text_len) = if len < LONG {
            (bytes.get(1..1 + len)?, None, 1 + len)
        } else {
            let long = Long { link: u32_at(bytes, 1), skip: u32_at(bytes, 5) };
            (long.text(payload), Some(long), LONG_LEN)
        };
        let len = text_len + width;
        if len > bytes.len() {
            return None;
        }
        self.next += len;
        Some(Entry { at: from, len, text, long, value: value_at(payload, from + text_len, width) })
    }
}

#[inline]
fn value_at(payload: &[u8], at: usize, width: usize) -> u64 {
    let mut raw = [0; 8];
    if let (Some(from), Some(to)) = (payload.get(at..at + width), raw.get_mut(..width)) {
        to.copy_from_slice(from);
    }
    u64::from_le_bytes(raw)
}

/// Writes the value of an entry that has room for it.
pub(super) fn put_value(payload: &mut [u8], entry_end: usize, width: usize, value: u64) {
    put(payload, entry_end - width, value.to_le_bytes().get(..width).unwrap_or_default());
}

/// An entry on its way into a bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    /// Its text; of one that has a block, empty.
    pub text: &'a [u8],
    /// Where it goes, if it is long.
    pub long: Option<Long>,
    pub value: u64,
}

impl<'a> Item<'a> {
    /// A new one, which has no block yet.
    pub fn new(text: &'a [u8], value: u64) -> Self {
        Self { text, long: (text.len() >= LONG).then(Long::default), value }
    }

    /// The text, wherever it is.
    pub fn text<'b>(&self, payload: &'b [u8]) -> &'b [u8]
    where
        'a: 'b,
    {
        match self.long {
            Some(long) if long.link > 0 => long.text(payload),
            _ => self.text,
        }
    }

    /// Without its first bytes, which the path takes over.
    pub fn strip(&mut self, len: usize) {
        self.text = self.text.get(len..).unwrap_or_default();
        if let Some(long) = &mut self.long {
            long.skip = long.skip.saturating_add(len as u32);
        }
    }

    /// Bytes that its entry takes.
    pub fn entry_len(&self, width: usize) -> usize {
        width + if self.long.is_some() { LONG_LEN } else { 1 + self.text.len() }
    }

    fn write(&self, payload: &mut [u8], at: usize, width: usize) {
        match self.long {
            Some(long) => {
                put(payload, at, &[LONG as u8]);
                put_u32(payload, at + 1, long.link);
                put_u32(payload, at + 5, long.skip);
            }
            None => {
                put(payload, at, &[self.text.len() as u8]);
                put(payload, at + 1, self.text);
            }
        }
        put_value(payload, at + self.entry_len(width), width, self.value);
    }
}

/// The entries of a bucket that is to be made anew; `copy` are its bytes, from the first entry on.
pub(super) fn items<'a>(bucket: &Bucket<'_>, copy: &'a [u8]) -> Vec<Item<'a>> {
    let start = bucket.entries_start();
    let item = |entry: Entry<'_>| Item {
        text: match entry.long {
            None => copy
                .get(entry.at - start + 1..)
                .and_then(|text| text.get(..entry.text.len()))
                .unwrap_or_default(),
            Some(_) => &[],
        },
        long: entry.long,
        value: entry.value,
    };
    bucket.entries().map(item).collect()
}

/// A bucket to be written: its shape by its entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub width: usize,
    slot_bits: u32,
    len: usize,
}

impl Plan {
    /// # Errors
    /// [`Error::Field`](crate::Error::Field) when they are more than any bucket has: the bytes were damaged.
    pub fn of(items: &[Item<'_>]) -> Result<Self> {
        let width = items.iter().map(|item| width_of(item.value)).max().unwrap_or_default();
        let entries_len = items.iter().map(|item| item.entry_len(width)).sum::<usize>();
        if entries_len > usize::from(u16::MAX) || items.len() > usize::from(u16::MAX) {
            return Err(damaged("bucket", items.len()));
        }
        let slot_bits = slot_bits_for(items.len());
        Ok(Self { width, slot_bits, len: HEAD_LEN + (2 << slot_bits) + entries_len })
    }

    /// Units that it takes.
    pub fn units(&self) -> u32 {
        arena::units_for(self.len)
    }

    /// Writes the bucket of these very entries.
    pub fn write(&self, payload: &mut [u8], block: Block, is_hybrid: bool, items: &[Item<'_>], seed: u64) {
        let mask = (1_usize << self.slot_bits) - 1;
        let slot_of = |item: &Item<'_>, payload: &[u8]| slot_hash(item.text(payload), seed) as usize & mask;
        let slots: Vec<u16> = items.iter().map(|item| slot_of(item, payload) as u16).collect();
        let mut ends = alloc::vec![0_u16; mask + 2];
        for (item, slot) in items.iter().zip(&slots) {
            ends[usize::from(*slot) + 1] += item.entry_len(self.width) as u16;
        }
        for i in 1..ends.len() {
            ends[i] += ends[i - 1];
        }
        let start = at(block.link);
        let kind = if is_hybrid { HYBRID } else { PURE };
        put(payload, start, &[kind, self.width as u8 | (self.slot_bits as u8) << 4]);
        put(payload, start + 2, &(block.units as u16).to_le_bytes());
        put(payload, start + 4, &(items.len() as u16).to_le_bytes());
        for (i, end) in ends.iter().enumerate() {
            put(payload, start + HEAD_LEN - 2 + 2 * i, &end.to_le_bytes());
        }
        let entries = start + HEAD_LEN + (2 << self.slot_bits);
        for (item, slot) in items.iter().zip(&slots) {
            let next = &mut ends[usize::from(*slot)];
            item.write(payload, entries + usize::from(*next), self.width);
            *next += item.entry_len(self.width) as u16;
        }
    }
}

/// Whether one more entry goes into the bucket where it is.
pub(super) fn fits(bucket: &Bucket<'_>, item: &Item<'_>) -> bool {
    width_of(item.value) <= bucket.width
        && bucket.count < LOAD << bucket.slot_bits
        && bucket.used_len() + item.entry_len(bucket.width) <= at(bucket.block.units)
}

/// Units of a larger block into which the bucket may go as it is, with one more entry: `None` where it is to be made anew.
pub(super) fn grown(bucket: &Bucket<'_>, item: &Item<'_>) -> Option<u32> {
    let same = width_of(item.value) <= bucket.width && bucket.count < LOAD << bucket.slot_bits;
    same.then(|| arena::units_for(bucket.used_len() + item.entry_len(bucket.width)))
}

/// Copies a bucket into a larger block.
pub(super) fn relocate(payload: &mut [u8], from: Block, to: Block, used: usize) {
    let start = at(from.link);
    if start + used <= payload.len() && at(to.link) + used <= payload.len() {
        payload.copy_within(start..start + used, at(to.link));
        put(payload, at(to.link) + 2, &(to.units as u16).to_le_bytes());
    }
}

/// Puts an entry into the bucket at `link`, which has room for it.
pub(super) fn insert(payload: &mut [u8], link: u32, item: &Item<'_>, hash: u32) {
    let Some(bucket) = Bucket::open(payload, link) else { return };
    let (slot, start, len) = (bucket.slot(hash), bucket.entries_start(), item.entry_len(bucket.width));
    let (width, count, used) = (bucket.width, bucket.count, start + bucket.entries_len());
    let place = start + usize::from(u16_at(payload, at(link) + HEAD_LEN + 2 * slot));
    if place > used || used + len > payload.len() {
        return;
    }
    payload.copy_within(place..used, place + len);
    item.write(payload, place, width);
    shift_ends(payload, at(link) + HEAD_LEN + 2 * slot, start, len as u16);
    put(payload, at(link) + 4, &(count as u16 + 1).to_le_bytes());
}

/// Takes an entry out of a bucket that holds it. Returns how many are left.
pub(super) fn remove(payload: &mut [u8], link: u32, entry_at: usize, len: usize) -> usize {
    let Some(bucket) = Bucket::open(payload, link) else { return 0 };
    let (start, used) = (bucket.entries_start(), bucket.entries_start() + bucket.entries_len());
    let (offset, left) = (entry_at.wrapping_sub(start), bucket.count.saturating_sub(1));
    let slots = 1 << bucket.slot_bits;
    if entry_at < start || entry_at + len > used || used > payload.len() {
        return left;
    }
    payload.copy_within(entry_at + len..used, entry_at);
    let table = at(link) + HEAD_LEN;
    let slot =
        (0..slots).find(|slot| usize::from(u16_at(payload, table + 2 * slot)) > offset).unwrap_or(slots);
    shift_ends(payload, table + 2 * slot, start, (len as u16).wrapping_neg());
    put(payload, at(link) + 4, &(left as u16).to_le_bytes());
    left
}

/// Adds to the ends of slots from the one at `from` to the first entry.
fn shift_ends(payload: &mut [u8], from: usize, entries_start: usize, by: u16) {
    for end in payload.get_mut(from..entries_start).unwrap_or_default().as_chunks_mut().0 {
        *end = u16::from_le_bytes(*end).wrapping_add(by).to_le_bytes();
    }
}

const _: () = assert!(HEAD_LEN.is_multiple_of(2) && HEAD_LEN < UNIT);
