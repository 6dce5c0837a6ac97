//! More items than memory: *have I seen this? how often? how many different ones? which words do I know, and which are
//! near?* in few bytes, each answer with a number that says how wrong it may be.
//!
//! ```
//! use fewbytes::{BloomFilter, HyperLogLog};
//!
//! let mut seen = BloomFilter::with_rate(100_000, 0.01, 0)?;
//! let mut visitors = HyperLogLog::new(12, 0)?;
//! for i in 0..100_000_u32 {
//!     let visitor = format!("visitor-{}", i % 50_000);
//!     seen.insert(&visitor);
//!     visitors.insert(&visitor);
//! }
//! assert!(seen.contains("visitor-7"));
//! assert!(visitors.estimate().covers(50_000.0));
//! assert_eq!(visitors.as_bytes().len(), 64 + 3072);
//!
//! let file = visitors.into_inner(); // The bytes are the structure: save them, send them, map them.
//! assert!(HyperLogLog::open(&file[..])?.estimate().covers(50_000.0));
//! # Ok::<(), fewbytes::Error>(())
//! ```
//!
//! Words themselves are kept by text stores, which are exact, and searched by one interface, [`text::search::Search`]:
//!
//! ```
//! use fewbytes::{Dawg, text::dawg::Mode, text::search::Search};
//!
//! let names = Dawg::from_keys(["joan", "john", "johanna", "jon"], Mode::Small)?;
//! assert!(names.contains("john") && !names.contains("jo"));
//! assert_eq!(names.id_of("john"), Some(2)); // Its place in the order of keys.
//! assert_eq!(names.near("jhon", 1)?.collect::<Vec<_>>(), [b"jon"]);
//! assert_eq!(names.like("j*n")?.count(), 3);
//! # Ok::<(), fewbytes::Error>(())
//! ```
//!
//! A structure is a small parsed shape beside its storage `D`: a [`Buffer`](layout::Buffer) owns, `&[u8]` borrows,
//! `&mut [u8]` is lent, a map of a file is mapped. There is no second form in memory: [`HyperLogLog::as_bytes`] is the
//! file, and [`HyperLogLog::open`] is the load, in O(1).
//!
//! Every structure is `Send` and `Sync`. To fill one on many threads, give each its own and merge them: a union is, bit
//! for bit, what one thread would have filled.
//!
//! ```
//! use fewbytes::HyperLogLog;
//!
//! let count = |visitors: &[u32]| -> fewbytes::Result<HyperLogLog> {
//!     let mut sketch = HyperLogLog::new(12, 0)?;
//!     sketch.insert_all(visitors.iter().map(|visitor| visitor.to_le_bytes()));
//!     Ok(sketch)
//! };
//! let visitors: Vec<u32> = (0..50_000).collect();
//! let (day, night) = visitors.split_at(20_000);
//! let both = std::thread::scope(|scope| {
//!     let other = scope.spawn(|| count(night));
//!     let mut sketch = count(day)?;
//!     sketch.merge(&other.join().expect("no panic")?)?;
//!     fewbytes::Result::Ok(sketch)
//! })?;
//! assert_eq!(both.as_bytes(), count(&visitors)?.as_bytes());
//! # Ok::<(), fewbytes::Error>(())
//! ```
//!
//! The [`catalog`] lists every structure with its parameters, error, space and bytes; programs that work with any of
//! them go through it.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod catalog;
pub mod counting;
pub mod distinct;
pub mod entry;
pub mod hash;
pub mod layout;
pub mod membership;
#[cfg(target_has_atomic = "64")]
pub mod shared;
pub mod text;

mod error;
mod estimate;
mod face;
mod items;
mod prefetch;
#[cfg(feature = "serde")]
mod serde;

pub use counting::{CountMinSketch, MorrisArray, MorrisCounter};
pub use distinct::{
    ExaLogLog, HyperLogLog, KMinimumValues, KmvBuilder, LogLog, Sample, SparseHyperLogLog, SuperLogLog,
    UltraLogLog,
};
pub use error::{Error, Result};
pub use estimate::{Estimate, HeavyHitter, Sigmas};
pub use items::{Items, ItemsIter};
pub use membership::{
    AgePartitionedBloomFilter, BinaryFuseBuilder, BinaryFuseFilter, BlockedBloomFilter, BloomFilter,
    CountingBloomFilter, ScalableBloomFilter,
};
pub use text::{
    Dawg, DawgBuilder, DoubleArrayBuilder, DoubleArrayTrie, HatTrie, Keywords, KeywordsBuilder, LoudsTrie,
    LoudsTrieBuilder,
};
