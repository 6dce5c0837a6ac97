//! Which labels a node may have: where to look for its children without comparing all checks of a block.
//!
//! Labels are in 16 ranges of 16, and a node has some of them. Most nodes have one of a few sets of ranges: 16 sets are
//! kept, the last of them all ranges that any node has, and for each base the number of one, in 4 bits.

use alloc::{collections::BTreeMap, vec::Vec};

/// Sets that are kept.
const SETS: usize = 16;

/// Bytes of the sets, 2 each.
pub(super) const SETS_LEN: usize = 2 * SETS;

/// The ranges of the node of a base; all, where bytes do not say.
#[inline(always)]
pub(super) fn read(ranges: &[u8], base: u64) -> u16 {
    let two = ranges.get(SETS_LEN..).and_then(|by_base| by_base.get((base / 2) as usize));
    let set = two.map(|two| usize::from(two >> (base % 2 * 4) & 15));
    set.and_then(|set| ranges.as_chunks::<2>().0.get(set)).map_or(u16::MAX, |set| u16::from_le_bytes(*set))
}

/// Writes the sets, and the set of each base; `out` is zeros.
pub(super) fn write(out: &mut [u8], by_base: &[u16]) {
    let mut counts = BTreeMap::<u16, u64>::new();
    for ranges in by_base.iter().filter(|ranges| **ranges != 0) {
        *counts.entry(*ranges).or_default() += 1;
    }
    let all = counts.keys().fold(0, |all, ranges| all | ranges);
    let mut sets: Vec<(u16, u64)> = counts.iter().map(|(ranges, count)| (*ranges, *count)).collect();
    // The most frequent first, and of equally frequent ones the least, so that equal keys have equal bytes.
    sets.sort_by_key(|(ranges, count)| (u64::MAX - count, *ranges));
    sets.truncate(SETS - 1);
    let sets: Vec<u16> = sets.into_iter().map(|(ranges, _)| ranges).chain([all]).collect();
    let least = |ranges: u16| {
        let holds = (0..).zip(&sets).filter(|(_, set)| *set & ranges == ranges);
        holds.min_by_key(|(_, set)| set.count_ones()).map_or(0_u8, |(i, _)| i)
    };
    counts.iter_mut().for_each(|(ranges, set)| *set = least(*ranges).into());
    let (written, rest) = out.split_at_mut(SETS_LEN.min(out.len()));
    for (place, set) in written.as_chunks_mut::<2>().0.iter_mut().zip(&sets) {
        *place = set.to_le_bytes();
    }
    for (byte, two) in rest.iter_mut().zip(by_base.chunks(2)) {
        for (i, ranges) in two.iter().enumerate() {
            let set = counts.get(ranges).copied().unwrap_or_default() as u8;
            *byte |= set << (4 * i);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_range_is_lost(mut by_base in proptest::collection::vec(prop_oneof![any::<u16>(), 0..40_u16], 0..100)) {
            by_base.resize(by_base.len().next_multiple_of(16), 0);
            let mut bytes = alloc::vec![0; SETS_LEN + by_base.len() / 2];
            write(&mut bytes, &by_base);
            let all = by_base.iter().fold(0, |all, ranges| all | ranges);
            for (base, ranges) in (0..).zip(&by_base) {
                prop_assert_eq!(read(&bytes, base) & ranges, *ranges);
                prop_assert_eq!(read(&bytes, base) & !all, 0);
            }
            prop_assert_eq!(read(&bytes, by_base.len() as u64), u16::MAX);
        }
    }
}
