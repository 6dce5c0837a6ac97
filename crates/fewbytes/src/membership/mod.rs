//! Have I seen this?

pub mod bloom;
pub mod scalable_bloom;

pub use bloom::BloomFilter;
pub use scalable_bloom::ScalableBloomFilter;
