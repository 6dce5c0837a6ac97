//! Asks the processor for memory before it is read. The answers are the same without it.
//!
//! A structure larger than the caches waits for each line that it touches. Lines that are asked for some items ahead
//! arrive side by side: `cargo bench -p fewbytes-benches --bench prefetch` measures what that buys.
#![allow(unsafe_code)] // A hint has no safe form on any machine.

/// Asks for the cache line of number `at` of `numbers`. A place beyond them is a wasted hint, and harmless.
#[inline(always)]
pub(crate) fn prefetch<T>(numbers: &[T], at: usize) {
    // Safe for any `at`: the address is computed, not read.
    hint(numbers.as_ptr().wrapping_add(at).cast());
}

#[inline(always)]
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn hint(address: *const u8) {
    use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: the instruction is SSE, which every x86-64 has; it never faults, whatever the address (Intel SDM,
    // PREFETCHh), and changes neither registers nor memory.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) }
}

#[inline(always)]
#[cfg(all(target_arch = "aarch64", not(miri)))]
fn hint(address: *const u8) {
    // SAFETY: PRFM is in every AArch64; it never faults, whatever the address (Arm ARM, "Prefetch memory"), and changes
    // neither registers nor memory.
    unsafe {
        core::arch::asm!("prfm pldl1keep, [{}]", in(reg) address, options(nostack, preserves_flags, readonly))
    }
}

#[inline(always)]
#[cfg(any(miri, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn hint(_address: *const u8) {}
