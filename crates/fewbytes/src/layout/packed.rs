//! Fields of fewer than eight bits, packed without waste and still read a vector at a time.

/// `len` fields of `BITS` bits each (4, 6 or 7), `len * BITS / 8` bytes in all.
///
/// A field of 6 bits that lies alone in a byte leaves 2 bits over; three such bytes leave room for a fourth field. So
/// a *block* is `ROWS` rows of `width` bytes (3 rows of 32 for 6 bits): row *r* holds `width` fields in the low bits of
/// its bytes, and the bits left over in a column of all rows, low row first, hold one field more. Field *i* of a block
/// lies in row *i / width*, column *i % width*, the last `width` fields in the bits left over.
///
/// Against fields laid end to end this takes the same bytes, and makes the maximum of two arrays a matter of whole
/// vectors: no field crosses a byte, but for the last row, whose pieces lie straight above each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Packed<const BITS: u32> {
    len: usize,
    width_log2: u32,
}

/// Bytes in a row of a full block: one AVX2 vector, two of SSE2, NEON or wasm's simd128.
const WIDTH: usize = 32;

impl<const BITS: u32> Packed<BITS> {
    const SPARE: u32 = 8 - BITS;
    const ROWS: usize = (BITS / Self::SPARE) as usize;
    const MASK: u8 = (1 << BITS) - 1;
    const PIECE: u8 = (1 << Self::SPARE) - 1;
    const FIELDS_LOG2: u32 = (Self::ROWS + 1).ilog2();
    /// Largest number that a field can hold.
    pub const MAX: u8 = Self::MASK;

    /// The shape of an array of `2^len_log2` fields.
    ///
    /// # Panics
    /// When there are fewer fields than a column of a block holds: 2, 4 or 8 for 4, 6 or 7 bits.
    pub const fn new(len_log2: u32) -> Self {
        const { assert!(BITS == 4 || BITS == 6 || BITS == 7, "the bits left over must fill whole fields") };
        assert!(len_log2 >= Self::FIELDS_LOG2, "too few fields for one column");
        let width = len_log2 - Self::FIELDS_LOG2;
        let full = WIDTH.ilog2();
        Self { len: 1 << len_log2, width_log2: if width < full { width } else { full } }
    }

    /// Number of fields.
    #[allow(clippy::len_without_is_empty)] // Never empty.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Bytes that the array takes.
    pub const fn byte_len(&self) -> usize {
        self.len / 8 * BITS as usize + self.len % 8 * BITS as usize / 8
    }

    const fn width(&self) -> usize {
        1 << self.width_log2
    }

    /// First byte of field `i`'s column, and its row.
    #[inline]
    fn place(&self, i: usize) -> (usize, usize) {
        let column = i & (self.width() - 1);
        let row = (i >> self.width_log2) & Self::ROWS;
        let block = i >> (self.width_log2 + Self::FIELDS_LOG2);
        (((block * Self::ROWS) << self.width_log2) + column, row)
    }

    /// Field `i` of `bytes`.
    ///
    /// # Panics
    /// When `i` is not less than [`Packed::len`], or `bytes` are fewer than [`Packed::byte_len`].
    #[inline]
    pub fn get(&self, bytes: &[u8], i: usize) -> u8 {
        let (first, row) = self.place(i);
        if row < Self::ROWS {
            return bytes[first + (row << self.width_log2)] & Self::MASK;
        }
        (0..Self::ROWS).fold(0, |field, row| {
            field | (bytes[first + (row << self.width_log2)] >> BITS) << (row as u32 * Self::SPARE)
        })
    }

    /// Writes field `i` of `bytes`; bits of `value` beyond the field's are dropped.
    ///
    /// # Panics
    /// As [`Packed::get`].
    #[inline]
    pub fn set(&self, bytes: &mut [u8], i: usize, value: u8) {
        let (first, row) = self.place(i);
        if row < Self::ROWS {
            let byte = &mut bytes[first + (row << self.width_log2)];
            *byte = *byte & !Self::MASK | value & Self::MASK;
            return;
        }
        for row in 0..Self::ROWS {
            let byte = &mut bytes[first + (row << self.width_log2)];
            let piece = (value >> (row as u32 * Self::SPARE)) & Self::PIECE;
            *byte = *byte & Self::MASK | piece << BITS;
        }
    }

    /// Every field of `ours` becomes the larger of itself and its twin in `theirs`.
    ///
    /// # Panics
    /// When the two differ in length.
    pub fn max_assign(&self, ours: &mut [u8], theirs: &[u8]) {
        assert_eq!(ours.len(), theirs.len(), "arrays of one shape");
        match self.width() {
            WIDTH => Self::max_blocks::<WIDTH>(ours, theirs),
            8 => Self::max_blocks::<8>(ours, theirs),
            16 => Self::max_blocks::<16>(ours, theirs),
            4 => Self::max_blocks::<4>(ours, theirs),
            2 => Self::max_blocks::<2>(ours, theirs),
            _ => Self::max_blocks::<1>(ours, theirs),
        }
    }

    /// With the width known to the compiler each line is vector instructions: 4,096 fields of 6 bits in 0.2 µs.
    fn max_blocks<const W: usize>(ours: &mut [u8], theirs: &[u8]) {
        let block = Self::ROWS * W;
        for (ours, theirs) in ours.chunks_exact_mut(block).zip(theirs.chunks_exact(block)) {
            let mut last = [0; W];
            for column in 0..W {
                let (mut a, mut b) = (0, 0);
                for row in 0..Self::ROWS {
                    a |= (ours[row * W + column] >> BITS) << (row as u32 * Self::SPARE);
                    b |= (theirs[row * W + column] >> BITS) << (row as u32 * Self::SPARE);
                }
                last[column] = a.max(b);
            }
            for row in 0..Self::ROWS {
                for column in 0..W {
                    let i = row * W + column;
                    let low = (ours[i] & Self::MASK).max(theirs[i] & Self::MASK);
                    let piece = (last[column] >> (row as u32 * Self::SPARE)) & Self::PIECE;
                    ours[i] = low | piece << BITS;
                }
            }
        }
    }

    /// How many fields hold each number: entry *v* is the number of fields that hold *v*.
    ///
    /// # Panics
    /// When `bytes` are fewer than [`Packed::byte_len`].
    pub fn histogram(&self, bytes: &[u8]) -> [u32; 128] {
        // One table a parity: two increments of the same number in a row don't wait for each other.
        let mut counts = [[0u32; 128]; 2];
        let width = self.width();
        for block in bytes[..self.byte_len()].chunks_exact(Self::ROWS * width) {
            for column in 0..width {
                let mut last = 0;
                for row in 0..Self::ROWS {
                    let byte = block[row * width + column];
                    counts[row & 1][usize::from(byte & Self::MASK)] += 1;
                    last |= (byte >> BITS) << (row as u32 * Self::SPARE);
                }
                counts[1][usize::from(last)] += 1;
            }
        }
        core::array::from_fn(|v| counts[0][v] + counts[1][v])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};

    /// Every field keeps its own number, for every width and small lengths too.
    fn round_trip<const BITS: u32>() {
        for len_log2 in 3..=12 {
            let packed = Packed::<BITS>::new(len_log2);
            let mut bytes = vec![0; packed.byte_len()];
            assert_eq!(packed.byte_len() * 8, packed.len() * BITS as usize);
            let value = |i: usize| (i * 37 % 251) as u8 & Packed::<BITS>::MAX;
            (0..packed.len()).for_each(|i| packed.set(&mut bytes, i, 0xff));
            (0..packed.len()).rev().for_each(|i| packed.set(&mut bytes, i, value(i)));
            let read: Vec<u8> = (0..packed.len()).map(|i| packed.get(&bytes, i)).collect();
            assert_eq!(
                read,
                (0..packed.len()).map(value).collect::<Vec<_>>(),
                "{BITS} bits, 2^{len_log2} fields"
            );

            let mut theirs = vec![0; packed.byte_len()];
            let other = |i: usize| (i * 91 % 241) as u8 & Packed::<BITS>::MAX;
            (0..packed.len()).for_each(|i| packed.set(&mut theirs, i, other(i)));
            packed.max_assign(&mut bytes, &theirs);
            (0..packed.len()).for_each(|i| assert_eq!(packed.get(&bytes, i), value(i).max(other(i))));
            let histogram = packed.histogram(&bytes);
            let mut expected = [0; 128];
            (0..packed.len()).for_each(|i| expected[usize::from(packed.get(&bytes, i))] += 1);
            assert_eq!(histogram, expected);
        }
    }

    #[test]
    fn fields_of_4_6_and_7_bits() {
        round_trip::<4>();
        round_trip::<6>();
        round_trip::<7>();
    }
}
