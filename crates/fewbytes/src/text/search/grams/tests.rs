use super::*;
use crate::text::KeyList;
use alloc::vec::Vec;
use proptest::prelude::*;

fn keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop_oneof![Just(0), Just(255), b'a'..=b'c', any::<u8>()];
    proptest::collection::vec(proptest::collection::vec(byte, 0..9), 0..80)
}

proptest! {
    #[test]
    fn it_finds_what_a_scan_does(keys in keys(), block in 1..9_u32, part in proptest::collection::vec(b'a'..=b'c', 0..6)) {
        let store = KeyList::from_keys(&keys)?;
        let index = GramIndex::with_block(&store, block)?;
        let expected: Vec<Vec<u8>> = store
            .iter()
            .map(|(key, _)| key.to_vec())
            .filter(|key| part.is_empty() || key.windows(part.len()).any(|window| window == part))
            .collect();
        prop_assert!(index.containing(&store, &part)?.eq(expected.iter().cloned()));
        let copy = GramIndex::open(index.as_bytes())?;
        prop_assert!(copy.containing(&store, &part)?.limit(2).eq(expected.iter().take(2).cloned()));
    }

    #[test]
    fn damaged_bytes_are_harmless(keys in keys(), damage in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..9)) {
        let store = KeyList::from_keys(&keys)?;
        let mut bytes = GramIndex::with_block(&store, 3)?.into_inner().to_vec();
        let len = bytes.len();
        for (at, byte) in damage {
            bytes[at % len] = byte;
        }
        if let Ok(index) = GramIndex::open(&bytes) {
            for part in [&b"aaa"[..], b"abca", b"\xFF\0a"] {
                if let Ok(found) = index.containing(&store, part) {
                    let found: Vec<Vec<u8>> = found.collect();
                    prop_assert!(found.is_sorted_by(|a, b| a < b), "no key twice");
                    prop_assert!(found.iter().all(|key| key.windows(part.len()).any(|window| window == part)));
                }
            }
        }
    }
}

#[test]
fn truncated_bytes_and_other_stores_are_refused() -> Result<()> {
    let store = KeyList::from_keys(["apple", "pear", "plum"])?;
    let bytes = GramIndex::build(&store)?.into_inner();
    for end in 0..bytes.len() {
        assert!(GramIndex::open(&bytes[..end]).is_err());
    }
    let other = KeyList::from_keys(["apple"])?;
    let refused = GramIndex::open(&bytes[..])?.containing(&other, "app").err();
    let expected = Error::Mismatch { field: "text_len", expected: "13".into(), found: "5".into() };
    assert_eq!(refused, Some(expected));
    Ok(())
}
