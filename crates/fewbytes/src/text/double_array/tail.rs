//! Tails: the ends of keys, and runs of bytes on which nothing branches.
//!
//! A *set* is the ends of a few keys, sorted. An entry is a byte, then the bytes in which it differs from the one before:
//! bit 0 says that it is the last, bits 1 to 3 how many bytes it has in common with the one before (7: seven and a varint
//! that follows), bits 4 to 7 how many bytes come (15: fifteen and a varint).
//!
//! A *run* is a byte, a link, and bytes: bits 0 and 1 are the link's bytes less two, bits 2 to 7 how many bytes the run
//! has (0: a varint that follows). The link says where it goes on.

use alloc::vec::Vec;

/// Keys that a set may have: what bounds the work of looking through one.
pub(super) const MOST: u32 = 32;

const MANY_COMMON: usize = 7;
const MANY_OWN: usize = 15;
const LONG_RUN: usize = 64;

/// An entry of a set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    /// Its place in the set.
    pub index: u32,
    /// Whether it is the last.
    pub last: bool,
    /// Bytes in common with the entry before.
    pub common: usize,
    /// Where its own bytes start.
    pub start: usize,
    /// Where they end, and the next entry begins.
    pub end: usize,
}

impl Entry {
    /// The entry at `at`; `None` where bytes were damaged.
    #[inline(always)]
    pub fn read(tails: &[u8], at: usize, index: u32) -> Option<Self> {
        let head = *tails.get(at)?;
        let (common, own) = (usize::from(head >> 1 & 7), usize::from(head >> 4));
        let last = head & 1 != 0 || index + 1 >= MOST;
        let (common, own, start) = match common < MANY_COMMON && own < MANY_OWN {
            true => (common, own, at + 1),
            false => long(tails, at, common, own)?,
        };
        let end = start.checked_add(own).filter(|end| *end <= tails.len())?;
        Some(Self { index, last, common, start, end })
    }

    /// The entry after it.
    #[inline(always)]
    pub fn next(&self, tails: &[u8]) -> Option<Self> {
        if self.last { None } else { Self::read(tails, self.end, self.index + 1) }
    }

    /// Bytes of the whole entry.
    pub fn len(&self) -> usize {
        self.common + (self.end - self.start)
    }

    /// Its own bytes.
    #[inline(always)]
    pub fn own<'a>(&self, tails: &'a [u8]) -> &'a [u8] {
        tails.get(self.start..self.end).unwrap_or_default()
    }
}

/// An entry's numbers where some did not fit.
#[cold]
fn long(tails: &[u8], at: usize, mut common: usize, mut own: usize) -> Option<(usize, usize, usize)> {
    let mut at = at + 1;
    if common == MANY_COMMON {
        common += varint(tails, &mut at)?;
    }
    if own == MANY_OWN {
        own += varint(tails, &mut at)?;
    }
    Some((common, own, at))
}

/// Calls `each` for the entries of the set at `at` with which `key` begins, the shortest first, until it says so; `each`
/// gets the entry's place and length.
#[inline(always)]
pub(super) fn beginnings(tails: &[u8], at: usize, key: &[u8], mut each: impl FnMut(u32, usize) -> bool) {
    // Bytes that the key has in common with the entry before.
    let mut met = 0;
    let mut next = Entry::read(tails, at, 0);
    while let Some(entry) = next {
        // Less in common with the one before than the key has: it is greater than the key.
        if entry.common < met {
            return;
        }
        // More: it is less than the key, as the one before was.
        if entry.common == met {
            let (own, rest) = (entry.own(tails), &key[met..]);
            let common = common_len(own, rest);
            met += common;
            if common == own.len() {
                if each(entry.index, met) {
                    return;
                }
            } else if rest.get(common).is_none_or(|byte| own[common] > *byte) {
                return;
            }
        }
        next = entry.next(tails);
    }
}

/// The place of `key` in the set at `at`.
#[inline(always)]
pub(super) fn find(tails: &[u8], at: usize, key: &[u8]) -> Option<u32> {
    match word(key).map(|word| find_word(tails, at, word, key.len())) {
        Some(Ok(found)) => found,
        _ => find_long(tails, at, key),
    }
}

/// At most 8 bytes as one number, zeros after them.
#[inline(always)]
fn word(key: &[u8]) -> Option<u64> {
    match *key {
        [] => Some(0),
        [first, .., last] if key.len() < 4 => {
            let (half, end) = (key.len() / 2, key.len() - 1);
            Some(u64::from(first) | u64::from(key[half]) << (8 * half) | u64::from(last) << (8 * end))
        }
        [only] => Some(only.into()),
        _ if key.len() <= 8 => {
            let (first, last) =
                (u32::from_le_bytes(*key.first_chunk()?), u32::from_le_bytes(*key.last_chunk()?));
            Some(u64::from(first) | u64::from(last) << (8 * (key.len() - 4)))
        }
        _ => None,
    }
}

/// An entry that is too long, or too near to the end, to be read as a word.
struct TooLong;

/// As [`beginnings`], for the whole key: `len` bytes that are the lower ones of `word`. A word at a time, an entry costs
/// three comparisons.
#[inline(always)]
fn find_word(tails: &[u8], mut at: usize, word: u64, len: usize) -> Result<Option<u32>, TooLong> {
    let mut met = 0;
    for index in 0..MOST {
        let Some(raw) = tails.get(at..).and_then(|raw| raw.first_chunk::<9>()) else { return Err(TooLong) };
        let (common, own) = (usize::from(raw[0] >> 1 & 7), usize::from(raw[0] >> 4));
        if common == MANY_COMMON || own == MANY_OWN {
            return Err(TooLong);
        }
        if common < met {
            return Ok(None);
        }
        if common == met {
            let [_, own_bytes @ ..] = *raw;
            let ours = u64::from_le_bytes(own_bytes);
            let theirs = word.checked_shr(8 * met as u32).unwrap_or_default();
            let left = len - met;
            let same = ((ours ^ theirs).trailing_zeros() / 8) as usize;
            let same = same.min(own).min(left);
            met += same;
            if same == own {
                if met == len {
                    return Ok(Some(index));
                }
            } else if same == left || (ours >> (8 * same)) as u8 > (theirs >> (8 * same)) as u8 {
                return Ok(None);
            }
        }
        if raw[0] & 1 != 0 {
            return Ok(None);
        }
        at += 1 + own;
    }
    Ok(None)
}

fn find_long(tails: &[u8], at: usize, key: &[u8]) -> Option<u32> {
    let mut found = None;
    beginnings(tails, at, key, |index, len| {
        let whole = len == key.len();
        if whole {
            found = Some(index);
        }
        whole
    });
    found
}

/// Bytes that `a` and `b` have in common.
#[inline(always)]
pub(super) fn common_len(a: &[u8], b: &[u8]) -> usize {
    let len = a.len().min(b.len());
    let (a, b) = (&a[..len], &b[..len]);
    let mut at = 0;
    if len >= 8 {
        for (x, y) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
            let differ = u64::from_le_bytes(*x) ^ u64::from_le_bytes(*y);
            if differ != 0 {
                return at + (differ.trailing_zeros() / 8) as usize;
            }
            at += 8;
        }
    }
    while at < len && a[at] == b[at] {
        at += 1;
    }
    at
}

/// A run of bytes without a branch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    /// Its bytes: one at least.
    pub bytes: &'a [u8],
    /// Where it goes on.
    pub link: u64,
}

impl<'a> Run<'a> {
    /// The run at `at`; `None` where bytes were damaged.
    #[inline(always)]
    pub fn read(tails: &'a [u8], at: usize) -> Option<Self> {
        let head = *tails.get(at)?;
        let mut at = at + 1;
        let len = match usize::from(head >> 2) {
            0 => varint(tails, &mut at)?,
            len => len,
        };
        let width = usize::from(head & 3) + 2;
        let (link, rest) = tails.get(at..)?.split_at_checked(width)?;
        let mut raw = [0; 8];
        raw[..width].copy_from_slice(link);
        let bytes = rest.get(..len).filter(|bytes| !bytes.is_empty())?;
        Some(Self { bytes, link: u64::from_le_bytes(raw) })
    }
}

/// Seven bits a byte, the least first.
fn varint(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut value = 0;
    for shift in [0, 7, 14, 21] {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn put_varint(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Writes an entry; returns how many bytes it has in common with the one before.
pub(super) fn put_entry(bytes: &mut Vec<u8>, before: &[u8], key: &[u8], last: bool) -> usize {
    let common = common_len(before, key);
    let own = &key[common..];
    let head = common.min(MANY_COMMON) << 1 | own.len().min(MANY_OWN) << 4 | usize::from(last);
    bytes.push(head as u8);
    if common >= MANY_COMMON {
        put_varint(bytes, common - MANY_COMMON);
    }
    if own.len() >= MANY_OWN {
        put_varint(bytes, own.len() - MANY_OWN);
    }
    bytes.extend_from_slice(own);
    common
}

/// Writes a run; `run` has a byte at least, and `link` at most five.
pub(super) fn put_run(bytes: &mut Vec<u8>, run: &[u8], link: u64) {
    let width = (8 - link.leading_zeros() as usize / 8).max(2);
    let len = if run.len() < LONG_RUN { run.len() } else { 0 };
    bytes.push((len << 2 | (width - 2)) as u8);
    if len == 0 {
        put_varint(bytes, run.len());
    }
    bytes.extend_from_slice(&link.to_le_bytes()[..width]);
    bytes.extend_from_slice(run);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(keys: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut before: &[u8] = &[];
        for (i, key) in keys.iter().enumerate() {
            put_entry(&mut bytes, before, key, i + 1 == keys.len());
            before = key;
        }
        bytes
    }

    fn key() -> impl Strategy<Value = Vec<u8>> {
        let long = (20..300_usize).prop_map(|len| alloc::vec![b'b'; len]);
        let part = prop_oneof![9 => proptest::collection::vec(b'a'..=b'c', 0..9), 1 => long];
        (part.clone(), part).prop_map(|(a, b)| [a, b].concat())
    }

    proptest! {
        #[test]
        fn a_set_finds_its_keys_and_no_others(
            keys in proptest::collection::btree_set(key(), 1..MOST as usize),
            others in proptest::collection::vec(key(), 0..20),
            after in 0..20_usize,
        ) {
            let keys: Vec<Vec<u8>> = keys.into_iter().collect();
            let mut bytes = set(&keys);
            // Entries at the very end are not read by words.
            bytes.extend(core::iter::repeat_n(0x55, after));
            for text in keys.iter().chain(&others) {
                let place = keys.binary_search(text).ok();
                prop_assert_eq!(find(&bytes, 0, text), place.map(|place| place as u32));
                let mut found = Vec::new();
                beginnings(&bytes, 0, text, |index, len| {
                    found.push((index as usize, len));
                    false
                });
                let begins = keys.iter().enumerate().filter(|(_, key)| text.starts_with(key));
                prop_assert_eq!(found, begins.map(|(i, key)| (i, key.len())).collect::<Vec<_>>());
            }
        }

        #[test]
        fn a_run_comes_back(run in proptest::collection::vec(any::<u8>(), 1..200), link in 0..1_u64 << 40, narrow in 0..40) {
            let mut bytes = Vec::from([7; 5]);
            put_run(&mut bytes, &run, link >> narrow);
            let read = Run::read(&bytes, 5).expect("what was written");
            prop_assert_eq!((read.bytes, read.link), (&run[..], link >> narrow));
            for len in 0..bytes.len() {
                prop_assert!(Run::read(&bytes[..len], 5).is_none());
            }
        }

        #[test]
        fn any_bytes_are_harmless(bytes in proptest::collection::vec(any::<u8>(), 0..60), key in key(), at in 0..70_usize) {
            find(&bytes, at, &key);
            Run::read(&bytes, at);
        }
    }
}
