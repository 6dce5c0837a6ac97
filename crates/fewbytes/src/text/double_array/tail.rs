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

/// Whether the entry of this head has at most 8 bytes, those in common included, so that a word holds it.
#[inline(always)]
fn is_short(head: u8) -> bool {
    let (common, own) = (usize::from(head >> 1 & 7), usize::from(head >> 4));
    common < MANY_COMMON && common + own <= 8
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

/// Steps through the entries of a set with which a key begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beginnings {
    /// The key's first 8 bytes, zeros after them.
    word: u64,
    /// Where the next entry is.
    at: usize,
    index: u32,
    /// Bytes that the key has in common with the entry before.
    met: usize,
    is_end: bool,
}

impl Beginnings {
    /// Of the set at `at`.
    #[inline]
    pub fn new(at: usize, key: &[u8]) -> Self {
        let word = match key.first_chunk::<8>() {
            Some(raw) => u64::from_le_bytes(*raw),
            None => End::of(key).word(key.len()),
        };
        Self { word, at, index: 0, met: 0, is_end: false }
    }

    /// The place and the length of the next such entry, the shortest first.
    #[inline]
    pub fn next(&mut self, tails: &[u8], key: &[u8]) -> Option<(u32, usize)> {
        while !self.is_end {
            let index = self.index;
            let raw = tails.get(self.at..).and_then(|raw| raw.first_chunk::<9>());
            let (common, own, same, past) = match raw.copied() {
                Some([head, ours @ ..]) if is_short(head) => {
                    let (common, own) = (usize::from(head >> 1 & 7), usize::from(head >> 4));
                    self.is_end = head & 1 != 0;
                    self.at += 1 + own;
                    // Also where it has less in common than was met, and no part in what follows.
                    let (ours, met) = (u64::from_le_bytes(ours), self.met.min(8));
                    let theirs = (self.word >> (4 * met)) >> (4 * met);
                    let left = key.len().saturating_sub(self.met);
                    let same = ((ours ^ theirs).trailing_zeros() as usize / 8).min(own).min(left);
                    let shift = 8 * same as u32;
                    let greater = ours.wrapping_shr(shift) as u8 > theirs.wrapping_shr(shift) as u8;
                    (common, own, same, same < own && (same == left || greater))
                }
                _ => {
                    let entry = Entry::read(tails, self.at, index)?;
                    (self.is_end, self.at) = (entry.last, entry.end);
                    let (own, rest) = (entry.own(tails), key.get(self.met..)?);
                    let same = common_len(own, rest);
                    let past = same < own.len() && rest.get(same).is_none_or(|byte| own[same] > *byte);
                    (entry.common, own.len(), same, past)
                }
            };
            self.index += 1;
            self.is_end |= self.index >= MOST;
            // Less in common with the one before than the key has: it is greater than the key.
            if common < self.met {
                break;
            }
            // More: it is less than the key, as the one before was.
            if common == self.met {
                self.met += same;
                self.is_end |= past;
                // Only the first entry can have no byte of its own.
                if same == own && (own > 0 || index == 0) {
                    return Some((index, self.met));
                }
            }
        }
        self.is_end = true;
        None
    }
}

/// The last bytes of a key as a number, the last one uppermost.
#[derive(Clone, Copy)]
pub(super) struct End(u64);

impl End {
    #[inline(always)]
    pub fn of(key: &[u8]) -> Self {
        if let Some(last) = key.last_chunk::<8>() {
            return Self(u64::from_le_bytes(*last));
        }
        let len = key.len() as u32;
        let word = match (key.first_chunk::<4>(), key.last_chunk::<4>(), key) {
            (Some(first), Some(last), _) => {
                let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
                u64::from(first) | u64::from(last) << (8 * len - 32)
            }
            (_, _, [first, .., last]) => {
                u64::from(*first)
                    | u64::from(key[key.len() / 2]) << (8 * (len / 2))
                    | u64::from(*last) << (8 * len - 8)
            }
            (_, _, [only]) => u64::from(*only),
            _ => return Self(0),
        };
        Self(word << (64 - 8 * len))
    }

    /// The last `len` bytes, at most 8, zeros above them.
    #[inline(always)]
    fn word(self, len: usize) -> u64 {
        // In two steps: a number is not shifted by all of its bits.
        let half = (32_u32).wrapping_sub(4 * len as u32);
        self.0.wrapping_shr(half).wrapping_shr(half)
    }
}

/// The place of `key` in the set at `at`; `end` is of a key that ends with it.
#[inline(always)]
pub(super) fn find(tails: &[u8], at: usize, key: &[u8], end: End) -> Option<u32> {
    if key.len() <= 8
        && let Ok(found) = find_word(tails, at, end.word(key.len()), key.len())
    {
        return found;
    }
    find_long(tails, at, key)
}

/// An entry that is too long, or too near to the end, to be read as a word.
struct TooLong;

/// As [`Beginnings`], for the whole key: `len` bytes that are the lower ones of `word`. Of each entry the processor need
/// guess only whether it is the last to look at: 40 ns a key less than with a branch for each case.
#[inline(always)]
fn find_word(tails: &[u8], mut at: usize, word: u64, len: usize) -> Result<Option<u32>, TooLong> {
    let mut met = 0;
    for index in 0..MOST {
        let Some(raw) = tails.get(at..).and_then(|raw| raw.first_chunk::<9>()) else { return Err(TooLong) };
        let [head, own_bytes @ ..] = *raw;
        let (common, own) = (usize::from(head >> 1 & 7), usize::from(head >> 4));
        if common == MANY_COMMON || own == MANY_OWN {
            return Err(TooLong);
        }
        let ours = u64::from_le_bytes(own_bytes);
        let theirs = (word >> (4 * met)) >> (4 * met);
        // Zeros after the key may be met as if they were its own: then `met` is never again its length.
        let same = ((ours ^ theirs).trailing_zeros() as usize / 8).min(own);
        let shift = 8 * same as u32;
        let greater = ours.wrapping_shr(shift) as u8 > theirs.wrapping_shr(shift) as u8;
        // More in common with the one before than the key has: it is less than the key, as that was.
        let follows = common == met;
        let past = (common < met) | (follows & (same < own) & greater);
        met = if follows { met + same } else { met };
        let found = follows & (same == own) & (met == len);
        if found | past | (head & 1 != 0) {
            return Ok(found.then_some(index));
        }
        at += 1 + own;
    }
    Ok(None)
}

fn find_long(tails: &[u8], at: usize, key: &[u8]) -> Option<u32> {
    let mut beginnings = Beginnings::new(at, key);
    loop {
        let (index, len) = beginnings.next(tails, key)?;
        if len == key.len() {
            return Some(index);
        }
    }
}

/// Adds the entry of this place in the set at `at` to `key`, if it has no more than `room` bytes.
pub(super) fn spell(tails: &[u8], at: usize, index: u64, room: usize, key: &mut Vec<u8>) -> Option<()> {
    match spell_word(tails, at, index) {
        Ok((word, len)) if len <= room => key.extend_from_slice(word.to_le_bytes().get(..len)?),
        Ok(_) => return None,
        Err(TooLong) => {
            let start = key.len();
            let mut entry = Entry::read(tails, at, 0)?;
            loop {
                // Damaged bytes may have more in common than there is.
                if entry.len() > room || entry.common > key.len() - start {
                    return None;
                }
                key.truncate(start + entry.common);
                key.extend_from_slice(entry.own(tails));
                if u64::from(entry.index) == index {
                    break;
                }
                entry = entry.next(tails)?;
            }
        }
    }
    Some(())
}

/// As [`spell`], of entries of at most 8 bytes: these as a number, and how many they are.
#[inline]
fn spell_word(tails: &[u8], mut at: usize, index: u64) -> Result<(u64, usize), TooLong> {
    let mut word = 0;
    for i in 0..u64::from(MOST) {
        let Some([head, ours @ ..]) = tails.get(at..).and_then(|raw| raw.first_chunk::<9>()) else { break };
        let (common, own) = (usize::from(head >> 1 & 7), usize::from(head >> 4));
        if !is_short(*head) {
            break;
        }
        word = word & ((1 << (8 * common)) - 1) | u64::from_le_bytes(*ours) << (8 * common);
        if i == index {
            return Ok((word, common + own));
        }
        if head & 1 != 0 {
            break;
        }
        at += 1 + own;
    }
    Err(TooLong)
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
        let start = at + width;
        let bytes = tails.get(start..start.checked_add(len)?).filter(|bytes| !bytes.is_empty())?;
        Some(Self { bytes, link: number(tails, at, width) })
    }
}

/// The number of `width` bytes, at most 5, at `at`; what is not there is 0.
#[inline(always)]
pub(super) fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk::<8>() {
        Some(raw) => u64::from_le_bytes(*raw) & ((1 << (8 * width)) - 1),
        None => rest.iter().take(width).rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
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
                prop_assert_eq!(find(&bytes, 0, text, End::of(text)), place.map(|place| place as u32));
                let mut found = Vec::new();
                let mut beginnings = Beginnings::new(0, text);
                while let Some((index, len)) = beginnings.next(&bytes, text) {
                    found.push((index as usize, len));
                }
                let begins = keys.iter().enumerate().filter(|(_, key)| text.starts_with(key));
                prop_assert_eq!(found, begins.map(|(i, key)| (i, key.len())).collect::<Vec<_>>());
            }
            for (i, key) in (0..).zip(&keys) {
                let mut spelled = Vec::from(*b"before");
                prop_assert_eq!(spell(&bytes, 0, i, 1000, &mut spelled), Some(()));
                prop_assert_eq!(spelled.strip_prefix(b"before"), Some(&key[..]));
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
            find(&bytes, at, &key, End::of(&key));
            spell(&bytes, at, 3, 100, &mut Vec::new());
            Run::read(&bytes, at);
        }
    }
}
