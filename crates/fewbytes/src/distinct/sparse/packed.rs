//! Tokens in the fewest bytes, sorted: Elias-Fano coding (Elias 1974, Fano 1971).
//!
//! Of *t* tokens each keeps its last *l* bits as they are, *l = ⌊log2(2^32 / t)⌋*, one after another. What is before
//! those, *h*, is written in unary: of a bit array the bit *h + i* is set for token *i*. That is less than *t (l + 3)*
//! bits, half a bit a token above what *t* different numbers need at the least. The length depends on *t* alone.

use super::{COUNT_LEN, count, is_token, set_count};

/// Last bits of each token that are kept as they are.
fn low_bits(count: usize) -> usize {
    (u32::MAX / (count as u32).max(1)).ilog2() as usize
}

/// Bits of the unary part: one is set for each token, one is clear for each step of the part before the last bits.
fn high_len(count: usize) -> usize {
    match count {
        0 => 0,
        _ => count + (u32::MAX >> low_bits(count)) as usize,
    }
}

fn lows_byte_len(count: usize) -> usize {
    (count * low_bits(count)).div_ceil(8)
}

/// What the payload holds after the number of tokens.
pub(crate) const DOC: &str = "the tokens' last bits, then what is before those in unary: Elias-Fano coding";

/// Whether the payload is as long as its number of tokens says.
pub(crate) fn is_payload(payload: &[u8]) -> bool {
    // Each token takes more than two bits: a number that is more than those is wrong, and no sum has to hold it.
    payload.len() >= COUNT_LEN
        && count(payload) <= payload.len() * 4
        && payload_len(count(payload)) == payload.len()
}

/// Bytes of the payload of `count` tokens.
pub(crate) fn payload_len(count: usize) -> usize {
    COUNT_LEN + lows_byte_len(count) + high_len(count).div_ceil(8)
}

/// Writes `tokens`, which are in order, to a payload of [`payload_len`] bytes.
pub(crate) fn write(payload: &mut [u8], tokens: &[u32]) {
    payload.fill(0);
    set_count(payload, tokens.len());
    let bits = low_bits(tokens.len());
    let (lows, highs) = payload[COUNT_LEN..].split_at_mut(lows_byte_len(tokens.len()));
    for (i, token) in tokens.iter().enumerate() {
        let (at, low) = (i * bits, u64::from(*token) & ((1 << bits) - 1));
        // At most 31 bits, of which up to 7 are before the field: five bytes.
        for (byte, part) in lows[at / 8..].iter_mut().zip((low << (at % 8)).to_le_bytes()) {
            *byte |= part;
        }
        let at = (token >> bits) as usize + i;
        highs[at / 8] |= 1 << (at % 8);
    }
}

/// The tokens, smallest first. In damaged bytes: any numbers, at most as many as the payload has bits.
pub(crate) fn tokens(payload: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let count = count(payload);
    let bits = low_bits(count);
    let (lows, highs) = payload[COUNT_LEN..].split_at(lows_byte_len(count));
    let places = highs.iter().enumerate().flat_map(|(i, byte)| {
        let set = (0..8).filter(move |bit| byte >> bit & 1 == 1);
        set.map(move |bit| i * 8 + bit)
    });
    places.take(count).enumerate().map(move |(i, place)| {
        let at = i * bits;
        let mut eight = [0; 8];
        let there = &lows[at / 8..];
        let len = there.len().min(8);
        eight[..len].copy_from_slice(&there[..len]);
        let low = u64::from_le_bytes(eight) >> (at % 8) & ((1 << bits) - 1);
        (((place - i) as u64) << bits | low) as u32
    })
}

/// Whether the payload is what [`write`] gives of some tokens: what is wrong with it, if not.
pub(crate) fn verify(payload: &[u8]) -> Result<(), &'static str> {
    let count = count(payload);
    let mut last = 0;
    let mut len = 0;
    for token in tokens(payload) {
        if token <= last {
            return Err("out of order");
        }
        if !is_token(token) {
            return Err("what no hash has");
        }
        (last, len) = (token, len + 1);
    }
    let highs = &payload[COUNT_LEN + lows_byte_len(count)..];
    let set: u32 = highs.iter().map(|byte| byte.count_ones()).sum();
    let lows = &payload[COUNT_LEN..COUNT_LEN + lows_byte_len(count)];
    let spare = lows.len() * 8 - count * low_bits(count);
    let clear = lows.last().is_none_or(|last| u32::from(*last).leading_zeros() >= 24 + spare as u32);
    match len == count && set as usize == count && clear {
        true => Ok(()),
        false => Err("bits that are no token's"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};

    fn packed(tokens: &[u32]) -> Vec<u8> {
        let mut payload = vec![0xff; payload_len(tokens.len())];
        write(&mut payload, tokens);
        payload
    }

    #[test]
    fn tokens_come_out_as_they_went_in() {
        for len in [0, 1, 2, 3, 7, 8, 9, 100, 1000, 5000_u32] {
            for stride in [1, 77, u32::MAX / len.max(1)] {
                for from in [64, u32::MAX - stride.saturating_mul(len.max(1) - 1)] {
                    let tokens: Vec<u32> = (0..len)
                        .map(|i| from.saturating_add(i * stride))
                        .filter(|token| is_token(*token))
                        .collect();
                    let mut tokens = tokens;
                    tokens.dedup();
                    let payload = packed(&tokens);
                    assert!(
                        super::tokens(&payload).eq(tokens.iter().copied()),
                        "{len} by {stride} from {from}"
                    );
                    assert_eq!(verify(&payload), Ok(()));
                    assert_eq!(count(&payload), tokens.len());
                }
            }
        }
    }

    #[test]
    fn a_hundred_fit_in_348_bytes() {
        assert_eq!([0, 1, 10, 100, 1000].map(payload_len), [4, 9, 43, 346, 3007]);
    }

    /// Each bit of the payload matters: no two payloads hold the same tokens.
    #[test]
    fn every_flip_is_another_set_or_damage() {
        let tokens: Vec<u32> = (1..60).map(|i| (i * 70_000_001) | 64).collect();
        let good = packed(&tokens);
        for at in COUNT_LEN..good.len() {
            for bit in 0..8 {
                let mut payload = good.clone();
                payload[at] ^= 1 << bit;
                let same = super::tokens(&payload).eq(tokens.iter().copied());
                assert!(!same || verify(&payload).is_err(), "bit {bit} of byte {at}");
            }
        }
    }
}
