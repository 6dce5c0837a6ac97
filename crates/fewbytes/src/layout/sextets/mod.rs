//! Fields of six bits, laid so that vectors work on them: the registers of LogLog, SuperLogLog and HyperLogLog.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod wide;

/// `len` fields of 6 bits each in `len / 8 * 6` bytes: three planes of `q = len / 4` bytes.
///
/// Byte *c* of the first plane has field *c* in its upper six bits, byte *c* of the second field *q + c*. Byte *c* of the
/// third has the lower four bits of field *2 q + c* in its lower half, and those of *3 q + c* in its upper half; the upper
/// two bits of each are the two bits that were left over in the first plane, and in the second.
///
/// A field lies in one byte as far as it is below 16, as nearly all ranks are, and the larger of two fields is the larger
/// of two bytes after a shift or two, in vectors of any width. Two others were tried: fields end to end, which are looked
/// at a little faster, but merged far slower; and three fields in the upper six bits with the fourth in the bits left over
/// of all three, which merges as fast, but is looked at more slowly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sextets {
    len: usize,
}

/// Largest number that a field can hold.
const MAX: u8 = 63;
/// Of a field in the third plane, what lies there.
const LOW: u8 = 15;

/// For each quarter of the fields: how far up in its byte a field begins, or its lower bits, and as a mask what is there of
/// it, and what is in the bits left over of another byte. Tables, as nobody can foresee the quarter of a hash.
const SHIFT: [u8; 4] = [2, 2, 0, 4];
const MASK: [u8; 4] = [MAX, MAX, LOW, LOW];
const UPPER: [u8; 4] = [0, 0, 3, 3];

impl Sextets {
    /// The shape of an array of `len` fields.
    ///
    /// # Panics
    /// When `len` is less than 4, or no power of two.
    pub const fn new(len: usize) -> Self {
        assert!(len >= 4 && len.is_power_of_two(), "quarters are picked by two bits");
        Self { len }
    }

    /// Number of fields.
    #[allow(clippy::len_without_is_empty)] // Never empty.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Bytes that the array takes.
    pub const fn byte_len(&self) -> usize {
        3 * self.quarter_len()
    }

    /// Fields in a quarter, and bytes in a plane.
    const fn quarter_len(&self) -> usize {
        self.len / 4
    }

    /// Which quarter of the fields field `i` is in.
    #[inline]
    const fn quarter(&self, i: usize) -> usize {
        (i >> (self.len.trailing_zeros() - 2)) & 3
    }

    /// The byte with field `i`, or its lower bits.
    #[inline]
    const fn byte(&self, i: usize, quarter: usize) -> usize {
        // The third quarter's plane is the fourth's too.
        if quarter == 3 { i - self.quarter_len() } else { i }
    }

    /// The byte with the upper bits of field `i`, where they are not with the lower ones.
    #[inline]
    const fn upper_byte(&self, i: usize) -> usize {
        i & (2 * self.quarter_len() - 1)
    }

    /// Field `i` of `bytes` where it is below 16; of a larger one something that is not more. `quarter` is *4 i / len*,
    /// rounded down.
    ///
    /// One byte is read and nothing foreseen: this is what every insert does.
    ///
    /// # Panics
    /// When `bytes` are shorter than the array, `quarter` is not in 0 to 3, or `i` not in the quarter.
    #[inline(always)]
    pub fn at_least(&self, bytes: &[u8], i: usize, quarter: usize) -> u8 {
        let byte = u32::from(bytes[self.byte(i, quarter)]);
        (byte >> SHIFT[quarter]) as u8 & MASK[quarter]
    }

    /// Field `i` of `bytes`, which are the array and nothing more.
    ///
    /// # Panics
    /// When `bytes` are shorter than the array, or `i` is out of it.
    #[inline]
    pub fn get(&self, bytes: &[u8], i: usize) -> u8 {
        let quarter = self.quarter(i);
        self.at_least(bytes, i, quarter) | (bytes[self.upper_byte(i)] & UPPER[quarter]) << 4
    }

    /// Writes field `i` of `bytes`, which are the array and nothing more; bits of `value` beyond the field's are dropped.
    ///
    /// # Panics
    /// As [`Sextets::get`].
    #[inline]
    pub fn set(&self, bytes: &mut [u8], i: usize, value: u8) {
        let quarter = self.quarter(i);
        let put = |byte: &mut u8, value: u8, mask: u8| *byte = *byte & !mask | value & mask;
        let (shift, mask) = (SHIFT[quarter], MASK[quarter]);
        put(&mut bytes[self.byte(i, quarter)], value << shift, mask << shift);
        // In the first half there are none, and nothing changes.
        put(&mut bytes[self.upper_byte(i)], value >> 4, UPPER[quarter]);
    }

    /// The places of the bytes that hold field `i`, or a part of it.
    pub fn bytes_of(&self, i: usize) -> impl Iterator<Item = usize> {
        let quarter = self.quarter(i);
        let upper = (quarter >= 2).then_some(self.upper_byte(i));
        core::iter::once(self.byte(i, quarter)).chain(upper)
    }

    /// The fields that byte `byte` holds, or a part of.
    pub fn fields_of(&self, byte: usize) -> [usize; 2] {
        let len = self.quarter_len();
        let (plane, column) = (byte / len, byte % len);
        let quarters = if plane == 2 { [2, 3] } else { [plane, plane + 2] };
        quarters.map(|quarter| quarter * len + column)
    }

    /// The fields of `bytes`, in order.
    ///
    /// # Panics
    /// When `bytes` are shorter than [`Sextets::byte_len`].
    pub fn iter<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = u8> + 'a {
        let sextets = *self;
        let bytes = &bytes[..self.byte_len()];
        (0..self.len).map(move |i| sextets.get(bytes, i))
    }

    /// Every field of `ours` becomes the larger of itself and its twin in `theirs`.
    ///
    /// # Panics
    /// When either is shorter than [`Sextets::byte_len`].
    pub fn max_assign(&self, ours: &mut [u8], theirs: &[u8]) {
        let (ours, theirs) = (&mut ours[..self.byte_len()], &theirs[..self.byte_len()]);
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        if wide::max_assign(ours, theirs) {
            return;
        }
        max_assign(ours, theirs);
    }

    /// [`max_assign`](Self::max_assign) by the loop for any processor: to be measured against, and tested.
    ///
    /// # Panics
    /// As that.
    #[doc(hidden)]
    pub fn max_assign_anywhere(&self, ours: &mut [u8], theirs: &[u8]) {
        max_assign(&mut ours[..self.byte_len()], &theirs[..self.byte_len()]);
    }

    /// How many fields hold each number: entry *v* is the number of fields that hold *v*.
    ///
    /// # Panics
    /// When `bytes` are shorter than [`Sextets::byte_len`].
    pub fn histogram(&self, bytes: &[u8]) -> [u32; 64] {
        let (first, rest) = bytes[..self.byte_len()].split_at(self.quarter_len());
        let (second, third) = rest.split_at(self.quarter_len());
        // A table for each quarter: the same number twice in a row does not wait for the first to be counted.
        let mut counts = [[0_u32; 64]; 4];
        for ((first, second), third) in first.iter().zip(second).zip(third) {
            let fields =
                [first >> 2, second >> 2, (first & 3) << 4 | third & LOW, (second & 3) << 4 | third >> 4];
            for (counts, field) in counts.iter_mut().zip(fields) {
                counts[usize::from(field)] += 1;
            }
        }
        core::array::from_fn(|number| counts.iter().map(|counts| counts[number]).sum())
    }
}

/// The larger of each two fields, for two arrays of the same length: a loop over bytes that compilers make vectors of.
#[inline(always)]
fn max_assign(ours: &mut [u8], theirs: &[u8]) {
    let len = ours.len() / 3;
    let (first, rest) = ours.split_at_mut(len);
    let (second, rest) = rest.split_at_mut(len);
    let third = &mut rest[..len];
    let (first_theirs, rest) = theirs[..3 * len].split_at(len);
    let (second_theirs, third_theirs) = rest.split_at(len);
    // The upper two bits of a field at the top of a byte, its lower four at the bottom: such bytes compare as the fields.
    let field = |upper: u8, lower: u8| upper << 6 | lower;
    for i in 0..len {
        let third_field = field(first[i], third[i] & LOW).max(field(first_theirs[i], third_theirs[i] & LOW));
        let fourth_field = field(second[i], third[i] >> 4).max(field(second_theirs[i], third_theirs[i] >> 4));
        // The larger byte has the larger upper six bits.
        first[i] = first[i].max(first_theirs[i]) & !3 | third_field >> 6;
        second[i] = second[i].max(second_theirs[i]) & !3 | fourth_field >> 6;
        third[i] = third_field & LOW | fourth_field << 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};

    fn numbers(len: usize, step: usize) -> Vec<u8> {
        (0..len).map(|i| (i * step % 251) as u8 & MAX).collect()
    }

    fn array(numbers: &[u8]) -> (Sextets, Vec<u8>) {
        let sextets = Sextets::new(numbers.len());
        let mut bytes = vec![0; sextets.byte_len()];
        numbers.iter().enumerate().rev().for_each(|(i, number)| sextets.set(&mut bytes, i, *number));
        (sextets, bytes)
    }

    /// Every field keeps its own number, whatever its neighbours do and whatever was there.
    #[test]
    fn fields_keep_their_numbers() {
        for len in [4, 8, 16, 64, 128, 1024] {
            let expected = numbers(len, 37);
            let (sextets, mut bytes) = array(&expected);
            assert_eq!(bytes.len() * 8, len * 6);
            assert_eq!(sextets.iter(&bytes).collect::<Vec<_>>(), expected);
            for (i, number) in expected.iter().enumerate() {
                assert_eq!(sextets.get(&bytes, i), *number);
                let least = sextets.at_least(&bytes, i, 4 * i / len);
                assert!(least == *number || least < *number && *number > LOW, "{least} for {number}");
                for other in [MAX, 0, !number & MAX, *number] {
                    let before = bytes.clone();
                    sextets.set(&mut bytes, i, other | 0xc0);
                    assert_eq!(sextets.get(&bytes, i), other);
                    let changed = (0..bytes.len()).filter(|byte| bytes[*byte] != before[*byte]);
                    let own: Vec<usize> = sextets.bytes_of(i).collect();
                    assert!(changed.into_iter().all(|byte| own.contains(&byte)));
                    assert!(own.iter().all(|byte| sextets.fields_of(*byte).contains(&i)));
                }
            }
            assert_eq!(sextets.iter(&bytes).collect::<Vec<_>>(), expected);
        }
    }

    /// By vectors or byte by byte: the same bytes, those of the larger numbers.
    #[test]
    fn the_larger_of_each_two() {
        for len in [4, 8, 16, 64, 128, 256, 512, 4096, 1 << 15] {
            let (a, b) = (numbers(len, 37), numbers(len, 91));
            let ((sextets, mut ours), (_, theirs)) = (array(&a), array(&b));
            let expected: Vec<u8> = a.iter().zip(&b).map(|(a, b)| *a.max(b)).collect();
            let mut counts = [0; 64];
            expected.iter().for_each(|number| counts[usize::from(*number)] += 1);
            let mut portable = ours.clone();
            sextets.max_assign_anywhere(&mut portable, &theirs);
            sextets.max_assign(&mut ours, &theirs);
            assert_eq!(ours, portable);
            assert_eq!(sextets.iter(&ours).collect::<Vec<_>>(), expected);
            assert_eq!(sextets.histogram(&ours), counts);
        }
    }
}
