//! Time an operation takes, and memory that a value holds.

use cpu_time::ThreadTime;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The middle one of some numbers.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Nanoseconds of this thread's processor time for each of `len` operations, and what they gave. What else the machine
/// does in the meantime is not counted, though it may still cool the caches.
pub fn ns_each<T>(len: usize, work: impl FnOnce() -> T) -> (f64, T) {
    let start = ThreadTime::now();
    let result = work();
    (start.elapsed().as_nanos() as f64 / len.max(1) as f64, result)
}

/// What `make` makes, with the bytes on the heap that it holds, and the most that were taken on the way.
pub fn bytes_of<T>(make: impl FnOnce() -> T) -> (T, usize, usize) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let made = make();
    let held = MEMORY.current_usage().saturating_sub(before);
    (made, held, MEMORY.peak_usage().saturating_sub(before))
}
