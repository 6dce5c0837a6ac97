//! Many keys looked up side by side: while one walk waits for memory, the others go on.

use alloc::vec::Vec;
use core::ops::ControlFlow::{self, Break, Continue};

/// Walks that go on side by side: more than the lines of memory that a core asks for at once.
const LANES: usize = 8;

/// A lookup that goes down a step at a time.
pub(super) trait Lookup {
    /// Where a walk stands.
    type At: Copy;

    /// Where it begins.
    fn root(&self, key: &[u8]) -> Self::At;

    /// One step on, or what is found at the end: the key's id, or any number where only the key counts. Asks for the memory
    /// that the step after it reads.
    fn step(&self, at: Self::At, key: &[u8]) -> ControlFlow<Option<u64>, Self::At>;
}

/// Looks for keys, and tells of each its number and what was found. In no order.
#[inline]
pub(super) fn look_up<K: AsRef<[u8]>>(
    lookup: &impl Lookup,
    keys: impl Iterator<Item = K>,
    mut told: impl FnMut(usize, Option<u64>),
) {
    let begin = |(i, key): (usize, K)| {
        let at = lookup.root(key.as_ref());
        (i, key, at)
    };
    let mut keys = keys.enumerate().map(begin).fuse();
    let mut lanes: [_; LANES] = core::array::from_fn(|_| keys.next());
    let mut walking = true;
    while walking {
        walking = false;
        for lane in &mut lanes {
            let Some((i, key, at)) = lane else { continue };
            walking = true;
            match lookup.step(*at, key.as_ref()) {
                Continue(next) => *at = next,
                Break(found) => {
                    told(*i, found);
                    *lane = keys.next();
                }
            }
        }
    }
}

/// Puts an answer into its place.
pub(super) fn put<T: Clone + Default>(answers: &mut Vec<T>, i: usize, answer: T) {
    if answers.len() <= i {
        answers.resize(i + 1, T::default());
    }
    answers[i] = answer;
}
