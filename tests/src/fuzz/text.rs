//! Text stores against a sorted map: built in any order, walked by any steps, copied from one to another.

use super::Script;
use crate::{
    cases::Case,
    stores::{Map, Step, agree, built, keys_of, list_of, take},
};
use fewbytes::{
    Error,
    catalog::open_owned,
    text::{Cursor, Walk, copy},
};

/// The text stores of [`Case::all`].
pub(super) fn stores() -> Vec<Case> {
    Case::all().into_iter().filter(|case| case.entry.text.is_some()).collect()
}

/// A store of any keys agrees with their map, and takes a cursor's steps as a list of them does.
pub(super) fn text(input: &[u8]) {
    let script = &mut Script::new(input);
    let cases = stores();
    let (case, other) = (script.of(&cases), script.of(&cases));
    let (values, sorted) = (script.flag(), script.flag());
    let narrow = script.below(64);
    let number = script.number();
    let keys = script.keys();
    let value = |i: usize| (number.wrapping_mul(i as u64 + 1)) >> narrow;
    let mut map = Map::new();
    for (i, key) in keys.iter().enumerate() {
        map.entry(key.clone()).or_insert_with(|| value(i));
    }
    if sorted {
        agree(case, &*built(case, &map, values).store, &map, values);
    } else {
        unsorted(case, &keys, values.then_some(&value));
    }
    let plain = case.with(&keys);
    agree(case, &*plain, &map, false);
    let opened = open_owned(plain.into_bytes()).expect("its own bytes");
    agree(case, &*opened, &map, false);

    let list = list_of(&map);
    let (mut ours, mut lists) = (keys_of(&*opened).cursor(), list.walk());
    while !script.is_done() {
        let step = match script.byte() % 8 {
            0 => Step::Enter(script.byte()),
            1 => Step::EnterFrom(script.byte()),
            2 => Step::EnterFrom(0),
            3 => Step::Advance,
            4 => Step::Leave,
            5 => Step::EnterAll(script.bytes(4).to_vec()),
            6 => Step::NextKey(script.below(4)),
            _ => Step::Reset,
        };
        assert_eq!(take(&mut *ours, &step), take(&mut lists, &step), "{}: {step:?}", case.name);
        assert_eq!((ours.path(), ours.is_key()), (lists.path(), lists.is_key()), "{}: {step:?}", case.name);
    }

    let text = other.entry.text.as_ref().expect("a text store");
    let mut builder = (text.builder)(&other.settings, false).expect("as its defaults");
    copy(keys_of(&*opened), &mut *builder, &mut |_| {}).expect("keys in order");
    agree(other, &*builder.finish(&mut |_| {}).expect("memory").store, &map, false);
}

/// Keys pushed as they come: where they must be sorted, those that go backwards are refused, and are not in the store.
fn unsorted(case: &Case, keys: &[Vec<u8>], value: Option<&dyn Fn(usize) -> u64>) {
    let text = case.entry.text.as_ref().expect("a text store");
    let mut builder = (text.builder)(&case.settings, value.is_some()).expect("as its defaults");
    let mut map = Map::new();
    for (i, key) in keys.iter().enumerate() {
        let number = value.map(|value| value(i));
        let backwards = map.last_key_value().is_some_and(|(last, _)| text.sorted && key < last);
        match builder.push(key, number) {
            Ok(()) => {
                assert!(!backwards, "{}: {}", case.name, key.escape_ascii());
                map.entry(key.clone()).or_insert(number.unwrap_or_default());
            }
            Err(error) => {
                assert!(backwards && matches!(error, Error::Order { .. }), "{}: {error}", case.name)
            }
        }
    }
    let store = builder.finish(&mut |_| {}).expect("memory").store;
    agree(case, &*store, &map, value.is_some());
}
