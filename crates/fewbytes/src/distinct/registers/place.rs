//! Where a hash goes: its register, and the rank that it offers.

use super::max_rank;

/// Register and rank of a hash.
#[inline(always)]
pub(crate) fn place(hash: u64, precision: u32) -> (usize, u8) {
    place_in(hash, precision, 1 << precision)
}

/// [`place`] where 2^`precision` is at hand.
#[inline(always)]
pub(super) fn place_in(hash: u64, precision: u32, len: usize) -> (usize, u8) {
    // The bits that pick the register go to the lower end: one instruction, where two shifts are two.
    let turned = hash.rotate_left(precision);
    // The highest of them, set, ends the run where the rest is all zeros.
    let rest = turned | len as u64 >> 1;
    (turned as usize & (len - 1), rest.leading_zeros() as u8 + 1)
}

/// The bits of a hash of which one at least is set where its rank is at most `floor`.
pub(super) const fn floor_mask(floor: u8, precision: u32) -> u64 {
    !(u64::MAX >> floor) >> precision
}

/// Register and rank after folding from `precision` to `lower`: bits that picked the register go to the rank. A damaged rank,
/// past the last one, stays the last one.
#[inline]
pub(super) fn fold_place(register: usize, rank: u8, precision: u32, lower: u32) -> (usize, u8) {
    let dropped = precision - lower;
    let moved = register & ((1 << dropped) - 1);
    let rank = match moved {
        _ if rank == 0 => 0,
        0 => rank.saturating_add(dropped as u8).min(max_rank(lower)),
        // `moved` has `dropped` bits: the rank is the place of its first one among those.
        _ => (dropped - moved.ilog2()) as u8,
    };
    (register >> dropped, rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folding one hash's place gives the hash's place at the lower precision, for every shape of hash.
    #[test]
    fn folding_a_place_is_placing_the_hash() {
        let hashes = (0..64).flat_map(|i| [1u64 << i, u64::MAX >> i, 0x9e37_79b9_7f4a_7c15 >> i, 0]);
        for hash in hashes {
            for precision in 4..=18 {
                let (register, rank) = place(hash, precision);
                for lower in 4..=precision {
                    assert_eq!(fold_place(register, rank, precision, lower), place(hash, lower), "{hash:x}");
                }
            }
        }
        assert_eq!(fold_place(0b1_0011, 0, 14, 10), (1, 0), "an empty register stays empty");
        assert_eq!(fold_place(0, u8::MAX, 14, 10), (0, max_rank(10)), "a damaged one is a rank");
    }

    /// The mask tells exactly the hashes whose rank is at most the floor.
    #[test]
    fn the_floor_is_one_test_of_the_hash() {
        let hashes = (0..64).flat_map(|i| [1u64 << i, u64::MAX >> i, 0x9e37_79b9_7f4a_7c15 >> i, 0]);
        for hash in hashes {
            for precision in 4..=18 {
                let (_, rank) = place(hash, precision);
                for floor in 0..max_rank(precision) {
                    let skipped = hash & floor_mask(floor, precision) != 0;
                    assert_eq!(skipped, rank <= floor, "{hash:x} at {floor}");
                }
                // A hash without a one has the last rank: it looks at its register, and finds it full.
                let last = max_rank(precision);
                assert_eq!(hash & floor_mask(last, precision) != 0, rank < last);
            }
        }
    }
}
