//! Codes of few bits: one for the symbols, by a table, and classes of numbers.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Symbols are numbers of 16 bits.
pub const SYMBOLS: usize = 1 << 16;

/// Bits of the longest code word.
pub const LONGEST_CODE: u32 = 13;

/// The lengths of code words, of at most `longest` bits, for symbols that came `counts` times, each at least once, so that
/// few bits are taken in all (Huffman 1952). `counts` must be at most `2^longest`.
pub fn lengths(counts: &[u64], longest: u32) -> Vec<u32> {
    let mut weights: Vec<u64> = counts.to_vec();
    loop {
        let lengths = unlimited(&weights);
        if lengths.iter().all(|length| *length <= longest) {
            return lengths;
        }
        // Rare ones count for more, until no word is too long.
        weights.iter_mut().for_each(|weight| *weight = *weight / 2 + 1);
    }
}

fn unlimited(weights: &[u64]) -> Vec<u32> {
    let mut lengths = alloc::vec![0; weights.len()];
    if weights.len() < 2 {
        lengths.fill(1);
        return lengths;
    }
    // Leaves are numbers below `weights.len()`, then come the inner nodes. A node's parent comes after it.
    let mut parents = alloc::vec![0; 2 * weights.len() - 1];
    let mut open: BinaryHeap<_> =
        weights.iter().enumerate().map(|(i, weight)| Reverse((*weight, i))).collect();
    for parent in weights.len()..parents.len() {
        let mut sum = 0;
        for _ in 0..2 {
            if let Some(Reverse((weight, node))) = open.pop() {
                sum += weight;
                parents[node] = parent;
            }
        }
        open.push(Reverse((sum, parent)));
    }
    let mut depths = alloc::vec![0_u32; parents.len()];
    for node in (0..parents.len() - 1).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    lengths.copy_from_slice(&depths[..weights.len()]);
    lengths
}

/// The words of a canonical code, by the lengths of its words in their order: each as it is read from its lowest bit on.
pub fn words(lengths: &[u32]) -> impl Iterator<Item = u32> {
    let mut next = 0_u32;
    let mut last = 0;
    lengths.iter().map(move |length| {
        next <<= length - last;
        last = *length;
        let word = next.reverse_bits() >> (32 - length);
        next += 1;
        word
    })
}

/// Bits of a number: 0 for 0.
#[inline]
pub fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

/// Bits of the largest number that classes are made for.
pub const MOST_BITS: usize = 40;

/// How many numbers have 0 bits, 1 bit, 2 bits...
pub type Histogram = [u64; MOST_BITS + 1];

/// A class of numbers: from `base` on, as many as `width` bits tell apart.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Class {
    pub base: u64,
    pub width: u32,
}

/// The class of numbers that have more bits than `below`, and at most `top`.
pub fn class(below: Option<u8>, top: u8) -> Class {
    let (top, below) =
        (u32::from(top).min(MOST_BITS as u32), below.map(|below| u32::from(below).min(MOST_BITS as u32)));
    match below {
        None => Class { base: 0, width: top },
        // The highest bit is always there.
        Some(below) if below + 1 >= top => Class { base: 1 << below, width: below },
        Some(below) => Class { base: 1 << below, width: top },
    }
}

/// The bits up to which each of `N` classes goes, so that numbers like these take few bits, their classes included. The
/// first class holds the numbers with more than `below` bits.
pub fn tops<const N: usize>(histogram: &Histogram, below: Option<u8>) -> [u8; N] {
    let first = below.map_or(0, |below| usize::from(below) + 1);
    let most = histogram.iter().rposition(|count| *count > 0).unwrap_or_default().max(first);
    let total = histogram[first..].iter().sum::<u64>().max(1) as f64;
    let cost = |from: usize, to: usize| {
        let count = histogram[from..=to].iter().sum::<u64>() as f64;
        let width = class(from.checked_sub(1).map(|below| below as u8), to as u8).width;
        if count == 0.0 { 0.0 } else { count * (f64::from(width) + libm::log2(total / count)) }
    };
    // The least cost of the numbers up to so many bits in `n + 1` classes, and where the last of these begins.
    let mut best = alloc::vec![[(f64::INFINITY, first); MOST_BITS + 1]; N];
    for to in first..=most {
        best[0][to] = (cost(first, to), first);
        for n in 1..N {
            best[n][to] = best[n - 1][to];
            best[n][to].1 = to + 1;
            for from in first + 1..=to {
                let sum = best[n - 1][from - 1].0 + cost(from, to);
                if sum < best[n][to].0 {
                    best[n][to] = (sum, from);
                }
            }
        }
    }
    let (mut tops, mut to) = ([most as u8; N], most);
    for n in (0..N).rev() {
        tops[n] = to as u8;
        // An empty class begins after its end.
        let from = best[n][to].1;
        if from <= to && from > first {
            to = from - 1;
        }
    }
    tops
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_are_no_beginnings_of_others(counts in proptest::collection::vec(1..1_000_000_u64, 1..200), more in 0..3_u32) {
            let longest = bits(counts.len() as u64) + more;
            let mut lengths = lengths(&counts, longest);
            prop_assert!(lengths.iter().all(|length| (1..=longest).contains(length)));
            lengths.sort_unstable();
            let words: Vec<u32> = words(&lengths).collect();
            for (i, (word, length)) in words.iter().zip(&lengths).enumerate() {
                for (other, longer) in words[..i].iter().zip(&lengths[..i]) {
                    prop_assert_ne!(word & ((1 << longer) - 1), *other, "{} bits in {}", longer, length);
                }
            }
        }

        #[test]
        fn every_number_has_a_class(numbers in proptest::collection::vec(any::<u64>(), 1..50), first in 0..2_u8) {
            let mut histogram = [0; MOST_BITS + 1];
            let below = first.checked_sub(1);
            let least = u64::from(first);
            let numbers: Vec<u64> = numbers.into_iter().map(|n| (n >> (24 + n % 40)).max(least)).collect();
            numbers.iter().for_each(|number| histogram[bits(*number) as usize] += 1);
            let tops = tops::<4>(&histogram, below);
            for number in numbers {
                let k = tops.iter().position(|top| bits(number) <= u32::from(*top)).expect("a class");
                let class = class(if k == 0 { below } else { Some(tops[k - 1]) }, tops[k]);
                prop_assert!(number >= class.base && number - class.base < 1 << class.width, "{number}: {class:?} of {tops:?}");
            }
        }
    }
}
