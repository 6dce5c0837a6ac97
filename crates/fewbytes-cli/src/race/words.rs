//! A stream of made-up words, endless in length and flat in memory, whose number of different words is known exactly.
//!
//! Words come as they do in a text. New ones turn up ever more rarely: the *d*-th of *D* different words is first seen
//! after about *N (d / D)^(1 / 0.6)* of *N* words (Heaps' law). All others are words seen before, the *r*-th oldest with
//! a chance of about *1 / r* (Zipf's law). Frequent words are short.

use crate::input::Block;

/// Heaps' exponent of English text is between 0.4 and 0.6.
const HEAPS: f64 = 0.6;

/// Words drawn from a seed.
pub struct Words {
    state: u64,
    made: u64,
    len: u64,
    different: u64,
    seen: u64,
    /// log2 of the words seen and one more: the width of a Zipf draw.
    seen_log2: f64,
    /// The number of words after which the next new one comes.
    next_new: u64,
}

impl Words {
    /// `len` words, of which exactly `different` are different.
    ///
    /// `different` may be at most half of `len`: new words need room between them.
    pub fn new(len: u64, different: u64, seed: u64) -> Self {
        Self { state: seed, made: 0, len, different, seen: 0, seen_log2: 0.0, next_new: 0 }
    }

    /// Puts up to `max` words into `block`, which is emptied first. False when there are no more.
    pub fn fill(&mut self, block: &mut Block, max: usize) -> bool {
        block.clear();
        let count = (self.len - self.made).min(max as u64);
        for _ in 0..count {
            let word = if self.made >= self.next_new { self.new_word() } else { self.old_word() };
            self.made += 1;
            spell(word, block);
        }
        count > 0
    }

    /// The number of the next word not seen before.
    fn new_word(&mut self) -> u64 {
        let word = self.seen;
        self.seen += 1;
        self.seen_log2 = libm::log2(self.seen as f64 + 1.0);
        self.next_new = match self.seen < self.different {
            true => {
                (self.len as f64 * libm::pow(self.seen as f64 / self.different as f64, 1.0 / HEAPS)) as u64
            }
            false => u64::MAX,
        };
        word
    }

    /// The number of a word seen before: the integer part of *s^u* for *u* even on 0 to 1 falls as 1 / r.
    #[inline]
    fn old_word(&mut self) -> u64 {
        let uniform = (self.draw() >> 11) as f64 / (1_u64 << 53) as f64;
        let log2 = uniform * self.seen_log2;
        let octave = log2 as u32;
        let rest = log2 - f64::from(octave);
        // 2^rest to 1 in 5,000: near enough for a law of words, and three times as fast as the exact one.
        let power = 1.0 + rest * (0.695_83 + rest * (0.226_06 + rest * 0.078_11));
        ((power * (1_u64 << octave) as f64) as u64 - 1).min(self.seen - 1)
    }

    /// SplitMix64.
    #[inline]
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut draw = self.state;
        draw = (draw ^ draw >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        draw = (draw ^ draw >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        draw ^ draw >> 31
    }
}

/// A hundred syllables.
const SYLLABLES: [[u8; 2]; 100] = {
    let (consonants, vowels) = (b"tnshrdlcmwfgypbvkjxz", b"eaoiu");
    let mut syllables = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        syllables[i] = [consonants[i / 5], vowels[i % 5]];
        i += 1;
    }
    syllables
};

/// Spells a word's number, one syllable for each of its digits to the base of 100: different for each number, and short
/// for the frequent ones.
#[inline]
fn spell(word: u64, block: &mut Block) {
    let mut letters = [0; 20]; // 2^64 has ten digits to the base of 100.
    let mut len = 0;
    let mut left = word + 1;
    while left > 0 {
        left -= 1;
        letters[len..len + 2].copy_from_slice(&SYLLABLES[(left % 100) as usize]);
        left /= 100;
        len += 2;
    }
    block.push(&letters[..len]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// The promise: so many words, so many different ones, whatever the seed.
    #[test]
    fn different_words_are_exactly_as_many_as_promised() {
        for (len, different, seed) in
            [(1, 1, 0), (2, 1, 5), (100, 50, 1), (10_000, 4_321, 2), (300_000, 20_000, 3)]
        {
            let mut words = Words::new(len, different, seed);
            let mut block = Block::default();
            let mut counts: HashMap<Vec<u8>, u64> = HashMap::new();
            while words.fill(&mut block, 777) {
                block.items().into_iter().for_each(|word| *counts.entry(word.to_vec()).or_default() += 1);
            }
            assert_eq!(counts.values().sum::<u64>(), len);
            assert_eq!(counts.len() as u64, different, "{len} words of seed {seed}");
        }
    }

    /// Zipf's law: the second word comes about half as often as the first, the tenth a tenth.
    #[test]
    fn frequencies_fall_as_one_over_the_rank() {
        let mut words = Words::new(200_000, 10_000, 7);
        let mut block = Block::default();
        let mut counts = vec![0_u32; 2];
        words.fill(&mut block, 200_000);
        let names = [SYLLABLES[0], SYLLABLES[9]];
        for word in block.items() {
            for (count, name) in counts.iter_mut().zip(&names) {
                *count += u32::from(word == name.as_slice());
            }
        }
        let ratio = f64::from(counts[0]) / f64::from(counts[1]);
        assert!((5.0..15.0).contains(&ratio), "{counts:?}");
    }
}
