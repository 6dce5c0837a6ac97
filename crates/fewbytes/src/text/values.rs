//! A number for each key, by id: packed at one width, with the greatest of every 64, so that the heaviest of a range of ids
//! are found without reading it.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::ops::Range;

/// Bits of the widest value.
pub(super) const MOST_BITS: u32 = 64;

/// Values under one maximum, and maxima under one of the next level.
const FAN: u64 = 64;

/// Bytes after the last number, so that one read of 16 bytes at any number stays inside.
const PADDING: u64 = 16;

/// Numbers in all levels over `len` values: the values, their maxima, the maxima of those, down to a single one.
fn levels(len: u64) -> impl Iterator<Item = u64> {
    core::iter::successors((len > 0).then_some(len), |below| (*below > 1).then(|| below.div_ceil(FAN)))
}

/// Bytes that `len` values of `bits` bits take. `len` is at most 2^40.
pub(super) fn bytes_for(len: u64, bits: u32) -> u64 {
    match (len, bits) {
        (0, _) | (_, 0) => 0,
        _ => (levels(len).sum::<u64>() * u64::from(bits)).div_ceil(8).next_multiple_of(8) + PADDING,
    }
}

/// Bits that the greatest of the values needs; at least 1, so that keys with values are told from those without.
pub(super) fn bits_for(greatest: u64) -> u32 {
    (u64::BITS - greatest.leading_zeros()).max(1)
}

/// Writes `values`, one of `len` each, over the zeros of `bytes`, which are [`bytes_for`] them.
pub(super) fn write(bytes: &mut [u8], len: u64, bits: u32, values: impl IntoIterator<Item = u64>) {
    let mut packed = Packed { bytes, bits };
    for (i, value) in (0..len).zip(values) {
        packed.set(i, value);
    }
    let (mut start, mut below) = (0, len);
    for above in levels(len).skip(1) {
        for i in 0..below {
            let at = start + below + i / FAN;
            let value = get(packed.bytes, bits, start + i);
            if value > get(packed.bytes, bits, at) {
                packed.set(at, value);
            }
        }
        start += below;
        below = above;
    }
}

struct Packed<'a> {
    bytes: &'a mut [u8],
    bits: u32,
}

impl Packed<'_> {
    fn set(&mut self, i: u64, value: u64) {
        let at = i * u64::from(self.bits);
        let mask = u128::from(u64::MAX >> (64 - self.bits));
        let Some(place) =
            self.bytes.get_mut((at / 8) as usize..).and_then(|bytes| bytes.first_chunk_mut::<16>())
        else {
            return;
        };
        let old = u128::from_le_bytes(*place) & !(mask << (at % 8));
        *place = (old | (u128::from(value) & mask) << (at % 8)).to_le_bytes();
    }
}

/// The `i`-th number of `bits` bits, 1 to 64; 0 past the end.
#[inline]
fn get(bytes: &[u8], bits: u32, i: u64) -> u64 {
    let at = i * u64::from(bits);
    match bytes.get((at / 8) as usize..).and_then(|bytes| bytes.first_chunk::<16>()) {
        Some(place) => (u128::from_le_bytes(*place) >> (at % 8)) as u64 & (u64::MAX >> (64 - bits)),
        None => 0,
    }
}

/// The values of a store's keys, by id.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    bytes: &'a [u8],
    len: u64,
    bits: u32,
}

impl<'a> Values<'a> {
    /// The values in `bytes`, which are [`bytes_for`] `len` of `bits`; `None` where keys have none.
    pub(super) fn new(bytes: &'a [u8], len: u64, bits: u32) -> Option<Self> {
        (1..=MOST_BITS).contains(&bits).then_some(Self { bytes, len, bits })
    }

    /// The value of the key of this id.
    #[inline]
    pub fn get(&self, id: u64) -> Option<u64> {
        (id < self.len).then(|| get(self.bytes, self.bits, id))
    }

    /// The ids of the greatest values of a range of ids, at most `n`, the greatest first, of equal ones the least id first.
    /// O(n log len).
    pub fn heaviest(&self, ids: Range<u64>, n: usize) -> Vec<(u64, u64)> {
        let ids = ids.start.min(self.len)..ids.end.min(self.len);
        let mut found = Vec::new();
        let mut open = BinaryHeap::new();
        // Where each level starts, and how long it is.
        let mut tops = Vec::new();
        levels(self.len).fold(0, |start, len| {
            tops.push((start, len));
            start + len
        });
        // A number of a level stands for the ids that it is the greatest of. The heap has the greatest that are not yet
        // opened; equal ones by their least id, and wide ones first, which may hold an equal one of a lesser id.
        let push = |open: &mut BinaryHeap<_>, level: usize, i: u64| {
            let (start, _) = tops[level];
            let value = get(self.bytes, self.bits, start + i);
            let width = FAN.pow(level as u32);
            let first = (i * width).max(ids.start);
            if first < ids.end && (i + 1) * width > ids.start {
                open.push((value, core::cmp::Reverse(first), level, i));
            }
        };
        if let Some(top) = tops.len().checked_sub(1)
            && n > 0
        {
            push(&mut open, top, 0);
        }
        while let Some((value, _, level, i)) = open.pop() {
            if level == 0 {
                found.push((i, value));
                if found.len() == n {
                    break;
                }
                continue;
            }
            let below = tops[level - 1].1;
            for child in i * FAN..((i + 1) * FAN).min(below) {
                push(&mut open, level - 1, child);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packed(values: &[u64], bits: u32) -> Vec<u8> {
        let mut bytes = alloc::vec![0; bytes_for(values.len() as u64, bits) as usize];
        write(&mut bytes, values.len() as u64, bits, values.iter().copied());
        bytes
    }

    proptest! {
        #[test]
        fn values_come_back(values in proptest::collection::vec(any::<u64>(), 0..500), narrow in 0..64_u32) {
            let values: Vec<u64> = values.iter().map(|value| value >> narrow).collect();
            let bits = bits_for(values.iter().copied().max().unwrap_or_default());
            let bytes = packed(&values, bits);
            let view = Values::new(&bytes, values.len() as u64, bits).expect("bits");
            for (id, value) in (0..).zip(&values) {
                prop_assert_eq!(view.get(id), Some(*value));
            }
            prop_assert_eq!(view.get(values.len() as u64), None);
        }

        #[test]
        fn the_heaviest_are_those_of_a_sort(
            values in proptest::collection::vec(0..50_u64, 0..9000),
            ends in (0..9001_u64, 0..9001_u64),
            n in 0..40_usize,
        ) {
            let bytes = packed(&values, 6);
            let view = Values::new(&bytes, values.len() as u64, 6).expect("bits");
            let range = ends.0..ends.1;
            let mut sorted: Vec<(u64, u64)> =
                (0..).zip(values).filter(|(id, _)| range.contains(id)).collect();
            sorted.sort_by_key(|(id, value)| (core::cmp::Reverse(*value), *id));
            sorted.truncate(n);
            prop_assert_eq!(view.heaviest(range, n), sorted);
        }

        #[test]
        fn any_bytes_are_harmless(bytes in proptest::collection::vec(any::<u8>(), 0..300), len in 0..300_u64, bits in 0..=70_u32) {
            if let Some(view) = Values::new(&bytes, len, bits) {
                view.get(len / 2);
                prop_assert!(view.heaviest(0..len, 3).len() <= 3);
            }
        }
    }
}
