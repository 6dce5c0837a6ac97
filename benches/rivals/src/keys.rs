//! The keys: the same for every contestant, in the same order.

/// SplitMix64 of a counter (Steele, Lea, Flood 2014): different numbers for different counters.
pub fn key(i: u64) -> u64 {
    let mut z = i.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// Keys `from` to `to`.
pub fn keys(from: u64, to: u64) -> Vec<u64> {
    (from..to).map(key).collect()
}

/// Different texts of 16 characters, number `from` to `to`.
pub fn texts(from: u64, to: u64) -> Vec<[u8; 16]> {
    let digit = |number: u64, place: usize| b"0123456789abcdef"[(number >> (4 * place) & 15) as usize];
    keys(from, to).into_iter().map(|key| core::array::from_fn(|place| digit(key, place))).collect()
}
