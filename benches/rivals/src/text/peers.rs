//! The peers' text stores, each used as its documentation shows.

use super::{Contestant, Store, Texts};
use crate::results::Whose;
use fst::{IntoStreamer, Streamer};
use std::{cell::RefCell, collections::HashSet, str::from_utf8};

/// All of them.
pub const ALL: &[Contestant] = &[
    peer("std HashSet", usize::MAX, |keys| {
        Some(Box::new(keys.iter().map(<[u8]>::to_vec).collect::<HashSet<_>>()))
    }),
    peer("sorted list", usize::MAX, |keys| Some(Box::new(List::new(keys)))),
    peer("fst Set", usize::MAX, |keys| Some(Box::new(fst::Set::from_iter(keys.iter()).ok()?))),
    peer("fst Map", usize::MAX, |keys| Some(Box::new(fst::Map::from_iter(keys.iter().zip(0..)).ok()?))),
    // Its builder looks for room from the first unit on: half a million addresses took it more than a quarter of an hour.
    peer("dawgdic", usize::MAX, |keys| {
        if keys.iter().any(|key| key.starts_with(b"http")) {
            return None;
        }
        let mut builder = dawgdic::dawg::DawgBuilder::new();
        keys.iter().try_for_each(|key| builder.insert_key(from_utf8(key).map_err(drop)?, 0)).ok()?;
        Some(Box::new(dawgdic::dictionary::DictionaryBuilder::new(builder.build()).build()))
    }),
    peer("rsmarisa, 3 tries", usize::MAX, |keys| Some(Box::new(Marisa::new(keys)?))),
    peer("yada", 2_000_000, |keys| {
        let pairs: Vec<(&[u8], u32)> = keys.iter().zip(0..).collect();
        Some(Box::new(yada::DoubleArray::new(yada::builder::DoubleArrayBuilder::build(&pairs).ok()?).ok()?))
    }),
    peer("crawdad", 2_000_000, |keys| {
        let texts: Option<Vec<&str>> = keys.iter().map(|key| from_utf8(key).ok()).collect();
        Some(Box::new(crawdad::Trie::from_keys(texts?).ok()?))
    }),
    peer("crawdad, minimal prefix", 2_000_000, |keys| {
        let texts: Option<Vec<&str>> = keys.iter().map(|key| from_utf8(key).ok()).collect();
        Some(Box::new(crawdad::MpTrie::from_keys(texts?).ok()?))
    }),
    peer("cedarwood", 2_000_000, |keys| {
        let pairs: Vec<(&[u8], i32)> = keys.iter().zip(0..).collect();
        Some(Box::new(cedarwood::Cedar::from_sorted_bytes(&pairs).ok()?))
    }),
    peer("hattrie", 2_000_000, |keys| {
        let mut trie = hattrie::HatTrie::new();
        keys.iter().zip(0_u64..).for_each(|(key, value)| _ = trie.insert(key, value));
        Some(Box::new(trie))
    }),
];

const fn peer(name: &'static str, most: usize, make: fn(&Texts) -> Option<Box<dyn Store>>) -> Contestant {
    Contestant { name, whose: Whose::Peers, most, make }
}

fn count(keys: &Texts, has: impl Fn(&[u8]) -> bool) -> usize {
    keys.iter().filter(|key| has(key)).count()
}

impl Store for HashSet<Vec<u8>> {
    fn found(&self, keys: &Texts) -> usize {
        count(keys, |key| self.contains(key))
    }
}

/// Bytes end to end, and where each key ends: the plain way.
struct List {
    text: Vec<u8>,
    ends: Vec<u32>,
}

impl List {
    fn new(keys: &Texts) -> Self {
        let (mut text, mut ends) = (Vec::with_capacity(keys.bytes()), Vec::with_capacity(keys.len()));
        for key in keys.iter() {
            text.extend_from_slice(key);
            ends.push(text.len() as u32);
        }
        Self { text, ends }
    }

    fn get(&self, i: usize) -> &[u8] {
        let start = i.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[i] as usize]
    }

    /// The first key that is not less.
    fn place(&self, key: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle) < key { low = middle + 1 } else { high = middle }
        }
        low
    }
}

impl Store for List {
    fn found(&self, keys: &Texts) -> usize {
        count(keys, |key| {
            let place = self.place(key);
            place < self.ends.len() && self.get(place) == key
        })
    }
    fn bytes(&self) -> Option<u64> {
        Some((self.text.len() + 4 * self.ends.len()) as u64)
    }
    fn list(&self) -> Option<usize> {
        Some((0..self.ends.len()).map(|i| self.get(i).len()).sum())
    }
    fn first_ten(&self, prefixes: &Texts) -> Option<usize> {
        let first = |prefix: &[u8]| {
            let place = self.place(prefix);
            (place..self.ends.len().min(place + 10)).filter(|i| self.get(*i).starts_with(prefix)).count()
        };
        Some(prefixes.iter().map(first).sum())
    }
    fn keys_of(&self, ids: &[u64]) -> Option<usize> {
        Some(ids.iter().map(|id| self.get(*id as usize).len()).sum())
    }
}

impl Store for fst::Set<Vec<u8>> {
    fn found(&self, keys: &Texts) -> usize {
        count(keys, |key| self.contains(key))
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.as_fst().size() as u64)
    }
    fn list(&self) -> Option<usize> {
        let (mut stream, mut bytes) = (self.stream(), 0);
        while let Some(key) = stream.next() {
            bytes += key.len();
        }
        Some(bytes)
    }
    fn first_ten(&self, prefixes: &Texts) -> Option<usize> {
        let first = |prefix: &[u8]| {
            let mut stream = self.range().ge(prefix).into_stream();
            (0..10).take_while(|_| stream.next().is_some_and(|key| key.starts_with(prefix))).count()
        };
        Some(prefixes.iter().map(first).sum())
    }
}

impl Store for fst::Map<Vec<u8>> {
    fn found(&self, keys: &Texts) -> usize {
        count(keys, |key| self.get(key).is_some())
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.as_fst().size() as u64)
    }
    fn keys_of(&self, ids: &[u64]) -> Option<usize> {
        let mut key = Vec::new();
        let bytes = ids.iter().map(|id| {
            key.clear();
            self.as_fst().get_key_into(*id, &mut key);
            key.len()
        });
        Some(bytes.sum())
    }
}

impl Store for dawgdic::dictionary::Dictionary {
    fn found(&self, keys: &Texts) -> usize {
        count(keys, |key| self.contains(key))
    }
    fn bytes(&self) -> Option<u64> {
        Some(u64::from(self.size()) * 4)
    }
}

/// The trie, and the agent that every question of it needs.
struct Marisa {
    trie: rsmarisa::Trie,
    agent: RefCell<rsmarisa::Agent>,
}

impl Marisa {
    fn new(keys: &Texts) -> Option<Self> {
        let mut all = rsmarisa::Keyset::new();
        keys.iter().try_for_each(|key| all.push_back_bytes(key, 1.0)).ok()?;
        let mut trie = rsmarisa::Trie::new();
        trie.build(&mut all, 3);
        let mut agent = rsmarisa::Agent::new();
        agent.init_state().ok()?;
        Some(Self { trie, agent: RefCell::new(agent) })
    }
}

impl Store for Marisa {
    fn found(&self, keys: &Texts) -> usize {
        let mut agent = self.agent.borrow_mut();
        let has = |key: &&[u8]| {
            agent.set_query_bytes(key);
            self.trie.lookup(&mut agent)
        };
        keys.iter().filter(has).count()
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.trie.io_size() as u64)
    }
    fn list(&self) -> Option<usize> {
        let mut agent = rsmarisa::Agent::new();
        agent.init_state().ok()?;
        agent.set_query_bytes(b"");
        let mut bytes = 0;
        while self.trie.predictive_search(&mut agent) {
            bytes += agent.key().length();
        }
        Some(bytes)
    }
    fn first_ten(&self, prefixes: &Texts) -> Option<usize> {
        let mut agent = self.agent.borrow_mut();
        let first = |prefix: &[u8]| {
            agent.set_query_bytes(prefix);
            (0..10).take_while(|_| self.trie.predictive_search(&mut agent)).count()
        };
        Some(prefixes.iter().map(first).sum())
    }
    fn keys_of(&self, ids: &[u64]) -> Option<usize> {
        let mut agent = self.agent.borrow_mut();
        let bytes = ids.iter().map(|id| {
            agent.set_query_id(*id as usize);
            self.trie.reverse_lookup(&mut agent);
            agent.key().length()
        });
        Some(bytes.sum())
    }
    fn prefixes(&self, texts: &Texts) -> Option<usize> {
        let mut agent = self.agent.borrow_mut();
        let found = |text: &[u8]| {
            agent.set_query_bytes(text);
            std::iter::repeat(()).take_while(|()| self.trie.common_prefix_search(&mut agent)).count()
        };
        Some(texts.iter().map(found).sum())
    }
}

impl Store for yada::DoubleArray<Vec<u8>> {
    fn found(&self, keys: &Texts) -> usize {
        count(keys, |key| self.exact_match_search(key).is_some())
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }
    fn prefixes(&self, texts: &Texts) -> Option<usize> {
        Some(texts.iter().map(|text| self.common_prefix_search(text).count()).sum())
    }
}

macro_rules! crawdad {
    ($($type:ty)*) => {$(
        impl Store for $type {
            fn found(&self, keys: &Texts) -> usize {
                count(keys, |key| from_utf8(key).is_ok_and(|key| self.exact_match(key.chars()).is_some()))
            }
            fn bytes(&self) -> Option<u64> {
                Some(self.io_bytes() as u64)
            }
            fn prefixes(&self, texts: &Texts) -> Option<usize> {
                let found = |text: &[u8]| from_utf8(text).map_or(0, |text| self.common_prefix_search(text.chars()).count());
                Some(texts.iter().map(found).sum())
            }
        }
    )*};
}
crawdad! { crawdad::Trie crawdad::MpTrie }

impl Store for cedarwood::Cedar {
    fn found(&self, keys: &Texts) -> usize {
        count(keys, |key| self.exact_match_search_bytes(key).is_some())
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.allocated_bytes() as u64)
    }
    fn prefixes(&self, texts: &Texts) -> Option<usize> {
        Some(texts.iter().map(|text| self.common_prefix_iter_bytes(text).count()).sum())
    }
}

impl Store for hattrie::HatTrie<u64> {
    fn found(&self, keys: &Texts) -> usize {
        count(keys, |key| self.get(key).is_some())
    }
    fn list(&self) -> Option<usize> {
        Some(self.iter().map(|(key, _)| key.len()).sum())
    }
    fn first_ten(&self, prefixes: &Texts) -> Option<usize> {
        Some(prefixes.iter().map(|prefix| self.scan_prefix(prefix).take(10).count()).sum())
    }
}
