//! Fields of fewer than eight bits, laid end to end.

/// `len` fields of `BITS` bits each, 2 to 7, in `len * BITS / 8` bytes: field *i* is the bits from *BITS i* on, lowest
/// first, as in one long little-endian number.
///
/// Eight fields fill `BITS` bytes, so arrays are worked through as `u64`s of eight fields.
///
/// [`Sextets`](super::Sextets) are laid for vectors, with no field across bytes that has to be looked at often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Packed<const BITS: usize> {
    len: usize,
}

impl<const BITS: usize> Packed<BITS> {
    /// Largest number that a field can hold.
    pub const MAX: u8 = (1 << BITS) - 1;
    /// The first, third, fifth and seventh of eight fields.
    const EVEN: u64 = {
        let pair = 2 * BITS;
        let field = Self::MAX as u64;
        field | field << pair | field << (2 * pair) | field << (3 * pair)
    };
    /// The lowest bit above each of those.
    const ABOVE: u64 = Self::EVEN / Self::MAX as u64 * (1 << BITS);

    /// The shape of an array of `len` fields.
    ///
    /// # Panics
    /// When `len` is not a multiple of 8, or 0.
    pub const fn new(len: usize) -> Self {
        const { assert!(2 <= BITS && BITS <= 7, "wider fields are bytes, narrower ones bits") };
        assert!(len > 0 && len.is_multiple_of(8), "fields come in groups of eight");
        Self { len }
    }

    /// Number of fields.
    #[allow(clippy::len_without_is_empty)] // Never empty.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Bytes that the array takes.
    pub const fn byte_len(&self) -> usize {
        self.len / 8 * BITS
    }

    /// The two bytes that field `i` is in, by the first, and the field's lowest bit in them.
    #[inline]
    fn place(bytes: &[u8], i: usize) -> (usize, u32) {
        let bit = i * BITS;
        // The last field may end with the last byte: then the pair begins one byte before the field.
        let first = (bit / 8).min(bytes.len() - 2);
        (first, (bit - first * 8) as u32)
    }

    /// Field `i` of `bytes`, which are the array and nothing more.
    ///
    /// # Panics
    /// When `i` is far out of the array; one just past it reads nonsense.
    #[inline]
    pub fn get(&self, bytes: &[u8], i: usize) -> u8 {
        let (first, shift) = Self::place(bytes, i);
        let pair = u16::from_le_bytes([bytes[first], bytes[first + 1]]);
        (pair >> shift) as u8 & Self::MAX
    }

    /// Writes field `i` of `bytes`, which are the array and nothing more; bits of `value` beyond the field's are dropped.
    ///
    /// # Panics
    /// As [`Packed::get`].
    #[inline]
    pub fn set(&self, bytes: &mut [u8], i: usize, value: u8) {
        let (first, shift) = Self::place(bytes, i);
        let pair = u16::from_le_bytes([bytes[first], bytes[first + 1]]);
        let cleared = pair & !(u16::from(Self::MAX) << shift);
        let [low, high] = (cleared | u16::from(value & Self::MAX) << shift).to_le_bytes();
        (bytes[first], bytes[first + 1]) = (low, high);
    }

    /// The fields of `bytes`, in order.
    pub fn iter<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = u8> + 'a {
        let fields = |eight| (0..8).map(move |i| (eight >> (i * BITS)) as u8 & Self::MAX);
        bytes[..self.byte_len()].as_chunks::<BITS>().0.iter().map(load).flat_map(fields)
    }

    /// Every field of `ours` becomes the larger of itself and its twin in `theirs`.
    ///
    /// # Panics
    /// When either is shorter than [`Packed::byte_len`].
    pub fn max_assign(&self, ours: &mut [u8], theirs: &[u8]) {
        let ours = ours[..self.byte_len()].as_chunks_mut::<BITS>().0;
        let theirs = theirs[..self.byte_len()].as_chunks::<BITS>().0;
        for (ours, theirs) in ours.iter_mut().zip(theirs) {
            let (a, b) = (load(ours), load(theirs));
            let (a_odd, b_odd) = (a >> BITS & Self::EVEN, b >> BITS & Self::EVEN);
            let max = Self::max(a & Self::EVEN, b & Self::EVEN) | Self::max(a_odd, b_odd) << BITS;
            ours.copy_from_slice(&max.to_le_bytes()[..BITS]);
        }
    }

    /// The larger of each pair of fields, four at once, each with as many zero bits above it.
    #[inline]
    fn max(a: u64, b: u64) -> u64 {
        // A field's bit above survives the subtraction where a >= b; less itself shifted down, it masks the field.
        let not_less = ((a | Self::ABOVE) - b) & Self::ABOVE;
        let mask = not_less - (not_less >> BITS);
        a & mask | b & !mask & Self::EVEN
    }

    /// How many fields hold each number: entry *v* is the number of fields that hold *v*.
    ///
    /// # Panics
    /// When `bytes` are fewer than [`Packed::byte_len`].
    pub fn histogram(&self, bytes: &[u8]) -> [u32; 128] {
        // Two tables: the same number twice in a row does not wait for the first to be counted.
        let mut counts = [[0_u32; 128]; 2];
        for eight in bytes[..self.byte_len()].as_chunks::<BITS>().0 {
            let eight = load(eight);
            for i in 0..8 {
                counts[i & 1][usize::from((eight >> (i * BITS)) as u8 & Self::MAX)] += 1;
            }
        }
        core::array::from_fn(|number| counts[0][number] + counts[1][number])
    }
}

/// Eight fields as one number.
#[inline]
fn load<const BITS: usize>(eight: &[u8; BITS]) -> u64 {
    let mut word = [0; 8];
    word[..BITS].copy_from_slice(eight);
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};

    /// Every field keeps its own number, whatever its neighbours do, for every width and length.
    fn round_trip<const BITS: usize>() {
        for len in [8, 16, 24, 128, 1000] {
            let packed = Packed::<BITS>::new(len);
            let mut bytes = vec![0; packed.byte_len()];
            assert_eq!(packed.byte_len() * 8, len * BITS);
            let value = |i: usize| (i * 37 % 251) as u8 & Packed::<BITS>::MAX;
            (0..len).for_each(|i| packed.set(&mut bytes, i, 0xff));
            (0..len).rev().for_each(|i| packed.set(&mut bytes, i, value(i)));
            let expected: Vec<u8> = (0..len).map(value).collect();
            assert_eq!((0..len).map(|i| packed.get(&bytes, i)).collect::<Vec<_>>(), expected, "{BITS} bits");
            assert_eq!(packed.iter(&bytes).collect::<Vec<_>>(), expected);

            let mut theirs = vec![0; packed.byte_len()];
            let other = |i: usize| (i * 91 % 241) as u8 & Packed::<BITS>::MAX;
            (0..len).for_each(|i| packed.set(&mut theirs, i, other(i)));
            packed.max_assign(&mut bytes, &theirs);
            let expected: Vec<u8> = (0..len).map(|i| value(i).max(other(i))).collect();
            assert_eq!(packed.iter(&bytes).collect::<Vec<_>>(), expected, "{BITS} bits, the larger of two");
            let mut counts = [0; 128];
            expected.iter().for_each(|number| counts[usize::from(*number)] += 1);
            assert_eq!(packed.histogram(&bytes), counts);
        }
    }

    #[test]
    fn fields_of_all_widths() {
        round_trip::<2>();
        round_trip::<3>();
        round_trip::<4>();
        round_trip::<5>();
        round_trip::<6>();
        round_trip::<7>();
    }
}
