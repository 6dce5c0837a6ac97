//! What the bytes of labels are given to.

use alloc::vec::Vec;

/// What a string's bytes are given to, from first to last.
pub(super) trait Sink {
    /// Takes the next ones. False ends the string: they are not wanted.
    fn take(&mut self, bytes: &[u8]) -> bool;

    /// Takes the next 1 to 7, the lowest of `word`, above which it has zeros.
    fn take_word(&mut self, word: u64, len: usize) -> bool;
}

/// Compares with a text.
pub(super) struct Match<'a> {
    text: &'a [u8],
    pub at: usize,
    /// The last eight bytes of the text, or all that it has: words near its end are read from here.
    last: u64,
}

impl<'a> Match<'a> {
    /// With what `text` has from `at` on.
    #[inline(always)]
    pub fn new(text: &'a [u8], at: usize) -> Self {
        let last = match text.last_chunk() {
            Some(last) => u64::from_le_bytes(*last),
            None => text.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        Self { text, at, last }
    }

    /// The next bytes, at most eight, with anything behind the last one.
    #[inline(always)]
    fn word(&self) -> u64 {
        match self.text.get(self.at..).and_then(|rest| rest.first_chunk()) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => {
                let passed = self.at - self.text.len().saturating_sub(8).min(self.at);
                self.last.checked_shr(8 * passed as u32).unwrap_or_default()
            }
        }
    }
}

impl Sink for Match<'_> {
    #[inline]
    fn take(&mut self, bytes: &[u8]) -> bool {
        let end = self.at + bytes.len();
        let same = self.text.get(self.at..end) == Some(bytes);
        self.at = end;
        same
    }

    #[inline(always)]
    fn take_word(&mut self, word: u64, len: usize) -> bool {
        let is_same = (self.word() ^ word) & !(u64::MAX << (8 * len)) == 0;
        self.at += len;
        is_same && self.at <= self.text.len()
    }
}

/// Appends, up to a length.
pub(super) struct Append<'a> {
    pub text: &'a mut Vec<u8>,
    pub most: usize,
}

impl Sink for Append<'_> {
    #[inline]
    fn take(&mut self, bytes: &[u8]) -> bool {
        if self.text.len() + bytes.len() > self.most {
            return false;
        }
        self.text.extend_from_slice(bytes);
        true
    }

    #[inline(always)]
    fn take_word(&mut self, word: u64, len: usize) -> bool {
        let end = self.text.len() + len;
        if end > self.most {
            return false;
        }
        // A whole word is written faster than its part.
        self.text.extend_from_slice(&word.to_le_bytes());
        self.text.truncate(end);
        true
    }
}
