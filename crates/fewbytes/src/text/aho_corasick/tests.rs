//! The inner pieces: the filter, and blocks whose states have many children.

use super::filter::{Places, Tables, sizes};
use super::*;
use alloc::{string::String, string::ToString};
use proptest::prelude::*;

fn keywords() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop_oneof![Just(0), Just(b'A'), b'a'..=b'c', any::<u8>()];
    proptest::collection::vec(proptest::collection::vec(byte, 0..9), 0..40)
}

proptest! {
    #[test]
    fn the_filter_passes_over_no_keyword(
        keys in keywords(),
        before in proptest::collection::vec(any::<u8>(), 0..600),
        after in proptest::collection::vec(any::<u8>(), 0..20),
        fold: bool,
    ) {
        let keys: Vec<Vec<u8>> = match fold {
            true => keys.iter().map(|key| key.to_ascii_lowercase()).collect(),
            false => keys,
        };
        let bits = sizes(keys.len() as u64, true, keys.len() as u64);
        let mut bytes = (vec![0; 8 << bits.0], vec![0; 1 << bits.1 >> 3], vec![0; 1 << bits.2 >> 3]);
        let (trigrams, pairs, prefixes) = (&mut bytes.0[..], &mut bytes.1[..], &mut bytes.2[..]);
        let mut tables = Tables { trigrams, pairs, prefixes, bits, fold };
        keys.iter().for_each(|key| tables.add(key));
        let filter = filter::Filter::new(&bytes.0, &bytes.1, &bytes.2, bits, fold);
        for key in keys.iter().filter(|key| !key.is_empty()) {
            let shown = if fold { key.to_ascii_uppercase() } else { key.clone() };
            let text = [&before[..], &shown, &after].concat();
            let mut places = Vec::new();
            let (mut from, mut found): (_, Places) = (0, [0; _]);
            while from < text.len() {
                let (to, len) = filter.fill(&text, from, true, &mut found);
                places.extend(found[..len].iter().map(|place| from + usize::from(*place)));
                from = to;
            }
            prop_assert!(places.contains(&before.len()), "{:?}", key);
            prop_assert!(places.is_sorted() && places.iter().all(|place| *place < text.len()));
        }
    }
}

#[test]
fn states_with_all_children() {
    // Neighbours in one block that have 256, 255 and 254 children.
    let mut keys = Vec::new();
    for (first, len) in [(b'a', 256), (b'b', 255), (b'c', 256), (b'd', 254), (b'e', 1), (b'f', 256)] {
        keys.extend((0..=255).take(len).map(|second: u8| [first, second, b'x']));
    }
    let keywords = Keywords::from_keywords(&keys, &Options::default()).expect("few");
    let mut key = Vec::new();
    for (id, keyword) in (0..).zip(&keys) {
        assert_eq!(keywords.id_of(keyword), Some(id));
        assert!(keywords.key_of(id, &mut key) && key == keyword);
    }
    assert!(!keywords.contains([b'b', 255, b'x']) && !keywords.contains([b'd', 254, b'x']));
    let text = keys.concat();
    assert_eq!(keywords.find_iter_by(MatchKind::LeftmostLongest, &text).count(), keys.len());
}

#[test]
fn classes_of_all_bytes() {
    let keys: Vec<[u8; 1]> = (0..=255).map(|byte| [byte]).collect();
    let keywords = Keywords::from_keywords(&keys, &Options::default()).expect("few");
    assert_eq!(keywords.shape.class_len, 256);
    let text: Vec<u8> = (0..=255).rev().collect();
    let ids: Vec<u64> = keywords.find_iter(&text).map(|found| found.id).collect();
    assert!(ids.iter().eq((0..256).rev().collect::<Vec<_>>().iter()));
}

#[test]
fn a_header_that_can_not_be_is_refused() {
    let keywords = Keywords::from_keywords(["one", "two"], &Options::default()).expect("few");
    let refused = |field: &Field<u32>, value| {
        let mut bytes = keywords.as_bytes().to_vec();
        field.set(&mut bytes, value);
        let error = Keywords::open(bytes).err().map(|error| error.to_string());
        assert!(error.is_some_and(|error: String| error.contains("damaged")), "{} {value}", field.name());
    };
    for field in [STATE_LEN, CLASS_LEN, ROW_LEN, LINK_LEN] {
        for value in [0x7FFF_FFFF, u32::MAX] {
            refused(&field, value);
        }
    }
    refused(&STATE_LEN, 0);
}
