//! Words that are near, like, or around something: the same questions of the same words.

use super::Texts;
use crate::{
    keys::key,
    results::{Results, Whose},
    timing::{bytes_of, median, ns_each},
};
use fst::{Automaton, IntoStreamer, Streamer};
use levenshtein_automata::LevenshteinAutomatonBuilder;
use memchr::memmem;
use regex_automata::{
    Anchored,
    dfa::{Automaton as _, StartKind, dense},
    util::{primitives::StateID, start},
};
use std::str::from_utf8;

/// Something that finds words. What it can't find is none of its figures.
pub trait Searcher {
    /// Words within so many edits: how many.
    fn near(&self, _word: &str, _edits: u8) -> Option<usize> {
        None
    }
    /// Words like a pattern of `*` and `?`: how many.
    fn like(&self, _pattern: &str) -> Option<usize> {
        None
    }
    /// Words with a part inside: how many.
    fn containing(&self, _part: &[u8]) -> Option<usize> {
        None
    }
    /// Bytes that it takes as a file; where it can't be one, what it holds of the heap counts.
    fn bytes(&self) -> Option<u64> {
        None
    }
}

/// One that takes part.
pub struct Contestant {
    /// Its name in tables.
    pub name: &'static str,
    /// Whose it is.
    pub whose: Whose,
    /// Makes one of sorted words.
    pub make: fn(&Texts) -> Option<Box<dyn Searcher>>,
}

const PEERS: &[Contestant] = &[
    Contestant {
        name: "fst, automata",
        whose: Whose::Peers,
        make: |keys| {
            let [one, two] = [1, 2].map(|edits| LevenshteinAutomatonBuilder::new(edits, false));
            Some(Box::new(Fst { set: fst::Set::from_iter(keys.iter()).ok()?, one, two }))
        },
    },
    Contestant {
        name: "hattrie",
        whose: Whose::Peers,
        make: |keys| {
            let mut trie = hattrie::HatTrie::new();
            keys.iter().zip(0_u64..).for_each(|(key, value)| _ = trie.insert(key, value));
            Some(Box::new(trie))
        },
    },
    Contestant {
        name: "list, memmem",
        whose: Whose::Peers,
        make: |keys| {
            // Each between two line ends.
            let mut text = vec![b'\n'];
            keys.iter().for_each(|key| text.extend(key.iter().chain(b"\n")));
            Some(Box::new(Lines(text)))
        },
    },
];

struct Fst {
    set: fst::Set<Vec<u8>>,
    one: LevenshteinAutomatonBuilder,
    two: LevenshteinAutomatonBuilder,
}

impl Fst {
    fn count(&self, automaton: impl Automaton) -> usize {
        let (mut stream, mut found) = (self.set.search(automaton).into_stream(), 0);
        while stream.next().is_some() {
            found += 1;
        }
        found
    }
}

/// A regular expression's automaton as `fst` wants one.
struct Dense {
    dfa: dense::DFA<Vec<u32>>,
    start: StateID,
}

impl Automaton for Dense {
    type State = StateID;
    fn start(&self) -> StateID {
        self.start
    }
    fn is_match(&self, state: &StateID) -> bool {
        self.dfa.is_match_state(self.dfa.next_eoi_state(*state))
    }
    fn can_match(&self, state: &StateID) -> bool {
        !self.dfa.is_dead_state(*state)
    }
    fn accept(&self, state: &StateID, byte: u8) -> StateID {
        self.dfa.next_state(*state, byte)
    }
}

impl Searcher for Fst {
    fn near(&self, word: &str, edits: u8) -> Option<usize> {
        let builder = if edits == 1 { &self.one } else { &self.two };
        Some(self.count(builder.build_dfa(word)))
    }
    fn like(&self, pattern: &str) -> Option<usize> {
        let expression = pattern.replace('?', ".").replace('*', ".*");
        let config = dense::Config::new().start_kind(StartKind::Anchored);
        let syntax = regex_automata::util::syntax::Config::new().unicode(false).utf8(false);
        let dfa = dense::Builder::new()
            .configure(config)
            .syntax(syntax)
            .build(&format!("^(?:{expression})$"))
            .ok()?;
        let start = dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).ok()?;
        Some(self.count(Dense { dfa, start }))
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.set.as_fst().size() as u64)
    }
}

impl Searcher for hattrie::HatTrie<u64> {
    fn near(&self, word: &str, edits: u8) -> Option<usize> {
        Some(self.fuzzy_search(word.as_bytes(), edits.into()).len())
    }
}

struct Lines(Vec<u8>);

impl Searcher for Lines {
    fn containing(&self, part: &[u8]) -> Option<usize> {
        let (finder, mut found, mut at) = (memmem::Finder::new(part), 0, 0);
        while let Some(place) = finder.find(&self.0[at..]) {
            found += 1;
            // On to the next line: a word counts once.
            at += place + memchr::memchr(b'\n', &self.0[at + place..])?;
        }
        Some(found)
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }
}

/// Questions of each kind.
const ASKED: usize = 100;
/// Rounds; the figure is their median.
const ROUNDS: usize = 3;

/// The setting's name, by which bars look it up.
pub fn setting(name: &str) -> String {
    format!("searches in {name}")
}

/// Runs all contestants on a set of words.
pub fn run(results: &mut Results, name: &str, words: &Texts, ours: &[Contestant], tell: &dyn Fn(&str)) {
    let setting = setting(name);
    // Where a character is a byte, edits of characters are edits of bytes.
    let words = &words.filtered(<[u8]>::is_ascii);
    let asked = words.filtered(|word| word.len() >= 6).sample(ASKED);
    let text = |word: &[u8]| from_utf8(word).unwrap_or_default().to_owned();
    // A letter changed: the word that was meant is near.
    let typed: Vec<String> = (0..)
        .zip(asked.iter())
        .map(|(i, word)| {
            let mut word = word.to_vec();
            let at = key(i) as usize % word.len();
            word[at] = b'a' + (key(i) >> 32) as u8 % 26;
            text(&word)
        })
        .collect();
    let letters = |word: &[u8], i: usize| char::from(word[i]);
    let short: Vec<String> =
        asked.iter().map(|word| format!("{}?{}?", letters(word, 0), letters(word, 2))).collect();
    let ends: Vec<String> =
        asked.iter().map(|word| format!("{}*{}", text(&word[..3]), text(&word[word.len() - 2..]))).collect();
    let parts: Vec<&[u8]> = asked.iter().map(|word| &word[1..5]).collect();
    let mut expected = Vec::new();
    for contestant in ours.iter().chain(PEERS) {
        tell(&format!("{setting}: {}", contestant.name));
        let who = (contestant.name, contestant.whose);
        let (Some(searcher), held, _) = bytes_of(|| (contestant.make)(words)) else { continue };
        let mut add = |what, value| results.add(&setting, who, what, value);
        add("bytes a key", searcher.bytes().unwrap_or(held as u64) as f64 / words.len() as f64);
        let all = |each: &dyn Fn(usize) -> Option<usize>| (0..ASKED).map(each).sum::<Option<usize>>();
        type Question<'a> = (&'static str, Box<dyn Fn() -> Option<usize> + 'a>);
        let questions: [Question; 5] = [
            ("one edit, us", Box::new(|| all(&|i| searcher.near(&typed[i], 1)))),
            ("two edits, us", Box::new(|| all(&|i| searcher.near(&typed[i], 2)))),
            ("like a?b?, us", Box::new(|| all(&|i| searcher.like(&short[i])))),
            ("like abc*yz, us", Box::new(|| all(&|i| searcher.like(&ends[i])))),
            ("inside *mnop*, us", Box::new(|| all(&|i| searcher.containing(parts[i])))),
        ];
        expected.resize(questions.len(), None);
        for ((what, question), expected) in questions.iter().zip(&mut expected) {
            let Some(found) = question() else { continue };
            // A peer that finds other words is not timed: hattrie misses some at two edits.
            if *expected.get_or_insert(found) != found {
                eprintln!("{setting}: {} finds {found} words, others {expected:?}: {what}", contestant.name);
                continue;
            }
            let rounds = (0..ROUNDS).map(|_| ns_each(ASKED * 1000, question).0).collect();
            add(*what, median(rounds));
        }
    }
}
