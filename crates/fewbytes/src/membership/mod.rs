//! Have I seen this?

pub mod age_partitioned_bloom;
pub mod binary_fuse;
pub(crate) mod bits;
pub mod blocked_bloom;
pub mod bloom;
pub mod counting_bloom;
pub mod scalable_bloom;

pub use age_partitioned_bloom::AgePartitionedBloomFilter;
pub use binary_fuse::{BinaryFuseBuilder, BinaryFuseFilter};
pub use blocked_bloom::BlockedBloomFilter;
pub use bloom::BloomFilter;
pub use counting_bloom::CountingBloomFilter;
pub use scalable_bloom::ScalableBloomFilter;
