//! Times of the processor, and what the system says about pages.

use crate::Result;
use rustix::time::{ClockId, clock_gettime};
use std::fs::{self, File};
use std::path::Path;

/// SplitMix64.
pub fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ number >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ number >> 31
}

pub fn median(times: &mut [f64]) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

fn clock(id: ClockId) -> u64 {
    let time = clock_gettime(id);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Nanoseconds that this process has had of the processors.
pub fn process_time() -> u64 {
    clock(ClockId::ProcessCPUTime)
}

/// Nanoseconds of the processor for each of `len` pieces of work.
pub fn nanoseconds<T>(len: u64, work: impl FnOnce() -> T) -> f64 {
    let before = clock(ClockId::ThreadCPUTime);
    std::hint::black_box(work());
    (clock(ClockId::ThreadCPUTime) - before) as f64 / len as f64
}

/// Lets the system drop what it has of a file in memory.
pub fn forget(path: &Path) -> Result<()> {
    let file = File::open(path)?;
    file.sync_all()?;
    Ok(rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed)?)
}

/// Bytes that this process made the disks read.
pub fn read_bytes() -> Result<u64> {
    let io = fs::read_to_string("/proc/self/io")?;
    let line = io.lines().find_map(|line| line.strip_prefix("read_bytes: ")).ok_or("read_bytes")?;
    Ok(line.parse()?)
}

/// A field of this process's maps of a file, in kibibytes.
pub fn kib(path: &Path, field: &str) -> Result<u64> {
    kib_of(std::process::id(), path, field)
}

/// The same of another process.
pub fn kib_of(process: u32, path: &Path, field: &str) -> Result<u64> {
    let file = path.to_str().ok_or("a path")?;
    let (mut ours, mut sum) = (false, 0);
    for line in fs::read_to_string(format!("/proc/{process}/smaps"))?.lines() {
        match line.split_once(':') {
            Some((name, value)) if !name.contains(' ') => {
                if ours && name == field {
                    sum += kibibytes(value)?;
                }
            }
            // The first line of a map ends in its file.
            _ => ours = line.ends_with(file),
        }
    }
    Ok(sum)
}

/// A field of all of a process's memory, in kibibytes.
pub fn rollup(process: u32, field: &str) -> Result<u64> {
    let all = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let found = all.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| *name == field);
    kibibytes(found.ok_or("a field")?.1)
}

fn kibibytes(value: &str) -> Result<u64> {
    Ok(value.trim().trim_end_matches(" kB").parse()?)
}
