//! What is left of labels behind their tokens: sorted by their ends, each once, for the next trie or the tail.

use super::gather::{Labels, reserve};
use crate::Result;
use alloc::vec::Vec;

/// Stands for no string.
pub(super) const NONE: u32 = u32::MAX;

/// The different strings of a trie's links, as the next trie takes them: from the last byte to the first, sorted.
#[derive(Debug, Default)]
pub(super) struct Strings {
    /// A label that ends with each.
    order: Vec<u32>,
    /// For each label, its string, or [`NONE`].
    pub of: Vec<u32>,
    /// How many there are, also when they are forgotten.
    pub different_len: usize,
    /// How many nodes have one.
    pub link_len: u64,
    /// Bytes that sorting them took besides.
    pub sorting_bytes: u64,
    /// Whether labels are read from the first byte on, as those of the first trie; the others have been turned already.
    turn: bool,
}

/// A string to be sorted.
struct Place {
    /// Its first eight bytes as a number that sorts as they do.
    head: u64,
    label: u32,
}

/// What is behind the token of a label.
fn rest<'a>(labels: &'a Labels, cut: &[(u8, u8)], label: u32) -> &'a [u8] {
    &labels.get(label as usize)[usize::from(cut[label as usize].1)..]
}

impl Strings {
    /// The strings behind the tokens of `labels`.
    ///
    /// # Errors
    /// [`Error::CannotGrow`](crate::Error::CannotGrow) when memory can't be had.
    pub fn new(labels: &Labels, cut: &[(u8, u8)], turn: bool) -> Result<Self> {
        let rest = |label: u32| rest(labels, cut, label);
        let byte = |rest: &[u8], i: usize| match turn {
            true => rest.len().checked_sub(i + 1).map_or(0, |i| rest[i]),
            false => rest.get(i).copied().unwrap_or_default(),
        };
        let mut strings = Self { turn, ..Self::default() };
        // By their first byte, and then those of each: few have to stand beside their heads at a time.
        let mut starts = [0_usize; 257];
        for label in 0..labels.len() as u32 {
            let rest = rest(label);
            if !rest.is_empty() {
                starts[usize::from(byte(rest, 0)) + 1] += 1;
                strings.link_len += u64::from(labels.counts[label as usize]);
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        reserve(&mut strings.order, starts[256])?;
        strings.order.resize(starts[256], 0);
        let mut free = starts;
        for label in 0..labels.len() as u32 {
            let rest = rest(label);
            if !rest.is_empty() {
                let place = &mut free[usize::from(byte(rest, 0))];
                strings.order[*place] = label;
                *place += 1;
            }
        }
        let head = |rest: &[u8]| (1..9).fold(0, |head, i| head << 8 | u64::from(byte(rest, i)));
        let mut places = Vec::new();
        for range in starts.windows(2) {
            let order = &mut strings.order[range[0]..range[1]];
            reserve(&mut places, order.len())?;
            places.extend(order.iter().map(|label| Place { head: head(rest(*label)), label: *label }));
            places.sort_unstable_by(|a: &Place, b| {
                let (one, other) = (rest(a.label), rest(b.label));
                a.head.cmp(&b.head).then_with(|| match turn {
                    true => one.iter().rev().cmp(other.iter().rev()),
                    false => one.cmp(other),
                })
            });
            order.iter_mut().zip(&places).for_each(|(label, place)| *label = place.label);
            places.clear();
        }
        strings.sorting_bytes = (size_of::<Place>() * places.capacity()) as u64;
        drop(places);

        reserve(&mut strings.of, labels.len())?;
        strings.of.resize(labels.len(), NONE);
        let mut last: Option<&[u8]> = None;
        for i in 0..strings.order.len() {
            let label = strings.order[i];
            let rest = rest(label);
            if last != Some(rest) {
                strings.order[strings.different_len] = label;
                strings.different_len += 1;
                last = Some(rest);
            }
            strings.of[label as usize] = strings.different_len as u32 - 1;
        }
        strings.order.truncate(strings.different_len);
        strings.order.shrink_to_fit();
        Ok(strings)
    }

    /// Those of these labels.
    pub fn with<'a>(&'a self, labels: &'a Labels, cut: &'a [(u8, u8)]) -> Read<'a> {
        Read { strings: self, labels, cut }
    }

    pub fn heap_bytes(&self) -> u64 {
        4 * (self.order.capacity() + self.of.capacity()) as u64
    }

    /// Forgets the order, when the next trie has it.
    pub fn forget(&mut self) {
        self.order = Vec::new();
    }
}

/// The strings, with the labels that they are the ends of.
#[derive(Clone, Copy)]
pub(super) struct Read<'a> {
    strings: &'a Strings,
    labels: &'a Labels,
    cut: &'a [(u8, u8)],
}

impl<'a> Read<'a> {
    pub fn len(&self) -> usize {
        self.strings.order.len()
    }

    /// A string, from the first byte to the last where labels are to be turned.
    fn get(&self, i: usize) -> &'a [u8] {
        rest(self.labels, self.cut, self.strings.order[i])
    }

    /// Writes a string over `turned`, from the last byte to the first.
    pub fn read(&self, i: usize, turned: &mut Vec<u8>) -> Result<()> {
        let string = self.get(i);
        turned.clear();
        reserve(turned, string.len())?;
        match self.strings.turn {
            true => turned.extend(string.iter().rev()),
            false => turned.extend_from_slice(string),
        }
        Ok(())
    }

    /// Whether a string lies in the one behind it: its end is that one's end.
    fn is_shared(&self, i: usize) -> bool {
        i + 1 < self.len()
            && match self.strings.turn {
                true => self.get(i + 1).ends_with(self.get(i)),
                false => self.get(i + 1).starts_with(self.get(i)),
            }
    }

    /// Bytes of a tail that holds them all.
    pub fn tail_len(&self) -> u64 {
        (0..self.len()).filter(|i| !self.is_shared(*i)).map(|i| self.get(i).len() as u64).sum()
    }

    /// Writes the tail, and a bit into `ends` for each last byte; returns where each string begins.
    pub fn write_tail(&self, tail: &mut [u8], ends: &mut [u8]) -> Vec<u64> {
        let mut starts = alloc::vec![0; self.len()];
        let mut free = 0;
        for i in (0..self.len()).rev() {
            let string = self.get(i);
            if self.is_shared(i) {
                starts[i] = starts[i + 1] + (self.get(i + 1).len() - string.len()) as u64;
                continue;
            }
            starts[i] = free as u64;
            let end = free + string.len();
            tail[free..end].copy_from_slice(string);
            if !self.strings.turn {
                tail[free..end].reverse();
            }
            ends[(end - 1) / 8] |= 1 << ((end - 1) % 8);
            free = end;
        }
        starts
    }
}
