//! The loops as compiled for the processor that runs them. It is asked once a call, outside the loop.
//!
//! x86-64 promises SSE2 only: `cargo bench -p fewbytes-benches --bench blocked` measures what AVX2 buys. With AVX-512 some
//! loops were faster and some slower than with AVX2. Elsewhere the vectors that the target promises (NEON, simd128) are
//! used as they are.
#![allow(unsafe_code)] // A function that needs AVX2 can't be called safely from one that does not.

use super::form::Form;
use super::loops::{self, Blocks, BlocksMut};

macro_rules! dispatched {
    ($($(#[$doc:meta])* fn $name:ident<$bits:ident: $bound:ident>($($arg:ident: $type:ty),*) $(-> $out:ty)?;)*) => {
        $(
            $(#[$doc])*
            #[inline]
            pub(crate) fn $name<F: Form, $bits: $bound<F> + ?Sized>($($arg: $type),*) $(-> $out)? {
                #[cfg(all(target_arch = "x86_64", feature = "std"))]
                if std::is_x86_feature_detected!("avx2") {
                    // SAFETY: the function is safe but for its one demand, AVX2, which this processor has.
                    return unsafe { avx2::$name::<F, $bits>($($arg),*) };
                }
                loops::$name::<F, $bits>($($arg),*)
            }
        )*

        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        mod avx2 {
            use super::{Blocks, BlocksMut, Form, loops};
            $(
                #[target_feature(enable = "avx2")]
                pub(super) fn $name<F: Form, $bits: $bound<F> + ?Sized>($($arg: $type),*) $(-> $out)? {
                    loops::$name::<F, $bits>($($arg),*)
                }
            )*
        }
    };
}

dispatched! {
    /// Sets an item's bits. True when one of them was not set before.
    fn insert_hash<B: BlocksMut>(bits: &mut B, hash: u64) -> bool;
    /// Whether all of an item's bits are set.
    fn contains_hash<B: Blocks>(bits: &B, hash: u64) -> bool;
    /// Sets many items' bits.
    fn insert_hashes<B: BlocksMut>(bits: &mut B, hashes: &[u64]);
    /// Looks for many items.
    fn contains_hashes<B: Blocks>(bits: &B, hashes: &[u64], found: &mut [bool]);
}

#[cfg(test)]
mod tests {
    use super::super::form::{Fine, Form, Split, Wide};
    use super::{contains_hash, contains_hashes, insert_hash, insert_hashes, loops};
    use crate::hash::hash;
    use alloc::{vec, vec::Vec};

    /// The processor's vectors and the plain loops: the same bits, the same answers, near and far, in any number.
    fn alike<F: Form>() {
        for (block_len, len) in [(1, 3), (2, 15), (37, 64), (20_000, 17), (40_000, 5_000)] {
            let hashes = |from: u32| -> Vec<u64> {
                (from..from + len).map(|i| hash(&i.to_le_bytes(), block_len as u64)).collect()
            };
            let (old, new) = (hashes(0), hashes(len));
            let bytes = block_len * size_of::<F::Block>();
            let (mut many, mut each, mut plain, mut plain_each) =
                (vec![0; bytes], vec![0; bytes], vec![0; bytes], vec![0; bytes]);
            insert_hashes::<F, [u8]>(&mut many, &old);
            loops::insert_hashes::<F, [u8]>(&mut plain, &old);
            for hash in &old {
                let changed = insert_hash::<F, [u8]>(&mut each, *hash);
                assert_eq!(loops::insert_hash::<F, [u8]>(&mut plain_each, *hash), changed);
            }
            assert!(many == plain && each == plain && plain_each == plain);

            let (mut found, mut plainly) = (vec![false; old.len()], vec![true; old.len()]);
            contains_hashes::<F, [u8]>(&many, &old, &mut found);
            assert!(found.iter().all(|found| *found));
            contains_hashes::<F, [u8]>(&many, &new, &mut found);
            loops::contains_hashes::<F, [u8]>(&many, &new, &mut plainly);
            assert_eq!(found, plainly);
            for (hash, found) in new.iter().zip(found) {
                assert_eq!(contains_hash::<F, [u8]>(&many, *hash), found);
                assert_eq!(loops::contains_hash::<F, [u8]>(&many, *hash), found);
            }
        }
    }

    #[test]
    fn vectors_and_plain_loops_are_alike() {
        alike::<Split>();
        alike::<Wide<4>>();
        alike::<Wide<2>>();
        alike::<Wide<1>>();
        alike::<Fine>();
    }
}
