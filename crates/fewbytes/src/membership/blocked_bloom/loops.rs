//! What is done to a filter's blocks, one item at a time and many, for every form. `dispatch` compiles these for the
//! processor's vectors: they are inlined there, and have to be plain enough to become vectors.

use super::form::Form;
use crate::prefetch::prefetch;

/// Items for whose block is asked before it is needed: as many lines as a usual core waits for at once.
const AHEAD: usize = 16;

/// Bytes that are near enough to be read without asking first: half of a usual second-level cache.
const NEAR: usize = 1 << 19;

#[inline(always)]
fn ask<F: Form>(bits: &[u8], hash: u64) {
    let place = F::place(hash, F::blocks(bits).len());
    prefetch(bits, place * size_of::<F::Block>());
}

/// Sets an item's bits. True when one of them was not set before.
#[inline(always)]
pub(super) fn insert_hash<F: Form>(bits: &mut [u8], hash: u64) -> bool {
    let blocks = F::blocks_mut(bits);
    let place = F::place(hash, blocks.len());
    blocks.get_mut(place).is_some_and(|block| F::add(block, hash))
}

/// Whether all of an item's bits are set.
#[inline(always)]
pub(super) fn contains_hash<F: Form>(bits: &[u8], hash: u64) -> bool {
    let blocks = F::blocks(bits);
    blocks.get(F::place(hash, blocks.len())).is_some_and(|block| F::has(block, hash))
}

/// The hashes that have one `AHEAD` after them to ask for; the first `AHEAD` were asked for. None where memory is near.
#[inline(always)]
fn asked<'a, F: Form>(bits: &[u8], hashes: &'a [u64]) -> &'a [u64] {
    match hashes.get(AHEAD..) {
        Some(ahead) if bits.len() > NEAR => {
            hashes[..AHEAD].iter().for_each(|hash| ask::<F>(bits, *hash));
            ahead
        }
        _ => &[],
    }
}

#[inline(always)]
pub(super) fn insert_hashes<F: Form>(bits: &mut [u8], hashes: &[u64]) {
    let ahead = asked::<F>(bits, hashes);
    for (next, hash) in ahead.iter().zip(hashes) {
        ask::<F>(bits, *next);
        insert_hash::<F>(bits, *hash);
    }
    for hash in &hashes[ahead.len()..] {
        insert_hash::<F>(bits, *hash);
    }
}

#[inline(always)]
pub(super) fn contains_hashes<F: Form>(bits: &[u8], hashes: &[u64], found: &mut [bool]) {
    let len = hashes.len().min(found.len());
    let (hashes, found) = (&hashes[..len], &mut found[..len]);
    let ahead = asked::<F>(bits, hashes);
    let (first, rest) = found.split_at_mut(ahead.len());
    for ((next, hash), found) in ahead.iter().zip(hashes).zip(first) {
        ask::<F>(bits, *next);
        *found = contains_hash::<F>(bits, *hash);
    }
    // Not `skip`: its counter then waits for each answer.
    for (hash, found) in hashes[ahead.len()..].iter().zip(rest) {
        *found = contains_hash::<F>(bits, *hash);
    }
}
