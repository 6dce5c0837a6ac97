//! Rows of counters that items share: which counter is an item's, and how far others raise it.

use super::register::toss;
use crate::Sigmas;

/// An item's counter among `width`: the hash scaled by a multiplication instead of a division.
#[inline]
pub(super) fn place(hash: u64, width: u64) -> u64 {
    ((u128::from(hash) * u128::from(width)) >> 64) as u64
}

/// An item's counter in each of `depth` rows of `width`, counted from the start of the first row.
///
/// Row *i* takes the *i*-th number of SplitMix64 begun at the item's hash: each is a mix of all 64 bits, and a stream of
/// them passes for random, so whether two items meet in one row says nothing of whether they meet in another.
#[inline]
pub(super) fn places(mut hash: u64, width: u64, depth: u32) -> impl Iterator<Item = usize> {
    (0..u64::from(depth)).map(move |row| (row * width + place(toss(&mut hash), width)) as usize)
}

/// The chance that the truth is out of bounds so wide: two-sided normal tails.
const fn miss(sigmas: Sigmas) -> f64 {
    match sigmas {
        Sigmas::One => 0.317,
        Sigmas::Two => 0.0455,
        Sigmas::Three => 0.0027,
    }
}

/// Events of others that a count may hold, the least of `depth` rows, but for the chance that `sigmas` leave.
///
/// In one row others bring *N/w* events on average, and more than *t* with the chance *N/(w t)* at most (Markov); in all
/// *d* rows with *(N/(w t))^d*. At *t = e N/w* that is *e^-d*: Cormode and Muthukrishnan's *ε* and *δ*.
///
/// This is *t* as a share of *N*, which a structure computes once.
pub(super) fn others(width: u64, depth: u32, sigmas: Sigmas) -> f64 {
    libm::pow(miss(sigmas), -1.0 / f64::from(depth)) / width as f64
}
