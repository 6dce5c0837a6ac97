//! The cursor.

use super::FORMAT;
use super::labels::Bits;
use super::tail::{Entry, Run};
use super::view::{Found, KEY_NODE, NO_SLOT, NODE, RUN, SET, View};
use crate::text::{Cursor, Place};
use alloc::vec::Vec;

/// A cursor over the trie of a [`DoubleArrayTrie`](super::DoubleArrayTrie)'s keys.
#[derive(Clone)]
pub struct DoubleArrayCursor<'a> {
    view: View<'a>,
    path: Vec<u8>,
    /// The places on the way here that have a link. Only the last can be a set.
    steps: Vec<Step>,
    /// In a set: the first entry that begins with what of the path is in the set.
    entry: Entry,
}

/// A place with a link.
#[derive(Clone, Copy)]
struct Step {
    link: u64,
    /// The slot whose first id is that of the least key from here.
    slot: u64,
    /// Bytes of the path up to here.
    depth: usize,
    /// A node's labels, once they were asked for.
    labels: Option<Bits>,
}

impl Step {
    fn kind(&self) -> u64 {
        self.link & 3
    }

    fn place(&self) -> u64 {
        self.link >> 2
    }
}

impl<'a> DoubleArrayCursor<'a> {
    pub(super) fn new(view: View<'a>) -> Self {
        // Room for what most walks need: vectors that grow cost more than a walk to ten keys.
        let (path, steps) = (Vec::with_capacity(64), Vec::with_capacity(12));
        let mut cursor = Self { view, path, steps, entry: Entry::default() };
        if let Some(link) = view.root() {
            cursor.stand(link, NO_SLOT);
        }
        cursor
    }

    /// The slot whose link leads here; `None` at the root, and within a set or a run.
    pub fn slot(&self) -> Option<u64> {
        let step = self.steps.last()?;
        (step.slot != NO_SLOT && step.depth == self.path.len()).then_some(step.slot)
    }

    /// Stands at the link that the path leads to. False where bytes were damaged.
    fn stand(&mut self, link: u64, slot: u64) -> bool {
        if link & 3 == SET {
            match Entry::read(self.view.tails, (link >> 2) as usize, 0) {
                Some(entry) => self.entry = entry,
                None => return false,
            }
        }
        self.steps.push(Step { link, slot, depth: self.path.len(), labels: None });
        true
    }

    /// Bytes that the path may still get: damaged bytes may show a trie without end.
    fn room(&self) -> usize {
        (self.view.counts.longest_len as usize).saturating_sub(self.path.len())
    }

    /// Goes on from the last step, a node, by a label that it has.
    fn enter_child(&mut self, base: u64, label: u8) -> bool {
        let Some(link) = self.view.child(base, label) else { return false };
        self.path.push(label);
        let stood = self.stand(link, base ^ u64::from(label));
        if !stood {
            self.path.pop();
        }
        stood
    }

    /// The labels of the node at a step, kept there.
    fn labels(&mut self, step: usize) -> Bits {
        let Some(step) = self.steps.get_mut(step) else { return Bits::default() };
        *step.labels.get_or_insert_with(|| self.view.labels(step.link >> 2))
    }

    /// Goes on in a run, by its next byte if `fits`.
    fn in_run(&mut self, step: Step, fits: impl Fn(u8) -> bool) -> bool {
        let Some(run) = Run::read(self.view.tails, step.place() as usize) else { return false };
        let at = self.path.len() - step.depth;
        let Some(byte) = run.bytes.get(at).filter(|byte| fits(**byte)) else { return false };
        self.path.push(*byte);
        if at + 1 == run.bytes.len() && !self.stand(run.link, step.slot) {
            self.path.pop();
            return false;
        }
        true
    }

    /// The first entry from `entry` on, of those that begin with `depth` bytes of the path, that has a byte of at least
    /// `least` after them; and that byte.
    fn next_in_set(&self, entry: Entry, depth: usize, least: u8) -> Option<(Entry, u8)> {
        let tails = self.view.tails;
        let label = |entry: &Entry| entry.own(tails).get(depth.checked_sub(entry.common)?).copied();
        let mut entry = entry;
        loop {
            if let Some(label) = label(&entry).filter(|label| *label >= least) {
                return Some((entry, label));
            }
            loop {
                entry = entry.next(tails)?;
                if entry.common <= depth {
                    break;
                }
            }
            if entry.common < depth {
                return None;
            }
        }
    }

    /// Goes on in a set by the least label of at least `least`, if `fits`.
    fn in_set(&mut self, step: Step, least: u8, fits: impl Fn(u8) -> bool) -> bool {
        let depth = self.path.len() - step.depth;
        match self.next_in_set(self.entry, depth, least) {
            Some((entry, label)) if fits(label) => {
                self.entry = entry;
                self.path.push(label);
                true
            }
            _ => false,
        }
    }

    /// After the path lost its last byte, in a set: the first entry that begins with what is left.
    fn widen(&mut self, step: Step) {
        let depth = self.path.len() - step.depth;
        if self.entry.index == 0 || self.entry.common < depth {
            return;
        }
        let until = self.entry.index;
        let mut next = Entry::read(self.view.tails, step.place() as usize, 0);
        while let Some(entry) = next.filter(|entry| entry.index < until) {
            if entry.index == 0 || entry.common < depth {
                self.entry = entry;
            }
            next = entry.next(self.view.tails);
        }
    }

    /// Shortens the path to `depth` bytes.
    fn shorten(&mut self, depth: usize) {
        while let Some(step) = self.steps.last().copied()
            && self.path.len() > depth
        {
            if step.depth <= depth {
                self.path.truncate(depth);
                if step.kind() == SET {
                    self.widen(step);
                }
                return;
            }
            self.path.truncate(step.depth - 1);
            self.steps.pop();
        }
    }

    /// In a set: goes to the next key of it that begins with `depth` bytes of the path, all of it at once.
    #[inline]
    fn next_of_set(&mut self, step: Step, depth: usize) -> bool {
        let tails = self.view.tails;
        let met = self.path.len() - step.depth;
        // The first entry that begins with the path, if it is longer.
        let (entry, kept) = match self.entry.len() > met {
            true => (self.entry, met),
            false => match self.entry.next(tails) {
                Some(entry) if entry.common <= met => (entry, entry.common),
                _ => return false,
            },
        };
        let own = kept.checked_sub(entry.common).and_then(|at| entry.own(tails).get(at..));
        let Some(own) = own.filter(|_| step.depth + kept >= depth) else { return false };
        self.path.truncate(step.depth + kept);
        if own.len() > self.room() {
            return false;
        }
        self.path.extend_from_slice(own);
        self.entry = entry;
        true
    }

    /// Goes to the end of the run that was entered.
    fn through_run(&mut self, step: Step) -> bool {
        let Some(run) = Run::read(self.view.tails, step.place() as usize) else { return false };
        let rest = run.bytes.get(self.path.len() - step.depth..).unwrap_or_default();
        if rest.is_empty() || rest.len() > self.room() {
            return false;
        }
        let before = self.path.len();
        self.path.extend_from_slice(rest);
        let stood = self.stand(run.link, step.slot);
        if !stood {
            self.path.truncate(before);
        }
        stood
    }
}

impl Cursor for DoubleArrayCursor<'_> {
    fn path(&self) -> &[u8] {
        &self.path
    }

    fn is_key(&self) -> bool {
        match self.steps.last() {
            Some(step) => match step.kind() {
                KEY_NODE => true,
                SET => self.entry.len() == self.path.len() - step.depth,
                _ => false,
            },
            None => false,
        }
    }

    fn id(&self) -> Option<u64> {
        let step = self.steps.last().filter(|_| self.is_key())?;
        let index = if step.kind() == SET { self.entry.index } else { 0 };
        self.view.id(Found { slot: step.slot, index })
    }

    fn value(&self) -> Option<u64> {
        self.view.value(self.id()?)
    }

    /// A node is known by its base; an entry of a set by the set and its number there.
    fn place(&self) -> Option<Place> {
        let step = self.steps.last()?;
        let (view, within) = (&self.view, self.path.len() - step.depth);
        let tails = FORMAT.payload_start() + view.slots.len() + view.firsts.len() + view.ranges.len();
        let (what, at, bytes) = match step.kind() {
            SET if within == 0 => ("set", step.place(), step.place() as usize..self.entry.end),
            // No set has more entries.
            SET => {
                ("text", step.place() << 8 | u64::from(self.entry.index), self.entry.start..self.entry.end)
            }
            RUN => {
                let len = Run::read(view.tails, step.place() as usize).map_or(0, |run| run.bytes.len());
                ("run", step.place(), step.place() as usize..step.place() as usize + 1 + len)
            }
            _ => match self.slot().and_then(|slot| view.link_bytes(slot)) {
                Some(bytes) => {
                    let start = FORMAT.payload_start();
                    let bytes = start + bytes.start..start + bytes.end;
                    return Some(Place { what: "node", at: step.place(), within, bytes });
                }
                // The root's link is the last of the tails.
                None => ("node", step.place(), view.tails.len() - view.width..view.tails.len()),
            },
        };
        let end = bytes.end.min(view.tails.len());
        Some(Place { what, at, within, bytes: tails + bytes.start.min(end)..tails + end })
    }

    fn enter(&mut self, label: u8) -> bool {
        let Some(step) = self.steps.last().copied().filter(|_| self.room() > 0) else { return false };
        match step.kind() {
            NODE | KEY_NODE => self.enter_child(step.place(), label),
            RUN => self.in_run(step, |byte| byte == label),
            _ => self.in_set(step, label, |byte| byte == label),
        }
    }

    fn enter_from(&mut self, least: u8) -> bool {
        let Some(step) = self.steps.last().copied().filter(|_| self.room() > 0) else { return false };
        match step.kind() {
            NODE | KEY_NODE => match self.labels(self.steps.len() - 1).from(least) {
                Some(label) => self.enter_child(step.place(), label),
                None => false,
            },
            RUN => self.in_run(step, |byte| byte >= least),
            _ => self.in_set(step, least, |_| true),
        }
    }

    fn advance(&mut self) -> bool {
        let (Some(step), Some(label)) = (self.steps.last().copied(), self.path.last().copied()) else {
            return false;
        };
        let Some(least) = label.checked_add(1) else { return false };
        if self.path.len() > step.depth {
            let depth = self.path.len() - 1 - step.depth;
            return match step.kind() {
                SET => match self.next_in_set(self.entry, depth, least) {
                    Some((entry, label)) => {
                        self.entry = entry;
                        self.path.pop();
                        self.path.push(label);
                        true
                    }
                    None => false,
                },
                _ => false,
            };
        }
        let Some(at) = self.steps.len().checked_sub(2) else { return false };
        let above = self.steps[at];
        if !matches!(above.kind(), NODE | KEY_NODE) {
            return false;
        }
        let Some(label) = self.labels(at).from(least) else { return false };
        let entry = self.entry;
        let (last, was) = (self.steps.pop(), self.path.pop());
        if self.enter_child(above.place(), label) {
            return true;
        }
        // Damaged bytes: as before.
        self.steps.extend(last);
        self.path.extend(was);
        self.entry = entry;
        false
    }

    fn leave(&mut self) -> bool {
        if self.path.pop().is_none() {
            return false;
        }
        if let Some(step) = self.steps.last().copied() {
            if self.path.len() < step.depth {
                self.steps.pop();
            } else if step.kind() == SET {
                self.widen(step);
            }
        }
        true
    }

    fn reset(&mut self) {
        self.path.clear();
        self.steps.truncate(1);
        if let Some(step) = self.steps.pop() {
            self.stand(step.link, step.slot);
        }
    }

    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        loop {
            let Some(step) = self.steps.last().copied() else { return false };
            if *fuel == 0 {
                break;
            }
            // Only what makes the path another one is a step: searches count on as many as the keys have bytes.
            if step.kind() == SET {
                if self.next_of_set(step, depth) {
                    *fuel -= 1;
                    return true;
                }
                if step.depth <= depth {
                    break;
                }
                self.path.truncate(step.depth);
            } else {
                let entered = if step.kind() == RUN { self.through_run(step) } else { self.enter_from(0) };
                if entered {
                    *fuel -= 1;
                    if self.is_key() {
                        return true;
                    }
                    continue;
                }
                // Every place leads to a key, unless bytes were damaged.
                if !self.is_key() {
                    break;
                }
            }
            loop {
                if self.path.len() <= depth {
                    return false;
                }
                if self.advance() {
                    *fuel -= 1;
                    break;
                }
                self.leave();
            }
            if self.is_key() {
                return true;
            }
        }
        self.shorten(depth);
        false
    }
}
