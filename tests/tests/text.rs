//! Every text store against a sorted map, against a plain list of keys, and against each other.

use fewbytes::{
    Error,
    catalog::open_owned,
    entry::Text,
    text::{Cursor, KeyList, LONGEST_KEY, Walk},
};
use fewbytes_tests::{
    cases::Case,
    stores::{Map, Step, agree, built, keys_of, take},
    streams::Laid,
    texts::{compound_word, different, url, word_list},
};
use proptest::prelude::*;

fn stores() -> impl Iterator<Item = (Case, &'static Text)> {
    Case::all().into_iter().filter_map(|case| case.entry.text.as_ref().map(|text| (case, text)))
}

/// Keys that share beginnings and ends, with zeros, 0xFF, any bytes, and the empty one.
fn keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = || prop_oneof![2 => Just(0), 2 => Just(0xff), 8 => b'a'..=b'c', 2 => any::<u8>()];
    let part = || prop::collection::vec(byte(), 0..5);
    let shared = prop::collection::vec(part(), 1..5);
    let key = (any::<prop::sample::Index>(), part(), any::<prop::sample::Index>());
    (shared, prop::collection::vec(key, 0..80)).prop_map(|(shared, keys)| {
        let whole = |(first, middle, last): (prop::sample::Index, Vec<u8>, prop::sample::Index)| {
            [&first.get(&shared)[..], &middle, &last.get(&shared)[..]].concat()
        };
        keys.into_iter().map(whole).collect()
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let byte = || prop_oneof![Just(0), Just(0xff), b'a'..=b'c', any::<u8>()];
    let step = prop_oneof![
        3 => byte().prop_map(Step::Enter),
        4 => byte().prop_map(Step::EnterFrom),
        3 => Just(Step::EnterFrom(0)),
        4 => Just(Step::Advance),
        2 => Just(Step::Leave),
        1 => prop::collection::vec(byte(), 0..4).prop_map(Step::EnterAll),
        2 => (0..4_usize).prop_map(Step::NextKey),
        1 => Just(Step::Reset),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stores_are_sorted_maps(keys in keys(), weights in prop::collection::vec(any::<u64>(), 80), narrow in 0..64_u32) {
        let map: Map = keys.iter().cloned().zip(weights.iter().map(|weight| weight >> narrow)).collect();
        for (case, _) in stores() {
            for values in [false, true] {
                let made = built(&case, &map, values);
                agree(&case, &*made.store, &map, values);
                let bytes = made.store.as_bytes().to_vec();
                let opened = open_owned(bytes).expect("its own bytes");
                agree(&case, &*opened, &map, values);
            }
        }
    }

    #[test]
    fn any_order_gives_the_same(keys in keys(), shuffle in any::<u64>()) {
        let mut shuffled = keys.clone();
        shuffled.sort_by_key(|key| fewbytes::hash::hash(key, shuffle));
        let map: Map = keys.iter().cloned().map(|key| (key, 0)).collect();
        for (case, _) in stores() {
            let (one, other) = (case.with(&keys), case.with(&shuffled));
            agree(&case, &*one, &map, false);
            agree(&case, &*other, &map, false);
            if !case.entry.inserts {
                prop_assert_eq!(one.as_bytes(), other.as_bytes(), "{}", &case.name);
                let sorted = built(&case, &map, false);
                prop_assert_eq!(one.as_bytes(), sorted.store.as_bytes(), "{}", &case.name);
            }
        }
    }

    #[test]
    fn cursors_step_as_over_a_list(keys in keys(), steps in steps()) {
        let list = KeyList::from_keys(&keys)?;
        let map: Map = keys.iter().cloned().map(|key| (key, 0)).collect();
        for (case, _) in stores() {
            let made = built(&case, &map, false);
            let (mut ours, mut plain) = (keys_of(&*made.store).cursor(), list.walk());
            for (i, step) in steps.iter().enumerate() {
                prop_assert_eq!(take(&mut *ours, step), take(&mut plain, step), "{}: step {} {:?}", &case.name, i, step);
                prop_assert_eq!(ours.path(), plain.path(), "{}: step {} {:?}", &case.name, i, step);
                prop_assert_eq!(ours.is_key(), plain.is_key(), "{}: step {} {:?}", &case.name, i, step);
            }
        }
    }
}

/// Sorted keys that are not are refused with both, and the builder goes on as if nothing had come; duplicates are counted.
#[test]
fn builders_refuse_what_goes_backwards() {
    for (case, text) in stores().filter(|(_, text)| text.sorted) {
        let name = &case.name;
        let mut builder = (text.builder)(&case.settings, true).expect("as its defaults");
        builder.push(b"apple", Some(3)).expect("the first");
        builder.push(b"pear", Some(5)).expect("in order");
        builder.push(b"pear", Some(6)).expect("counted");
        let refused = builder.push(b"banana", Some(7));
        let order = Error::Order { position: 3, expected: b"pear".to_vec(), found: b"banana".to_vec() };
        assert_eq!(refused, Err(order), "{name}");
        let long = vec![b'z'; LONGEST_KEY + 1];
        match builder.push(&long, Some(8)) {
            Err(Error::KeyLength { expected, found, .. }) => {
                assert_eq!((expected, found), (LONGEST_KEY as u64, LONGEST_KEY as u64 + 1), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
        builder.push(b"plum", None).expect("in order");
        assert_eq!(builder.duplicate_len(), 1, "{name}");
        let made = builder.finish(&mut |_| {}).expect("memory");
        assert!(made.peak_bytes >= made.store.as_bytes().len() as u64, "{name}: {}", made.peak_bytes);
        let map = Map::from([(b"apple".to_vec(), 3), (b"pear".to_vec(), 5), (b"plum".to_vec(), 0)]);
        agree(&case, &*made.store, &map, true);
    }
}

#[test]
fn odd_sets_of_keys() {
    let letters = |len: usize| vec![b'x'; len];
    let sets: Vec<Vec<Vec<u8>>> = vec![
        vec![],
        vec![vec![]],
        vec![vec![0]],
        (0..=255).map(|byte| vec![byte]).collect(),
        (0..=255).flat_map(|a| [0, 7, 255].map(|b| vec![a, b])).chain([vec![]]).collect(),
        (0..400).map(letters).collect(),
        vec![
            letters(1 << 20),
            [letters(1 << 20), vec![b'y']].concat(),
            letters((1 << 20) - 7),
            b"short".to_vec(),
        ],
        (0..300_u32).map(|i| [&i.to_le_bytes()[..], &[b's'; 300]].concat()).collect(),
        (0..3000_u32).map(|i| i.to_le_bytes().to_vec()).collect(),
    ];
    for set in sets {
        let map: Map = (1..).zip(set).map(|(value, key)| (key, value * value)).collect();
        for (case, _) in stores() {
            agree(&case, &*built(&case, &map, true).store, &map, true);
        }
    }
}

/// Thousands of words and addresses: more than one block, level or page of every store.
#[test]
fn stores_agree_on_many_keys() {
    for texts in [different(30_000, 5, compound_word), different(10_000, 5, url)] {
        let map: Map = (0..).zip(texts).map(|(value, text)| (text.into_bytes(), value % 1000)).collect();
        for (case, _) in stores() {
            agree(&case, &*built(&case, &map, true).store, &map, true);
        }
    }
}

#[test]
fn stores_agree_on_a_list_of_words() {
    let Some(words) = word_list() else { return };
    let map: Map = (0..).zip(words).map(|(value, text)| (text.into_bytes(), value)).collect();
    for (case, _) in stores() {
        agree(&case, &*case.with(Laid::new(map.keys()).items()), &map, false);
    }
}
