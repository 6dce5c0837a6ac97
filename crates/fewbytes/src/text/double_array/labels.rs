//! Sets of places in a block, as 256 bits.

/// A bit for each of 256.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Bits(pub [u64; 4]);

/// Words whose bits have bit `b` of their number clear.
const LOW: [u64; 6] = [
    0x5555_5555_5555_5555,
    0x3333_3333_3333_3333,
    0x0f0f_0f0f_0f0f_0f0f,
    0x00ff_00ff_00ff_00ff,
    0x0000_ffff_0000_ffff,
    0x0000_0000_ffff_ffff,
];

/// The bit `i ^ by` of the result is the bit `i` of `range`; `by` is less than 16.
#[inline(always)]
pub(super) fn exchanged(range: u16, by: u8) -> u16 {
    let mut range = u32::from(range);
    for (b, low) in LOW.into_iter().enumerate().take(4) {
        let low = low as u32;
        let exchanged = (range & low) << (1 << b) | (range >> (1 << b)) & low;
        // No branch: what the next `by` is can't be guessed.
        range ^= (range ^ exchanged) & u32::from(by >> b & 1).wrapping_neg();
    }
    range as u16
}

impl Bits {
    /// All of them.
    pub const ALL: Self = Self([u64::MAX; 4]);

    /// The bit `i ^ by` of the result is the bit `i` of these.
    #[inline]
    pub fn exchanged(self, by: u8) -> Self {
        let mut words = self.0;
        for (b, low) in LOW.into_iter().enumerate() {
            if by >> b & 1 != 0 {
                for word in &mut words {
                    *word = (*word & low) << (1 << b) | (*word >> (1 << b)) & low;
                }
            }
        }
        let top = usize::from(by >> 6);
        Self([words[top], words[1 ^ top], words[2 ^ top], words[3 ^ top]])
    }

    /// A bit for each of the 16 ranges of 16 places, where one of them is there.
    pub fn ranges(self) -> u16 {
        let range = |i: usize| u16::from(self.0[i / 4] >> (i % 4 * 16) & 0xffff != 0) << i;
        (0..16).map(range).fold(0, |ranges, range| ranges | range)
    }

    #[inline]
    pub fn and(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    pub fn is_empty(self) -> bool {
        self.0 == [0; 4]
    }

    pub fn set(&mut self, i: u8) {
        self.0[usize::from(i >> 6)] |= 1 << (i & 63);
    }

    #[inline]
    pub fn clear(&mut self, i: u8) {
        self.0[usize::from(i >> 6)] &= !(1 << (i & 63));
    }

    /// The least of at least `least`.
    #[inline]
    pub fn from(self, least: u8) -> Option<u8> {
        let first = usize::from(least >> 6);
        let mut word = self.0[first] & u64::MAX << (least & 63);
        for i in first..4 {
            if i > first {
                word = self.0[i];
            }
            if word != 0 {
                return Some((i as u8) << 6 | word.trailing_zeros() as u8);
            }
        }
        None
    }

    /// All of them, the least first.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..4_u8).zip(self.0).flat_map(|(i, word)| {
            let rest = |word: &u64| Some(word & (word - 1)).filter(|rest| *rest != 0);
            core::iter::successors((word != 0).then_some(word), rest)
                .map(move |word| i << 6 | word.trailing_zeros() as u8)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{collections::BTreeSet, vec::Vec};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_are_a_set(places: BTreeSet<u8>, by: u8, least: u8) {
            let mut bits = Bits::default();
            places.iter().for_each(|i| bits.set(*i));
            prop_assert_eq!(bits.iter().collect::<Vec<_>>(), places.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(bits.from(least), places.range(least..).next().copied());
            let exchanged: BTreeSet<u8> = places.iter().map(|i| i ^ by).collect();
            prop_assert_eq!(bits.exchanged(by).iter().collect::<BTreeSet<_>>(), exchanged);
            prop_assert_eq!(bits.exchanged(by).exchanged(by), bits);
            prop_assert!(places.iter().all(|i| bits.ranges() >> (i / 16) & 1 == 1));
            prop_assert!((0..16).all(|i| places.iter().any(|place| place / 16 == i) == (bits.ranges() >> i & 1 == 1)));
            let range = bits.0[0] as u16;
            prop_assert_eq!(super::exchanged(range, by & 15), bits.exchanged(by & 15).0[0] as u16);
        }
    }
}
