//! Tries that are nested however little there is to share: few keys come to the last one.

use super::{LoudsTrie, LoudsTrieBuilder};
use crate::text::Cursor;
use alloc::{collections::BTreeMap, vec::Vec};
use proptest::prelude::*;

type Map = BTreeMap<Vec<u8>, u64>;

/// Keys of parts that come again and again, so that labels are long, and end alike.
fn keys() -> impl Strategy<Value = Map> {
    let byte = prop_oneof![4 => b'a'..=b'c', 1 => any::<u8>()];
    let part = proptest::collection::vec(byte, 0..12);
    let parts = proptest::collection::vec(part, 1..6);
    let places = proptest::collection::vec(any::<proptest::sample::Index>(), 0..5);
    (parts, proptest::collection::vec((places, any::<u64>()), 0..60)).prop_map(|(parts, keys)| {
        let key = |places: Vec<proptest::sample::Index>| {
            places.iter().flat_map(|i| i.get(&parts).clone()).collect()
        };
        keys.into_iter().map(|(places, value)| (key(places), value)).collect()
    })
}

/// As many tries as there can be.
fn nested(map: &Map, tries: u32) -> LoudsTrie {
    let mut builder = LoudsTrieBuilder::new(tries, true, 0).expect("1 to 16");
    builder.least_tail = 0;
    map.iter().for_each(|(key, value)| builder.push(key, Some(*value)).expect("sorted"));
    builder.finish().expect("memory")
}

proptest! {
    #[test]
    fn nested_tries_are_sorted_maps(map in keys(), tries in 1..=16_u32) {
        let trie = nested(&map, tries);
        let (mut cursor, mut back) = (trie.walk(), Vec::new());
        let mut there = cursor.is_key() || cursor.next_key(0);
        for (key, value) in &map {
            prop_assert_eq!(trie.get(key), Some(*value));
            let id = trie.id_of(key).expect("a key");
            prop_assert!(trie.key_of(id, &mut back) && back == *key);
            prop_assert!(there && cursor.path() == key && cursor.id() == Some(id));
            there = cursor.next_key(0);
            let longer = [&key[..], b"a"].concat();
            prop_assert_eq!(trie.contains(&longer), map.contains_key(&longer));
            let len = key.len() / 2;
            prop_assert_eq!(trie.contains(&key[..len]), map.contains_key(&key[..len]));
        }
        prop_assert!(!there);
    }

    /// Whatever the payload is, answers come to an end, and keys are no longer than the longest.
    #[test]
    fn damaged_bytes_are_harmless(map in keys(), flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..40)) {
        let trie = nested(&map, 4);
        let longest = map.keys().map(Vec::len).max().unwrap_or_default();
        let mut bytes = trie.into_inner().to_vec();
        let start = super::FORMAT.payload_start();
        for (i, byte) in flips {
            let at = start + i.index(bytes.len() - start);
            bytes[at] = byte;
        }
        let Ok(trie) = LoudsTrie::open(bytes) else { return Ok(()) };
        let mut back = Vec::new();
        for (id, key) in (0..).zip(map.keys()) {
            trie.get(key);
            trie.prefixes_of(key).count();
            trie.key_of(id, &mut back);
            prop_assert!(back.len() <= longest);
        }
        let (mut cursor, mut fuel) = (trie.walk(), 2000);
        while cursor.next_key_within(0, &mut fuel) {
            prop_assert!(cursor.path().len() <= longest);
        }
        prop_assert!(cursor.path().is_empty());
        // Single steps, and back.
        for least in [0, b'a', b'b', 255, 0] {
            cursor.enter_from(least);
            cursor.advance();
        }
        cursor.reset();
        prop_assert!(cursor.path().is_empty());
    }
}

/// What sorted input of many keys with long labels takes while it is built.
#[test]
fn a_builder_keeps_no_keys() {
    let mut builder = LoudsTrieBuilder::new(3, false, 0).expect("3");
    let mut text_len = 0;
    for i in 0..50_000_u32 {
        let key =
            alloc::format!("https://www.example.org/{:06}/a/rather/long/path/of/no/news/{}", i / 7, i % 7);
        text_len += key.len() as u64;
        builder.push(key.as_bytes(), None).expect("sorted");
    }
    let built =
        crate::text::KeyBuilder::finish(alloc::boxed::Box::new(builder), &mut |_| {}).expect("memory");
    assert!(built.peak_bytes * 2 < text_len, "{} of {text_len}", built.peak_bytes);
}
