//! Files of the stored forms that are no entries of the catalogue, kept for ever: the compressed ExaLogLog, the packed
//! sample of K-minimum-values and the index of three bytes still open, and hold what they held.
//!
//! `BLESS=1 cargo test -p fewbytes-tests --test stored` writes the files that are missing, and overwrites none.

use fewbytes::{
    ExaLogLog, KMinimumValues,
    distinct::Sample,
    distinct::exaloglog::Plan,
    distinct::kmv::PACKED_BITS,
    text::{KeyList, search::GramIndex},
};
use std::{fs, path::Path};

/// The golden file `name`, after `bytes`, its newest form, were written where it was missing and that was asked for.
fn golden(name: &str, bytes: &[u8]) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/stored").join(name);
    if !path.exists() && std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
    }
    fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}; write it with BLESS=1"))
}

fn items() -> impl Iterator<Item = String> {
    (0..500).map(|i| format!("item-{i}"))
}

#[test]
fn compressed_exaloglogs_open_and_hold_what_they_held() {
    for (name, plan) in [
        ("compressed-exaloglog-v1.few", Plan { tail: 28, ..Plan::new(7) }),
        ("compressed-exaloglog-v1-history.few", Plan { history: true, ..Plan::new(5) }),
    ] {
        let mut sketch = ExaLogLog::planned(plan, 42).expect("in range");
        sketch.insert_all(items());
        let bytes = sketch.compress().expect("memory");
        let file = golden(name, &bytes);
        assert!(
            *bytes == *file,
            "{name}: the format changed; it needs a new version, and the old file stays"
        );
        assert!(ExaLogLog::decompress(&file).expect("good") == sketch, "{name}");
    }
}

#[test]
fn packed_samples_open_and_hold_what_they_held() {
    for (name, k, bits) in [("kmv-sample-v1.few", 128, PACKED_BITS), ("kmv-sample-v1-whole.few", 1000, 64)] {
        let mut sketch = KMinimumValues::new(k, 42).expect("in range");
        sketch.insert_all(items());
        let sample = sketch.sample();
        let bytes = sample.pack(bits).expect("in range");
        let file = golden(name, &bytes);
        assert!(
            *bytes == *file,
            "{name}: the format changed; it needs a new version, and the old file stays"
        );
        let unpacked = Sample::unpack(&file).expect("good");
        assert_eq!(unpacked.len(), sample.len(), "{name}");
        // The threshold is rounded to the bits that are known of the hashes.
        let off = unpacked.estimate().value / sample.estimate().value - 1.0;
        assert!(off.abs() < 1e-9, "{name}: {off:e}");
        if bits == 64 {
            assert!(unpacked.hashes().eq(sample.hashes()), "{name}");
        }
    }
}

#[test]
fn gram_indexes_open_and_find_what_they_found() {
    let store = KeyList::from_keys(items()).expect("memory");
    let index = GramIndex::with_block(&store, 8).expect("memory");
    let file = golden("n-gram-index-v1.few", index.as_bytes());
    assert!(
        *index.as_bytes() == *file,
        "n-gram-index: the format changed; it needs a new version, and the old file stays"
    );
    let index = GramIndex::open(file).expect("good");
    let found = index.containing(&store, "m-49").expect("its store");
    let expected = std::iter::once(49).chain(490..500).map(|i| format!("item-{i}").into_bytes());
    assert!(found.eq(expected));
}
