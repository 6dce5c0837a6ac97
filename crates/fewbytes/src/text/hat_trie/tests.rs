use super::*;
use crate::text::{Cursor, Dictionary};
use alloc::{collections::BTreeMap, format, vec};
use proptest::prelude::*;

type Map = BTreeMap<Vec<u8>, u64>;

#[derive(Clone, Debug)]
enum Step {
    Insert(Vec<u8>),
    Set(Vec<u8>, u64),
    Remove(Vec<u8>),
    RemoveNth(usize),
    Compact,
    Reopen,
}

/// Many keys under few beginnings, so that buckets burst, split and go; some long, some any bytes.
fn key() -> impl Strategy<Value = Vec<u8>> {
    let byte = || prop_oneof![4 => b'a'..=b'c', 1 => any::<u8>()];
    prop_oneof![
        30 => (0..3000_u32).prop_map(|i| format!("www.{}/{i}", i % 7).into_bytes()),
        30 => (0..500_u16).prop_map(|i| i.swap_bytes().to_le_bytes().to_vec()),
        20 => prop::collection::vec(byte(), 0..12),
        1 => (byte(), 240..700_usize, byte()).prop_map(|(byte, len, last)| {
            let mut key = vec![byte; len];
            key.push(last);
            key
        }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        20 => key().prop_map(Step::Insert),
        20 => (key(), any::<u64>(), 0..64_u32).prop_map(|(key, value, by)| Step::Set(key, value >> by)),
        4 => key().prop_map(Step::Remove),
        10 => any::<usize>().prop_map(Step::RemoveNth),
    ];
    let odd = prop_oneof![Just(Step::Compact), Just(Step::Reopen)];
    prop::collection::vec(prop_oneof![200 => step, 1 => odd], 0..3000)
}

fn listed(store: &HatTrie<impl AsRef<[u8]>>) -> Vec<(Vec<u8>, Option<u64>)> {
    let mut cursor = store.walk();
    let mut found = Vec::new();
    let mut is_there = cursor.is_key() || cursor.next_key(0);
    while is_there {
        found.push((cursor.path().to_vec(), cursor.value()));
        is_there = cursor.next_key(0);
    }
    found
}

fn agree(store: &HatTrie, map: &Map) {
    assert_eq!(store.verify(), Ok(()));
    assert_eq!(store.len(), map.len() as u64);
    assert_eq!(store.text_len(), map.keys().map(|key| key.len() as u64).sum::<u64>());
    let expected: Vec<_> = map.iter().map(|(key, value)| (key.clone(), Some(*value))).collect();
    assert!(listed(store) == expected);
    for (key, value) in map {
        assert_eq!(store.get(key), Some(*value));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_a_sorted_map_at_any_time(steps in steps()) {
        let (mut store, mut map) = (HatTrie::with_values(3)?, Map::new());
        for step in steps {
            match step {
                Step::Insert(key) => {
                    prop_assert_eq!(store.insert(&key)?, !map.contains_key(&key));
                    map.entry(key).or_default();
                }
                Step::Set(key, value) => prop_assert_eq!(store.set(&key, value)?, map.insert(key, value)),
                Step::Remove(key) => prop_assert_eq!(store.remove(&key), map.remove(&key).is_some()),
                Step::RemoveNth(n) => {
                    let key = map.keys().nth(n % map.len().max(1)).cloned();
                    if let Some(key) = key {
                        prop_assert!(store.remove(&key));
                        map.remove(&key);
                    }
                }
                Step::Compact => {
                    agree(&store, &map);
                    store.compact()?;
                    prop_assert_eq!(store.free_len(), 0);
                    let once = store.as_bytes().to_vec();
                    store.compact()?;
                    prop_assert!(store.as_bytes() == once);
                }
                Step::Reopen => store = HatTrie::open(store.into_inner())?,
            }
        }
        agree(&store, &map);
        let keys: Vec<_> = map.keys().cloned().collect();
        for key in keys {
            prop_assert!(store.contains(&key) && store.remove(&key) && !store.contains(&key));
        }
        agree(&store, &Map::new());
        // All that keys took is free again.
        prop_assert_eq!(store.free_len() as usize, store.frame.payload().len() - LINKS_LEN);
    }

    /// Lent memory takes what goes into its free blocks, and is as it was where one does not.
    #[test]
    fn lent_memory_is_not_changed_by_what_does_not_fit(keys in prop::collection::vec(key(), 300..900), split in 0..300_usize) {
        let (before, after) = keys.split_at(split);
        let mut store = HatTrie::new(0)?;
        store.insert_all(keys.iter().take(250))?;
        store.insert_all(before)?;
        keys.iter().take(200).for_each(|key| _ = store.remove(key));
        let mut bytes = store.as_bytes().to_vec();
        let mut lent = HatTrie::open(&mut bytes[..])?;
        for key in after {
            let unchanged = lent.as_bytes().to_vec();
            let known = listed(&lent);
            match lent.insert(key) {
                Ok(new) => prop_assert_eq!(new, !known.iter().any(|(other, _)| other == key)),
                Err(error) => {
                    prop_assert!(matches!(error, Error::CannotGrow { .. }), "{}", error);
                    prop_assert!(lent.as_bytes() == unchanged);
                }
            }
        }
        prop_assert_eq!(lent.verify(), Ok(()));
    }

    /// Whatever the links, tables and lists say: no panic, no loop, no more memory than a few copies; and it opens again.
    #[test]
    fn labels_at_once_lead_where_single_ones_do(
        keys in prop::collection::btree_set(key(), 1..1500),
        walks in prop::collection::vec((any::<prop::sample::Index>(), 0..9_usize, prop::collection::vec((0..5_u8, any::<u8>()), 0..30)), 1..40),
    ) {
        let mut store = HatTrie::new(3)?;
        store.insert_all(&keys)?;
        let keys: Vec<_> = keys.iter().collect();
        for (key, len, steps) in walks {
            let beginning = key.get(&keys);
            let beginning = &beginning[..beginning.len().min(len)];
            let (mut once, mut single) = (store.walk(), store.walk());
            prop_assert!(once.enter_all(beginning));
            prop_assert!(beginning.iter().all(|label| single.enter(*label)));
            for (step, label) in steps {
                let depth = usize::from(label % 12).min(once.path().len());
                let took = |cursor: &mut HatTrieCursor<'_>| match step {
                    0 => cursor.leave(),
                    1 => cursor.advance(),
                    2 => cursor.enter_from(label),
                    3 => cursor.next_key(depth),
                    _ => cursor.enter_all(&[b'w', b'a', label][..usize::from(label % 4)]),
                };
                prop_assert_eq!(took(&mut once), took(&mut single));
                prop_assert_eq!((once.path(), once.is_key()), (single.path(), single.is_key()));
            }
        }
    }

    #[test]
    fn damaged_bytes_are_harmless(
        keys in prop::collection::vec(key(), 0..600),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u32>(), 0..32_u32), 1..40),
        more in prop::collection::vec(key(), 0..200),
    ) {
        let mut store = HatTrie::with_values(0)?;
        store.insert_all(&keys)?;
        store.insert_all([vec![7; 5000]])?;
        keys.iter().take(100).for_each(|key| _ = store.remove(key));
        let start = FORMAT.payload_start();
        let mut bytes = store.as_bytes().to_vec();
        for (place, with, narrow) in damage {
            let at = start + place.index((bytes.len() - start) / 4) * 4;
            bytes[at..at + 4].copy_from_slice(&(with >> narrow).to_le_bytes());
        }
        let Ok(mut store) = HatTrie::open(bytes) else { return Ok(()) };
        let len = store.as_bytes().len();
        let _ = (store.verify(), store.clone().compact(), store.free_len());
        for key in keys.iter().chain(&more) {
            let _ = (store.contains(key), store.prefixes_of(key).count());
            let _ = store.set(key, key.len() as u64 * 7777);
            if key.len() % 3 == 0 {
                store.remove(key);
            }
        }
        prop_assert!(store.as_bytes().len() < len + 100_000 + 800 * 4096);
        let mut cursor = Dictionary::cursor(&store);
        let mut fuel = store.text_len();
        while cursor.next_key_within(0, &mut fuel) {}
        let mut cursor = store.walk();
        for _ in 0..2000 {
            if !cursor.next_key(0) {
                break;
            }
        }
        for key in keys.iter().take(100) {
            let mut cursor = store.walk();
            cursor.enter_all(&key[..key.len() * 2 / 3]);
            let depth = cursor.path().len();
            let _ = (cursor.next_key(depth), cursor.next_key(depth), cursor.leave(), cursor.advance());
            while cursor.leave() {}
        }
        let again = HatTrie::open(store.as_bytes());
        prop_assert!(again.is_ok(), "{:?}", again.err());
    }
}

#[test]
fn keys_under_a_long_beginning_make_a_chain_and_split_it() -> Result<()> {
    let beginning = "https://www.example.org/archive/";
    let (mut store, mut map) = (HatTrie::with_values(1)?, Map::new());
    let ends = (0..2000_u64).map(|i| format!("{beginning}{i}"));
    let starts = (0..beginning.len()).map(|len| beginning[..len].into());
    let others = (0..beginning.len()).map(|len| format!("{}~{len}", &beginning[..len]));
    for (value, key) in (0..).zip(ends.chain(starts).chain(others)) {
        assert_eq!(store.set(&key, value)?, None);
        map.insert(key.into_bytes(), value);
    }
    agree(&store, &map);
    let lens: Vec<_> = store.prefixes_of(format!("{beginning}17/x")).map(|prefix| prefix.len).collect();
    let expected: Vec<_> = (0..beginning.len()).chain([33, 34]).collect();
    assert_eq!(lens, expected);
    Ok(())
}

#[test]
fn keys_of_a_megabyte_come_and_go() -> Result<()> {
    let (mut store, mut map) = (HatTrie::with_values(1)?, Map::new());
    for i in 0..60_u64 {
        let mut key = vec![b'k'; (1 << 20) - 1000 * i as usize % 7];
        key.extend_from_slice(&i.swap_bytes().to_le_bytes());
        assert_eq!(store.set(&key, i)?, None);
        map.insert(key, i);
    }
    for i in 0..400_u64 {
        let key = vec![b'k'; i as usize];
        store.set(&key, i)?;
        map.insert(key, i);
    }
    agree(&store, &map);
    store.compact()?;
    agree(&store, &map);
    let too_long = store.insert(vec![0; LONGEST_KEY + 1]);
    assert!(matches!(too_long, Err(Error::KeyLength { .. })), "{too_long:?}");
    for key in map.keys() {
        assert!(store.remove(key));
    }
    agree(&store, &Map::new());
    Ok(())
}

#[test]
fn values_are_of_stores_that_have_them() -> Result<()> {
    let mut plain = HatTrie::new(0)?;
    assert!(plain.insert("a")?);
    assert!(matches!(plain.set("a", 1), Err(Error::Unsupported { .. })));
    assert_eq!((plain.get("a"), plain.contains("a"), plain.walk().enter(b'a')), (None, true, true));
    let mut with = HatTrie::with_values(0)?;
    assert!(with.insert("a")?);
    assert_eq!(with.get("a"), Some(0));
    assert_eq!((with.set("a", u64::MAX)?, with.set("a", 7)?), (Some(0), Some(u64::MAX)));
    assert_eq!(with.get("a"), Some(7));
    Ok(())
}

/// Keys that come and go take no more room than those that are there at once.
#[test]
fn freed_blocks_are_taken_again() -> Result<()> {
    let mut store = HatTrie::new(0)?;
    let key = |i: u32| format!("session-{:08x}", i.wrapping_mul(0x9e37_79b9));
    (0..5000).try_for_each(|i| store.insert(key(i)).map(drop))?;
    let full = store.as_bytes().len();
    for i in 5000..100_000 {
        assert!(store.remove(key(i - 5000)) && store.insert(key(i))?);
    }
    assert!(store.as_bytes().len() < 2 * full, "{} and {full}", store.as_bytes().len());
    assert_eq!(store.verify(), Ok(()));
    Ok(())
}
