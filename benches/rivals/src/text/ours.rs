//! fewbytes' text stores.

use super::{Contestant, Store, Texts, matchers, searches};
use crate::results::Whose;
use fewbytes::text::aho_corasick::{Form, Keywords, Options};
use fewbytes::text::{Cursor, Dictionary, KeyList, Walk};

/// All of them.
pub const ALL: &[Contestant] = &[];

/// All that search.
pub const SEARCHERS: &[searches::Contestant] = &[];

/// All that find keywords.
pub const MATCHERS: &[matchers::Contestant] = &[
    matcher("Keywords, compact", |keys| keywords(keys, Form::Compact)),
    matcher("Keywords, dense", |keys| keywords(keys, Form::Dense)),
];

const fn matcher(
    name: &'static str,
    make: fn(&Texts) -> Option<Box<dyn matchers::Matcher>>,
) -> matchers::Contestant {
    matchers::Contestant { name, whose: Whose::Ours, make }
}

fn keywords(keys: &Texts, form: Form) -> Option<Box<dyn matchers::Matcher>> {
    let options = Options { form, ..Options::default() };
    Some(Box::new(Keywords::from_keywords(keys.iter(), &options).ok()?))
}

impl matchers::Matcher for Keywords {
    fn count_all(&self, haystack: &[u8]) -> usize {
        self.find_overlapping_iter(haystack).count()
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.as_bytes().len() as u64)
    }
}

const fn ours(name: &'static str, make: fn(&Texts) -> Option<Box<dyn Store>>) -> Contestant {
    Contestant { name, whose: Whose::Ours, most: usize::MAX, make }
}

/// A store by what all stores have.
struct Ours<T> {
    store: T,
    bytes: u64,
}

impl<T: Dictionary + Walk> Store for Ours<T> {
    fn found(&self, keys: &Texts) -> usize {
        keys.iter().filter(|key| self.store.contains(key)).count()
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.bytes)
    }
    fn list(&self) -> Option<usize> {
        let (mut cursor, mut bytes) = (self.store.walk(), 0);
        while cursor.next_key(0) {
            bytes += cursor.path().len();
        }
        Some(bytes)
    }
    fn first_ten(&self, prefixes: &Texts) -> Option<usize> {
        let first = |prefix: &[u8]| {
            let mut cursor = self.store.walk();
            if !cursor.enter_all(prefix) {
                return 0;
            }
            let own = usize::from(cursor.is_key());
            own + (own..10).take_while(|_| cursor.next_key(prefix.len())).count()
        };
        Some(prefixes.iter().map(first).sum())
    }
    fn keys_of(&self, ids: &[u64]) -> Option<usize> {
        let mut key = Vec::new();
        let mut bytes = 0;
        for id in ids {
            if !self.store.key_of(*id, &mut key) {
                return None;
            }
            bytes += key.len();
        }
        Some(bytes)
    }
    fn prefixes(&self, texts: &Texts) -> Option<usize> {
        Some(texts.iter().map(|text| self.store.prefixes_of(text).len()).sum())
    }
}
