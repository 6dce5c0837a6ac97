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

    /// Whether a whole key contains the part. Its first three bytes are compared at once: a text has few places that begin so,
    /// where the automaton's branches depend on each byte.
    pub(super) fn is_in(&self, key: &[u8]) -> bool {
        match self.part.first_chunk::<3>() {
            Some(first) => key
                .windows(first.len())
                .enumerate()
                .any(|(at, window)| window == first && key[at..].starts_with(&self.part)),
            None => {
                let end = key.iter().fold(self.start(), |state, label| self.step(&state, *label));
                self.is_match(&end)
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_part_is_in_a_key_as_windows_say(
            key in proptest::collection::vec(b'a'..=b'b', 0..40),
            part in proptest::collection::vec(b'a'..=b'b', 0..6),
        ) {
            let expected = part.is_empty() || key.windows(part.len()).any(|window| window == part);
            prop_assert_eq!(Part::new(&part).is_in(&key), expected);
        }
    }
}
