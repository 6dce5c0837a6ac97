//! Thousands of regular expressions over a stream of messages, where each needs a word to be there: keywords tell which few
//! of them have to run.
//!
//! `just example prefilter`

use anyhow::Context;
use fewbytes::text::aho_corasick::{Keywords, Options};
use fewbytes_examples::{argument, mix, timed, word};
use regex::bytes::{Regex, RegexSet, RegexSetBuilder};
use std::time::Duration;

/// Expressions, unless the argument says another number: each a rule that sends a message somewhere.
const PATTERNS: u64 = 3000;
/// Messages.
const MESSAGES: u64 = 1000;

/// The word that an expression can't match without, and the expression.
fn rule(number: u64) -> (String, String) {
    let (word, other) = (word(number), word(number / 7));
    let pattern = match number % 4 {
        0 => format!(r"\b{word}\s+[a-z]+ing\b"),
        1 => format!(r"(?:{other}|is|was)\s+{word}"),
        2 => format!(r"{word}[:=]\s*\d{{2,6}}"),
        _ => format!(r"\b{word}s?\b.{{0,20}}\b[0-9]+"),
    };
    (word, pattern)
}

/// Words from all over, numbers between them.
fn message(number: u64) -> String {
    let mut draws = (0..).map(|i| mix(number << 32 | i));
    let mut message = String::new();
    let mut draw = || draws.next().unwrap_or_default();
    for _ in 0..10 + draw() % 10 {
        match draw() % 8 {
            0 => message += &format!("{} ", draw() % 10_000),
            1 => message += "is ",
            _ => message += &format!("{} ", word(draw() % 40_000)),
        }
    }
    message
}

fn main() -> anyhow::Result<()> {
    let pattern_len = argument(PATTERNS)?;
    let (words, patterns): (Vec<String>, Vec<String>) = (0..pattern_len).map(rule).unzip();
    let regexes: Vec<Regex> = patterns.iter().map(|pattern| Regex::new(pattern)).collect::<Result<_, _>>()?;
    let messages: Vec<String> = (0..MESSAGES).map(message).collect();

    // Several expressions may need one word: what is found is a word, and it stands for all of them.
    let keywords = Keywords::from_keywords(&words, &Options::default())?;
    let mut rules = vec![Vec::new(); keywords.len() as usize];
    for (rule, word) in words.iter().enumerate() {
        let id = keywords.id_of(word).context("every word is a keyword")?;
        rules[id as usize].push(rule);
    }

    let (all, one_by_one) = timed(|| {
        let matches = |text: &String| -> Vec<usize> {
            (0..regexes.len()).filter(|rule| regexes[*rule].is_match(text.as_bytes())).collect()
        };
        messages.iter().map(matches).collect::<Vec<_>>()
    });
    let set: RegexSet =
        RegexSetBuilder::new(&patterns).size_limit(1 << 30).dfa_size_limit(1 << 28).build()?;
    let (by_set, as_a_set) = timed(|| {
        messages.iter().map(|text| set.matches(text.as_bytes()).iter().collect()).collect::<Vec<Vec<_>>>()
    });
    let mut runs = 0;
    let (few, filtered) = timed(|| {
        let matches = |text: &String| -> Vec<usize> {
            let mut may: Vec<usize> =
                keywords.matching(text).iter().flat_map(|id| rules[*id as usize].iter().copied()).collect();
            runs += may.len();
            may.retain(|rule| regexes[*rule].is_match(text.as_bytes()));
            may.sort_unstable();
            may
        };
        messages.iter().map(matches).collect::<Vec<_>>()
    });

    assert_eq!(few, all, "the same expressions match");
    assert_eq!(by_set, all, "as a set, too");
    let found: usize = all.iter().map(Vec::len).sum();
    let times = |slow: Duration| slow.as_secs_f64() / filtered.as_secs_f64();
    println!("{pattern_len} expressions, {MESSAGES} messages, {found} matches");
    println!("all, one by one:      {one_by_one:>10.1?}");
    println!("all, as a RegexSet:   {as_a_set:>10.1?}");
    println!("those whose word is there, {:.1} a message: {filtered:.1?}", runs as f64 / MESSAGES as f64);
    println!("{:.0} times as fast as one by one, {:.0} times as a set", times(one_by_one), times(as_a_set));
    Ok(())
}
