//! [`LoudsTrieCursor`]: bytes of labels are stepped through one by one, of the label read ahead.

use super::FORMAT;
use super::native::Plain;
use super::sink::{Append, Match};
use super::view::View;
use crate::text::{Cursor, Place, Prefix, Values};
use alloc::vec::Vec;

/// A node on the way from the root.
#[derive(Clone, Copy, Debug, Default)]
struct Edge {
    node: u64,
    /// Bytes from the root to it.
    end: usize,
}

/// A cursor over a [`LoudsTrie`](super::LoudsTrie). Its ids are dense, in level order.
#[derive(Clone)]
pub struct LoudsTrieCursor<'a> {
    view: View<'a, Plain>,
    values: Option<Values<'a>>,
    /// The path, and after it the rest of the last label.
    text: Vec<u8>,
    /// Bytes of the path.
    len: usize,
    /// From the root, which is always there, to the last node whose label the path has entered.
    edges: Vec<Edge>,
    /// Bytes that a path may have: those of the longest key.
    most: usize,
}

impl core::fmt::Debug for LoudsTrieCursor<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("LoudsTrieCursor").field("path", &self.path().escape_ascii()).finish_non_exhaustive()
    }
}

impl<'a> LoudsTrieCursor<'a> {
    pub(super) fn new(view: View<'a, Plain>, values: Option<Values<'a>>, most: usize) -> Self {
        // Room for most keys, so that lists grow once at most.
        let (mut text, mut edges) = (Vec::with_capacity(most.min(128) + 8), Vec::with_capacity(32));
        edges.push(Edge::default());
        text.clear();
        Self { view, values, text, len: 0, edges, most }
    }

    #[inline(always)]
    fn last(&self) -> Edge {
        self.edges.last().copied().unwrap_or_default()
    }

    /// Where the last label begins; `None` at the root.
    #[inline(always)]
    fn label_start(&self) -> Option<usize> {
        match self.edges[..] {
            [.., parent, _] => Some(parent.end),
            _ => None,
        }
    }

    /// The node here, unless the path ends within a label.
    #[inline(always)]
    fn node(&self) -> Option<u64> {
        let last = self.last();
        (last.end == self.len).then_some(last.node)
    }

    /// Reads the label of `node` behind the first `len` bytes. False where it is damaged.
    #[inline(always)]
    fn read(&mut self, node: u64, len: usize) -> bool {
        self.text.truncate(len);
        self.view.label(node, &mut Append { text: &mut self.text, most: self.most })
    }

    /// Goes to the end of the label of `node`, a child of the node here. False, and no step, where it is damaged.
    #[inline(always)]
    fn push(&mut self, node: u64) -> bool {
        let is_read = self.read(node, self.len);
        if is_read {
            self.len = self.text.len();
            self.edges.push(Edge { node, end: self.len });
        }
        is_read
    }

    /// From the last node to its next sibling, at the end of the label. False, and no step, where there is none.
    #[inline(always)]
    fn next_sibling(&mut self, start: usize) -> bool {
        let node = self.last().node;
        if !self.view.tree().has_next(node) {
            return false;
        }
        if !self.read(node + 1, start) {
            // The bytes are damaged. The label before it was read already.
            self.read(node, start);
            return false;
        }
        self.len = self.text.len();
        if let Some(edge) = self.edges.last_mut() {
            *edge = Edge { node: node + 1, end: self.len };
        }
        true
    }

    /// The child of the last node by `label`.
    #[inline(always)]
    fn child(&self, label: u8) -> Option<u64> {
        self.view.find(&self.view.children(self.last().node)?, label)
    }

    /// Goes on by the first byte of the label of `node`, a child of the node here.
    fn step(&mut self, node: u64) -> bool {
        let len = self.len;
        let is_read = self.push(node);
        self.len = len + usize::from(is_read);
        is_read
    }
}

impl Cursor for LoudsTrieCursor<'_> {
    fn path(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or_default()
    }

    fn is_key(&self) -> bool {
        self.node().is_some_and(|node| self.view.tree().is_key(node))
    }

    fn id(&self) -> Option<u64> {
        self.view.tree().id(self.node()?)
    }

    fn value(&self) -> Option<u64> {
        let values = self.values?;
        values.get(self.id()?)
    }

    /// The byte of a node is that of its token; within a label, it is that of the node at the label's end.
    fn place(&self) -> Option<Place> {
        let Edge { node, end } = self.last();
        let within = if end == self.len { 0 } else { self.len - self.label_start()? };
        let what = if within == 0 { "node" } else { "label" };
        let byte = FORMAT.payload_start() + self.view.label_byte(node);
        Some(Place { what, at: node, within, bytes: byte..byte + 1 })
    }

    fn enter(&mut self, label: u8) -> bool {
        if self.node().is_none() {
            let enters = self.text.get(self.len) == Some(&label);
            self.len += usize::from(enters);
            return enters;
        }
        self.child(label).is_some_and(|child| self.step(child))
    }

    fn enter_from(&mut self, least: u8) -> bool {
        let (view, last) = (&self.view, self.last());
        if last.end != self.len {
            let enters = self.text.get(self.len).is_some_and(|label| *label >= least);
            self.len += usize::from(enters);
            return enters;
        }
        let child = match least {
            0 => view.tree().first_child(last.node),
            _ => view.children(last.node).and_then(|children| view.find_from(&children, least)),
        };
        child.is_some_and(|child| self.step(child))
    }

    fn advance(&mut self) -> bool {
        let Some(start) = self.label_start() else { return false };
        // Within a label there is but one way on.
        if self.len != start + 1 || !self.next_sibling(start) {
            return false;
        }
        self.len = start + 1;
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
    fn enter_all(&mut self, labels: &[u8]) -> bool {
        let (len, edge_len) = (self.len, self.edges.len());
        let mut left = labels;
        // The end of the label that the path is in, or of the one that it goes on by.
        let mut end = self.last().end;
        loop {
            let rest = self.text.get(self.len..end).unwrap_or_default();
            let same = rest.len().min(left.len());
            if rest.get(..same) != left.get(..same) {
                break;
            }
            self.len += same;
            left = left.get(same..).unwrap_or_default();
            let Some(label) = left.first() else { return true };
            let before = self.len;
            if !self.child(*label).is_some_and(|child| self.push(child)) {
                break;
            }
            (self.len, end) = (before, self.len);
        }
        self.edges.truncate(edge_len);
        self.len = len;
        false
    }

    /// By whole labels.
    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        loop {
            if *fuel == 0 {
                while self.len > depth && self.leave() {}
                return false;
            }
            let last = self.last();
            if last.end != self.len {
                self.len = last.end;
            } else {
                let child = self.view.tree().first_child(last.node);
                if !child.is_some_and(|child| self.push(child)) {
                    loop {
                        match self.label_start() {
                            None => return false,
                            // The last label begins among the bytes that stay.
                            Some(start) if start < depth => {
                                self.len = depth;
                                return false;
                            }
                            Some(start) if self.next_sibling(start) => break,
                            Some(start) => {
                                self.edges.pop();
                                self.len = start;
                                if start == depth {
                                    return false;
                                }
                            }
                        }
                    }
                }
            }
            // For steps that were made.
            *fuel -= 1;
            if self.view.tree().is_key(self.last().node) {
                return true;
            }
        }
    }
}

/// The stored keys with which a text begins, the shortest first.
#[derive(Clone)]
pub struct PrefixesOf<'a, 't> {
    pub(super) view: View<'a, Plain>,
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
        let view = self.view;
        while let Some((node, len)) = self.next {
            let mut text = Match::new(self.text, len);
            let child = self.text.get(len).and_then(|byte| view.enter(node, *byte, &mut text));
            self.next = child.map(|child| (child, text.at));
            if let Some(id) = view.tree().id(node) {
                let value = self.values.and_then(|values| values.get(id));
                return Some(Prefix { len, id: Some(id), value });
            }
        }
        None
    }
}
