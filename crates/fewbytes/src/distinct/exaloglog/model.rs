//! How likely each register is, as whole numbers that are the same on every machine.
//!
//! With *λ* items a register, each value has come with its own chance, *1 - e^(-λc)*, whatever the others did. So a
//! register is likely as its largest value's octave is, with the bits of that octave, times the chance of each bit of
//! the octaves before. Four bits of an octave have one chance, and make a symbol of sixteen.

use super::rans::Symbol;
use super::register::Scale;
use alloc::{vec, vec::Vec};

/// Items a register, *λ*, as eight bits after the point of a binary logarithm whose whole part is 64 more than its own:
/// *λ = (256 + load % 256) / 256 · 2^(load / 256 - 64)*.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load(pub u16);

/// The largest load: 2^64 items a register.
pub const MAX_LOAD: u16 = 128 * 256;

impl Load {
    /// The load that is nearest below: what there is between two of them does not matter to the size.
    pub fn nearest(load: f64) -> Self {
        if load.is_nan() || load <= libm::exp2(-64.0) {
            return Self(0);
        }
        if load >= libm::exp2(63.0) {
            return Self(MAX_LOAD);
        }
        let whole = libm::floor(libm::log2(load));
        let share = libm::floor((load / libm::exp2(whole) - 1.0) * 256.0).clamp(0.0, 255.0);
        Self(((whole + 64.0).max(0.0) as u16) * 256 + share as u16)
    }

    /// *e^(-λ 2^-u)* in units of 2^-62 for *u* from 0 to `last`.
    ///
    /// Whole numbers only, so that they are the same wherever they are computed: the series where the exponent is at most
    /// 2^-10, and squares from there.
    fn missed(self, last: u32) -> Vec<u64> {
        let (exponent, share) = (i32::from(self.0 / 256) - 64, 256 + u64::from(self.0 % 256));
        let mut all = vec![ONE; last as usize + 1];
        // Beyond `last`, where the series has to begin there.
        let mut missed = ONE;
        for u in (0..=(last as i32).max(exponent + 11)).rev() {
            missed = match exponent + 11 > u {
                true => times(missed, missed),
                false => {
                    // λ 2^-u, share · 2^(exponent - 8 - u), in units of 2^-62.
                    let place = exponent - u + 62 - 8;
                    let x = if place >= 0 { share << place } else { share >> place.unsigned_abs().min(63) };
                    let square = times(x, x);
                    ONE - x + square / 2 - times(square, x) / 6
                }
            };
            if u <= last as i32 {
                all[u as usize] = missed;
            }
        }
        all
    }
}

const ONE: u64 = 1 << 62;

/// The product of two shares.
fn times(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) >> 62) as u64
}

/// Frequencies of the highest octaves come to two to this power,
pub const TOP_BITS: u32 = 16;
/// and those of an octave before to this.
pub const NIBBLE_BITS: u32 = 12;

/// The symbols of an octave: the one of bits *b* of which only the highest *k* are known is number *2^k + b*.
type Nibbles = [Symbol; 32];

/// The symbols of registers.
pub struct Model {
    /// The octave of the largest value, counted from 1, times 16, and its bits.
    tops: Vec<Symbol>,
    /// Of which top a number out of 2^16 is, at the earliest, by its high byte.
    first: [u16; 256],
    /// The bits of octaves before, counted from 1.
    octaves: Vec<Nibbles>,
}

impl Model {
    pub fn new(scale: Scale, load: Load) -> Self {
        let last = scale.last_octave();
        let by_chance = load.missed(64 - scale.precision());
        let missed: Vec<u64> =
            (0..=last).map(|octave| by_chance[scale.log2_chance(octave) as usize]).collect();
        // Shares of the sixteen patterns of an octave.
        let patterns = |missed: u64| -> [u64; 16] {
            core::array::from_fn(|bits| {
                let bit = |i: u32| if bits >> i & 1 == 1 { ONE - missed } else { missed };
                times(times(bit(0), bit(1)), times(bit(2), bit(3)))
            })
        };
        let shares: Vec<[u64; 16]> = missed.iter().map(|missed| patterns(*missed)).collect();

        let mut tops = vec![0; 16 * (last as usize + 2)];
        // An empty register is the one with value 0, the last of the octave before the first.
        tops[8] = by_chance[0];
        for (octave, shares) in shares.iter().enumerate() {
            // Nothing came of the octaves beyond: all together as likely as this one.
            let beyond = if octave < last as usize { shares[0] } else { ONE };
            for bits in 1..16 {
                tops[16 * (octave + 1) + bits] = times(shares[bits], beyond);
            }
        }
        let possible = |i: &usize| if *i < 16 { *i == 8 } else { !i.is_multiple_of(16) };
        let tops = symbols(&tops, TOP_BITS, possible);
        let mut first = [0; 256];
        let mut top = 0;
        for (high, first) in first.iter_mut().enumerate() {
            while ((tops[top].start + tops[top].frequency) as usize) <= high << 8 {
                top += 1;
            }
            *first = top as u16;
        }

        // Of octaves before the first nothing is to be told.
        let mut octaves: Vec<Nibbles> = vec![[Symbol::new(0, 1 << NIBBLE_BITS); 32]; last as usize + 2];
        for (octave, shares) in shares.iter().enumerate() {
            // Where the chances are the same to 2^-20, or it is sure what came, so are the symbols.
            octaves[octave + 1] = match octave > 0 && missed[octave] >> 42 == missed[octave - 1] >> 42 {
                true => octaves[octave],
                false => nibbles(shares),
            };
        }
        Self { tops, first, octaves }
    }

    /// The symbol of a register's highest octave, counted from 1, and its bits.
    #[inline(always)]
    pub fn top(&self, octave: u32, bits: u32) -> Symbol {
        self.tops[(octave * 16 + bits) as usize]
    }

    /// The symbol of the `known` highest bits of an octave before.
    #[inline(always)]
    pub fn nibble(&self, octave: u32, known: u32, bits: u32) -> Symbol {
        self.octaves[octave as usize][(1 << known | bits) as usize % 32]
    }

    /// Octave and bits of the symbol that holds `number`.
    pub fn find_top(&self, number: u32) -> (u32, u32) {
        let mut top = usize::from(self.first[number as usize >> 8 & 255]);
        while self.tops[top].start + self.tops[top].frequency <= number {
            top += 1;
        }
        (top as u32 / 16, top as u32 % 16)
    }

    /// The `known` highest bits of an octave before, whose symbol holds `number`.
    pub fn find_nibble(&self, octave: u32, known: u32, number: u32) -> u32 {
        let symbols = &self.octaves[octave as usize][1 << known..2 << known];
        symbols.iter().filter(|symbol| symbol.start <= number).count() as u32 - 1
    }
}

/// Symbols by their shares of [`ONE`]; each that is possible has a frequency of 1 at least.
fn symbols(shares: &[u64], bits: u32, possible: impl Fn(&usize) -> bool) -> Vec<Symbol> {
    let count = (0..shares.len()).filter(&possible).count() as u64;
    let room = (1 << bits) - count;
    let mut frequencies: Vec<u32> = (0..shares.len())
        .map(|i| if possible(&i) { 1 + ((u128::from(shares[i]) * u128::from(room)) >> 62) as u32 } else { 0 })
        .collect();
    // What rounding left over, or a share too many, is the likeliest one's.
    let sum: u32 = frequencies.iter().sum();
    let likeliest = (0..shares.len()).max_by_key(|i| frequencies[*i]).unwrap_or(0);
    frequencies[likeliest] = (frequencies[likeliest] + (1 << bits)).saturating_sub(sum).max(1);
    let mut start = 0;
    let place = |frequency: u32| {
        start += frequency;
        match frequency {
            0 => Symbol::none(start),
            _ => Symbol::new(start - frequency, frequency),
        }
    };
    frequencies.into_iter().map(place).collect()
}

/// The symbols of an octave by the shares of its patterns.
fn nibbles(shares: &[u64; 16]) -> Nibbles {
    let whole = symbols(shares, NIBBLE_BITS, |_| true);
    let mut nibbles = Nibbles::default();
    nibbles[16..].copy_from_slice(&whole);
    // Patterns with the same highest bits are neighbours: together they are the symbol of those bits.
    for i in (1..16).rev() {
        let (low, high) = (nibbles[2 * i], nibbles[2 * i + 1]);
        nibbles[i] = Symbol::new(low.start, low.frequency + high.frequency);
    }
    nibbles
}
