//! What building a static structure takes at most: the items' hashes, the structure, and room for a shard.

use fewbytes::{BinaryFuseFilter, membership::binary_fuse::BinaryFuseBuilder};
use fewbytes_tests::streams::hashes;
use peak_alloc::PeakAlloc;
use std::sync::Mutex;

#[global_allocator]
static PEAK: PeakAlloc = PeakAlloc;

/// Tests of this program take turns, so that nothing else takes memory meanwhile.
static TURN: Mutex<()> = Mutex::new(());

/// The filter of `n` items, and the bytes that were taken at most while it was built.
fn built(n: u64) -> (BinaryFuseFilter, u64) {
    let before = PEAK.current_usage();
    PEAK.reset_peak_usage();
    let mut builder = BinaryFuseBuilder::new(8, 0).expect("8 bits");
    hashes(1, 0, n).for_each(|hash| builder.insert_hash(hash).expect("memory"));
    let filter = builder.finish().expect("memory");
    (filter, (PEAK.peak_usage() - before) as u64)
}

#[test]
fn building_a_binary_fuse_takes_the_hashes_the_filter_and_a_shard() {
    let _turn = TURN.lock();
    for n in [10, 1000, 30_000, 600_000] {
        let (filter, peak) = built(n);
        let most = 8 * n + filter.as_bytes().len() as u64 + (8 << 20) + 24 * n.min(1 << 19);
        assert!(peak <= most, "{n} items: {peak} bytes, at most {most}");
    }
}

#[test]
#[ignore = "slow"]
fn building_a_binary_fuse_of_many_takes_80_bits_an_item() {
    let _turn = TURN.lock();
    let (_, peak) = built(10_000_000);
    assert!(peak * 8 <= 80 * 10_000_000, "{} bits an item", peak as f64 * 8.0 / 1e7);
}
