//! The forms of a block: which of its bits an item sets.

/// A form of block. Its loops are compiled for each, and within them for each set of vector instructions.
pub(crate) trait Form {
    /// A block's bytes.
    type Block: Copy;

    /// The blocks of `bits`, in order.
    fn blocks(bits: &[u8]) -> &[Self::Block];

    /// The blocks of `bits`, to be changed.
    fn blocks_mut(bits: &mut [u8]) -> &mut [Self::Block];

    /// The block of an item, one of `block_len`. A filter of *d* times the blocks has the item in block *d i* to
    /// *d i + d - 1*: that is what folds.
    fn place(hash: u64, block_len: usize) -> usize;

    /// Whether all of an item's bits are set in its block.
    fn has(block: &Self::Block, hash: u64) -> bool;

    /// Sets an item's bits in its block. True when one of them was not set before.
    fn add(block: &mut Self::Block, hash: u64) -> bool;

    /// A block in words of 64 bits.
    type Words: AsRef<[u64]>;

    /// An item's bits in the words of its block.
    fn words(hash: u64) -> Self::Words;
}

/// The block of a hash by all of its bits: the upper half of the product with the number of blocks.
#[inline(always)]
fn place_by_64(hash: u64, block_len: usize) -> usize {
    match u32::try_from(block_len) {
        // A product of 128 bits is a call on WebAssembly: 3.4 of the 15.3 ns that a question took.
        Ok(len) if usize::BITS == 32 => place_by_halves(hash, len),
        _ => ((u128::from(hash) * block_len as u128) >> 64) as usize,
    }
}

/// The same, from two products of 64 bits.
#[inline(always)]
fn place_by_halves(hash: u64, block_len: u32) -> usize {
    let (len, low) = (u64::from(block_len), hash & u64::from(u32::MAX));
    (((hash >> 32) * len + ((low * len) >> 32)) >> 32) as usize
}

/// What the bits within a block are chosen by. The block takes the upper bits of the hash, which are the same for all
/// of its items; those of the product depend on the lower ones too.
#[inline(always)]
fn mixed(hash: u64) -> u64 {
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// `has` and `add` for a block of words, by a function from hash to the words' masks.
macro_rules! words {
    ($word:ident, $len:literal, $bytes:literal) => {
        type Words = [u64; $bytes / 8];

        #[inline(always)]
        fn words(hash: u64) -> Self::Words {
            // The first one is the lowest: words of a block are little-endian.
            let (mask, words) = (Self::mask(hash), 64 / $word::BITS as usize);
            core::array::from_fn(|i| {
                (0..words).fold(0, |word, part| {
                    word | u64::from(mask[i * words + part]) << (part as u32 * $word::BITS % 64)
                })
            })
        }

        type Block = [u8; $bytes];

        #[inline(always)]
        fn blocks(bits: &[u8]) -> &[Self::Block] {
            bits.as_chunks().0
        }

        #[inline(always)]
        fn blocks_mut(bits: &mut [u8]) -> &mut [Self::Block] {
            bits.as_chunks_mut().0
        }

        #[inline(always)]
        fn has(block: &Self::Block, hash: u64) -> bool {
            let (mask, words) = (Self::mask(hash), block.as_chunks().0);
            let mut missing = 0;
            for i in 0..$len {
                missing |= mask[i] & !$word::from_le_bytes(words[i]);
            }
            missing == 0
        }

        #[inline(always)]
        fn add(block: &mut Self::Block, hash: u64) -> bool {
            let (mask, words) = (Self::mask(hash), block.as_chunks_mut().0);
            let mut missing = 0;
            for i in 0..$len {
                let word = $word::from_le_bytes(words[i]);
                missing |= mask[i] & !word;
                words[i] = (word | mask[i]).to_le_bytes();
            }
            missing != 0
        }
    };
}

/// 256 bits in eight words of 32, a bit in each: the split block of Putze and others' descendants, as in Parquet.
pub(crate) struct Split;

impl Split {
    /// Parquet's salts.
    const SALTS: [u32; 8] = [
        0x47b6_137b,
        0x4497_4d91,
        0x8824_ad5b,
        0xa2b7_289d,
        0x7054_95c7,
        0x2df1_424b,
        0x9efc_4947,
        0x5c6b_fb31,
    ];

    #[inline(always)]
    fn mask(hash: u64) -> [u32; 8] {
        salted(hash as u32)
    }
}

/// A bit in each of eight words: the upper five bits of the product with the word's salt.
#[inline(always)]
fn salted(key: u32) -> [u32; 8] {
    Split::SALTS.map(|salt| 1 << (key.wrapping_mul(salt) >> 27))
}

impl Form for Split {
    words!(u32, 8, 32);

    #[inline(always)]
    fn place(hash: u64, block_len: usize) -> usize {
        (((hash >> 32) * block_len as u64) >> 32) as usize
    }
}

/// 512 bits in eight words of 64, a bit in each `SPAN` of them: *8 / SPAN* bits an item.
pub(crate) struct Wide<const SPAN: u32>;

impl<const SPAN: u32> Wide<SPAN> {
    #[inline(always)]
    fn mask(hash: u64) -> [u64; 8] {
        let mixed = mixed(hash);
        let field = 6 + SPAN.trailing_zeros();
        core::array::from_fn(|i| {
            let (run, i) = (i as u32 / SPAN, i as u64);
            let place = mixed >> (58 - field * (run + 1));
            let here = u64::from((place >> 6 ^ i) & u64::from(SPAN - 1) == 0);
            here << (place & 63)
        })
    }
}

impl<const SPAN: u32> Form for Wide<SPAN> {
    words!(u64, 8, 64);

    #[inline(always)]
    fn place(hash: u64, block_len: usize) -> usize {
        place_by_64(hash, block_len)
    }
}

/// 512 bits in sixteen words of 32, a bit in each.
pub(crate) struct Fine;

impl Fine {
    #[inline(always)]
    fn mask(hash: u64) -> [u32; 16] {
        let mixed = mixed(hash);
        let (low, high) = (salted(mixed as u32), salted((mixed >> 32) as u32));
        core::array::from_fn(|i| if i < 8 { low[i] } else { high[i - 8] })
    }
}

impl Form for Fine {
    words!(u32, 16, 64);

    #[inline(always)]
    fn place(hash: u64, block_len: usize) -> usize {
        place_by_64(hash, block_len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn halves_give_the_same_place(hash: u64, block_len in 1..=u32::MAX) {
            prop_assert_eq!(place_by_halves(hash, block_len), place_by_64(hash, block_len as usize));
            prop_assert_eq!(place_by_halves(u64::MAX, block_len), block_len as usize - 1);
        }
    }
}
