//! One register: a byte that holds the largest rank and whether the two ranks below it came too.
//!
//! A register of value *r* holds the largest rank *u = r / 4*; bit 1 says that rank *u - 1* came, bit 0 that *u - 2* did.
//! The *ranks* of a register as a set are a `u64` in which rank *k* is bit *k + 2*, with the last two bits not used.
//!
//! There is no rank 0 that could come, but the set always has it. An empty register is then *u = 0* by the same rule as
//! any other, and nothing here asks whether one is empty.

/// Registers that hold rank 1 or 2 or none have something to say of rank 0 or -1, which no hash has.
pub(super) const RANK_1: u8 = 4 | 2;
/// Rank 2 alone.
pub(super) const RANK_2: u8 = 8 | 1;
/// Ranks 2 and 1.
pub(super) const RANKS_1_2: u8 = 8 | 2 | 1;

/// The largest rank of a hash of which `precision` bits pick the register: the rest of it was all zeros.
pub(super) const fn max_rank(precision: u32) -> u32 {
    65 - precision
}

/// Register and rank of a hash: its first bits, and the place of the first one bit of the rest.
#[inline]
pub(crate) fn place(hash: u64, precision: u32) -> (usize, u32) {
    let register = (hash >> (64 - precision)) as usize;
    // The bit below the last bit of the rest ends the run where the rest is all zeros.
    let rest = hash << precision | 1 << (precision - 1);
    (register, rest.leading_zeros() + 1)
}

/// The ranks that a register is known to have had, rank 0 among them where it shows.
#[inline]
const fn ranks(register: u8) -> u64 {
    (4 | (register & 3) as u64) << (register >> 2)
}

/// The register of these ranks and rank 0.
#[inline]
const fn register(ranks: u64) -> u8 {
    let ranks = ranks | 4;
    let largest = 61 - ranks.leading_zeros();
    // Shifted down to three bits, of which the first is set: hence less 4.
    (4 * largest + (ranks >> largest) as u32 - 4) as u8
}

/// The register after each rank, by what it was before.
///
/// Of its 16 KB a sketch uses a few lines at a time, near the ranks that are common now. Computing instead takes longer,
/// and so does asking first whether the register would change: which way that goes is a coin's toss while a sketch fills.
static AFTER: [[u8; 64]; 256] = {
    let mut after = [[0; 64]; 256];
    let mut before = 0;
    while before < 256 {
        let mut rank = 0;
        while rank <= max_rank(4) {
            after[before][rank as usize] = register(ranks(before as u8) | 4 << rank);
            rank += 1;
        }
        before += 1;
    }
    after
};

/// The register after `rank` came.
#[inline]
pub(crate) fn with_rank(before: u8, rank: u32) -> u8 {
    AFTER[usize::from(before)][rank as usize & 63]
}

/// The register that has had the ranks of both.
///
/// What `register(ranks(a) | ranks(b))` gives, in steps that are the same for all bytes and never leave the byte, so that
/// the compiler does 16 or more at once: the larger value, and of the smaller the bits that are within its reach.
#[inline]
pub(super) const fn union(a: u8, b: u8) -> u8 {
    let (larger, smaller) = if a > b { (a, b) } else { (b, a) };
    let ahead = (larger >> 2) - (smaller >> 2);
    let shown = match ahead {
        0 => smaller & 3,
        1 => 2 | smaller >> 1 & 1,
        2 => 1,
        _ => 0,
    };
    larger | shown
}

/// Whether a register can be so: no rank above the largest, and what is below rank 1 as it is written.
pub(super) const fn is_possible(value: u8, precision: u32) -> bool {
    let largest = value >> 2;
    match largest {
        0 => value == 0,
        1 => value == RANK_1,
        2 => value == RANK_2 || value == RANKS_1_2,
        _ => largest as u32 <= max_rank(precision),
    }
}

/// Register and value after folding from `precision` to `lower`, for the value of register `i`: bits that picked the
/// register go to the rank.
#[inline]
pub(super) const fn fold(i: usize, value: u8, precision: u32, lower: u32) -> (usize, u8) {
    let dropped = precision - lower;
    let moved = i & ((1 << dropped) - 1);
    let ranks = match moved {
        _ if value == 0 => 0,
        // The ranks go up by the zeros before them; rank 0 does not.
        0 => (ranks(value) & !7) << dropped,
        // `moved` has `dropped` bits: the rank is the place of its first one among those.
        _ => 4 << (dropped - moved.ilog2()),
    };
    (i >> dropped, register(ranks))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{collections::BTreeSet, vec::Vec};

    /// The register of a set of ranks, by the definition.
    fn naive(ranks: &BTreeSet<u32>) -> u8 {
        let Some(largest) = ranks.last().copied() else { return 0 };
        let came = |rank: u32| u8::from(rank == 0 || ranks.contains(&rank));
        let below = |by: u32| largest.checked_sub(by).map_or(0, came);
        4 * largest as u8 + 2 * below(1) + below(2)
    }

    /// All sets of ranks up to 6, and those sets far up.
    fn sets() -> Vec<BTreeSet<u32>> {
        let set = |bits: u32, up: u32| (0..6).filter(|i| bits >> i & 1 == 1).map(|i| i + 1 + up).collect();
        (0..64).flat_map(|bits| [0, 1, 50, 55].map(|up| set(bits, up))).collect()
    }

    #[test]
    fn registers_are_the_largest_rank_and_the_two_below() {
        for ranks in sets() {
            let mut value = 0;
            for rank in &ranks {
                value = with_rank(value, *rank);
            }
            assert_eq!(value, naive(&ranks), "{ranks:?}");
            for rank in ranks.iter().rev() {
                assert_eq!(with_rank(value, *rank), value, "{ranks:?} and {rank} again");
            }
            let down = ranks.iter().rev().fold(0, |value, rank| with_rank(value, *rank));
            assert_eq!(down, value, "{ranks:?} the other way");
            assert!(is_possible(value, 4));
        }
    }

    #[test]
    fn unions_are_of_the_ranks() {
        for a in sets() {
            for b in sets() {
                let both = a.union(&b).copied().collect();
                assert_eq!(union(naive(&a), naive(&b)), naive(&both), "{a:?} and {b:?}");
            }
        }
        // What no rank gives is joined too, to something.
        for (a, b) in (0..=u8::MAX).flat_map(|a| (0..=u8::MAX).map(move |b| (a, b))) {
            assert_eq!(union(a, b), union(b, a));
            assert_eq!(union(union(a, b), b), union(a, b));
        }
    }

    /// Folding a hash's place gives the hash's place at the lower precision, for every shape of hash.
    #[test]
    fn folding_a_register_is_placing_the_hash() {
        let hashes = (0..64).flat_map(|i| [1_u64 << i, u64::MAX >> i, 0x9e37_79b9_7f4a_7c15 >> i, 0]);
        let at = |hash, precision| {
            let (i, rank) = place(hash, precision);
            (i, with_rank(0, rank))
        };
        for hash in hashes {
            for precision in 4..=18 {
                let (i, value) = at(hash, precision);
                for lower in 4..=precision {
                    assert_eq!(fold(i, value, precision, lower), at(hash, lower), "{hash:x}");
                }
            }
        }
        assert_eq!(fold(0b1_0011, 0, 14, 10), (1, 0), "an empty register stays empty");
    }

    /// Any byte is taken, and gives a byte.
    #[test]
    fn impossible_registers_do_no_harm() {
        for value in 0..=u8::MAX {
            for rank in 1..=61 {
                let after = with_rank(value, rank);
                assert!(after >> 2 <= 61 && after >= 4);
            }
            for i in [0, 1, 1 << 13] {
                let _ = fold(i, value, 18, 4);
            }
            let possible = sets().iter().any(|ranks| naive(ranks) == value) || (12..=247).contains(&value);
            assert_eq!(is_possible(value, 4), possible, "{value}");
        }
    }
}
