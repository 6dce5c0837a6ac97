//! From the first six, or four, bytes of a keyword straight to their state.

use super::filter::{Places, SPAN, WINDOW};
use crate::prefetch::prefetch;

/// Bytes of a bucket: a cache line.
pub(super) const BUCKET_BYTES: usize = 64;
/// Entries of a bucket.
const ENTRIES: usize = BUCKET_BYTES / 8;
/// Buckets are so many that at most half as many prefixes fall to one in the mean. Those that find no room, a ninth at worst,
/// are left out: the walk to them begins earlier.
const TWICE_MEAN: u64 = 15;
/// Odd, so that multiplication by it is a bijection.
const WIDE: u64 = 0x9E37_79B9_7F4A_7C15;
/// Bits of an entry beside its state: whether a keyword ends there, and its depth.
const BESIDE: u32 = 4;
/// Lengths of prefixes.
pub(super) const LENGTHS: [usize; 2] = [6, 4];

/// Where a walk begins: after the longest prefix that is in a table, and no later than where a keyword ends.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Jump {
    pub state: u32,
    /// Bytes that lead there.
    pub depth: u8,
    /// Whether some keyword ends there.
    pub ends: bool,
}

impl Jump {
    fn packed(self) -> u64 {
        u64::from(self.state) << BESIDE | u64::from(self.ends) << 3 | u64::from(self.depth & 7)
    }

    fn unpacked(value: u64) -> Self {
        Self { state: (value >> BESIDE) as u32, depth: value as u8 & 7, ends: value >> 3 & 1 != 0 }
    }
}

/// The binary logarithm of the buckets for so many prefixes of `len` bytes; 0 where there are none, as no entry would have
/// room for the states.
pub(super) fn bits_for(prefixes: u64, len: usize, states: u64) -> u32 {
    let bits = (2 * prefixes).div_ceil(TWICE_MEAN).max(2).next_power_of_two().ilog2();
    let fits = prefixes > 0 && fits(len, bits) && states.ilog2() + 1 + BESIDE <= value_bits(len, bits);
    if fits { bits } else { 0 }
}

/// Whether so many buckets can be.
pub(super) fn fits(len: usize, bits: u32) -> bool {
    (1..=28.min(8 * len as u32 - 1)).contains(&bits)
}

/// Bits of an entry that are not the prefix's: those of the prefix that don't say the bucket are kept.
fn value_bits(len: usize, bits: u32) -> u32 {
    64 - (8 * len as u32 - bits)
}

/// The bucket of a prefix, and its other bits: together they are the prefix, multiplied.
#[inline]
fn split(window: u64, len: usize, bits: u32) -> (usize, u64) {
    let width = 8 * len as u32;
    let mixed = window.wrapping_mul(WIDE) & (u64::MAX >> (64 - width));
    ((mixed >> (width - bits)) as usize, mixed & (u64::MAX >> (64 - width + bits)))
}

/// A table of the prefixes of one length.
#[derive(Clone, Copy)]
struct Prefixes<'a, const LEN: usize> {
    buckets: &'a [[[u8; 8]; ENTRIES]],
    bits: u32,
}

impl<'a, const LEN: usize> Prefixes<'a, LEN> {
    fn new(bytes: &'a [u8], bits: u32) -> Self {
        Self { buckets: bytes.as_chunks().0.as_chunks().0, bits }
    }

    #[inline]
    fn prefetch(&self, window: u64) {
        if self.bits != 0 {
            let (bucket, _) = split(window, LEN, self.bits);
            prefetch(self.buckets.as_flattened().as_flattened(), bucket * BUCKET_BYTES);
        }
    }

    /// What the table has of a prefix; 0 where it is not there. Without a branch that depends on the text.
    #[inline(always)]
    fn get(&self, window: u64) -> u64 {
        if self.bits == 0 {
            return 0;
        }
        let (bucket, tag) = split(window, LEN, self.bits);
        let width = value_bits(LEN, self.bits);
        let Some(bucket) = self.buckets.get(bucket) else { return 0 };
        let mut found = 0;
        for entry in bucket {
            let entry = u64::from_le_bytes(*entry);
            // All ones where they are equal. Both are less than 2^63, as an entry has its depth.
            let equal = ((entry >> width ^ tag).wrapping_sub(1) as i64 >> 63) as u64;
            found |= entry & equal;
        }
        found & (u64::MAX >> (64 - width))
    }
}

/// Puts a prefix into a table, unless its bucket is full.
pub(super) fn put(bytes: &mut [u8], bits: u32, prefix: &[u8], jump: Jump) {
    let mut raw = [0; WINDOW];
    raw[..prefix.len()].copy_from_slice(prefix);
    let (bucket, tag) = split(u64::from_le_bytes(raw), prefix.len(), bits);
    let entries = bytes[bucket * BUCKET_BYTES..][..BUCKET_BYTES].as_chunks_mut().0;
    if let Some(entry) = entries.iter_mut().find(|entry| **entry == [0; 8]) {
        *entry = (tag << value_bits(prefix.len(), bits) | jump.packed()).to_le_bytes();
    }
}

/// The tables.
#[derive(Clone, Copy)]
pub(super) struct Jumps<'a> {
    six: Prefixes<'a, { LENGTHS[0] }>,
    four: Prefixes<'a, { LENGTHS[1] }>,
    fold: bool,
}

impl<'a> Jumps<'a> {
    /// Over the tables; bits are those that the header was checked for.
    pub fn new([six, four]: [&'a [u8]; 2], bits: [u32; 2], fold: bool) -> Self {
        Self { six: Prefixes::new(six, bits[0]), four: Prefixes::new(four, bits[1]), fold }
    }

    /// Where the walks begin from these places of `text`. Those of a span are looked up together: the memory's latency is
    /// that of one.
    pub fn find(&self, text: &[u8], places: &Places, len: usize, jumps: &mut [Jump; SPAN]) {
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        if super::filter::vectors::find(self, text, places, len, jumps) {
            return;
        }
        self.find_plainly(text, places, len, jumps);
    }

    /// As [`find`](Self::find), compiled for what the caller is.
    #[inline(always)]
    pub fn find_plainly(&self, text: &[u8], places: &Places, len: usize, jumps: &mut [Jump; SPAN]) {
        let places = places.get(..len).unwrap_or_default();
        for window in places.iter().filter_map(|place| self.window(text, *place)) {
            self.six.prefetch(window);
            self.four.prefetch(window);
        }
        for (place, jump) in places.iter().zip(jumps) {
            let found = self.window(text, *place).map_or(0, |window| {
                let (six, four) = (self.six.get(window), self.four.get(window));
                if six != 0 { six } else { four }
            });
            *jump = Jump::unpacked(found);
        }
    }

    /// The window at a place; `None` where the text ends before it does.
    #[inline(always)]
    fn window(&self, text: &[u8], place: u16) -> Option<u64> {
        let window = u64::from_le_bytes(*text.get(usize::from(place)..)?.first_chunk()?);
        Some(if self.fold { lower(window) } else { window })
    }
}

/// Eight bytes with ASCII letters in lower case.
#[inline]
fn lower(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let ascii = bytes & (0x7F * ONES);
    // The upper bit of a byte, from where it is at least 'A', and from where it is more than 'Z'.
    let (from, past) = (ascii + (0x80 - 0x41) * ONES, ascii + (0x80 - 0x5B) * ONES);
    let upper = (from ^ past) & !bytes & (0x80 * ONES);
    bytes | upper >> 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};
    use proptest::prelude::*;

    fn jump(i: usize) -> Jump {
        Jump { state: i as u32 + 1, depth: 4, ends: i.is_multiple_of(3) }
    }

    /// How many of the prefixes have room.
    fn check<const LEN: usize>(
        mut prefixes: Vec<[u8; LEN]>,
        others: &[[u8; LEN]],
    ) -> Result<usize, TestCaseError> {
        prefixes.sort_unstable();
        prefixes.dedup();
        let bits = bits_for(prefixes.len() as u64, LEN, prefixes.len() as u64 + 1);
        let mut bytes = vec![0; BUCKET_BYTES << bits];
        for (i, prefix) in prefixes.iter().enumerate() {
            put(&mut bytes, bits, prefix, jump(i));
        }
        let table = Prefixes::<LEN>::new(&bytes, bits);
        let mut kept = 0;
        for prefix in prefixes.iter().chain(others) {
            // Bytes after the prefix are no part of it.
            let mut window = [0xA5; WINDOW];
            window[..LEN].copy_from_slice(prefix);
            let found = table.get(u64::from_le_bytes(window));
            let expected = prefixes.binary_search(prefix).map_or(0, |i| jump(i).packed());
            prop_assert!(found == 0 || found == expected);
            kept += usize::from(found != 0);
        }
        Ok(kept)
    }

    #[test]
    fn one_in_nine_has_no_room() {
        // Most to a bucket: 7.5 in the mean.
        let len = 7_680_u64;
        let prefixes = (0..len).map(|i| {
            let bytes = crate::hash::hash(&i.to_le_bytes(), 0).to_le_bytes();
            *bytes.first_chunk::<6>().unwrap()
        });
        let kept = check(prefixes.collect(), &[]).unwrap() as u64;
        assert!(kept * 100 >= len * 87 && kept < len, "{kept} of {len} have room");
    }

    proptest! {
        #[test]
        fn a_prefix_is_itself_or_not_there(
            six in proptest::collection::vec(any::<[u8; 6]>(), 1..300),
            four in proptest::collection::vec(proptest::array::uniform4(b'a'..=b'h'), 1..300),
            others in proptest::collection::vec(proptest::array::uniform4(b'a'..=b'h'), 1..300),
        ) {
            check(six.clone(), &[[0; 6], [255; 6]])?;
            check(four, &others)?;
        }

        #[test]
        fn letters_in_lower_case(bytes: [u8; 8]) {
            let expected = u64::from_le_bytes(bytes.map(|byte| byte.to_ascii_lowercase()));
            prop_assert_eq!(lower(u64::from_le_bytes(bytes)), expected);
        }
    }
}
