//! What is asked of the fast layout.

use super::edges::{NARROW_GROUPS, WINDOW_GROUPS, at_most_of, unit, window};
use super::lanes::LANES;
use super::{ESCAPE, Fast, NARROW, NARROW_MASK, NARROW_WINDOW, PLACE_SHIFT, TAIL, TERMINAL, WINDOW};
use crate::text::{Prefix, Values};
use alloc::vec::Vec;
use core::ops::Range;

impl<'a> Fast<'a> {
    /// Whether `key` is stored.
    #[inline]
    pub fn contains(self, key: &[u8]) -> bool {
        by_width!(self, W, LEN => self.find::<W, LEN, false>(key)).is_some()
    }

    /// The id of a key.
    #[inline]
    pub fn id_of(self, key: &[u8]) -> Option<u64> {
        by_width!(self, W, LEN => self.find::<W, LEN, true>(key))
    }

    /// The id of a key, or 0 where it is not `COUNTED`.
    #[inline(always)]
    fn find<const W: usize, const LEN: usize, const COUNTED: bool>(self, key: &[u8]) -> Option<u64> {
        let groups = self.groups.as_chunks::<LEN>().0;
        let (mut link, mut id) = (self.shape.root, 0_u64);
        let mut rest = key;
        while let Some((label, after)) = rest.split_first() {
            if link & TAIL == 0 {
                let (place, code) = self.unit_of(link, *label);
                link = unit::<W, LEN>(groups, place, code)?;
                if COUNTED {
                    id = id.wrapping_add(self.skip(place));
                }
                rest = after;
            } else {
                let tail = self.tail(link)?;
                if COUNTED {
                    id = id.wrapping_add(link & TERMINAL);
                }
                rest = after_tail(rest, tail.labels)?;
                link = tail.link;
            }
        }
        (link & TERMINAL != 0).then_some(id)
    }

    /// The last edge of a state, which is no tail, that has at most `keys` keys before it: its code, and these.
    #[inline(always)]
    fn over<const W: usize, const LEN: usize>(self, link: u64, keys: u64) -> Option<(u8, u64)> {
        let groups = self.groups.as_chunks::<LEN>().0;
        let skips = self.skips.as_chunks::<LANES>().0;
        let base = link >> PLACE_SHIFT;
        let most = keys.min(u64::from(ESCAPE) - 1) as u8;
        if link & NARROW != 0 {
            let first = self.shape.narrow;
            let edges = window::<W, LEN, NARROW_GROUPS>(groups, base, first) & NARROW_MASK;
            let few = at_most_of::<NARROW_GROUPS>(skips, (base as usize).wrapping_add(first), most);
            return self.over_in(base + first as u64, first, edges, few, keys);
        }
        let mut found = None;
        for first in (0..self.shape.code_len).step_by(WINDOW) {
            let start = (base as usize).wrapping_add(first);
            let (edges, few) = match self.shape.code_len - first <= NARROW_WINDOW {
                true => (
                    window::<W, LEN, NARROW_GROUPS>(groups, base, first) & NARROW_MASK,
                    at_most_of::<NARROW_GROUPS>(skips, start, most),
                ),
                false => (
                    window::<W, LEN, WINDOW_GROUPS>(groups, base, first),
                    at_most_of::<WINDOW_GROUPS>(skips, start, most),
                ),
            };
            match self.over_in(base + first as u64, first, edges, few, keys) {
                None if edges != 0 => break,
                None => {}
                later => found = later,
            }
        }
        found
    }

    /// The same for the edges of a window, of which `few` have less keys before them than a greater skip.
    #[inline(always)]
    fn over_in(self, start: u64, first: usize, edges: u64, few: u64, keys: u64) -> Option<(u8, u64)> {
        let code = |bit: u32| first as u8 + bit as u8;
        let many = edges & !few;
        if many != 0 && keys >= ESCAPE.into() {
            // Greater skips are those of the later edges: about half of what is left, until nothing is.
            let (mut left, mut found) = (many, None);
            while left != 0 {
                let middle = (left.trailing_zeros() + (63 - left.leading_zeros())) / 2;
                let bit = (left & u64::MAX << middle).trailing_zeros();
                let skip = self.skip(start + u64::from(bit));
                left &= match skip <= keys {
                    true => {
                        found = Some((code(bit), skip));
                        u64::MAX << bit << 1
                    }
                    false => (1 << bit) - 1,
                };
            }
            if found.is_some() {
                return found;
            }
        }
        let last = (edges & few).checked_ilog2()?;
        Some((code(last), self.skip(start + u64::from(last))))
    }

    /// Writes the key of an id over `key`, if it has at most `longest` bytes.
    pub fn key_of(self, id: u64, longest: usize, key: &mut Vec<u8>) -> bool {
        key.clear();
        let found = by_width!(self, W, LEN => self.spell::<W, LEN>(id, longest, key)).is_some();
        if !found {
            key.clear();
        }
        found
    }

    /// Each step but the last makes the key longer.
    #[inline(always)]
    fn spell<const W: usize, const LEN: usize>(
        self,
        id: u64,
        longest: usize,
        key: &mut Vec<u8>,
    ) -> Option<()> {
        let groups = self.groups.as_chunks::<LEN>().0;
        let (mut link, mut left) = (self.shape.root, id);
        loop {
            if link & TERMINAL != 0 && left == 0 {
                return Some(());
            }
            if link & TAIL != 0 {
                let tail = self.tail(link)?;
                if tail.labels.len() > longest - key.len() {
                    return None;
                }
                left -= link & TERMINAL;
                key.extend_from_slice(tail.labels);
                link = tail.link;
            } else {
                let (code, child) = match left {
                    // The first edge, without a skip.
                    0 => self.next::<W, LEN>(link, &mut self.pending::<W, LEN>(link, 0))?,
                    _ => {
                        let (code, skip) = self.over::<W, LEN>(link, left)?;
                        left -= skip;
                        (code, unit::<W, LEN>(groups, (link >> PLACE_SHIFT) + u64::from(code), code)?)
                    }
                };
                if key.len() == longest {
                    return None;
                }
                key.push(self.label(code));
                link = child;
            }
        }
    }

    /// The ids of the keys that begin with `prefix`, of `len` keys; where there is none, nothing at the id that the next greater
    /// key has.
    pub fn span(self, prefix: &[u8], len: u64) -> Range<u64> {
        by_width!(self, W, LEN => self.span_by::<W, LEN>(prefix, len))
    }

    fn span_by<const W: usize, const LEN: usize>(self, prefix: &[u8], len: u64) -> Range<u64> {
        let (mut link, mut ids) = (self.shape.root, 0..len);
        let mut rest = prefix;
        while let Some((label, after)) = rest.split_first() {
            if link & TAIL != 0 {
                let Some(tail) = self.tail(link) else { return ids.end..ids.end };
                let first = ids.start.wrapping_add(link & TERMINAL);
                let common = tail.labels.len().min(rest.len());
                match tail.labels[..common].cmp(&rest[..common]) {
                    core::cmp::Ordering::Less => return ids.end..ids.end,
                    core::cmp::Ordering::Greater => return first..first,
                    core::cmp::Ordering::Equal => {}
                }
                (ids.start, rest, link) = (first, &rest[common..], tail.link);
                continue;
            }
            let base = link >> PLACE_SHIFT;
            let mut pending = self.pending::<W, LEN>(link, self.code_from(*label));
            let Some((code, to)) = self.next::<W, LEN>(link, &mut pending) else { return ids.end..ids.end };
            let first = ids.start.wrapping_add(self.skip(base + u64::from(code)));
            if self.label(code) != *label {
                return first..first;
            }
            if let Some((next, _)) = self.next::<W, LEN>(link, &mut pending) {
                ids.end = ids.start.wrapping_add(self.skip(base + u64::from(next)));
            }
            (ids.start, rest, link) = (first, after, to);
        }
        ids
    }

    /// The keys with which `text` begins, the shortest first.
    pub fn prefixes_of(self, text: &'a [u8], values: Option<Values<'a>>) -> Prefixes<'a> {
        Prefixes { fast: self, text, rest: text, link: self.shape.root, before: 0, begun: false, values }
    }
}

/// What is left of `rest` after the labels of a tail, if it begins with them.
#[inline(always)]
pub(super) fn after_tail<'k>(rest: &'k [u8], labels: &[u8]) -> Option<&'k [u8]> {
    let (begin, after) = rest.split_at_checked(labels.len())?;
    (begin == labels).then_some(after)
}

/// The keys with which a text begins.
#[derive(Clone)]
pub struct Prefixes<'a> {
    fast: Fast<'a>,
    text: &'a [u8],
    rest: &'a [u8],
    /// The state up to which it was read; 0 at the end.
    link: u64,
    before: u64,
    begun: bool,
    values: Option<Values<'a>>,
}

impl Prefixes<'_> {
    /// The key that ends here.
    #[inline(always)]
    fn found(&self) -> Prefix {
        Prefix {
            len: self.text.len() - self.rest.len(),
            id: Some(self.before),
            value: self.values.and_then(|values| values.get(self.before)),
        }
    }

    /// Goes on to the next state at which a key ends; `None` where there is none.
    #[inline(always)]
    fn go<const W: usize, const LEN: usize>(&mut self) -> Option<()> {
        let groups = self.fast.groups.as_chunks::<LEN>().0;
        let (mut link, mut rest, mut before) = (self.link, self.rest, self.before);
        self.link = 0;
        loop {
            let (label, after) = rest.split_first()?;
            if link & TAIL == 0 {
                let (place, code) = self.fast.unit_of(link, *label);
                link = unit::<W, LEN>(groups, place, code)?;
                before = before.wrapping_add(self.fast.skip(place));
                rest = after;
            } else {
                let tail = self.fast.tail(link)?;
                before = before.wrapping_add(link & TERMINAL);
                rest = after_tail(rest, tail.labels)?;
                link = tail.link;
            }
            if link & TERMINAL != 0 {
                (self.link, self.rest, self.before) = (link, rest, before);
                return Some(());
            }
        }
    }
}

impl Iterator for Prefixes<'_> {
    type Item = Prefix;

    #[inline]
    fn next(&mut self) -> Option<Prefix> {
        // The root's key is empty.
        if !core::mem::replace(&mut self.begun, true) && self.link & TERMINAL != 0 {
            return Some(self.found());
        }
        by_width!(self.fast, W, LEN => self.go::<W, LEN>())?;
        Some(self.found())
    }
}
