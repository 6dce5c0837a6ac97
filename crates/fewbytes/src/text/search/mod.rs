#![doc = include_str!("../search.md")]

mod automaton;
mod characters;
mod found;
mod grams;
mod like;
mod limit;
mod near;
mod near_index;
mod part;
mod range;
mod ranked;
#[cfg(feature = "regex")]
mod regex;
mod sets;

pub use automaton::{Automaton, Every, Few, Labels};
pub use found::Found;
pub use grams::{BLOCK as GRAM_BLOCK, Containing, FORMAT as GRAM_FORMAT, GramIndex};
pub use like::{Like, LikeState};
pub use near::{Near, NearState};
pub use near_index::NearIndex;
pub use part::Part;
pub use range::{Range, RangeState};
pub use ranked::{Heavy, Ranked};
#[cfg(feature = "regex")]
pub use regex::Regex;
pub use sets::{In, Merged};

use super::{Cursor, Prefix, Walk};
use crate::Result;
use alloc::vec::Vec;
use core::ops::RangeBounds;

/// The searches, on every store.
///
/// Keys come in the order of their bytes. Each search holds no more than the key in hand, and stops where it is dropped, or
/// at its [`limit`](Found::limit).
pub trait Search: Walk {
    /// All keys.
    fn keys(&self) -> Found<Self::Cursor<'_>, Every> {
        self.matching(Every)
    }

    /// The keys that begin with `prefix`.
    fn starting_with(&self, prefix: impl AsRef<[u8]>) -> Found<Self::Cursor<'_>, Every> {
        let mut cursor = self.walk();
        match cursor.enter_all(prefix.as_ref()) {
            true => Found::under(cursor, Every, self.text_len()),
            false => Found::none(cursor, Every, 0),
        }
    }

    /// The `n` keys of the greatest values among those that begin with `prefix`, the greatest first; of equal ones, the first
    /// in the order of keys. Where the store has no values, none. It holds no more than `n`.
    fn heaviest_with(&self, prefix: impl AsRef<[u8]>, n: usize) -> Vec<Heavy> {
        let prefix = prefix.as_ref();
        match self.heaviest_under(prefix, n) {
            Some(found) => found.into_iter().map(|(key, value)| Heavy { key, value }).collect(),
            None => ranked::heaviest(self.starting_with(prefix), n),
        }
    }

    /// The longest key with which `text` begins.
    fn longest_prefix_of(&self, text: impl AsRef<[u8]>) -> Option<Prefix> {
        let mut cursor = self.walk();
        let here = |cursor: &Self::Cursor<'_>, len| Prefix { len, id: cursor.id(), value: cursor.value() };
        let mut longest = cursor.is_key().then(|| here(&cursor, 0));
        for (len, label) in (1..).zip(text.as_ref()) {
            if !cursor.enter(*label) {
                break;
            }
            if cursor.is_key() {
                longest = Some(here(&cursor, len));
            }
        }
        longest
    }

    /// The keys of a range, as `"a".."c"`.
    fn range<K: AsRef<[u8]>>(&self, range: impl RangeBounds<K>) -> Found<Self::Cursor<'_>, Range> {
        self.matching(Range::new(range))
    }

    /// The keys within `edits` of `word`, by Unicode characters; [`Near`] has other ways to count.
    /// [`nearest`](Found::nearest) ranks them.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when `edits` are neither 1 nor 2.
    fn near(&self, word: impl AsRef<[u8]>, edits: u32) -> Result<Found<Self::Cursor<'_>, Near>> {
        Ok(self.matching(Near::new(word, edits)?))
    }

    /// The keys that a pattern matches: `*` stands for any bytes, `?` for one character, `\` before a character for that
    /// character.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when [`Like`] takes no such pattern.
    fn like(&self, pattern: impl AsRef<[u8]>) -> Result<Found<Self::Cursor<'_>, Like>> {
        Ok(self.matching(Like::new(pattern)?))
    }

    /// The keys that contain `part`, by a walk through all of them; a [`GramIndex`] spares it.
    fn containing(&self, part: impl AsRef<[u8]>) -> Found<Self::Cursor<'_>, Part> {
        self.matching(Part::new(part))
    }

    /// The keys that a regular expression matches, from their first byte to their last.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when [`Regex`] takes no such pattern.
    #[cfg(feature = "regex")]
    fn regex(&self, pattern: &str) -> Result<Found<Self::Cursor<'_>, Regex>> {
        Ok(self.matching(Regex::new(pattern)?))
    }

    /// The keys that an automaton looks for.
    fn matching<A: Automaton>(&self, automaton: A) -> Found<Self::Cursor<'_>, A> {
        Found::under(self.walk(), automaton, self.text_len())
    }

    /// The keys of this store and of the other.
    fn union<'a, W: Walk + ?Sized>(&'a self, other: &'a W) -> Merged<Self::Cursor<'a>, W::Cursor<'a>> {
        Merged::union((self.walk(), self.text_len()), (other.walk(), other.text_len()))
    }

    /// The keys that both stores have.
    fn intersection<'a, W: Walk + ?Sized>(&'a self, other: &'a W) -> Merged<Self::Cursor<'a>, W::Cursor<'a>> {
        Merged::intersection((self.walk(), self.text_len()), (other.walk(), other.text_len()))
    }

    /// The keys of this store that the other has not.
    fn difference<'a, W: Walk + ?Sized>(&'a self, other: &'a W) -> Merged<Self::Cursor<'a>, W::Cursor<'a>> {
        Merged::difference((self.walk(), self.text_len()), (other.walk(), other.text_len()))
    }
}

impl<W: Walk + ?Sized> Search for W {}
