//! Every search against a naive one through all keys, on every text store and on the plain list.

use fewbytes::{
    Error,
    text::{
        KeyList,
        search::{GramIndex, Search},
    },
};
use fewbytes_tests::{
    cases::Case,
    searches::{Check, Expression, LikePattern, NearTo, Plain, With},
    stores::{Map, built, keys_of, list_of},
};
use proptest::prelude::*;
use std::ops::Bound;

/// Runs a check on the list of keys and on every text store.
fn on_all(map: &Map, check: &impl Check) {
    check.check("key list", &list_of(map), map);
    for case in Case::all().iter().filter(|case| case.entry.text.is_some()) {
        check.check(&case.name, keys_of(&*built(case, map, true).store), map);
    }
}

/// Bytes that often meet: characters of one to four bytes, some of them broken, zeros and 0xFF.
fn text(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => (b'a'..=b'c').prop_map(|byte| vec![byte]),
        2 => prop_oneof![Just("é"), Just("è"), Just("—"), Just("🦀")].prop_map(|c| c.as_bytes().to_vec()),
        1 => prop_oneof![Just(0), Just(0xFF), Just(0x80), Just(0xC3), Just(0xE2), Just(0xF0)].prop_map(|byte| vec![byte]),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    prop::collection::vec(piece, 0..=most).prop_map(|pieces| pieces.concat())
}

fn keys() -> impl Strategy<Value = Map> {
    prop::collection::vec((text(6), 0..9_u64), 0..70).prop_map(|keys| keys.into_iter().collect())
}

fn pattern() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => (b'a'..=b'c').prop_map(|byte| vec![byte]),
        2 => Just(b"*".to_vec()),
        2 => Just(b"?".to_vec()),
        1 => Just("é".as_bytes().to_vec()),
        1 => prop_oneof![Just(b"\\*".to_vec()), Just(b"\\a".to_vec()), Just(vec![0xA9]), Just(vec![0xFF])],
    ];
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

fn expression() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a"),
        Just("b"),
        Just("."),
        Just("[ab]"),
        Just("é"),
        Just("(?:a|ab)"),
        Just("(?:b|)"),
        Just("a*"),
        Just("c?"),
        Just(".*"),
        Just(r"(?-u:\xFF)"),
        Just(r"\w"),
        Just("(?:ab|a)(?:c|bc)"),
        Just("$"),
        Just("^"),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn bound() -> impl Strategy<Value = Bound<Vec<u8>>> {
    prop_oneof![text(4).prop_map(Bound::Included), text(4).prop_map(Bound::Excluded), Just(Bound::Unbounded)]
}

proptest! {
    // Each case builds all stores.
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn near_keys_are_those_of_the_table(
        map in keys(), word in text(7), edits in 1..=2_u32, by_bytes: bool, transpositions: bool,
    ) {
        on_all(&map, &NearTo { word: &word, edits, by_bytes, transpositions });
    }

    #[test]
    fn patterns_match_as_place_by_place(map in keys(), pattern in pattern()) {
        on_all(&map, &LikePattern(&pattern));
    }

    #[test]
    fn prefixes_ranges_and_parts_are_those_of_a_map(
        map in keys(), part in text(4), least in bound(), most in bound(),
    ) {
        on_all(&map, &Plain {
            part: &part,
            least: least.as_ref().map(|key| &key[..]),
            most: most.as_ref().map(|key| &key[..]),
        });
    }

    #[test]
    fn two_stores_are_as_two_sets(map in keys(), other in keys(), shared: bool) {
        let other = if shared { map.clone().into_iter().step_by(2).chain(other).collect() } else { other };
        on_all(&map, &With(&other));
    }

    #[test]
    fn regular_expressions_match_as_on_each_key(map in keys(), expression in expression()) {
        on_all(&map, &Expression(&expression));
    }
}

#[test]
fn words_of_one_alphabet_that_are_all_near() {
    // Every string of up to five of two letters: each place of each automaton is come to.
    let all = (0..=5).flat_map(|len| (0..1_u32 << len).map(move |bits| (len, bits)));
    let key = |(len, bits): (u32, u32)| (0..len).map(|i| b'a' + (bits >> i & 1) as u8).collect::<Vec<u8>>();
    let map: Map = all.clone().map(|place| (key(place), 0)).collect();
    for place in all {
        for (edits, transpositions) in [(1, false), (1, true), (2, false), (2, true)] {
            let word = key(place);
            let check = NearTo { word: &word, edits, by_bytes: place.1 % 2 == 0, transpositions };
            let list = KeyList::from_keys(map.keys()).expect("memory");
            let mut found = list.matching(check.automaton());
            let mut all = Vec::new();
            while found.advance() {
                all.push((found.key().to_vec(), found.distance()));
            }
            assert_eq!(all, check.expected(&map));
        }
    }
}

#[test]
fn a_store_that_ends_first_leaves_the_other_its_turn() {
    // Fuel is for steps that were made: a try for a key more must not take the last of it.
    let other = Map::from([(b"b".to_vec(), 0)]);
    on_all(&Map::from([(b"aa".to_vec(), 0)]), &With(&other));
}

#[test]
fn long_words_and_patterns() {
    let long = b"abcdefghij".repeat(30);
    let mut other = long.clone();
    other[150] = b'X';
    other.remove(20);
    let list = KeyList::from_keys([&long[..], &other[..], b"abc"]).expect("memory");
    let near = list.near(&long, 2).expect("2").nearest(9);
    assert_eq!(near.iter().map(|found| found.distance).collect::<Vec<_>>(), [0, 2]);
    let pattern = [&long[..], b"*"].concat();
    assert!(list.like(&pattern).expect("a long head").eq([long.clone()]));

    // Characters of four bytes, also where no edit is left.
    let list =
        KeyList::from_keys(["a\u{1F980}", "a\u{1F980}\u{1F980}", "b\u{1F980}\u{1F981}"]).expect("memory");
    let near = list.near("a\u{1F980}\u{1F981}", 1).expect("1").nearest(9);
    assert_eq!(near.iter().map(|found| found.distance).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn what_is_no_search_is_refused() {
    let list = KeyList::from_keys(["a"]).expect("memory");
    let refused = |result: fewbytes::Result<()>| match result {
        Err(Error::Parameter { name, expected, found }) => (name, expected, found),
        other => panic!("{other:?}"),
    };
    for edits in [0, 3, u32::MAX] {
        let expected = ("edits", "1 or 2".to_owned(), edits.to_string());
        assert_eq!(refused(list.near("a", edits).map(drop)), expected);
    }
    assert_eq!(refused(list.like("a\\").map(drop)).2, "a\\");
    assert_eq!(refused(list.like("*?".repeat(64)).map(drop)).2, "128");
    assert_eq!(refused(GramIndex::with_block(&list, 0).map(drop)).0, "block");
    assert!(refused(list.regex("(").map(drop)).2.contains("unclosed group"));
    assert!(refused(list.regex(r"\w{1000}{1000}").map(drop)).0 == "pattern");
}
