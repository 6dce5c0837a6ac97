//! A cursor over the fast layout.

use super::edges::Pending;
use super::{Fast, LEAF_LINK, PLACE_SHIFT, TAIL, TERMINAL};
use crate::text::{Cursor, Place, Values};
use alloc::vec::Vec;

/// A state on the path. Only the last one can be a tail whose labels are not all of the path.
#[derive(Clone, Copy, Debug)]
struct Step {
    link: u64,
    /// Keys before those that begin with the path up to here.
    before: u64,
    /// Edges after the one that was taken, once they were looked for.
    mask: u64,
    first: u16,
    /// The code of the edge that was taken, where the ones after it were not looked for.
    taken: Option<u8>,
    /// Bytes of the path up to here.
    depth: u32,
}

/// A cursor at a string with which keys begin.
#[derive(Clone, Debug)]
pub struct FastCursor<'a> {
    fast: Fast<'a>,
    path: Vec<u8>,
    /// The steps before the last.
    steps: Vec<Step>,
    last: Step,
    /// Bytes of the longest key: no path is longer, whatever the bytes are.
    longest: usize,
    values: Option<Values<'a>>,
}

/// What is held from the beginning: most paths are no longer.
const ROOM: usize = 32;

impl<'a> FastCursor<'a> {
    pub fn new(fast: Fast<'a>, longest: usize, values: Option<Values<'a>>) -> Self {
        let last = Step { link: fast.shape.root, before: 0, mask: 0, first: 0, taken: None, depth: 0 };
        let room = ROOM.min(longest);
        Self { fast, path: Vec::with_capacity(room), steps: Vec::with_capacity(room), last, longest, values }
    }

    /// Stands at the state of a link, to which the path leads.
    #[inline(always)]
    fn stand(&mut self, link: u64, before: u64) {
        self.steps.push(self.last);
        self.last = Step { link, before, mask: 0, first: 0, taken: None, depth: self.path.len() as u32 };
    }

    /// Labels of the path since the last state: those of a tail.
    #[inline(always)]
    fn since(&self) -> usize {
        self.path.len() - self.last.depth as usize
    }

    /// Goes on in a tail, by its next label if `fits`.
    fn in_tail(&mut self, fits: impl Fn(u8) -> bool) -> bool {
        let Some(tail) = self.fast.tail(self.last.link) else { return false };
        let since = self.since();
        let Some(label) = tail.labels.get(since).filter(|label| fits(**label)) else { return false };
        self.path.push(*label);
        if since + 1 == tail.labels.len() {
            self.stand(tail.link, self.last.before.wrapping_add(self.last.link & TERMINAL));
        }
        true
    }

    /// Goes on by all labels of a tail that are not of the path yet. False, and no step, where there is no room for them.
    #[inline]
    fn through_tail(&mut self) -> bool {
        let Some(tail) = self.fast.tail(self.last.link) else { return false };
        let labels = tail.labels.get(self.since()..).unwrap_or_default();
        if labels.is_empty() || labels.len() > self.longest - self.path.len() {
            return false;
        }
        self.path.extend_from_slice(labels);
        self.stand(tail.link, self.last.before.wrapping_add(self.last.link & TERMINAL));
        true
    }

    /// Goes on from the last state, which is no tail, by its first edge from a code on, where `before` keys were before.
    #[inline(always)]
    fn down<const W: usize, const LEN: usize>(
        &mut self,
        code: usize,
        before: impl Fn(&Fast<'a>, u64) -> u64,
    ) -> bool {
        let link = self.last.link;
        let mut pending = self.fast.pending::<W, LEN>(link, code);
        let Some((code, child)) = self.fast.next::<W, LEN>(link, &mut pending) else { return false };
        (self.last.mask, self.last.first, self.last.taken) = (pending.mask, pending.first, None);
        self.path.push(self.fast.label(code));
        let before = before(&self.fast, (link >> PLACE_SHIFT) + u64::from(code));
        self.stand(child, before);
        true
    }

    /// From where the last label led to where the next greater one leads.
    #[inline(always)]
    fn across<const W: usize, const LEN: usize>(
        &mut self,
        before: impl Fn(&Fast<'a>, u64, u64) -> u64,
    ) -> bool {
        let Some(from) = self.steps.last_mut() else { return false };
        // In a tail, and after it, there is no other way.
        if self.path.len() > self.last.depth as usize || from.link & TAIL != 0 {
            return false;
        }
        let mut pending = match from.taken.take() {
            Some(code) => self.fast.pending::<W, LEN>(from.link, usize::from(code) + 1),
            None => Pending { mask: from.mask, first: from.first },
        };
        let found = self.fast.next::<W, LEN>(from.link, &mut pending);
        (from.mask, from.first) = (pending.mask, pending.first);
        let Some((code, link)) = found else { return false };
        let before = before(&self.fast, from.before, (from.link >> PLACE_SHIFT) + u64::from(code));
        if let Some(label) = self.path.last_mut() {
            *label = self.fast.label(code);
        }
        self.last = Step { link, before, mask: 0, first: 0, taken: None, depth: self.path.len() as u32 };
        true
    }

    /// Shortens the path: by the labels in a tail, or to the state before; no further than to `depth` bytes.
    #[inline(always)]
    fn climb(&mut self, depth: usize) {
        let start = self.last.depth as usize;
        if self.path.len() > start {
            self.path.truncate(start.max(depth));
        } else if let Some(from) = self.steps.pop() {
            self.last = from;
            self.path.truncate(depth.max(if from.link & TAIL != 0 {
                from.depth as usize
            } else {
                start - 1
            }));
        }
    }
}

impl Cursor for FastCursor<'_> {
    fn path(&self) -> &[u8] {
        &self.path
    }

    #[inline]
    fn is_key(&self) -> bool {
        self.last.link & TERMINAL != 0 && self.since() == 0
    }

    fn id(&self) -> Option<u64> {
        self.is_key().then_some(self.last.before)
    }

    fn value(&self) -> Option<u64> {
        self.values?.get(self.id()?)
    }

    /// A state is known by its base; where its edges are, among those of others, is not told.
    fn place(&self) -> Option<Place> {
        let (what, at) = match self.last.link {
            LEAF_LINK => ("state", u64::MAX),
            link if link & TAIL != 0 => ("tail", link >> PLACE_SHIFT),
            link => ("state", link >> PLACE_SHIFT),
        };
        Some(Place { what, at, within: self.since(), bytes: 0..0 })
    }

    fn enter(&mut self, label: u8) -> bool {
        if self.path.len() >= self.longest {
            return false;
        }
        if self.last.link & TAIL != 0 {
            return self.in_tail(|found| found == label);
        }
        let Some((link, skip)) = self.fast.child(self.last.link, label) else { return false };
        self.last.taken = Some(self.fast.shape.codes[usize::from(label)]);
        self.path.push(label);
        self.stand(link, self.last.before.wrapping_add(skip));
        true
    }

    fn enter_from(&mut self, least: u8) -> bool {
        if self.path.len() >= self.longest {
            return false;
        }
        if self.last.link & TAIL != 0 {
            return self.in_tail(|found| found >= least);
        }
        let (code, before) = (self.fast.code_from(least), self.last.before);
        by_width!(self.fast, W, LEN => {
            self.down::<W, LEN>(code, |fast, place| before.wrapping_add(fast.skip(place)))
        })
    }

    fn advance(&mut self) -> bool {
        by_width!(self.fast, W, LEN => {
            self.across::<W, LEN>(|fast, before, place| before.wrapping_add(fast.skip(place)))
        })
    }

    fn leave(&mut self) -> bool {
        if self.path.is_empty() {
            return false;
        }
        self.climb(self.path.len() - 1);
        true
    }

    fn reset(&mut self) {
        if let Some(root) = self.steps.first() {
            self.last = *root;
        }
        self.steps.clear();
        self.path.clear();
    }

    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        by_width!(self.fast, W, LEN => self.next_by::<W, LEN>(depth, fuel))
    }
}

impl FastCursor<'_> {
    /// The keys are met one after the other: their ids need no skip.
    ///
    /// What changes at each step is held beside the cursor: a third of the instructions less.
    #[inline(always)]
    fn next_by<const W: usize, const LEN: usize>(&mut self, depth: usize, fuel: &mut u64) -> bool {
        let id = self.last.before.wrapping_add(self.last.link & TERMINAL);
        let Step { mut link, mut before, .. } = self.last;
        let mut start = self.last.depth as usize;
        let mut left = *fuel;
        let found = loop {
            let mut goes = left > 0 && self.path.len() < self.longest && link != LEAF_LINK;
            if goes && link & TAIL != 0 {
                (self.last.link, self.last.before, self.last.depth) = (link, before, start as u32);
                goes = self.through_tail();
                (link, before, start) = (self.last.link, self.last.before, self.last.depth as usize);
            } else if goes {
                let mut pending = self.fast.pending::<W, LEN>(link, 0);
                match self.fast.next::<W, LEN>(link, &mut pending) {
                    Some((code, child)) => {
                        let Pending { mask, first } = pending;
                        self.steps.push(Step { link, before, mask, first, taken: None, depth: start as u32 });
                        self.path.push(self.fast.label(code));
                        (link, before, start) = (child, id, self.path.len());
                    }
                    None => goes = false,
                }
            }
            while !goes && self.path.len() > depth {
                if self.path.len() > start {
                    // Within a tail there is no other way.
                    self.path.truncate(start.max(depth));
                    continue;
                }
                let Some(from) = self.steps.last_mut() else { break };
                if left > 0 && from.link & TAIL == 0 {
                    let mut pending = match from.taken.take() {
                        Some(code) => self.fast.pending::<W, LEN>(from.link, usize::from(code) + 1),
                        None => Pending { mask: from.mask, first: from.first },
                    };
                    let found = self.fast.next::<W, LEN>(from.link, &mut pending);
                    (from.mask, from.first) = (pending.mask, pending.first);
                    if let (Some((code, child)), Some(label)) = (found, self.path.last_mut()) {
                        *label = self.fast.label(code);
                        (link, before) = (child, id);
                        goes = true;
                        continue;
                    }
                }
                let end = if from.link & TAIL != 0 { from.depth as usize } else { start - 1 };
                (link, before, start) = (from.link, from.before, from.depth as usize);
                self.path.truncate(end.max(depth));
                self.steps.pop();
            }
            if !goes {
                break false;
            }
            left -= 1;
            if link & TERMINAL != 0 && self.path.len() == start {
                break true;
            }
        };
        *fuel = left;
        self.last = Step { link, before, mask: 0, first: 0, taken: None, depth: start as u32 };
        found
    }
}
