//! The keys that contain a part, by the index.

use super::GRAM;
use super::lists::{List, Lists};
use crate::text::search::limit::limited;
use crate::text::{
    Cursor,
    search::{Found, Part, Range},
};
use alloc::vec::Vec;

/// The keys that contain a part, in the order of their bytes.
pub struct Containing<'a, C> {
    part: Part,
    way: Way<'a, C>,
    left: u64,
}

enum Way<'a, C> {
    /// Through all keys.
    Scan(Found<C, Part>),
    /// Through the blocks that all of the lists have; `end` is where the last one of them ended.
    Blocks { index: Lists<'a>, lists: Vec<List<'a>>, block: u32, end: &'a [u8], keys: Found<C, Range> },
}

impl<'a, C: Cursor> Containing<'a, C> {
    pub(super) fn new(index: Lists<'a>, cursor: C, text_len: u64, part: Part) -> Self {
        let way = if part.as_bytes().len() < GRAM {
            Way::Scan(Found::under(cursor, part.clone(), text_len))
        } else {
            let keys = Found::none(cursor, Range::between(None, None), text_len);
            // No list at all: no block.
            let (lists, block) = match index.of(part.as_bytes()) {
                Some(lists) => (lists, 0),
                None => (Vec::new(), index.block_len),
            };
            Way::Blocks { index, lists, block, end: &[], keys }
        };
        Self { part, way, left: u64::MAX }
    }

    limited!();

    /// The key in hand.
    pub fn key(&self) -> &[u8] {
        match &self.way {
            Way::Scan(keys) => keys.key(),
            Way::Blocks { keys, .. } => keys.key(),
        }
    }

    /// Its id, where the store has ids.
    pub fn id(&self) -> Option<u64> {
        match &self.way {
            Way::Scan(keys) => keys.id(),
            Way::Blocks { keys, .. } => keys.id(),
        }
    }

    /// Its value, where keys have values.
    pub fn value(&self) -> Option<u64> {
        match &self.way {
            Way::Scan(keys) => keys.value(),
            Way::Blocks { keys, .. } => keys.value(),
        }
    }

    fn seek(&mut self) -> bool {
        let (index, lists, block, end, keys) = match &mut self.way {
            Way::Scan(keys) => return keys.advance(),
            Way::Blocks { index, lists, block, end, keys } => (index, lists, block, end, keys),
        };
        loop {
            while keys.advance() {
                if self.part.is_in(keys.key()) {
                    return true;
                }
            }
            let Some(next) = common(lists, *block).filter(|next| *next < index.block_len) else {
                *block = index.block_len;
                return false;
            };
            // Bounds of damaged bytes may go backwards: no key comes twice, and the walks are one through all keys at most.
            let start = index.first(next).max(Some(*end));
            let bound = index.first(next + 1);
            *block = if bound.is_some() { next + 1 } else { index.block_len };
            *end = bound.unwrap_or_default().max(*end);
            keys.restart(Range::between(start, bound));
        }
    }
}

/// The first block of at least `block` that all lists have.
fn common(lists: &mut [List<'_>], block: u32) -> Option<u32> {
    let (first, others) = lists.split_first_mut()?;
    let mut block = first.seek(block)?;
    'again: loop {
        for other in &mut *others {
            let next = other.seek(block)?;
            if next > block {
                block = first.seek(next)?;
                continue 'again;
            }
        }
        return Some(block);
    }
}

/// Each key as bytes of its own.
impl<C: Cursor> Iterator for Containing<'_, C> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.advance().then(|| self.key().to_vec())
    }
}
