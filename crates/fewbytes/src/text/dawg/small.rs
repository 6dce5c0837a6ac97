//! The small layout, to be read: bits, in which an edge takes what it has to say and little more.
//!
//! An edge is a code word for its symbol, then the keys below it, then where its state is. The symbol of 16 bits is the
//! label; bit 8 for the last edge of a state; bit 9 where a key ends at the state that it leads to; from bit 10 on the class
//! of the place, from bit 13 on the class of the keys. A word that escapes is followed by its symbol as it is.
//!
//! The keys below an edge are counted but for the last edge of a state, less one, in a class of eight. The classes of a
//! place are:
//!
//! | class | where the state is |
//! |---|---|
//! | 0 | it has no edge |
//! | 1 | after the last edge of this state |
//! | 2, 3 | so many bits after this edge |
//! | 4 to 7 | at so many bytes |
//!
//! A state of many edges begins with a directory: a code word that says so, 6 bits for the groups of four edges but the
//! first, 6 and 6 for the widths of what follows: for each of these groups the label of its first edge, at how many bits
//! after the directory it is, and how many keys lie below the edges before.
//!
//! The bytes are: what classes and code are, the code's table, a number of 32 bits for all that the next bits may be, then
//! the edges, state after state.

use super::code::{Class, LONGEST_CODE, class};
use super::layout::word;
use crate::{Error, Result};
use core::ops::Range;

/// Bytes before the table.
pub const PRELUDE: usize = 40;
/// Zeros after the last edge, so that reads of a word stay inside.
pub const PADDING: usize = 16;

/// In the prelude: bits of the table, flags, upper bits of the classes of counts, of near and of far places, where the far
/// classes begin.
pub const TABLE_BITS: usize = 0;
pub const FLAGS: usize = 1;
pub const COUNT_TOPS: usize = 2;
pub const NEAR_TOPS: usize = 10;
pub const FAR_WIDTHS: usize = 12;
pub const FAR_BASES: usize = 16;
/// Bytes of each base.
pub const BASE_LEN: usize = 5;

/// The flags: the empty key is there; the root has edges.
pub const EMPTY_KEY: u8 = 1;
pub const HAS_EDGES: u8 = 2;

/// Bits of a symbol beside the label.
pub const LAST: u32 = 1 << 8;
pub const FINAL: u32 = 1 << 9;
pub const PLACE_SHIFT: u32 = 10;
pub const COUNT_SHIFT: u32 = 13;

/// Classes of places.
pub const NO_EDGE: u32 = 0;
pub const FOLLOWS: u32 = 1;
pub const NEAR: u32 = 2;
pub const FAR: u32 = 4;

/// In an entry of the table, after the symbol: bits of the word, bits of the edge, and whether the symbol follows, or a
/// directory.
pub const WORD_SHIFT: u32 = 16;
pub const EDGE_SHIFT: u32 = 20;
pub const ESCAPE: u32 = 1 << 28;
pub const DIRECTORY: u32 = 1 << 29;

/// Edges from which on a state has a directory, and edges of a group.
pub const WIDE: usize = 12;
pub const GROUP: usize = 4;
/// Bits of the number of groups and of each width.
pub const GROUP_BITS: u32 = 6;
pub const WIDTH_BITS: u32 = 6;

/// Classes and code of a file: what is read once, on opening.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    table_bits: u32,
    flags: u8,
    pub counts: [Class; 8],
    pub places: [Class; 8],
}

impl Shape {
    /// Of a prelude.
    ///
    /// # Errors
    /// [`Error::Field`] when it is none.
    pub fn read(body: &[u8]) -> Result<Self> {
        let field =
            |name, expected: u64, found: u8| Err(Error::field(name, format_args!("0 to {expected}"), found));
        let Some(prelude) = body.first_chunk::<PRELUDE>() else {
            return Err(Error::field("body_len", format_args!("at least {PRELUDE}"), body.len()));
        };
        let (table_bits, flags) = (u32::from(prelude[TABLE_BITS]), prelude[FLAGS]);
        if table_bits == 0 || table_bits > LONGEST_CODE {
            return Err(Error::field("table_bits", format_args!("1 to {LONGEST_CODE}"), table_bits));
        }
        if flags > EMPTY_KEY | HAS_EDGES {
            return field("flags", 3, flags);
        }
        if body.len() < PRELUDE + (4 << table_bits) + PADDING {
            let expected = format_args!("at least {}", PRELUDE + (4 << table_bits) + PADDING);
            return Err(Error::field("body_len", expected, body.len()));
        }
        if let Some(width) = prelude[COUNT_TOPS..FAR_BASES].iter().find(|width| **width > 40) {
            return field("class bits", 40, *width);
        }
        let mut counts = [Class::default(); 8];
        for (k, count) in counts.iter_mut().enumerate() {
            let top = |k: usize| prelude[COUNT_TOPS + k];
            *count = class(k.checked_sub(1).map(top), top(k));
        }
        // The last edge of a state says nothing of its keys, by the first class.
        counts[0] = Class::default();
        let mut places = [Class::default(); 8];
        places[NEAR as usize] = class(None, prelude[NEAR_TOPS]);
        places[NEAR as usize + 1] = class(Some(prelude[NEAR_TOPS]), prelude[NEAR_TOPS + 1]);
        for (k, place) in places[FAR as usize..].iter_mut().enumerate() {
            let mut base = [0; 8];
            base[..BASE_LEN].copy_from_slice(&prelude[FAR_BASES + k * BASE_LEN..][..BASE_LEN]);
            *place = Class { base: u64::from_le_bytes(base), width: prelude[FAR_WIDTHS + k].into() };
        }
        Ok(Self { table_bits, flags, counts, places })
    }
}

/// Edges in bits, to be read.
#[derive(Clone, Copy, Debug)]
pub struct Small<'a> {
    shape: &'a Shape,
    table: &'a [[u8; 4]],
    bits: &'a [u8],
}

/// A state of an automaton in bytes.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Where it is: [`END`] where no edge leads on.
    pub at: u64,
    /// Whether a key ends here.
    pub is_final: bool,
}

/// Where a state is that has no edge.
const END: u64 = u64::MAX;

/// An edge.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Its label.
    pub label: u8,
    /// Keys below the edges before it.
    pub before: u64,
    /// The state that it leads to.
    pub to: State,
}

/// The edges of a state from one on.
#[derive(Clone, Copy, Debug)]
pub struct Edges {
    /// The bit at which the next one begins.
    at: u64,
    /// Whether it is the first of the state, before which a directory may be.
    first: bool,
    before: u64,
    /// The label that the next one must at least have; 256 after the last one.
    least: u16,
}

/// An edge as it is read.
#[derive(Clone, Copy)]
struct Read {
    entry: u32,
    /// Keys below, where they are counted.
    count: u64,
    /// Where its place is written.
    place: u64,
    /// Where the next one begins.
    end: u64,
}

impl<'a> Small<'a> {
    /// The edges in `body`, which `shape` was read from.
    #[inline]
    pub fn new(body: &'a [u8], shape: &'a Shape) -> Self {
        let (table, bits) = body
            .get(PRELUDE..)
            .and_then(|body| body.split_at_checked(4 << shape.table_bits))
            .unwrap_or_default();
        Self { shape, table: table.as_chunks().0, bits }
    }

    /// The next 57 bits or more.
    #[inline(always)]
    fn peek(self, at: u64) -> Option<u64> {
        Some(word(self.bytes(), (at >> 3) as usize)? >> (at & 7))
    }

    #[inline(always)]
    fn bytes(self) -> &'a [u8] {
        self.bits
    }

    /// The part of the body that the code's table is.
    pub fn table_bytes(self) -> Range<usize> {
        PRELUDE..PRELUDE + (4 << self.shape.table_bits)
    }

    /// The bytes of the body in which the edges of a state are, and a directory before them.
    pub fn bytes_of(self, state: State) -> Range<usize> {
        let mut edges = self.edges(state);
        while self.next(&mut edges).is_some() {}
        let start = self.table_bytes().end;
        match state.at {
            END => start..start,
            at => start + (at / 8) as usize..start + edges.at.div_ceil(8) as usize,
        }
    }

    /// The edge that begins with the bits of `next`, at `at`.
    #[inline(always)]
    fn read(self, at: u64) -> Option<Read> {
        let next = self.peek(at)?;
        let mask = (1_u64 << self.shape.table_bits) - 1;
        let entry = u32::from_le_bytes(*self.table.get((next & mask) as usize)?);
        if entry & (ESCAPE | DIRECTORY) != 0 {
            return self.read_escaped(at, entry);
        }
        let word = entry >> WORD_SHIFT & 15;
        let class = self.shape.counts[(entry >> COUNT_SHIFT & 7) as usize];
        let count = class.base + (next >> word & ((1 << class.width) - 1));
        let place = at + u64::from(word + class.width);
        Some(Read { entry, count: count + 1, place, end: at + u64::from(entry >> EDGE_SHIFT & 127) })
    }

    #[cold]
    fn read_escaped(self, at: u64, entry: u32) -> Option<Read> {
        let at = at + u64::from(entry >> WORD_SHIFT & 15);
        if entry & DIRECTORY != 0 {
            return Some(Read { entry, count: 0, place: at, end: at });
        }
        let entry = self.peek(at)? as u32 & 0xffff;
        let at = at + 16;
        let class = self.shape.counts[(entry >> COUNT_SHIFT & 7) as usize];
        let count = class.base + (self.peek(at)? & ((1 << class.width) - 1));
        let place = at + u64::from(class.width);
        let width = self.shape.places[(entry >> PLACE_SHIFT & 7) as usize].width;
        Some(Read { entry, count: count + 1, place, end: place + u64::from(width) })
    }

    /// The first edge of the state at `at` that may be looked for, and the keys below those before: the first of the last
    /// group for whose label and keys before `goes` holds, or of all.
    #[inline(always)]
    fn enter(self, at: u64, goes: impl Fn(u8, u64) -> bool) -> Option<(Read, u64)> {
        let read = self.read(at)?;
        if read.entry & DIRECTORY == 0 {
            return Some((read, 0));
        }
        let head = self.peek(read.place)?;
        let mask = |bits: u64| (1_u64 << bits) - 1;
        let groups = head & mask(GROUP_BITS.into());
        let offset_bits = head >> GROUP_BITS & mask(WIDTH_BITS.into());
        let before_bits = head >> (GROUP_BITS + WIDTH_BITS) & mask(WIDTH_BITS.into());
        let mut group = read.place + u64::from(GROUP_BITS + 2 * WIDTH_BITS);
        let edges = group + groups * (8 + offset_bits + before_bits);
        let (mut offset, mut before) = (0, 0);
        for _ in 0..groups {
            let next = self.peek(group)?;
            let keys = self.peek(group + 8 + offset_bits)? & mask(before_bits);
            if !goes(next as u8, keys) {
                break;
            }
            (offset, before) = (next >> 8 & mask(offset_bits), keys);
            group += 8 + offset_bits + before_bits;
        }
        Some((self.read(edges.wrapping_add(offset))?, before))
    }

    /// Where the state of an edge is.
    #[inline(always)]
    fn target(self, read: &Read) -> Option<u64> {
        let class = read.entry >> PLACE_SHIFT & 7;
        match class {
            NO_EDGE => Some(END),
            FOLLOWS => {
                let mut last = *read;
                for _ in 0..256 {
                    if last.entry & LAST != 0 {
                        break;
                    }
                    last = self.read(last.end)?;
                }
                Some(last.end)
            }
            _ => {
                let Class { base, width } = self.shape.places[class as usize];
                let place = base + (self.peek(read.place)? & ((1 << width) - 1));
                Some(if class < FAR { read.end + place } else { place * 8 })
            }
        }
    }
}

impl Small<'_> {
    /// The state of the empty string.
    pub fn root(self) -> State {
        let at = if self.shape.flags & HAS_EDGES != 0 { 0 } else { END };
        State { at, is_final: self.shape.flags & EMPTY_KEY != 0 }
    }

    /// All edges of a state.
    #[inline]
    pub fn edges(self, of: State) -> Edges {
        Edges { at: of.at, first: true, before: 0, least: if of.at == END { 256 } else { 0 } }
    }

    /// The next edge, by increasing label: of a damaged state too, so there are at most 256.
    #[inline]
    pub fn next(self, edges: &mut Edges) -> Option<Edge> {
        self.seek(edges, 0)
    }

    /// The next edge whose label is at least `least`.
    #[inline]
    pub fn seek(self, edges: &mut Edges, least: u8) -> Option<Edge> {
        while edges.least < 256 {
            let read = match core::mem::take(&mut edges.first) {
                true => {
                    let (read, before) = self.enter(edges.at, |label, _| label <= least)?;
                    edges.before = before;
                    read
                }
                false => self.read(edges.at)?,
            };
            let label = read.entry as u8;
            if u16::from(label) < edges.least {
                // Labels that do not increase are damaged, and may have no end.
                edges.least = 256;
                break;
            }
            let before = edges.before;
            edges.at = read.end;
            edges.before = before.wrapping_add(read.count);
            edges.least = if read.entry & LAST != 0 { 256 } else { u16::from(label) + 1 };
            if label >= least {
                let to = State { at: self.target(&read)?, is_final: read.entry & FINAL != 0 };
                return Some(Edge { label, before, to });
            }
        }
        None
    }

    /// The last edge of a state that has at most `keys` keys before it.
    #[inline]
    pub fn edge_over(self, of: State, keys: u64) -> Option<Edge> {
        if of.at == END {
            return None;
        }
        let (mut read, mut before) = self.enter(of.at, |_, before| before <= keys)?;
        for _ in 0..256 {
            let next = before.wrapping_add(read.count);
            if read.entry & LAST != 0 || next > keys {
                break;
            }
            before = next;
            read = self.read(read.end)?;
        }
        let to = State { at: self.target(&read)?, is_final: read.entry & FINAL != 0 };
        Some(Edge { label: read.entry as u8, before, to }).filter(|edge| edge.before <= keys)
    }

    /// The id of a key.
    #[inline]
    pub fn id_of(self, key: &[u8]) -> Option<u64> {
        let State { mut at, mut is_final, .. } = self.root();
        let mut id = 0_u64;
        for label in key {
            if at == END {
                return None;
            }
            id = id.wrapping_add(is_final.into());
            let (mut read, before) = self.enter(at, |first, _| first <= *label)?;
            id = id.wrapping_add(before);
            // More edges than labels are damaged.
            for _ in 0..256 {
                if read.entry as u8 >= *label || read.entry & LAST != 0 {
                    break;
                }
                id = id.wrapping_add(read.count);
                read = self.read(read.end)?;
            }
            if read.entry as u8 != *label {
                return None;
            }
            at = self.target(&read)?;
            is_final = read.entry & FINAL != 0;
        }
        is_final.then_some(id)
    }
}
