//! [`LoudsTrieCursor`]: bytes of labels are stepped through one by one, of the label read ahead.

use super::view::{Append, Children, View};
use crate::text::{Cursor, Prefix, Values};
use alloc::vec::Vec;

/// A node on the way from the root.
#[derive(Clone, Copy, Debug)]
struct Edge {
    node: u64,
    /// Its own bit.
    at: u64,
    /// Bytes from the root to it.
    end: usize,
}

/// Where the children of the node that was last asked at a depth begin and end. In level order, those of the next node of
/// that depth begin behind them: a listing needs no select.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    node: u64,
    start: u64,
    /// The zero behind them; 0 where none was asked for yet.
    zero: u64,
}

/// A cursor over a [`LoudsTrie`](super::LoudsTrie). Its ids are dense, in level order.
#[derive(Clone)]
pub struct LoudsTrieCursor<'a> {
    view: Option<View<'a>>,
    values: Option<Values<'a>>,
    /// The path, and after it the rest of the last label.
    text: Vec<u8>,
    /// Bytes of the path.
    len: usize,
    /// From the root, which is always there, to the last node whose label the path has entered.
    edges: Vec<Edge>,
    groups: Vec<Group>,
    /// Bytes that a path may have: those of the longest key.
    most: usize,
}

impl core::fmt::Debug for LoudsTrieCursor<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("LoudsTrieCursor").field("path", &self.path().escape_ascii()).finish_non_exhaustive()
    }
}

impl<'a> LoudsTrieCursor<'a> {
    pub(super) fn new(view: Option<View<'a>>, values: Option<Values<'a>>, most: usize) -> Self {
        let root = Edge { node: 0, at: 0, end: 0 };
        let (edges, groups) = (Vec::from([root]), Vec::from([Group::default()]));
        Self { view, values, text: Vec::new(), len: 0, edges, groups, most }
    }

    fn last(&self) -> Edge {
        self.edges.last().copied().unwrap_or(Edge { node: 0, at: 0, end: 0 })
    }

    /// Where the last label begins; `None` at the root.
    fn label_start(&self) -> Option<usize> {
        Some(self.edges.get(self.edges.len().checked_sub(2)?)?.end)
    }

    /// The node here, unless the path ends within a label.
    fn node(&self) -> Option<u64> {
        let last = self.last();
        (last.end == self.len).then_some(last.node)
    }

    /// The children of the node here.
    fn children(&mut self) -> Option<Children> {
        let (view, node) = (self.view?, self.last().node);
        let group = self.groups.get_mut(self.edges.len() - 1)?;
        let children = match group.zero {
            0 => view.children(node)?,
            _ if group.node == node => view.children_at(node, group.start)?,
            zero if group.node + 1 == node => view.children_at(node, zero + 1)?,
            _ => view.children(node)?,
        };
        *group = Group { node, start: children.start, zero: children.start + children.len };
        Some(children)
    }

    /// Reads the label of `node` behind the first `len` bytes. False where it is damaged.
    fn read(&mut self, node: u64, len: usize) -> bool {
        self.text.truncate(len);
        self.view.is_some_and(|view| view.label(node, &mut Append { text: &mut self.text, most: self.most }))
    }

    /// Enters the `i`-th of the children by the first byte of its label.
    fn step(&mut self, children: &Children, i: u64) -> bool {
        let node = children.node + i;
        if !self.read(node, self.len) {
            return false;
        }
        self.edges.push(Edge { node, at: children.start + i, end: self.text.len() });
        if self.groups.len() < self.edges.len() {
            self.groups.push(Group::default());
        }
        self.len += 1;
        true
    }

    /// Goes to the end of the label here.
    fn finish_label(&mut self) {
        self.len = self.last().end;
    }
}

impl Cursor for LoudsTrieCursor<'_> {
    fn path(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or_default()
    }

    fn is_key(&self) -> bool {
        self.view.zip(self.node()).is_some_and(|(view, node)| view.is_key(node))
    }

    fn id(&self) -> Option<u64> {
        self.view?.id(self.node()?)
    }

    fn value(&self) -> Option<u64> {
        let values = self.values?;
        values.get(self.id()?)
    }

    fn enter(&mut self, label: u8) -> bool {
        if self.node().is_none() {
            let enters = self.text.get(self.len) == Some(&label);
            self.len += usize::from(enters);
            return enters;
        }
        let Some(children) = self.children() else { return false };
        let found = self.view.and_then(|view| view.find(&children, label));
        found.is_some_and(|i| self.step(&children, i))
    }

    fn enter_from(&mut self, least: u8) -> bool {
        if self.node().is_none() {
            let enters = self.text.get(self.len).is_some_and(|label| *label >= least);
            self.len += usize::from(enters);
            return enters;
        }
        let Some(children) = self.children() else { return false };
        let found = match least {
            0 => (children.len > 0).then_some(0),
            _ => self.view.and_then(|view| view.find_from(&children, least)),
        };
        found.is_some_and(|i| self.step(&children, i))
    }

    fn advance(&mut self) -> bool {
        let Some(start) = self.label_start() else { return false };
        let last = self.last();
        // Within a label there is but one way on.
        if self.len != start + 1 || !self.view.is_some_and(|view| view.has_next(last.at)) {
            return false;
        }
        let node = last.node + 1;
        if !self.read(node, start) {
            // The bytes are damaged. The label before it was read already.
            self.read(last.node, start);
            return false;
        }
        if let Some(edge) = self.edges.last_mut() {
            *edge = Edge { node, at: last.at + 1, end: self.text.len() };
        }
        true
    }

    fn leave(&mut self) -> bool {
        let Some(start) = self.label_start() else { return false };
        self.len -= 1;
        if self.len == start {
            self.edges.pop();
        }
        true
    }

    fn reset(&mut self) {
        self.edges.truncate(1);
        self.len = 0;
    }

    /// By whole labels.
    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        loop {
            if *fuel == 0 {
                while self.len > depth && self.leave() {}
                return false;
            }
            if self.node().is_some() && !self.enter_from(0) {
                loop {
                    match self.label_start() {
                        // The last label begins among the bytes that stay, or there is none.
                        None => return false,
                        Some(start) if start < depth => {
                            self.len = depth;
                            return false;
                        }
                        Some(start) => {
                            self.len = start + 1;
                            if self.advance() {
                                break;
                            }
                            self.leave();
                            if self.len == depth {
                                return false;
                            }
                        }
                    }
                }
            }
            // For steps that were made.
            *fuel -= 1;
            self.finish_label();
            if self.is_key() {
                return true;
            }
        }
    }
}

/// The stored keys with which a text begins, the shortest first.
#[derive(Clone)]
pub struct PrefixesOf<'a, 't> {
    pub(super) view: Option<View<'a>>,
    pub(super) values: Option<Values<'a>>,
    pub(super) text: &'t [u8],
    /// The node that comes next, and the bytes to it.
    pub(super) next: Option<(u64, usize)>,
}

impl core::fmt::Debug for PrefixesOf<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PrefixesOf").field("text", &self.text.escape_ascii()).finish_non_exhaustive()
    }
}

impl Iterator for PrefixesOf<'_, '_> {
    type Item = Prefix;

    fn next(&mut self) -> Option<Prefix> {
        let view = self.view?;
        while let Some((node, len)) = self.next {
            let mut text = super::view::Match { text: self.text, at: len };
            let child = self.text.get(len).and_then(|byte| view.enter(node, *byte, &mut text));
            self.next = child.map(|child| (child, text.at));
            if let Some(id) = view.id(node) {
                let value = self.values.and_then(|values| values.get(id));
                return Some(Prefix { len, id: Some(id), value });
            }
        }
        None
    }
}
