//! The one interface that searches use: a cursor over the trie of a store's keys.

use core::ops::Range;

/// Where a store keeps what a cursor stands at: for those who look into it, and for pictures of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// What it is, as the store's essay calls it: `state`, `node`, `slot`, `bucket`.
    pub what: &'static str,
    /// Which of these: a number that no other one has.
    pub at: u64,
    /// Labels of its own that were read: it is a run of them, or a set of texts.
    pub within: usize,
    /// The bytes of the store that hold it; none where it needs none.
    pub bytes: Range<usize>,
}

impl Place {
    /// Whether this is the other place: from equal ones, a store goes on alike.
    pub fn is(&self, other: &Self) -> bool {
        (self.what, self.at, self.within) == (other.what, other.at, other.within)
    }
}

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

    /// Where the store keeps what follows; `None` where it does not tell.
    fn place(&self) -> Option<Place> {
        None
    }

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
    fn place(&self) -> Option<Place> {
        (**self).place()
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

#[cfg(test)]
mod tests {
    use crate::Items;
    use crate::catalog::CATALOG;
    use crate::text::{
        Cursor, Dawg, DoubleArrayTrie, HatTrie, Keywords, LoudsTrie, Place, aho_corasick::Options,
        dawg::Mode, hat_trie,
    };
    use alloc::{string::String, vec::Vec};

    const WORDS: [&str; 11] =
        ["", "a", "tap", "taps", "top", "tops", "tin", "stoppings", "toppings", "ätzte", "z"];

    /// Every place of a walk, and the keys that go on from there.
    fn places(cursor: &mut dyn Cursor) -> Vec<(Place, Vec<Vec<u8>>)> {
        let mut prefixes: Vec<&str> = Vec::new();
        for word in WORDS {
            prefixes.extend((0..=word.len()).filter_map(|len| word.get(..len)));
        }
        prefixes.sort_unstable();
        prefixes.dedup();
        let mut places = Vec::new();
        for prefix in prefixes {
            cursor.reset();
            assert!(cursor.enter_all(prefix.as_bytes()), "{prefix}");
            let Some(place) = cursor.place() else { continue };
            let (mut rests, depth) = (Vec::new(), prefix.len());
            let mut there = cursor.is_key() || cursor.next_key(depth);
            while there {
                rests.push(cursor.path()[depth..].to_vec());
                there = cursor.next_key(depth);
            }
            places.push((place, rests));
        }
        places
    }

    #[test]
    fn stores_go_on_alike_from_equal_places() {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for word in WORDS {
            text += word;
            ends.push(text.len() as u32);
        }
        for entry in CATALOG.iter().filter(|entry| entry.text.is_some()) {
            let mut builder = entry.builder(&entry.settings()).expect("its defaults");
            builder.insert_all(Items::new(text.as_bytes(), &ends)).expect("room");
            let store = builder.finish().expect("room");
            let found = places(&mut *store.dictionary().expect("a text store").cursor());
            for (place, rests) in &found {
                let bytes = store.as_bytes();
                assert!(place.bytes.start <= place.bytes.end && place.bytes.end <= bytes.len(), "{place:?}");
                for (other, theirs) in found.iter().filter(|(other, _)| place.is(other)) {
                    assert_eq!(rests, theirs, "{}: {place:?} and {other:?}", entry.slug);
                }
            }
        }
    }

    /// What the stores tell of single slots, nodes, buckets and candidates is what their walks show.
    #[test]
    fn parts_are_those_of_the_walk() {
        let trie = DoubleArrayTrie::from_keys(WORDS).expect("few");
        let mut cursor = trie.walk();
        while cursor.next_key(0) {
            if let (Some(slot), Some(place)) = (cursor.slot(), cursor.place()) {
                let slot = trie.slot(slot).expect("a slot that a link leads to");
                assert!(slot.place == place.at || place.what == "text", "{slot:?} {place:?}");
                assert_eq!(slot.check, trie.as_bytes()[slot.check_byte]);
            }
        }
        assert!(trie.slot(trie.slot_len() - 1).is_some() && trie.slot(trie.slot_len()).is_none());

        let louds = LoudsTrie::from_keys(WORDS, 1).expect("few");
        let nodes: Vec<_> = (0..louds.node_len()).map(|node| louds.node(node).expect("in range")).collect();
        assert_eq!(
            nodes.iter().map(|node| node.children.end - node.children.start).sum::<u64>() + 1,
            louds.node_len()
        );
        assert_eq!(nodes.iter().filter(|node| node.is_key).count(), WORDS.len());
        assert!(louds.node(louds.node_len()).is_none());

        let mut hat = HatTrie::new(7).expect("room");
        let many = 2 * hat_trie::MOST_ENTRIES;
        hat.insert_all((0..many).map(|i| alloc::format!("{i:05}"))).expect("room");
        let (mut cursor, mut found, mut inside) = (hat.walk(), Vec::new(), 0);
        while cursor.next_key(0) {
            let bucket = cursor.bucket().expect("no branch is a key");
            inside += 1;
            if !found.contains(&bucket) {
                found.push(bucket);
            }
        }
        assert_eq!((inside, found.iter().map(|bucket| bucket.len).sum()), (many, many));

        let keywords =
            Keywords::from_keywords(["abcdefg", "bcdefh", "xy"], &Options::default()).expect("few");
        let mut cursor = keywords.walk();
        assert!(cursor.enter_all(b"abcdef"));
        assert_eq!(cursor.fail_len(), Some(5));
        let text = "there is abcdefg, xyz and nothing else for a while";
        let candidates = keywords.candidates(text);
        for found in keywords.find_iter(text) {
            assert!(candidates.contains(&(found.start as usize)), "{found:?} {candidates:?}");
        }
        assert!(candidates.len() < text.len() / 4, "{candidates:?}");
    }

    #[test]
    fn places_of_a_dawg_are_its_states() {
        for mode in [Mode::Small, Mode::Fast] {
            let dawg = Dawg::from_keys(WORDS, mode).expect("few");
            let mut found: Vec<Place> = Vec::new();
            for (place, _) in places(&mut dawg.walk()) {
                if !found.iter().any(|other| other.is(&place)) {
                    found.push(place);
                }
            }
            // The prefixes end at characters: the state in the midst of the one of two bytes is not among them.
            assert!([0, 1].contains(&(dawg.state_len() - found.len() as u64)), "{mode:?}: {found:?}");
        }
    }
}
