//! Two stores as one: the keys of both, of either, or of one without the other.

use super::limit::limited;
use crate::text::Cursor;
use alloc::vec::Vec;

/// Which keys of two stores.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kept {
    Union,
    Intersection,
    Difference,
}

/// Where the key in hand is stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum In {
    /// In the first store only.
    First,
    /// In the second store only.
    Second,
    /// In both.
    Both,
}

/// Keys of two stores, in the order of their bytes: two cursors that go side by side through both tries, and pass by what
/// only one of them has where it can't count.
pub struct Merged<C, D> {
    first: Side<C>,
    second: Side<D>,
    kept: Kept,
    /// Bytes of the path that both cursors have in common; each stands there, or at a child of that node.
    depth: usize,
    place: Place,
    left: u64,
}

struct Side<C> {
    cursor: C,
    fuel: u64,
    /// Whether it stands at a child of the common node.
    below: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    /// The common node.
    Common,
    /// Its children, to which the cursors have not gone yet: its key may be in hand.
    Given,
    /// The children at which the cursors stand.
    Children,
    /// The keys under the child of the first; its own may be in hand.
    First,
    /// The same of the second.
    Second,
}

impl<C: Cursor> Side<C> {
    fn spend(&mut self, below: bool) {
        self.below = below;
        self.fuel = self.fuel.saturating_sub(below.into());
    }

    /// From the common node to its first child of at least this label.
    fn down(&mut self, least: u8) {
        let entered = self.cursor.enter_from(least);
        self.spend(entered);
    }

    /// To the next child, or to the node where there is none.
    fn on(&mut self) {
        let advanced = self.cursor.advance();
        if !advanced {
            self.cursor.leave();
        }
        self.spend(advanced);
    }

    /// To the first child of at least this label, or to the node.
    fn skip(&mut self, least: Option<u8>) {
        self.cursor.leave();
        match least {
            Some(least) => self.down(least),
            None => self.below = false,
        }
    }

    fn label(&self) -> Option<u8> {
        self.below.then(|| self.cursor.path().last().copied()).flatten()
    }
}

impl<C: Cursor, D: Cursor> Merged<C, D> {
    fn new(first: (C, u64), second: (D, u64), kept: Kept) -> Self {
        let fuel = |text_len: u64| text_len.saturating_add(1);
        Self {
            first: Side { cursor: first.0, fuel: fuel(first.1), below: false },
            second: Side { cursor: second.0, fuel: fuel(second.1), below: false },
            kept,
            depth: 0,
            place: Place::Common,
            left: u64::MAX,
        }
    }

    pub(super) fn union(first: (C, u64), second: (D, u64)) -> Self {
        Self::new(first, second, Kept::Union)
    }

    pub(super) fn intersection(first: (C, u64), second: (D, u64)) -> Self {
        Self::new(first, second, Kept::Intersection)
    }

    pub(super) fn difference(first: (C, u64), second: (D, u64)) -> Self {
        Self::new(first, second, Kept::Difference)
    }

    limited!();

    /// The key in hand.
    pub fn key(&self) -> &[u8] {
        match self.place {
            Place::Second => self.second.cursor.path(),
            _ => self.first.cursor.path(),
        }
    }

    /// Where it is stored.
    pub fn stored(&self) -> In {
        match self.place {
            Place::First => In::First,
            Place::Second => In::Second,
            // Both cursors stand at the key.
            _ => match (self.first.cursor.is_key(), self.second.cursor.is_key()) {
                (true, false) => In::First,
                (false, true) => In::Second,
                _ => In::Both,
            },
        }
    }

    /// Its id in the first store, where it is stored there, and that has ids.
    pub fn first_id(&self) -> Option<u64> {
        if self.place == Place::Second { None } else { self.first.cursor.id() }
    }

    /// Its id in the second store, where it is stored there, and that has ids.
    pub fn second_id(&self) -> Option<u64> {
        if self.place == Place::First { None } else { self.second.cursor.id() }
    }

    /// Its value in the first store, where it is stored there with one.
    pub fn first_value(&self) -> Option<u64> {
        if self.place == Place::Second { None } else { self.first.cursor.value() }
    }

    /// Its value in the second store, where it is stored there with one.
    pub fn second_value(&self) -> Option<u64> {
        if self.place == Place::First { None } else { self.second.cursor.value() }
    }

    fn seek(&mut self) -> bool {
        while self.first.fuel > 0 && self.second.fuel > 0 {
            match self.place {
                Place::Common => {
                    self.place = Place::Given;
                    if self.has_common_key() {
                        return true;
                    }
                }
                Place::Given => {
                    self.first.down(0);
                    self.second.down(0);
                    self.place = Place::Children;
                }
                Place::Children => {
                    if self.first.label().is_none() && self.second.label().is_none() {
                        let Some(depth) = self.depth.checked_sub(1) else { return false };
                        self.depth = depth;
                        self.first.on();
                        self.second.on();
                    } else if self.compare() {
                        return true;
                    }
                }
                Place::First => {
                    if self.first.cursor.next_key_within(self.depth + 1, &mut self.first.fuel) {
                        return true;
                    }
                    self.first.on();
                    self.place = Place::Children;
                }
                Place::Second => {
                    if self.second.cursor.next_key_within(self.depth + 1, &mut self.second.fuel) {
                        return true;
                    }
                    self.second.on();
                    self.place = Place::Children;
                }
            }
        }
        false
    }

    /// Whether the common node has a key that counts.
    fn has_common_key(&self) -> bool {
        let (first, second) = (self.first.cursor.is_key(), self.second.cursor.is_key());
        match self.kept {
            Kept::Union => first || second,
            Kept::Intersection => first && second,
            Kept::Difference => first && !second,
        }
    }

    /// Takes the lesser of the children, of which there is one at least: whether it has a key in hand.
    fn compare(&mut self) -> bool {
        let (first, second) = (self.first.label(), self.second.label());
        // No child counts as one after all others.
        let after = |label: Option<u8>| label.map_or(256, u16::from);
        if first == second {
            self.depth += 1;
            self.place = Place::Common;
            return false;
        }
        if after(first) < after(second) {
            if self.kept == Kept::Intersection {
                self.first.skip(second);
                return false;
            }
            self.place = Place::First;
            return self.first.cursor.is_key();
        }
        if self.kept != Kept::Union {
            self.second.skip(first);
            return false;
        }
        self.place = Place::Second;
        self.second.cursor.is_key()
    }
}

/// Each key as bytes of its own.
impl<C: Cursor, D: Cursor> Iterator for Merged<C, D> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.advance().then(|| self.key().to_vec())
    }
}
