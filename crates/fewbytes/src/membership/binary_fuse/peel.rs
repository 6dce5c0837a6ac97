//! Finds the fingerprints of a shard: the four of every key must come to the key's own.
//!
//! A slot that only one key uses can be given last, whatever the other three hold. So keys are taken away one by one, each
//! with a slot that it has for itself, and slots are given in the opposite order. It may be that keys are left and no slot
//! has one of them alone; then another try places them otherwise.

use super::gather::reserve_exact;
use super::shape::{ARITY, Shape};
use crate::Result;
use alloc::vec::Vec;

/// Tries until the keys are said to be no hashes: of hashes, most shards need one.
pub(super) const ATTEMPTS: u8 = 100;

/// Lower bits of a cell, for keys.
const KEY_BITS: u32 = 24;
const KEYS: u32 = (1 << KEY_BITS) - 1;
const ONE: u32 = 1 << KEY_BITS;

/// Keys that a shard may have: their numbers are below 2^24.
pub(super) const MOST_KEYS: u64 = 1 << KEY_BITS;

/// Room to find a shard's fingerprints in, used again from shard to shard.
#[derive(Default)]
pub(super) struct Peeler {
    /// For each slot how many keys use it, in the upper 8 bits, and the exclusive or of their numbers in the others.
    cells: Vec<u32>,
    /// Slots that have one key, as they are found. Those that were looked at make room for the keys that were taken away:
    /// a key's number, and above it which of its places was its own.
    queue: Vec<u32>,
}

impl Peeler {
    /// Room for shards of that shape.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn new(shape: &Shape) -> Result<Self> {
        let slots = shape.slot_len as usize;
        // One more than there are slots: a slot is written before it is known whether it counts.
        Ok(Self { cells: zeros(slots)?, queue: zeros(slots + 1)? })
    }

    /// Writes fingerprints of `WIDTH` bytes for `keys`, different hashes of one shard, into `table`, which is zero. False
    /// when this try fails; `table` is as it was then.
    pub fn fill<const WIDTH: usize>(
        &mut self,
        shape: &Shape,
        keys: &[u64],
        attempt: u8,
        table: &mut [u8],
    ) -> bool {
        if !self.count(shape, keys, attempt) || self.peel(shape, keys, attempt) != keys.len() {
            return false;
        }
        for taken in self.queue[..keys.len()].iter().rev() {
            let hash = keys[(taken & KEYS) as usize];
            let places = shape.places(hash, shape.shard(hash).1, attempt);
            let held = places.slots.iter().fold(0, |all, slot| all ^ get::<WIDTH>(table, *slot as usize));
            // The slot itself is still zero.
            let own = places.slots[(taken >> KEY_BITS) as usize % ARITY];
            set::<WIDTH>(table, own as usize, held ^ places.fingerprint);
        }
        true
    }

    /// Counts the keys of every slot. False when one has more than a cell can count, which hashes don't come to.
    fn count(&mut self, shape: &Shape, keys: &[u64], attempt: u8) -> bool {
        self.cells.fill(0);
        let mut seen = 0;
        for (key, hash) in (0..).zip(keys) {
            for slot in shape.places(*hash, shape.shard(*hash).1, attempt).slots {
                let cell = &mut self.cells[slot as usize];
                *cell = cell.wrapping_add(ONE) ^ key;
                seen |= *cell;
            }
        }
        seen >> 31 == 0
    }

    /// Takes keys away while there is a slot that has one; returns how many it took.
    ///
    /// First in, first out: the next slot does not wait for what the last one changes. Last in, first out took 1.7 times
    /// as long.
    fn peel(&mut self, shape: &Shape, keys: &[u64], attempt: u8) -> usize {
        let (cells, queue) = (&mut self.cells[..], &mut self.queue[..]);
        let mut end = 0;
        for (slot, cell) in (0..).zip(&*cells) {
            queue[end] = slot;
            end += usize::from(cell >> KEY_BITS == 1);
        }
        let (mut front, mut taken) = (0, 0);
        while front < end {
            let slot = queue[front];
            front += 1;
            let cell = cells[slot as usize];
            // Another of its key's slots may have been first.
            if cell >> KEY_BITS != 1 {
                continue;
            }
            let key = cell & KEYS;
            let hash = keys[key as usize];
            let mut own = 0;
            for (which, place) in (0..).zip(shape.places(hash, shape.shard(hash).1, attempt).slots) {
                let cell = &mut cells[place as usize];
                *cell = cell.wrapping_sub(ONE) ^ key;
                own = if place == slot { which } else { own };
                // A slot comes here with one key at most once, so there is room.
                queue[end] = place;
                end += usize::from(*cell >> KEY_BITS == 1);
            }
            queue[taken] = key | own << KEY_BITS;
            taken += 1;
        }
        taken
    }
}

/// `len` zeros.
fn zeros(len: usize) -> Result<Vec<u32>> {
    let mut zeros = Vec::new();
    reserve_exact(&mut zeros, len)?;
    zeros.resize(len, 0);
    Ok(zeros)
}

/// The fingerprint in a slot; 0 beyond the table.
#[inline(always)]
pub(super) fn get<const WIDTH: usize>(table: &[u8], slot: usize) -> u16 {
    match WIDTH {
        1 => table.get(slot).map_or(0, |byte| u16::from(*byte)),
        _ => table.as_chunks().0.get(slot).map_or(0, |bytes| u16::from_le_bytes(*bytes)),
    }
}

/// Writes the lower bytes of a fingerprint into a slot.
#[inline(always)]
fn set<const WIDTH: usize>(table: &mut [u8], slot: usize, fingerprint: u16) {
    table[slot * WIDTH..][..WIDTH].copy_from_slice(&fingerprint.to_le_bytes()[..WIDTH]);
}
