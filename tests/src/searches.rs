//! Every search against a naive one through all keys: what the suite `search` and the fuzz target of that name ask.

use crate::stores::Map;
use fewbytes::text::{
    KeyList, Walk,
    search::{GramIndex, Heavy, In, Near, NearIndex, Ranked, Search},
};
use std::collections::BTreeSet;
use std::ops::Bound;

/// A search run on one store, against what the map says.
pub trait Check {
    /// Asks `store`, called `name` in messages.
    ///
    /// # Panics
    /// When it says something else.
    fn check<W: Walk + ?Sized>(&self, name: &str, store: &W, map: &Map);
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

/// Keys near a word.
#[derive(Clone, Copy, Debug)]
pub struct NearTo<'a> {
    /// The word.
    pub word: &'a [u8],
    /// Edits at most, 1 or 2.
    pub edits: u32,
    /// Whether they are of bytes, not of characters.
    pub by_bytes: bool,
    /// Whether two neighbours that changed places are one edit.
    pub transpositions: bool,
}

impl NearTo<'_> {
    /// What looks for them.
    ///
    /// # Panics
    /// When the edits are neither 1 nor 2.
    pub fn automaton(&self) -> Near {
        let near = Near::new(self.word, self.edits).expect("1 or 2");
        let near = if self.by_bytes { near.by_bytes() } else { near };
        if self.transpositions { near.with_transpositions() } else { near }
    }

    /// The keys and their distances, in the order of keys.
    pub fn expected(&self, map: &Map) -> Vec<(Vec<u8>, u32)> {
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

/// Keys that a pattern matches.
#[derive(Clone, Copy, Debug)]
pub struct LikePattern<'a>(pub &'a [u8]);

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

/// All keys; those that begin with a part, that contain it, that it begins with; and those of a range.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    /// The part.
    pub part: &'a [u8],
    /// Where the range begins.
    pub least: Bound<&'a [u8]>,
    /// Where it ends.
    pub most: Bound<&'a [u8]>,
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

/// A store with the keys of another map: union, intersection and difference, both ways.
#[derive(Clone, Copy, Debug)]
pub struct With<'a>(pub &'a Map);

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

/// Keys that a regular expression matches.
#[derive(Clone, Copy, Debug)]
pub struct Expression<'a>(pub &'a str);

impl Check for Expression<'_> {
    fn check<W: Walk + ?Sized>(&self, name: &str, store: &W, map: &Map) {
        let naive = regex::bytes::Regex::new(&format!(r"\A(?:{})\z", self.0)).expect("good");
        let expected = map.keys().filter(|key| naive.is_match(key)).cloned();
        assert!(store.regex(self.0).expect("good").eq(expected), "{name}: {}", self.0);
    }
}
