//! Many keys looked up side by side.

use super::ask::after_tail;
use super::edges::unit;
use super::lanes::LANES;
use super::{Fast, PLACE_SHIFT, TAIL, TERMINAL};
use crate::prefetch::prefetch;
use crate::text::batch::{self, Lookup};
use core::ops::ControlFlow::{self, Break, Continue};

impl Fast<'_> {
    /// [`id_of`](Self::id_of) of many keys, side by side; of those that are not `COUNTED`, any number for an id.
    pub fn look_up<const COUNTED: bool, K: AsRef<[u8]>>(
        self,
        keys: impl Iterator<Item = K>,
        told: impl FnMut(usize, Option<u64>),
    ) {
        by_width!(self, W, LEN => batch::look_up(&Walks::<W, LEN, COUNTED>(self), keys, told));
    }
}

/// Walks side by side.
struct Walks<'a, const W: usize, const LEN: usize, const COUNTED: bool>(Fast<'a>);

/// Where one stands.
#[derive(Clone, Copy)]
struct Walk {
    link: u64,
    /// Keys before.
    before: u64,
    /// Where the edge by the next label would be, unless the state is a tail.
    place: u64,
    code: u8,
    /// Bytes of the key that were read.
    read: usize,
}

impl<const W: usize, const LEN: usize, const COUNTED: bool> Walks<'_, W, LEN, COUNTED> {
    /// At the state of a link; asks for what is read next.
    #[inline(always)]
    fn at(&self, link: u64, before: u64, read: usize, key: &[u8]) -> Walk {
        let fast = self.0;
        let (mut place, mut code) = (0, 0);
        if link & TAIL != 0 {
            prefetch(fast.tails, (link >> PLACE_SHIFT) as usize);
        } else if let Some(label) = key.get(read) {
            (place, code) = fast.unit_of(link, *label);
            let (group, lane) = ((place as usize / LANES).wrapping_mul(LEN), place as usize % LANES);
            prefetch(fast.groups, group.wrapping_add(LANES * W + lane));
            if LEN > 64 {
                prefetch(fast.groups, group.wrapping_add(lane * W));
            }
            if COUNTED {
                prefetch(fast.skips, place as usize);
            }
        }
        Walk { link, before, place, code, read }
    }
}

impl<const W: usize, const LEN: usize, const COUNTED: bool> Lookup for Walks<'_, W, LEN, COUNTED> {
    type At = Walk;

    #[inline(always)]
    fn root(&self, key: &[u8]) -> Walk {
        self.at(self.0.shape.root, 0, 0, key)
    }

    #[inline(always)]
    fn step(&self, at: Walk, key: &[u8]) -> ControlFlow<Option<u64>, Walk> {
        let (fast, groups) = (self.0, self.0.groups.as_chunks::<LEN>().0);
        let Walk { link, mut before, place, code, read } = at;
        if read == key.len() {
            return Break((link & TERMINAL != 0).then_some(before));
        }
        if link & TAIL == 0 {
            let Some(link) = unit::<W, LEN>(groups, place, code) else { return Break(None) };
            if COUNTED {
                before = before.wrapping_add(fast.skip(place));
            }
            return Continue(self.at(link, before, read + 1, key));
        }
        let Some(tail) = fast.tail(link) else { return Break(None) };
        if COUNTED {
            before = before.wrapping_add(link & TERMINAL);
        }
        let rest = key.get(read..).and_then(|rest| after_tail(rest, tail.labels));
        match rest {
            Some(rest) => Continue(self.at(tail.link, before, key.len() - rest.len(), key)),
            None => Break(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Dawg, Form, Mode};
    use super::*;
    use alloc::{format, string::String, vec::Vec};
    use proptest::prelude::*;

    /// What is found of keys, and of some that are not there.
    fn found<const COUNTED: bool>(dawg: &Dawg<&[u8]>, keys: &[String]) -> Vec<Option<u64>> {
        let Form::Fast(shape) = &dawg.form else { return Vec::new() };
        let mut found = alloc::vec![None; keys.len()];
        Fast::new(dawg.body(), shape).look_up::<COUNTED, _>(keys.iter(), |i, id| found[i] = id);
        found
    }

    proptest! {
        #[test]
        fn side_by_side_as_one_by_one(
            keys in proptest::collection::vec("[a-c]{0,12}|[x-z]{3}(tion)?", 0..300),
            flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
        ) {
            let mut sorted = keys.clone();
            sorted.sort();
            sorted.dedup();
            let dawg = Dawg::from_keys(sorted, Mode::Fast)?;
            let dawg = Dawg::open(dawg.as_bytes())?;
            let asked: Vec<String> = keys.iter().flat_map(|key| [key.clone(), format!("{key}a")]).collect();
            let ids: Vec<Option<u64>> = asked.iter().map(|key| dawg.id_of(key)).collect();
            prop_assert_eq!(&found::<true>(&dawg, &asked), &ids);
            prop_assert!(found::<false>(&dawg, &asked).iter().map(Option::is_some).eq(ids.iter().map(Option::is_some)));

            // Damaged bytes find other keys, and no end but one.
            let mut bytes = dawg.as_bytes().to_vec();
            let payload = bytes.len() - dawg.body().len();
            flips.iter().for_each(|(at, byte)| {
                let at = payload + at.index(bytes.len() - payload);
                bytes[at] = *byte;
            });
            if let Ok(damaged) = Dawg::open(&bytes[..]) {
                found::<true>(&damaged, &asked);
            }
        }
    }
}
