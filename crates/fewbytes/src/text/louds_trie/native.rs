//! The loops of lookups, compiled for processors that count and select bits by instructions, and chosen at run time, outside of
//! the loops.
//!
//! `cargo bench -p fewbytes-benches --bench louds` measures that, and with `--no-default-features` the loops for any
//! processor.
#![allow(unsafe_code)] // A function for a processor's features has no safe call.

use super::shape::Shape;
use super::view::View;
use alloc::vec::Vec;

/// A way to find the n-th one of a word.
pub(super) trait Select: Copy {
    /// Which bit of a word is its `n`-th one; as an error, how many more are wanted behind the word.
    fn select(self, word: u64, n: u32) -> Result<u32, u32>;
}

/// With nothing but what every processor has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain;

/// For n and a byte: which of its bits is its n-th one; 8 where it has fewer.
static IN_BYTE: [[u8; 256]; 8] = {
    let mut table = [[8; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let (mut bit, mut n) = (0, 0);
        while bit < 8 {
            if byte >> bit & 1 == 1 {
                table[n][byte] = bit;
                n += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    table
};

impl Select for Plain {
    #[inline(always)]
    fn select(self, word: u64, n: u32) -> Result<u32, u32> {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGHS: u64 = 0x8080_8080_8080_8080;
        let pairs = word - (word >> 1 & 0x5555_5555_5555_5555);
        let fours = (pairs & 0x3333_3333_3333_3333) + (pairs >> 2 & 0x3333_3333_3333_3333);
        // In each byte: the ones in it and in all below.
        let sums = ((fours + (fours >> 4)) & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(ONES);
        let all = (sums >> 56) as u32;
        if n >= all {
            return Err(n - all);
        }
        // A byte's high bit is set where its sum is at most n: those bytes lie before.
        let before = ((u64::from(n).wrapping_mul(ONES) | HIGHS) - sums) & HIGHS;
        let byte = (before >> 7).wrapping_mul(ONES) >> 56;
        let shift = 8 * byte as u32;
        let left = n - ((sums << 8) >> shift & 255) as u32;
        Ok(shift + u32::from(IN_BYTE[left as usize & 7][(word >> shift & 255) as usize]))
    }
}

/// With the instruction PDEP. There is one only where the processor has BMI1, BMI2 and POPCNT.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[derive(Clone, Copy, Debug)]
pub(super) struct Deposit(());

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Deposit {
    #[inline(always)]
    fn new() -> Option<Self> {
        let has_all = std::is_x86_feature_detected!("bmi2")
            && std::is_x86_feature_detected!("bmi1")
            && std::is_x86_feature_detected!("popcnt");
        has_all.then_some(Self(()))
    }
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Select for Deposit {
    #[inline(always)]
    fn select(self, word: u64, n: u32) -> Result<u32, u32> {
        let all = word.count_ones();
        if n >= all {
            return Err(n - all);
        }
        // SAFETY: the instruction's only condition is that the processor has BMI2: else there is no `self`. It moves the
        // n-th bit to where the word's n-th one is.
        Ok(unsafe { core::arch::x86_64::_pdep_u64(1 << n, word) }.trailing_zeros())
    }
}

/// For each loop a function that runs it as the processor can.
macro_rules! native {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub(super) fn $name(payload: &[u8], shape: &Shape, $($argument: $type),*) -> $result {
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            if let Some(deposit) = Deposit::new() {
                #[target_feature(enable = "bmi1,bmi2,popcnt")]
                fn native(payload: &[u8], shape: &Shape, $($argument: $type,)* by: Deposit) -> $result {
                    View::new(payload, shape, by).$name($($argument),*)
                }
                // SAFETY: the function's only condition is that the processor has the features it was compiled for: else
                // there is no `deposit`.
                return unsafe { native(payload, shape, $($argument,)* deposit) };
            }
            View::new(payload, shape, Plain).$name($($argument),*)
        }
    )*};
}

native! {
    /// The id of a key.
    fn id_of(key: &[u8]) -> Option<u64>;
    /// Appends the key of an id to the empty `key`, of at most `most` bytes. False where there is none.
    fn key_of(id: u64, key: &mut Vec<u8>, most: usize) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_word_selects_as_its_bits_do(word: u64) {
            let ones: Vec<u32> = (0..64).filter(|bit| word >> bit & 1 == 1).collect();
            for n in 0..65_u32 {
                let expected = ones.get(n as usize).copied().ok_or(n.saturating_sub(ones.len() as u32));
                prop_assert_eq!(Plain.select(word, n), expected);
                #[cfg(all(target_arch = "x86_64", feature = "std"))]
                if let Some(deposit) = Deposit::new() {
                    prop_assert_eq!(deposit.select(word, n), expected);
                }
            }
        }
    }
}
