//! The keys that contain a part, by a walk through all of them.

use super::Automaton;
use alloc::vec::Vec;

/// Looks for the keys that contain a part (Knuth, Morris and Pratt 1977).
#[derive(Clone, Debug)]
pub struct Part {
    part: Vec<u8>,
    /// For each length, that of the longest shorter beginning of the part which also ends there.
    border: Vec<usize>,
}

impl Part {
    /// The part; all keys contain an empty one.
    pub fn new(part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref().to_vec();
        let mut border = alloc::vec![0; part.len() + 1];
        let mut matched = 0;
        for i in 1..part.len() {
            while matched > 0 && part[matched] != part[i] {
                matched = border[matched];
            }
            matched += usize::from(part[matched] == part[i]);
            border[i + 1] = matched;
        }
        Self { part, border }
    }

    /// The part.
    pub fn as_bytes(&self) -> &[u8] {
        &self.part
    }
}

impl Automaton for Part {
    /// Bytes of the part that the bytes read end with.
    type State = usize;

    fn start(&self) -> usize {
        0
    }

    fn step(&self, state: &usize, label: u8) -> usize {
        let mut matched = *state;
        loop {
            match self.part.get(matched) {
                None => return matched,
                Some(byte) if *byte == label => return matched + 1,
                Some(_) if matched == 0 => return 0,
                Some(_) => matched = self.border[matched],
            }
        }
    }

    fn is_match(&self, state: &usize) -> bool {
        *state == self.part.len()
    }

    fn matches_all(&self, state: &usize) -> bool {
        *state == self.part.len()
    }
}
