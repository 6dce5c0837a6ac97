//! The fast layout, to be written.

use super::place::Placer;
use super::{
    CODE_LEN, COUNT_BYTES, END, ESCAPE, ESCAPE_LEN, GROUP_LEN, LANES, LINK_BYTES, LONGEST_TAIL, NARROW,
    NARROW_FIRST, NARROW_WINDOW, NOBODY, PADDING, PLACE_SHIFT, PRELUDE, Parts, ROOT, ROW, ROW_BYTES, TAIL,
    TERMINAL,
};
use crate::Result;
use crate::text::dawg::layout::{Census, zeros};
use crate::text::dawg::register::{LEAF, States};
use alloc::vec::Vec;

/// Labels of the shortest tail: a shorter one takes as many bytes as its units.
const SHORTEST_TAIL: usize = 2;

/// A link in the making.
type Packed = [u8; 5];

fn packed(link: u64) -> Packed {
    let [a, b, c, d, e, ..] = link.to_le_bytes();
    [a, b, c, d, e]
}

fn unpacked([a, b, c, d, e]: Packed) -> u64 {
    u64::from_le_bytes([a, b, c, d, e, 0, 0, 0])
}

/// The state lies within a tail: no link has this place.
const INSIDE: Packed = [255; 5];

/// Plans and writes the fast layout.
pub struct Writer<'a> {
    states: &'a States,
    census: &'a Census,
    /// The labels that occur, and the codes of all.
    labels: Vec<u8>,
    codes: [u8; 256],
    narrow: usize,
    /// The link of each state.
    links: Vec<Packed>,
    /// Greater skips by their places.
    escapes: Vec<(u32, u64)>,
    width: usize,
    group_len: usize,
    tails_len: u64,
    parts: Parts,
    /// Bytes of heap of what finds places.
    placing: u64,
}

impl<'a> Writer<'a> {
    /// Finds a place for each state: also how many bytes all take.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn new(states: &'a States, census: &'a Census) -> Result<(Self, u64)> {
        let mut writer = Self {
            states,
            census,
            labels: Vec::new(),
            codes: [NOBODY; 256],
            narrow: 0,
            links: zeros(states.len())?,
            escapes: Vec::new(),
            width: 0,
            group_len: 0,
            tails_len: 0,
            parts: Parts::default(),
            placing: 0,
        };
        writer.plan_codes();
        writer.plan_narrow();
        writer.place_units()?;
        writer.place_tails();
        let (code_len, group_len, escape_len) = (writer.labels.len(), writer.group_len, writer.escapes.len());
        writer.parts =
            Parts::new(code_len, writer.width, group_len as u64, writer.count_bytes(), escape_len as u64);
        let len = writer.parts.tails as u64 + writer.tails_len + PADDING as u64;
        Ok((writer, len))
    }

    /// Bytes of a link.
    pub fn link_bytes(&self) -> u32 {
        self.width as u32
    }

    /// Bytes of heap.
    pub fn heap_bytes(&self) -> u64 {
        (5 * self.links.capacity() + 16 * self.escapes.capacity()) as u64 + self.placing
    }

    /// Bytes of a greater skip.
    fn count_bytes(&self) -> usize {
        let most = self.escapes.iter().map(|escape| escape.1).max().unwrap_or_default();
        (u64::BITS - most.leading_zeros()).div_ceil(8).max(1) as usize
    }

    /// Numbers the labels that occur.
    fn plan_codes(&mut self) {
        let mut occurs = [false; 256];
        for i in 0..self.states.len() {
            self.states.get(i).edges().for_each(|(label, _)| occurs[usize::from(label)] = true);
        }
        self.labels = (0..=255).filter(|label| occurs[usize::from(*label)]).collect();
        for (code, label) in self.labels.iter().enumerate() {
            self.codes[usize::from(*label)] = code as u8;
        }
    }

    /// The codes of a state's edges.
    fn codes_of(&self, state: u32, codes: &mut Vec<u8>) {
        codes.clear();
        codes
            .extend(self.states.get(state as usize).edges().map(|(label, _)| self.codes[usize::from(label)]));
    }

    /// Finds the window that holds the labels of most states.
    fn plan_narrow(&mut self) {
        // How many more states' labels are in the window that begins here than in the one before.
        let mut more = [0_i64; 257];
        for i in 1..self.states.len() {
            let mut codes =
                self.states.get(i).edges().map(|(label, _)| usize::from(self.codes[usize::from(label)]));
            let Some(least) = codes.next() else { continue };
            let most = codes.last().unwrap_or(least);
            if most - least < NARROW_WINDOW {
                more[(most + 1).saturating_sub(NARROW_WINDOW)] += 1;
                more[least + 1] -= 1;
            }
        }
        let (mut sum, mut best) = (0, 0);
        for (first, more) in more.iter().enumerate().take(257 - NARROW_WINDOW) {
            sum += more;
            if sum > best {
                (best, self.narrow) = (sum, first);
            }
        }
    }

    /// Whether no key ends at a state, and one edge leads on.
    fn has_one_edge(&self, state: u32) -> bool {
        let state = self.states.get(state as usize);
        !state.is_final && state.degree == 1
    }

    /// The labels from a state with one edge on, as long as states with one edge and one parent follow, and the state after
    /// them; `inside` is called for each of these.
    fn run(&self, from: u32, labels: &mut Vec<u8>, mut inside: impl FnMut(u32)) -> u32 {
        labels.clear();
        let mut to = from;
        while let Some((label, next)) = self.states.get(to as usize).edges().next() {
            labels.push(label);
            to = next;
            if !self.census.has_one_parent(to) || !self.has_one_edge(to) {
                break;
            }
            inside(to);
        }
        to
    }

    /// Takes units for each state that is no tail, and marks the tails.
    ///
    /// A state comes after all that its edges lead to: backwards, each is met after all states that lead to it.
    fn place_units(&mut self) -> Result<()> {
        let (mut links, mut escapes) = (core::mem::take(&mut self.links), Vec::new());
        let (mut placer, mut run, mut codes) = (Placer::new(), Vec::new(), Vec::new());
        links[LEAF as usize] = packed(TERMINAL);
        for i in (1..self.states.len() as u32).rev() {
            if links[i as usize] == INSIDE {
                continue;
            }
            let state = self.states.get(i as usize);
            let terminal = u64::from(state.is_final);
            if state.degree == 1 {
                self.run(i, &mut run, |_| {});
                if run.len() >= SHORTEST_TAIL {
                    self.run(i, &mut run, |inside| links[inside as usize] = INSIDE);
                    links[i as usize] = packed(TAIL | terminal);
                    continue;
                }
            }
            if state.degree == 0 {
                links[i as usize] = packed(terminal);
                continue;
            }
            self.codes_of(i, &mut codes);
            let base = placer.place(&codes)?;
            let is_narrow = codes.iter().all(|code| {
                let code = usize::from(*code);
                self.narrow <= code && code < self.narrow + NARROW_WINDOW
            });
            let narrow = if is_narrow { NARROW } else { 0 };
            links[i as usize] = packed(base << PLACE_SHIFT | narrow | terminal);
            self.each_skip(i, |code, skip| {
                if skip >= ESCAPE.into() {
                    escapes.push(((base + u64::from(code)) as u32, skip));
                }
            });
        }
        escapes.sort_unstable();
        (self.links, self.escapes) = (links, escapes);
        (self.group_len, self.placing) = (placer.len().div_ceil(LANES), placer.heap_bytes());
        Ok(())
    }

    /// Calls `each` with the code of each edge of a state, and the keys before it.
    fn each_skip(&self, state: u32, mut each: impl FnMut(u8, u64)) {
        let state = self.states.get(state as usize);
        let mut skip = u64::from(state.is_final);
        for (label, to) in state.edges() {
            each(self.codes[usize::from(label)], skip);
            skip += self.census.counts[to as usize];
        }
    }

    /// Gives each tail its place, by the least width of links that all places fit.
    fn place_tails(&mut self) {
        let mut links = core::mem::take(&mut self.links);
        let mut run = Vec::new();
        for width in LINK_BYTES {
            (self.width, self.tails_len) = (width as usize, 0);
            for (i, link) in links.iter_mut().enumerate() {
                let [flags, ..] = *link;
                if *link != INSIDE && u64::from(flags) & TAIL != 0 {
                    *link = packed(self.tails_len << PLACE_SHIFT | u64::from(flags) & (TAIL | TERMINAL));
                    let to = self.run(i as u32, &mut run, |_| {});
                    let records = run.len().div_ceil(LONGEST_TAIL);
                    let followed = records - usize::from(to == LEAF);
                    self.tails_len += (run.len() + records + followed * self.width) as u64;
                }
            }
            let most = 1 << (8 * width - PLACE_SHIFT);
            if self.tails_len <= most && (self.group_len * LANES) as u64 <= most {
                break;
            }
        }
        self.links = links;
    }

    fn link(&self, state: u32) -> u64 {
        unpacked(self.links[state as usize])
    }

    /// Writes all over the zeros of `bytes`.
    pub fn write(self, bytes: &mut [u8]) {
        let parts = self.parts;
        bytes[CODE_LEN..][..2].copy_from_slice(&(self.labels.len() as u16).to_le_bytes());
        bytes[NARROW_FIRST] = self.narrow as u8;
        bytes[COUNT_BYTES] = self.count_bytes() as u8;
        let numbers = [
            (ROOT, self.link(self.states.len() as u32 - 1)),
            (GROUP_LEN, self.group_len as u64),
            (ESCAPE_LEN, self.escapes.len() as u64),
        ];
        for (at, number) in numbers {
            bytes[at..][..8].copy_from_slice(&number.to_le_bytes());
        }
        bytes[PRELUDE..][..self.labels.len()].copy_from_slice(&self.labels);
        for group in bytes[parts.groups..parts.skips].chunks_exact_mut(LANES * (self.width + 1)) {
            group[LANES * self.width..].fill(NOBODY);
        }
        let mut run = Vec::new();
        for i in 1..self.states.len() as u32 {
            if self.links[i as usize] == INSIDE {
                continue;
            }
            match self.link(i) & TAIL {
                0 => self.write_units(i, bytes),
                _ => self.write_tail(i, &mut run, bytes),
            }
        }
        self.write_escapes(bytes);
    }

    fn write_units(&self, i: u32, bytes: &mut [u8]) {
        let base = (self.link(i) >> PLACE_SHIFT) as usize;
        let group_bytes = LANES * (self.width + 1);
        let mut edges = self.states.get(i as usize).edges();
        self.each_skip(i, |code, skip| {
            let place = base + usize::from(code);
            let (group, lane) = (self.parts.groups + place / LANES * group_bytes, place % LANES);
            bytes[group + LANES * self.width + lane] = code;
            if let Some((_, to)) = edges.next() {
                bytes[group + lane * self.width..][..self.width]
                    .copy_from_slice(&self.links[to as usize][..self.width]);
            }
            bytes[self.parts.skips + place] = skip.min(255) as u8;
        });
    }

    fn write_tail(&self, i: u32, run: &mut Vec<u8>, bytes: &mut [u8]) {
        let mut place = (self.link(i) >> PLACE_SHIFT) as usize;
        let to = self.run(i, run, |_| {});
        let records = run.len().div_ceil(LONGEST_TAIL);
        for (i, labels) in run.chunks(LONGEST_TAIL).enumerate() {
            let ends = i + 1 == records && to == LEAF;
            let at = self.parts.tails + place;
            bytes[at] = labels.len() as u8 | if ends { END } else { 0 };
            bytes[at + 1..][..labels.len()].copy_from_slice(labels);
            place += 1 + labels.len();
            if ends {
                continue;
            }
            place += self.width;
            let link = match i + 1 == records {
                true => self.links[to as usize],
                false => packed((place as u64) << PLACE_SHIFT | TAIL),
            };
            bytes[at + 1 + labels.len()..][..self.width].copy_from_slice(&link[..self.width]);
        }
    }

    fn write_escapes(&self, bytes: &mut [u8]) {
        let Parts { skips, rows, escapes, .. } = self.parts;
        let width = self.count_bytes();
        let mut written = 0;
        for row in 0..(escapes - rows) / ROW_BYTES {
            bytes[rows + row * ROW_BYTES..][..ROW_BYTES].copy_from_slice(&(written as u32).to_le_bytes());
            let of_row = self.escapes[written..].iter().take_while(|escape| escape.0 as usize / ROW == row);
            for (number, (place, skip)) in (ESCAPE..=u8::MAX).zip(of_row) {
                bytes[skips + *place as usize] = number;
                bytes[escapes + written * width..][..width].copy_from_slice(&skip.to_le_bytes()[..width]);
                written += 1;
            }
        }
    }
}
