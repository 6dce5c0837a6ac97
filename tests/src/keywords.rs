//! Keywords beside the naive search: what the suite `keywords` and the fuzz target of that name ask.

use fewbytes::text::aho_corasick::{Keywords, Match, MatchKind, Options};
use std::collections::BTreeSet;

/// All match kinds.
pub const KINDS: [MatchKind; 3] = [MatchKind::All, MatchKind::LeftmostFirst, MatchKind::LeftmostLongest];

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The keywords as they are kept, by id.
pub fn kept(keywords: &[Vec<u8>], options: &Options) -> Vec<Vec<u8>> {
    let mut kept = Vec::new();
    for keyword in keywords {
        let keyword = if options.fold_case { keyword.to_ascii_lowercase() } else { keyword.clone() };
        if !kept.contains(&keyword) {
            kept.push(keyword);
        }
    }
    kept
}

/// Each place of the text with each keyword.
pub fn naive(keywords: &[Vec<u8>], options: &Options, kind: MatchKind, text: &[u8]) -> Vec<Match> {
    let folded = if options.fold_case { text.to_ascii_lowercase() } else { text.to_vec() };
    let mut found = Vec::new();
    for start in 0..text.len() {
        for (id, keyword) in (0..).zip(keywords) {
            let end = start + keyword.len();
            let cut =
                start > 0 && is_word(text[start - 1]) || text.get(end).is_some_and(|byte| is_word(*byte));
            if !keyword.is_empty() && folded[start..].starts_with(keyword) && !(options.whole_words && cut) {
                found.push(Match { id, start: start as u64, end: end as u64 });
            }
        }
    }
    match kind {
        MatchKind::All => found.sort_by_key(|found| (found.end, found.start)),
        _ => {
            let better = |found: &Match| match kind {
                MatchKind::LeftmostFirst => found.id,
                _ => u64::MAX - found.end,
            };
            found.sort_by_key(|found| (found.start, better(found)));
            let mut end = 0;
            found.retain(|found| {
                let follows = found.start >= end;
                end = if follows { found.end } else { end };
                follows
            });
        }
    }
    found
}

/// The matches in the chunks between the cuts, which are in order.
pub fn streamed(keywords: &Keywords, kind: MatchKind, text: &[u8], cuts: &[usize]) -> Vec<Match> {
    let mut stream = keywords.stream_by(kind);
    let mut found = Vec::new();
    let mut from = 0;
    for cut in cuts.iter().chain([&text.len()]) {
        found.extend(stream.feed(&text[from..*cut]));
        from = *cut;
    }
    found.extend(stream.finish());
    found
}

/// All that keywords find in a text, whole and in chunks, owned and opened, is what the naive search finds.
///
/// # Errors
/// When they can't be built or opened.
///
/// # Panics
/// When it is not.
pub fn check(keywords: &[Vec<u8>], options: &Options, text: &[u8], cuts: &[usize]) -> fewbytes::Result<()> {
    let store = Keywords::from_keywords(keywords, options)?;
    let kept = kept(keywords, options);
    assert_eq!(store.len(), kept.len() as u64);
    let mapped = Keywords::open(store.as_bytes())?;
    for kind in KINDS {
        let expected = naive(&kept, options, kind, text);
        let found: Vec<Match> = mapped.find_iter_by(kind, text).collect();
        assert_eq!(&found, &expected, "{:?}", kind);
        assert_eq!(streamed(&store, kind, text, cuts), expected, "{:?} in chunks", kind);
    }
    let all = naive(&kept, options, MatchKind::All, text);
    let ids: BTreeSet<u64> = all.iter().map(|found| found.id).collect();
    assert_eq!(store.matching(text), ids.into_iter().collect::<Vec<_>>());
    assert_eq!(store.is_match(text), !all.is_empty());
    Ok(())
}
