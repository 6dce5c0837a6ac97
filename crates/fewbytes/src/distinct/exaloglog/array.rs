//! All registers in one run of bytes, and what is done with all of them.
//!
//! The largest values come first, a byte each, then the tails, two of them in a whole number of bytes. Most hashes of a
//! sketch that has seen many are too small for their register to remember: they are done with after one byte.

use super::register::{Register, Scale};
use crate::distinct::likelihood::most_likely;
use alloc::vec;

/// Hashes that are placed before registers are written.
const BATCH: usize = 64;

/// Registers whose tails are `TAIL` bits long, two tails in `PAIR` bytes.
#[derive(Clone, Copy, Debug)]
pub struct Array<const TAIL: u32, const PAIR: usize>;

/// Tails of 20 bits: the smallest in memory for its error.
pub type Short = Array<20, 5>;
/// Tails of 28 bits: the smallest when stored by an entropy code.
pub type Long = Array<28, 7>;

/// The bytes of an array: largest values and tails.
struct Parts<'a> {
    largest: &'a [u8],
    tails: &'a [u8],
}

impl<const TAIL: u32, const PAIR: usize> Array<TAIL, PAIR> {
    /// Bytes of as many registers as `scale` has.
    pub const fn byte_len(scale: Scale) -> usize {
        const { assert!(TAIL == 4 * PAIR as u32) };
        scale.register_len() + scale.register_len() / 2 * PAIR
    }

    /// Registers in so many bytes.
    const fn len(byte_len: usize) -> usize {
        byte_len / (PAIR + 2) * 2
    }

    fn parts(bytes: &[u8]) -> Parts<'_> {
        let (largest, tails) = bytes.split_at(Self::len(bytes.len()));
        Parts { largest, tails }
    }

    /// The first of four bytes that tail `i` is in, and its lowest bit in them: a pair's last four bytes for the second.
    #[inline]
    const fn place(i: usize) -> (usize, u32) {
        let second = i % 2;
        (i / 2 * PAIR + second * (PAIR - 4), (32 - TAIL) * second as u32)
    }

    #[inline]
    fn tail(tails: &[u8], i: usize) -> u32 {
        let (first, shift) = Self::place(i);
        load(&tails[first..first + 4]) >> shift & Register::<TAIL>::MASK
    }

    #[inline]
    fn set_tail(tails: &mut [u8], i: usize, tail: u32) {
        let (first, shift) = Self::place(i);
        let bytes = &mut tails[first..first + 4];
        let word = load(bytes) & !(Register::<TAIL>::MASK << shift) | tail << shift;
        bytes.copy_from_slice(&word.to_le_bytes());
    }

    /// Register `i` of `bytes`, which are the array and nothing more.
    #[inline]
    pub fn get(bytes: &[u8], i: usize) -> Register<TAIL> {
        let parts = Self::parts(bytes);
        Register { largest: parts.largest[i].into(), tail: Self::tail(parts.tails, i) }
    }

    #[inline]
    pub fn set(bytes: &mut [u8], i: usize, register: Register<TAIL>) {
        let (largest, tails) = bytes.split_at_mut(Self::len(bytes.len()));
        largest[i] = register.largest as u8;
        Self::set_tail(tails, i, register.tail);
    }

    /// The registers in order.
    pub fn iter(bytes: &[u8]) -> impl Iterator<Item = Register<TAIL>> + '_ {
        (0..Self::len(bytes.len())).map(|i| Self::get(bytes, i))
    }

    /// Offers the value of a hash to its register. True when the register changed.
    #[inline]
    pub fn offer(bytes: &mut [u8], scale: Scale, hash: u64) -> bool {
        let (i, value) = scale.place(hash);
        if value + TAIL < u32::from(bytes[i]) {
            return false;
        }
        let (largest, tails) = bytes.split_at_mut(scale.register_len());
        Self::put(largest, tails, i, value)
    }

    /// Puts `value` into register `i`, which remembers it. True when the register changed.
    #[inline]
    fn put(largest: &mut [u8], tails: &mut [u8], i: usize, value: u32) -> bool {
        let before = Register::<TAIL> { largest: largest[i].into(), tail: Self::tail(tails, i) };
        let after = before.with(value);
        // Written whether it changed or not: a branch could not foresee it.
        largest[i] = after.largest as u8;
        Self::set_tail(tails, i, after.tail);
        after != before
    }

    /// Offers the values of many hashes.
    pub fn offer_all(bytes: &mut [u8], scale: Scale, hashes: &[u64]) {
        let (largest, tails) = bytes.split_at_mut(scale.register_len());
        // A branch could not foresee which values are too small. So those that are not are gathered without one, from
        // registers that may be some hashes old: what is too small for them is too small for what they became.
        let mut places = [(0_u32, 0_u32); BATCH];
        for hashes in hashes.chunks(BATCH) {
            let mut len = 0;
            for hash in hashes {
                let (i, value) = scale.place(*hash);
                places[len] = (i as u32, value);
                len += usize::from(value + TAIL >= u32::from(largest[i]));
            }
            for (i, value) in &places[..len] {
                Self::put(largest, tails, *i as usize, *value);
            }
        }
    }

    /// Every register of `ours` takes in its twin in `theirs`.
    pub fn merge(ours: &mut [u8], theirs: &[u8]) {
        let (largest, tails) = ours.split_at_mut(Self::len(ours.len()));
        let theirs = Self::parts(theirs);
        let ours = largest.as_chunks_mut::<8>().0.iter_mut().zip(tails.chunks_exact_mut(4 * PAIR));
        let theirs = theirs.largest.as_chunks::<8>().0.iter().zip(theirs.tails.chunks_exact(4 * PAIR));
        for ((largest, tails), (their_largest, their_tails)) in ours.zip(theirs) {
            let unpack = |largest: &[u8; 8], tails: &[u8]| {
                core::array::from_fn::<_, 8, _>(|i| Register::<TAIL> {
                    largest: largest[i].into(),
                    tail: Self::tail(tails, i),
                })
            };
            let (a, b) = (unpack(largest, tails), unpack(their_largest, their_tails));
            let union: [_; 8] = core::array::from_fn(|i| a[i].union(b[i]));
            *largest = union.map(|register| register.largest as u8);
            for (pair, tails) in union.as_chunks::<2>().0.iter().zip(tails.as_chunks_mut::<PAIR>().0) {
                let both = u64::from(pair[1].tail) << TAIL | u64::from(pair[0].tail);
                tails.copy_from_slice(&both.to_le_bytes()[..PAIR]);
            }
        }
    }

    /// Takes in registers of a higher precision.
    pub fn merge_finer(ours: &mut [u8], scale: Scale, theirs: &[u8], finer: Scale) {
        for (i, register) in Self::iter(theirs).enumerate() {
            let at = i % scale.register_len();
            let union = Self::get(ours, at).union(register.fold(i, finer, scale));
            Self::set(ours, at, union);
        }
    }

    /// What the likelihood of the registers of `bytes` depends on.
    pub fn evidence(bytes: &[u8], scale: Scale) -> Evidence {
        // Rows by the octave of the largest value: how many values came of that octave and the seven before. Two tables: a
        // row that is wanted twice in a row does not wait for the first to be written.
        let mut came = vec![[[0_u16; 8]; 72]; 2].into_boxed_slice();
        let mut largest = [[0_u32; 256]; 2];
        let mut evidence = Evidence { absent: 0, came: [0; 64], scale };
        let parts = Self::parts(bytes);
        // A pair's registers bring at most 4 each to a number of 16 bits: it holds 2^13 pairs.
        for at in (0..parts.largest.len()).step_by(1 << 14) {
            let end = parts.largest.len().min(at + (1 << 14));
            for i in at..end {
                let register =
                    Register::<TAIL> { largest: parts.largest[i].into(), tail: Self::tail(parts.tails, i) };
                largest[i % 2][register.largest as usize & 255] += 1;
                let (octave, values) = register.octaves();
                let row = &mut came[i % 2][octave as usize % 72];
                // Nibbles to their number of ones, then the even and the odd ones a byte each.
                let twos = values - (values >> 1 & 0x5555_5555);
                let fours = (twos & 0x3333_3333) + (twos >> 2 & 0x3333_3333);
                let bytes = u64::from(fours & 0x0f0f_0f0f) | u64::from(fours >> 4 & 0x0f0f_0f0f) << 32;
                for (sum, count) in row.iter_mut().zip(bytes.to_le_bytes()) {
                    *sum += u16::from(count);
                }
            }
            for (i, row) in came.iter_mut().flatten().enumerate() {
                evidence.take(i % 72, row, Register::<TAIL>::OCTAVES);
                *row = [0; 8];
            }
        }
        let counts = largest[0].iter().zip(&largest[1]).map(|(a, b)| u128::from(a + b));
        let open = (0..).zip(counts).map(|(value, count)| {
            count * u128::from(scale.chance_beyond(u32::saturating_sub(value, TAIL + 1)))
        });
        let gone = (0..=scale.last_octave()).zip(&evidence.came);
        let gone = gone.map(|(octave, came)| u128::from(*came) * u128::from(scale.chance(octave)));
        evidence.absent = open.sum::<u128>().saturating_sub(gone.sum());
        evidence
    }
}

/// Four bytes as a number.
#[inline]
fn load(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// What the registers say, as far as the likelihood goes.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Sum of the chances of all values of all registers that are known to have not come, in units of
    /// [`Scale::chance`].
    absent: u128,
    /// Values of each octave that are known to have come.
    came: [u32; 64],
    scale: Scale,
}

impl Evidence {
    /// Adds the counts of a row of registers whose largest values are of one octave, counted from 1.
    fn take(&mut self, octave: usize, row: &[u16; 8], octaves: u32) {
        for (byte, count) in row.iter().enumerate() {
            // The even nibbles come first.
            let nibble = if byte < 4 { 2 * byte } else { 2 * byte - 7 };
            let before = (octaves as usize).wrapping_sub(1 + nibble);
            if before < octave && octave - before <= 64 {
                self.came[octave - 1 - before] += u32::from(*count);
            }
        }
    }

    /// The likeliest number of items a register.
    pub fn load(&self) -> f64 {
        // β by the binary logarithm of the chance: the last two octaves share one.
        let mut beta = [0; 65];
        for octave in 0..=self.scale.last_octave() {
            beta[self.scale.log2_chance(octave) as usize] += self.came[octave as usize];
        }
        most_likely(self.absent as f64 * libm::exp2(f64::from(self.scale.precision()) - 64.0), &beta)
    }
}
