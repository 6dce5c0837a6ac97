//! The loops over all registers and over many hashes, compiled for processors with AVX2 and chosen at run time, outside
//! of the loops.
//!
//! `cargo bench -p fewbytes-benches --bench distinct exaloglog` measures that, and with `--no-default-features` the loops
//! for any processor. Merging gains most: vectors can't move each lane by its own distance before AVX2.
#![allow(unsafe_code)] // A function for a processor's features has no safe call.

use super::array::{Array, Evidence};
use super::register::Scale;
use std::is_x86_feature_detected;

/// Whether the processor has what the functions below are compiled for.
#[inline]
fn has_features() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
}

/// For each loop a function that runs it, compiled wide, where the processor can, and else leaves it to the caller.
macro_rules! wide {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $loop:ident;)*) => {$(
        #[inline]
        pub(super) fn $name<const TAIL: u32>($($argument: $type),*) -> Option<$result> {
            #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
            fn wide<const TAIL: u32>($($argument: $type),*) -> $result {
                Array::<TAIL>::$loop($($argument),*)
            }
            // SAFETY: the function's only condition is that the processor has the features it was compiled for. That
            // was just asked.
            has_features().then(|| unsafe { wide::<TAIL>($($argument),*) })
        }
    )*};
}

wide! {
    fn merge(ours: &mut [u8], theirs: &[u8]) -> () = merge_by_loop;
    fn offer_all(bytes: &mut [u8], scale: Scale, hashes: &[u64]) -> () = offer_all_by_loop;
    fn evidence(bytes: &[u8], scale: Scale) -> Evidence = evidence_by_loop;
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn is_the_same<const TAIL: u32>() {
        for precision in [4, 5, 8, 15] {
            let scale = Scale::new(precision);
            // Any bytes, and those of sketches.
            let noise = |step: usize| {
                (0..Array::<TAIL>::byte_len(scale)).map(|i| ((i * step) >> 3) as u8).collect::<Vec<u8>>()
            };
            let hashes: Vec<u64> = (0..30_000_u64).map(|i| crate::hash::hash(&i.to_le_bytes(), 0)).collect();
            for (mut ours, theirs) in
                [(noise(2971), noise(1733)), (noise(0), noise(0)), (noise(0), noise(977))]
            {
                let mut expected = ours.clone();
                Array::<TAIL>::offer_all_by_loop(&mut expected, scale, &hashes);
                if offer_all::<TAIL>(&mut ours, scale, &hashes).is_none() {
                    return; // Not on this processor.
                }
                assert_eq!(ours, expected);
                assert_eq!(
                    evidence::<TAIL>(&ours, scale),
                    Some(Array::<TAIL>::evidence_by_loop(&ours, scale)),
                    "precision {precision}"
                );
                Array::<TAIL>::merge_by_loop(&mut expected, &theirs);
                let _ = merge::<TAIL>(&mut ours, &theirs);
                assert_eq!(ours, expected);
            }
        }
    }

    #[test]
    fn wide_loops_give_the_same_bytes() {
        is_the_same::<20>();
        is_the_same::<28>();
    }
}
