//! Where the fingerprints of an item lie, and how many slots there must be.

use super::FINGERPRINT_BITS;
use crate::Result;

/// Keys of a shard, about: hashes, cells and queue of one are built in the second-level cache.
const SHARD_KEYS: u64 = 1 << 18;

/// Slots of a group, which is a cache line at 8 bits: two of an item's places lie in one.
const GROUP: u32 = 64;

/// Places whose fingerprints are combined.
pub(super) const ARITY: usize = 4;

/// Shards for `items` different items; none for none.
pub fn shards_for(items: u64) -> u64 {
    if items == 0 { 0 } else { (items / SHARD_KEYS).max(1) }
}

/// Slots of a shard of `keys` keys, and of each of its segments.
///
/// Both are measured: a few tries in a hundred fail, in the worst case one in five, where the last segment is not rounded up
/// to. From 2.5 slots a key at 10 keys they fall to 1.11.
pub fn slots_for(keys: u64) -> (u64, u64) {
    if keys == 0 {
        return (0, 0);
    }
    let n = keys.max(2) as f64;
    let segment = 1_u64 << (libm::round(0.6 * libm::log2(n) + 0.9) as u32).clamp(1, 16);
    let slots = libm::ceil((0.80 + 3.86 / libm::log(n)) * n) as u64;
    (slots.div_ceil(segment).max(2) * segment, segment)
}

/// Bits of a filter of `items` different items with fingerprints of `bits` bits, without the header.
///
/// Where there are several shards, all are as large as the fullest needs: that is taken to be three standard deviations
/// above the mean.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) when `bits` is neither 8 nor 16.
pub fn bits_for(items: u64, bits: u32) -> Result<u64> {
    FINGERPRINT_BITS.check_whole(bits.into())?;
    let shards = shards_for(items);
    let mean = items.checked_div(shards).unwrap_or(0);
    let most = if shards > 1 { mean + libm::ceil(3.0 * libm::sqrt(mean as f64)) as u64 } else { mean };
    Ok(shards * (slots_for(most).0 * u64::from(bits) + 8))
}

/// What the places of an item depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Shards, each a table of its own.
    pub shard_len: u32,
    /// Slots of a shard, a multiple of `segment_len`.
    pub slot_len: u32,
    /// Slots of a segment, a power of two, at least 2.
    pub segment_len: u32,
}

/// The places of an item in its shard, and what the fingerprints there must come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    pub slots: [u32; ARITY],
    pub fingerprint: u16,
}

impl Shape {
    /// The shard of a hash, and the rest of the hash: as even as the hash is, and in its order within the shard.
    #[inline(always)]
    pub fn shard(&self, hash: u64) -> (usize, u64) {
        let product = u128::from(hash) * u128::from(self.shard_len);
        ((product >> 64) as usize, product as u64)
    }

    /// The smallest hash of a shard; 2^64 after the last one.
    pub fn first_hash(&self, shard: u32) -> u128 {
        (u128::from(shard) << 64).div_ceil(self.shard_len.into())
    }

    /// The places of an item by its hash, the rest of it and the try at which the shard was built.
    ///
    /// Two lie in one group of 64 slots, which the upper bits of the rest choose; the other two in one group of the next
    /// segment. For any shape that was checked and has a shard, they are below `slot_len`, and no two are the same.
    #[inline(always)]
    pub fn places(&self, hash: u64, rest: u64, attempt: u8) -> Places {
        let mixed = mix(hash, attempt);
        let group = self.segment_len.min(GROUP);
        // One of the others of the group: from 1 to group - 1, by eight bits.
        let other = |bits: u64| 1 + (((bits & 0xff) as u32 * (group - 1)) >> 8);
        // The first try goes by the rest alone: keys in order have places in order, which the caches like. Later ones mix it,
        // or some few keys that fell into one segment would stay there.
        let from = rest.wrapping_add(mixed.wrapping_mul(attempt.into()));
        let start_len = u64::from(self.slot_len - self.segment_len);
        let first = ((u128::from(from) * u128::from(start_len)) >> 64) as u32;
        let second = (first + self.segment_len) ^ (mixed as u32 & (self.segment_len - 1));
        let slots = [first, first ^ other(mixed >> 32), second, second ^ other(mixed >> 40)];
        Places { slots, fingerprint: (mixed >> 48) as u16 }
    }
}

/// 64 bits that depend on all bits of the hash and on the try: the two halves of a product, combined.
#[inline(always)]
fn mix(hash: u64, attempt: u8) -> u64 {
    let factor = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(2 * u64::from(attempt) + 1);
    let product = u128::from(hash ^ 0xd1b5_4a32_d192_ed03) * u128::from(factor);
    product as u64 ^ (product >> 64) as u64
}
