//! A cursor over the automaton, in either layout.

use super::FORMAT;
use super::fast::{Fast, FastCursor};
use super::small::{Edge, Edges, Small, State};
use crate::text::{Cursor, Place, Values};
use alloc::vec::Vec;

/// A cursor at a string with which keys of a [`Dawg`](super::Dawg) begin.
#[derive(Clone, Debug)]
pub struct DawgCursor<'a>(Form<'a>);

#[derive(Clone, Debug)]
enum Form<'a> {
    Small(Walker<'a>),
    Fast(FastCursor<'a>),
}

impl<'a> DawgCursor<'a> {
    pub(super) fn small(layout: Small<'a>, longest: usize, values: Option<Values<'a>>) -> Self {
        Self(Form::Small(Walker::new(layout, longest, values)))
    }

    pub(super) fn fast(layout: Fast<'a>, longest: usize, values: Option<Values<'a>>) -> Self {
        Self(Form::Fast(FastCursor::new(layout, longest, values)))
    }
}

/// A place on the path.
#[derive(Clone, Copy, Debug)]
struct Step {
    state: State,
    /// The edges after the one that led here.
    after: Option<Edges>,
    /// Keys before those that begin with the path.
    before: u64,
}

#[derive(Clone, Debug)]
struct Walker<'a> {
    layout: Small<'a>,
    path: Vec<u8>,
    steps: Vec<Step>,
    here: Step,
    /// Bytes of the longest key: no path is longer, whatever the bytes are.
    longest: usize,
    values: Option<Values<'a>>,
}

impl<'a> Walker<'a> {
    fn new(layout: Small<'a>, longest: usize, values: Option<Values<'a>>) -> Self {
        let here = Step { state: layout.root(), after: None, before: 0 };
        Self { layout, path: Vec::new(), steps: Vec::new(), here, longest, values }
    }

    /// What an edge from `from` leads to.
    #[inline]
    fn step(from: &Step, edge: &Edge, after: Edges) -> Step {
        let before = from.before.wrapping_add(u64::from(from.state.is_final)).wrapping_add(edge.before);
        Step { state: edge.to, after: Some(after), before }
    }

    /// Goes on by the least label of at least `least` for which `takes` holds of it.
    #[inline]
    fn go(&mut self, least: u8, takes: impl Fn(u8) -> bool) -> bool {
        if self.path.len() >= self.longest {
            return false;
        }
        let mut edges = self.layout.edges(self.here.state);
        match self.layout.seek(&mut edges, least) {
            Some(edge) if takes(edge.label) => {
                let step = Self::step(&self.here, &edge, edges);
                self.steps.push(core::mem::replace(&mut self.here, step));
                self.path.push(edge.label);
                true
            }
            _ => false,
        }
    }
}

impl Cursor for Walker<'_> {
    fn path(&self) -> &[u8] {
        &self.path
    }

    fn is_key(&self) -> bool {
        self.here.state.is_final
    }

    fn id(&self) -> Option<u64> {
        self.is_key().then_some(self.here.before)
    }

    fn value(&self) -> Option<u64> {
        self.values?.get(self.id()?)
    }

    fn place(&self) -> Option<Place> {
        let (state, start) = (self.here.state, FORMAT.payload_start());
        let bytes = self.layout.bytes_of(state);
        let bytes = start + bytes.start..start + bytes.end;
        Some(Place { what: "state", at: state.at, within: 0, bytes })
    }

    fn enter(&mut self, label: u8) -> bool {
        self.go(label, |found| found == label)
    }

    fn enter_from(&mut self, least: u8) -> bool {
        self.go(least, |_| true)
    }

    fn advance(&mut self) -> bool {
        let (Some(from), Some(mut edges)) = (self.steps.last(), self.here.after) else { return false };
        let Some(edge) = self.layout.next(&mut edges) else { return false };
        self.here = Self::step(from, &edge, edges);
        self.path.pop();
        self.path.push(edge.label);
        true
    }

    fn leave(&mut self) -> bool {
        let Some(from) = self.steps.pop() else { return false };
        self.here = from;
        self.path.pop();
        true
    }

    fn reset(&mut self) {
        if let Some(root) = self.steps.first() {
            self.here = *root;
        }
        self.steps.clear();
        self.path.clear();
    }

    /// Every state leads to a key, but in damaged bytes: there it gives up, and does not look for one on other ways.
    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        let mut goes = *fuel > 0 && self.enter_from(0);
        while !goes && self.path.len() > depth {
            goes = *fuel > 0 && self.advance();
            if !goes {
                self.leave();
            }
        }
        while goes {
            *fuel -= 1;
            if self.is_key() {
                return true;
            }
            goes = *fuel > 0 && self.enter_from(0);
        }
        while self.path.len() > depth && self.leave() {}
        false
    }
}

macro_rules! either {
    ($cursor:expr, $walker:ident => $do:expr) => {
        match $cursor {
            Form::Small($walker) => $do,
            Form::Fast($walker) => $do,
        }
    };
}

impl Cursor for DawgCursor<'_> {
    fn path(&self) -> &[u8] {
        either!(&self.0, walker => walker.path())
    }
    fn is_key(&self) -> bool {
        either!(&self.0, walker => walker.is_key())
    }
    fn id(&self) -> Option<u64> {
        either!(&self.0, walker => walker.id())
    }
    fn value(&self) -> Option<u64> {
        either!(&self.0, walker => walker.value())
    }
    fn place(&self) -> Option<Place> {
        either!(&self.0, walker => walker.place())
    }
    fn enter(&mut self, label: u8) -> bool {
        either!(&mut self.0, walker => walker.enter(label))
    }
    fn enter_from(&mut self, least: u8) -> bool {
        either!(&mut self.0, walker => walker.enter_from(least))
    }
    fn advance(&mut self) -> bool {
        either!(&mut self.0, walker => walker.advance())
    }
    fn leave(&mut self) -> bool {
        either!(&mut self.0, walker => walker.leave())
    }
    fn reset(&mut self) {
        either!(&mut self.0, walker => walker.reset());
    }
    fn enter_all(&mut self, labels: &[u8]) -> bool {
        either!(&mut self.0, walker => walker.enter_all(labels))
    }
    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        either!(&mut self.0, walker => walker.next_key_within(depth, fuel))
    }
}
