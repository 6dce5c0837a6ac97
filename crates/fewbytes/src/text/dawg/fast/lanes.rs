//! Sixteen bytes at a time.
//!
//! `cargo bench -p fewbytes-benches --bench dawg` measures what goes by them.
#![allow(unsafe_code)] // A function for a processor's feature has no safe call.

/// Bytes that are looked at together: the labels of a group.
pub const LANES: usize = 16;

/// A bit for each lane `i` of `bytes` that equals `first + i`, modulo 256.
#[inline(always)]
pub fn counting(bytes: &[u8; LANES], first: u8) -> u64 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE2 is in every x86-64; the function has no other condition.
    unsafe {
        vectors::counting(bytes, first)
    }
    #[cfg(not(target_arch = "x86_64"))]
    words::counting(bytes, first)
}

/// A bit for each lane of `bytes` that is at most `most`.
#[inline(always)]
pub fn at_most(bytes: &[u8; LANES], most: u8) -> u64 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE2 is in every x86-64; the function has no other condition.
    unsafe {
        vectors::at_most(bytes, most)
    }
    #[cfg(not(target_arch = "x86_64"))]
    words::at_most(bytes, most)
}

/// By vectors. All that they do is safe: memory is read by safe means, before.
#[cfg(target_arch = "x86_64")]
mod vectors {
    use super::LANES;
    use core::arch::x86_64::{
        __m128i, _mm_add_epi8, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8,
    };

    /// The compiler makes one load of it.
    #[inline]
    #[target_feature(enable = "sse2")]
    fn vector(lanes: u128) -> __m128i {
        _mm_set_epi64x((lanes >> 64) as i64, lanes as i64)
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    pub fn counting(bytes: &[u8; LANES], first: u8) -> u64 {
        let numbers = vector(0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100);
        let expected = _mm_add_epi8(numbers, _mm_set1_epi8(first as i8));
        _mm_movemask_epi8(_mm_cmpeq_epi8(vector(u128::from_le_bytes(*bytes)), expected)) as u64
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    pub fn at_most(bytes: &[u8; LANES], most: u8) -> u64 {
        let bytes = vector(u128::from_le_bytes(*bytes));
        _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(most as i8)), bytes)) as u64
    }
}

/// By two words.
#[cfg(any(test, not(target_arch = "x86_64")))]
mod words {
    use super::LANES;

    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const NUMBERS: [u64; 2] = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908];

    /// For each of two words, the upper bits of the bytes that `upper` makes of it, side by side.
    #[inline(always)]
    fn gather(bytes: &[u8; LANES], upper: impl Fn(u64, u64) -> u64) -> u64 {
        let [low, high] = [0, 1].map(|i| {
            let bits = upper(u64::from_le_bytes(bytes.as_chunks().0[i]), NUMBERS[i]) & !LOW;
            (bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
        });
        low | high << 8
    }

    #[inline]
    pub fn counting(bytes: &[u8; LANES], first: u8) -> u64 {
        let first = ONES * u64::from(first);
        gather(bytes, |word, numbers| {
            // Sums without carries between bytes: the numbers are small.
            let expected = ((first & LOW) + numbers) ^ (first & !LOW);
            let differ = word ^ expected;
            // Of the bytes that are 0.
            !(((differ & LOW) + LOW) | differ)
        })
    }

    #[inline]
    pub fn at_most(bytes: &[u8; LANES], most: u8) -> u64 {
        let most = ONES * u64::from(most);
        gather(bytes, |word, _| {
            let lower = (most | !LOW) - (word & LOW);
            (!word & most) | (!(word ^ most) & lower)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lanes_are_compared(bytes: [u8; LANES], start: u8, most: u8) {
            let run: [u8; LANES] = core::array::from_fn(|i| start.wrapping_add(i as u8 & 14));
            for bytes in [bytes, run] {
                for first in [start, bytes[0], bytes[3].wrapping_sub(3)] {
                    let expected = |i: usize| bytes[i] == first.wrapping_add(i as u8);
                    let expected = (0..LANES).fold(0, |bits, i| bits | u64::from(expected(i)) << i);
                    prop_assert_eq!(counting(&bytes, first), expected);
                    prop_assert_eq!(words::counting(&bytes, first), expected);
                }
                let expected = (0..LANES).fold(0, |bits, i| bits | u64::from(bytes[i] <= most) << i);
                prop_assert_eq!(at_most(&bytes, most), expected);
                prop_assert_eq!(words::at_most(&bytes, most), expected);
            }
        }
    }
}
