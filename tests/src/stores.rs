//! A text store beside the map of its keys: what the suites of text stores and their fuzz targets ask.

use crate::{cases::Case, streams::Laid};
use fewbytes::{
    entry::{Sketch, View},
    text::{Built, Cursor, Dictionary, Ids, KeyList},
};
use std::collections::BTreeMap;

/// Keys with their values.
pub type Map = BTreeMap<Vec<u8>, u64>;

/// The plain list of a map's keys.
///
/// # Panics
/// When memory can't be had.
pub fn list_of(map: &Map) -> KeyList {
    let mut list = KeyList::new();
    map.iter().for_each(|(key, value)| list.push(key, Some(*value)).expect("memory"));
    list.sort();
    list
}

/// The store of sorted keys, by its own builder.
///
/// # Panics
/// When it refuses them.
pub fn built(case: &Case, map: &Map, values: bool) -> Built {
    let text = case.entry.text.as_ref().expect("a text store");
    let mut builder =
        (text.builder)(&case.settings, values).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    for (key, value) in map {
        builder.push(key, values.then_some(*value)).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    }
    builder.finish(&mut |_| {}).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

/// The store as one of keys.
///
/// # Panics
/// When it is none.
pub fn keys_of(store: &dyn Sketch) -> &dyn Dictionary {
    store.dictionary().expect("a text store")
}

/// All keys with their ids and values, as a walk comes to them.
///
/// # Panics
/// When it does not end at the root.
pub fn walked(dictionary: &dyn Dictionary) -> Vec<(Vec<u8>, Option<u64>, Option<u64>)> {
    let mut cursor = dictionary.cursor();
    let mut found = Vec::new();
    let mut there = cursor.is_key() || cursor.next_key(0);
    while there {
        found.push((cursor.path().to_vec(), cursor.id(), cursor.value()));
        there = cursor.next_key(0);
    }
    assert!(cursor.path().is_empty(), "back at the root");
    found
}

/// Texts near the keys: most are none.
fn near_misses(map: &Map) -> impl Iterator<Item = Vec<u8>> + '_ {
    map.keys().flat_map(|key| {
        let shorter = key[..key.len() - key.len().min(1)].to_vec();
        let longer = [0, b'a', 0xff].map(|byte| [key, &[byte][..]].concat());
        let mut changed = key.clone();
        changed.iter_mut().last().into_iter().for_each(|byte| *byte ^= 1);
        [shorter, changed, key[key.len().min(1)..].to_vec()].into_iter().chain(longer)
    })
}

/// All that a store says is what the map says.
///
/// # Panics
/// When it is not.
pub fn agree(case: &Case, store: &dyn Sketch, map: &Map, values: bool) {
    let (name, dictionary) = (&case.name, keys_of(store));
    let text = case.entry.text.as_ref().expect("a text store");
    let len = map.len() as u64;
    assert_eq!((dictionary.len(), dictionary.is_empty()), (len, map.is_empty()), "{name}");
    assert_eq!(store.estimate().value, len as f64, "{name}");
    assert_eq!(dictionary.text_len(), map.keys().map(|key| key.len() as u64).sum::<u64>(), "{name}");
    let longest = map.keys().map(Vec::len).max().unwrap_or_default() as u64;
    assert!(dictionary.longest_len() >= longest, "{name}");
    assert!(case.entry.removes || dictionary.longest_len() == longest, "{name}");
    assert_eq!(dictionary.ids(), text.ids);
    assert!(map.is_empty() || dictionary.has_values() == values, "{name}");
    assert_eq!(store.verify(), Ok(()), "{name}");

    let mut seen = vec![false; map.len()];
    let mut key_back = Vec::new();
    for (place, (key, value)) in (0..).zip(map) {
        let shown = key[..key.len().min(60)].escape_ascii();
        assert!(dictionary.contains(key), "{name}: {shown}");
        assert_eq!(dictionary.get(key), values.then_some(*value), "{name}: {shown}");
        let id = dictionary.id_of(key);
        match text.ids {
            Ids::InOrder => assert_eq!(id, Some(place), "{name}: {shown}"),
            Ids::Dense => {
                let id = id.unwrap_or_else(|| panic!("{name}: {shown} has no id"));
                assert!(!std::mem::replace(&mut seen[id as usize], true), "{name}: id {id} twice");
            }
            _ => assert_eq!(id, None, "{name}"),
        }
        if let Some(id) = id {
            assert!(dictionary.key_of(id, &mut key_back), "{name}: {shown}");
            assert_eq!(&key_back, key, "{name}: the key of the id of {shown}");
        }
    }
    for id in [len, len + 1, u64::MAX] {
        assert!(!dictionary.key_of(id, &mut key_back) && key_back.is_empty(), "{name}: {id}");
    }
    for text in near_misses(map).chain([vec![], vec![0xff; 5], b"absent".to_vec()]) {
        let shown = text[..text.len().min(60)].escape_ascii();
        assert_eq!(dictionary.contains(&text), map.contains_key(&text), "{name}: {shown}");
        assert_eq!(
            dictionary.id_of(&text).is_some(),
            map.contains_key(&text) && dictionary.ids() != Ids::None
        );
        if text.len() < 2000 {
            let lens = dictionary.prefixes_of(&text).iter().map(|prefix| prefix.len).collect::<Vec<_>>();
            let expected: Vec<_> = (0..=text.len()).filter(|len| map.contains_key(&text[..*len])).collect();
            assert_eq!(lens, expected, "{name}: {shown}");
            for prefix in dictionary.prefixes_of(&text) {
                let key = &text[..prefix.len];
                assert_eq!(
                    (prefix.id, prefix.value),
                    (dictionary.id_of(key), dictionary.get(key)),
                    "{name}: {shown}"
                );
            }
        }
    }
    together(store, map.keys().cloned().chain(near_misses(map)).collect());
    let expected: Vec<_> =
        map.keys().map(|key| (key.clone(), dictionary.id_of(key), dictionary.get(key))).collect();
    assert!(walked(dictionary) == expected, "{name}: a walk comes to every key in order");
}

/// Asked together or one by one, keys have the same answers.
///
/// # Panics
/// When they have not.
pub fn together(store: &dyn View, keys: Vec<Vec<u8>>) {
    let (laid, dictionary) = (Laid::new(&keys), store.dictionary().expect("a text store"));
    let (mut found, mut ids) = (vec![true; 3], vec![Some(1); 3]);
    store.contains_all(laid.items(), &mut found).expect("a store tells");
    dictionary.ids_of_all(laid.items(), &mut ids);
    assert_eq!((found.len(), ids.len()), (keys.len(), keys.len()));
    for (key, answers) in keys.iter().zip(found.into_iter().zip(ids)) {
        let alone = (dictionary.contains(key), dictionary.id_of(key));
        assert_eq!(answers, alone, "{}: {}", store.entry().slug, key.escape_ascii());
    }
}

/// A cursor's step.
#[derive(Clone, Debug)]
pub enum Step {
    /// By this label.
    Enter(u8),
    /// By the least label from this one on.
    EnterFrom(u8),
    /// To the next sibling.
    Advance,
    /// Back by a label.
    Leave,
    /// By all of these.
    EnterAll(Vec<u8>),
    /// To the next key among what begins with so many bytes of the path.
    NextKey(usize),
    /// Back to the root.
    Reset,
}

/// Takes a step: whether there was one.
pub fn take(cursor: &mut dyn Cursor, step: &Step) -> bool {
    match step {
        Step::Enter(label) => cursor.enter(*label),
        Step::EnterFrom(least) => cursor.enter_from(*least),
        Step::Advance => cursor.advance(),
        Step::Leave => cursor.leave(),
        Step::EnterAll(labels) => cursor.enter_all(labels),
        Step::NextKey(depth) => cursor.next_key((*depth).min(cursor.path().len())),
        Step::Reset => {
            cursor.reset();
            true
        }
    }
}
