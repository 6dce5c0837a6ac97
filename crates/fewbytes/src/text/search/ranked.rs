//! The best keys of a walk: the nearest, or the heaviest.

use super::{Found, Near};
use crate::text::Cursor;
use alloc::{collections::BinaryHeap, vec::Vec};

/// A key that a search ranked.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Ranked {
    /// Edits between the word and the key.
    pub distance: u32,
    /// The key.
    pub key: Vec<u8>,
    /// Its id, where the store has ids.
    pub id: Option<u64>,
    /// Its value, where keys have values.
    pub value: Option<u64>,
}

/// A key and its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Heavy {
    /// The key.
    pub key: Vec<u8>,
    /// Its value.
    pub value: u64,
}

/// The `n` least of what is taken.
pub(super) struct Least<T> {
    heap: BinaryHeap<T>,
    n: usize,
}

impl<T: Ord> Least<T> {
    pub fn new(n: usize) -> Self {
        Self { heap: BinaryHeap::new(), n }
    }

    /// Whether one for which `before` compares so with the greatest so far would be kept.
    pub fn has_room(&self, before: impl FnOnce(&T) -> bool) -> bool {
        self.heap.len() < self.n || self.heap.peek().is_some_and(before)
    }

    pub fn take(&mut self, item: T) {
        self.heap.push(item);
        if self.heap.len() > self.n {
            self.heap.pop();
        }
    }

    pub fn into_sorted(self) -> Vec<T> {
        self.heap.into_sorted_vec()
    }
}

impl<C: Cursor> Found<C, Near> {
    /// The `n` nearest keys: the least distance first, then in the order of keys. It holds no more than `n`.
    pub fn nearest(mut self, n: usize) -> Vec<Ranked> {
        let mut least = Least::new(n);
        while n > 0 && self.advance() {
            let distance = self.distance();
            // Keys come in their order: a later one of the same distance ranks after.
            if least.has_room(|last: &Ranked| distance < last.distance) {
                least.take(Ranked { distance, key: self.key().into(), id: self.id(), value: self.value() });
            }
        }
        least.into_sorted()
    }
}

/// The `n` keys of the greatest values among those that `found` finds; of equal ones, the first in the order of keys.
pub(super) fn heaviest<C: Cursor, A: super::Automaton>(mut found: Found<C, A>, n: usize) -> Vec<Heavy> {
    use core::cmp::Reverse;
    let mut least: Least<(Reverse<u64>, Vec<u8>)> = Least::new(n);
    while n > 0 && found.advance() {
        if let Some(value) = found.value()
            && least.has_room(|last| value > last.0.0)
        {
            least.take((Reverse(value), found.key().into()));
        }
    }
    least.into_sorted().into_iter().map(|(Reverse(value), key)| Heavy { key, value }).collect()
}
