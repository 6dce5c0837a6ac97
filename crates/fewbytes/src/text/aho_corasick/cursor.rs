//! Keywords as a text store: the trie of them, without the failure links.

use super::FORMAT;
use super::table::{ENDS, Table};
use crate::text::{Cursor, Place, Prefix};
use alloc::vec::Vec;

/// A cursor over the trie of the keywords.
#[derive(Clone)]
pub struct KeywordsCursor<'a> {
    table: Table<'a>,
    path: Vec<u8>,
    /// The states from the root to here.
    states: Vec<u32>,
}

impl<'a> KeywordsCursor<'a> {
    pub(super) fn new(table: Table<'a>) -> Self {
        Self { table, path: Vec::new(), states: Vec::from([0]) }
    }

    /// How many of the path's last bytes the failure link leads to; `None` where none is kept, because these are four or fewer.
    pub fn fail_len(&self) -> Option<usize> {
        self.table.fail(self.state()).map(|(_, depth)| depth)
    }

    fn state(&self) -> u32 {
        self.states.last().copied().unwrap_or_default()
    }

    fn push(&mut self, state: u32) {
        self.path.push(self.table.label(state));
        self.states.push(state);
    }
}

impl Cursor for KeywordsCursor<'_> {
    fn path(&self) -> &[u8] {
        &self.path
    }

    fn is_key(&self) -> bool {
        self.id().is_some()
    }

    fn id(&self) -> Option<u64> {
        self.table.id_at(self.state())
    }

    fn value(&self) -> Option<u64> {
        self.table.values?.get(self.id()?)
    }

    fn place(&self) -> Option<Place> {
        let byte = FORMAT.payload_start() + self.table.label_byte(self.state());
        // Without a keyword there is nothing but the root, and no byte.
        let bytes = if self.table.is_empty() { 0..0 } else { byte..byte + 1 };
        Some(Place { what: "state", at: self.state().into(), within: 0, bytes })
    }

    fn enter(&mut self, label: u8) -> bool {
        let child = self.table.step(self.state(), label) & !ENDS;
        // Damaged rows may lead anywhere: a label that is not the state's own is not its child.
        let is_child = child != 0 && self.table.label(child) == self.table.folded(label);
        if is_child {
            self.push(child);
        }
        is_child
    }

    fn enter_from(&mut self, least: u8) -> bool {
        let mut children = self.table.children(self.state());
        let child = children.find(|child| self.table.label(*child) >= least);
        if let Some(child) = child {
            self.push(child);
        }
        child.is_some()
    }

    fn advance(&mut self) -> bool {
        let [.., parent, state] = self.states[..] else { return false };
        let next = state.wrapping_add(1);
        if !self.table.children(parent).contains(&next) {
            return false;
        }
        self.leave();
        self.push(next);
        true
    }

    fn leave(&mut self) -> bool {
        self.path.pop().is_some() && self.states.pop().is_some()
    }

    fn reset(&mut self) {
        self.path.clear();
        self.states.truncate(1);
    }
}

/// The keywords with which a text begins.
pub(super) fn prefixes_of<'t>(table: Table<'t>, text: &'t [u8]) -> impl Iterator<Item = Prefix> + 't {
    let mut state = Some(0);
    let mut len = 0;
    core::iter::from_fn(move || {
        while let Some(here) = state {
            let prefix = table.id_at(here).map(|id| Prefix {
                len,
                id: Some(id),
                value: table.values.and_then(|values| values.get(id)),
            });
            state = text.get(len).map(|byte| table.step(here, *byte) & !ENDS).filter(|state| *state != 0);
            len += 1;
            if prefix.is_some() {
                return prefix;
            }
        }
        None
    })
}
