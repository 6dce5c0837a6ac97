//! One register: the largest value that came to it, and which of the values just before that came.
//!
//! A hash brings a *value* k = 1, 2, ... to the register that it picks. Values come in *octaves* of four that are equally
//! likely, each octave half as likely as the one before it. A register keeps the largest value, and a *tail* of bits, the
//! highest of which says whether the value just below the largest came, and so on down.
//!
//! Every register counts as having had value 0, so an empty one is no special case: where the largest is less than the
//! tail is long, one bit of the tail stands for that.

use crate::Error;

/// Binary logarithm of the values in an octave, the paper's *t*.
pub const OCTAVE_BITS: u32 = 2;
/// Values in an octave.
pub const OCTAVE: u32 = 1 << OCTAVE_BITS;

/// The octaves of a precision, and the chances of their values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    precision: u32,
}

impl Scale {
    pub const fn new(precision: u32) -> Self {
        Self { precision }
    }

    pub const fn precision(self) -> u32 {
        self.precision
    }

    pub const fn register_len(self) -> usize {
        1 << self.precision
    }

    /// The last octave, counted from 0. It is as likely as the one before it: there are no more bits to tell.
    pub const fn last_octave(self) -> u32 {
        64 - self.precision - OCTAVE_BITS
    }

    /// The largest value there is.
    pub const fn max_value(self) -> u32 {
        (self.last_octave() + 1) * OCTAVE
    }

    /// Register and value of a hash: the lowest two bits and the zeros at the top make the value, the bits above the
    /// two lowest pick the register.
    #[inline(always)]
    pub const fn place(self, hash: u64) -> (usize, u32) {
        let low = (1 << (self.precision + OCTAVE_BITS)) - 1;
        let register = (hash & low) >> OCTAVE_BITS;
        let octave = (hash | low).leading_zeros();
        (register as usize, octave * OCTAVE + (hash as u32 & (OCTAVE - 1)) + 1)
    }

    #[cfg(test)]
    /// A hash that [`place`](Self::place) gives this register and value.
    pub const fn hash(self, register: usize, value: u32) -> u64 {
        let octave = (value - 1) / OCTAVE;
        let low = (register as u64) << OCTAVE_BITS | ((value - 1) % OCTAVE) as u64;
        match octave < self.last_octave() {
            true => 1 << (63 - octave) | low,
            false => low,
        }
    }

    /// *u* where a hash has the chance *2^-u* to bring one value of this octave to the register that it picks.
    pub const fn log2_chance(self, octave: u32) -> u32 {
        let chance = OCTAVE_BITS + 1 + octave;
        match octave < self.last_octave() {
            true => chance,
            false => 64 - self.precision,
        }
    }

    /// The chance of one value of this octave, in units of the last octave's: *2^(precision - 64)*.
    #[inline]
    pub const fn chance(self, octave: u32) -> u64 {
        1 << (64 - self.precision - self.log2_chance(octave))
    }

    /// The chance of all values beyond `value`, in those units.
    #[inline]
    pub const fn chance_beyond(self, value: u32) -> u64 {
        let octave = value / OCTAVE;
        match octave <= self.last_octave() {
            true => (1 << (64 - self.precision - octave)) - (value % OCTAVE) as u64 * self.chance(octave),
            false => 0,
        }
    }
}

/// A register whose tail is `TAIL` bits long.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Register<const TAIL: u32> {
    /// The largest value that came; 0 where none did.
    pub largest: u32,
    /// The values before it that came, the nearest in the highest bit.
    pub tail: u32,
}

impl<const TAIL: u32> Register<TAIL> {
    /// The bit above the tail: the largest value itself, which came.
    pub const LARGEST: u32 = 1 << TAIL;
    /// The bits of a tail.
    pub const MASK: u32 = Self::LARGEST - 1;
    /// Octaves that a register knows of.
    pub const OCTAVES: u32 = TAIL / OCTAVE + 1;

    /// The register as one number: the largest value above the tail.
    pub const fn number(self) -> u64 {
        (self.largest as u64) << TAIL | self.tail as u64
    }

    /// What two registers know together.
    #[inline(always)]
    pub fn union(self, other: Self) -> Self {
        let largest = self.largest.max(other.largest);
        // A number of up to 29 bits that is moved by 31 or more is gone.
        let ours = (self.tail | Self::LARGEST) >> (largest - self.largest).min(31);
        let theirs = (other.tail | Self::LARGEST) >> (largest - other.largest).min(31);
        Self { largest, tail: (ours | theirs) & Self::MASK }
    }

    /// [`union`](Self::union) of many: the largest values and the tails of each.
    #[inline(always)]
    pub fn unions<const N: usize>(a: [[u32; N]; 2], b: [[u32; N]; 2]) -> [[u32; N]; 2] {
        let ([a_largest, a], [b_largest, b]) = (a, b);
        let largest: [u32; N] = core::array::from_fn(|i| a_largest[i].max(b_largest[i]));
        let moved = |tails: [u32; N], from: [u32; N]| -> [u32; N] {
            core::array::from_fn(|i| (tails[i] | Self::LARGEST) >> (largest[i] - from[i]).min(31))
        };
        let (a, b) = (moved(a, a_largest), moved(b, b_largest));
        [largest, core::array::from_fn(|i| (a[i] | b[i]) & Self::MASK)]
    }

    /// The register after `value` came.
    #[inline(always)]
    pub fn with(self, value: u32) -> Self {
        self.union(Self { largest: value, tail: 0 })
    }

    /// The octave of the largest value and, as a number whose nibbles are octaves, which values came: the highest of
    /// [`OCTAVES`](Self::OCTAVES) nibbles is that octave's, those below are of the octaves before it. Octaves are counted
    /// from 1 here; what is of octave 0 or before is to be left out.
    #[inline(always)]
    pub const fn octaves(self) -> (u32, u32) {
        let at = self.largest + OCTAVE - 1;
        (at / OCTAVE, (self.tail | Self::LARGEST) << (at % OCTAVE))
    }

    /// The chance that the next hash that picks this register changes it, in units of [`Scale::chance`].
    pub fn chance_of_change(self, scale: Scale) -> u64 {
        let (last, came) = self.octaves();
        // All values that the register could still learn of, less those that came.
        let mut chance = scale.chance_beyond(self.largest.saturating_sub(TAIL + 1));
        for i in 0..Self::OCTAVES.min(last) {
            let octave = last - 1 - i;
            let came = came >> ((Self::OCTAVES - 1 - i) * OCTAVE) & 15;
            if octave <= scale.last_octave() {
                chance = chance.saturating_sub(u64::from(came.count_ones()) * scale.chance(octave));
            }
        }
        chance
    }

    /// The values that are known to have come, largest first.
    pub fn values(self) -> impl Iterator<Item = u32> {
        let came = self.tail | Self::LARGEST;
        (0..self.largest.min(TAIL + 1))
            .filter(move |i| came >> (TAIL - i) & 1 == 1)
            .map(move |i| self.largest - i)
    }

    /// Whether values can have made this register: none beyond the last, and below value 0 nothing.
    pub fn is_sound(self, scale: Scale) -> bool {
        let below = match self.largest {
            0 => self.tail == 0,
            largest if largest <= TAIL => self.tail.trailing_zeros() == TAIL - largest,
            _ => true,
        };
        below && self.largest <= scale.max_value()
    }

    /// What is wrong with a register that is not sound.
    pub fn unsound(self, scale: Scale) -> Error {
        let max = scale.max_value();
        Error::field("register", format_args!("a value up to {max} and a tail of its length"), self.number())
    }

    /// Register `i` of precision `from` as the lower precision `to` would have it: bits that picked the register go on
    /// with the run of zeros, for values of the last octave.
    #[inline]
    pub fn fold(self, i: usize, from: Scale, to: Scale) -> Self {
        let last = from.last_octave() * OCTAVE;
        if self.largest <= last {
            return self;
        }
        let dropped = from.precision() - to.precision();
        let moved = (i >> to.precision()) as u32;
        let zeros = (moved << 1 | 1).leading_zeros() - (31 - dropped);
        let shift = |value| if value > last { value + zeros * OCTAVE } else { value };
        // Damaged bytes may hold values beyond the last.
        self.values().map(shift).map(|value| value.min(to.max_value())).fold(Self::default(), Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{collections::BTreeSet, vec::Vec};

    fn mix(counter: u64) -> u64 {
        crate::hash::hash(&counter.to_le_bytes(), 3)
    }

    /// A register of the values of a set by the definition, and all that is asked of it.
    fn check<const TAIL: u32>(values: &BTreeSet<u32>, register: Register<TAIL>, scale: Scale) {
        let largest = values.last().copied().unwrap_or(0);
        let known: Vec<u32> = values.iter().rev().copied().filter(|value| value + TAIL >= largest).collect();
        assert_eq!(register.largest, largest);
        assert_eq!(register.values().collect::<Vec<_>>(), known);
        let all = 1..=scale.max_value();
        let learns = all.filter(|value| register.with(*value) != register);
        let chance: u64 = learns.map(|value| scale.chance((value - 1) / OCTAVE)).sum();
        assert_eq!(register.chance_of_change(scale), chance, "{values:?}");
        assert!(register.is_sound(scale));
    }

    fn remembers<const TAIL: u32>() {
        for precision in [4, 11, 18] {
            let scale = Scale::new(precision);
            for round in 0..60 {
                let (mut sets, mut registers) =
                    ([BTreeSet::new(), BTreeSet::new()], [Register::<TAIL>::default(); 2]);
                for i in 0..40 {
                    let draw = mix(round << 32 | i);
                    let value = scale.place(draw >> (draw % 64)).1;
                    let which = (draw >> 20 & 1) as usize;
                    sets[which].insert(value);
                    registers[which] = registers[which].with(value);
                    check(&sets[which], registers[which], scale);
                }
                let [a, b] = registers;
                let union = a.union(b);
                assert_eq!(union, b.union(a));
                check(&sets[0].union(&sets[1]).copied().collect(), union, scale);
            }
        }
    }

    #[test]
    fn a_register_is_the_set_of_its_last_values() {
        remembers::<20>();
        remembers::<28>();
    }

    #[test]
    fn chances_are_those_of_hashes() {
        for precision in 4..=18 {
            let scale = Scale::new(precision);
            let sum: u64 = (1..=scale.max_value()).map(|value| scale.chance((value - 1) / OCTAVE)).sum();
            assert_eq!(sum, 1 << (64 - precision), "all values together");
            for value in 0..=scale.max_value() {
                let beyond: u64 =
                    (value + 1..=scale.max_value()).map(|k| scale.chance((k - 1) / OCTAVE)).sum();
                assert_eq!(scale.chance_beyond(value), beyond, "precision {precision}, beyond {value}");
            }
            for value in 1..=scale.max_value() {
                for register in [0, 1, scale.register_len() - 1] {
                    assert_eq!(scale.place(scale.hash(register, value)), (register, value));
                }
            }
            assert_eq!(scale.place(0), (0, scale.max_value() - 3));
            assert_eq!(scale.place(u64::MAX), (scale.register_len() - 1, 4));
            assert_eq!([scale.chance_beyond(253), scale.chance_beyond(255)], [0, 0]);
        }
    }

    /// Folding what came is what comes at the lower precision.
    #[test]
    fn folding_a_register_is_placing_the_hashes() {
        for (from, to) in [(4, 4), (6, 4), (12, 11), (18, 4), (18, 17)] {
            let (from, to) = (Scale::new(from), Scale::new(to));
            for round in 0..300 {
                let hashes = (0..30).map(|i| {
                    let draw = mix(round << 32 | i);
                    // Long runs of zeros; the same register of the higher precision for all.
                    let low = (mix(round) % from.register_len() as u64) << 2 | draw >> 62;
                    let high = draw >> (draw % 70).min(63);
                    high & !((1 << (from.precision() + 2)) - 1) | low
                });
                let (mut register, mut expected) = (Register::<20>::default(), Register::default());
                let mut place = (0, 0);
                for hash in hashes {
                    let ((i, value), (j, lower)) = (from.place(hash), to.place(hash));
                    place = (i, j);
                    register = register.with(value);
                    expected = expected.with(lower);
                }
                assert_eq!(place.0 & (to.register_len() - 1), place.1);
                assert_eq!(register.fold(place.0, from, to), expected);
            }
        }
        let empty = Register::<20>::default();
        assert_eq!(empty.fold(5, Scale::new(6), Scale::new(4)), empty, "an empty register stays empty");
    }
}
