//! [`Twigs`]: the Patricia trie of sorted keys, as they come; each node is written down when no key can change it any more.

use crate::hash::hash;
use crate::{Error, Result};
use alloc::vec::Vec;

/// Labels below this are a single byte, those from here on are in [`Labels`].
pub(super) const BYTES: u32 = 256;
/// In a node's notes: whether a key ends there. The rest are its children, at most 256.
const TERMINAL: u16 = 1 << 15;

/// What `vec` needs for `more` is there, or an error. A list grows by an eighth, not to its double: most of the memory that
/// building takes is in lists.
pub(super) fn reserve<T>(vec: &mut Vec<T>, more: usize) -> Result<()> {
    if vec.capacity() - vec.len() >= more {
        return Ok(());
    }
    let found = (vec.len() * size_of::<T>()) as u64;
    vec.try_reserve_exact(more.max(vec.len() / 8 + 16))
        .map_err(|_| Error::CannotGrow { expected: found + (more * size_of::<T>()) as u64, found })
}

/// Where each of many texts ends, of which 64 together are shorter than 2^32 bytes: the lower half of each place, and the
/// whole of every 64th.
#[derive(Debug, Default)]
struct Ends {
    lower: Vec<u32>,
    whole: Vec<u64>,
}

impl Ends {
    fn reserve(&mut self) -> Result<()> {
        reserve(&mut self.lower, 1)?;
        reserve(&mut self.whole, 1)
    }

    fn push(&mut self, end: u64) {
        if self.lower.len().is_multiple_of(64) {
            self.whole.push(end);
        }
        self.lower.push(end as u32);
    }

    fn get(&self, i: usize) -> usize {
        let whole = self.whole[i / 64];
        (whole + u64::from(self.lower[i].wrapping_sub(whole as u32))) as usize
    }

    fn heap_bytes(&self) -> usize {
        4 * self.lower.capacity() + 8 * self.whole.capacity()
    }
}

/// Different labels of more than one byte, and how often each came.
#[derive(Debug, Default)]
pub(super) struct Labels {
    text: Vec<u8>,
    ends: Ends,
    pub counts: Vec<u32>,
    /// Places by hash: a label's number and one, or 0. A power of two, at most three quarters full.
    table: Vec<u32>,
}

impl Labels {
    pub fn len(&self) -> usize {
        self.ends.lower.len()
    }

    pub fn get(&self, i: usize) -> &[u8] {
        let start = if i == 0 { 0 } else { self.ends.get(i - 1) };
        &self.text[start..self.ends.get(i)]
    }

    /// Forgets what they are, when the next trie has it.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|i| self.get(i))
    }

    fn heap_bytes(&self) -> usize {
        self.text.capacity() + self.ends.heap_bytes() + 4 * self.counts.capacity() + 4 * self.table.capacity()
    }

    /// Room for one more label of `len` bytes.
    fn reserve(&mut self, len: usize) -> Result<()> {
        reserve(&mut self.text, len)?;
        self.ends.reserve()?;
        reserve(&mut self.counts, 1)?;
        if self.table.len() * 3 <= (self.len() + 1) * 4 {
            let places = (self.table.len() * 2).max(64);
            if places > u32::MAX as usize {
                return Err(Error::CannotGrow {
                    expected: places as u64 * 4,
                    found: self.heap_bytes() as u64,
                });
            }
            let mut table = Vec::new();
            reserve(&mut table, places)?;
            table.resize(places, 0);
            for (i, label) in (1..).zip(self.iter()) {
                let mut at = hash(label, 0) as usize & (places - 1);
                while table[at] != 0 {
                    at = (at + 1) & (places - 1);
                }
                table[at] = i;
            }
            self.table = table;
        }
        Ok(())
    }

    /// The number of a label, for which there is room.
    fn number(&mut self, label: &[u8]) -> u32 {
        let mask = self.table.len() - 1;
        let mut at = hash(label, 0) as usize & mask;
        loop {
            match self.table[at] {
                0 => break,
                i if self.get(i as usize - 1) == label => {
                    self.counts[i as usize - 1] += 1;
                    return i - 1;
                }
                _ => at = (at + 1) & mask,
            }
        }
        self.text.extend_from_slice(label);
        self.ends.push(self.text.len() as u64);
        self.counts.push(1);
        self.table[at] = self.len() as u32;
        self.len() as u32 - 1
    }
}

/// A node on the way to the last key: more may come under it.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// Bytes from the root.
    end: usize,
    children: u16,
    terminal: bool,
    value: u64,
}

/// A node that is complete.
#[derive(Clone, Copy, Debug)]
pub(super) struct Twig {
    /// A byte, or [`BYTES`] and the number of a label.
    pub label: u32,
    pub children: u16,
    pub terminal: bool,
}

/// The nodes of a Patricia trie, children before their parents, in order; the root is the last.
#[derive(Debug)]
pub(super) struct Twigs {
    labels_of: Vec<u32>,
    notes: Vec<u16>,
    /// Of the keys, in the order of their nodes; empty where they have none.
    pub values: Vec<u64>,
    has_values: bool,
    pub labels: Labels,
    open: Vec<Open>,
    last: Vec<u8>,
    /// Which bytes are a label.
    pub whole: [bool; 256],
    /// Which bytes begin a longer one.
    pub begins: [bool; 256],
}

impl Twigs {
    pub fn new(has_values: bool) -> Self {
        Self {
            labels_of: Vec::new(),
            notes: Vec::new(),
            values: Vec::new(),
            has_values,
            labels: Labels::default(),
            open: Vec::from([Open { end: 0, children: 0, terminal: false, value: 0 }]),
            last: Vec::new(),
            whole: [false; 256],
            begins: [false; 256],
        }
    }

    /// Takes a key that comes after the last one, with which it has its first `common` bytes in common.
    pub fn push(&mut self, key: &[u8], common: usize, value: u64) -> Result<()> {
        // Whatever is refused is refused before anything has changed: all nodes below here will be written down.
        let below = self.open.iter().rev().take_while(|open| open.end > common).count();
        reserve(&mut self.labels_of, below + 1)?;
        reserve(&mut self.notes, below + 1)?;
        if self.has_values {
            reserve(&mut self.values, below + 1)?;
        }
        reserve(&mut self.open, 2)?;
        reserve(&mut self.last, key.len())?;
        self.close(common)?;
        self.last.truncate(common);
        self.last.extend_from_slice(&key[common..]);
        if let Some(top) = self.open.last_mut()
            && top.end == key.len()
        {
            // The empty key, before all others.
            (top.terminal, top.value) = (true, value);
        } else {
            self.open.push(Open { end: key.len(), children: 0, terminal: true, value });
        }
        Ok(())
    }

    /// Writes down the nodes below the first `common` bytes of the last key, and opens one there if there is none.
    fn close(&mut self, common: usize) -> Result<()> {
        while let [.., parent, node] = self.open[..]
            && node.end > common
        {
            let start = parent.end.max(common);
            self.labels.reserve(node.end - start)?;
            self.open.pop();
            if parent.end < common {
                self.open.push(Open { end: common, children: 0, terminal: false, value: 0 });
            }
            if let Some(parent) = self.open.last_mut() {
                parent.children += 1;
            }
            let first = self.last[start];
            let label = if node.end - start == 1 {
                self.whole[usize::from(first)] = true;
                u32::from(first)
            } else {
                self.begins[usize::from(first)] = true;
                BYTES + self.labels.number(&self.last[start..node.end])
            };
            self.write(label, &node);
        }
        Ok(())
    }

    fn write(&mut self, label: u32, node: &Open) {
        self.labels_of.push(label);
        self.notes.push(node.children | if node.terminal { TERMINAL } else { 0 });
        if self.has_values && node.terminal {
            self.values.push(node.value);
        }
    }

    /// All keys came: writes down what is open.
    pub fn finish(&mut self) -> Result<()> {
        let left = self.open.len();
        reserve(&mut self.labels_of, left)?;
        reserve(&mut self.notes, left)?;
        if self.has_values {
            reserve(&mut self.values, left)?;
        }
        self.close(0)?;
        if let Some(root) = self.open.pop() {
            self.write(0, &root);
        }
        (self.open, self.last, self.labels.table) = Default::default();
        Ok(())
    }

    pub fn len(&self) -> usize {
        self.notes.len()
    }

    pub fn heap_bytes(&self) -> u64 {
        let nodes = 4 * self.labels_of.capacity() + 2 * self.notes.capacity() + 8 * self.values.capacity();
        (nodes + self.labels.heap_bytes() + self.last.capacity() + self.open.capacity() * size_of::<Open>())
            as u64
    }

    /// The nodes from the root on, each before its children, the last child first; with the depth of each.
    pub fn down(&self) -> impl Iterator<Item = (usize, Twig)> {
        let nodes = self.labels_of.iter().zip(&self.notes).rev();
        // Children that are still to come, of each node on the way.
        let mut left: Vec<u16> = Vec::new();
        nodes.map(move |(label, notes)| {
            let (children, depth) = (notes & !TERMINAL, left.len());
            if children > 0 {
                left.push(children);
            } else {
                while let Some(top) = left.last_mut() {
                    *top -= 1;
                    if *top > 0 {
                        break;
                    }
                    left.pop();
                }
            }
            (depth, Twig { label: *label, children, terminal: notes & TERMINAL != 0 })
        })
    }
}
