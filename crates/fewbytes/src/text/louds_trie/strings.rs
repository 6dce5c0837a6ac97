//! What is left of labels behind their tokens: sorted by their ends, each once, for the next trie or the tail.

use super::gather::Labels;
use alloc::vec::Vec;

/// Stands for no string.
pub(super) const NONE: u32 = u32::MAX;

/// The different strings of a trie's links.
#[derive(Debug)]
pub(super) struct Strings {
    /// All of them as the next trie takes them, from the last byte to the first; sorted.
    text: Vec<u8>,
    /// Where each ends.
    ends: Vec<u64>,
    /// For each label, its string, or [`NONE`].
    pub of: Vec<u32>,
    /// How many there are, also when they are forgotten.
    pub different_len: usize,
}

/// A string to be sorted.
struct Place {
    /// Its first eight bytes as a number that sorts as they do.
    head: u64,
    label: u32,
}

impl Strings {
    /// The strings behind the tokens of `labels`. Those of the first trie are read from the first byte on, and turned round
    /// here; those of the others have been turned already.
    pub fn new(labels: &Labels, cut: &[(u8, u8)], turn: bool) -> Self {
        let rest = |i: usize| &labels.get(i)[usize::from(cut[i].1)..];
        let byte = |rest: &[u8], i: usize| match turn {
            true => rest.len().checked_sub(i + 1).map_or(0, |i| rest[i]),
            false => rest.get(i).copied().unwrap_or_default(),
        };
        let head = |rest: &[u8]| (0..8).fold(0, |head, i| head << 8 | u64::from(byte(rest, i)));
        let linked = (0..labels.len()).filter(|i| !rest(*i).is_empty());
        let mut places: Vec<Place> = linked.map(|i| Place { head: head(rest(i)), label: i as u32 }).collect();
        let order = |a: &Place, b: &Place| {
            let (one, other) = (rest(a.label as usize), rest(b.label as usize));
            a.head.cmp(&b.head).then_with(|| match turn {
                true => one.iter().rev().cmp(other.iter().rev()),
                false => one.cmp(other),
            })
        };
        places.sort_unstable_by(order);
        let mut strings = Self {
            text: Vec::new(),
            ends: Vec::new(),
            of: alloc::vec![NONE; labels.len()],
            different_len: 0,
        };
        let mut last: Option<&[u8]> = None;
        for place in &places {
            let rest = rest(place.label as usize);
            if last != Some(rest) {
                match turn {
                    true => strings.text.extend(rest.iter().rev()),
                    false => strings.text.extend_from_slice(rest),
                }
                strings.ends.push(strings.text.len() as u64);
                last = Some(rest);
            }
            strings.of[place.label as usize] = strings.ends.len() as u32 - 1;
        }
        strings.different_len = strings.len();
        strings
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, i: usize) -> &[u8] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[start as usize..self.ends[i] as usize]
    }

    /// Whether a string lies in the one behind it: its end is that one's end.
    fn is_shared(&self, i: usize) -> bool {
        i + 1 < self.len() && self.get(i + 1).starts_with(self.get(i))
    }

    /// Bytes of a tail that holds them all.
    pub fn tail_len(&self) -> u64 {
        (0..self.len()).filter(|i| !self.is_shared(*i)).map(|i| self.get(i).len() as u64).sum()
    }

    pub fn heap_bytes(&self) -> u64 {
        (self.text.capacity() + 8 * self.ends.capacity() + 4 * self.of.capacity()) as u64
    }

    /// Forgets the strings, when the next trie has them.
    pub fn forget(&mut self) {
        (self.text, self.ends) = Default::default();
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
            for (place, byte) in tail[free..end].iter_mut().zip(string.iter().rev()) {
                *place = *byte;
            }
            ends[(end - 1) / 8] |= 1 << ((end - 1) % 8);
            free = end;
        }
        starts
    }
}
