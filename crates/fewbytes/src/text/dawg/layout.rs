//! What the two ways of laying out an automaton have in common.

use super::register::{LEAF, States};
use crate::{Error, Result};
use alloc::vec::Vec;

/// What a layout must know of each state.
pub struct Census {
    /// Edges that lead to it, at most 2^32 - 1.
    pub parents: Vec<u32>,
    /// Keys that end at it or further on.
    pub counts: Vec<u64>,
}

impl Census {
    /// Counts.
    pub fn new(states: &States) -> Result<Self> {
        let mut census = Self { parents: zeros(states.len())?, counts: zeros(states.len())? };
        for i in 0..states.len() {
            let state = states.get(i);
            let mut count = u64::from(state.is_final);
            for (_, to) in state.edges() {
                let to = to as usize;
                count += census.counts[to];
                census.parents[to] = census.parents[to].saturating_add(1);
            }
            census.counts[i] = count;
        }
        Ok(census)
    }

    /// Whether a state has edges, and one edge leads to it: then it can lie where that ends.
    #[inline]
    pub fn has_one_parent(&self, state: u32) -> bool {
        state != LEAF && self.parents[state as usize] == 1
    }

    /// Bytes of heap.
    pub fn heap_bytes(&self) -> u64 {
        (4 * self.parents.capacity() + 8 * self.counts.capacity()) as u64
    }
}

/// As many zeros.
pub fn zeros<T: Clone + Default>(len: usize) -> Result<Vec<T>> {
    let mut all = Vec::new();
    let refused = |_| Error::CannotGrow { expected: (len * size_of::<T>()) as u64, found: 0 };
    all.try_reserve_exact(len).map_err(refused)?;
    all.resize(len, T::default());
    Ok(all)
}

/// The eight bytes from `at` on, the first one least; `None` where there are not as many.
#[inline(always)]
pub fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
