//! The minimal automaton of sorted keys, grown key by key.

use crate::{Error, Result};
use alloc::vec::Vec;
use xxhash_rust::xxh3::xxh3_64;

/// The state where a key ends and none goes on. It is there from the beginning.
pub const LEAF: u32 = 0;

/// Free places of the table; no state has this number.
const FREE: u32 = u32::MAX;

/// The states of an automaton, each after those that its edges lead to. The last one is the root.
///
/// A state is a number of 7 bits a byte, twice its edges plus one where a key ends, then for each edge, by increasing label,
/// the label and the number of the state that it leads to.
#[derive(Debug, Default)]
pub struct States {
    bytes: Vec<u8>,
    /// Where each state begins.
    starts: Vec<u32>,
}

/// A state as it was read.
#[derive(Clone, Copy, Debug)]
pub struct StateView<'a> {
    /// Whether a key ends here.
    pub is_final: bool,
    /// Edges that lead on.
    pub degree: usize,
    bytes: &'a [u8],
}

impl<'a> StateView<'a> {
    /// Labels and the states that they lead to.
    #[inline]
    pub fn edges(&self) -> Edges<'a> {
        Edges { left: self.degree, bytes: self.bytes }
    }
}

/// The edges of a state.
#[derive(Clone, Debug)]
pub struct Edges<'a> {
    left: usize,
    bytes: &'a [u8],
}

impl Iterator for Edges<'_> {
    type Item = (u8, u32);

    #[inline]
    fn next(&mut self) -> Option<(u8, u32)> {
        self.left = self.left.checked_sub(1)?;
        let (label, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some((*label, number(&mut self.bytes)))
    }
}

impl States {
    /// Number of states.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// The `i`-th state.
    #[inline]
    pub fn get(&self, i: usize) -> StateView<'_> {
        let mut bytes = self.starts.get(i).map_or(&[][..], |start| &self.bytes[*start as usize..]);
        let first = number(&mut bytes);
        StateView { is_final: first & 1 == 1, degree: first as usize / 2, bytes }
    }

    /// Bytes of heap.
    pub fn heap_bytes(&self) -> u64 {
        (self.bytes.capacity() + self.starts.capacity() * size_of::<u32>()) as u64
    }

    /// Writes a state after the last one, which is not yet its own: [`keep`](Self::keep) makes it so.
    fn write(&mut self, is_final: bool, edges: &[(u8, u32)]) -> Result<()> {
        let most = 5 * (edges.len() + 1);
        let grown = (self.bytes.len() + most) as u64;
        let refused = Error::CannotGrow { expected: grown, found: self.bytes.len() as u64 };
        if grown > u32::MAX.into() || self.bytes.try_reserve(most).is_err() {
            return Err(refused);
        }
        put(&mut self.bytes, 2 * edges.len() as u32 + u32::from(is_final));
        for (label, to) in edges {
            self.bytes.push(*label);
            put(&mut self.bytes, *to);
        }
        Ok(())
    }

    fn keep(&mut self, start: usize) -> Result<u32> {
        let found = self.starts.len() as u32;
        if found == FREE || self.starts.try_reserve(1).is_err() {
            return Err(Error::CannotGrow {
                expected: 4 * (u64::from(found) + 1),
                found: 4 * u64::from(found),
            });
        }
        self.starts.push(start as u32);
        Ok(found)
    }

    /// The bytes of the `i`-th state.
    fn bytes_of(&self, i: u32) -> &[u8] {
        let i = i as usize;
        let end = self.starts.get(i + 1).map_or(self.bytes.len(), |end| *end as usize);
        &self.bytes[self.starts[i] as usize..end]
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[inline]
fn number(bytes: &mut &[u8]) -> u32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((first, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u32::from(first & 127) << shift;
        shift += 7;
        if *first < 128 || shift > 28 {
            break;
        }
    }
    number
}

/// The states in the making: those that can't change any more, found by what they are, and the path of the last key.
///
/// Sorted keys never come back to a branch that they left, so what hangs there is frozen: it becomes the state that is
/// equal to it, or a new one. Memory is that of the minimal automaton, and of one path.
pub struct Register {
    states: States,
    /// Numbers of states, each at the first free place from that of its hash.
    table: Vec<u32>,
    /// For each byte of the last key, and first the root.
    path: Vec<Open>,
    /// Edges of the states on the path, but those that the last key itself takes.
    edges: Vec<(u8, u32)>,
    peak_bytes: u64,
}

/// A state that more keys may change.
#[derive(Clone, Copy, Default)]
struct Open {
    /// Where its edges begin in `edges`.
    start: u32,
    /// The label that leads to it.
    label: u8,
    is_final: bool,
}

impl Register {
    pub fn new() -> Result<Self> {
        let mut states = States::default();
        // The leaf is met too often to be looked up.
        states.write(true, &[])?;
        states.keep(0)?;
        let (table, path) = (Vec::from([FREE; 16]), Vec::from([Open::default()]));
        Ok(Self { states, table, path, edges: Vec::new(), peak_bytes: 0 })
    }

    /// Takes the next key, which has `common` bytes in common with the one before it.
    pub fn push(&mut self, key: &[u8], common: usize) -> Result<()> {
        let refused = |_| Error::CannotGrow { expected: 8 * key.len() as u64, found: 0 };
        self.path.try_reserve(key.len()).map_err(refused)?;
        self.freeze(common)?;
        let start = self.edges.len() as u32;
        let labels = key.get(self.path.len() - 1..).unwrap_or_default();
        self.path.extend(labels.iter().map(|label| Open { start, label: *label, is_final: false }));
        if let Some(end) = self.path.last_mut() {
            end.is_final = true;
        }
        Ok(())
    }

    /// Freezes the states of the last key that are deeper than `depth`.
    fn freeze(&mut self, depth: usize) -> Result<()> {
        while self.path.len() > depth + 1 {
            self.edges.try_reserve(1).map_err(|_| Error::CannotGrow { expected: 8, found: 0 })?;
            let Some(last) = self.path.last().copied() else { break };
            let from = last.start as usize;
            let to = match self.edges.len() == from && last.is_final {
                true => LEAF,
                false => self.state_of(last.is_final, from)?,
            };
            self.edges.truncate(from);
            self.edges.push((last.label, to));
            self.path.pop();
        }
        Ok(())
    }

    /// The state that has the edges from `from` on.
    fn state_of(&mut self, is_final: bool, from: usize) -> Result<u32> {
        if self.states.len() * 4 > self.table.len() * 3 {
            self.grow()?;
        }
        let start = self.states.bytes.len();
        self.states.write(is_final, &self.edges[from..])?;
        let state = &self.states.bytes[start..];
        let mask = self.table.len() - 1;
        let mut place = xxh3_64(state) as usize & mask;
        while let Some(found) = self.table.get(place).copied().filter(|found| *found != FREE) {
            // The end of the last state is where this one begins only once it is kept.
            let begins = self.states.starts[found as usize] as usize;
            if begins + state.len() <= start && self.states.bytes[begins..begins + state.len()] == *state {
                self.states.bytes.truncate(start);
                return Ok(found);
            }
            place = (place + 1) & mask;
        }
        match self.states.keep(start) {
            Ok(state) => {
                self.table[place] = state;
                Ok(state)
            }
            Err(error) => {
                self.states.bytes.truncate(start);
                Err(error)
            }
        }
    }

    /// Doubles the table.
    fn grow(&mut self) -> Result<()> {
        let len = 2 * self.table.len();
        let refused = |_| Error::CannotGrow { expected: 4 * len as u64, found: 2 * len as u64 };
        let mut table = Vec::new();
        table.try_reserve_exact(len).map_err(refused)?;
        table.resize(len, FREE);
        for state in 1..self.states.len() as u32 {
            let mut place = xxh3_64(self.states.bytes_of(state)) as usize & (len - 1);
            while table[place] != FREE {
                place = (place + 1) & (len - 1);
            }
            table[place] = state;
        }
        self.peak_bytes = self.peak_bytes.max(self.heap_bytes() + 4 * len as u64);
        self.table = table;
        Ok(())
    }

    fn heap_bytes(&self) -> u64 {
        let path = self.path.capacity() * size_of::<Open>();
        let edges = self.edges.capacity() * size_of::<(u8, u32)>();
        self.states.heap_bytes() + (4 * self.table.capacity() + path + edges) as u64
    }

    /// All states, the root last, and the most bytes of heap that were taken so far.
    pub fn finish(mut self) -> Result<(States, u64)> {
        self.freeze(0)?;
        let is_final = self.path.first().is_some_and(|root| root.is_final);
        // The root is a state of its own, even where it is equal to the leaf.
        let start = self.states.bytes.len();
        self.states.write(is_final, &self.edges)?;
        self.states.keep(start)?;
        let peak = self.peak_bytes.max(self.heap_bytes());
        let Self { mut states, .. } = self;
        states.bytes.shrink_to_fit();
        states.starts.shrink_to_fit();
        Ok((states, peak))
    }
}
