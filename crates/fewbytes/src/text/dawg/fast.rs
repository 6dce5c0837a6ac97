//! The fast layout: whole bytes, so that an edge is found with few steps.
//!
//! A state is a record. Its first byte has bit 0 where a key ends there, bit 1 where the state of the last edge is the next
//! record, and has no pointer then; the upper six bits say what it is:
//!
//! | code | what follows the first byte |
//! |---|---|
//! | 4 (d - 1) + c, d to 12 | d labels, pointers, counts |
//! | 48 + c | a byte: d - 1; then the same |
//! | 52 | nothing: the root of a store whose only key, if any, is the empty one |
//! | 52 + c | least label; labels to the greatest; for each label between: pointer, count |
//! | 56 to 62 | 2 to 8 labels of as many states that have one edge; a pointer |
//! | 63 | a byte: n - 9; n labels as before; a pointer |
//!
//! A pointer is where a record begins; 0 is the state without edges, and only ones where there is no edge. A count says how
//! many keys lie below the edges before: for all but the first in a list. It has 1, 2 or 5 bytes for c = 1, 2, 3; for c = 0
//! there is none: below each edge before lies one key.

use super::layout::{Census, END, Edge, Layout, State, word, zeros};
use super::register::{LEAF, States};
use crate::Result;
use alloc::vec::Vec;

/// Bytes of a count by the code's lower bits.
const COUNT_BYTES: [usize; 4] = [0, 1, 2, 5];

const FINAL: u8 = 1;
const FOLLOWED: u8 = 2;

/// Codes from which on: the degree is a byte of its own, a table of labels, a run of labels, a long one.
const WIDE: usize = 48;
const TABLE: usize = 52;
const RUN: usize = 56;
const LONG_RUN: usize = 63;
/// The root of a store that has no key but the empty one. A table without counts is not written otherwise.
const EMPTY: usize = TABLE;
/// The first table that is written.
const COUNTED_TABLE: usize = TABLE + 1;

/// Labels of the longest run, and edges of the longest list whose degree is in the code.
const LONGEST_RUN: usize = 264;
const LONGEST_LIST: usize = 12;
/// Labels of a run that are compared as one word.
const WORD_RUN: usize = 8;

/// Zeros after the last record, so that reads of a word stay inside.
const PADDING: usize = 16;

/// Bytes of the widest pointer.
pub const MOST_POINTER: u32 = 5;

/// A table of labels instead of a list: from this degree on, where at least a third of the table's places is taken.
const TABLE_DEGREE: usize = 6;
const TABLE_SHARE: usize = 3;

/// No record begins with this state, or none yet; it lies within a run of labels.
const UNPLACED: u64 = u64::MAX;
const INSIDE: u64 = u64::MAX - 1;

/// How a state is written.
enum Record {
    /// Labels of states with one edge, and the state after the last.
    Run { to: u32 },
    /// Labels, pointers, counts.
    List { degree: usize, code: usize },
    /// Pointers and counts by label.
    Table { least: u8, span: usize, code: usize },
}

/// Writes states as records.
pub struct Writer<'a> {
    states: &'a States,
    census: &'a Census,
    /// Where each record begins.
    starts: Vec<u64>,
    pointer: usize,
    /// The labels of the run at hand.
    run: Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Finds a place for each state: also how many bytes all take.
    pub fn new(states: &'a States, census: &'a Census) -> Result<(Self, u64)> {
        let starts = zeros(states.len())?;
        let mut writer = Self { states, census, starts, pointer: 0, run: Vec::new() };
        loop {
            writer.pointer += 1;
            let len = writer.place();
            if len < (1 << (8 * writer.pointer)) - 1 || writer.pointer == MOST_POINTER as usize {
                return Ok((writer, len + PADDING as u64));
            }
        }
    }

    /// Bytes of a pointer.
    pub fn pointer_bytes(&self) -> u32 {
        self.pointer as u32
    }

    /// Bytes of heap.
    pub fn heap_bytes(&self) -> u64 {
        8 * self.starts.capacity() as u64
    }

    /// The place of each record by the present width of pointers, and the bytes of all.
    ///
    /// A state comes after all that its edges lead to. Backwards, each is met after all states that lead to it: by then, it
    /// has its place where it follows another.
    fn place(&mut self) -> u64 {
        let mut at = 0;
        self.starts.fill(UNPLACED);
        for head in (1..self.states.len() as u32).rev() {
            let mut next = (self.starts[head as usize] == UNPLACED).then_some(head);
            while let Some(state) = next {
                self.starts[state as usize] = at;
                let (record, followed) = self.record(state);
                at += self.len_of(&record, followed.is_some()) as u64;
                next = followed;
            }
        }
        at
    }

    /// How a state is written, and the state whose record comes next. The labels of a run are then in `run`, and its inner
    /// states marked.
    fn record(&mut self, i: u32) -> (Record, Option<u32>) {
        let state = self.states.get(i as usize);
        let follows = |to: u32| self.census.has_one_parent(to).then_some(to);
        if state.degree == 1 {
            self.run.clear();
            let mut last = self.run_on(i, true);
            let followed = follows(last);
            // Where it leads to a run that others share, that is written again if it makes one word: a step less for a
            // few bytes.
            if followed.is_none() {
                let (mut len, mut end) = (self.run.len(), last);
                while self.has_one_edge(end) {
                    end = self.run_on(end, false);
                    if self.run.len() > WORD_RUN {
                        break;
                    }
                    (len, last) = (self.run.len(), end);
                }
                self.run.truncate(len);
            }
            return (Record::Run { to: last }, followed);
        }
        let (mut before, mut last_before) = (0, 0);
        let (mut least, mut greatest, mut last) = (None, 0, LEAF);
        for (label, to) in state.edges() {
            least = least.or(Some(label));
            (greatest, last) = (label, to);
            last_before = before;
            before += self.census.counts[to as usize];
        }
        let least = least.unwrap_or_default();
        let code = match last_before {
            _ if last_before < state.degree as u64 => 0,
            0..256 => 1,
            256..65_536 => 2,
            _ => 3,
        };
        let span = usize::from(greatest - least) + 1;
        if state.degree >= TABLE_DEGREE && span <= TABLE_SHARE * state.degree {
            // The place in a table is not that among the edges: it needs counts.
            return (Record::Table { least, span, code: code.max(1) }, None);
        }
        (Record::List { degree: state.degree, code }, follows(last))
    }

    /// Whether no key ends at a state, and one edge leads on.
    fn has_one_edge(&self, state: u32) -> bool {
        let state = self.states.get(state as usize);
        !state.is_final && state.degree == 1
    }

    /// Adds to `run` the labels from a state with one edge on, as long as states with one edge and one parent follow, which
    /// are marked if they are to lie inside. Returns the state after them.
    fn run_on(&mut self, from: u32, inside: bool) -> u32 {
        let (mut to, mut len) = (from, 0);
        while let Some((label, next)) = self.states.get(to as usize).edges().next() {
            self.run.push(label);
            (to, len) = (next, len + 1);
            if !self.census.has_one_parent(to) || !self.has_one_edge(to) || len == LONGEST_RUN {
                break;
            }
            if inside {
                self.starts[to as usize] = INSIDE;
            }
        }
        to
    }

    fn len_of(&self, record: &Record, followed: bool) -> usize {
        let pointer = if followed { 0 } else { self.pointer };
        match *record {
            Record::Run { .. } => 1 + usize::from(self.run.len() > 8) + self.run.len() + pointer,
            Record::List { degree: 0, .. } => 1,
            Record::List { degree, code } => {
                let lists = degree + (degree - 1) * (self.pointer + COUNT_BYTES[code]);
                1 + usize::from(degree > LONGEST_LIST) + lists + pointer
            }
            Record::Table { span, code, .. } => 3 + span * (self.pointer + COUNT_BYTES[code]),
        }
    }

    /// Writes all records over the zeros of `bytes`.
    pub fn write(mut self, bytes: &mut [u8]) {
        for state in 1..self.states.len() as u32 {
            let start = self.starts[state as usize];
            if start < INSIDE {
                let mut out = Out { bytes, at: start as usize };
                self.write_record(state, &mut out);
            }
        }
    }

    fn write_record(&mut self, i: u32, out: &mut Out<'_>) {
        let (record, followed) = self.record(i);
        let state = self.states.get(i as usize);
        let flags = if state.is_final { FINAL } else { 0 } | if followed.is_some() { FOLLOWED } else { 0 };
        let first = |code: usize| u64::from(flags) | (code as u64) << 2;
        let to = |state: u32| if state == LEAF { 0 } else { self.starts[state as usize] };
        match record {
            Record::Run { to: last } => {
                match self.run.len() {
                    1 => out.put(first(0), 1),
                    len @ 2..=8 => out.put(first(RUN + len - 2), 1),
                    len => {
                        out.put(first(LONG_RUN), 1);
                        out.put(len as u64 - 9, 1);
                    }
                }
                self.run.iter().for_each(|label| out.put((*label).into(), 1));
                if followed.is_none() {
                    out.put(to(last), self.pointer);
                }
            }
            // The empty root: no record says that there is no edge, but a run's pointer does.
            Record::List { degree: 0, .. } => out.put(first(EMPTY), 1),
            Record::List { degree, code } => {
                match degree <= LONGEST_LIST {
                    true => out.put(first(4 * (degree - 1) + code), 1),
                    false => {
                        out.put(first(WIDE + code), 1);
                        out.put(degree as u64 - 1, 1);
                    }
                }
                state.edges().for_each(|(label, _)| out.put(label.into(), 1));
                let pointers = degree - usize::from(followed.is_some());
                state.edges().take(pointers).for_each(|(_, state)| out.put(to(state), self.pointer));
                let mut before = 0;
                for (_, state) in state.edges().take(degree - 1) {
                    before += self.census.counts[state as usize];
                    out.put(before, COUNT_BYTES[code]);
                }
            }
            Record::Table { least, span, code } => {
                out.put(first(TABLE + code), 1);
                out.put(least.into(), 1);
                out.put(span as u64 - 1, 1);
                let (mut before, mut edges) = (0, state.edges().peekable());
                for label in (least..=255).take(span) {
                    let edge = edges.next_if(|edge| edge.0 == label);
                    out.put(edge.map_or(u64::MAX, |edge| to(edge.1)), self.pointer);
                    out.put(before, COUNT_BYTES[code]);
                    before += edge.map_or(0, |edge| self.census.counts[edge.1 as usize]);
                }
            }
        }
    }
}

/// Bytes that are written one after the other.
struct Out<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl Out<'_> {
    fn put(&mut self, number: u64, width: usize) {
        let end = self.at + width;
        if let Some(place) = self.bytes.get_mut(self.at..end) {
            place.copy_from_slice(&number.to_le_bytes()[..width]);
        }
        self.at = end;
    }
}

/// Records, to be read.
#[derive(Clone, Copy, Debug)]
pub struct Fast<'a> {
    bytes: &'a [u8],
    /// Bytes of a pointer, 1 to 5.
    pointer: usize,
}

/// A record that is read, from one of its edges on.
#[derive(Clone, Copy, Debug)]
pub struct Edges {
    /// Where its labels begin; those of a table, its pointers.
    labels: usize,
    /// The next edge, and how many there are.
    next: u16,
    len: u16,
    kind: Kind,
    /// Bytes of a count.
    count: u8,
    /// The state of the last edge is the next record.
    followed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    List,
    /// Its least label.
    Table(u8),
    Run,
}

const NO_EDGES: Edges = Edges { labels: 0, next: 0, len: 0, kind: Kind::List, count: 0, followed: false };

impl<'a> Fast<'a> {
    /// The records in `bytes`, with pointers of so many bytes.
    pub fn new(bytes: &'a [u8], pointer: u32) -> Self {
        Self { bytes, pointer: pointer.clamp(1, MOST_POINTER) as usize }
    }

    /// The number of `width` bytes at `at`, up to 7: all ones beyond the end.
    #[inline(always)]
    fn number(self, at: usize, width: usize) -> u64 {
        match word(self.bytes, at) {
            Some(word) => word & ((1 << (8 * width)) - 1),
            None => (1 << (8 * width)) - 1,
        }
    }

    /// The state that a pointer leads to; `None` where there is none.
    #[inline]
    fn state(self, pointer: u64) -> Option<State> {
        match pointer {
            0 => Some(State::LEAF),
            at => Some(State { at, rest: 0, is_final: self.bytes.get(at as usize)? & FINAL != 0 }),
        }
    }

    /// Keys below the edges before the `i`-th.
    #[inline]
    fn before(self, edges: &Edges, i: usize) -> u64 {
        let (len, count) = (usize::from(edges.len), usize::from(edges.count));
        match edges.kind {
            Kind::Table(_) => self.number(edges.labels + i * (self.pointer + count) + self.pointer, count),
            _ if count == 0 => i as u64,
            _ if i == 0 => 0,
            _ => {
                let pointers = self.pointer * (len - usize::from(edges.followed));
                self.number(edges.labels + len + pointers + count * (i - 1), count)
            }
        }
    }

    /// The `i`-th edge of a list or a table; `None` where the table has none.
    #[inline]
    fn edge(self, edges: &Edges, i: usize) -> Option<Edge> {
        let (len, count) = (usize::from(edges.len), usize::from(edges.count));
        match edges.kind {
            Kind::Table(least) => {
                let place = edges.labels + i * (self.pointer + count);
                let pointer = self.number(place, self.pointer);
                if pointer == (1 << (8 * self.pointer)) - 1 {
                    return None;
                }
                let before = self.before(edges, i);
                Some(Edge { label: least.wrapping_add(i as u8), before, to: self.state(pointer)? })
            }
            Kind::List => {
                let label = *self.bytes.get(edges.labels + i)?;
                let pointers = edges.labels + len;
                let counts = pointers + self.pointer * (len - usize::from(edges.followed));
                let before = self.before(edges, i);
                let to = match edges.followed && i + 1 == len {
                    true => self.state((counts + count * (len - 1)) as u64)?,
                    false => self.state(self.number(pointers + self.pointer * i, self.pointer))?,
                };
                Some(Edge { label, before, to })
            }
            Kind::Run => {
                let label = *self.bytes.get(edges.labels)?;
                let at = edges.labels + 1;
                let to = match (edges.next > 1, edges.followed) {
                    (true, _) => State {
                        at: at as u64,
                        rest: u32::from(edges.next - 1) << 1 | u32::from(edges.followed),
                        is_final: false,
                    },
                    (_, true) => self.state(at as u64)?,
                    _ => self.state(self.number(at, self.pointer))?,
                };
                Some(Edge { label, before: 0, to })
            }
        }
    }
}

impl Layout for Fast<'_> {
    type Edges = Edges;

    fn root(self) -> State {
        State { at: 0, rest: 0, is_final: self.bytes.first().is_some_and(|first| first & FINAL != 0) }
    }

    #[inline]
    fn edges(self, of: State) -> Edges {
        if of.at == END {
            return NO_EDGES;
        }
        let at = of.at as usize;
        if of.rest > 0 {
            let next = (of.rest >> 1) as u16;
            return Edges { labels: at, next, kind: Kind::Run, followed: of.rest & 1 == 1, ..NO_EDGES };
        }
        let head = self.number(at, 3);
        let (code, followed) = ((head as u8 >> 2) as usize, head as u8 & FOLLOWED != 0);
        let [_, second, third, ..] = head.to_le_bytes();
        let count = COUNT_BYTES[code % 4] as u8;
        let list =
            Edges { labels: at + 1, next: 0, len: 1 + code as u16 / 4, kind: Kind::List, count, followed };
        match code {
            EMPTY => NO_EDGES,
            LONG_RUN => Edges { labels: at + 2, next: 9 + u16::from(second), kind: Kind::Run, ..list },
            RUN.. => Edges { labels: at + 1, next: (code - RUN) as u16 + 2, kind: Kind::Run, ..list },
            COUNTED_TABLE.. => {
                Edges { labels: at + 3, len: u16::from(third) + 1, kind: Kind::Table(second), ..list }
            }
            WIDE..TABLE => Edges { labels: at + 2, len: u16::from(second) + 1, ..list },
            _ => list,
        }
    }

    #[inline]
    fn next(self, edges: &mut Edges) -> Option<Edge> {
        if let Kind::Run = edges.kind {
            let edge = self.edge(edges, 0).filter(|_| edges.next > 0);
            edges.next = 0;
            return edge;
        }
        while edges.next < edges.len {
            let edge = self.edge(edges, edges.next.into());
            edges.next += 1;
            if edge.is_some() {
                return edge;
            }
        }
        None
    }

    #[inline]
    fn seek(self, edges: &mut Edges, least: u8) -> Option<Edge> {
        match edges.kind {
            Kind::Table(first) => edges.next = edges.next.max(least.saturating_sub(first).into()),
            Kind::List => {
                let labels = self.bytes.get(edges.labels..).unwrap_or_default();
                let left = labels.iter().take(edges.len.into()).skip(edges.next.into());
                edges.next += left.take_while(|label| **label < least).count() as u16;
            }
            Kind::Run => {}
        }
        self.next(edges).filter(|edge| edge.label >= least)
    }

    #[inline]
    fn edge_over(self, of: State, keys: u64) -> Option<Edge> {
        let mut edges = self.edges(of);
        if let Kind::Run = edges.kind {
            return self.next(&mut edges);
        }
        // The last place with as few keys before is that of an edge, in a table too: where there is none, the next one has
        // no more.
        let (mut first, mut end) = (0, usize::from(edges.len));
        while end > first + 1 {
            let middle = first.midpoint(end);
            match self.before(&edges, middle) <= keys {
                true => first = middle,
                false => end = middle,
            }
        }
        match edges.len {
            0 => None,
            _ => self.edge(&edges, first).filter(|edge| edge.before <= keys),
        }
    }

    #[inline]
    fn id_of(self, key: &[u8]) -> Option<u64> {
        let (mut at, mut id, mut i) = (0_usize, 0_u64, 0_usize);
        while let Some(label) = key.get(i) {
            let head = word(self.bytes, at)?;
            id = id.wrapping_add(head & u64::from(FINAL));
            let (code, followed) = ((head as u8 >> 2) as usize, (head as usize >> 1) & 1);
            let count = COUNT_BYTES[code % 4];
            i += 1;
            if code < TABLE {
                let (labels, len) = match code < WIDE {
                    true => (at + 1, code / 4 + 1),
                    false => (at + 2, usize::from((head >> 8) as u8) + 1),
                };
                let place = self.find(labels, len, *label)?;
                let pointers = labels + len;
                let counts = pointers + self.pointer * (len - followed);
                // Without branches: which way they go can't be foreseen.
                let before = self.number((counts + count * place).saturating_sub(count), count);
                let ranks = if count == 0 { place as u64 } else { 0 };
                id = id.wrapping_add(if place == 0 { 0 } else { before } + ranks);
                let pointer = self.number(pointers + self.pointer * place, self.pointer) as usize;
                let next = counts + count * (len - 1);
                at = if place + followed == len { next } else { pointer };
            } else if code >= RUN {
                let (labels, len) = match code {
                    LONG_RUN => (at + 2, usize::from((head >> 8) as u8) + WORD_RUN + 1),
                    _ => (at + 1, code - RUN + 2),
                };
                if !self.runs(labels, len, key, i - 1) {
                    return None;
                }
                i += len - 1;
                let pointer = self.number(labels + len, self.pointer) as usize;
                at = if followed == 1 { labels + len } else { pointer };
            } else {
                let place = usize::from(label.checked_sub((head >> 8) as u8)?);
                if code == EMPTY || place > usize::from((head >> 16) as u8) {
                    return None;
                }
                let entry = at + 3 + place * (self.pointer + count);
                let pointer = self.number(entry, self.pointer);
                if pointer == (1 << (8 * self.pointer)) - 1 {
                    return None;
                }
                id = id.wrapping_add(self.number(entry + self.pointer, count));
                at = pointer as usize;
            }
            if at == 0 {
                // The state without edges.
                return (i == key.len()).then_some(id);
            }
        }
        (self.bytes.get(at)? & FINAL != 0).then_some(id)
    }
}

impl Fast<'_> {
    /// Whether `key` goes on from `i` by `len` labels.
    #[inline(always)]
    fn runs(self, labels: usize, len: usize, key: &[u8], i: usize) -> bool {
        let Some(rest) = key.get(i..).filter(|rest| rest.len() >= len) else { return false };
        // The last word of the key has its end, where the word from `i` on would be beyond it.
        let text = match rest.len() < WORD_RUN {
            true => key
                .len()
                .checked_sub(WORD_RUN)
                .and_then(|start| word(key, start))
                .map(|last| last >> (8 * (WORD_RUN - rest.len()))),
            false => word(rest, 0),
        };
        match (word(self.bytes, labels), text) {
            (Some(run), Some(text)) if len <= WORD_RUN => (run ^ text) << (8 * (WORD_RUN - len)) == 0,
            _ => self.bytes.get(labels..labels + len).is_some_and(|run| run == &rest[..len]),
        }
    }

    /// The place of `label` among `len` labels: eight at a time.
    #[inline(always)]
    fn find(self, labels: usize, len: usize, label: u8) -> Option<usize> {
        let ones = u64::from_le_bytes([1; 8]);
        let mut i = 0;
        loop {
            let differ = word(self.bytes, labels + i)? ^ (ones * u64::from(label));
            // The lowest byte that is 0 has its upper bit set here, and no lower one has.
            let equal = differ.wrapping_sub(ones) & !differ & (ones << 7);
            let place = i + equal.trailing_zeros() as usize / 8;
            if equal != 0 || i + 8 >= len {
                return (place < len).then_some(place);
            }
            i += 8;
        }
    }
}
