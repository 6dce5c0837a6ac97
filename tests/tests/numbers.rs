//! Numbers go in and are found as what they are: items of eight little-endian bytes.

use fewbytes::{
    BinaryFuseFilter, BlockedBloomFilter, BloomFilter, ExaLogLog, HyperLogLog, KMinimumValues, LogLog,
    ScalableBloomFilter, UltraLogLog, membership::binary_fuse::BinaryFuseBuilder,
    membership::scalable_bloom::Plan,
};
use fewbytes_tests::streams::mix;

/// Lengths about the borders of batches and of vectors.
const LENS: [usize; 9] = [0, 1, 7, 8, 255, 256, 257, 600, 20_000];

fn numbers(len: usize) -> Vec<u64> {
    (0..len as u64).map(mix).collect()
}

fn bytes(numbers: &[u64]) -> impl Iterator<Item = [u8; 8]> + '_ {
    numbers.iter().map(|number| number.to_le_bytes())
}

/// Both ways into a structure give the same bytes, and both ways of asking the same answers.
macro_rules! alike {
    ($($test:ident: $build:expr, $taken:ident $(, $contains:ident)?;)*) => {
        $(
            #[test]
            fn $test() {
                for (len, seed) in LENS.into_iter().zip([0, 7, u64::MAX].into_iter().cycle()) {
                    let numbers = numbers(len);
                    let build = $build;
                    let (mut one, mut other) = (build(seed), build(seed));
                    $taken(one.insert_u64s(&numbers));
                    $taken(other.insert_all(bytes(&numbers)));
                    assert!(one == other, "{len} numbers");
                    $($contains!(one, numbers);)?
                }
            }
        )*
    };
}

macro_rules! asked {
    ($filter:ident, $numbers:ident) => {
        let (mut by_number, mut by_bytes) = (vec![true; 3], vec![false; 1]);
        let asked: Vec<u64> = (0..2 * $numbers.len() as u64 + 3).map(mix).collect();
        $filter.contains_u64s(&asked, &mut by_number);
        $filter.contains_all(bytes(&asked), &mut by_bytes);
        assert_eq!(by_number, by_bytes);
        assert!(by_number[..$numbers.len()].iter().all(|found| *found));
    };
}

fn sure<T>(_: T) {}

fn grown<T, E: std::fmt::Debug>(result: Result<T, E>) {
    result.expect("memory");
}

alike! {
    bloom: |seed| BloomFilter::with_rate(5000, 0.01, seed).expect("in range"), sure, asked;
    blocked_bloom: |seed| BlockedBloomFilter::with_rate(5000, 0.01, seed).expect("in range"), sure, asked;
    scalable_bloom: |seed| ScalableBloomFilter::new(Plan::new(100, 0.01), seed).expect("in range"), grown;
    loglog: |seed| LogLog::new(9, seed).expect("in range"), sure;
    hyperloglog: |seed| HyperLogLog::new(9, seed).expect("in range"), sure;
    ultraloglog: |seed| UltraLogLog::new(9, seed).expect("in range"), sure;
    exaloglog: |seed| ExaLogLog::new(9, seed).expect("in range"), sure;
    kmv: |seed| KMinimumValues::new(300, seed).expect("in range"), sure;
}

#[test]
fn binary_fuse() {
    for len in LENS {
        let numbers = numbers(len);
        let mut builder = BinaryFuseBuilder::new(8, 3).expect("in range");
        builder.insert_u64s(&numbers).expect("memory");
        let filter = builder.finish().expect("memory");
        assert!(filter == BinaryFuseFilter::from_items(bytes(&numbers), 8, 3).expect("memory"));
        asked!(filter, numbers);
    }
}
