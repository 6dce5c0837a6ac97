//! The items of a small set themselves, as far as a HyperLogLog of any precision would look at them.
//!
//! A hash becomes a [`token`](token()) of 32 bits, which says register and rank at every precision. Tokens lie in one of
//! two forms behind their number, a `u32`: a [`table`] that takes more of them, and [`packed`], the fewest bytes.

pub(super) mod packed;
pub(super) mod table;
mod token;

use token::is_token;
pub(super) use token::{hash_of, missed, missed_at_most, token};

use crate::layout::Scalar;

/// Bytes before the tokens: their number.
pub(super) const COUNT_LEN: usize = 4;

/// The number of tokens that a payload says it has.
#[inline]
pub(super) fn count(payload: &[u8]) -> usize {
    u32::read(payload) as usize
}

fn set_count(payload: &mut [u8], count: usize) {
    (count as u32).write(payload);
}
