//! [`BinaryFuseBuilder`]: gathers the hashes, and builds shard after shard.

use super::gather::{Gathered, Runs, reserve_exact};
use super::peel::{ATTEMPTS, MOST_KEYS, Peeler};
use super::shape::{Shape, shards_for, slots_for};
use super::{
    BinaryFuseFilter, FINGERPRINT_BITS, FINGERPRINT_BITS_FIELD, FORMAT, ITEM_LEN, SEGMENT_LEN, SHARD_LEN,
    SLOT_LEN,
};
use crate::entry::{Builder, Sketch};
use crate::hash::{hash, try_in_batches, try_u64s_in_batches};
use crate::layout::Frame;
use crate::{Error, Items, Result};
use alloc::{boxed::Box, vec::Vec};

/// Takes the items of a [`BinaryFuseFilter`], in any order and any number of times, and builds it when all are there.
///
/// It keeps a hash of each, repeated ones too: 64 bits an item and at most 8 MiB. [`finish`](Self::finish) takes the
/// filter's own bytes besides, and some 20 bytes for each of the 2^18 to 2^19 items of a shard.
pub struct BinaryFuseBuilder {
    bits: u32,
    seed: u64,
    gathered: Gathered,
}

impl BinaryFuseBuilder {
    /// A builder that has no item yet, of a filter with fingerprints of `bits` bits.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `bits` is neither 8 nor 16.
    pub fn new(bits: u32, seed: u64) -> Result<Self> {
        FINGERPRINT_BITS.check_whole(bits.into())?;
        Ok(Self { bits, seed, gathered: Gathered::default() })
    }

    /// The seed of the hash.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Takes one item.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for its hash can't be had.
    pub fn insert(&mut self, item: impl AsRef<[u8]>) -> Result<()> {
        self.insert_hash(hash(item.as_ref(), self.seed))
    }

    /// Takes one item by its [`hash`] under the filter's seed.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn insert_hash(&mut self, hash: u64) -> Result<()> {
        self.gathered.take(&[hash])
    }

    /// Takes many items by their hashes.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for them can't be had.
    pub fn insert_hashes(&mut self, hashes: &[u64]) -> Result<()> {
        self.gathered.take(hashes)
    }

    /// Takes many items.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for their hashes can't be had.
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, items: I) -> Result<()> {
        try_in_batches(items, self.seed, |hashes| self.gathered.take(hashes))
    }

    /// Takes many numbers, each an item of eight little-endian bytes: faster than as bytes.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for their hashes can't be had.
    pub fn insert_u64s(&mut self, numbers: &[u64]) -> Result<()> {
        try_u64s_in_batches(numbers, self.seed, |hashes| self.gathered.take(hashes))
    }

    /// The filter of all items that came.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for it can't be had; [`Error::Parameter`] when hashes were given that are not
    /// spread as those of [`hash`] are.
    pub fn finish(self) -> Result<BinaryFuseFilter> {
        let runs = self.gathered.sorted()?;
        let shape = shape_of(&runs)?;
        let width = self.bits / 8;
        let payload_len = u64::from(shape.shard_len) * (u64::from(shape.slot_len * width) + 1);
        let mut frame = Frame::new(&FORMAT, self.seed, payload_len)?;
        ITEM_LEN.set(frame.bytes_mut(), runs.len());
        SHARD_LEN.set(frame.bytes_mut(), shape.shard_len);
        SLOT_LEN.set(frame.bytes_mut(), shape.slot_len);
        SEGMENT_LEN.set(frame.bytes_mut(), shape.segment_len);
        FINGERPRINT_BITS_FIELD.set(frame.bytes_mut(), self.bits);
        match width {
            1 => fill::<1>(&shape, &runs, frame.payload_mut())?,
            _ => fill::<2>(&shape, &runs, frame.payload_mut())?,
        }
        BinaryFuseFilter::with_frame(frame)
    }
}

/// Shards and slots for these hashes.
fn shape_of(hashes: &Runs) -> Result<Shape> {
    let len = hashes.len();
    let shards = shards_for(len);
    let shard_len = u32::try_from(shards).map_err(|_| uneven())?;
    let shape = Shape { shard_len, slot_len: 0, segment_len: 0 };
    let (mut most, mut before) = (0, 0);
    for shard in 1..=shard_len {
        let through = hashes.less_than(shape.first_hash(shard));
        most = (through - before).max(most);
        before = through;
    }
    // Of hashes, the fullest shard has some three standard deviations more than the mean.
    if shard_len > 1 && most > len / shards * 2 || most > MOST_KEYS {
        return Err(uneven());
    }
    let (slots, segment) = slots_for(most);
    Ok(Shape { slot_len: slots as u32, segment_len: segment as u32, ..shape })
}

/// Writes every shard's fingerprints, and after all of them the try of each.
fn fill<const WIDTH: usize>(shape: &Shape, hashes: &Runs, payload: &mut [u8]) -> Result<()> {
    let table_len = shape.slot_len as usize * WIDTH;
    let (tables, attempts) = payload.split_at_mut(table_len * shape.shard_len as usize);
    let mut peeler = Peeler::new(shape)?;
    let mut hashes = hashes.iter().peekable();
    let mut keys = Vec::new();
    reserve_exact(&mut keys, shape.slot_len as usize)?; // More slots than keys.
    for (shard, attempt) in attempts.iter_mut().enumerate() {
        keys.clear();
        while let Some(hash) = hashes.next_if(|hash| shape.shard(*hash).0 == shard) {
            keys.push(hash);
        }
        let table = &mut tables[shard * table_len..][..table_len];
        *attempt = (0..ATTEMPTS)
            .find(|attempt| peeler.fill::<WIDTH>(shape, &keys, *attempt, table))
            .ok_or_else(uneven)?;
    }
    Ok(())
}

#[cold]
fn uneven() -> Error {
    let found = "numbers that are unevenly spread";
    Error::parameter("hashes", "hashes of items, such as `hash::hash` gives", found)
}

impl Builder for BinaryFuseBuilder {
    fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
        self.insert_all(items)
    }

    fn finish(self: Box<Self>) -> Result<Box<dyn Sketch>> {
        Ok(Box::new((*self).finish()?))
    }
}
