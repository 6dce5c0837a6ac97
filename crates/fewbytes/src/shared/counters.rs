//! Counters in words that many write, and the coin and the number of events before them.

use super::AtomicU64;
use super::atomics::{add, load, update};
use super::words::lane;
use crate::counting::register::TOSS;
use crate::counting::store::{Store, Whole};

/// The shift and the bits of counter `i`, and its word.
#[inline(always)]
fn place<T: Whole>(words: &[AtomicU64], i: usize) -> Option<(&AtomicU64, usize, usize)> {
    let (per_word, bits) = (8 / T::WIDTH, 8 * T::WIDTH);
    words.get(i / per_word).map(|word| (word, i % per_word * bits, bits))
}

/// A place beyond them holds 0, and stays so: that is of storage which changed its length.
impl Store for &[AtomicU64] {
    #[inline(always)]
    fn get<T: Whole>(&self, i: usize) -> u64 {
        place::<T>(self, i).map_or(0, |(word, shift, bits)| load(word) >> shift & u64::MAX >> (64 - bits))
    }

    #[inline(always)]
    fn update<T: Whole>(&mut self, i: usize, mut next: impl FnMut(u64) -> u64) -> (u64, u64) {
        let Some((word, shift, bits)) = place::<T>(self, i) else { return (0, 0) };
        let number = |word: u64| word >> shift & u64::MAX >> (64 - bits);
        let (old, new) = update(word, |old| lane(old, shift, bits, T::of(next(number(old))).count()));
        (number(old), number(new))
    }
}

/// Counts `events` more in the number of all, which does not go round. Whoever asks in between finds them too many, never
/// too few: they are counted here first.
pub(super) fn count(words: &[AtomicU64], events: u64) {
    if let Some(word) = words.get(1) {
        update(word, |all| all.saturating_add(events));
    }
}

/// Number of all events.
pub(super) fn event_len(words: &[AtomicU64]) -> u64 {
    words.get(1).map_or(0, load)
}

/// The coin for as many tosses as there are, which nobody else has: its state goes up by a constant with each toss, so one
/// addition takes any number of them.
pub(super) fn tosses(words: &[AtomicU64], len: u64) -> u64 {
    words.first().map_or(0, |word| add(word, TOSS.wrapping_mul(len)))
}
