//! The core: what is done to one word that many write. All else is where the word is, and what is asked of it.
//!
//! `tests/loom` compiles this very file with loom's atomics in the place of the processor's, and tries every interleaving.
//! Hence the two names from `super`.

use super::{AtomicU64, Ordering::Relaxed};

/// The word as a number: its bytes are little-endian, whatever the processor's are.
#[inline(always)]
pub(crate) fn load(word: &AtomicU64) -> u64 {
    u64::from_le(word.load(Relaxed))
}

/// Sets the bits of `mask`. True when one of them was not set before; else nothing is written.
///
/// Bits are never taken away: one that a load saw is in every later value.
#[inline(always)]
pub(crate) fn or(word: &AtomicU64, mask: u64) -> bool {
    load(word) & mask != mask && u64::from_le(word.fetch_or(mask.to_le(), Relaxed)) & mask != mask
}

/// Makes the word what `next` says of it, unless that is what it is. What it was, and what it is now.
///
/// Where another wrote in between, `next` is asked again, of what is there then: so it counts what the other did.
#[inline(always)]
pub(crate) fn update(word: &AtomicU64, mut next: impl FnMut(u64) -> u64) -> (u64, u64) {
    let mut old = load(word);
    loop {
        let new = next(old);
        if new == old {
            return (old, new);
        }
        match word.compare_exchange_weak(old.to_le(), new.to_le(), Relaxed, Relaxed) {
            Ok(_) => return (old, new),
            Err(found) => old = u64::from_le(found),
        }
    }
}

/// Adds to the word, round the end. What it was.
#[inline(always)]
pub(crate) fn add(word: &AtomicU64, number: u64) -> u64 {
    // Processors add host words. Where those are little-endian it is one operation, which nobody can hold up.
    match cfg!(target_endian = "little") {
        true => word.fetch_add(number, Relaxed),
        false => update(word, |old| old.wrapping_add(number)).0,
    }
}
