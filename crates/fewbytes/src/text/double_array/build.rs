//! How a store is built: in one pass over sorted keys. A node is placed when its last child is; what is kept of keys are
//! those that no set has taken yet.

use super::place::{Child, Slots, unpacked};
use super::ranges;
use super::tail::{put_entry, put_run};
use super::view::{FIRSTS_PADDING, GROUP, KEY_NODE, NODE, RUN, SET};
use super::{DoubleArrayTrie, FORMAT, TAIL_KEYS, shape::Shape};
use crate::hash::hash;
use crate::layout::Frame;
use crate::text::build::Intake;
use crate::text::{Built, KeyBuilder, OnProgress, Progress, values};
use crate::{Error, Result};
use alloc::{boxed::Box, vec::Vec};

/// Longer sets are not looked for among those that are there: hardly any is.
const SHARED_LEN: usize = 64;

/// Bytes of keys that were taken, before they are moved out.
const TAKEN: usize = 1 << 16;

/// A [`DoubleArrayTrie`] in the making, from sorted keys.
///
/// It holds the array so far, the tails, and the keys that may still share a set: about three times the store's memory.
#[derive(Debug)]
pub struct DoubleArrayBuilder {
    seed: u64,
    tail_keys: u64,
    intake: Intake,
    waiting: Waiting,
    /// The nodes on the way to the last key at which another key branched off or ended, the deepest last.
    open: Vec<Open>,
    /// Their children, in the same order.
    children: Vec<Part>,
    slots: Slots,
    tails: Tails,
    /// The values by id, where keys have them.
    values: Option<Vec<u64>>,
    scratch: Vec<Child>,
    /// Memory could not be had in the midst of a change: what was made is not of the keys that were taken.
    is_broken: bool,
}

/// A node whose last child has not come yet.
#[derive(Debug)]
struct Open {
    depth: usize,
    /// Its first child.
    start: usize,
    first: u64,
    key_len: u64,
    /// Whether a key ends here.
    is_key: bool,
    /// Whether it has too many keys for a set. Those of its children that have few are sets then.
    is_node: bool,
}

/// What was made of the keys that begin with some bytes.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The byte by which the node above leads to it.
    label: u8,
    first: u64,
    key_len: u64,
    /// A link from the node above; `None` while its keys wait for a set.
    link: Option<u64>,
    /// Bytes of the path up to the place that it was made for.
    depth: usize,
}

impl DoubleArrayBuilder {
    /// A builder of a store whose sets have at most `tail_keys` keys; `values` says whether keys will have values.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `tail_keys` is out of range.
    pub fn new(tail_keys: u64, values: bool, seed: u64) -> Result<Self> {
        TAIL_KEYS.check_whole(tail_keys)?;
        Ok(Self {
            seed,
            tail_keys,
            intake: Intake::default(),
            waiting: Waiting::default(),
            open: Vec::new(),
            children: Vec::new(),
            slots: Slots::default(),
            tails: Tails::default(),
            values: values.then(Vec::new),
            scratch: Vec::new(),
            is_broken: false,
        })
    }

    /// Takes the next key and its value: see [`KeyBuilder::push`].
    ///
    /// # Errors
    /// Those of [`KeyBuilder::push`]. After [`Error::CannotGrow`] the builder may take no more keys, and build nothing.
    pub fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        self.check()?;
        self.intake.last.try_reserve(key.len()).map_err(refused)?;
        self.waiting.reserve(key.len())?;
        if let Some(values) = &mut self.values {
            values.try_reserve(1).map_err(refused)?;
        }
        let Some(common) = self.intake.take(key)? else { return Ok(()) };
        if self.intake.counts.key_len > 1 {
            self.is_broken = true;
            self.close(common)?;
            self.is_broken = false;
        }
        if self.waiting.is_full() {
            // All keys of a node are in sets, and what a node is in is one; those of a place that is none yet wait.
            let first = self.open.iter().find(|open| !open.is_node).map(|open| open.first);
            self.waiting.forget(first);
        }
        self.waiting.push(key);
        if let Some(values) = &mut self.values {
            values.push(value.unwrap_or_default());
        }
        Ok(())
    }

    /// That no memory was missing before.
    fn check(&self) -> Result<()> {
        if self.is_broken { Err(Error::CannotGrow { expected: u64::MAX, found: 0 }) } else { Ok(()) }
    }

    /// Closes what the last key is in, down to the `common` bytes that the next one begins with.
    fn close(&mut self, common: usize) -> Result<()> {
        let first = self.waiting.end() - 1;
        let mut part = Part { label: 0, first, key_len: 1, link: None, depth: self.waiting.last().len() };
        while self.open.last().is_some_and(|open| open.depth > common) {
            self.attach(part)?;
            part = self.finish_node(part)?;
        }
        if self.open.last().is_none_or(|open| open.depth < common) {
            self.open.try_reserve(1).map_err(refused)?;
            // The last key ends here, or something longer began here.
            let is_key = part.depth == common;
            self.open.push(Open {
                depth: common,
                start: self.children.len(),
                first: part.first,
                key_len: 0,
                is_key,
                is_node: false,
            });
        }
        self.attach(part)
    }

    /// Adds a part to the deepest open node.
    fn attach(&mut self, mut part: Part) -> Result<()> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        open.key_len += part.key_len;
        if part.depth > open.depth {
            let path = self.waiting.last();
            part.label = path[open.depth];
            let run = &path[open.depth + 1..part.depth];
            if let Some(link) = part.link.filter(|_| !run.is_empty()) {
                part.link = Some(self.tails.run(run, link)?);
            }
            self.children.try_reserve(1).map_err(refused)?;
            self.children.push(part);
        }
        if open.key_len <= self.tail_keys {
            return Ok(());
        }
        // It is too large for a set, and so are all that it is in: their children become sets now, not when its last key
        // comes, so that the keys of these need not be held until then.
        let new = self.open.iter().rposition(|open| open.is_node).map_or(0, |last| last + 1);
        let mut end = self.children.len();
        for open in self.open[new..].iter_mut().rev() {
            open.is_node = true;
            let (start, depth) = (open.start, open.depth + 1);
            for child in self.children[start..end].iter_mut().filter(|child| child.link.is_none()) {
                child.link = Some(self.tails.set(&self.waiting, child.first, child.key_len, depth)?);
            }
            end = start;
        }
        // A node since long: the child that was added.
        if let (Some(open), Some(child)) = (self.open.last(), self.children.last_mut())
            && child.link.is_none()
        {
            child.link = Some(self.tails.set(&self.waiting, child.first, child.key_len, open.depth + 1)?);
        }
        Ok(())
    }

    /// Closes the deepest open node, to which `last` was attached.
    fn finish_node(&mut self, last: Part) -> Result<Part> {
        let Some(open) = self.open.pop() else { return Ok(last) };
        let mut part =
            Part { label: 0, first: open.first, key_len: open.key_len, link: None, depth: open.depth };
        if open.is_node {
            self.scratch.clear();
            let child = |part: &Part| Child {
                label: part.label,
                link: part.link.unwrap_or_default(),
                first: part.first,
            };
            self.scratch.extend(self.children[open.start..].iter().map(child));
            let kind = if open.is_key { KEY_NODE } else { NODE };
            part.link = Some(self.slots.place(&self.scratch)? << 2 | kind);
        }
        self.children.truncate(open.start);
        Ok(part)
    }

    /// The link of the root; `None` where there is no key.
    fn root(&mut self) -> Result<Option<u64>> {
        if self.waiting.end() == 0 {
            return Ok(None);
        }
        let first = self.waiting.end() - 1;
        let mut part = Part { label: 0, first, key_len: 1, link: None, depth: self.waiting.last().len() };
        while !self.open.is_empty() {
            self.attach(part)?;
            part = self.finish_node(part)?;
        }
        match part.link {
            None => self.tails.set(&self.waiting, part.first, part.key_len, 0).map(Some),
            Some(link) if part.depth == 0 => Ok(Some(link)),
            Some(link) => self.tails.run(&self.waiting.last()[..part.depth], link).map(Some),
        }
    }

    /// The store of all keys, and the most bytes of heap that building took.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had, or could not be had when a key came.
    pub fn finish_with(mut self, progress: OnProgress<'_>) -> Result<(DoubleArrayTrie, u64)> {
        self.check()?;
        let root = self.root()?;
        self.slots.finish();
        let mut counts = self.intake.counts;
        if let Some(values) = &self.values {
            counts.value_bits = values::bits_for(values.iter().copied().max().unwrap_or_default());
        }
        let most = self.slots.links.iter().map(|link| unpacked(*link)).chain(root).max().unwrap_or_default();
        let width = (3..5).find(|width| most >> (8 * width) == 0).unwrap_or(5_u32);
        if most >> 40 != 0 {
            return Err(Error::CannotGrow { expected: most >> 2, found: 1 << 38 });
        }
        if let Some(root) = root {
            self.tails.put(&root.to_le_bytes()[..width as usize])?;
        }
        let shape = Shape {
            slot_len: self.slots.checks.len() as u64,
            tail_len: self.tails.bytes.len() as u64,
            width,
        };
        let sections = shape.sections(&counts);
        let peak = self.heap_bytes();
        self.waiting = Waiting::default();
        self.tails.table = Vec::new();
        let mut frame = Frame::new(&FORMAT, self.seed, sections.end())?;
        counts.write(frame.bytes_mut());
        shape.write(frame.bytes_mut());
        let payload = frame.payload_mut();
        let total = shape.slot_len;
        let (slots, rest) = payload.split_at_mut(sections.slots as usize);
        let (firsts, rest) = rest.split_at_mut(sections.firsts as usize);
        let (label_ranges, rest) = rest.split_at_mut(sections.ranges as usize);
        let (tails, stored) = rest.split_at_mut(sections.tails as usize);
        if total > 0 {
            ranges::write(label_ranges, &self.slots.ranges);
        }
        let width = width as usize;
        for (i, group) in slots.chunks_exact_mut(GROUP * (width + 1)).enumerate() {
            let from = i * GROUP;
            for lane in 0..GROUP {
                let link = &self.slots.links[from + lane][..width];
                group[lane * width..][..width].copy_from_slice(link);
            }
            group[GROUP * width..].copy_from_slice(&self.slots.checks[from..][..GROUP]);
            if i % 4096 == 0 {
                progress(Progress { stage: "writing slots", done: from as u64, total });
            }
        }
        progress(Progress { stage: "writing slots", done: total, total });
        if total > 0 {
            let bits = u64::from(shape.id_bits(&counts));
            for (slot, first) in (0..).zip(&self.slots.firsts) {
                let at: u64 = slot * bits;
                let place = &mut firsts[(at / 8) as usize..][..FIRSTS_PADDING as usize];
                let mut raw = [0; 8];
                raw.copy_from_slice(place);
                place
                    .copy_from_slice(&(u64::from_le_bytes(raw) | unpacked(*first) << (at % 8)).to_le_bytes());
            }
        }
        tails.copy_from_slice(&self.tails.bytes);
        if let Some(values) = &self.values {
            values::write(stored, counts.key_len, counts.value_bits, values.iter().copied());
        }
        let peak = peak.max(self.heap_bytes() + frame.bytes().len() as u64);
        Ok((DoubleArrayTrie::with_frame(frame)?, peak))
    }

    fn heap_bytes(&self) -> u64 {
        let values = self.values.as_ref().map_or(0, |values| values.capacity() * 8);
        let nodes = self.open.capacity() * size_of::<Open>()
            + self.children.capacity() * size_of::<Part>()
            + self.scratch.capacity() * size_of::<Child>();
        let keys = self.intake.last.capacity() + self.waiting.heap_bytes();
        self.slots.heap_bytes() + self.tails.heap_bytes() + (values + nodes + keys) as u64
    }
}

fn refused(_: alloc::collections::TryReserveError) -> Error {
    Error::CannotGrow { expected: u64::MAX, found: 0 }
}

impl KeyBuilder for DoubleArrayBuilder {
    fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        self.push(key, value)
    }

    fn duplicate_len(&self) -> u64 {
        self.intake.duplicate_len
    }

    fn finish(self: Box<Self>, progress: OnProgress<'_>) -> Result<Built> {
        let (store, peak_bytes) = self.finish_with(progress)?;
        Ok(Built { store: Box::new(store), peak_bytes })
    }
}

/// Keys that no set has taken yet, and before them some that one has.
#[derive(Debug, Default)]
struct Waiting {
    text: Vec<u8>,
    /// Where each key ends.
    ends: Vec<usize>,
    /// The id of the first.
    from: u64,
    /// Bytes from which on it is full.
    full: usize,
}

impl Waiting {
    /// Makes room for a key.
    fn reserve(&mut self, len: usize) -> Result<()> {
        self.text.try_reserve(len).map_err(refused)?;
        self.ends.try_reserve(1).map_err(refused)
    }

    /// Whether it is worth a look how many keys were taken.
    fn is_full(&self) -> bool {
        self.text.len() > self.full
    }

    /// Takes out the keys before the id `first`; without one, all of them.
    fn forget(&mut self, first: Option<u64>) {
        let first = first.unwrap_or(self.end()).min(self.end());
        let taken = first.saturating_sub(self.from) as usize;
        let start = taken.checked_sub(1).map_or(0, |last| self.ends[last]);
        self.text.drain(..start);
        self.ends.drain(..taken);
        self.ends.iter_mut().for_each(|end| *end -= start);
        self.from += taken as u64;
        self.full = TAKEN.max(2 * self.text.len());
    }

    /// Adds a key.
    fn push(&mut self, key: &[u8]) {
        self.text.extend_from_slice(key);
        self.ends.push(self.text.len());
    }

    /// One more than the id of the last.
    fn end(&self) -> u64 {
        self.from + self.ends.len() as u64
    }

    fn get(&self, id: u64) -> &[u8] {
        let i = (id - self.from) as usize;
        let start = i.checked_sub(1).map_or(0, |last| self.ends[last]);
        &self.text[start..self.ends[i]]
    }

    fn last(&self) -> &[u8] {
        self.ends.len().checked_sub(1).map_or(&[], |last| self.get(self.from + last as u64))
    }

    fn heap_bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<usize>()
    }
}

/// The tails in the making, equal sets once.
#[derive(Debug, Default)]
struct Tails {
    bytes: Vec<u8>,
    /// By hash, open addressing: the upper half of the hash, and one more than where the set begins; 0 where there is none.
    table: Vec<(u32, u32)>,
    used: usize,
    scratch: Vec<u8>,
    /// Where, in the set that is being written, sets begin that are its end.
    starts: Vec<usize>,
}

impl Tails {
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes.try_reserve(bytes.len()).map_err(refused)?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// A link to a run.
    fn run(&mut self, run: &[u8], link: u64) -> Result<u64> {
        let at = self.bytes.len() as u64;
        self.bytes.try_reserve(run.len() + 16).map_err(refused)?;
        put_run(&mut self.bytes, run, link);
        Ok(at << 2 | RUN)
    }

    /// A link to the set of the keys from id `first` on, each without its first `depth` bytes.
    fn set(&mut self, keys: &Waiting, first: u64, key_len: u64, depth: usize) -> Result<u64> {
        self.scratch.clear();
        self.starts.clear();
        let mut before: &[u8] = &[];
        for id in first..first + key_len {
            let key = &keys.get(id)[depth..];
            self.scratch.try_reserve(key.len() + 16).map_err(refused)?;
            let start = self.scratch.len();
            let last = id + 1 == first + key_len;
            if put_entry(&mut self.scratch, before, key, last) == 0 {
                self.starts.push(start);
            }
            before = key;
        }
        self.grow()?;
        let len = self.scratch.len();
        if len <= SHARED_LEN
            && let Err(at) = self.look_up(0)
        {
            return Ok(u64::from(at) << 2 | SET);
        }
        let at = self.bytes.len();
        for i in 0..self.starts.len() {
            let start = self.starts[i];
            if len - start <= SHARED_LEN
                && let Ok((place, hash)) = self.look_up(start)
                && let Ok(at) = u32::try_from(at + start + 1)
            {
                self.table[place] = (hash, at);
                self.used += 1;
                self.grow()?;
            }
        }
        let scratch = core::mem::take(&mut self.scratch);
        self.put(&scratch)?;
        self.scratch = scratch;
        Ok((at as u64) << 2 | SET)
    }

    /// Looks for the set that is being written, from `start` on: where it is, or a free place of the table and the hash.
    fn look_up(&self, start: usize) -> core::result::Result<(usize, u32), u32> {
        let set = &self.scratch[start..];
        let hash = (hash(set, 0) >> 32) as u32;
        let mut place = hash as usize & (self.table.len() - 1);
        while let (other, at @ 1..) = self.table[place] {
            let there = self.bytes.get(at as usize - 1..).unwrap_or_default();
            if other == hash && there.starts_with(set) {
                return Err(at - 1);
            }
            place = (place + 1) & (self.table.len() - 1);
        }
        Ok((place, hash))
    }

    /// Makes room in the table: a quarter of it stays free.
    fn grow(&mut self) -> Result<()> {
        if 4 * (self.used + 1) <= 3 * self.table.len() {
            return Ok(());
        }
        let len = (2 * self.table.len()).max(1 << 8);
        let mut table = Vec::new();
        table.try_reserve_exact(len).map_err(refused)?;
        table.resize(len, (0, 0));
        for (hash, at) in self.table.drain(..).filter(|(_, at)| *at != 0) {
            let mut place = hash as usize & (len - 1);
            while table[place].1 != 0 {
                place = (place + 1) & (len - 1);
            }
            table[place] = (hash, at);
        }
        self.table = table;
        Ok(())
    }

    fn heap_bytes(&self) -> u64 {
        let table = self.table.capacity() * size_of::<(u32, u32)>();
        (self.bytes.capacity() + self.scratch.capacity() + self.starts.capacity() * 8 + table) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    /// A change that broke off was a store of other keys than were taken.
    #[test]
    fn a_broken_builder_builds_nothing() {
        let mut builder = DoubleArrayBuilder::new(1, false, 0).expect("a number of keys");
        for key in ["a", "ab", "b"] {
            builder.push(key.as_bytes(), None).expect("memory");
        }
        builder.is_broken = true;
        let counts = builder.intake.counts;
        assert!(matches!(builder.push(b"c", None), Err(Error::CannotGrow { .. })));
        assert_eq!(builder.intake.counts, counts);
        assert!(matches!(builder.finish_with(&mut |_| {}), Err(Error::CannotGrow { .. })));
    }

    /// Keys of a deep subtree that comes first are not held until its end.
    #[test]
    fn few_keys_wait() {
        let mut builder = DoubleArrayBuilder::new(8, false, 0).expect("a number of keys");
        for i in 0..20_000 {
            builder.push(format!("first/of/all/{i:08}/and/some/more").as_bytes(), None).expect("memory");
        }
        assert!(builder.waiting.text.len() < 2 * TAKEN, "{} bytes wait", builder.waiting.text.len());
    }
}
