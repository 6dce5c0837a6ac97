//! Finds places in the double array for the edges of states.

use crate::{Error, Result};
use alloc::vec::Vec;

/// Words of 64 units in which there is still looked for room. More of them fill a little better, and take longer.
const OPEN: usize = 32;

/// Which units are free, and which bases no state has.
#[derive(Debug, Default)]
pub struct Placer {
    /// A bit each where a unit is taken, and where a base is.
    taken: Vec<u64>,
    based: Vec<u64>,
    /// The first word in which there is looked.
    open: usize,
}

impl Placer {
    pub fn new() -> Self {
        // The base 0 says that no edge leads on.
        Self { taken: Vec::from([0]), based: Vec::from([1]), open: 0 }
    }

    /// The 64 bits from `at` on.
    #[inline(always)]
    fn bits(words: &[u64], at: usize) -> u64 {
        let word = |i: usize| words.get(i).copied().unwrap_or_default();
        match at % 64 {
            0 => word(at / 64),
            low => word(at / 64) >> low | word(at / 64 + 1) << (64 - low),
        }
    }

    /// Takes the units of a state whose edges have these codes, one at least, and gives it its base.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn place(&mut self, codes: &[u8]) -> Result<u64> {
        while self.taken.get(self.open) == Some(&u64::MAX) {
            self.open += 1;
        }
        let least = codes.first().copied().map_or(0, usize::from);
        // A base may lie before the first place that is looked at: what counts is where the first unit would be.
        self.open = self.open.max(self.taken.len().saturating_sub(OPEN));
        let mut word = self.open.saturating_sub(least.div_ceil(64));
        let base = loop {
            let mut taken = self.based.get(word).copied().unwrap_or_default();
            for code in codes {
                taken |= Self::bits(&self.taken, 64 * word + usize::from(*code));
                if taken == u64::MAX {
                    break;
                }
            }
            if taken != u64::MAX {
                break 64 * word + taken.trailing_ones() as usize;
            }
            word += 1;
        };
        let most = codes.last().copied().map_or(0, usize::from);
        let words = (base + most) / 64 + 1;
        let len = self.taken.len();
        if words > len {
            let refused = |_| Error::CannotGrow { expected: 8 * words as u64, found: 8 * len as u64 };
            for bits in [&mut self.taken, &mut self.based] {
                bits.try_reserve(words - len).map_err(refused)?;
                bits.resize(words, 0);
            }
        }
        self.based[base / 64] |= 1 << (base % 64);
        for code in codes {
            let place = base + usize::from(*code);
            self.taken[place / 64] |= 1 << (place % 64);
        }
        Ok(base as u64)
    }

    /// Units up to the last one that is taken.
    pub fn len(&self) -> usize {
        let last = self.taken.iter().rposition(|word| *word != 0);
        last.map_or(0, |last| 64 * (last + 1) - self.taken[last].leading_zeros() as usize)
    }

    /// Bytes of heap.
    pub fn heap_bytes(&self) -> u64 {
        8 * (self.taken.capacity() + self.based.capacity()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::{BTreeMap, BTreeSet};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_two_states_share_a_base_or_a_unit(
            nodes in proptest::collection::vec(proptest::collection::btree_set(any::<u8>(), 1..40), 1..60),
            single in 0..400_usize,
        ) {
            let single = (0..single).map(|i| BTreeSet::from([i as u8]));
            let (mut placer, mut units, mut bases) = (Placer::new(), BTreeMap::new(), BTreeSet::from([0]));
            for codes in nodes.into_iter().chain(single) {
                let base = placer.place(&codes.iter().copied().collect::<Vec<_>>())?;
                prop_assert!(bases.insert(base));
                for code in codes {
                    prop_assert_eq!(units.insert(base + u64::from(code), code), None);
                }
            }
            let end = units.last_key_value().map_or(0, |(last, _)| *last as usize + 1);
            prop_assert_eq!(placer.len(), end);
        }
    }
}
