//! The one interface that searches use: a cursor over the trie of a store's keys.

/// A place in the trie of a store's keys: what was read so far of one or more of them.
///
/// However a store keeps its keys, together they are a trie: from the root, which is the empty string, a byte leads to
/// each longer string with which some key begins. A cursor stands at one such string, and steps to its neighbours. Every
/// search is a walk from the root that enters where a key may match, and leaves where none can.
///
/// Bytes that were damaged may show a trie that never was, even one without end: a walk must count its steps
/// ([`Dictionary::text_len`](super::Dictionary::text_len) is the most that it may need). No step itself may panic or loop.
pub trait Cursor {
    /// The bytes from the root to here.
    fn path(&self) -> &[u8];

    /// Whether a key ends here: whether [`path`](Self::path) is one.
    fn is_key(&self) -> bool;

    /// The id of the key that ends here; `None` where none does, or where the store has no ids.
    fn id(&self) -> Option<u64>;

    /// The value of the key that ends here; `None` where none does, or where the store has no values.
    fn value(&self) -> Option<u64>;

    /// Goes on by `label`. False, and no step, where no key does.
    fn enter(&mut self, label: u8) -> bool;

    /// Goes on by the least label of at least `least`. False, and no step, where there is none.
    fn enter_from(&mut self, least: u8) -> bool;

    /// From where the last label led to where the next greater one leads. False, and no step, where there is none, and at
    /// the root.
    fn advance(&mut self) -> bool;

    /// Takes the last label back. False at the root.
    fn leave(&mut self) -> bool;

    /// Back to the root.
    fn reset(&mut self) {
        while self.leave() {}
    }

    /// Goes on by all of `labels`. False, and no step, where no key does.
    fn enter_all(&mut self, labels: &[u8]) -> bool {
        for (entered, label) in labels.iter().enumerate() {
            if !self.enter(*label) {
                for _ in 0..entered {
                    self.leave();
                }
                return false;
            }
        }
        true
    }

    /// Goes to the next key in the order of bytes among those that are longer than the first `depth` bytes of the path and
    /// begin with them. False where there is none; the cursor then stands at those `depth` bytes.
    ///
    /// From the root and `depth` 0, it comes to every key but the empty one.
    fn next_key(&mut self, depth: usize) -> bool {
        self.next_key_within(depth, &mut { u64::MAX })
    }

    /// [`next_key`](Self::next_key) in at most `fuel` steps; those that are made are taken from it: what searches go on by,
    /// since damaged bytes may show a trie without end. A store that goes to the next key faster than by single steps does it
    /// here.
    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        loop {
            if *fuel == 0 {
                while self.path().len() > depth && self.leave() {}
                return false;
            }
            if !self.enter_from(0) {
                loop {
                    if self.path().len() <= depth {
                        return false;
                    }
                    if self.advance() {
                        break;
                    }
                    self.leave();
                }
            }
            *fuel -= 1;
            if self.is_key() {
                return true;
            }
        }
    }
}

/// A store whose keys can be walked: what makes every search work on it.
pub trait Walk {
    /// Its cursor.
    type Cursor<'a>: Cursor
    where
        Self: 'a;

    /// A cursor at the root.
    fn walk(&self) -> Self::Cursor<'_>;

    /// Steps that a search needs at most: the bytes of all keys.
    fn text_len(&self) -> u64;

    /// The `n` keys of the greatest values among those that begin with `prefix`, and these, the greatest first, of equal ones
    /// the first in the order of keys: where the store knows a faster way to them than a walk.
    fn heaviest_under(
        &self,
        _prefix: &[u8],
        _n: usize,
    ) -> Option<alloc::vec::Vec<(alloc::vec::Vec<u8>, u64)>> {
        None
    }
}

impl<C: Cursor + ?Sized> Cursor for alloc::boxed::Box<C> {
    fn path(&self) -> &[u8] {
        (**self).path()
    }
    fn is_key(&self) -> bool {
        (**self).is_key()
    }
    fn id(&self) -> Option<u64> {
        (**self).id()
    }
    fn value(&self) -> Option<u64> {
        (**self).value()
    }
    fn enter(&mut self, label: u8) -> bool {
        (**self).enter(label)
    }
    fn enter_from(&mut self, least: u8) -> bool {
        (**self).enter_from(least)
    }
    fn advance(&mut self) -> bool {
        (**self).advance()
    }
    fn leave(&mut self) -> bool {
        (**self).leave()
    }
    fn reset(&mut self) {
        (**self).reset();
    }
    fn enter_all(&mut self, labels: &[u8]) -> bool {
        (**self).enter_all(labels)
    }
    fn next_key(&mut self, depth: usize) -> bool {
        (**self).next_key(depth)
    }
    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        (**self).next_key_within(depth, fuel)
    }
}
