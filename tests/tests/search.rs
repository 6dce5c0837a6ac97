//! Every search against a naive one through all keys, on every text store and on the plain list.

use fewbytes::{
    Error,
    text::{
        Dictionary, KeyList, Walk,
        search::{GramIndex, Heavy, In, Near, NearIndex, Ranked, Search},
    },
};
use fewbytes_tests::cases::Case;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

type Map = BTreeMap<Vec<u8>, u64>;

/// A search run on one store, against what the map says.
trait Check {
    fn check<W: Walk + ?Sized>(&self, name: &str, store: &W, map: &Map);
}

/// Runs a check on the list of keys and on every text store.
fn on_all(map: &Map, check: &impl Check) {
    let mut list = KeyList::new();
    map.iter().for_each(|(key, value)| list.push(key, Some(*value)).expect("memory"));
    list.sort();
    check.check("key list", &list, map);
    for case in Case::all() {
        let Some(text) = &case.entry.text else { continue };
        let mut builder = (text.builder)(&case.settings, true).expect("a builder");
        map.iter().for_each(|(key, value)| builder.push(key, Some(*value)).expect("sorted keys"));
        let store = builder.finish(&mut |_| {}).expect("memory").store;
        let dictionary: &dyn Dictionary = store.dictionary().expect("a text store");
        check.check(&case.name, dictionary, map);
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

/// The characters of any bytes: one byte, or the first of a UTF-8 sequence and what follows of it.
fn characters(text: &[u8]) -> Vec<&[u8]> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.first() {
        let need = match first {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => 1,
        };
        let follow = rest[1..].iter().take(need - 1).take_while(|byte| **byte & 0xC0 == 0x80).count();
        let (character, after) = rest.split_at(1 + follow);
        all.push(character);
        rest = after;
    }
    all
}

/// The distance by the whole table.
fn distance(a: &[&[u8]], b: &[&[u8]], transpositions: bool) -> u32 {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let mut least = if i == 0 && j == 0 { 0 } else { u32::MAX };
            if i > 0 {
                least = least.min(table[i - 1][j] + 1);
            }
            if j > 0 {
                least = least.min(table[i][j - 1] + 1);
            }
            if i > 0 && j > 0 {
                least = least.min(table[i - 1][j - 1] + u32::from(a[i - 1] != b[j - 1]));
            }
            if transpositions && i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = least;
        }
    }
    table[a.len()][b.len()]
}

struct NearTo<'a> {
    word: &'a [u8],
    edits: u32,
    by_bytes: bool,
    transpositions: bool,
}

impl NearTo<'_> {
    fn automaton(&self) -> Near {
        let near = Near::new(self.word, self.edits).expect("1 or 2");
        let near = if self.by_bytes { near.by_bytes() } else { near };
        if self.transpositions { near.with_transpositions() } else { near }
    }

    /// In the order of keys.
    fn expected(&self, map: &Map) -> Vec<(Vec<u8>, u32)> {
        let parts = |text| if self.by_bytes { <[u8]>::chunks(text, 1).collect() } else { characters(text) };
        map.keys()
            .map(|key| (key.clone(), distance(&parts(self.word), &parts(key), self.transpositions)))
            .filter(|(_, distance)| *distance <= self.edits)
            .collect()
    }
}

impl Check for NearTo<'_> {
    fn check<W: Walk + ?Sized>(&self, name: &str, store: &W, map: &Map) {
        let expected = self.expected(map);
        let mut found = store.matching(self.automaton());
        let mut all = Vec::new();
        while found.advance() {
            assert_eq!(found.value(), Some(map[found.key()]), "{name}");
            all.push((found.key().to_vec(), found.distance()));
        }
        assert_eq!(all, expected, "{name}");

        let mut ranked: Vec<_> = expected.into_iter().map(|(key, distance)| (distance, key)).collect();
        ranked.sort();
        let pairs = |found: Vec<Ranked>| -> Vec<_> {
            found.into_iter().map(|found| (found.distance, found.key)).collect()
        };
        let backward = map.keys().map(|key| key.iter().rev().copied().collect::<Vec<u8>>());
        let backward = KeyList::from_keys(backward).expect("memory");
        for n in [0, 3, 1000] {
            let expected = &ranked[..ranked.len().min(n)];
            assert_eq!(pairs(store.matching(self.automaton()).nearest(n)), expected, "{name}");
            let found = NearIndex::new(store, &backward).matching(&self.automaton(), n);
            assert!(found.iter().all(|found| found.value == Some(map[&found.key])), "{name}");
            assert_eq!(pairs(found), expected, "{name}: by two stores");
        }
    }
}

/// A pattern against a key, place by place.
fn is_like(pattern: &[u8], key: &[u8], starts: &BTreeSet<usize>, at: usize) -> bool {
    match pattern {
        [] => at == key.len(),
        [b'*', rest @ ..] => (at..=key.len()).any(|at| is_like(rest, key, starts, at)),
        [b'?', rest @ ..] => {
            starts.contains(&at)
                && starts.range(at + 1..).next().is_some_and(|next| is_like(rest, key, starts, *next))
        }
        [b'\\', byte, rest @ ..] | [byte, rest @ ..] => {
            key.get(at) == Some(byte) && is_like(rest, key, starts, at + 1)
        }
    }
}

struct LikePattern<'a>(&'a [u8]);

impl Check for LikePattern<'_> {
    fn check<W: Walk + ?Sized>(&self, name: &str, store: &W, map: &Map) {
        let matches = |key: &&Vec<u8>| {
            let ends = characters(key).into_iter().scan(0, |end, character| {
                *end += character.len();
                Some(*end)
            });
            is_like(self.0, key, &std::iter::once(0).chain(ends).collect(), 0)
        };
        let expected: Vec<_> = map.keys().filter(matches).cloned().collect();
        assert!(
            store.like(self.0).expect("short").eq(expected.iter().cloned()),
            "{name}: {}",
            self.0.escape_ascii()
        );
        assert!(store.like(self.0).expect("short").limit(2).eq(expected.iter().take(2).cloned()), "{name}");

        let backward = map.keys().map(|key| key.iter().rev().copied().collect::<Vec<u8>>());
        let backward = KeyList::from_keys(backward).expect("memory");
        for n in [0, 2, 1000] {
            let found = NearIndex::new(store, &backward).like(self.0, n).expect("short");
            assert_eq!(
                found,
                expected[..expected.len().min(n)],
                "{name}: {} by two stores",
                self.0.escape_ascii()
            );
        }
    }
}

struct Plain<'a> {
    part: &'a [u8],
    least: Bound<&'a [u8]>,
    most: Bound<&'a [u8]>,
}

impl Check for Plain<'_> {
    fn check<W: Walk + ?Sized>(&self, name: &str, store: &W, map: &Map) {
        let own = |keys: Vec<&Vec<u8>>| keys.into_iter().cloned().collect::<Vec<_>>();
        assert!(store.keys().eq(map.keys().cloned()), "{name}");

        let part = self.part;
        let with = own(map.keys().filter(|key| key.starts_with(part)).collect());
        assert!(store.starting_with(part).eq(with.iter().cloned()), "{name}");
        assert!(store.starting_with(part).limit(2).eq(with.iter().take(2).cloned()), "{name}");
        let mut heavy: Vec<_> = with.iter().map(|key| Heavy { key: key.clone(), value: map[key] }).collect();
        heavy.sort_by_key(|heavy| std::cmp::Reverse(heavy.value));
        for n in [0, 1, 4, 1000] {
            assert_eq!(store.heaviest_with(part, n), heavy[..heavy.len().min(n)], "{name}: the {n} heaviest");
        }

        let longest = (0..=part.len()).rev().find(|len| map.contains_key(&part[..*len]));
        let found = store.longest_prefix_of(part);
        assert_eq!(found.map(|found| found.len), longest, "{name}");
        assert_eq!(found.and_then(|found| found.value), longest.map(|len| map[&part[..len]]), "{name}");

        let range = (self.least, self.most);
        let inside =
            own(map.keys().filter(|key| std::ops::RangeBounds::<[u8]>::contains(&range, &key[..])).collect());
        let owned = (self.least.map(<[u8]>::to_vec), self.most.map(<[u8]>::to_vec));
        assert!(store.range::<Vec<u8>>(owned).eq(inside), "{name}: {range:?}");

        let has = |key: &&Vec<u8>| part.is_empty() || key.windows(part.len()).any(|window| window == part);
        let inside = own(map.keys().filter(has).collect());
        assert!(store.containing(part).eq(inside.iter().cloned()), "{name}");
        let index = GramIndex::with_block(store, 3).expect("memory");
        let mut found = index.containing(store, part).expect("its own store");
        for key in &inside {
            assert!(found.advance(), "{name}");
            assert_eq!((found.key(), found.value()), (&key[..], Some(map[key])), "{name}");
        }
        assert!(!found.advance(), "{name}");
    }
}

struct With<'a>(&'a Map);

impl Check for With<'_> {
    fn check<W: Walk + ?Sized>(&self, name: &str, store: &W, map: &Map) {
        let other = KeyList::from_keys(self.0.keys()).expect("memory");
        let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) =
            (map.keys().cloned().collect(), self.0.keys().cloned().collect());
        assert!(store.union(&other).eq(ours.union(&theirs).cloned()), "{name}");
        assert!(other.union(store).eq(ours.union(&theirs).cloned()), "{name}");
        assert!(store.intersection(&other).eq(ours.intersection(&theirs).cloned()), "{name}");
        assert!(other.intersection(store).eq(ours.intersection(&theirs).cloned()), "{name}");
        assert!(store.difference(&other).eq(ours.difference(&theirs).cloned()), "{name}");
        assert!(other.difference(store).eq(theirs.difference(&ours).cloned()), "{name}");
        let mut both = store.union(&other);
        while both.advance() {
            let stored = match (ours.contains(both.key()), theirs.contains(both.key())) {
                (true, true) => In::Both,
                (true, false) => In::First,
                _ => In::Second,
            };
            assert_eq!(both.stored(), stored, "{name}");
            assert_eq!(both.first_value(), map.get(both.key()).copied(), "{name}");
            assert_eq!(both.second_id().is_some(), theirs.contains(both.key()), "{name}");
        }
        assert!(store.union(&other).limit(3).eq(ours.union(&theirs).take(3).cloned()), "{name}");
    }
}

struct Expression<'a>(&'a str);

impl Check for Expression<'_> {
    fn check<W: Walk + ?Sized>(&self, name: &str, store: &W, map: &Map) {
        let naive = regex::bytes::Regex::new(&format!(r"\A(?:{})\z", self.0)).expect("good");
        let expected = map.keys().filter(|key| naive.is_match(key)).cloned();
        assert!(store.regex(self.0).expect("good").eq(expected), "{name}: {}", self.0);
    }
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
    let other = BTreeMap::from([(b"b".to_vec(), 0)]);
    on_all(&BTreeMap::from([(b"aa".to_vec(), 0)]), &With(&other));
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
