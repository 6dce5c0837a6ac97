//! A Bloom filter's bits: where an item's are, and the loops that set them and look for them, one item at a time and
//! many.

use crate::layout::{get_u64, words};
use crate::prefetch::prefetch;

/// Bits where they are read: in bytes, or in words that many write.
pub(crate) trait Bits {
    /// Bytes that they take.
    fn byte_len(&self) -> usize;

    /// Bits *64 i* to *64 i + 63*, from the lowest.
    fn word(&self, i: usize) -> u64;

    /// Asks for the memory of word `i`.
    fn ask(&self, i: usize);
}

/// Bits where they are set.
pub(crate) trait BitsMut: Bits {
    /// Sets the bits of `mask` in word `i`. True when one of them was not set before.
    fn or(&mut self, i: usize, mask: u64) -> bool;
}

impl Bits for [u8] {
    #[inline(always)]
    fn byte_len(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn word(&self, i: usize) -> u64 {
        get_u64(self, i)
    }

    #[inline(always)]
    fn ask(&self, i: usize) {
        prefetch(self, 8 * i);
    }
}

impl BitsMut for [u8] {
    #[inline(always)]
    fn or(&mut self, i: usize, mask: u64) -> bool {
        let bytes = &mut self.as_chunks_mut().0[i];
        let word = u64::from_le_bytes(*bytes);
        *bytes = (word | mask).to_le_bytes();
        word & mask != mask
    }
}

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
/// constant 0 means any number. In WebAssembly, which is sent to its reader, it is always that: fifteen forms of each
/// loop are 75 KB.
macro_rules! unrolled {
    ($name:ident($($arg:expr),*), $hash_len:expr) => {
        match $hash_len {
            any if cfg!(target_arch = "wasm32") => $name::<0, _>($($arg),*, any),
            1 => $name::<1, _>($($arg),*, 1),
            2 => $name::<2, _>($($arg),*, 2),
            3 => $name::<3, _>($($arg),*, 3),
            4 => $name::<4, _>($($arg),*, 4),
            5 => $name::<5, _>($($arg),*, 5),
            6 => $name::<6, _>($($arg),*, 6),
            7 => $name::<7, _>($($arg),*, 7),
            8 => $name::<8, _>($($arg),*, 8),
            9 => $name::<9, _>($($arg),*, 9),
            10 => $name::<10, _>($($arg),*, 10),
            11 => $name::<11, _>($($arg),*, 11),
            12 => $name::<12, _>($($arg),*, 12),
            13 => $name::<13, _>($($arg),*, 13),
            14 => $name::<14, _>($($arg),*, 14),
            any => $name::<0, _>($($arg),*, any),
        }
    };
}

/// Sets an item's bits in `bits`. True when one of them was not set before.
#[inline]
pub(crate) fn set_bits(bits: &mut (impl BitsMut + ?Sized), hash: u64, bit_len: u64, hash_len: u32) -> bool {
    unrolled!(set(bits, hash, bit_len), hash_len)
}

/// Sets many items' bits.
pub(crate) fn set_all(bits: &mut (impl BitsMut + ?Sized), hashes: &[u64], bit_len: u64, hash_len: u32) {
    unrolled!(set_many(bits, hashes, bit_len), hash_len);
}

/// Whether all of an item's bits are set in `bits`.
#[inline]
pub(crate) fn has_bits(bits: &(impl Bits + ?Sized), hash: u64, bit_len: u64, hash_len: u32) -> bool {
    unrolled!(has(bits, hash, bit_len), hash_len)
}

/// Whether all of each item's bits are set, as many as hashes and places are given.
pub(crate) fn has_all(
    bits: &(impl Bits + ?Sized),
    hashes: &[u64],
    found: &mut [bool],
    bit_len: u64,
    hash_len: u32,
) {
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
fn all_set(bits: &(impl Bits + ?Sized), walk: impl Iterator<Item = u64>) -> bool {
    walk.fold(true, |all, bit| all & (bits.word((bit >> 6) as usize) >> (bit & 63) & 1 != 0))
}

#[inline(always)]
fn set<const K: u32, B: BitsMut + ?Sized>(bits: &mut B, hash: u64, bit_len: u64, hash_len: u32) -> bool {
    let set = |missing, bit: u64| missing | bits.or((bit >> 6) as usize, 1 << (bit & 63));
    walk::<K>(hash, bit_len, hash_len).fold(false, set)
}

fn set_many<const K: u32, B: BitsMut + ?Sized>(bits: &mut B, hashes: &[u64], bit_len: u64, hash_len: u32) {
    let far = bits.byte_len() > NEAR;
    for (i, hash) in hashes.iter().enumerate() {
        if far && let Some(next) = hashes.get(i + AHEAD) {
            walk::<K>(*next, bit_len, hash_len).for_each(|bit| bits.ask((bit >> 6) as usize));
        }
        set::<K, B>(bits, *hash, bit_len, hash_len);
    }
}

/// Near memory is looked at without a branch: one that depends on a bit is foreseen half of the time. In far memory the
/// first probes decide whether to wait for the others.
#[inline(always)]
fn has<const K: u32, B: Bits + ?Sized>(bits: &B, hash: u64, bit_len: u64, hash_len: u32) -> bool {
    match bits.byte_len() > NEAR {
        true => {
            all_set(bits, walk::<K>(hash, bit_len, hash_len).take(FIRST))
                && all_set(bits, walk::<K>(hash, bit_len, hash_len).skip(FIRST))
        }
        false => all_set(bits, walk::<K>(hash, bit_len, hash_len)),
    }
}

fn has_many<const K: u32, B: Bits + ?Sized>(
    bits: &B,
    hashes: &[u64],
    found: &mut [bool],
    bit_len: u64,
    hash_len: u32,
) {
    if bits.byte_len() <= NEAR {
        for (hash, found) in hashes.iter().zip(found) {
            *found = has::<K, B>(bits, *hash, bit_len, hash_len);
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
                first(*next).for_each(|bit| bits.ask((bit >> 6) as usize));
            }
            *found = all_set(bits, first(*hash));
            alive[alive_len] = i as u16;
            alive_len += usize::from(*found);
        }
        let alive = &alive[..alive_len];
        for (i, at) in alive.iter().enumerate() {
            if let Some(next) = alive.get(i + AHEAD) {
                rest(hashes[usize::from(*next)]).for_each(|bit| bits.ask((bit >> 6) as usize));
            }
            let at = usize::from(*at);
            found[at] = all_set(bits, rest(hashes[at]));
        }
    }
}
