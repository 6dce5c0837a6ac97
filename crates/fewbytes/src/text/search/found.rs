//! The walk that every search is: depth first from the root, in where keys may match, and back where none can.

use super::limit::limited;
use super::{Automaton, Labels, Range};
use crate::text::Cursor;
use alloc::vec::Vec;

/// The keys that a search finds, in the order of their bytes.
///
/// It holds no more than the key in hand: [`advance`](Self::advance) goes to the next one, which is then seen in place. As
/// an iterator, it gives each key as bytes of its own.
pub struct Found<C, A: Automaton> {
    cursor: C,
    automaton: A,
    /// For each node from where the walk began to the one in hand: what is known there, and where to go on from it.
    levels: Vec<Level<A::State>>,
    /// The bytes under which every key matches; the node in hand is the one they lead to.
    every: Option<usize>,
    begun: bool,
    /// Steps that are left. A sound trie has one node for each byte of its keys at most, and each is entered once.
    fuel: u64,
    /// Keys that are left until the limit.
    left: u64,
}

struct Level<S> {
    state: S,
    labels: Labels,
    /// The next of few labels.
    next: u8,
}

impl<C: Cursor, A: Automaton> Found<C, A> {
    /// The keys under where `cursor` stands whose further bytes `automaton` looks for.
    pub(super) fn under(cursor: C, automaton: A, text_len: u64) -> Self {
        let fuel = text_len.saturating_add(1);
        Self { cursor, automaton, levels: Vec::new(), every: None, begun: false, fuel, left: u64::MAX }
    }

    /// No key.
    pub(super) fn none(cursor: C, automaton: A, text_len: u64) -> Self {
        let mut none = Self::under(cursor, automaton, text_len);
        none.left = 0;
        none
    }

    limited!();

    /// The key in hand.
    pub fn key(&self) -> &[u8] {
        self.cursor.path()
    }

    /// Its id, where the store has ids.
    pub fn id(&self) -> Option<u64> {
        self.cursor.id()
    }

    /// Its value, where keys have values.
    pub fn value(&self) -> Option<u64> {
        self.cursor.value()
    }

    /// What the automaton knows of the key in hand; `None` before the first one. Where every key matches that begins with
    /// some bytes, it is what is known of these.
    pub fn state(&self) -> Option<&A::State> {
        self.levels.last().map(|level| &level.state)
    }

    /// The automaton.
    pub fn automaton(&self) -> &A {
        &self.automaton
    }

    fn seek(&mut self) -> bool {
        if !self.begun {
            self.begun = true;
            let start = self.automaton.start();
            if !self.automaton.can_match(&start) {
                return false;
            }
            self.push(start);
            if self.arrive() {
                return true;
            }
        }
        // Whether the cursor stands at the last level's node, and not yet at one of its children.
        let mut fresh = true;
        loop {
            if let Some(depth) = self.every {
                if self.cursor.next_key_within(depth, &mut self.fuel) {
                    return true;
                }
                self.every = None;
                self.levels.pop();
                fresh = false;
            }
            if self.levels.is_empty() || self.fuel == 0 {
                return false;
            }
            if self.child(fresh) {
                fresh = true;
                if self.arrive() {
                    return true;
                }
            } else {
                self.levels.pop();
                fresh = false;
            }
        }
    }

    /// Takes the node in hand: whether a key ends here that matches.
    fn arrive(&mut self) -> bool {
        let Some(level) = self.levels.last() else { return false };
        if self.automaton.matches_all(&level.state) {
            self.every = Some(self.cursor.path().len());
            return self.cursor.is_key();
        }
        self.automaton.is_match(&level.state) && self.cursor.is_key()
    }

    /// Goes from the last level's node, or from its child at which the cursor stands, to the next child under which a key may
    /// match. False where there is none; the cursor then stands at the node.
    fn child(&mut self, fresh: bool) -> bool {
        let Some(top) = self.levels.last_mut() else { return false };
        let (state, labels) = (&top.state, top.labels);
        match labels {
            Labels::Between(least, most) => {
                if least == most {
                    if !fresh {
                        self.cursor.leave();
                        return false;
                    }
                    if !self.cursor.enter(least) {
                        return false;
                    }
                } else if !(if fresh { self.cursor.enter_from(least) } else { self.cursor.advance() }) {
                    if !fresh {
                        self.cursor.leave();
                    }
                    return false;
                }
                loop {
                    let label = self.cursor.path().last().copied().unwrap_or_default();
                    if label > most {
                        self.cursor.leave();
                        return false;
                    }
                    self.fuel = self.fuel.saturating_sub(1);
                    let state = self.automaton.step(state, label);
                    if self.automaton.can_match(&state) {
                        self.push(state);
                        return true;
                    }
                    if label == most || self.fuel == 0 || !self.cursor.advance() {
                        self.cursor.leave();
                        return false;
                    }
                }
            }
            Labels::Few(few) => {
                if !fresh {
                    self.cursor.leave();
                }
                while let Some(label) = few.get(top.next) {
                    top.next += 1;
                    if self.cursor.enter(label) {
                        self.fuel = self.fuel.saturating_sub(1);
                        let state = self.automaton.step(state, label);
                        if self.automaton.can_match(&state) {
                            self.push(state);
                            return true;
                        }
                        self.cursor.leave();
                    }
                }
                false
            }
        }
    }

    fn push(&mut self, state: A::State) {
        let labels = self.automaton.labels(&state);
        self.levels.push(Level { state, labels, next: 0 });
    }
}

impl<C: Cursor> Found<C, Range> {
    /// Goes through another range of the same store.
    pub(super) fn restart(&mut self, range: Range) {
        self.cursor.reset();
        self.levels.clear();
        self.every = None;
        self.begun = false;
        self.left = u64::MAX;
        // A range's bounds are ways that the one before may have gone, too.
        self.fuel = self.fuel.saturating_add(range.bound_bytes() as u64 + 1);
        self.automaton = range;
    }
}

/// Each key as bytes of its own.
impl<C: Cursor, A: Automaton> Iterator for Found<C, A> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.advance().then(|| self.key().to_vec())
    }
}
