//! All registers in one run of bytes, and what is done with all of them.
//!
//! The bytes are planes: the largest values of all registers, then the lowest 16 bits of all tails, and so on. Most hashes
//! of a sketch that has seen many are too small for their register to remember, and are done with after one byte; and
//! whole vectors of registers are merged, which numbers of 28 bits end to end would hinder.

use super::register::{Register, Scale};
use crate::distinct::likelihood::most_likely;
use alloc::vec;

/// Registers whose tails are `TAIL` bits long.
#[derive(Clone, Copy, Debug)]
pub struct Array<const TAIL: u32>;

/// Tails of 20 bits: the smallest in memory for its error.
pub type Short = Array<20>;
/// Tails of 28 bits: the smallest when stored by an entropy code.
pub type Long = Array<28>;

/// Hashes that are placed before registers are written.
const BATCH: usize = 64;
/// Registers that are merged at once.
const LANES: usize = 8;

/// The planes of an array of *m* registers.
struct Planes<B> {
    /// The largest values, *m* bytes.
    largest: B,
    /// The lowest 16 bits of the tails, *2 m* bytes.
    low: B,
    /// Of tails of 28 bits the next eight: *m* bytes or none.
    middle: B,
    /// The highest four bits of the tails, *m / 2* bytes: those of register *i* and of register *i + m / 2* above them.
    high: B,
}

impl<const TAIL: u32> Array<TAIL> {
    /// Bytes of as many registers as `scale` has.
    pub const fn byte_len(scale: Scale) -> usize {
        const { assert!(TAIL == 20 || TAIL == 28) };
        scale.register_len() / 2 * (TAIL as usize + 8) / 4
    }

    /// Registers in so many bytes.
    const fn len(byte_len: usize) -> usize {
        byte_len * 4 / (TAIL as usize + 8) * 2
    }

    #[inline(always)]
    fn planes(bytes: &[u8], m: usize) -> Planes<&[u8]> {
        let (largest, tails) = bytes.split_at(m);
        let (low, tails) = tails.split_at(2 * m);
        let (middle, high) = tails.split_at(if TAIL == 28 { m } else { 0 });
        Planes { largest, low, middle, high }
    }

    #[inline(always)]
    fn planes_mut(bytes: &mut [u8], m: usize) -> Planes<&mut [u8]> {
        let (largest, tails) = bytes.split_at_mut(m);
        let (low, tails) = tails.split_at_mut(2 * m);
        let (middle, high) = tails.split_at_mut(if TAIL == 28 { m } else { 0 });
        Planes { largest, low, middle, high }
    }

    /// Register `i` of `bytes`, which are the array and nothing more.
    #[inline]
    pub fn get(bytes: &[u8], i: usize) -> Register<TAIL> {
        Self::planes(bytes, Self::len(bytes.len())).get(i)
    }

    #[inline]
    pub fn set(bytes: &mut [u8], i: usize, register: Register<TAIL>) {
        Self::planes_mut(bytes, Self::len(bytes.len())).set(i, register);
    }

    /// The registers in order.
    pub fn iter(bytes: &[u8]) -> impl Iterator<Item = Register<TAIL>> + '_ {
        let planes = Self::planes(bytes, Self::len(bytes.len()));
        (0..planes.largest.len()).map(move |i| planes.get(i))
    }

    /// Offers the value of a hash to its register. True when the register changed.
    #[inline]
    pub fn offer(bytes: &mut [u8], scale: Scale, hash: u64) -> bool {
        let (i, value) = scale.place(hash);
        if value + TAIL < u32::from(bytes[i]) {
            return false;
        }
        Self::planes_mut(bytes, scale.register_len()).put::<TAIL>(i, value)
    }

    /// Offers the values of many hashes.
    pub fn offer_all(bytes: &mut [u8], scale: Scale, hashes: &[u64]) {
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        if let Some(done) = super::wide::offer_all::<TAIL>(bytes, scale, hashes) {
            return done;
        }
        Self::offer_all_by_loop(bytes, scale, hashes)
    }

    #[inline(always)]
    pub(super) fn offer_all_by_loop(bytes: &mut [u8], scale: Scale, hashes: &[u64]) {
        let mut planes = Self::planes_mut(bytes, scale.register_len());
        // A branch could not foresee which values are too small. So those that are not are gathered without one, from
        // registers that may be some hashes old: what is too small for them is too small for what they became.
        let mut places = [(0_u32, 0_u32); BATCH];
        for hashes in hashes.chunks(BATCH) {
            let mut len = 0;
            for hash in hashes {
                let (i, value) = scale.place(*hash);
                places[len] = (i as u32, value);
                len += usize::from(value + TAIL >= u32::from(planes.largest[i]));
            }
            for (i, value) in &places[..len] {
                planes.put::<TAIL>(*i as usize, *value);
            }
        }
    }

    /// Every register of `ours` takes in its twin in `theirs`.
    pub fn merge(ours: &mut [u8], theirs: &[u8]) {
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        if let Some(done) = super::wide::merge::<TAIL>(ours, theirs) {
            return done;
        }
        Self::merge_by_loop(ours, theirs)
    }

    #[inline(always)]
    pub(super) fn merge_by_loop(ours: &mut [u8], theirs: &[u8]) {
        let m = Self::len(ours.len());
        let (mut ours, theirs) = (Self::planes_mut(ours, m), Self::planes(theirs, m));
        for i in (0..m / 2).step_by(LANES) {
            let (high, their_high) = (lanes(ours.high, i), lanes(theirs.high, i));
            let mut union_high = [0; LANES];
            for (first, shift) in [(i, 0), (m / 2 + i, 4)] {
                let a = ours.lanes::<TAIL>(first, high, shift);
                let b = theirs.lanes::<TAIL>(first, their_high, shift);
                let union = Register::<TAIL>::unions(a, b);
                for (high, tail) in union_high.iter_mut().zip(union[1]) {
                    *high |= ((tail >> (TAIL - 4)) as u8) << shift;
                }
                ours.set_lanes::<TAIL>(first, union);
            }
            ours.high[i..i + LANES].copy_from_slice(&union_high);
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
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        if let Some(done) = super::wide::evidence::<TAIL>(bytes, scale) {
            return done;
        }
        Self::evidence_by_loop(bytes, scale)
    }

    #[inline(always)]
    pub(super) fn evidence_by_loop(bytes: &[u8], scale: Scale) -> Evidence {
        // Rows by the octave of the largest value: how many values came of that octave and the seven before. Two tables: a
        // row that is wanted twice in a row does not wait for the first to be written.
        let mut came = vec![[[0_u16; 8]; 72]; 2].into_boxed_slice();
        let mut largest = [[0_u32; 256]; 2];
        let mut evidence = Evidence { absent: 0, came: [0; 64], scale };
        let planes = Self::planes(bytes, scale.register_len());
        // A pair's registers bring at most 4 each to a number of 16 bits: it holds 2^13 pairs.
        for at in (0..planes.largest.len()).step_by(1 << 14) {
            let end = planes.largest.len().min(at + (1 << 14));
            for i in at..end {
                let register: Register<TAIL> = planes.get(i);
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

impl<B: AsRef<[u8]>> Planes<B> {
    /// Register `i`.
    #[inline(always)]
    fn get<const TAIL: u32>(&self, i: usize) -> Register<TAIL> {
        let (largest, low, high) = (self.largest.as_ref(), self.low.as_ref(), self.high.as_ref());
        let (byte, shift) = nibble(i, high.len());
        let mut tail = u32::from(u16::from_le_bytes([low[2 * i], low[2 * i + 1]]));
        if TAIL == 28 {
            tail |= u32::from(self.middle.as_ref()[i]) << 16;
        }
        tail |= u32::from(high[byte] >> shift & 15) << (TAIL - 4);
        Register { largest: largest[i].into(), tail }
    }

    /// Largest values and tails of registers from `first` on, whose highest bits are `shift` bits up in `high`.
    #[inline(always)]
    fn lanes<const TAIL: u32>(&self, first: usize, high: [u8; LANES], shift: u32) -> [[u32; LANES]; 2] {
        let largest = lanes(self.largest.as_ref(), first).map(u32::from);
        let low = self.low.as_ref()[2 * first..2 * (first + LANES)].as_chunks().0;
        let mut tails: [u32; LANES] = core::array::from_fn(|j| u16::from_le_bytes(low[j]).into());
        if TAIL == 28 {
            let middle = lanes(self.middle.as_ref(), first);
            tails = core::array::from_fn(|j| tails[j] | u32::from(middle[j]) << 16);
        }
        [largest, core::array::from_fn(|j| tails[j] | u32::from(high[j] >> shift & 15) << (TAIL - 4))]
    }
}

/// A lane each of the bytes from `first` on.
#[inline(always)]
fn lanes(bytes: &[u8], first: usize) -> [u8; LANES] {
    let mut lanes = [0; LANES];
    lanes.copy_from_slice(&bytes[first..first + LANES]);
    lanes
}

impl Planes<&mut [u8]> {
    #[inline(always)]
    fn set<const TAIL: u32>(&mut self, i: usize, register: Register<TAIL>) {
        let (byte, shift) = nibble(i, self.high.len());
        self.largest[i] = register.largest as u8;
        self.low[2 * i..2 * i + 2].copy_from_slice(&(register.tail as u16).to_le_bytes());
        if TAIL == 28 {
            self.middle[i] = (register.tail >> 16) as u8;
        }
        let high = (register.tail >> (TAIL - 4)) as u8;
        self.high[byte] = self.high[byte] & !(15 << shift) | high << shift;
    }

    /// All but the highest bits of registers from `first` on.
    #[inline(always)]
    fn set_lanes<const TAIL: u32>(&mut self, first: usize, [largest, tails]: [[u32; LANES]; 2]) {
        self.largest[first..first + LANES].copy_from_slice(&largest.map(|largest| largest as u8));
        let low = self.low[2 * first..2 * (first + LANES)].as_chunks_mut().0;
        for (low, tail) in low.iter_mut().zip(tails) {
            *low = (tail as u16).to_le_bytes();
        }
        if TAIL == 28 {
            self.middle[first..first + LANES].copy_from_slice(&tails.map(|tail| (tail >> 16) as u8));
        }
    }

    /// Puts `value` into register `i`, which remembers it. True when the register changed.
    #[inline(always)]
    fn put<const TAIL: u32>(&mut self, i: usize, value: u32) -> bool {
        let before: Register<TAIL> = self.get(i);
        let after = before.with(value);
        // Written whether it changed or not: a branch could not foresee it.
        self.set(i, after);
        after != before
    }
}

/// The byte of `len`, a power of two, that has the highest bits of register `i`, and the lowest of them in it.
#[inline(always)]
const fn nibble(i: usize, len: usize) -> (usize, u32) {
    (i & (len - 1), 4 * (i >= len) as u32)
}

/// What the registers say, as far as the likelihood goes.
#[derive(Clone, Debug, PartialEq)]
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
