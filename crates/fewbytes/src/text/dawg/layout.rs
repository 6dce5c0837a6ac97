//! What the two ways of laying out an automaton have in common.

use super::register::{LEAF, States};
use crate::{Error, Result};
use alloc::vec::Vec;

/// A state of an automaton in bytes.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Where it is: [`END`] where no edge leads on.
    pub at: u64,
    /// The labels that are left, where it lies within a run of them.
    pub rest: u32,
    /// Whether a key ends here.
    pub is_final: bool,
}

/// Where a state is that has no edge.
pub const END: u64 = u64::MAX;

impl State {
    /// The state that has no edge, where a key ends.
    pub const LEAF: Self = Self { at: END, rest: 0, is_final: true };
}

/// An edge.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Its label.
    pub label: u8,
    /// Keys below the edges before it.
    pub before: u64,
    /// The state that it leads to.
    pub to: State,
}

/// An automaton in bytes, to be read. Whatever the bytes are, its methods end, and don't panic.
pub trait Layout: Copy + core::fmt::Debug {
    /// The edges of a state, from one of them on.
    type Edges: Copy + core::fmt::Debug;

    /// The state of the empty string.
    fn root(self) -> State;

    /// All edges of a state.
    fn edges(self, of: State) -> Self::Edges;

    /// The next edge, by increasing label: of a damaged state too, so there are at most 256.
    fn next(self, edges: &mut Self::Edges) -> Option<Edge>;

    /// The next edge whose label is at least `least`.
    #[inline]
    fn seek(self, edges: &mut Self::Edges, least: u8) -> Option<Edge> {
        loop {
            match self.next(edges) {
                Some(edge) if edge.label < least => {}
                found => return found,
            }
        }
    }

    /// The last edge of a state that has at most `keys` keys before it.
    #[inline]
    fn edge_over(self, of: State, keys: u64) -> Option<Edge> {
        let (mut edges, mut found) = (self.edges(of), None);
        while let Some(edge) = self.next(&mut edges)
            && edge.before <= keys
        {
            found = Some(edge);
        }
        found
    }

    /// The id of a key.
    fn id_of(self, key: &[u8]) -> Option<u64>;
}

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
