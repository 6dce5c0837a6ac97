//! What is asked of the small layout.

use super::small::{Small, State};
use crate::text::{Prefix, Values};
use alloc::vec::Vec;
use core::ops::Range;

impl<'a> Small<'a> {
    /// The ids of the keys that begin with `prefix`; where there is none, nothing at the id that the next greater key has.
    pub fn span(self, prefix: &[u8], len: u64) -> Range<u64> {
        let mut state = self.root();
        let mut ids = 0..len;
        for label in prefix {
            let first = ids.start.wrapping_add(state.is_final.into());
            let mut edges = self.edges(state);
            match self.seek(&mut edges, *label) {
                Some(edge) if edge.label == *label => {
                    let end = self.next(&mut edges).map_or(ids.end, |next| first.wrapping_add(next.before));
                    ids = first.wrapping_add(edge.before)..end;
                    state = edge.to;
                }
                Some(edge) => {
                    let next = first.wrapping_add(edge.before);
                    return next..next;
                }
                None => return ids.end..ids.end,
            }
        }
        ids
    }

    /// Writes the key of an id over `key`, if it has at most `longest` bytes.
    pub fn key_of(self, id: u64, longest: usize, key: &mut Vec<u8>) -> bool {
        key.clear();
        let (mut state, mut left) = (self.root(), id);
        loop {
            if state.is_final {
                if left == 0 {
                    return true;
                }
                left -= 1;
            }
            match self.edge_over(state, left) {
                Some(edge) if key.len() < longest => {
                    key.push(edge.label);
                    left -= edge.before;
                    state = edge.to;
                }
                _ => break,
            }
        }
        key.clear();
        false
    }

    /// The keys with which `text` begins, the shortest first.
    pub fn prefixes_of(
        self,
        text: &'a [u8],
        values: Option<Values<'a>>,
    ) -> impl Iterator<Item = Prefix> + 'a {
        let step = move |(state, before, len): (State, u64, usize)| {
            let mut edges = self.edges(state);
            let label = *text.get(len)?;
            let edge = self.seek(&mut edges, label).filter(|edge| edge.label == label)?;
            let before = before.wrapping_add(state.is_final.into()).wrapping_add(edge.before);
            Some((edge.to, before, len + 1))
        };
        core::iter::successors(Some((self.root(), 0, 0)), move |place| step(*place))
            .filter(|(state, ..)| state.is_final)
            .map(move |(_, id, len)| Prefix {
                len,
                id: Some(id),
                value: values.and_then(|values| values.get(id)),
            })
    }
}
