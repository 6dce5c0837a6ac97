//! The lists of blocks, read where they lie.

use super::{GRAM, Shape};
use alloc::vec::Vec;

/// The parts of an index's payload.
#[derive(Clone, Copy)]
pub(super) struct Lists<'a> {
    first_ends: Ends<'a>,
    firsts: &'a [u8],
    grams: &'a [[u8; GRAM]],
    list_ends: Ends<'a>,
    lists: &'a [u8],
    pub block_len: u32,
}

/// Where strings end that lie end to end.
#[derive(Clone, Copy)]
struct Ends<'a> {
    bytes: &'a [u8],
    width: usize,
}

impl Ends<'_> {
    fn end(&self, i: usize) -> Option<usize> {
        let bytes = self.bytes.get(i.checked_mul(self.width)?..)?.get(..self.width)?;
        let end = bytes.iter().rev().fold(0, |end, byte| end << 8 | u64::from(*byte));
        usize::try_from(end).ok()
    }

    fn of<'b>(&self, i: usize, all: &'b [u8]) -> Option<&'b [u8]> {
        let start = if i == 0 { 0 } else { self.end(i - 1)? };
        all.get(start..self.end(i)?)
    }
}

impl<'a> Lists<'a> {
    pub fn new(payload: &'a [u8], shape: &Shape) -> Self {
        // The lengths were compared with the payload's when it was opened.
        let (first_ends, rest) = split(payload, shape.block_len as usize * shape.first_width as usize);
        let (firsts, rest) = split(rest, shape.firsts_bytes as usize);
        let (grams, rest) = split(rest, shape.gram_len as usize * GRAM);
        let (list_ends, lists) = split(rest, shape.gram_len as usize * shape.list_width as usize);
        Self {
            first_ends: Ends { bytes: first_ends, width: shape.first_width as usize },
            firsts,
            grams: grams.as_chunks().0,
            list_ends: Ends { bytes: list_ends, width: shape.list_width as usize },
            lists,
            block_len: shape.block_len,
        }
    }

    /// The bound at which a block begins; all of them after the last one.
    pub fn first(&self, block: u32) -> Option<&'a [u8]> {
        self.first_ends.of(block as usize, self.firsts)
    }

    /// The lists of a part's grams, the shortest first; `None` where a gram occurs nowhere. The part has a gram.
    pub fn of(&self, part: &[u8]) -> Option<Vec<List<'a>>> {
        let mut grams: Vec<&[u8]> = part.windows(GRAM).collect();
        grams.sort_unstable();
        grams.dedup();
        let list = |gram: &[u8]| {
            let i = self.grams.binary_search_by(|other| other[..].cmp(gram)).ok()?;
            Some(List::new(self.list_ends.of(i, self.lists)?))
        };
        let mut lists = grams.into_iter().map(list).collect::<Option<Vec<_>>>()?;
        lists.sort_by_key(|list| list.bytes.len());
        // The last ones cost more to read than the keys that they would spare.
        lists.truncate(MOST_LISTS);
        Some(lists)
    }
}

/// Lists that are compared at most.
const MOST_LISTS: usize = 8;

fn split(bytes: &[u8], at: usize) -> (&[u8], &[u8]) {
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}

/// A list of blocks, in their order.
#[derive(Clone, Debug)]
pub(super) struct List<'a> {
    bytes: &'a [u8],
    /// The bit that is read next: of 64 bits, as 512 MB have more than 32 bits count.
    at: u64,
    /// Bits of a remainder.
    rest: u32,
    /// The block that was read last, and one more; 0 before the first.
    after: u64,
}

impl<'a> List<'a> {
    fn new(list: &'a [u8]) -> Self {
        match list.split_first() {
            Some((rest, bytes)) => Self { bytes, at: 0, rest: u32::from(*rest).min(31), after: 0 },
            None => Self { bytes: &[], at: 0, rest: 0, after: 0 },
        }
    }

    /// Goes on to the first block of at least `block`. `None` where there is none.
    pub fn seek(&mut self, block: u32) -> Option<u32> {
        while self.after <= u64::from(block) {
            self.next_block()?;
        }
        u32::try_from(self.after - 1).ok()
    }

    fn next_block(&mut self) -> Option<()> {
        let mut quotient = 0;
        // Zeros, as many as the quotient, and a one; zeros without a one fill the last byte up.
        loop {
            let zeros = self.word().trailing_zeros();
            // A word has 57 bits of the list at least.
            if zeros < 57 {
                quotient += u64::from(zeros);
                self.at += u64::from(zeros) + 1;
                break;
            }
            quotient += 57;
            self.at += 57;
            if self.at >= self.bytes.len() as u64 * 8 {
                return None;
            }
        }
        let rest = self.word() & ((1 << self.rest) - 1);
        self.at += u64::from(self.rest);
        self.after += (quotient << self.rest | rest) + 1;
        Some(())
    }

    /// The next bits, the first of them lowest, zeros after the end.
    fn word(&self) -> u64 {
        let byte = usize::try_from(self.at / 8).unwrap_or(usize::MAX);
        let bytes = self.bytes.get(byte..).unwrap_or_default();
        let word = match bytes.first_chunk() {
            Some(word) => u64::from_le_bytes(*word),
            None => bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        word >> (self.at % 8)
    }
}
