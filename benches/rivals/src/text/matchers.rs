//! Many keywords in a stream: the same matches in the same text.

use super::Texts;
use crate::{
    keys::key,
    results::{Results, Whose},
    timing::{bytes_of, median, ns_each},
};

/// Keywords over a text.
pub trait Matcher {
    /// All matches, also those that overlap.
    fn count_all(&self, haystack: &[u8]) -> usize;
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
    /// Makes one of different keywords.
    pub make: fn(&Texts) -> Option<Box<dyn Matcher>>,
}

const fn peer(name: &'static str, make: fn(&Texts) -> Option<Box<dyn Matcher>>) -> Contestant {
    Contestant { name, whose: Whose::Peers, make }
}

const PEERS: &[Contestant] = &[
    peer("aho-corasick, automatic", |keys| Some(Box::new(aho_corasick::AhoCorasick::new(keys.iter()).ok()?))),
    peer("aho-corasick, DFA", |keys| {
        let kind = Some(aho_corasick::AhoCorasickKind::DFA);
        Some(Box::new(aho_corasick::AhoCorasick::builder().kind(kind).build(keys.iter()).ok()?))
    }),
    peer("daachorse, bytewise", |keys| {
        Some(Box::new(daachorse::DoubleArrayAhoCorasick::<u32>::new(keys.iter()).ok()?))
    }),
];

impl Matcher for aho_corasick::AhoCorasick {
    fn count_all(&self, haystack: &[u8]) -> usize {
        self.find_overlapping_iter(haystack).count()
    }
}

impl Matcher for daachorse::DoubleArrayAhoCorasick<u32> {
    fn count_all(&self, haystack: &[u8]) -> usize {
        self.find_overlapping_iter(haystack).count()
    }
    fn bytes(&self) -> Option<u64> {
        Some(self.serialize().len() as u64)
    }
}

/// Bytes of the text.
const TEXT: usize = 32 << 20;
/// Rounds; the figure is their median.
const ROUNDS: usize = 3;

/// The setting's name, by which bars look it up.
pub fn setting(len: usize, name: &str) -> String {
    format!("{} k keywords of {name} in 32 MB of messages", len / 1000)
}

/// Short messages: lines of twelve words, of which few are frequent.
fn messages(words: &Texts) -> Vec<u8> {
    let mut text = Vec::with_capacity(TEXT + 64);
    for i in 0.. {
        if text.len() >= TEXT {
            break;
        }
        let draw = key(i);
        // Uniform in the logarithm of the rank, as frequencies of words nearly are.
        let share = (draw >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = (words.len() as f64).powf(share) as u64;
        let word = words.get((key(rank) % words.len() as u64) as usize);
        text.extend_from_slice(word);
        text.push(if i % 12 == 11 { b'\n' } else { b' ' });
    }
    text
}

/// Runs all contestants with 1,000, 10,000 and 100,000 keywords of a set of words.
pub fn run(results: &mut Results, name: &str, words: &Texts, ours: &[Contestant], tell: &dyn Fn(&str)) {
    let text = messages(words);
    for len in [1000, 10_000, 100_000] {
        let setting = setting(len, name);
        // Drawn without order, and no shorter than four bytes, as lists of keywords are.
        let keywords = words.filtered(|word| word.len() >= 4).sample_different(len);
        let mut expected = None;
        for contestant in ours.iter().chain(PEERS) {
            tell(&format!("{setting}: {}", contestant.name));
            let who = (contestant.name, contestant.whose);
            let (made, held, peak) = bytes_of(|| ns_each(1_000_000, || (contestant.make)(&keywords)));
            let (build, Some(matcher)) = made else { continue };
            let found = matcher.count_all(&text);
            assert_eq!(*expected.get_or_insert(found), found, "{}: other matches", contestant.name);
            let rounds = (0..ROUNDS).map(|_| ns_each(TEXT >> 10, || matcher.count_all(&text)).0).collect();
            let mut add = |what, value| results.add(&setting, who, what, value);
            add("all matches, ns a KiB", median(rounds));
            add("bytes a keyword", matcher.bytes().unwrap_or(held as u64) as f64 / len as f64);
            add("peak bytes a keyword", peak as f64 / len as f64);
            add("build, ms", build);
        }
    }
}
