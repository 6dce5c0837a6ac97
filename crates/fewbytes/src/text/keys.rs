//! [`KeyList`]: keys laid end to end, to be sorted, and walked once they are.

use super::header::LONGEST_KEY;
use super::{Cursor, Walk};
use crate::{Error, Result};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// A key in a [`KeyList`].
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Its first eight bytes as a number that sorts as they do, zeros after a shorter key: most comparisons end here.
    head: u64,
    start: u64,
    len: u32,
    /// When it came, to keep the first of equal keys.
    turn: u32,
}

/// Keys with their values, laid end to end: what builders gather unsorted keys in, and the plainest store there is.
///
/// Takes the bytes of the keys, and 24 bytes a key; 8 more where keys have values.
#[derive(Clone, Debug, Default)]
pub struct KeyList {
    text: Vec<u8>,
    places: Vec<Place>,
    /// By turn; empty where no key has a value.
    values: Vec<u64>,
    sorted: bool,
}

impl KeyList {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// The list of these keys, sorted, without duplicates.
    ///
    /// # Errors
    /// Those of [`push`](Self::push).
    pub fn from_keys<I: IntoIterator<Item: AsRef<[u8]>>>(keys: I) -> Result<Self> {
        let mut list = Self::new();
        keys.into_iter().try_for_each(|key| list.push(key.as_ref(), None))?;
        list.sort();
        Ok(list)
    }

    /// Takes a key. Where any has a value, those without have 0.
    ///
    /// # Errors
    /// [`Error::KeyLength`] when the key is too long; [`Error::CannotGrow`] when memory can't be had, or keys are 2^32.
    pub fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        let position = self.places.len() as u64;
        if key.len() > LONGEST_KEY {
            return Err(Error::KeyLength { position, expected: LONGEST_KEY as u64, found: key.len() as u64 });
        }
        let refused = |expected: usize| Error::CannotGrow { expected: expected as u64, found: position };
        let turn = u32::try_from(position).map_err(|_| refused(self.places.len() + 1))?;
        self.text.try_reserve(key.len()).map_err(|_| refused(self.text.len() + key.len()))?;
        self.places.try_reserve(1).map_err(|_| refused(24 * (self.places.len() + 1)))?;
        if let Some(value) = value {
            self.values.try_reserve(self.places.len() + 1 - self.values.len()).map_err(|_| refused(8))?;
            self.values.resize(self.places.len(), 0);
            self.values.push(value);
        }
        let start = self.text.len() as u64;
        self.text.extend_from_slice(key);
        self.places.push(Place { head: head(key), start, len: key.len() as u32, turn });
        self.sorted = false;
        Ok(())
    }

    /// Sorts the keys by their bytes, and keeps the first of equal ones. Returns how many were dropped.
    pub fn sort(&mut self) -> u64 {
        let text = &self.text;
        let key = |place: &Place| key(text, place);
        let order = |a: &Place, b: &Place| a.head.cmp(&b.head).then_with(|| key(a).cmp(key(b)));
        self.places.sort_unstable_by(|a, b| order(a, b).then(a.turn.cmp(&b.turn)));
        let before = self.places.len();
        self.places.dedup_by(|later, kept| order(later, kept) == Ordering::Equal);
        self.sorted = true;
        (before - self.places.len()) as u64
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether any key came with a value.
    pub fn has_values(&self) -> bool {
        !self.values.is_empty()
    }

    /// The `i`-th key and its value; `None` past the end.
    pub fn get(&self, i: usize) -> Option<(&[u8], Option<u64>)> {
        self.places.get(i).map(|place| (key(&self.text, place), self.value(place)))
    }

    /// The keys and their values, in their present order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u8], Option<u64>)> + Clone {
        self.places.iter().map(|place| (key(&self.text, place), self.value(place)))
    }

    /// Bytes of heap that it holds.
    pub fn heap_bytes(&self) -> u64 {
        (self.text.capacity() + self.places.capacity() * size_of::<Place>() + self.values.capacity() * 8)
            as u64
    }

    fn value(&self, place: &Place) -> Option<u64> {
        self.has_values().then(|| self.values.get(place.turn as usize).copied().unwrap_or_default())
    }
}

fn head(key: &[u8]) -> u64 {
    let mut head = [0; 8];
    let len = key.len().min(8);
    head[..len].copy_from_slice(&key[..len]);
    // Sorted as text is: the first byte counts most.
    u64::from_le_bytes(head).swap_bytes()
}

#[inline]
fn key<'a>(text: &'a [u8], place: &Place) -> &'a [u8] {
    &text[place.start as usize..][..place.len as usize]
}

/// Refuses `key` when it does not come after `last`, the key before it; `Ok(false)` when they are equal. `position` is its
/// place in the input, from 0.
///
/// # Errors
/// [`Error::Order`] when `key` comes before `last`.
pub fn follows(last: &[u8], key: &[u8], position: u64) -> Result<bool> {
    match last.cmp(key) {
        Ordering::Less => Ok(true),
        Ordering::Equal => Ok(false),
        Ordering::Greater => Err(Error::Order { position, expected: excerpt(last), found: excerpt(key) }),
    }
}

/// The beginning of a key, as much of it as an error shows.
fn excerpt(key: &[u8]) -> Vec<u8> {
    key[..key.len().min(80)].into()
}

/// Its keys must be sorted; those of an unsorted list are walked as an empty one's.
impl Walk for KeyList {
    type Cursor<'a> = KeyListCursor<'a>;

    fn walk(&self) -> KeyListCursor<'_> {
        let len = if self.sorted { self.places.len() } else { 0 };
        KeyListCursor { list: self, path: Vec::new(), spans: Vec::from([(0, len)]) }
    }

    fn text_len(&self) -> u64 {
        self.text.len() as u64
    }
}

/// A cursor over the trie that the keys of a sorted [`KeyList`] make. Its ids are the keys' places in the list.
#[derive(Clone, Debug)]
pub struct KeyListCursor<'a> {
    list: &'a KeyList,
    path: Vec<u8>,
    /// For each byte of the path, and first the root: the keys that begin so.
    spans: Vec<(usize, usize)>,
}

impl<'a> KeyListCursor<'a> {
    fn key(&self, i: usize) -> &'a [u8] {
        key(&self.list.text, &self.list.places[i])
    }

    fn span(&self, from: usize, end: usize, depth: usize, least: u8) -> Option<(usize, usize, u8)> {
        span(|i| self.key(i), from, end, depth, least)
    }

    fn here(&self) -> (usize, usize) {
        self.spans.last().copied().unwrap_or_default()
    }
}

/// Of sorted keys that have their first `depth` bytes in common, from `from` to `end`: those that go on by the least label of at
/// least `least`, and that label.
pub(super) fn span<'a>(
    key: impl Fn(usize) -> &'a [u8],
    from: usize,
    end: usize,
    depth: usize,
    least: u8,
) -> Option<(usize, usize, u8)> {
    let before = |i: &usize| key(*i).get(depth).is_none_or(|label| *label < least);
    let start = partition(from, end, before);
    let label = *(start < end).then(|| key(start).get(depth))??;
    let until = |i: &usize| key(*i).get(depth).is_some_and(|other| *other == label);
    Some((start, partition(start, end, until), label))
}

/// The first of `from..end` for which `before` does not hold.
pub(super) fn partition(from: usize, end: usize, before: impl Fn(&usize) -> bool) -> usize {
    let (mut low, mut high) = (from, end);
    while low < high {
        let middle = low.midpoint(high);
        match before(&middle) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}

impl Cursor for KeyListCursor<'_> {
    fn path(&self) -> &[u8] {
        &self.path
    }

    fn is_key(&self) -> bool {
        let (start, end) = self.here();
        start < end && self.key(start).len() == self.path.len()
    }

    fn id(&self) -> Option<u64> {
        self.is_key().then(|| self.here().0 as u64)
    }

    fn value(&self) -> Option<u64> {
        let place = self.list.places.get(self.here().0)?;
        if self.is_key() { self.list.value(place) } else { None }
    }

    fn enter(&mut self, label: u8) -> bool {
        let (start, end) = self.here();
        match self.span(start, end, self.path.len(), label) {
            Some((start, end, found)) if found == label => {
                self.path.push(label);
                self.spans.push((start, end));
                true
            }
            _ => false,
        }
    }

    fn enter_from(&mut self, least: u8) -> bool {
        let (start, end) = self.here();
        let Some((start, end, label)) = self.span(start, end, self.path.len(), least) else { return false };
        self.path.push(label);
        self.spans.push((start, end));
        true
    }

    fn advance(&mut self) -> bool {
        let [.., (_, end), (_, from)] = self.spans[..] else { return false };
        let depth = self.path.len() - 1;
        let Some((start, end, label)) = self.span(from, end, depth, 0) else { return false };
        self.path[depth] = label;
        self.spans[depth + 1] = (start, end);
        true
    }

    fn leave(&mut self) -> bool {
        if self.path.pop().is_none() {
            return false;
        }
        self.spans.pop();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{collections::BTreeMap, string::ToString};
    use proptest::prelude::*;

    fn keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let byte = prop_oneof![Just(0), Just(255), b'a'..=b'c', any::<u8>()];
        proptest::collection::vec(proptest::collection::vec(byte, 0..6), 0..60)
    }

    proptest! {
        #[test]
        fn a_walk_comes_to_every_key_in_order(keys in keys()) {
            let mut map = BTreeMap::new();
            let mut list = KeyList::new();
            for (value, key) in (7..).zip(&keys) {
                map.entry(key.clone()).or_insert(value);
                list.push(key, Some(value))?;
            }
            prop_assert_eq!(list.sort(), (keys.len() - map.len()) as u64);
            let mut cursor = list.walk();
            let mut walked = Vec::new();
            if cursor.is_key() {
                walked.push((cursor.path().to_vec(), cursor.value(), cursor.id()));
            }
            while cursor.next_key(0) {
                walked.push((cursor.path().to_vec(), cursor.value(), cursor.id()));
            }
            let expected: Vec<_> =
                (0..).zip(map).map(|(id, (key, value))| (key, Some(value), Some(id))).collect();
            prop_assert_eq!(walked, expected);
        }

        #[test]
        fn a_cursor_enters_what_keys_begin_with(keys in keys(), text in proptest::collection::vec(b'a'..=b'd', 0..5), least: u8) {
            let list = KeyList::from_keys(&keys)?;
            let mut cursor = list.walk();
            let begins = |text: &[u8]| keys.iter().any(|key| key.starts_with(text));
            prop_assert_eq!(cursor.enter_all(&text), text.is_empty() || begins(&text));
            let path = cursor.path().to_vec();
            let next = keys.iter().filter(|key| key.starts_with(&path)).filter_map(|key| key.get(path.len()));
            let next = next.filter(|label| **label >= least).min();
            prop_assert_eq!(cursor.enter_from(least), next.is_some());
            prop_assert_eq!(cursor.path().get(path.len()), next);
        }
    }

    #[test]
    fn unsorted_keys_are_refused_with_both() {
        let error = follows(b"pear", b"apple", 6).expect_err("they go backwards");
        assert_eq!(
            error.to_string(),
            "key 7, `apple`, comes after `pear`, but was to be in the order of bytes: sort the keys (`LC_ALL=C sort`), \
             or build from unsorted ones"
        );
    }
}
