//! A Bloom filter's bits: where an item's are, and the loops that set them and look for them, one item at a time and
//! many.

use crate::layout::words;
use crate::prefetch::prefetch;

/// Items for whose memory is asked before it is needed.
pub(super) const AHEAD: usize = 4;

/// Bytes that are near enough to be read without asking first: half of a usual second-level cache.
const NEAR: usize = 1 << 19;

/// Probes that are looked at first: three of four absent items have one of them unset in a filter used as planned.
const FIRST: usize = 2;

/// Items whose first probes are asked for before they are needed.
const FIRST_AHEAD: usize = 8;

/// Items that are looked at together.
const BATCH: usize = 256;

/// The places of an item's bits, *h + i g + c (i³ - i) / 6* for *i = 0, 1, ...*, scaled to the filter by a multiplication
/// instead of a division. It takes additions only.
///
/// The hash *h* and *g*, the hash times an odd constant, whose upper bits depend on all bits of the hash, act as the two
/// hashes of Kirsch and Mitzenmacher, who allow any fixed *f(i)* beside *h + i g*. Without one, two items whose walks
/// differ by a step or in direction share almost all of their bits: the rate was then 2.2 times the one asked for at 100
/// items and 10^-4, 1.05 times at 100 and 10^-2 (4·10^7 queries). A cubic *f* (Dillinger and Manolios' enhanced double
/// hashing, with a constant as wide as the hash) parts such walks.
#[inline]
pub(super) fn probes(hash: u64, bit_len: u64, hash_len: u32) -> impl Iterator<Item = u64> {
    const CUBIC: u64 = 0xd1b5_4a32_d192_ed03;
    let (mut at, mut step, mut bend) = (hash, hash.wrapping_mul(0x9e37_79b9_7f4a_7c15), CUBIC);
    (0..hash_len).map(move |_| {
        let bit = ((u128::from(at) * u128::from(bit_len)) >> 64) as u64;
        at = at.wrapping_add(step);
        step = step.wrapping_add(bend);
        bend = bend.wrapping_add(CUBIC);
        bit
    })
}

/// Calls a function with the number of hashes as a constant, where it is a usual one: the walk is then unrolled. The
/// constant 0 means any number.
macro_rules! unrolled {
    ($name:ident($($arg:expr),*), $hash_len:expr) => {
        match $hash_len {
            1 => $name::<1>($($arg),*, 1),
            2 => $name::<2>($($arg),*, 2),
            3 => $name::<3>($($arg),*, 3),
            4 => $name::<4>($($arg),*, 4),
            5 => $name::<5>($($arg),*, 5),
            6 => $name::<6>($($arg),*, 6),
            7 => $name::<7>($($arg),*, 7),
            8 => $name::<8>($($arg),*, 8),
            9 => $name::<9>($($arg),*, 9),
            10 => $name::<10>($($arg),*, 10),
            11 => $name::<11>($($arg),*, 11),
            12 => $name::<12>($($arg),*, 12),
            13 => $name::<13>($($arg),*, 13),
            14 => $name::<14>($($arg),*, 14),
            any => $name::<0>($($arg),*, any),
        }
    };
}

/// Sets an item's bits in `bits`. True when one of them was not set before.
#[inline]
pub(super) fn set_bits(bits: &mut [u8], hash: u64, bit_len: u64, hash_len: u32) -> bool {
    unrolled!(set(bits, hash, bit_len), hash_len)
}

/// Sets many items' bits.
pub(super) fn set_all(bits: &mut [u8], hashes: &[u64], bit_len: u64, hash_len: u32) {
    unrolled!(set_many(bits, hashes, bit_len), hash_len);
}

/// Whether all of an item's bits are set in `bits`.
#[inline]
pub(super) fn has_bits(bits: &[u8], hash: u64, bit_len: u64, hash_len: u32) -> bool {
    unrolled!(has(bits, hash, bit_len), hash_len)
}

/// Whether all of each item's bits are set, as many as hashes and places are given.
pub(super) fn has_all(bits: &[u8], hashes: &[u64], found: &mut [bool], bit_len: u64, hash_len: u32) {
    unrolled!(has_many(bits, hashes, found, bit_len), hash_len);
}

/// Bits that are set in `bits`, whose length is a multiple of 8.
pub(super) fn one_len(bits: &[u8]) -> u64 {
    words(bits).map(|word| u64::from(word.count_ones())).sum()
}

/// Share of `bits` that is set.
pub(super) fn fill(bits: &[u8]) -> f64 {
    one_len(bits) as f64 / (bits.len() as f64 * 8.0)
}

#[inline(always)]
fn walk<const K: u32>(hash: u64, bit_len: u64, hash_len: u32) -> impl Iterator<Item = u64> {
    probes(hash, bit_len, if K == 0 { hash_len } else { K })
}

/// Whether all bits of a walk are set, without a branch.
#[inline(always)]
fn all_set(bits: &[u8], walk: impl Iterator<Item = u64>) -> bool {
    let words = bits.as_chunks::<8>().0;
    walk.fold(true, |all, bit| all & (u64::from_le_bytes(words[(bit >> 6) as usize]) >> (bit & 63) & 1 != 0))
}

#[inline(always)]
fn set<const K: u32>(bits: &mut [u8], hash: u64, bit_len: u64, hash_len: u32) -> bool {
    let words = bits.as_chunks_mut::<8>().0;
    let mut missing = false;
    for bit in walk::<K>(hash, bit_len, hash_len) {
        let bytes = &mut words[(bit >> 6) as usize];
        let (word, mask) = (u64::from_le_bytes(*bytes), 1 << (bit & 63));
        missing |= word & mask == 0;
        *bytes = (word | mask).to_le_bytes();
    }
    missing
}

fn set_many<const K: u32>(bits: &mut [u8], hashes: &[u64], bit_len: u64, hash_len: u32) {
    let far = bits.len() > NEAR;
    for (i, hash) in hashes.iter().enumerate() {
        if far && let Some(next) = hashes.get(i + AHEAD) {
            walk::<K>(*next, bit_len, hash_len).for_each(|bit| prefetch(bits, (bit >> 3) as usize));
        }
        set::<K>(bits, *hash, bit_len, hash_len);
    }
}

/// Near memory is looked at without a branch: one that depends on a bit is foreseen half of the time. In far memory the
/// first probes decide whether to wait for the others.
#[inline(always)]
fn has<const K: u32>(bits: &[u8], hash: u64, bit_len: u64, hash_len: u32) -> bool {
    match bits.len() > NEAR {
        true => {
            all_set(bits, walk::<K>(hash, bit_len, hash_len).take(FIRST))
                && all_set(bits, walk::<K>(hash, bit_len, hash_len).skip(FIRST))
        }
        false => all_set(bits, walk::<K>(hash, bit_len, hash_len)),
    }
}

fn has_many<const K: u32>(bits: &[u8], hashes: &[u64], found: &mut [bool], bit_len: u64, hash_len: u32) {
    if bits.len() <= NEAR {
        for (hash, found) in hashes.iter().zip(found) {
            *found = has::<K>(bits, *hash, bit_len, hash_len);
        }
        return;
    }
    for (hashes, found) in hashes.chunks(BATCH).zip(found.chunks_mut(BATCH)) {
        let first = |hash: u64| walk::<K>(hash, bit_len, hash_len).take(FIRST);
        let rest = |hash: u64| walk::<K>(hash, bit_len, hash_len).skip(FIRST);
        // Those whose first probes are set, to be looked at again.
        let (mut alive, mut alive_len) = ([0_u16; BATCH], 0);
        for (i, (hash, found)) in hashes.iter().zip(&mut *found).enumerate() {
            if let Some(next) = hashes.get(i + FIRST_AHEAD) {
                first(*next).for_each(|bit| prefetch(bits, (bit >> 3) as usize));
            }
            *found = all_set(bits, first(*hash));
            alive[alive_len] = i as u16;
            alive_len += usize::from(*found);
        }
        let alive = &alive[..alive_len];
        for (i, at) in alive.iter().enumerate() {
            if let Some(next) = alive.get(i + AHEAD) {
                rest(hashes[usize::from(*next)]).for_each(|bit| prefetch(bits, (bit >> 3) as usize));
            }
            let at = usize::from(*at);
            found[at] = all_set(bits, rest(hashes[at]));
        }
    }
}
