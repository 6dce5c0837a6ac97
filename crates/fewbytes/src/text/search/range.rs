//! The keys from one to another.

use super::{Automaton, Labels};
use alloc::vec::Vec;
use core::ops::{Bound, RangeBounds};

/// Looks for the keys between two bounds.
#[derive(Clone, Debug)]
pub struct Range {
    least: Bound<Vec<u8>>,
    most: Bound<Vec<u8>>,
}

/// Which bounds the bytes read are still the beginning of; both are once there are no such bytes.
#[derive(Clone, Copy, Debug)]
pub struct RangeState {
    depth: usize,
    on_least: bool,
    on_most: bool,
    /// The bytes come before the range or after it, and so do all that begin with them.
    outside: bool,
}

impl Range {
    /// From bounds as the standard library's ranges are.
    pub fn new<K: AsRef<[u8]>>(range: impl RangeBounds<K>) -> Self {
        let own = |bound: Bound<&K>| bound.map(|key| key.as_ref().to_vec());
        Self { least: own(range.start_bound()), most: own(range.end_bound()) }
    }

    /// From the first key on, up to before the second; without bounds where they are `None`.
    pub(super) fn between(least: Option<&[u8]>, before: Option<&[u8]>) -> Self {
        let least = least.map_or(Bound::Unbounded, |key| Bound::Included(key.to_vec()));
        let most = before.map_or(Bound::Unbounded, |key| Bound::Excluded(key.to_vec()));
        Self { least, most }
    }

    /// Bytes of both bounds.
    pub(super) fn bound_bytes(&self) -> usize {
        key(&self.least).map_or(0, <[u8]>::len) + key(&self.most).map_or(0, <[u8]>::len)
    }
}

fn key(bound: &Bound<Vec<u8>>) -> Option<&[u8]> {
    match bound {
        Bound::Included(key) | Bound::Excluded(key) => Some(key),
        Bound::Unbounded => None,
    }
}

impl Automaton for Range {
    type State = RangeState;

    fn start(&self) -> RangeState {
        RangeState {
            depth: 0,
            on_least: key(&self.least).is_some(),
            on_most: key(&self.most).is_some(),
            outside: false,
        }
    }

    fn step(&self, state: &RangeState, label: u8) -> RangeState {
        let mut next = RangeState { depth: state.depth + 1, ..*state };
        if state.on_least {
            // Longer than the bound is after it.
            let bound = key(&self.least).and_then(|key| key.get(state.depth)).copied();
            next.on_least = bound == Some(label);
            next.outside |= bound.is_some_and(|bound| label < bound);
        }
        if state.on_most {
            let bound = key(&self.most).and_then(|key| key.get(state.depth)).copied();
            next.on_most = bound == Some(label);
            next.outside |= bound.is_none_or(|bound| label > bound);
        }
        next
    }

    fn is_match(&self, state: &RangeState) -> bool {
        // What a bound begins with comes before it.
        let after = !state.on_least
            || match &self.least {
                Bound::Included(key) => key.len() <= state.depth,
                Bound::Excluded(_) => false,
                Bound::Unbounded => true,
            };
        let before = !state.on_most
            || match &self.most {
                Bound::Included(_) | Bound::Unbounded => true,
                Bound::Excluded(key) => key.len() > state.depth,
            };
        !state.outside && after && before
    }

    fn can_match(&self, state: &RangeState) -> bool {
        !state.outside
    }

    fn matches_all(&self, state: &RangeState) -> bool {
        !state.outside && !state.on_least && !state.on_most
    }

    fn labels(&self, state: &RangeState) -> Labels {
        let at = |on: bool, bound| key(bound).filter(|_| on).map(|key: &[u8]| key.get(state.depth).copied());
        let least = at(state.on_least, &self.least).flatten().unwrap_or(0);
        match at(state.on_most, &self.most) {
            Some(None) => Labels::NONE,
            most => Labels::Between(least, most.flatten().unwrap_or(255)),
        }
    }
}
