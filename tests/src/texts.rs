//! Keys as people have them, from a seed: compound words and addresses.

use crate::streams::mix;
use std::collections::BTreeSet;

const ONSETS: [&str; 20] =
    ["b", "br", "c", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v"];
const RIMES: [&str; 24] = [
    "a", "al", "an", "ar", "e", "ed", "el", "en", "er", "es", "i", "in", "ing", "is", "it", "o", "on", "or",
    "ot", "u", "un", "ur", "ust", "y",
];
const ENDINGS: [&str; 8] = ["", "s", "ed", "ing", "ly", "ness", "er", "able"];

/// Digits of a number in unequal bases, each drawn so that small digits are more frequent, as words are in a language.
struct Draw(u64);

impl Draw {
    fn below(&mut self, len: usize) -> usize {
        self.0 = mix(self.0);
        let (a, b) = ((self.0 >> 32) as usize % len, (self.0 & 0xffff_ffff) as usize % len);
        a.min(b)
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn stem(&mut self, text: &mut String) {
        for _ in 0..=self.below(3) {
            text.push_str(self.of(&ONSETS));
            text.push_str(self.of(&RIMES));
        }
    }
}

/// A made-up word of one to four stems with an ending, as `stalgrin-bedness`; different numbers may give the same one.
pub fn compound_word(seed: u64, number: u64) -> String {
    let mut draw = Draw(mix(seed) ^ number);
    let mut word = String::new();
    for part in 0..1 + draw.below(4) {
        if part > 0 && draw.below(4) == 3 {
            word.push('-');
        }
        // Few stems are in most words.
        let stem = draw.below(1 << 16) as u64;
        Draw(mix(seed ^ 77) ^ stem).stem(&mut word);
    }
    word.push_str(draw.of(&ENDINGS));
    word
}

/// A made-up address, as `https://www.gralon.org/stun/item?id=20431&page=7`; different numbers may give the same one.
pub fn url(seed: u64, number: u64) -> String {
    const TOPS: [&str; 6] = ["com", "org", "net", "de", "co.uk", "io"];
    const PARTS: [&str; 12] = [
        "article", "news", "products", "images", "tag", "user", "archive", "forum", "topic", "wiki", "blog",
        "static",
    ];
    let mut draw = Draw(mix(seed) ^ number);
    let host = draw.below(1 << 17) as u64;
    let mut hosts = Draw(mix(seed ^ 99) ^ host);
    let mut text = String::from(if hosts.below(4) == 3 { "http://" } else { "https://" });
    text.push_str(if hosts.below(2) == 0 { "www." } else { "" });
    hosts.stem(&mut text);
    hosts.stem(&mut text);
    text.push('.');
    text.push_str(hosts.of(&TOPS));
    for _ in 0..1 + draw.below(4) {
        text.push('/');
        match draw.below(3) {
            0 => text.push_str(draw.of(&PARTS)),
            1 => {
                let word = draw.below(1 << 16) as u64;
                text.push_str(&compound_word(seed, word));
            }
            _ => text += &format!("{}", 1990 + draw.below(36)),
        }
    }
    match draw.below(4) {
        0 => text += &format!("/{}.html", compound_word(seed, number)),
        1 => text += &format!("/{}", draw.below(1 << 24)),
        2 => text += &format!("?id={}&page={}", draw.below(1 << 24), 1 + draw.below(40)),
        _ => text += &format!("/{}-{}", compound_word(seed, draw.below(1 << 20) as u64), draw.below(1 << 20)),
    }
    text
}

/// `len` different texts of a generator, sorted.
pub fn different(len: usize, seed: u64, make: impl Fn(u64, u64) -> String) -> Vec<String> {
    let mut texts = BTreeSet::new();
    let mut numbers = 0..;
    while texts.len() < len {
        texts.extend(numbers.next().map(|number| make(seed, number)));
    }
    texts.into_iter().collect()
}

/// The words of the file that `FEWBYTES_WORDS` names, one a line, sorted by bytes; `None`, and a line that says so, where it names
/// none.
pub fn word_list() -> Option<Vec<String>> {
    let Some(path) = std::env::var_os("FEWBYTES_WORDS") else {
        eprintln!("skipped: set FEWBYTES_WORDS to a list of words, one a line");
        return None;
    };
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let words: BTreeSet<String> = text.lines().map(str::to_owned).collect();
    Some(words.into_iter().collect())
}
