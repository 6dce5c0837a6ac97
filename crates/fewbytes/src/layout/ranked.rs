//! Bits that count themselves: in each cache line seven words of bits, and before them how many ones came earlier, so that
//! a rank reads one line, and a select one or two.

use crate::prefetch::prefetch;

/// Bytes of a line.
const LINE: usize = 64;
/// Bits that a line holds beside its counts.
const HELD: u64 = 448;
/// Bits of a line's first count: ones in all lines before. The other three count ones within the line before its words 2, 4
/// and 6, at 9 bits each.
const BASE_BITS: u32 = 37;
/// Most bits that can be counted.
pub(crate) const MOST: u64 = 1 << (BASE_BITS - 1);

/// Bytes of the lines of `len` bits: at least one, and rank of `len` itself can be asked.
pub(crate) const fn line_bytes(len: u64) -> u64 {
    (len / HELD + 1) * LINE as u64
}

/// Bytes of the hints that find the `n`-th of `count` bits, one for every 2^`shift`.
pub(crate) const fn hint_bytes(count: u64, shift: u32) -> u64 {
    ((count >> shift) + 1) * 4
}

/// Where each 2^`shift`-th of the wanted bits lies: its line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hints<'a> {
    lines: &'a [[u8; 4]],
    shift: u32,
}

impl<'a> Hints<'a> {
    /// Those in `bytes`.
    #[inline]
    pub fn new(bytes: &'a [u8], shift: u32) -> Self {
        Self { lines: bytes.as_chunks().0, shift }
    }

    /// The first and last line that may hold the `n`-th bit of all lines to `last`.
    #[inline]
    fn lines(&self, n: u64, last: usize) -> Option<(usize, usize)> {
        let i = (n >> self.shift) as usize;
        let first = u32::from_le_bytes(*self.lines.get(i)?) as usize;
        let end = self.lines.get(i + 1).map_or(last, |line| u32::from_le_bytes(*line) as usize);
        Some((first, end.min(last)))
    }
}

/// Bits with their counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked<'a> {
    lines: &'a [[u8; LINE]],
}

/// The `i`-th word of a line: 0 is the counts.
#[inline]
fn word(line: &[u8; LINE], i: usize) -> u64 {
    line.as_chunks::<8>().0.get(i).map_or(0, |word| u64::from_le_bytes(*word))
}

/// Ones in the lines before.
#[inline]
fn base(line: &[u8; LINE]) -> u64 {
    word(line, 0) & ((1 << BASE_BITS) - 1)
}

/// Ones in the line before the `pair`-th two of its words.
#[inline]
fn within(counts: u64, pair: usize) -> u64 {
    // Pair 0 has none before it: its count is shifted out.
    ((counts >> BASE_BITS << 9) >> (9 * pair)) & 511
}

impl<'a> Ranked<'a> {
    /// Those in `bytes`, which are lines.
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { lines: bytes.as_chunks().0 }
    }

    /// The line, word and bit of bit `i`.
    #[inline]
    fn place(&self, i: u64) -> Option<(&'a [u8; LINE], usize, u32)> {
        let line = self.lines.get((i / HELD) as usize)?;
        let rest = (i % HELD) as u32;
        Some((line, (rest / 64) as usize, rest % 64))
    }

    /// Whether bit `i` is one; false past the end.
    #[inline]
    pub fn bit(&self, i: u64) -> bool {
        self.place(i).is_some_and(|(line, at, bit)| word(line, at + 1) >> bit & 1 == 1)
    }

    /// How many ones come before bit `i`, if that is one.
    #[inline]
    pub fn rank_of(&self, i: u64) -> Option<u64> {
        let (line, at, bit) = self.place(i)?;
        let here = word(line, at + 1);
        if here >> bit & 1 == 0 {
            return None;
        }
        let before = if at & 1 == 1 { word(line, at).count_ones() } else { 0 };
        let inside = (here & !(u64::MAX << bit)).count_ones();
        Some(base(line) + within(word(line, 0), at / 2) + u64::from(before + inside))
    }

    /// How many bits are ones from bit `i` on until the first that is not, at most `most`.
    #[inline]
    pub fn run(&self, i: u64, most: u64) -> u64 {
        let Some((line, at, bit)) = self.place(i) else { return 0 };
        let ones = u64::from((word(line, at + 1) >> bit).trailing_ones());
        if ones < 64 - u64::from(bit) {
            return ones.min(most);
        }
        self.long_run(i, ones, most)
    }

    #[inline(never)]
    fn long_run(&self, i: u64, mut ones: u64, most: u64) -> u64 {
        while ones < most {
            let Some((line, at, _)) = self.place(i + ones) else { break };
            let more = u64::from(word(line, at + 1).trailing_ones());
            ones += more;
            if more < 64 {
                break;
            }
        }
        ones.min(most)
    }

    /// Where the `n`-th one is, counted from 0.
    #[inline]
    pub fn select1(&self, n: u64, hints: Hints<'_>) -> Option<u64> {
        self.select::<true>(n, hints)
    }

    /// Where the `n`-th zero is, counted from 0. Bits past the last one that was written are zeros.
    #[inline]
    pub fn select0(&self, n: u64, hints: Hints<'_>) -> Option<u64> {
        self.select::<false>(n, hints)
    }

    /// Asks for the line where the `n`-th zero or one probably is, or the next one: it is within a line of its hint where
    /// hints are dense.
    #[inline]
    pub fn ask_select(&self, n: u64, hints: Hints<'_>) {
        if let Some(line) = hints.lines.get((n >> hints.shift) as usize) {
            prefetch(self.lines.as_flattened(), u32::from_le_bytes(*line) as usize * LINE);
        }
    }

    /// Asks for the line of bit `i`.
    #[inline]
    pub fn ask(&self, i: u64) {
        prefetch(self.lines.as_flattened(), (i / HELD) as usize * LINE);
    }

    /// Wanted bits before a line.
    #[inline]
    fn before<const ONE: bool>(&self, line: usize) -> Option<u64> {
        let ones = base(self.lines.get(line)?);
        Some(if ONE { ones } else { (line as u64 * HELD).saturating_sub(ones) })
    }

    #[inline(always)]
    fn select<const ONE: bool>(&self, n: u64, hints: Hints<'_>) -> Option<u64> {
        let (mut low, mut high) = hints.lines(n, self.lines.len().checked_sub(1)?)?;
        while low < high {
            // Mostly it is one of two or three. Where the wanted are rare, it may be any of many.
            let middle = if high - low <= 4 { low + 1 } else { (low + high).div_ceil(2) };
            match self.before::<ONE>(middle)? <= n {
                true => low = middle,
                false => high = middle - 1,
            }
        }
        let line = self.lines.get(low)?;
        let mut left = n.checked_sub(self.before::<ONE>(low)?)?;
        let counts = word(line, 0);
        let count = |pair: usize| {
            let ones = within(counts, pair);
            // Damaged counts may be more than there are bits: no `left` is that much.
            if ONE { ones } else { (128 * pair as u64).wrapping_sub(ones) }
        };
        let pair =
            usize::from(left >= count(1)) + usize::from(left >= count(2)) + usize::from(left >= count(3));
        left = left.checked_sub(count(pair))?;
        let wanted = |at: usize| if ONE { word(line, at + 1) } else { !word(line, at + 1) };
        let mut at = 2 * pair;
        let bit = match select_in(wanted(at), left) {
            Ok(bit) => bit,
            Err(left) if at < 6 => {
                at += 1;
                select_in(wanted(at), left).ok()?
            }
            Err(_) => return None,
        };
        Some(low as u64 * HELD + at as u64 * 64 + u64::from(bit))
    }
}

/// For `n` and a byte: which of its bits is its `n`-th one; 8 where it has fewer.
static IN_BYTE: [[u8; 256]; 8] = {
    let mut table = [[8; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let (mut bit, mut n) = (0, 0);
        while bit < 8 {
            if byte >> bit & 1 == 1 {
                table[n][byte] = bit;
                n += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    table
};

/// Which bit of a word is its `n`-th one; as an error, how many more are wanted behind the word. No instruction does this that
/// every processor has.
#[inline(always)]
fn select_in(word: u64, n: u64) -> Result<u32, u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let pairs = word - (word >> 1 & 0x5555_5555_5555_5555);
    let fours = (pairs & 0x3333_3333_3333_3333) + (pairs >> 2 & 0x3333_3333_3333_3333);
    // In each byte: the ones in it and in all below.
    let sums = ((fours + (fours >> 4)) & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(ONES);
    if n >= sums >> 56 {
        return Err(n - (sums >> 56));
    }
    // A byte's high bit is set where its sum is at most n: those bytes lie before.
    let before = ((n.wrapping_mul(ONES) | HIGHS) - sums) & HIGHS;
    let byte = (before >> 7).wrapping_mul(ONES) >> 56;
    let shift = 8 * byte as u32;
    let left = n - ((sums << 8) >> shift & 255);
    Ok(shift + u32::from(IN_BYTE[left as usize & 7][(word >> shift & 255) as usize]))
}

/// Bits in the making, over zeroed lines.
#[derive(Debug)]
pub(crate) struct RankedMut<'a> {
    lines: &'a mut [[u8; LINE]],
}

impl<'a> RankedMut<'a> {
    /// Over zeros, [`line_bytes`] of them.
    pub fn new(bytes: &'a mut [u8]) -> Self {
        Self { lines: bytes.as_chunks_mut().0 }
    }

    /// Makes bit `i` a one.
    #[inline]
    pub fn set(&mut self, i: u64) {
        let rest = (i % HELD) as usize;
        self.lines[(i / HELD) as usize][8 + rest / 8] |= 1 << (rest % 8);
    }

    /// Writes the counts, when all bits are set.
    pub fn count(&mut self) {
        let mut base = 0;
        for line in &mut *self.lines {
            let (mut counts, mut ones) = (base, 0);
            for at in 0..7 {
                if at > 0 && at % 2 == 0 {
                    counts |= ones << (BASE_BITS as usize + 9 * (at / 2 - 1));
                }
                ones += u64::from(word(line, at + 1).count_ones());
            }
            line[..8].copy_from_slice(&counts.to_le_bytes());
            base += ones;
        }
    }

    /// Writes the hints to every 2^`shift`-th one, or zero, of the first `count`, when the counts are there.
    pub fn hint(&self, hints: &mut [u8], one: bool, count: u64, shift: u32) {
        let view = Ranked { lines: self.lines };
        let before = |line| if one { view.before::<true>(line) } else { view.before::<false>(line) };
        let mut line = 0;
        for (i, hint) in (0..).zip(hints.as_chunks_mut::<4>().0) {
            // There may be one hint more than wanted bits: it is where they end.
            let n = (i << shift).min(count.saturating_sub(1));
            while before(line + 1).is_some_and(|before| before <= n) {
                line += 1;
            }
            *hint = (line as u32).to_le_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};
    use proptest::prelude::*;

    /// Bits in runs, so that lines are full, empty and mixed.
    fn bits() -> impl Strategy<Value = Vec<bool>> {
        let run = (any::<bool>(), prop_oneof![1..4_usize, 1..700_usize]);
        proptest::collection::vec(run, 0..40)
            .prop_map(|runs| runs.into_iter().flat_map(|(bit, len)| core::iter::repeat_n(bit, len)).collect())
    }

    fn places(bits: &[bool], one: bool) -> Vec<u64> {
        (0..).zip(bits).filter(|(_, bit)| **bit == one).map(|(i, _)| i).collect()
    }

    proptest! {
        #[test]
        fn ranks_and_selects_are_those_of_counting(bits in bits(), shift in 0..10_u32) {
            let mut lines = vec![0; line_bytes(bits.len() as u64) as usize];
            let mut writer = RankedMut::new(&mut lines);
            let (ones, zeros) = (places(&bits, true), places(&bits, false));
            ones.iter().for_each(|i| writer.set(*i));
            writer.count();
            let mut one_hints = vec![0; hint_bytes(ones.len() as u64, shift) as usize];
            let mut zero_hints = vec![0; hint_bytes(zeros.len() as u64, shift) as usize];
            writer.hint(&mut one_hints, true, ones.len() as u64, shift);
            writer.hint(&mut zero_hints, false, zeros.len() as u64, shift);

            let view = Ranked::new(&lines);
            for (n, i) in (0..).zip(&ones) {
                prop_assert_eq!(view.rank_of(*i), Some(n));
                prop_assert_eq!(view.select1(n, Hints::new(&one_hints, shift)), Some(*i));
            }
            for (n, i) in (0..).zip(&zeros) {
                prop_assert_eq!(view.rank_of(*i), None);
                prop_assert_eq!(view.select0(n, Hints::new(&zero_hints, shift)), Some(*i));
            }
            prop_assert_eq!(view.select1(ones.len() as u64, Hints::new(&one_hints, shift)), None);
            for (i, bit) in bits.iter().enumerate().step_by(7) {
                let run = bits[i..].iter().take_while(|bit| **bit).count() as u64;
                prop_assert_eq!(view.bit(i as u64), *bit);
                prop_assert_eq!(view.run(i as u64, 256), run.min(256));
            }
        }

        #[test]
        fn any_bytes_are_harmless(lines in proptest::collection::vec(any::<u8>(), 0..400), hints: [u8; 12], n: u64, shift in 0..10_u32) {
            let view = Ranked::new(&lines);
            for n in [n, n % 3000] {
                view.rank_of(n);
                view.run(n, 256);
                for i in [view.select1(n, Hints::new(&hints, shift)), view.select0(n, Hints::new(&hints, shift))] {
                    prop_assert!(i.is_none_or(|i| i < lines.len() as u64 * 8));
                }
            }
        }

        #[test]
        fn a_word_selects_as_its_bits_do(word: u64) {
            let ones: Vec<u32> = (0..64).filter(|bit| word >> bit & 1 == 1).collect();
            for n in 0..65 {
                prop_assert_eq!(select_in(word, n), ones.get(n as usize).copied().ok_or(n.saturating_sub(ones.len() as u64)));
            }
        }
    }
}
