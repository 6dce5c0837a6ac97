//! Searches and keywords against the naive ones.

use super::{Script, text::stores};
use crate::{
    keywords::check,
    searches::{Check, Expression, LikePattern, NearTo, Plain, With},
    stores::{Map, built, keys_of},
};
use fewbytes::text::{
    aho_corasick::{Form, Options},
    search::Search,
};
use std::ops::Bound;

/// What patterns and expressions are made of.
const PIECES: [&str; 16] =
    ["a", "b", "*", "?", ".", "é", "ab", "\\", "[a-c]", "(a|ab)", "|", "+", "^", "$", "(?-u:\\xFF)", "\\w"];

/// Any search on one store says what the naive one says.
pub(super) fn search(input: &[u8]) {
    let script = &mut Script::new(input);
    let cases = stores();
    let case = script.of(&cases);
    let mut keys = script.keys();
    keys.truncate(80);
    let map: Map = keys.into_iter().zip((0_u64..).map(|i| i * 7 % 11)).collect();
    let store = built(case, &map, true).store;
    let (name, store) = (&case.name, keys_of(&*store));
    for _ in 0..8 {
        match script.byte() % 8 {
            0 | 1 => {
                let (edits, by_bytes, transpositions) =
                    (1 + script.below(2) as u32, script.flag(), script.flag());
                NearTo { word: &text(script), edits, by_bytes, transpositions }.check(name, store, &map);
            }
            2 | 3 => {
                let pattern = pattern(script, 7);
                if store.like(&pattern).is_ok() {
                    LikePattern(pattern.as_bytes()).check(name, store, &map);
                }
            }
            4 | 5 => {
                let (part, least, most) = (text(script), text(script), text(script));
                let bound = |kind: usize, text| {
                    [Bound::Included(text), Bound::Excluded(text), Bound::Unbounded][kind]
                };
                let (least, most) = (bound(script.below(3), &least[..]), bound(script.below(3), &most[..]));
                Plain { part: &part, least, most }.check(name, store, &map);
            }
            6 => {
                let (step, more) = (1 + script.below(5), script.keys());
                let mut other: Map = map.clone().into_iter().step_by(step).collect();
                other.extend(more.into_iter().take(80).map(|key| (key, 0)));
                With(&other).check(name, store, &map);
            }
            _ => {
                let pattern = pattern(script, 5);
                let naive = regex::bytes::Regex::new(&pattern);
                if naive.is_ok() && store.regex(&pattern).is_ok() {
                    Expression(&pattern).check(name, store, &map);
                }
            }
        }
        if script.is_done() {
            break;
        }
    }
}

fn text(script: &mut Script<'_>) -> Vec<u8> {
    match script.flag() {
        true => pattern(script, 5).into_bytes(),
        false => script.bytes(8).to_vec(),
    }
}

fn pattern(script: &mut Script<'_>, most: usize) -> String {
    (0..script.below(most + 1)).map(|_| *script.of(&PIECES)).collect()
}

/// Keywords of any bytes in any text, in any chunks.
pub(super) fn keywords(input: &[u8]) {
    let script = &mut Script::new(input);
    let options = Options {
        whole_words: script.flag(),
        fold_case: script.flag(),
        form: if script.flag() { Form::Dense } else { Form::Compact },
        ..Options::default()
    };
    let mut keywords = script.keys();
    keywords.truncate(60);
    let mut text = Vec::new();
    while !script.is_done() && text.len() < 400 {
        match script.byte() {
            0..100 if !keywords.is_empty() => {
                let keyword = script.of(&keywords);
                let len = script.below(keyword.len() + 1);
                text.extend_from_slice(&keyword[..len]);
            }
            100..130 => text.push(*script.of(b" _-AZaz\xC3\0")),
            _ => text.extend_from_slice(script.bytes(9)),
        }
    }
    let mut cuts: Vec<usize> = (0..script.below(8)).map(|i| text.len() * (i * 37 % 8) / 8).collect();
    cuts.sort_unstable();
    check(&keywords, &options, &text, &cuts).expect("few");
}
