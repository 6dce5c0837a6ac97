//! An entropy coder: range asymmetric numeral systems (rANS), four states side by side.
//!
//! A symbol of frequency *f* out of *2^k* costs *k - log2 f* bits, fractions of a bit included: they stay in a state until
//! they make a whole word. What is coded last is decoded first. The four states don't wait for each other.
//!
//! Source: Duda (2013), *Asymmetric numeral systems*; interleaved states: Giesen (2014).

use crate::{Error, Result};
use alloc::vec::Vec;

/// States side by side.
pub const STATES: usize = 4;
/// Bytes of the states.
pub const STATES_LEN: usize = 8 * STATES;

/// A state between symbols is at least this, and the first one is just this.
const LEAST: u64 = 1 << 32;

/// A symbol: the numbers from `start` on, as many as its frequency, out of *2^bits*, where its coder knows the bits: up to
/// 16 of one symbol, up to 32 of two together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Symbol {
    /// *2^60 / frequency*, rounded down: to multiply by, instead of dividing.
    inverse: u64,
    pub start: u32,
    pub frequency: u32,
}

impl Symbol {
    /// One that is never put.
    pub const fn none(start: u32) -> Self {
        Self { inverse: 0, start, frequency: 0 }
    }

    /// A symbol of a frequency of 1 to 2^16.
    pub const fn new(start: u32, frequency: u32) -> Self {
        let inverse = if frequency == 1 { 1 << 60 } else { (1 << 60) / frequency as u64 };
        Self { inverse, start, frequency }
    }

    /// This symbol and another, out of *2^bits*, as one: they cost what they did, and a division less.
    #[inline(always)]
    fn with(self, other: Self, bits: u32) -> (u64, u64, u64) {
        let frequency = u64::from(self.frequency) * u64::from(other.frequency);
        let start = (u64::from(self.start) << bits) + u64::from(self.frequency) * u64::from(other.start);
        let inverse = (u128::from(self.inverse) * u128::from(other.inverse)) >> 56;
        // Both frequencies are 1: the inverse is 2^64.
        (frequency, start, inverse.min(u128::from(u64::MAX)) as u64)
    }
}

/// Writes symbols, the last one first.
pub struct Encoder {
    states: [u64; STATES],
    words: Vec<u32>,
    /// Words that are not yet among the others: up to sixteen, which is one for each of so many pairs.
    fresh: [u32; FRESH],
    fresh_len: usize,
}

/// Pairs that may be put before [`Encoder::flush`].
const FRESH: usize = 16;

impl Encoder {
    pub fn new() -> Self {
        Self { states: [LEAST; STATES], words: Vec::new(), fresh: [0; FRESH], fresh_len: 0 }
    }

    /// Writes two symbols by one of the states, the first out of *2^`bits`*, the second out of *2^`second_bits`*.
    #[inline(always)]
    pub fn put(&mut self, state: usize, (first, bits): (Symbol, u32), (second, second_bits): (Symbol, u32)) {
        let (frequency, start, inverse) = first.with(second, second_bits);
        let bits = bits + second_bits;
        let mut x = self.states[state];
        // Larger, and it would not fit after these.
        if x >> (64 - bits) >= frequency {
            self.fresh[self.fresh_len % FRESH] = x as u32;
            self.fresh_len += 1;
            x >>= 32;
        }
        // By the inverse the quotient is right or one too small, and once in a long while two.
        let mut quotient = ((u128::from(x) * u128::from(inverse)) >> 64) as u64;
        let mut rest = x - quotient * frequency;
        let more = u64::from(rest >= frequency);
        quotient += more;
        rest -= more * frequency;
        if rest >= frequency {
            quotient += 1;
            rest -= frequency;
        }
        self.states[state] = (quotient << bits) + rest + start;
    }

    /// To be called after sixteen pairs at the latest. A vector that may grow at each of them takes longer.
    #[inline(always)]
    pub fn flush(&mut self) {
        self.words.extend_from_slice(&self.fresh[..self.fresh_len.min(FRESH)]);
        self.fresh_len = 0;
    }

    /// The states, then the words in the order of decoding.
    pub fn finish(mut self, bytes: &mut Vec<u8>) {
        self.flush();
        bytes.extend(self.states.iter().flat_map(|state| state.to_le_bytes()));
        bytes.extend(self.words.iter().rev().flat_map(|word| word.to_le_bytes()));
    }
}

/// Reads symbols, the last one that was written first.
pub struct Decoder<'a> {
    states: [u64; STATES],
    words: &'a [u8],
    next: usize,
    /// More words were wanted than there are.
    is_short: bool,
}

impl<'a> Decoder<'a> {
    /// Of the bytes that [`Encoder::finish`] wrote.
    ///
    /// # Errors
    /// [`Error::Field`] when they are fewer than the states', or no whole number of words.
    pub fn new(bytes: &'a [u8]) -> Result<Self> {
        let Some((states, words)) = bytes.split_at_checked(STATES_LEN).filter(|parts| parts.1.len() % 4 == 0)
        else {
            return Err(Error::field("payload_len", "the states and whole words", bytes.len()));
        };
        let states = core::array::from_fn(|i| crate::layout::get_u64(states, i));
        match states.iter().all(|state| *state >= LEAST) {
            true => Ok(Self { states, words, next: 0, is_short: false }),
            false => Err(Error::field("state", "at least 2^32", "less")),
        }
    }

    /// The number out of *2^bits* that the next symbol of a state holds.
    #[inline]
    pub fn peek(&self, state: usize, bits: u32) -> u32 {
        self.states[state] as u32 & (u32::MAX >> (32 - bits))
    }

    /// Takes two symbols: the first, and the one that is `find`s for the number that the first one leaves.
    pub fn take(
        &mut self,
        state: usize,
        (first, bits): (Symbol, u32),
        second_bits: u32,
        find: impl FnOnce(u32) -> Symbol,
    ) {
        let x = self.states[state];
        let number =
            u64::from(self.peek(state, bits + second_bits)) - (u64::from(first.start) << second_bits);
        let second = find((number / u64::from(first.frequency.max(1))) as u32);
        let (frequency, start, _) = first.with(second, second_bits);
        let offset = (u64::from(self.peek(state, bits + second_bits))).wrapping_sub(start);
        let mut x = (frequency * (x >> (bits + second_bits))).wrapping_add(offset);
        if x < LEAST {
            match self.next * 4 < self.words.len() {
                true => x = x << 32 | u64::from(u32::from_le_bytes(self.words.as_chunks().0[self.next])),
                false => self.is_short = true,
            }
            self.next += 1;
        }
        self.states[state] = x;
    }

    /// Whether all that was written was read, and no more.
    pub fn is_done(&self) -> bool {
        !self.is_short && self.next * 4 == self.words.len() && self.states == [LEAST; STATES]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of symbols of all frequencies come back, and cost what they should.
    #[test]
    fn symbols_come_back() {
        let frequencies = [1, 2, 3, 100, 4093, 20_000, 65_536 - 24_199];
        let mut start = 0;
        let symbols = frequencies.map(|frequency| {
            start += frequency;
            Symbol::new(start - frequency, frequency)
        });
        assert_eq!(start, 1 << 16);
        let find =
            |number: u32| symbols.iter().rposition(|symbol| symbol.start <= number).expect("0 is one's");
        let chosen: Vec<usize> = (0..40_000_u64)
            .map(|i| (i, (crate::hash::hash(&i.to_le_bytes(), 0) % 65_536) as u32))
            .map(|(i, number)| if i % 50 < 2 { (i / 50 * (1 + i % 50)) as usize % 7 } else { find(number) })
            .collect();
        let mut encoder = Encoder::new();
        let mut bits = 0.0;
        for (i, pair) in chosen.as_chunks::<2>().0.iter().enumerate().rev() {
            let [first, second] = pair.map(|symbol| symbols[symbol]);
            encoder.put(i % STATES, (first, 16), (second, 16));
            encoder.flush();
            bits += pair.map(|i| 16.0 - libm::log2(f64::from(frequencies[i]))).iter().sum::<f64>();
        }
        let mut bytes = Vec::new();
        encoder.finish(&mut bytes);
        assert!((bytes.len() as f64 * 8.0 - bits).abs() < 256.0, "{} bytes, {} bits", bytes.len(), bits);
        let mut decoder = Decoder::new(&bytes).expect("its own bytes");
        for (i, expected) in chosen.as_chunks::<2>().0.iter().enumerate() {
            let first = find(decoder.peek(i % STATES, 32) >> 16);
            let mut second = 0;
            decoder.take(i % STATES, (symbols[first], 16), 16, |number| {
                second = find(number);
                symbols[second]
            });
            assert_eq!([first, second], *expected, "pair {i}");
        }
        assert!(decoder.is_done());
        // Symbols that are sure cost nothing.
        let mut encoder = Encoder::new();
        let sure = (Symbol::new(0, 1 << 12), 12);
        (0..1000).for_each(|i| encoder.put(i % STATES, sure, sure));
        let mut bytes = Vec::new();
        encoder.finish(&mut bytes);
        assert_eq!(bytes.len(), STATES_LEN);
    }
}
