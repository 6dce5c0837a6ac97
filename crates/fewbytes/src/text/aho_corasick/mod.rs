//! [`Keywords`]: an automaton that finds all of them in one pass.

mod build;
mod cursor;
mod entry;
mod filter;
mod jump;
mod scan;
mod stream;
mod table;

pub use build::KeywordsBuilder;
pub use cursor::KeywordsCursor;
pub use entry::{DENSE, ENTRY, FOLD, MATCHES, WORDS};
pub use stream::Stream;

use super::header::{self, Counts, VALUE_BITS};
use super::{Prefix, Values};
use crate::layout::{Buffer, Field, Format, Frame};
use crate::{Error, Result};
use alloc::{vec, vec::Vec};
use scan::Scan;
use table::{Shape, Table};

const STATE_LEN: Field<u32> = VALUE_BITS.then("state_len", "states; 0 where there is no keyword");
const CLASS_LEN: Field<u32> = STATE_LEN.then("class_len", "classes of bytes");
const ROW_LEN: Field<u32> = CLASS_LEN.then("row_len", "states that have a row");
const LINK_LEN: Field<u32> = ROW_LEN.then("link_len", "links");
const TRIGRAM_BITS: Field<u8> = LINK_LEN.then("trigram_bits", "binary logarithm of the trigrams' words");
const PAIR_BITS: Field<u8> =
    TRIGRAM_BITS.then("pair_bits", "binary logarithm of the pairs' bits; 0: there are none");
const PREFIX_BITS: Field<u8> = PAIR_BITS.then("prefix_bits", "binary logarithm of the prefixes' bits");
const SIX_BITS: Field<u8> = PREFIX_BITS
    .then("six_bits", "binary logarithm of the buckets of jumps after six bytes; 0: there are none");
const FOUR_BITS: Field<u8> = SIX_BITS
    .then("four_bits", "binary logarithm of the buckets of jumps after four bytes; 0: there are none");
const MATCH_KIND: Field<u8> =
    FOUR_BITS.then("match_kind", "0: all matches, 1: leftmost-first, 2: leftmost-longest");
const WHOLE_WORDS: Field<u8> = MATCH_KIND.then("whole_words", "1: only whole words match");
const FOLD_CASE: Field<u8> = WHOLE_WORDS.then("fold_case", "1: ASCII letters of both cases are one");
const FORM: Field<u8> = FOLD_CASE.then("form", "0: compact, 1: dense");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 22,
    slug: "keywords",
    version: 1,
    parameters: &{
        let [key_len, text_len, longest_len, value_bits] = header::ROWS;
        [
            key_len,
            text_len,
            longest_len,
            value_bits,
            STATE_LEN.row(),
            CLASS_LEN.row(),
            ROW_LEN.row(),
            LINK_LEN.row(),
            TRIGRAM_BITS.row(),
            PAIR_BITS.row(),
            PREFIX_BITS.row(),
            SIX_BITS.row(),
            FOUR_BITS.row(),
            MATCH_KIND.row(),
            WHOLE_WORDS.row(),
            FOLD_CASE.row(),
            FORM.row(),
        ]
    },
    payload: "the class of each byte; the jumps after six bytes and after four; the states, eight in a block; the filter's trigrams, pairs and prefixes; the rows; \
              the links; the first state of each level; the keywords, by state; the place of each, by id; values",
};

/// Which matches are found.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum MatchKind {
    /// All, in the order of their ends; of those with one end, the longest first.
    #[default]
    All,
    /// Of those that begin first, the one whose keyword has the least id; then on from its end.
    LeftmostFirst,
    /// Of those that begin first, the longest; then on from its end.
    LeftmostLongest,
}

impl MatchKind {
    const EACH: [Self; 3] = [Self::All, Self::LeftmostFirst, Self::LeftmostLongest];
}

/// How many bytes are spent on speed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Form {
    /// Rows for the states near the root, in half as many bytes as all states have.
    #[default]
    Compact,
    /// Rows for many more, in 16 times as many bytes as all states have.
    Dense,
}

/// What can be chosen when keywords are built.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Options {
    /// Which matches [`Keywords::find_iter`] finds.
    pub match_kind: MatchKind,
    /// Whether only whole words match: no letter, digit, underscore or byte beyond ASCII before and after them.
    pub whole_words: bool,
    /// Whether ASCII letters of both cases are one. Keywords are then kept in lower case.
    pub fold_case: bool,
    /// How many bytes are spent on speed.
    pub form: Form,
}

/// A keyword in a text.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Match {
    /// The keyword's id.
    pub id: u64,
    /// Its first byte in the text.
    pub start: u64,
    /// The first byte after it.
    pub end: u64,
}

#[doc = include_str!("../keywords.md")]
#[derive(Clone)]
pub struct Keywords<D = Buffer> {
    frame: Frame<D>,
    counts: Counts,
    shape: Shape,
    options: Options,
}

fn write_header(bytes: &mut [u8], shape: &Shape, options: &Options) {
    shape.counts.write(bytes);
    STATE_LEN.set(bytes, shape.state_len);
    CLASS_LEN.set(bytes, shape.class_len);
    ROW_LEN.set(bytes, shape.row_len);
    LINK_LEN.set(bytes, shape.link_len);
    TRIGRAM_BITS.set(bytes, shape.trigram_bits as u8);
    PAIR_BITS.set(bytes, shape.pair_bits as u8);
    PREFIX_BITS.set(bytes, shape.prefix_bits as u8);
    SIX_BITS.set(bytes, shape.jump_bits[0] as u8);
    FOUR_BITS.set(bytes, shape.jump_bits[1] as u8);
    MATCH_KIND.set(bytes, options.match_kind as u8);
    WHOLE_WORDS.set(bytes, options.whole_words.into());
    FOLD_CASE.set(bytes, options.fold_case.into());
    FORM.set(bytes, options.form as u8);
}

impl Keywords {
    /// The store of these keywords; ids are their order, and repeated ones count once.
    ///
    /// # Errors
    /// [`Error::KeyLength`] when one is too long; [`Error::CannotGrow`] when memory can't be had.
    pub fn from_keywords<I>(keywords: I, options: &Options) -> Result<Self>
    where
        I: IntoIterator<Item: AsRef<[u8]>>,
    {
        let mut builder = KeywordsBuilder::new(options);
        builder.insert_all(keywords)?;
        builder.finish()
    }
}

impl<D: AsRef<[u8]>> Keywords<D> {
    /// Opens the bytes of keywords where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not the bytes of keywords: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        Self::with_frame(Frame::open(data, &FORMAT)?)
    }

    /// Checks the parameters in the frame.
    fn with_frame(frame: Frame<D>) -> Result<Self> {
        let bytes = frame.bytes();
        let counts = Counts::read(bytes)?;
        let shape = Shape {
            counts,
            state_len: STATE_LEN.get(bytes),
            class_len: CLASS_LEN.get(bytes),
            row_len: ROW_LEN.get(bytes),
            link_len: LINK_LEN.get(bytes),
            trigram_bits: TRIGRAM_BITS.get(bytes).into(),
            pair_bits: PAIR_BITS.get(bytes).into(),
            prefix_bits: PREFIX_BITS.get(bytes).into(),
            jump_bits: [SIX_BITS.get(bytes).into(), FOUR_BITS.get(bytes).into()],
        };
        shape.check(frame.payload().len() as u64)?;
        let kind = MATCH_KIND.get(bytes);
        let flag = |field: &Field<u8>| match field.get(bytes) {
            value @ 0..=1 => Ok(value == 1),
            value => Err(Error::field(field.name(), "0 or 1", value)),
        };
        let options = Options {
            match_kind: *MatchKind::EACH
                .get(usize::from(kind))
                .ok_or_else(|| Error::field(MATCH_KIND.name(), "0, 1 or 2", kind))?,
            whole_words: flag(&WHOLE_WORDS)?,
            fold_case: flag(&FOLD_CASE)?,
            form: if flag(&FORM)? { Form::Dense } else { Form::Compact },
        };
        Ok(Self { frame, counts, shape, options })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    fn table(&self) -> Table<'_> {
        let Options { fold_case, whole_words, .. } = self.options;
        Table::new(&self.shape, self.frame.payload(), fold_case, whole_words)
    }

    /// What was chosen when it was built.
    pub fn options(&self) -> Options {
        self.options
    }

    /// Which matches [`find_iter`](Self::find_iter) finds.
    pub fn match_kind(&self) -> MatchKind {
        self.options.match_kind
    }

    /// States of the automaton.
    pub fn state_len(&self) -> u64 {
        self.shape.state_len.into()
    }

    /// The keywords in `haystack`, by the store's [`match_kind`](Self::match_kind).
    pub fn find_iter<'t, H: AsRef<[u8]> + ?Sized>(
        &'t self,
        haystack: &'t H,
    ) -> impl Iterator<Item = Match> + 't {
        self.find_iter_by(self.match_kind(), haystack)
    }

    /// All keywords in `haystack`, also those inside of others.
    pub fn find_overlapping_iter<'t, H>(&'t self, haystack: &'t H) -> impl Iterator<Item = Match> + 't
    where
        H: AsRef<[u8]> + ?Sized,
    {
        self.find_iter_by(MatchKind::All, haystack)
    }

    /// The keywords in `haystack`, by any kind: it is only the search in which kinds differ.
    pub fn find_iter_by<'t, H>(&'t self, kind: MatchKind, haystack: &'t H) -> impl Iterator<Item = Match> + 't
    where
        H: AsRef<[u8]> + ?Sized,
    {
        let mut scan = Scan::new(self.table(), kind);
        let haystack = haystack.as_ref();
        core::iter::from_fn(move || scan.next(haystack, true))
    }

    /// The places of `haystack` that the filter leaves: no keyword begins anywhere else.
    pub fn candidates(&self, haystack: impl AsRef<[u8]>) -> Vec<usize> {
        let (table, text) = (self.table(), haystack.as_ref());
        let (mut places, mut found, mut from) = (Vec::new(), filter::NO_PLACES, 0);
        loop {
            let (to, len) = table.filter.fill(text, from, true, &mut found);
            places.extend(found.iter().take(len).map(|place| from + usize::from(*place)));
            if to <= from {
                return places;
            }
            from = to;
        }
    }

    /// Whether any keyword is in `haystack`.
    pub fn is_match(&self, haystack: impl AsRef<[u8]>) -> bool {
        Scan::new(self.table(), MatchKind::All).next(haystack.as_ref(), true).is_some()
    }

    /// The ids of the keywords that are in `text`, each once, the least first. Where each keyword stands for a regular
    /// expression that can't match without it, only those of these ids have to run.
    pub fn matching(&self, text: impl AsRef<[u8]>) -> Vec<u64> {
        let mut ids = Vec::new();
        let mut seen = vec![0_u64; self.counts.key_len.div_ceil(64) as usize];
        let mut scan = Scan::new(self.table(), MatchKind::All);
        while let Some((key, _)) = scan.next_of_all(text.as_ref(), true) {
            let Some(word) = seen.get_mut(key.id as usize / 64) else { continue };
            if *word >> (key.id % 64) & 1 == 0 {
                *word |= 1 << (key.id % 64);
                ids.push(key.id.into());
            }
        }
        ids.sort_unstable();
        ids
    }

    /// Whether `key` is one of the keywords.
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.id_of(key).is_some()
    }

    /// The id of a keyword.
    pub fn id_of(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        let table = self.table();
        table.id_at(table.find(key.as_ref())?)
    }

    /// Writes the keyword of an id over `key`. False, and `key` is then empty, where there is none.
    pub fn key_of(&self, id: u64, key: &mut Vec<u8>) -> bool {
        key.clear();
        let table = self.table();
        let Some(mut state) = table.place_of(id).and_then(|place| table.state_of(place)) else {
            return false;
        };
        // A parent is before its child: damaged links end, too.
        while state > 0 {
            let Some(parent) = table.parent(state).filter(|_| key.len() < self.counts.longest_len as usize)
            else {
                key.clear();
                return false;
            };
            key.push(table.label(state));
            state = parent;
        }
        key.reverse();
        true
    }

    /// The value of a keyword; `None` where it is not stored, or keywords have no values.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        self.values()?.get(self.id_of(key)?)
    }

    /// The values, by id; `None` where keywords have none.
    pub fn values(&self) -> Option<Values<'_>> {
        self.table().values
    }

    /// The keywords with which `text` begins, the shortest first.
    pub fn prefixes_of<'t>(
        &'t self,
        text: &'t (impl AsRef<[u8]> + ?Sized),
    ) -> impl Iterator<Item = Prefix> + 't {
        cursor::prefixes_of(self.table(), text.as_ref())
    }

    /// A cursor at the root of the trie of the keywords.
    pub fn walk(&self) -> KeywordsCursor<'_> {
        KeywordsCursor::new(self.table())
    }
}

#[cfg(test)]
mod tests;
