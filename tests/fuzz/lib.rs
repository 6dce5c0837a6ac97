//! What the targets share: the memory that an input may take.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Runs a target on an input that may be hostile.
///
/// # Panics
/// When a promise is broken; or when more memory was taken in all than what many copies of the input take: a number in a
/// damaged header must not become an allocation.
pub fn run_hostile(name: &str, input: &[u8]) {
    // As in the suite `memory`: what all the structures take that the target makes beside, and a scalable filter's next
    // stage, of 1,500 times the bytes that came, for each of the ways in which it is changed.
    const BESIDE: usize = 16 << 20;
    const PER_BYTE: usize = 10_000;
    let region = Region::new(ALLOCATOR);
    fewbytes_tests::fuzz::run(name, input);
    let change = region.change();
    let taken = change.bytes_allocated.saturating_add_signed(change.bytes_reallocated.max(0));
    assert!(taken < BESIDE + PER_BYTE * input.len(), "{taken} bytes of memory taken for {}", input.len());
}
