//! [`Dawg`]: the minimal automaton of a set of keys.

mod ask;
mod build;
mod code;
mod cursor;
#[cfg_attr(not(feature = "dawg-fast"), path = "without_fast.rs")]
mod fast;
mod layout;
mod pack;
mod register;
mod small;

pub use build::DawgBuilder;
pub use cursor::DawgCursor;

use super::face::{one_by_one, text_face};
use super::header::{self, Counts, VALUE_BITS};
use super::{Gather, Ids, KeyList, Prefix, Values, values};
use crate::entry::{Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source, Text};
use crate::layout::{Buffer, Field, FieldRow, Format, Frame, Region};
use crate::{Error, Estimate, Result, Sigmas, entry};
use alloc::{boxed::Box, vec::Vec};
use fast::Fast;
use small::Small;

const MODE: Field<u32> = VALUE_BITS.then("mode", "0: small, edges of bits; 1: fast, a double array");
const POINTER_LEN: Field<u32> = MODE.then("pointer_len", "bytes of a link, 3 to 5; 0 where it is small");
const STATE_LEN: Field<u64> = POINTER_LEN.then("state_len", "states, the one without edges included");
const EDGE_LEN: Field<u64> = STATE_LEN.then("edge_len", "edges");
const BODY_LEN: Field<u64> = EDGE_LEN.then("body_len", "bytes of the automaton");

const ROWS: [FieldRow; 9] = {
    let [keys, text, longest, values] = header::ROWS;
    [
        keys,
        text,
        longest,
        values,
        MODE.row(),
        POINTER_LEN.row(),
        STATE_LEN.row(),
        EDGE_LEN.row(),
        BODY_LEN.row(),
    ]
};

/// Bytes of an automaton that the caches keep, more or less: there keys are found one by one, as ids take 1.5 times as long
/// side by side. At 51 MB, walks side by side are 2.0 times as fast, with ids 3.3 times (`cargo bench -p fewbytes-benches
/// --bench together`).
const NEAR: usize = 1 << 23;

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 18,
    slug: "dawg",
    version: 1,
    parameters: &ROWS,
    payload: "the automaton; then, at a multiple of 8 bytes, the values by id, where keys have them",
};

/// The way in which the automaton is laid out.
pub const FAST: Parameter = Parameter {
    name: "fast",
    unit: "",
    range: Range::Either(0, 1),
    default: Some(Number::Whole(0)),
    doc: "0: fewest bytes; 1: about twice as many bytes, and a fifth of the time to look a key up",
};

/// How the automaton of a [`Dawg`] is laid out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Mode {
    /// In bits: the fewest bytes.
    #[default]
    Small = 0,
    /// In bytes: the least time.
    Fast = 1,
}

#[doc = include_str!("../dawg.md")]
#[derive(Clone)]
pub struct Dawg<D = Buffer> {
    frame: Frame<D>,
    counts: Counts,
    body_len: usize,
    form: Form,
}

/// What is to be known of the bytes, beside where they are.
#[derive(Clone, Copy)]
#[allow(clippy::large_enum_variant)] // It lives in place, beside the frame; a box would be one more step a lookup.
enum Form {
    Small(small::Shape),
    Fast(fast::Shape),
}

/// Does the same for both layouts.
macro_rules! laid_out {
    ($dawg:expr, $layout:ident => $do:expr) => {
        match &$dawg.form {
            Form::Small(shape) => {
                let $layout = Small::new($dawg.body(), shape);
                $do
            }
            Form::Fast(shape) => {
                let $layout = Fast::new($dawg.body(), shape);
                $do
            }
        }
    };
}

/// The iterators of both layouts.
enum Prefixes<S, F> {
    Small(S),
    Fast(F),
}

impl<S: Iterator<Item = Prefix>, F: Iterator<Item = Prefix>> Iterator for Prefixes<S, F> {
    type Item = Prefix;

    #[inline]
    fn next(&mut self) -> Option<Prefix> {
        match self {
            Self::Small(prefixes) => prefixes.next(),
            Self::Fast(prefixes) => prefixes.next(),
        }
    }
}

/// Where the values begin after so many bytes of automaton.
fn values_start(body_len: u64) -> u64 {
    body_len.next_multiple_of(8)
}

impl Dawg {
    /// A builder that takes sorted keys, without values.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn builder(mode: Mode) -> Result<DawgBuilder> {
        DawgBuilder::new(mode, false, 0)
    }

    /// The store of these keys, in any order; repeated ones count once.
    ///
    /// # Errors
    /// [`Error::KeyLength`] when a key is too long, [`Error::CannotGrow`] when memory can't be had.
    pub fn from_keys<I: IntoIterator<Item: AsRef<[u8]>>>(keys: I, mode: Mode) -> Result<Self> {
        let keys = KeyList::from_keys(keys)?;
        Self::from_sorted(keys.iter().map(|(key, _)| key), mode)
    }

    /// The store of keys that come in the order of their bytes; repeated ones count once.
    ///
    /// # Errors
    /// [`Error::Order`] when one comes before the last, [`Error::KeyLength`] when it is too long, [`Error::CannotGrow`] when
    /// memory can't be had.
    pub fn from_sorted<I: IntoIterator<Item: AsRef<[u8]>>>(keys: I, mode: Mode) -> Result<Self> {
        let mut builder = Self::builder(mode)?;
        keys.into_iter().try_for_each(|key| builder.push(key, None))?;
        builder.finish()
    }

    /// The store of keys with values, in any order; of repeated keys the first one counts.
    ///
    /// # Errors
    /// Those of [`from_keys`](Self::from_keys).
    pub fn from_pairs<K: AsRef<[u8]>>(pairs: impl IntoIterator<Item = (K, u64)>, mode: Mode) -> Result<Self> {
        let mut list = KeyList::new();
        pairs.into_iter().try_for_each(|(key, value)| list.push(key.as_ref(), Some(value)))?;
        list.sort();
        let mut builder = DawgBuilder::new(mode, true, 0)?;
        list.iter().try_for_each(|(key, value)| builder.push(key, value))?;
        builder.finish()
    }
}

impl<D: AsRef<[u8]>> Dawg<D> {
    /// Opens the bytes of a store where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a store's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        Self::with_frame(Frame::open(data, &FORMAT)?)
    }

    /// Checks the parameters in the frame.
    fn with_frame(frame: Frame<D>) -> Result<Self> {
        let bytes = frame.bytes();
        let counts = Counts::read(bytes)?;
        let (body_len, payload_len) = (BODY_LEN.get(bytes), frame.payload().len() as u64);
        let values_len = values::bytes_for(counts.key_len, counts.value_bits);
        // Each is below 2^50, and the sum is, too.
        if body_len > payload_len || values_start(body_len) + values_len != payload_len {
            let expected = format_args!("what the values leave of {payload_len}");
            return Err(Error::field(BODY_LEN.name(), expected, body_len));
        }
        let body = frame.payload().get(..body_len as usize).unwrap_or_default();
        let pointer_len = POINTER_LEN.get(bytes);
        let form = match MODE.get(bytes) {
            0 if pointer_len == 0 => Form::Small(small::Shape::read(body)?),
            1 if fast::LINK_BYTES.contains(&pointer_len) => Form::Fast(fast::Shape::read(body, pointer_len)?),
            0 => return Err(Error::field(POINTER_LEN.name(), "0", pointer_len)),
            1 => return Err(Error::field(POINTER_LEN.name(), "3 to 5", pointer_len)),
            mode => return Err(Error::field(MODE.name(), "0 or 1", mode)),
        };
        // An edge takes a bit at least. Every state but the root and, where there is no key, the one without edges, has an
        // edge that leads to it.
        let (longest, edge_len) = (u64::from(counts.longest_len), EDGE_LEN.get(bytes));
        for (field, value, least, most) in [
            (&EDGE_LEN, edge_len, longest, 8 * body_len),
            (&STATE_LEN, STATE_LEN.get(bytes), longest.max(1) + 1, edge_len.saturating_add(2)),
        ] {
            if !(least..=most).contains(&value) {
                return Err(Error::field(field.name(), format_args!("from {least} to {most}"), value));
            }
        }
        Ok(Self { counts, body_len: body.len(), form, frame })
    }

    #[inline]
    fn body(&self) -> &[u8] {
        self.frame.payload().get(..self.body_len).unwrap_or_default()
    }

    /// Compares the checksum, where the bytes are sealed, and walks to every key. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed; [`Error::Field`] when the keys are not those that
    /// the header counts.
    pub fn verify(&self) -> Result<()> {
        use super::Cursor;
        self.frame.verify()?;
        let (mut cursor, mut found) =
            (self.walk(), Counts { value_bits: self.counts.value_bits, ..Counts::default() });
        let mut fuel = self.text_len().saturating_add(1);
        let mut there = cursor.is_key() || cursor.next_key_within(0, &mut fuel);
        while there && found.key_len <= self.len() {
            // The way there by labels counts what lies before each of them.
            let id = self.id_of(cursor.path());
            if id != Some(found.key_len) || id != cursor.id() {
                return Err(Error::field("id", found.key_len, id.unwrap_or_default()));
            }
            found.add(cursor.path())?;
            there = cursor.next_key_within(0, &mut fuel);
        }
        match found == self.counts {
            true => Ok(()),
            false => Err(Error::field(header::KEY_LEN.name(), found.key_len, self.len())),
        }
    }

    /// How its automaton is laid out.
    pub fn mode(&self) -> Mode {
        match self.form {
            Form::Small(_) => Mode::Small,
            Form::Fast(_) => Mode::Fast,
        }
    }

    /// States of the minimal automaton.
    pub fn state_len(&self) -> u64 {
        STATE_LEN.get(self.frame.bytes())
    }

    /// Edges of the minimal automaton.
    pub fn edge_len(&self) -> u64 {
        EDGE_LEN.get(self.frame.bytes())
    }

    /// Whether `key` is stored.
    #[inline]
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        let key = key.as_ref();
        match &self.form {
            Form::Small(_) => self.id_of(key).is_some(),
            Form::Fast(shape) => self.may_have(key) && Fast::new(self.body(), shape).contains(key),
        }
    }

    /// Whether there are keys, and as long ones.
    #[inline(always)]
    fn may_have(&self, key: &[u8]) -> bool {
        self.counts.key_len > 0 && key.len() as u64 <= self.longest_len()
    }

    /// The id of `key`, its place in the order of keys, from 0 on; `None` where it is not stored.
    #[inline]
    pub fn id_of(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        let key = key.as_ref();
        if !self.may_have(key) {
            return None;
        }
        // Damaged bytes may lead to numbers that no key has.
        laid_out!(self, layout => layout.id_of(key)).filter(|id| *id < self.len())
    }

    /// As [`id_of`](Self::id_of) of many keys; of those that are not `COUNTED`, any number for an id.
    fn look_up<const COUNTED: bool, K: AsRef<[u8]>>(
        &self,
        keys: impl Iterator<Item = K>,
        mut told: impl FnMut(usize, Option<u64>),
    ) {
        match &self.form {
            Form::Fast(shape) if self.body_len > NEAR => {
                let id = |id: Option<u64>| id.filter(|id| !COUNTED || *id < self.len());
                Fast::new(self.body(), shape).look_up::<COUNTED, K>(keys, |i, found| told(i, id(found)));
            }
            _ => one_by_one!(self, COUNTED, keys, told),
        }
    }

    /// Writes the key of an id over `key`. False, and `key` is then empty, where there is none.
    pub fn key_of(&self, id: u64, key: &mut Vec<u8>) -> bool {
        if id >= self.len() {
            key.clear();
            return false;
        }
        laid_out!(self, layout => layout.key_of(id, self.counts.longest_len as usize, key))
    }

    /// The value of `key`; `None` where it is not stored, or keys have no values.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        self.values()?.get(self.id_of(key)?)
    }

    /// The values by id, where keys have them.
    pub fn values(&self) -> Option<Values<'_>> {
        let start = values_start(self.body_len as u64) as usize;
        let bytes = self.frame.payload().get(start..).unwrap_or_default();
        Values::new(bytes, self.counts.key_len, self.counts.value_bits)
    }

    /// The ids of the keys that begin with `prefix`: all are in one range, since ids are in the order of keys. Where no key
    /// does, the range is empty, and begins at the number of keys that are less.
    pub fn ids_under(&self, prefix: impl AsRef<[u8]>) -> core::ops::Range<u64> {
        let ids = laid_out!(self, layout => layout.span(prefix.as_ref(), self.len()));
        let end = ids.end.min(self.len());
        ids.start.min(end)..end
    }

    /// The ids of the keys from `from` on, itself included, to `to`, itself left out.
    pub fn ids_between(&self, from: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> core::ops::Range<u64> {
        let start = self.ids_under(from).start;
        start..self.ids_under(to).start.max(start)
    }

    /// The ids and values of the keys that begin with `prefix` and have the greatest values, at most `n`, the greatest
    /// first; of equal values the least id first. None where keys have no values.
    pub fn heaviest_under(&self, prefix: impl AsRef<[u8]>, n: usize) -> Vec<(u64, u64)> {
        self.values().map_or_else(Vec::new, |values| values.heaviest(self.ids_under(prefix), n))
    }

    /// The stored keys with which `text` begins, the shortest first.
    pub fn prefixes_of<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Prefix> + 'a {
        let values = self.values();
        match &self.form {
            Form::Small(shape) => Prefixes::Small(Small::new(self.body(), shape).prefixes_of(text, values)),
            Form::Fast(shape) => Prefixes::Fast(Fast::new(self.body(), shape).prefixes_of(text, values)),
        }
    }

    /// A cursor at the root of the trie of its keys.
    pub fn walk(&self) -> DawgCursor<'_> {
        let (longest, values) = (self.counts.longest_len as usize, self.values());
        match &self.form {
            Form::Small(shape) => DawgCursor::small(Small::new(self.body(), shape), longest, values),
            Form::Fast(shape) => DawgCursor::fast(Fast::new(self.body(), shape), longest, values),
        }
    }
}

fn builder(settings: &Settings, values: bool) -> Result<DawgBuilder> {
    let mode = if settings.whole(&FAST) == 1 { Mode::Fast } else { Mode::Small };
    DawgBuilder::new(mode, values, settings.seed)
}

fn empty(settings: &Settings) -> Result<Dawg> {
    builder(settings, false)?.finish()
}

fn key_builder(settings: &Settings, values: bool) -> Result<Box<dyn super::KeyBuilder>> {
    Ok(Box::new(builder(settings, values)?))
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "DAWG",
    type_name: "Dawg",
    family: Family::Text,
    summary: "The minimal automaton of a set of keys: beginnings and endings that keys share are stored once, and each key \
              has its place in their order as a number.",
    choose: "keys share endings as well as beginnings, as words do, and ids are to be in their order",
    format: &FORMAT,
    parameters: &[&FAST],
    contains: true,
    inserts: false,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: entry::Counts::Distinct,
    merge: Merge::None,
    error: "none: keys are stored whole",
    std_error: |_| Ok(0.0),
    space: "what the keys leave to say once beginnings and endings are shared: on English words about 2 bytes a key, or 4 \
            where it is fast",
    bytes: |settings| Ok(empty(settings)?.as_bytes().len() as u64),
    sources: &[
        Source {
            authors: "Daciuk, Mihov, Watson, Watson",
            year: 2000,
            title: "Incremental construction of minimal acyclic finite-state automata",
            venue: "Computational Linguistics 26",
        },
        Source {
            authors: "Aoe",
            year: 1989,
            title: "An efficient digital search algorithm by using a double-array structure",
            venue: "IEEE Transactions on Software Engineering 15",
        },
    ],
    essay: include_str!("../dawg.md"),
    build: |settings| Ok(Box::new(empty(settings)?)),
    builder: Some(|settings| Ok(Gather::boxed(settings, key_builder))),
    text: Some(Text { ids: Ids::InOrder, sorted: true, builder: key_builder }),
    open: |bytes| Ok(Box::new(Dawg::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(Dawg::open(bytes)?)),
};

text_face!(Dawg, DawgCursor, Ids::InOrder, view {
    fn key_values(&self) -> Option<Values<'_>> {
        self.values()
    }
    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::from([Fact::new("states", self.state_len(), ""), Fact::new("edges", self.edge_len(), "")]);
        if !self.is_empty() {
            let bytes = self.as_bytes().len() as f64 / self.len() as f64;
            facts.push(Fact::new("bytes a key", format_args!("{bytes:.2}"), "bytes"));
        }
        facts
    }
    fn regions(&self) -> Vec<Region> {
        let mut regions = self.frame.regions(&FORMAT);
        let Form::Small(shape) = &self.form else { return regions };
        let Some(payload) = regions.pop() else { return regions };
        let table = Small::new(self.body(), shape).table_bytes();
        let values = values_start(self.body_len as u64) as usize;
        let parts = [
            ("classes", 0..table.start, "how wide the numbers of edges are"),
            ("code", table.clone(), "for whatever the next bits may be: the edge that they begin"),
            ("edges", table.end..self.body_len - small::PADDING, "the edges, as bits, state after state"),
            ("end", self.body_len - small::PADDING..values, "zeros, so that reads of a word stay inside"),
            ("values", values..payload.end - payload.start, "the values by id"),
        ];
        regions.extend(parts.into_iter().filter(|(_, part, _)| !part.is_empty()).map(|(name, part, doc)| Region {
            name: name.into(),
            start: payload.start + part.start,
            end: payload.start + part.end,
            value: Default::default(),
            doc: doc.into(),
        }));
        regions
    }
});
