//! What every text store answers, whichever it is.

use super::{Cursor, Values, Walk};
use crate::Items;
use alloc::{boxed::Box, vec::Vec};

/// What the ids of a store are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ids {
    /// From 0 on without a gap, in the order of the keys' bytes.
    InOrder,
    /// From 0 on without a gap, in an order of the store's own.
    Dense,
    /// It has none.
    None,
}

impl Ids {
    /// `in the order of keys`, `dense` or `none`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InOrder => "in the order of keys",
            Self::Dense => "dense",
            Self::None => "none",
        }
    }
}

/// A stored key with which a text begins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Prefix {
    /// Bytes of the key: it is the first `len` of the text.
    pub len: usize,
    /// Its id, where the store has ids.
    pub id: Option<u64>,
    /// Its value, where keys have values.
    pub value: Option<u64>,
}

/// A text store of any kind, to be read.
pub trait Dictionary {
    /// Number of keys.
    fn len(&self) -> u64;

    /// Whether there is no key.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of all keys together.
    fn text_len(&self) -> u64;

    /// Bytes of the longest key.
    fn longest_len(&self) -> u64;

    /// What its ids are.
    fn ids(&self) -> Ids;

    /// Whether `key` is stored.
    fn contains(&self, key: &[u8]) -> bool;

    /// The id of `key`, from 0 to `len() - 1`; `None` where it is not stored, or the store has no ids.
    fn id_of(&self, key: &[u8]) -> Option<u64>;

    /// [`id_of`](Self::id_of) of many keys, which is faster where a store waits for memory: `ids` is emptied, and takes an
    /// answer for each.
    fn ids_of_all(&self, keys: Items<'_>, ids: &mut Vec<Option<u64>>) {
        ids.clear();
        ids.extend(keys.into_iter().map(|key| self.id_of(key)));
    }

    /// Writes the key of an id over `key`. False, and `key` is then empty, where there is none.
    fn key_of(&self, id: u64, key: &mut Vec<u8>) -> bool;

    /// Whether keys have values.
    fn has_values(&self) -> bool;

    /// The value of `key`; `None` where it is not stored, or the store has no values.
    fn get(&self, key: &[u8]) -> Option<u64>;

    /// The values by id, where the store keeps them so.
    fn values(&self) -> Option<Values<'_>> {
        None
    }

    /// The stored keys with which `text` begins, the shortest first.
    fn prefixes_of(&self, text: &[u8]) -> Vec<Prefix>;

    /// A cursor at the root.
    fn cursor(&self) -> Box<dyn Cursor + '_>;
}

impl Walk for dyn Dictionary + '_ {
    type Cursor<'a>
        = Box<dyn Cursor + 'a>
    where
        Self: 'a;

    fn walk(&self) -> Self::Cursor<'_> {
        self.cursor()
    }

    fn text_len(&self) -> u64 {
        Dictionary::text_len(self)
    }

    fn heaviest_under(&self, prefix: &[u8], n: usize) -> Option<Vec<(Vec<u8>, u64)>> {
        heaviest_by_id(self, prefix, n)
    }
}

/// [`Walk::heaviest_under`] for stores whose ids are in the order of keys, which keep values by id: the keys under a prefix
/// are then those from one id to another, and the greatest values of these are known.
pub(super) fn heaviest_by_id(store: &dyn Dictionary, prefix: &[u8], n: usize) -> Option<Vec<(Vec<u8>, u64)>> {
    let values = store.values().filter(|_| store.ids() == Ids::InOrder)?;
    let mut cursor = store.cursor();
    let mut fuel = Dictionary::text_len(store).saturating_add(1);
    if !cursor.enter_all(prefix) {
        return Some(Vec::new());
    }
    let mut first_id = |cursor: &mut Box<dyn Cursor + '_>| {
        let depth = cursor.path().len();
        (cursor.is_key() || cursor.next_key_within(depth, &mut fuel)).then(|| cursor.id()).flatten()
    };
    let Some(first) = first_id(&mut cursor) else { return Some(Vec::new()) };
    while cursor.path().len() > prefix.len() && cursor.leave() {}
    // The first key after those under the prefix.
    let end = loop {
        if cursor.advance() {
            break first_id(&mut cursor);
        }
        if !cursor.leave() {
            break None;
        }
    };
    let ids = first..end.unwrap_or(store.len());
    let key_of = |(id, value)| {
        let mut key = Vec::new();
        store.key_of(id, &mut key).then_some((key, value))
    };
    Some(values.heaviest(ids, n).into_iter().filter_map(key_of).collect())
}
