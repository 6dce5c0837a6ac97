//! Searches by two stores, of the keys and of the reversed keys.

use super::ranked::{Least, Ranked};
use super::{Automaton, Found, Like, Near};
use crate::Result;
use crate::text::{Cursor, Walk};
use alloc::vec::Vec;

/// Two stores of the same keys, the second of which has their bytes reversed: near keys are found with fewer steps, and so are
/// those that end like a pattern.
///
/// Where a key is within *k* edits of a word, either its first half is within *⌊k / 2⌋* edits of the word's first half, or its
/// second half within *⌈k / 2⌉ - 1*: a walk from the front finds the former, one from the back the latter, and each
/// has few ways to go where the trie is broad (the idea is in Mihov and Schulz 2004).
///
/// ```
/// use fewbytes::text::{KeyList, search::NearIndex};
///
/// let words = ["kitten", "mitten", "sitting", "smitten"];
/// let forward = KeyList::from_keys(words)?;
/// let backward = KeyList::from_keys(words.map(|word| word.bytes().rev().collect::<Vec<u8>>()))?;
/// let near = NearIndex::new(&forward, &backward).nearest("mittens", 2, 10)?;
/// let near: Vec<_> = near.iter().map(|found| (found.distance, &found.key[..])).collect();
/// assert_eq!(near, [(1, &b"mitten"[..]), (2, b"kitten"), (2, b"smitten")]);
/// assert_eq!(NearIndex::new(&forward, &backward).like("*t?ing", 10)?, [b"sitting"]);
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Debug)]
pub struct NearIndex<'a, F: ?Sized, B: ?Sized> {
    forward: &'a F,
    backward: &'a B,
}

impl<'a, F: Walk + ?Sized, B: Walk + ?Sized> NearIndex<'a, F, B> {
    /// Of a store, and of one that has the same keys with their bytes reversed. A key that one of them lacks may be missed.
    pub fn new(forward: &'a F, backward: &'a B) -> Self {
        Self { forward, backward }
    }

    /// The `n` nearest keys within `edits` of `word`: the least distance first, then in the order of keys. Ids and values are
    /// those of the first store.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when `edits` are neither 1 nor 2.
    pub fn nearest(&self, word: impl AsRef<[u8]>, edits: u32, n: usize) -> Result<Vec<Ranked>> {
        Ok(self.matching(&Near::new(word, edits)?, n))
    }

    /// [`nearest`](Self::nearest) by bytes or with transpositions.
    pub fn matching(&self, near: &Near, n: usize) -> Vec<Ranked> {
        let mut least = Least::new(n);
        if n == 0 {
            return Vec::new();
        }
        let (edits, len) = (near.edits(), near.word_len());
        let half = len / 2;
        let front = near.clone().strict(half, edits / 2);
        let back = near.clone().backward().strict(len - half, edits.div_ceil(2) - 1);
        let mut found = Found::under(self.forward.walk(), front.clone(), self.forward.text_len());
        while found.advance() {
            let distance = found.distance();
            if least.has_room(|last: &Ranked| (distance, found.key()) < (last.distance, &last.key)) {
                least.take(Ranked {
                    distance,
                    key: found.key().into(),
                    id: found.id(),
                    value: found.value(),
                });
            }
        }
        let mut found = Found::under(self.backward.walk(), back, self.backward.text_len());
        let mut cursor = self.forward.walk();
        let mut key = Vec::new();
        while found.advance() {
            key.clear();
            key.extend(found.key().iter().rev());
            // The walk from the front came by it already, and knows the distance better: this one may have edits at more
            // places than are needed.
            let state = key.iter().fold(front.start(), |state, label| front.step(&state, *label));
            let distance = found.distance();
            if front.is_match(&state) || !least.has_room(|last| (distance, &key) < (last.distance, &last.key))
            {
                continue;
            }
            cursor.reset();
            if cursor.enter_all(&key) && cursor.is_key() {
                least.take(Ranked { distance, key: key.clone(), id: cursor.id(), value: cursor.value() });
            }
        }
        least.into_sorted()
    }

    /// The first `n` keys that a pattern matches, in their order, as [`Search::like`](super::Search::like) finds them. A pattern
    /// with more bytes after its last wildcard than before its first one is looked for from the back.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when [`Like`] takes no such pattern.
    pub fn like(&self, pattern: impl AsRef<[u8]>, n: usize) -> Result<Vec<Vec<u8>>> {
        let like = Like::new(pattern)?;
        let back = like.backward();
        if back.head_len() <= like.head_len() {
            let found = Found::under(self.forward.walk(), like, self.forward.text_len());
            return Ok(found.limit(n as u64).collect());
        }
        let mut least = Least::new(n);
        let mut found = Found::under(self.backward.walk(), back, self.backward.text_len());
        while n > 0 && found.advance() {
            let key = || found.key().iter().rev();
            let state = key().fold(like.start(), |state, label| like.step(&state, *label));
            if like.is_match(&state) && least.has_room(|last: &Vec<u8>| key().lt(last)) {
                least.take(key().copied().collect());
            }
        }
        Ok(least.into_sorted())
    }
}
