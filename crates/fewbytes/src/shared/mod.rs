#![doc = include_str!("shared.md")]

pub(crate) mod atomics;
mod blocked_bloom;
mod bloom;
mod count_min;
mod counters;
mod face;
mod frame;
mod hyperloglog;
mod morris_array;
mod sketch;
mod ultraloglog;
mod words;

pub use blocked_bloom::SharedBlockedBloomFilter;
pub use bloom::SharedBloomFilter;
pub use count_min::SharedCountMin;
pub use hyperloglog::SharedHyperLogLog;
pub use morris_array::SharedMorrisArray;
pub use sketch::{SHARED, SharedSketch, open, shareable};
pub use ultraloglog::SharedUltraLogLog;
pub use words::{AtomicBuffer, Words, copy, fill};

use core::sync::atomic::{AtomicU64, Ordering};
