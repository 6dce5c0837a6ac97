//! Tokens: the beginnings of labels that a byte stands for.

use super::gather::{Labels, Twigs};
use super::sink::Sink;
use alloc::vec::Vec;

/// A token that is all of its labels.
const WHOLE: u8 = 0;
/// A token that begins labels that all go on elsewhere.
const BEGINS: u8 = 1;
/// A token that is all of some labels, and begins others: the links tell.
const EITHER: u8 = 2;
/// In the first byte of a token's entry: its length less one. The two bits above are its kind.
const LEN: u8 = (1 << 6) - 1;
/// Bytes of a token that its entry holds. That of a longer one says where it begins among the long ones.
const SHORT: usize = 7;

/// A token that is read.
#[derive(Clone, Copy)]
pub(super) struct Token<'a> {
    entry: u64,
    long: &'a [u8],
}

impl<'a> Token<'a> {
    /// That of this entry; `None` where it is damaged. `long` gives all long ones.
    #[inline(always)]
    pub fn read(entry: [u8; 8], long: impl FnOnce() -> &'a [u8]) -> Option<Self> {
        let entry = u64::from_le_bytes(entry);
        let token = Self { entry, long: &[] };
        if token.len() <= SHORT {
            return Some(token);
        }
        let start = (entry >> 8 & 0xffff) as usize;
        Some(Self { entry, long: long().get(start..start + token.len())? })
    }

    /// Its bytes: 1 to 64.
    #[inline(always)]
    fn len(&self) -> usize {
        usize::from(self.entry as u8 & LEN) + 1
    }

    /// Whether no label goes on behind it.
    #[inline(always)]
    pub fn is_whole(&self) -> bool {
        self.entry as u8 & !LEN == WHOLE
    }

    /// Gives it to `sink`.
    #[inline(always)]
    pub fn give(&self, sink: &mut impl Sink) -> bool {
        match self.long {
            [] => sink.take_word(self.entry >> 8, self.len()),
            long => sink.take(long),
        }
    }
}

/// Codes that a byte has.
const CODES: usize = 256;
/// Bytes of the longest token.
const LONGEST: usize = 64;
/// Bits that a token saves in each label that it is, about: a link.
const SAVED: u64 = 16;

/// The tokens of a trie, in order. Each single byte that is a label, and each that begins one, are two tokens; unless bytes
/// are too many for that. The others are the labels that come most often: they begin labels as well.
#[derive(Debug)]
pub(super) struct Tokens {
    all: Vec<(Vec<u8>, u8)>,
    /// For each byte, and 256: how many tokens begin with a lesser one.
    pub starts: [u16; CODES + 1],
}

impl Tokens {
    pub fn new(twigs: &Twigs) -> Self {
        let count = |which: &[bool; CODES]| which.iter().filter(|is| **is).count();
        let apart = count(&twigs.whole) + count(&twigs.begins) <= CODES;
        let mut all: Vec<(Vec<u8>, u8)> = Vec::new();
        for byte in 0..=255_u8 {
            let (whole, begins) = (twigs.whole[usize::from(byte)], twigs.begins[usize::from(byte)]);
            let kinds =
                [(whole && apart, WHOLE), (begins && apart, BEGINS), ((whole || begins) && !apart, EITHER)];
            all.extend(kinds.into_iter().filter(|(is, _)| *is).map(|(_, kind)| (Vec::from([byte]), kind)));
        }
        let labels = &twigs.labels;
        let pays = |i: &usize| {
            let len = labels.get(*i).len();
            len <= LONGEST && u64::from(labels.counts[*i]) * SAVED > 8 * (len as u64 + 2)
        };
        let mut often: Vec<usize> = (0..labels.len()).filter(pays).collect();
        // The order is one of the labels alone: equal keys give equal bytes.
        often.sort_unstable_by_key(|i| (core::cmp::Reverse(labels.counts[*i]), labels.get(*i)));
        often.truncate(CODES - all.len());
        all.extend(often.into_iter().map(|i| (labels.get(i).into(), EITHER)));
        all.sort_unstable();
        let mut starts = [0; CODES + 1];
        for (byte, start) in starts.iter_mut().enumerate() {
            *start = all.partition_point(|(token, _)| usize::from(token[0]) < byte) as u16;
        }
        Self { all, starts }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Bytes of the tokens that are longer than their entries.
    pub fn long_len(&self) -> usize {
        self.all.iter().map(|(token, _)| token.len()).filter(|len| *len > SHORT).sum()
    }

    /// Writes the entries, and the long tokens; the tries behind the first are read from the last byte to the first.
    pub fn write(&self, entries: &mut [u8], long: &mut [u8], turned: bool) {
        let mut free = 0;
        for (entry, (token, kind)) in entries.as_chunks_mut::<8>().0.iter_mut().zip(&self.all) {
            let mut token = token.clone();
            if turned {
                token.reverse();
            }
            entry[0] = (token.len() as u8 - 1) | kind << LEN.count_ones();
            if token.len() <= SHORT {
                entry[1..=token.len()].copy_from_slice(&token);
            } else {
                entry[1..3].copy_from_slice(&(free as u16).to_le_bytes());
                long[free..free + token.len()].copy_from_slice(&token);
                free += token.len();
            }
        }
    }

    /// The code of a single byte that is a label.
    pub fn byte(&self, byte: u8) -> u8 {
        // Of the tokens that begin with it, the shortest is the first, and what is whole comes first of two.
        self.starts[usize::from(byte)] as u8
    }

    /// The code of the longest token that begins `label`, and its length.
    fn longest(&self, label: &[u8]) -> (u8, usize) {
        let first = usize::from(label[0]);
        let codes = usize::from(self.starts[first])..usize::from(self.starts[first + 1]);
        let begins = codes.filter(|code| self.all[*code].1 != WHOLE && label.starts_with(&self.all[*code].0));
        let longest = begins.max_by_key(|code| self.all[*code].0.len()).unwrap_or_default();
        (longest as u8, self.all[longest].0.len())
    }

    /// For each label, the code of its token, and the length of that.
    pub fn cut(&self, labels: &Labels) -> Vec<(u8, u8)> {
        let cut = |label| {
            let (code, len) = self.longest(label);
            (code, len as u8)
        };
        labels.iter().map(cut).collect()
    }
}
