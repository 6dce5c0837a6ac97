//! How the automaton is built: level by level, from sorted keywords.

use super::jump::{self, Jump};
use super::table::{BLOCK_BYTES, MOST_STATES, SHALLOW, SLOTS, Shape, block, pack};
use super::{FORMAT, Form, Keywords, Options, filter, write_header};
use crate::layout::Frame;
use crate::text::{Built, KeyBuilder, KeyList, OnProgress, Progress, header::Counts, values};
use crate::{Error, Result};
use alloc::{boxed::Box, vec, vec::Vec};

/// Keywords in the making: they come in any order, and their ids are the order in which they came.
///
/// A keyword that comes again is not another one: the first one's value stays, and the ids go on without a gap.
#[derive(Clone, Debug, Default)]
pub struct KeywordsBuilder {
    gathered: Gathered,
    seed: u64,
}

impl KeywordsBuilder {
    /// None yet.
    pub fn new(options: &Options) -> Self {
        Self { gathered: Gathered { options: *options, ..Gathered::default() }, seed: 0 }
    }

    /// With this seed in the header, where it means nothing.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Takes a keyword, and its value where it has one.
    ///
    /// # Errors
    /// [`Error::KeyLength`] when it is too long; [`Error::CannotGrow`] when memory can't be had.
    pub fn insert(&mut self, keyword: impl AsRef<[u8]>, value: Option<u64>) -> Result<()> {
        self.gathered.push(keyword.as_ref(), value)
    }

    /// Takes many keywords without values.
    ///
    /// # Errors
    /// Those of [`insert`](Self::insert).
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, keywords: I) -> Result<()> {
        keywords.into_iter().try_for_each(|keyword| self.insert(keyword, None))
    }

    /// Keywords that came, repeated ones too: what is more than the store's own number was there twice.
    pub fn inserted_len(&self) -> u64 {
        self.gathered.keys.len() as u64
    }

    /// The store of all of them.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had, or they are too many.
    pub fn finish(self) -> Result<Keywords> {
        Ok(self.gathered.finish(self.seed, &mut |_| {})?.0)
    }
}

/// Keywords need not come sorted. Which ones came twice is known at the end: those that are missing then.
impl KeyBuilder for KeywordsBuilder {
    fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        self.insert(key, value)
    }

    fn duplicate_len(&self) -> u64 {
        0
    }

    fn finish(self: Box<Self>, progress: OnProgress<'_>) -> Result<Built> {
        let (store, peak_bytes) = self.gathered.finish(self.seed, progress)?;
        Ok(Built { store: Box::new(store), peak_bytes })
    }
}

/// Keywords, their order and their values.
#[derive(Clone, Debug, Default)]
struct Gathered {
    options: Options,
    /// Their values are their turns.
    keys: KeyList,
    /// By turn; empty where none has a value.
    values: Vec<u64>,
    folded: Vec<u8>,
}

impl Gathered {
    fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        let turn = self.keys.len();
        let refused = |_| Error::CannotGrow { expected: 8, found: 0 };
        if value.is_some() {
            self.values.try_reserve(turn + 1 - self.values.len()).map_err(refused)?;
        }
        match self.options.fold_case {
            true => {
                self.folded.clear();
                self.folded.extend(key.iter().map(u8::to_ascii_lowercase));
                self.keys.push(&self.folded, Some(turn as u64))?;
            }
            false => self.keys.push(key, Some(turn as u64))?,
        }
        if let Some(value) = value {
            self.values.resize(turn, 0);
            self.values.push(value);
        }
        Ok(())
    }

    /// The store, and the most bytes of heap that it took.
    fn finish(mut self, seed: u64, progress: OnProgress<'_>) -> Result<(Keywords, u64)> {
        progress(Progress { stage: "sorting keys", done: 0, total: self.keys.len() as u64 });
        self.keys.sort();
        let mut counts = Counts::default();
        self.keys.iter().try_for_each(|(key, _)| counts.add(key))?;
        // The id of each, in the order of the keys.
        let len = self.keys.len();
        let mut ids = vec![0_u32; len];
        let mut turns: Vec<(u64, u32)> =
            self.keys.iter().map(|(_, turn)| turn.unwrap_or_default()).zip(0..).collect();
        turns.sort_unstable();
        for (id, (_, place)) in (0..).zip(turns) {
            ids[place as usize] = id;
        }
        let value_of = |turn: Option<u64>| {
            let value = turn.and_then(|turn| self.values.get(turn as usize));
            value.copied().unwrap_or_default()
        };
        let mut by_id = Vec::new();
        if !self.values.is_empty() && len > 0 {
            by_id = vec![0; len];
            for ((_, turn), id) in self.keys.iter().zip(&ids) {
                by_id[*id as usize] = value_of(turn);
            }
            counts.value_bits = values::bits_for(by_id.iter().copied().max().unwrap_or_default());
        }
        let trie = Trie::of(&self.keys, progress)?;
        progress(Progress { stage: "laying out states", done: 0, total: trie.labels.len() as u64 });
        let store = lay_out(&self.keys, &ids, counts, &trie, &by_id, self.options, seed)?;
        let peak = self.keys.heap_bytes()
            + trie.heap_bytes()
            + (ids.capacity() * 4 + self.values.capacity() * 8 + by_id.capacity() * 8) as u64
            + store.as_bytes().len() as u64;
        Ok((store, peak))
    }
}

/// The automaton, state by state: those of each level in the order of their paths, so that the children of a state follow
/// each other, and those of the next state follow them.
struct Trie {
    labels: Vec<u8>,
    first: Vec<u32>,
    count: Vec<u16>,
    /// The longest proper suffix that is a state; of the root: the root.
    fail: Vec<u32>,
    /// One more than the place of the longest keyword that ends here, be it shorter than the path; 0: none.
    longest: Vec<u32>,
    /// The states at which a keyword ends, and its place in the list of keys.
    ends: Vec<(u32, u32)>,
    /// The first state of each level.
    levels: Vec<u32>,
    /// A key that begins with each state of the levels at which tables of jumps are.
    heads: [Vec<u32>; 2],
}

impl Trie {
    fn of(keys: &KeyList, progress: OnProgress<'_>) -> Result<Self> {
        let mut trie = Self {
            labels: vec![0],
            first: Vec::new(),
            count: Vec::new(),
            fail: Vec::new(),
            longest: Vec::new(),
            ends: Vec::new(),
            levels: Vec::new(),
            heads: Default::default(),
        };
        trie.grow(keys, progress)?;
        trie.link(progress);
        Ok(trie)
    }

    fn heap_bytes(&self) -> u64 {
        let states = self.labels.capacity()
            + 4 * (self.first.capacity() + self.fail.capacity() + self.longest.capacity())
            + 2 * self.count.capacity();
        let heads: usize = self.heads.iter().map(Vec::capacity).sum();
        (states + 8 * self.ends.capacity() + 4 * (self.levels.capacity() + heads)) as u64
    }

    /// The states and what leads to them.
    fn grow(&mut self, keys: &KeyList, progress: OnProgress<'_>) -> Result<()> {
        let key = |i: u32| keys.get(i as usize).map_or(&[][..], |(key, _)| key);
        // The keys that begin with each state of a level.
        let mut level = vec![(0, keys.len() as u32)];
        let mut below = Vec::new();
        let mut depth = 0;
        while !level.is_empty() {
            self.levels.push(self.first.len() as u32);
            progress(Progress {
                stage: "adding keys",
                done: self.ends.len() as u64,
                total: keys.len() as u64,
            });
            if let Some(at) = jump::LENGTHS.iter().position(|len| *len == depth) {
                self.heads[at] = level.iter().map(|(from, _)| *from).collect();
            }
            for (mut from, end) in level.drain(..) {
                if from < end && key(from).len() == depth {
                    self.ends.push((self.first.len() as u32, from));
                    from += 1;
                }
                let first = self.labels.len();
                if (first + 256) as u64 > MOST_STATES {
                    return Err(Error::CannotGrow { expected: first as u64, found: MOST_STATES });
                }
                while from < end {
                    let label = key(from)[depth];
                    let until = (from..end).find(|i| key(*i)[depth] != label).unwrap_or(end);
                    self.labels.push(label);
                    below.push((from, until));
                    from = until;
                }
                self.first.push(first as u32);
                self.count.push((self.labels.len() - first) as u16);
            }
            core::mem::swap(&mut level, &mut below);
            depth += 1;
        }
        Ok(())
    }

    /// Where a label leads from a state.
    fn child(&self, state: u32, label: u8) -> Option<u32> {
        let first = self.first[state as usize];
        let labels = &self.labels[first as usize..][..self.count[state as usize].into()];
        labels.iter().position(|other| *other == label).map(|at| first + at as u32)
    }

    /// The failure links, and the keywords that end at each state: those of a level from those of the ones before.
    fn link(&mut self, progress: OnProgress<'_>) {
        let len = self.labels.len();
        self.fail = vec![0; len];
        self.longest = vec![0; len];
        let mut root = [0; 256];
        for at in 0..u32::from(self.count[0]) {
            root[usize::from(self.labels[(1 + at) as usize])] = 1 + at;
        }
        let mut ends = self.ends.iter().zip(1..).peekable();
        // The empty keyword ends nowhere.
        ends.next_if(|((state, _), _)| *state == 0);
        for state in 0..len {
            if state % (1 << 16) == 0 {
                progress(Progress { stage: "linking states", done: state as u64, total: len as u64 });
            }
            // The links of this level lead to states before it: what ends at those is known.
            if let Some((_, place)) = ends.next_if(|((end, _), _)| *end as usize == state) {
                self.longest[state] = place;
            } else {
                self.longest[state] = self.longest[self.fail[state] as usize];
            }
            if state == 0 {
                continue;
            }
            for child in self.first[state]..self.first[state] + u32::from(self.count[state]) {
                let label = self.labels[child as usize];
                let mut suffix = self.fail[state];
                self.fail[child as usize] = loop {
                    if suffix == 0 {
                        break root[usize::from(label)];
                    }
                    if let Some(found) = self.child(suffix, label) {
                        break found;
                    }
                    suffix = self.fail[suffix as usize];
                };
            }
        }
    }

    /// For each state of the levels down to the deepest that has jumps: where a jump to it leads.
    fn jumps(&self) -> Vec<Jump> {
        let deepest = jump::LENGTHS[0];
        let end = self.levels.get(deepest + 1).map_or(self.labels.len(), |end| *end as usize);
        let mut jumps = vec![Jump::default(); end];
        let mut depth = 0;
        for state in 0..self.levels.get(deepest).map_or(end, |first| *first as usize) {
            while self.levels.get(depth + 1).is_some_and(|first| *first as usize <= state) {
                depth += 1;
            }
            for child in self.first[state]..self.first[state] + u32::from(self.count[state]) {
                let ends = self.longest[child as usize] != 0;
                let here = Jump { state: child, depth: depth as u8 + 1, ends };
                jumps[child as usize] = if jumps[state].ends { jumps[state] } else { here };
            }
        }
        jumps
    }

    /// Whether the failure link of a state is kept.
    fn is_deep(&self, state: usize) -> bool {
        self.levels.get(SHALLOW + 1).is_some_and(|first| self.fail[state] >= *first)
    }
}

/// The classes of the bytes: one for each that keywords have, and one for all others.
fn classes(labels: &[u8], fold: bool) -> ([u8; 256], u32) {
    let mut used = [false; 256];
    labels.iter().for_each(|label| used[usize::from(*label)] = true);
    let len = used.iter().filter(|used| **used).count();
    // Where all bytes are used, none has the class of the others.
    let mut classes = [len.min(255) as u8; 256];
    for (class, (byte, _)) in (0..=255).zip((0..).zip(used).filter(|(_, used)| *used)) {
        classes[byte] = class;
    }
    if fold {
        for upper in b'A'..=b'Z' {
            classes[usize::from(upper)] = classes[usize::from(upper.to_ascii_lowercase())];
        }
    }
    (classes, (len as u32 + 1).min(256))
}

fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[4 * at..][..4].copy_from_slice(&number.to_le_bytes());
}

fn lay_out(
    keys: &KeyList,
    ids: &[u32],
    counts: Counts,
    trie: &Trie,
    by_id: &[u64],
    options: Options,
    seed: u64,
) -> Result<Keywords> {
    if keys.is_empty() {
        let mut frame = Frame::new(&FORMAT, seed, 0)?;
        write_header(frame.bytes_mut(), &Shape::default(), &options);
        return Keywords::with_frame(frame);
    }
    let states = trie.labels.len();
    let (classes, class_len) = classes(&trie.labels[1..], options.fold_case);
    let is_end = {
        let mut is_end = vec![false; states];
        trie.ends.iter().for_each(|(state, _)| is_end[*state as usize] = true);
        is_end
    };
    let has_suffix = |state: usize| !is_end[state] && trie.longest[state] != 0;
    let link_len: usize =
        (0..states).map(|state| usize::from(has_suffix(state)) + usize::from(trie.is_deep(state))).sum();
    let mut last = None;
    let trigrams = keys.iter().filter_map(|(key, _)| key.first_chunk::<3>());
    let trigrams = trigrams.filter(|trigram| last.replace(*trigram) != Some(*trigram)).count();
    let has_short = keys.iter().any(|(key, _)| (1..=2).contains(&key.len()));
    let bits = filter::sizes(trigrams as u64, has_short, counts.key_len);
    // Rows take half of what blocks do; in the dense form 16 times that.
    let row_bytes = match options.form {
        Form::Compact => 2 * states,
        Form::Dense => 64 * states,
    };
    let shape = Shape {
        counts,
        state_len: states as u32,
        class_len,
        row_len: (row_bytes / (4 * class_len as usize)).clamp(1, states) as u32,
        link_len: link_len as u32,
        trigram_bits: bits.0,
        pair_bits: bits.1,
        prefix_bits: bits.2,
        jump_bits: core::array::from_fn(|i| {
            jump::bits_for(trie.heads[i].len() as u64, jump::LENGTHS[i], states as u64)
        }),
    };
    let mut frame = Frame::new(&FORMAT, seed, shape.payload_len())?;
    write_header(frame.bytes_mut(), &shape, &options);
    let mut rest = frame.payload_mut();
    let mut cut = |len: u64| rest.split_off_mut(..len as usize).unwrap_or_default();
    let [class_bytes, six, four, blocks, trigrams, pairs, prefixes, rows, links, levels, records, places] =
        shape.sections().map(&mut cut);
    class_bytes.copy_from_slice(&classes);
    let mut tables = filter::Tables { trigrams, pairs, prefixes, bits, fold: options.fold_case };
    keys.iter().for_each(|(key, _)| tables.add(key));

    let jumps = trie.jumps();
    for (i, table) in [six, four].into_iter().enumerate().filter(|(_, table)| !table.is_empty()) {
        let len = jump::LENGTHS[i];
        for (state, head) in (trie.levels[len] as usize..).zip(&trie.heads[i]) {
            if let Some((key, _)) = keys.get(*head as usize) {
                jump::put(table, shape.jump_bits[i], &key[..len], jumps[state]);
            }
        }
    }

    let (mut key_len, mut links_len) = (0, 0);
    for (at, bytes) in blocks.chunks_exact_mut(BLOCK_BYTES).enumerate() {
        let from = at * SLOTS;
        bytes[block::CHILDREN].copy_from_slice(&trie.first[from].to_le_bytes());
        bytes[block::KEYS_BEFORE].copy_from_slice(&u32::to_le_bytes(key_len));
        bytes[block::LINKS_BEFORE].copy_from_slice(&u32::to_le_bytes(links_len));
        for (slot, state) in (from..states.min(from + SLOTS)).enumerate() {
            if is_end[state] {
                bytes[block::KEYS] |= 1 << slot;
                key_len += 1;
            }
            if has_suffix(state) {
                bytes[block::SUFFIXES] |= 1 << slot;
                put(links, links_len as usize, trie.longest[state]);
                links_len += 1;
            }
            if trie.is_deep(state) {
                bytes[block::FAILS] |= 1 << slot;
                put(links, links_len as usize, trie.fail[state]);
                links_len += 1;
            }
            let full = u16::from(trie.count[state] == 256);
            bytes[block::FULL] |= (full as u8) << slot;
            bytes[block::COUNTS][slot] = (trie.count[state] - full) as u8;
            bytes[block::LABELS][slot] = trie.labels[state];
        }
    }
    for (state, row) in rows.chunks_exact_mut(4 * class_len as usize).enumerate() {
        for child in trie.first[state]..trie.first[state] + u32::from(trie.count[state]) {
            let class = classes[usize::from(trie.labels[child as usize])];
            let ends = u32::from(trie.longest[child as usize] != 0) << 31;
            put(row, class.into(), child | ends);
        }
    }
    trie.levels.iter().enumerate().for_each(|(depth, first)| put(levels, depth, *first));
    for (place, (state, key)) in trie.ends.iter().enumerate() {
        let id = ids[*key as usize];
        let len = keys.get(*key as usize).map_or(0, |(key, _)| key.len());
        let next = if *state == 0 { 0 } else { trie.longest[trie.fail[*state as usize] as usize] };
        pack(records, shape.widths(), place as u64, [id, len as u32, next]);
        pack(places, [shape.widths()[0]], id.into(), [place as u32]);
    }
    values::write(rest, counts.key_len, counts.value_bits, by_id.iter().copied());
    Keywords::with_frame(frame)
}
