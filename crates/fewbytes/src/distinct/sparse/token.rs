//! What is kept of a hash: 32 bits that tell register and rank at any precision up to 18.

use crate::Sigmas;

/// Bits of a token after the ones that are always the hash's own.
const LAST: u32 = 6;
/// Where the last bits stand for a rank: bits 18 to 25 of the hash are all zeros.
const RANKED: u32 = 0xff << LAST;
/// Leading zeros in the hash's last 38 bits are 0 to 38; one more is written, so that no token is 0.
const MOST_ZEROS: u32 = 38;

/// The token of a hash: its first 32 bits. A register's rank is in those, unless the bits from the precision on to bit 25
/// are all zeros. Then the last six bits of the token are not the hash's own but one more than the number of zeros that
/// begin the hash's last 38 bits, and so the rank goes on.
///
/// That is asked of bits 18 to 25, 18 being the largest precision: one rule for all precisions, and a token of one is a
/// token of the others. (HLL++ keeps 25 bits, and asks for its own precision's.)
#[inline]
pub(crate) fn token(hash: u64) -> u32 {
    let first = (hash >> 32) as u32;
    if first & RANKED != 0 {
        return first;
    }
    // The bit below the last 38 ends the run where they are all zeros.
    let rest = hash << 26 | 1 << 25;
    first >> LAST << LAST | (rest.leading_zeros() + 1)
}

/// Some hash whose token this is: it has the same register and rank as every other one, at every precision.
pub(crate) fn hash_of(token: u32) -> u64 {
    if token & RANKED != 0 {
        // What follows the token does not matter.
        return u64::from(token) << 32;
    }
    let zeros = (token & ((1 << LAST) - 1)).saturating_sub(1);
    let bit = if zeros < MOST_ZEROS { 1 << (MOST_ZEROS - 1 - zeros) } else { 0 };
    u64::from(token >> LAST) << MOST_ZEROS | bit
}

/// Whether a hash can have this token.
pub(crate) fn is_token(bits: u32) -> bool {
    bits & RANKED != 0 || (1..=MOST_ZEROS + 1).contains(&(bits & ((1 << LAST) - 1)))
}

/// Expected number of different items that have the token of another one, where there are `tokens` different tokens.
///
/// Two hashes have the same token with the chance *(255/256 + 1/12) 2^-32*: 255 in 256 tokens are 32 bits, the others 26
/// bits and a rank, which two hashes share one time in three. *t* items are *t² / 2* pairs.
pub(crate) fn missed(tokens: usize) -> f64 {
    const SAME: f64 = (255.0 / 256.0 + 1.0 / 12.0) / 4_294_967_296.0;
    let tokens = tokens as f64;
    tokens * (tokens - 1.0).max(0.0) / 2.0 * SAME
}

/// The number of such items that there are not more of, as often as `sigmas` say: a quantile of the Poisson number of that
/// mean.
pub(crate) fn missed_at_most(tokens: usize, sigmas: Sigmas) -> f64 {
    let mean = missed(tokens);
    let sure = libm::erf(sigmas.count() * core::f64::consts::FRAC_1_SQRT_2);
    let (mut items, mut chance, mut sum) = (0.0, libm::exp(-mean), 0.0);
    // The chances fall fast: the mean is below 1 wherever tokens are few enough to be kept.
    loop {
        sum += chance;
        if sum >= sure || chance == 0.0 {
            return items;
        }
        items += 1.0;
        chance *= mean / items;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes() -> impl Iterator<Item = u64> {
        let shapes = (0..64).flat_map(|i| [1_u64 << i, u64::MAX >> i, 0x9e37_79b9_7f4a_7c15 >> i, 0]);
        shapes.flat_map(|hash| [hash, hash ^ 1 << 63, hash | 0x3fff << 50, hash.rotate_left(18), hash << 20])
    }

    /// First `precision` bits, and the place of the first one bit after them.
    fn place(hash: u64, precision: u32) -> (u64, u32) {
        (hash >> (64 - precision), (hash << precision).leading_zeros().min(64 - precision) + 1)
    }

    #[test]
    fn a_token_says_register_and_rank_at_every_precision() {
        for hash in hashes() {
            let token = token(hash);
            assert!(is_token(token) && token != 0, "{hash:x}");
            assert_eq!(super::token(hash_of(token)), token, "{hash:x}");
            for precision in 4..=18 {
                assert_eq!(
                    place(hash_of(token), precision),
                    place(hash, precision),
                    "{hash:x} at {precision}"
                );
            }
        }
    }

    #[test]
    fn what_no_hash_has_is_no_token() {
        assert!(!is_token(0) && !is_token(40) && !is_token(0xffff_c000) && is_token(39) && is_token(64));
    }

    /// Of a few thousand, none; of 50,000, a third of one: so says the sum over all pairs of tokens.
    #[test]
    fn few_items_are_missed() {
        assert_eq!(missed(0), 0.0);
        assert_eq!(missed(1), 0.0);
        assert_eq!((missed(50_000) * 1000.0).round(), 314.0);
        for sigmas in [Sigmas::One, Sigmas::Two, Sigmas::Three] {
            assert_eq!(missed_at_most(0, sigmas), 0.0);
            assert_eq!(missed_at_most(4000, sigmas), 0.0);
        }
        assert_eq!(
            [Sigmas::One, Sigmas::Two, Sigmas::Three].map(|s| missed_at_most(50_000, s)),
            [0.0, 1.0, 3.0]
        );
        assert!(missed_at_most(u32::MAX as usize, Sigmas::Three).is_finite());
    }
}
