//! Keywords against the naive search: every match kind, whole words, letters of both cases, and every cut into chunks.

use fewbytes::text::aho_corasick::{Form, Keywords, KeywordsBuilder, MatchKind, Options};
use fewbytes_tests::keywords::{KINDS, check};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn options() -> impl Strategy<Value = Options> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(whole_words, fold_case, dense)| Options {
        whole_words,
        fold_case,
        form: if dense { Form::Dense } else { Form::Compact },
        ..Options::default()
    })
}

/// Few different bytes, so that keywords overlap.
fn text(alphabet: &'static [u8], len: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(proptest::sample::select(alphabet), 0..len)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn few_letters(
        keywords in proptest::collection::vec(text(b"ab", 9), 0..12),
        options in options(),
        text in text(b"ab", 60),
    ) {
        let cuts: Vec<usize> = (0..text.len()).collect();
        check(&keywords, &options, &text, &cuts)?;
    }

    #[test]
    fn words_and_cases(
        keywords in proptest::collection::vec(text(b"aAbB -\xC3", 7), 0..20),
        options in options(),
        text in text(b"aAbB -\xC3", 100),
        cuts in proptest::collection::vec(0..100_usize, 0..6),
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).collect();
        cuts.sort_unstable();
        check(&keywords, &options, &text, &cuts)?;
    }

    #[test]
    fn all_bytes(
        keywords in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..3), 0..400),
        options in options(),
        text in proptest::collection::vec(any::<u8>(), 0..200),
        cuts in proptest::collection::vec(0..200_usize, 0..6),
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).collect();
        cuts.sort_unstable();
        check(&keywords, &options, &text, &cuts)?;
    }

    #[test]
    fn long_ones(
        keywords in proptest::collection::vec((text(b"ab", 4), 0..40_usize, text(b"abc", 6)), 1..12),
        options in options(),
        parts in proptest::collection::vec((0..12_usize, 0..400_usize), 0..20),
        cuts in proptest::collection::vec(0..2000_usize, 0..6),
    ) {
        // Beginnings that repeat, as failure links like them.
        let keywords: Vec<Vec<u8>> =
            keywords.iter().map(|(part, times, end)| [part.repeat(*times), end.clone()].concat()).collect();
        let mut text = Vec::new();
        for (keyword, len) in parts {
            let keyword = &keywords[keyword % keywords.len()];
            text.extend_from_slice(&keyword[..len.min(keyword.len())]);
        }
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).collect();
        cuts.sort_unstable();
        check(&keywords, &options, &text, &cuts)?;
    }

    #[test]
    fn as_a_text_store(
        keywords in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 0..5), any::<u64>()), 0..200),
        probes in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..3), 0..50),
    ) {
        let mut builder = KeywordsBuilder::new(&Options::default());
        let mut map = BTreeMap::new();
        let mut in_order = Vec::new();
        for (keyword, value) in &keywords {
            builder.insert(keyword, Some(*value))?;
            map.entry(keyword.clone()).or_insert_with(|| {
                in_order.push(keyword.clone());
                *value
            });
        }
        prop_assert_eq!(builder.inserted_len(), keywords.len() as u64);
        let store = builder.finish()?;
        prop_assert_eq!(store.len(), map.len() as u64);
        let mut key = Vec::new();
        for (id, keyword) in (0..).zip(&in_order) {
            prop_assert_eq!(store.id_of(keyword), Some(id));
            prop_assert!(store.key_of(id, &mut key));
            prop_assert_eq!(&key, keyword);
            prop_assert_eq!(store.get(keyword), map.get(keyword).copied());
        }
        prop_assert!(!store.key_of(map.len() as u64, &mut key));
        for probe in &probes {
            prop_assert_eq!(store.contains(probe), map.contains_key(probe));
            let prefixes: Vec<usize> = store.prefixes_of(probe).map(|prefix| prefix.len).collect();
            let expected: Vec<usize> = (0..=probe.len()).filter(|len| map.contains_key(&probe[..*len])).collect();
            prop_assert_eq!(prefixes, expected);
        }
    }

    #[test]
    fn damaged_bytes_end(
        flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..30),
        text in text(b"abc ", 300),
        options in options(),
    ) {
        let store = Keywords::from_keywords(["abcab", "bcabcabcabcaa", "cab", "abcabcabcb", "a", "ca", "bcabca"], &options)?;
        let mut bytes = store.as_bytes().to_vec();
        for (place, byte) in flips {
            // Past the header.
            let place = 128 + place.index(bytes.len() - 128);
            bytes[place] = byte;
        }
        let Ok(store) = Keywords::open(&bytes[..]) else { return Ok(()) };
        for kind in KINDS {
            let most = text.len() * (store.len() as usize + 1);
            prop_assert!(store.find_iter_by(kind, &text).take(most + 1).count() <= most);
        }
        let mut key = Vec::new();
        for id in 0..8 {
            store.key_of(id, &mut key);
        }
    }
}

#[test]
fn what_repeats_is_found_in_linear_time() {
    let keywords = Keywords::from_keywords(
        ["a".repeat(2000) + "b", "b".to_string() + &"a".repeat(3000) + "b", "x".to_string()],
        &Options::default(),
    )
    .expect("few");
    let text = "a".repeat(1 << 20) + "x";
    for kind in KINDS {
        assert_eq!(keywords.find_iter_by(kind, &text).count(), 1);
    }
}

#[test]
fn the_first_comes_first() {
    let options = Options { match_kind: MatchKind::LeftmostFirst, ..Options::default() };
    let found = |keywords: &[&str], text: &str| -> Vec<u64> {
        let keywords = Keywords::from_keywords(keywords, &options).expect("few");
        keywords.find_iter(text).map(|found| found.id).collect()
    };
    assert_eq!(found(&["Sam", "Samwise"], "Samwise"), [0]);
    assert_eq!(found(&["Samwise", "Sam"], "Samwise"), [0]);
    assert_eq!(found(&["", "wise", "amwis"], "Samwise"), [2]);
}
