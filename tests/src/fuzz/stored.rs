//! The stored forms that are no entries of the catalogue: compressed ExaLogLog, packed sample, index of three bytes.

use super::Script;
use crate::streams::mix;
use fewbytes::{
    ExaLogLog, HyperLogLog, KMinimumValues, Sample, Sigmas,
    distinct::{InOrder, exaloglog::Plan},
    layout::MAGIC,
    text::{
        KeyList,
        search::{GramIndex, Search},
    },
};
use std::collections::BTreeSet;

/// Bytes with the magic are opened as each of the forms; others are a script that makes them from hashes and keys.
pub(super) fn stored(input: &[u8]) {
    if input.starts_with(&MAGIC) {
        open(input);
    } else {
        make(&mut Script::new(input));
    }
}

fn open(bytes: &[u8]) {
    if let Ok(sketch) = ExaLogLog::decompress(bytes) {
        assert_eq!(sketch.verify(), Ok(()), "what is unpacked is sound");
        let again = sketch.compress().expect("memory");
        assert!(ExaLogLog::decompress(&again).expect("its own bytes") == sketch);
    }
    if let Ok(sample) = Sample::unpack(bytes) {
        let _ =
            (sample.estimate(), sample.std_error(), sample.hashes().rev().count(), sample.jaccard(&sample));
        let both = sample.union(&sample).expect("of one seed");
        assert_eq!(both.len(), sample.len());
        let _ = (sample.difference(&sample), sample.intersection(&sample));
        let again =
            sample.pack(sample.known_bits()).and_then(|bytes| Sample::unpack(&bytes)).expect("its own bytes");
        assert!(again.hashes().eq(sample.hashes()));
    }
    if let Ok(index) = GramIndex::open(bytes) {
        let _ = (index.verify(), index.len());
        let store = KeyList::from_keys((0..500).map(|i| format!("item-{i}"))).expect("memory");
        for part in [&b"m-49"[..], b"item", b"", b"\xff\xff\xff", b"99999"] {
            if let Ok(found) = index.containing(&store, part) {
                assert!(found.count() <= store.len(), "no key twice");
            }
        }
    }
}

fn make(script: &mut Script<'_>) {
    let plan =
        Plan { precision: 4 + script.below(6) as u32, tail: *script.of(&[20, 28]), history: script.flag() };
    let (seed, k, bits) = (script.number(), 3 + u32::from(script.byte()), script.below(66) as u32);
    let mut sketch = ExaLogLog::planned(plan, seed).expect("in range");
    let mut values = KMinimumValues::new(k, seed).expect("in range");
    let mut in_order = InOrder::new(HyperLogLog::new(plan.precision, seed).expect("in range"));
    while !script.is_done() {
        // Many that are evenly spread, or one of any kind.
        let number = script.number();
        let hashes: Vec<u64> = match script.byte() {
            many @ 0..64 => (0..1_u64 << (many % 12)).map(|i| mix(number.wrapping_add(i))).collect(),
            shift => vec![number >> (shift % 64)],
        };
        sketch.insert_hashes(&hashes);
        values.insert_hashes(&hashes);
        in_order.insert_hashes(&hashes);
    }
    let packed = sketch.compress().expect("memory");
    assert!(ExaLogLog::decompress(&packed).expect("its own bytes") == sketch, "it comes back");

    let sample = values.sample();
    match sample.pack(bits) {
        Ok(packed) => {
            let back = Sample::unpack(&packed).expect("its own bytes");
            // Hashes that begin alike become one.
            let begins = |hash: u64| hash >> (64 - back.known_bits());
            let whole: BTreeSet<u64> = sample.hashes().map(begins).collect();
            assert!(back.hashes().map(begins).all(|begins| whole.contains(&begins)));
            if bits == 64 {
                assert!(back.hashes().eq(sample.hashes()), "it comes back");
            }
        }
        Err(error) => assert!(matches!(error, fewbytes::Error::Parameter { .. }), "{error}"),
    }
    let estimate = in_order.estimate_at(Sigmas::Three);
    assert!(0.0 <= estimate.low && estimate.low <= estimate.value && estimate.value <= estimate.high);
    let _ = InOrder::resume(in_order.sketch().clone(), in_order.count()).estimate();

    let keys = KeyList::from_keys(values.hashes().map(|hash| format!("{hash:x}"))).expect("memory");
    let index = GramIndex::with_block(&keys, 1 + bits % 9).expect("memory");
    let index = GramIndex::open(index.into_inner()).expect("its own bytes");
    assert!(index.containing(&keys, "a1").expect("its store").eq(keys.containing("a1")));
    assert!(index.containing(&keys, "77f").expect("its store").eq(keys.containing("77f")));
}
