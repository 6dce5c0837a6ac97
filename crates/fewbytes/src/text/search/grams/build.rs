//! Building an index: one walk through the store.

use super::{
    BLOCK_LEN, FIRST_WIDTH, FIRSTS_BYTES, FORMAT, GRAM, GRAM_LEN, GramIndex, KEY_LEN, LIST_WIDTH,
    LISTS_BYTES, Shape, TEXT_LEN,
};
use crate::layout::Frame;
use crate::text::{Walk, search::Search};
use crate::{Error, Result};
use alloc::{boxed::Box, vec::Vec};

/// The blocks of a gram, while they are gathered: gaps in seven bits a byte.
#[derive(Default)]
struct Gathered {
    gaps: Vec<u8>,
    len: u64,
    /// The last block and one more.
    after: u32,
}

impl Gathered {
    fn push(&mut self, block: u32) {
        if self.after > block {
            return;
        }
        let mut gap = block - self.after;
        while gap > 0x7F {
            self.gaps.push(gap as u8 | 0x80);
            gap >>= 7;
        }
        self.gaps.push(gap as u8);
        self.len += 1;
        self.after = block + 1;
    }

    fn gaps(&self) -> impl Iterator<Item = u32> + '_ {
        let mut bytes = self.gaps.iter();
        core::iter::from_fn(move || {
            let (mut gap, mut shift) = (0, 0);
            loop {
                let byte = *bytes.next()?;
                gap |= u32::from(byte & 0x7F) << shift;
                if byte < 0x80 {
                    return Some(gap);
                }
                shift += 7;
            }
        })
    }

    /// Writes the list: the bits of a remainder that make it shortest, then the codes.
    fn write(&self, out: &mut Vec<u8>) {
        let mean = u64::from(self.after) / self.len.max(1);
        let about = mean.max(1).ilog2();
        let bits =
            |rest: u32| self.gaps().map(|gap| u64::from(gap >> rest) + 1 + u64::from(rest)).sum::<u64>();
        let rest = (about.saturating_sub(2)..=about + 1).min_by_key(|rest| bits(*rest)).unwrap_or(0);
        out.push(rest as u8);
        let (mut word, mut len) = (0_u64, 0);
        let mut push = |value: u64, bits: u32, out: &mut Vec<u8>| {
            word |= value << len;
            len += bits;
            while len >= 8 {
                out.push(word as u8);
                word >>= 8;
                len -= 8;
            }
            if bits == 0 && len > 0 {
                out.push(word as u8);
            }
        };
        for gap in self.gaps() {
            let mut zeros = gap >> rest;
            while zeros >= 32 {
                push(0, 32, out);
                zeros -= 32;
            }
            push(1 << zeros, zeros + 1, out);
            if rest > 0 {
                push(u64::from(gap) & ((1 << rest) - 1), rest, out);
            }
        }
        push(0, 0, out);
    }
}

/// The lists of all grams: a page for each first two bytes, made when they first come.
struct Pages {
    pages: Vec<Option<Box<[u32; 256]>>>,
    lists: Vec<Gathered>,
}

impl Pages {
    fn list(&mut self, gram: [u8; GRAM]) -> &mut Gathered {
        let page = usize::from(gram[0]) << 8 | usize::from(gram[1]);
        let slot = &mut self.pages[page].get_or_insert_with(|| Box::new([0; 256]))[usize::from(gram[2])];
        if *slot == 0 {
            self.lists.push(Gathered::default());
            // At most 2^24.
            *slot = self.lists.len() as u32;
        }
        &mut self.lists[*slot as usize - 1]
    }
}

pub(super) fn build<W: Walk + ?Sized>(store: &W, block_keys: u32) -> Result<GramIndex> {
    let mut pages =
        Pages { pages: core::iter::repeat_with(|| None).take(1 << 16).collect(), lists: Vec::new() };
    let (mut firsts, mut first_ends) = (Vec::new(), Vec::new());
    let mut last = Vec::new();
    let (mut key_len, mut in_block) = (0_u64, block_keys);
    let mut keys = store.keys();
    while keys.advance() {
        let key = keys.key();
        let mut common = key.iter().zip(&last).take_while(|(a, b)| a == b).count();
        if in_block == block_keys {
            // The bytes that tell the key from the one before are a bound between the two.
            if !first_ends.is_empty() {
                firsts.extend_from_slice(&key[..key.len().min(common + 1)]);
            }
            first_ends.push(firsts.len() as u64);
            (in_block, common) = (0, 0);
            if u32::try_from(first_ends.len()).is_err() {
                return Err(Error::CannotGrow { expected: key_len, found: u64::from(u32::MAX) });
            }
        }
        let block = first_ends.len() as u32 - 1;
        // Grams within what the key has in common with the last one are there.
        for gram in key[common.saturating_sub(GRAM - 1)..].windows(GRAM) {
            pages.list([gram[0], gram[1], gram[2]]).push(block);
        }
        in_block += 1;
        key_len += 1;
        last.clear();
        last.extend_from_slice(key);
    }
    let (mut grams, mut lists, mut list_ends) = (Vec::new(), Vec::new(), Vec::new());
    for (page, slots) in (0_u32..).zip(&pages.pages) {
        for (byte, slot) in
            slots.iter().flat_map(|slots| slots.iter().enumerate()).filter(|(_, slot)| **slot > 0)
        {
            grams.extend_from_slice(&[(page >> 8) as u8, page as u8, byte as u8]);
            pages.lists[*slot as usize - 1].write(&mut lists);
            list_ends.push(lists.len() as u64);
        }
    }
    let width = |len: usize| (len as u64).checked_ilog2().map_or(1, |bits| bits / 8 + 1);
    let shape = Shape {
        key_len,
        text_len: store.text_len(),
        block_len: first_ends.len() as u32,
        gram_len: list_ends.len() as u32,
        firsts_bytes: firsts.len() as u64,
        lists_bytes: lists.len() as u64,
        first_width: width(firsts.len()),
        list_width: width(lists.len()),
    };
    let mut frame = Frame::new(&FORMAT, 0, shape.payload_len().unwrap_or(u64::MAX))?;
    let bytes = frame.bytes_mut();
    KEY_LEN.set(bytes, shape.key_len);
    TEXT_LEN.set(bytes, shape.text_len);
    BLOCK_LEN.set(bytes, shape.block_len);
    GRAM_LEN.set(bytes, shape.gram_len);
    FIRSTS_BYTES.set(bytes, shape.firsts_bytes);
    LISTS_BYTES.set(bytes, shape.lists_bytes);
    FIRST_WIDTH.set(bytes, shape.first_width);
    LIST_WIDTH.set(bytes, shape.list_width);
    let mut at = 0;
    let payload = frame.payload_mut();
    let mut put = |bytes: &[u8]| {
        payload[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    first_ends.iter().for_each(|end| put(&end.to_le_bytes()[..shape.first_width as usize]));
    put(&firsts);
    put(&grams);
    list_ends.iter().for_each(|end| put(&end.to_le_bytes()[..shape.list_width as usize]));
    put(&lists);
    Ok(GramIndex { frame, shape })
}
