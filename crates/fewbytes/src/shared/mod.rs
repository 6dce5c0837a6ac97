#![doc = include_str!("shared.md")]

pub(crate) mod atomics;
mod words;

pub use words::{AtomicBuffer, Words, copy, fill};

use core::sync::atomic::{AtomicU64, Ordering};
