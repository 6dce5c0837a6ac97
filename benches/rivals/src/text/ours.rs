//! fewbytes' text stores.

use super::{Contestant, Store, Texts};
use super::{
    matchers::{self, Matcher},
    searches::{self, Searcher},
};
use crate::results::Whose;
use fewbytes::text::{
    Cursor, Dictionary, Walk,
    aho_corasick::{Form, Options},
    dawg::Mode,
    search::{Automaton, Found, GramIndex, NearIndex, Search},
};
use fewbytes::{Dawg, DoubleArrayTrie, HatTrie, Keywords, LoudsTrie};

/// The store that was built, with what only its own type can do: be opened over other storage, and find the keys with which a
/// text begins without a list of them.
macro_rules! boxed {
    ($type:ident, $built:expr) => {
        Some(Box::new(Ours {
            store: $built.ok()?,
            has: |bytes, key| $type::open(bytes).is_ok_and(|store| store.contains(key)),
            prefix_len: |store, text| store.prefixes_of(text).count(),
        }))
    };
}

/// All of them.
pub const ALL: &[Contestant] = &[
    ours("DAWG, small", |keys| boxed!(Dawg, Dawg::from_sorted(keys.iter(), Mode::Small))),
    ours("DAWG, fast", |keys| boxed!(Dawg, Dawg::from_sorted(keys.iter(), Mode::Fast))),
    ours("LOUDS trie", |keys| boxed!(LoudsTrie, LoudsTrie::from_sorted(keys.iter(), 3))),
    ours("double array", |keys| boxed!(DoubleArrayTrie, DoubleArrayTrie::from_sorted(keys.iter()))),
    ours("HAT-trie", |keys| {
        let mut trie = HatTrie::with_values(0).ok()?;
        keys.iter().zip(0..).try_for_each(|(key, value)| trie.set(key, value).map(drop)).ok()?;
        boxed!(HatTrie, Ok::<_, fewbytes::Error>(trie))
    }),
];

/// All that search.
pub const SEARCHERS: &[searches::Contestant] = &[
    searches::Contestant {
        name: "DAWG, fast",
        whose: Whose::Ours,
        make: |keys| Some(Box::new(Dawg::from_sorted(keys.iter(), Mode::Fast).ok()?)),
    },
    searches::Contestant {
        name: "DAWG, small",
        whose: Whose::Ours,
        make: |keys| Some(Box::new(Dawg::from_sorted(keys.iter(), Mode::Small).ok()?)),
    },
    searches::Contestant {
        name: "DAWG, small, both ways",
        whose: Whose::Ours,
        make: |keys| {
            let forward = Dawg::from_sorted(keys.iter(), Mode::Small).ok()?;
            let reversed = keys.iter().map(|key| key.iter().rev().copied().collect::<Vec<u8>>());
            let backward = Dawg::from_keys(reversed, Mode::Small).ok()?;
            Some(Box::new(BothWays { forward, backward }))
        },
    },
    searches::Contestant {
        name: "DAWG, small, index of grams",
        whose: Whose::Ours,
        make: |keys| {
            let store = Dawg::from_sorted(keys.iter(), Mode::Small).ok()?;
            let index = GramIndex::build(&store).ok()?;
            Some(Box::new(Indexed { store, index }))
        },
    },
];

impl Searcher for Dawg {
    fn near(&self, word: &str, edits: u8) -> Option<usize> {
        Some(count(Search::near(self, word, edits.into()).ok()?))
    }
    fn like(&self, pattern: &str) -> Option<usize> {
        Some(count(Search::like(self, pattern).ok()?))
    }
    fn containing(&self, part: &[u8]) -> Option<usize> {
        Some(count(Search::containing(self, part)))
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.as_bytes().len() as u64)
    }
}

/// Steps through what is found, and holds no key.
fn count<C: Cursor, A: Automaton>(mut found: Found<C, A>) -> usize {
    std::iter::repeat_with(|| found.advance()).take_while(|there| *there).count()
}

/// A store, and another of the keys reversed.
struct BothWays {
    forward: Dawg,
    backward: Dawg,
}

impl Searcher for BothWays {
    fn near(&self, word: &str, edits: u8) -> Option<usize> {
        Some(
            NearIndex::new(&self.forward, &self.backward).nearest(word, edits.into(), usize::MAX).ok()?.len(),
        )
    }
    fn bytes(&self) -> Option<u64> {
        Some((self.forward.as_bytes().len() + self.backward.as_bytes().len()) as u64)
    }
}

/// A store and the index of its keys' grams.
struct Indexed {
    store: Dawg,
    index: GramIndex,
}

impl Searcher for Indexed {
    fn containing(&self, part: &[u8]) -> Option<usize> {
        let mut found = self.index.containing(&self.store, part).ok()?;
        Some(std::iter::repeat_with(|| found.advance()).take_while(|there| *there).count())
    }
    fn bytes(&self) -> Option<u64> {
        Some((self.store.as_bytes().len() + self.index.as_bytes().len()) as u64)
    }
}

/// All that find keywords.
pub const MATCHERS: &[matchers::Contestant] = &[
    matcher("Keywords, compact", |keys| keywords(keys, Form::Compact)),
    matcher("Keywords, dense", |keys| keywords(keys, Form::Dense)),
];

const fn matcher(name: &'static str, make: fn(&Texts) -> Option<Box<dyn Matcher>>) -> matchers::Contestant {
    matchers::Contestant { name, whose: Whose::Ours, make }
}

fn keywords(keys: &Texts, form: Form) -> Option<Box<dyn Matcher>> {
    let options = Options { form, ..Options::default() };
    Some(Box::new(Keywords::from_keywords(keys.iter(), &options).ok()?))
}

impl Matcher for Keywords {
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
    /// Opens bytes, and finds a key in them.
    has: fn(&[u8], &[u8]) -> bool,
    /// How many of its keys a text begins with.
    prefix_len: fn(&T, &[u8]) -> usize,
}

impl<T: Dictionary + Walk + AsRef<[u8]>> Store for Ours<T> {
    fn found(&self, keys: &Texts) -> usize {
        keys.iter().filter(|key| self.store.contains(key)).count()
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.store.as_ref().len() as u64)
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
        Some(texts.iter().map(|text| (self.prefix_len)(&self.store, text)).sum())
    }
    fn opened(&self, keys: &Texts) -> Option<usize> {
        let bytes = self.store.as_ref();
        Some(keys.iter().filter(|key| (self.has)(bytes, key)).count())
    }
}
