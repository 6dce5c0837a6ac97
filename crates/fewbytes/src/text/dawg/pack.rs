//! The small layout, to be written: where each state lies, and in how many bits.
//!
//! A state to which one edge leads lies behind that edge's state, in its cluster: all that it brings along. The others, and
//! the root, are heads: each begins a cluster at a byte of its own, those that most edges lead to first, so that most
//! places are small numbers.

use super::code::{Class, Histogram, LONGEST_CODE, SYMBOLS, bits, class, lengths, tops, words};
use super::layout::{Census, zeros};
use super::register::{LEAF, States};
use super::small::{
    BASE_LEN, COUNT_SHIFT, COUNT_TOPS, DIRECTORY, EDGE_SHIFT, EMPTY_KEY, ESCAPE, FAR, FAR_BASES, FAR_WIDTHS,
    FINAL, FLAGS, FOLLOWS, GROUP, GROUP_BITS, HAS_EDGES, LAST, NEAR, NEAR_TOPS, NO_EDGE, PADDING,
    PLACE_SHIFT, PRELUDE, TABLE_BITS, WIDE, WIDTH_BITS, WORD_SHIFT,
};
use crate::Result;
use alloc::vec::Vec;

/// Bits of a symbol that escapes, after its word.
const RAW: u32 = 16;

/// Symbols that no edge has: the next one is written as it is; a directory.
const ESCAPE_SYMBOL: u32 = SYMBOLS as u32;
const DIRECTORY_SYMBOL: u32 = SYMBOLS as u32 + 1;

/// Plans and writes the small layout.
pub struct Packer<'a> {
    states: &'a States,
    census: &'a Census,
    /// Heads, the most popular first, after the root.
    heads: Vec<u32>,
    /// For each head the class of its place; 0 for others.
    classes: Vec<u8>,
    /// Bits of each cluster; of heads, once they have a place, the byte at which they begin.
    sizes: Vec<u64>,
    count_tops: [u8; 8],
    near_tops: [u8; 2],
    counts: [Class; 8],
    places: [Class; 8],
    table_bits: u32,
    /// For each symbol the bits of its word, with those of the symbol where it escapes, and the word, from bit 8 on.
    code: Vec<u32>,
    escape: u32,
    /// The word of a directory, and its bits.
    directory: (u32, u32),
    /// The words of the code: symbol and length.
    words: Vec<(u32, u32)>,
    edges: Vec<Planned>,
    nested: Vec<(u64, u32)>,
    stream_len: u64,
}

/// An edge of the state at hand.
#[derive(Clone, Copy)]
struct Planned {
    to: u32,
    symbol: u32,
    /// Numbers after the word: keys, and the place; a far one is known only when all have theirs.
    count: u64,
    place: u64,
    /// Bits of the state from this edge on.
    left: u64,
}

/// What the directory of a state of many edges says.
#[derive(Clone, Copy)]
struct Directory {
    groups: u64,
    offset_bits: u32,
    before_bits: u32,
}

impl<'a> Packer<'a> {
    /// Plans: after that, `len` is known.
    pub fn new(states: &'a States, census: &'a Census) -> Result<Self> {
        let root = states.len() as u32 - 1;
        let mut heads: Vec<u32> = Vec::new();
        let is_head = |state: &u32| census.parents[*state as usize] != 1;
        heads.try_reserve_exact((1..=root).filter(is_head).count()).map_err(|_| refused(states.len()))?;
        heads.extend((1..=root).filter(is_head));
        heads.sort_unstable_by_key(|head| {
            let parents = census.parents[*head as usize];
            // No edge leads to the root.
            (parents > 0, core::cmp::Reverse(parents), core::cmp::Reverse(*head))
        });
        let mut packer = Self {
            states,
            census,
            heads,
            classes: zeros(states.len())?,
            sizes: zeros(states.len())?,
            count_tops: [0; 8],
            near_tops: [8, 40],
            counts: [Class::default(); 8],
            places: [Class { base: 0, width: 16 }; 8],
            table_bits: 1,
            code: zeros(SYMBOLS)?,
            escape: 0,
            directory: (0, 8),
            words: Vec::new(),
            edges: Vec::new(),
            nested: Vec::new(),
            stream_len: 0,
        };
        packer.plan();
        Ok(packer)
    }

    /// Bytes of all.
    pub fn len(&self) -> u64 {
        (PRELUDE + (4 << self.table_bits) + PADDING) as u64 + self.stream_len
    }

    /// Bytes of heap.
    pub fn heap_bytes(&self) -> u64 {
        let states = 4 * self.heads.capacity() + self.classes.capacity() + 8 * self.sizes.capacity();
        (states + 4 * self.code.capacity() + 8 * self.words.capacity()) as u64
    }

    fn plan(&mut self) {
        self.plan_counts();
        // First with words of 8 bits and places of 16: that tells which places are near, and how far the far ones are.
        self.code.fill(8);
        self.classes.fill(FAR as u8);
        self.places[NEAR as usize] = class(None, 8);
        self.places[NEAR as usize + 1] = class(Some(8), 16);
        let mut near = [0; 41];
        self.size_all(|_, planned| {
            if let NEAR..FAR = planned.symbol >> PLACE_SHIFT & 7 {
                near[bits(planned.place) as usize] += 1;
            }
        });
        self.near_tops = tops(&near, None);
        self.set_near();
        self.plan_far();
        // Then with these classes: that tells how often each symbol comes.
        let mut counts = alloc::vec![0_u64; SYMBOLS];
        let (mut edge_len, mut wide_len) = (0, 0);
        self.size_all(|_, planned| {
            counts[(planned.symbol & 0xffff) as usize] += 1;
            edge_len += 1;
        });
        for i in 1..self.states.len() {
            wide_len += u64::from(self.states.get(i).degree >= WIDE);
        }
        self.plan_code(&counts, edge_len, wide_len);
        // A place may need more bits than were planned, and then moves others further: until all have enough. The first
        // time, they may have too many.
        let mut first = true;
        loop {
            let mut furthest = 0;
            self.size_all(|_, planned| {
                if let NEAR..FAR = planned.symbol >> PLACE_SHIFT & 7 {
                    furthest = furthest.max(bits(planned.place));
                }
            });
            let near = furthest > self.near_tops[1].into();
            if near {
                self.near_tops[1] = furthest as u8;
                self.set_near();
            }
            let far = self.place_heads(first);
            if !near && !far {
                return;
            }
            first = false;
        }
    }

    fn set_near(&mut self) {
        self.places[NEAR as usize] = class(None, self.near_tops[0]);
        self.places[NEAR as usize + 1] = class(Some(self.near_tops[0]), self.near_tops[1]);
    }

    fn plan_counts(&mut self) {
        let mut histogram: Histogram = [0; 41];
        for i in 1..self.states.len() {
            let state = self.states.get(i);
            for (_, to) in state.edges().take(state.degree.saturating_sub(1)) {
                histogram[bits(self.census.counts[to as usize] - 1) as usize] += 1;
            }
        }
        let rest: [u8; 7] = tops(&histogram, Some(0));
        self.count_tops[1..].copy_from_slice(&rest);
        for (k, count) in self.counts.iter_mut().enumerate().skip(1) {
            *count = class(Some(self.count_tops[k - 1]), self.count_tops[k]);
        }
    }

    /// Chooses the classes of heads by where they would be now.
    fn plan_far(&mut self) {
        let mut histogram: Histogram = [0; 41];
        let mut at = 0;
        for head in &self.heads {
            histogram[bits(at).min(40) as usize] += u64::from(self.census.parents[*head as usize]);
            at += self.sizes[*head as usize].div_ceil(8);
        }
        let tops: [u8; 4] = tops(&histogram, None);
        let mut at = 0;
        for head in &self.heads {
            let class = tops.iter().position(|top| bits(at) <= (*top).into()).unwrap_or(3);
            self.classes[*head as usize] = FAR as u8 + class as u8;
            at += self.sizes[*head as usize].div_ceil(8);
        }
    }

    /// Gives each head its byte. True where a class needs more bits than it has, or, `exactly`, fewer: it has them then.
    fn place_heads(&mut self, exactly: bool) -> bool {
        let (mut at, mut changed) = (0, false);
        let mut ends = [None; 8];
        for head in &self.heads {
            let size = self.sizes[*head as usize].div_ceil(8);
            self.sizes[*head as usize] = at;
            let (first, last) = ends[usize::from(self.classes[*head as usize])].get_or_insert((at, at));
            *last = at;
            let _ = first;
            at += size;
        }
        self.stream_len = at;
        for (place, ends) in self.places.iter_mut().zip(ends).skip(FAR as usize) {
            let (first, last) = ends.unwrap_or_default();
            let width = bits(last - first);
            changed |= width > place.width || (exactly && width < place.width);
            *place = Class { base: first, width: if exactly { width } else { width.max(place.width) } };
        }
        changed
    }

    fn plan_code(&mut self, counts: &[u64], edge_len: u64, wide_len: u64) {
        self.table_bits = bits(edge_len).saturating_sub(7).clamp(3, LONGEST_CODE - 1);
        let mut symbols: Vec<u32> =
            (0..SYMBOLS as u32).filter(|symbol| counts[*symbol as usize] > 0).collect();
        symbols.sort_unstable_by_key(|symbol| (core::cmp::Reverse(counts[*symbol as usize]), *symbol));
        symbols.truncate(3 << (self.table_bits - 2));
        // What comes less often than half of the least share that a word can have is cheaper as it is.
        symbols.retain(|symbol| counts[*symbol as usize] << (self.table_bits + 1) >= edge_len);
        let mut kept: Vec<u64> = symbols.iter().map(|symbol| counts[*symbol as usize]).collect();
        let escaped = edge_len - kept.iter().sum::<u64>();
        kept.extend([escaped.max(1), wide_len.max(1)]);
        let lengths = lengths(&kept, self.table_bits);
        let own = [ESCAPE_SYMBOL, DIRECTORY_SYMBOL];
        let mut all: Vec<(u32, u32)> = lengths.into_iter().zip(symbols.into_iter().chain(own)).collect();
        all.sort_unstable();
        let only: Vec<u32> = all.iter().map(|word| word.0).collect();
        self.words = all.iter().map(|(length, symbol)| (*symbol, *length)).collect();
        self.code.fill(0);
        for ((length, symbol), word) in all.iter().zip(words(&only)) {
            match *symbol {
                ESCAPE_SYMBOL => {
                    self.escape = word;
                    let code = ESCAPED | (length + RAW);
                    self.code.iter_mut().filter(|other| **other == 0).for_each(|other| *other = code);
                }
                DIRECTORY_SYMBOL => self.directory = (word, *length),
                symbol => self.code[symbol as usize] = *length | word << 8,
            }
        }
    }

    /// The size of each cluster by the present code and classes; `each` sees every edge.
    fn size_all(&mut self, mut each: impl FnMut(u32, &Planned)) {
        for i in 1..self.states.len() as u32 {
            let own = self.plan_state(i);
            self.edges.iter().for_each(|planned| each(i, planned));
            self.sizes[i as usize] = own + self.nested.iter().map(|(size, _)| size).sum::<u64>();
        }
    }

    /// Plans the edges of a state into `edges`, and the states that lie behind it into `nested`, in their order. Returns
    /// the bits of its edges.
    fn plan_state(&mut self, i: u32) -> u64 {
        let state = self.states.get(i as usize);
        self.edges.clear();
        self.nested.clear();
        for (rank, (label, to)) in state.edges().enumerate() {
            let target = self.states.get(to as usize);
            let mut symbol = u32::from(label);
            let mut count = 0;
            if target.is_final {
                symbol |= FINAL;
            }
            if rank + 1 == state.degree {
                symbol |= LAST;
            } else {
                let keys = self.census.counts[to as usize] - 1;
                let class = self.count_tops.iter().position(|top| bits(keys) <= (*top).into()).unwrap_or(7);
                symbol |= (class as u32) << COUNT_SHIFT;
                count = keys - self.counts[class].base;
            }
            if self.census.has_one_parent(to) {
                self.nested.push((self.sizes[to as usize], to));
            }
            self.edges.push(Planned { to, symbol, count, place: 0, left: 0 });
        }
        self.nested.sort_unstable();
        // From the last one on: how far it is to the end of the state is known then.
        let mut after = 0;
        for planned in self.edges.iter_mut().rev() {
            let to = planned.to;
            let class = match to {
                LEAF => NO_EDGE,
                _ if !self.census.has_one_parent(to) => self.classes[to as usize].into(),
                _ => {
                    let behind = self.nested.iter().take_while(|nested| nested.1 != to);
                    let between = behind.map(|nested| nested.0).sum::<u64>();
                    // Behind the last of many edges is far to go.
                    match between {
                        0 if after == 0 || state.degree < WIDE => FOLLOWS,
                        _ => {
                            planned.place = after + between;
                            let first = bits(planned.place) <= self.near_tops[0].into();
                            if first { NEAR } else { NEAR + 1 }
                        }
                    }
                }
            };
            planned.symbol |= class << PLACE_SHIFT;
            let word = self.code[(planned.symbol & 0xffff) as usize] & 255;
            let count = self.counts[(planned.symbol >> COUNT_SHIFT & 7) as usize].width;
            let place = if class < NEAR { 0 } else { self.places[class as usize].width };
            after += u64::from((word & !ESCAPED) + count + place);
            planned.left = after;
        }
        after + self.directory().map_or(0, |directory| directory.len(self.directory.1))
    }

    /// The directory of the state whose edges are planned, if it has one.
    fn directory(&self) -> Option<Directory> {
        let first = self.edges.first().filter(|_| self.edges.len() >= WIDE)?;
        let (mut furthest, mut greatest, mut before) = (0, 0, 0);
        for (i, planned) in self.edges.iter().enumerate() {
            if i % GROUP == 0 {
                (furthest, greatest) = (first.left - planned.left, before);
            }
            before += self.census.counts[planned.to as usize];
        }
        let groups = (self.edges.len() - 1) as u64 / GROUP as u64;
        Some(Directory { groups, offset_bits: bits(furthest), before_bits: bits(greatest) })
    }

    /// Writes all over the zeros of `bytes`, which are [`len`](Self::len).
    pub fn write(mut self, bytes: &mut [u8]) {
        let root = self.states.len() - 1;
        let state = self.states.get(root);
        bytes[TABLE_BITS] = self.table_bits as u8;
        bytes[FLAGS] =
            if state.is_final { EMPTY_KEY } else { 0 } | if state.degree > 0 { HAS_EDGES } else { 0 };
        bytes[COUNT_TOPS..][..8].copy_from_slice(&self.count_tops);
        bytes[NEAR_TOPS..][..2].copy_from_slice(&self.near_tops);
        for (k, place) in self.places[FAR as usize..].iter().enumerate() {
            bytes[FAR_WIDTHS + k] = place.width as u8;
            bytes[FAR_BASES + k * BASE_LEN..][..BASE_LEN]
                .copy_from_slice(&place.base.to_le_bytes()[..BASE_LEN]);
        }
        let (table, stream) = bytes[PRELUDE..].split_at_mut(4 << self.table_bits);
        self.write_table(table);
        self.write_states(stream);
    }

    fn write_table(&self, table: &mut [u8]) {
        let lengths: Vec<u32> = self.words.iter().map(|word| word.1).collect();
        let table = table.as_chunks_mut::<4>().0;
        for ((symbol, length), word) in self.words.iter().zip(words(&lengths)) {
            let place = self.places[(symbol >> PLACE_SHIFT & 7) as usize].width;
            let place = if symbol >> PLACE_SHIFT & 7 < NEAR { 0 } else { place };
            let count = self.counts[(symbol >> COUNT_SHIFT & 7) as usize].width;
            let entry = match *symbol {
                ESCAPE_SYMBOL => ESCAPE,
                DIRECTORY_SYMBOL => DIRECTORY,
                symbol => symbol | (length + count + place) << EDGE_SHIFT,
            };
            for entries in table.iter_mut().skip(word as usize).step_by(1 << length) {
                *entries = (entry | length << WORD_SHIFT).to_le_bytes();
            }
        }
    }

    fn write_directory(&self, out: &mut Bits<'_>) {
        let (Some(directory), Some(first)) = (self.directory(), self.edges.first()) else { return };
        out.put(self.directory.0.into(), self.directory.1);
        out.put(directory.groups, GROUP_BITS);
        out.put(directory.offset_bits.into(), WIDTH_BITS);
        out.put(directory.before_bits.into(), WIDTH_BITS);
        let mut before = 0;
        for (i, planned) in self.edges.iter().enumerate() {
            if i > 0 && i % GROUP == 0 {
                out.put((planned.symbol & 255).into(), 8);
                out.put(first.left - planned.left, directory.offset_bits);
                out.put(before, directory.before_bits);
            }
            before += self.census.counts[planned.to as usize];
        }
    }

    /// A state comes after all that its edges lead to: backwards, it has its place when it is met, and gives theirs to
    /// those that lie behind it.
    fn write_states(&mut self, stream: &mut [u8]) {
        for i in (1..self.states.len() as u32).rev() {
            let is_head = self.census.parents[i as usize] != 1;
            let at = self.sizes[i as usize] * if is_head { 8 } else { 1 };
            let own = self.plan_state(i);
            let mut out = Bits { bytes: stream, at };
            self.write_directory(&mut out);
            for planned in &self.edges {
                let code = self.code[(planned.symbol & 0xffff) as usize];
                match code & ESCAPED {
                    0 => out.put((code >> 8).into(), code & 255),
                    _ => {
                        out.put(self.escape.into(), (code & 255 & !ESCAPED) - RAW);
                        out.put(planned.symbol.into(), RAW);
                    }
                }
                out.put(planned.count, self.counts[(planned.symbol >> COUNT_SHIFT & 7) as usize].width);
                let class = planned.symbol >> PLACE_SHIFT & 7;
                let Class { base, width } = self.places[class as usize];
                match class {
                    NO_EDGE | FOLLOWS => {}
                    NEAR..FAR => out.put(planned.place - base, width),
                    _ => out.put(self.sizes[planned.to as usize] - base, width),
                }
            }
            let mut next = at + own;
            for (size, state) in &self.nested {
                self.sizes[*state as usize] = next;
                next += size;
            }
        }
    }
}

impl Directory {
    /// Bits that it takes, its word included.
    fn len(&self, word: u32) -> u64 {
        let group = u64::from(8 + self.offset_bits + self.before_bits);
        u64::from(word + GROUP_BITS + 2 * WIDTH_BITS) + self.groups * group
    }
}

/// In a symbol's code: its word is the escape's.
const ESCAPED: u32 = 1 << 7;

fn refused(len: usize) -> crate::Error {
    crate::Error::CannotGrow { expected: 4 * len as u64, found: 0 }
}

/// Bits over zeros.
struct Bits<'a> {
    bytes: &'a mut [u8],
    at: u64,
}

impl Bits<'_> {
    /// Writes up to 56 bits.
    fn put(&mut self, number: u64, width: u32) {
        let place =
            self.bytes.get_mut((self.at >> 3) as usize..).and_then(|bytes| bytes.first_chunk_mut::<8>());
        if let Some(place) = place {
            *place = (u64::from_le_bytes(*place) | number << (self.at & 7)).to_le_bytes();
        }
        self.at += u64::from(width);
    }
}
