//! What the catalogue knows of keywords.

use super::{FORMAT, Form, Keywords, KeywordsBuilder, KeywordsCursor, MatchKind, Options};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source, Text};
use crate::layout::Region;
use crate::text::face::{one_by_one, text_face};
use crate::text::{Gather, Ids};
use crate::{Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};

/// Which matches are found.
pub const MATCHES: Parameter = Parameter {
    name: "matches",
    unit: "",
    range: Range::Whole(0, 2),
    default: Some(Number::Whole(0)),
    doc: "which matches are found: 0 all, 1 leftmost-first, 2 leftmost-longest",
};

/// Whether only whole words match.
pub const WORDS: Parameter = Parameter {
    name: "words",
    unit: "",
    range: Range::Either(0, 1),
    default: Some(Number::Whole(0)),
    doc: "1: only whole words match",
};

/// Whether ASCII letters of both cases are one.
pub const FOLD: Parameter = Parameter {
    name: "fold",
    unit: "",
    range: Range::Either(0, 1),
    default: Some(Number::Whole(0)),
    doc: "1: ASCII letters of both cases are one; keywords are kept in lower case",
};

/// How many bytes are spent on speed.
pub const DENSE: Parameter = Parameter {
    name: "dense",
    unit: "",
    range: Range::Either(0, 1),
    default: Some(Number::Whole(0)),
    doc: "1: rows for many more states: faster where keywords are many and text is full of them, and several times the bytes",
};

fn options(settings: &Settings) -> Options {
    let flag = |parameter| settings.whole(parameter) == 1;
    Options {
        match_kind: MatchKind::EACH.get(settings.whole(&MATCHES) as usize).copied().unwrap_or_default(),
        whole_words: flag(&WORDS),
        fold_case: flag(&FOLD),
        form: if flag(&DENSE) { Form::Dense } else { Form::Compact },
    }
}

fn builder(settings: &Settings) -> KeywordsBuilder {
    KeywordsBuilder::new(&options(settings)).with_seed(settings.seed)
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "Aho-Corasick keywords",
    type_name: "Keywords",
    family: Family::Text,
    summary: "Finds thousands to millions of keywords in a text, in one pass over it.",
    choose: "keywords are to be found inside of other text",
    format: &FORMAT,
    parameters: &[&MATCHES, &WORDS, &FOLD, &DENSE],
    contains: true,
    inserts: false,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::None,
    error: "none: it tells exactly which keywords are where",
    std_error: |_| Ok(0.0),
    space: "at most 6 bytes a state (dense: 68), 4 a link, 3 binary logarithms of n and one of the longest in bits for each of n keywords, 16 to 32 bytes a different trigram and 2 to 4 a keyword for the filter, 8.5 to 17 a different prefix of four and of six bytes for the jumps",
    bytes: |settings| Ok(builder(settings).finish()?.as_bytes().len() as u64),
    sources: &[Source {
        authors: "Aho, Corasick",
        year: 1975,
        title: "Efficient string matching: an aid to bibliographic search",
        venue: "Communications of the ACM 18",
    }],
    essay: include_str!("../keywords.md"),
    build: |settings| Ok(Box::new(builder(settings).finish()?)),
    builder: Some(|settings| Ok(Gather::boxed(settings, |settings, _| Ok(Box::new(builder(settings)))))),
    text: Some(Text {
        ids: Ids::Dense,
        sorted: false,
        builder: |settings, _| Ok(Box::new(builder(settings))),
    }),
    open: |bytes| Ok(Box::new(Keywords::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(Keywords::open(bytes)?)),
};

one_by_one!(Keywords);
text_face!(Keywords, KeywordsCursor, Ids::Dense, view {
    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::from([Fact::new("states", self.shape.state_len, "")]);
        if !self.is_empty() {
            let bytes = self.as_bytes().len() as f64 / self.counts.key_len as f64;
            facts.push(Fact::new("bytes a keyword", format_args!("{bytes:.2}"), "bytes"));
        }
        facts
    }
    fn regions(&self) -> Vec<Region> {
        self.frame.regions(&FORMAT)
    }
});
