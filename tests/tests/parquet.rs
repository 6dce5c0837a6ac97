//! A blocked Bloom filter of 256-bit blocks has Parquet's: its block, salts and index rule, by the format's own words.
//!
//! Source: Apache Parquet, *Bloom filter*, `BloomFilter.md` in the repository parquet-format. The hash there is XXH64
//! under seed 0; here hashes are given, so that the rest can be compared.

use fewbytes::{BlockedBloomFilter, membership::blocked_bloom::Shape};
use fewbytes_tests::streams::hashes;

/// The format's eight salts.
const SALT: [u32; 8] =
    [0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31];

/// `block_insert` and `filter_insert` as the format has them, over 32-bit words.
fn insert(words: &mut [u32], hash: u64) {
    let blocks = words.len() as u64 / 8;
    let block = (((hash >> 32) * blocks) >> 32) as usize;
    for (i, salt) in SALT.iter().enumerate() {
        let place = (hash as u32).wrapping_mul(*salt) >> 27;
        words[8 * block + i] |= 1 << place;
    }
}

#[test]
fn split_blocks_are_parquets() {
    for (blocks, items) in [(1, 1), (1, 30), (7, 100), (1000, 20_000)] {
        let mut words = vec![0_u32; 8 * blocks];
        let mut filter = BlockedBloomFilter::new(Shape::Split, blocks as u64, 5).expect("in range");
        let items: Vec<u64> = hashes(5, 0, items).collect();
        items.iter().for_each(|hash| insert(&mut words, *hash));
        filter.insert_hashes(&items);
        let bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
        assert!(filter.blocks() == bytes, "{blocks} blocks");
    }
}
