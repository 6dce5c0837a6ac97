//! What is done to a filter's blocks, one item at a time and many, for every form. `dispatch` compiles these for the
//! processor's vectors: they are inlined there, and have to be plain enough to become vectors.

use super::form::Form;
use crate::prefetch::prefetch;

/// Items for whose block is asked before it is needed: as many lines as a usual core waits for at once.
const AHEAD: usize = 16;

/// Bytes that are near enough to be read without asking first: half of a usual second-level cache.
const NEAR: usize = 1 << 19;

/// Blocks where they are read: in bytes, or in words that many write.
pub(crate) trait Blocks<F: Form> {
    /// Bytes that they take.
    fn byte_len(&self) -> usize;

    /// Asks for the memory of an item's block.
    fn ask(&self, hash: u64);

    /// Whether all of an item's bits are set.
    fn has(&self, hash: u64) -> bool;
}

/// Blocks where they are written.
pub(crate) trait BlocksMut<F: Form>: Blocks<F> {
    /// Sets an item's bits. True when one of them was not set before.
    fn add(&mut self, hash: u64) -> bool;
}

impl<F: Form> Blocks<F> for [u8] {
    #[inline(always)]
    fn byte_len(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn ask(&self, hash: u64) {
        prefetch(self, F::place(hash, F::blocks(self).len()) * size_of::<F::Block>());
    }

    #[inline(always)]
    fn has(&self, hash: u64) -> bool {
        let blocks = F::blocks(self);
        blocks.get(F::place(hash, blocks.len())).is_some_and(|block| F::has(block, hash))
    }
}

impl<F: Form> BlocksMut<F> for [u8] {
    #[inline(always)]
    fn add(&mut self, hash: u64) -> bool {
        let blocks = F::blocks_mut(self);
        let place = F::place(hash, blocks.len());
        blocks.get_mut(place).is_some_and(|block| F::add(block, hash))
    }
}

/// Sets an item's bits. True when one of them was not set before.
#[inline(always)]
pub(super) fn insert_hash<F: Form, B: BlocksMut<F> + ?Sized>(bits: &mut B, hash: u64) -> bool {
    bits.add(hash)
}

/// Whether all of an item's bits are set.
#[inline(always)]
pub(super) fn contains_hash<F: Form, B: Blocks<F> + ?Sized>(bits: &B, hash: u64) -> bool {
    bits.has(hash)
}

/// The hashes that have one `AHEAD` after them to ask for; the first `AHEAD` were asked for. None where memory is near.
#[inline(always)]
fn asked<'a, F: Form, B: Blocks<F> + ?Sized>(bits: &B, hashes: &'a [u64]) -> &'a [u64] {
    match hashes.get(AHEAD..) {
        Some(ahead) if bits.byte_len() > NEAR => {
            hashes[..AHEAD].iter().for_each(|hash| bits.ask(*hash));
            ahead
        }
        _ => &[],
    }
}

#[inline(always)]
pub(super) fn insert_hashes<F: Form, B: BlocksMut<F> + ?Sized>(bits: &mut B, hashes: &[u64]) {
    let ahead = asked::<F, B>(bits, hashes);
    for (next, hash) in ahead.iter().zip(hashes) {
        bits.ask(*next);
        bits.add(*hash);
    }
    for hash in &hashes[ahead.len()..] {
        bits.add(*hash);
    }
}

#[inline(always)]
pub(super) fn contains_hashes<F: Form, B: Blocks<F> + ?Sized>(bits: &B, hashes: &[u64], found: &mut [bool]) {
    let len = hashes.len().min(found.len());
    let (hashes, found) = (&hashes[..len], &mut found[..len]);
    let ahead = asked::<F, B>(bits, hashes);
    let (first, rest) = found.split_at_mut(ahead.len());
    for ((next, hash), found) in ahead.iter().zip(hashes).zip(first) {
        bits.ask(*next);
        *found = bits.has(*hash);
    }
    // Not `skip`: its counter then waits for each answer.
    for (hash, found) in hashes[ahead.len()..].iter().zip(rest) {
        *found = bits.has(*hash);
    }
}
