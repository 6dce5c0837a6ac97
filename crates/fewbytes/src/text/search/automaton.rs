//! What a search is to the walk that it steers: an automaton over the bytes of a key.

/// The labels that may follow at a place: all that lie between two, or a few.
///
/// A search that names few spares the walk from looking at all the others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Labels {
    /// From the first to the second, both included.
    Between(u8, u8),
    /// Some few.
    Few(Few),
}

impl Labels {
    /// Any label.
    pub const ALL: Self = Self::Between(0, 255);
    /// No label: nothing longer matches.
    pub const NONE: Self = Self::Few(Few::NONE);

    /// This label alone.
    pub const fn one(label: u8) -> Self {
        Self::Between(label, label)
    }
}

/// Most labels that [`Few`] are.
const FEW: usize = 8;

/// Up to eight different labels, in their order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Few {
    labels: [u8; FEW],
    len: u8,
}

impl Few {
    /// No label.
    pub const NONE: Self = Self { labels: [0; FEW], len: 0 };

    /// Takes a label, unless it is there. False where there is no room.
    pub fn insert(&mut self, label: u8) -> bool {
        let len = usize::from(self.len);
        let place = self.labels[..len].partition_point(|other| *other < label);
        if place < len && self.labels[place] == label {
            return true;
        }
        if len == FEW {
            return false;
        }
        self.labels.copy_within(place..len, place + 1);
        self.labels[place] = label;
        self.len += 1;
        true
    }

    /// The labels.
    pub fn as_slice(&self) -> &[u8] {
        &self.labels[..usize::from(self.len)]
    }

    /// The `i`-th label.
    pub(super) fn get(&self, i: u8) -> Option<u8> {
        (i < self.len).then(|| self.labels[usize::from(i)])
    }
}

/// What a search knows of keys: it reads a key byte by byte, and says where none that begins so can match.
///
/// One of your own is run by [`Search::matching`](super::Search::matching). Any answers are safe; wrong ones only lead to
/// other keys.
///
/// ```
/// use fewbytes::text::{KeyList, search::{Automaton, Search}};
///
/// /// Keys of one length.
/// struct Length(usize);
///
/// impl Automaton for Length {
///     type State = usize;
///     fn start(&self) -> usize {
///         0
///     }
///     fn step(&self, state: &usize, _label: u8) -> usize {
///         state + 1
///     }
///     fn is_match(&self, state: &usize) -> bool {
///         *state == self.0
///     }
///     fn can_match(&self, state: &usize) -> bool {
///         *state <= self.0
///     }
/// }
///
/// let words = KeyList::from_keys(["a", "ant", "bee", "mouse"])?;
/// assert!(words.matching(Length(3)).eq([b"ant", b"bee"]));
/// # Ok::<(), fewbytes::Error>(())
/// ```
pub trait Automaton {
    /// What it knows of the bytes that it read.
    type State: Clone;

    /// What it knows before the first byte.
    fn start(&self) -> Self::State;

    /// What it knows after one byte more.
    fn step(&self, state: &Self::State, label: u8) -> Self::State;

    /// Whether the bytes read are a key that it looks for.
    fn is_match(&self, state: &Self::State) -> bool;

    /// Whether they are, or any that begin with them may be.
    fn can_match(&self, _state: &Self::State) -> bool {
        true
    }

    /// Whether they are, and all that begin with them.
    fn matches_all(&self, _state: &Self::State) -> bool {
        false
    }

    /// Labels that may follow; others are not looked at.
    fn labels(&self, _state: &Self::State) -> Labels {
        Labels::ALL
    }
}

/// Looks for every key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Every;

impl Automaton for Every {
    type State = ();

    fn start(&self) {}
    fn step(&self, _state: &(), _label: u8) {}
    fn is_match(&self, _state: &()) -> bool {
        true
    }
    fn matches_all(&self, _state: &()) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_labels_are_sorted_and_different() {
        let mut few = Few::NONE;
        for label in [5, 3, 9, 5, 0, 255, 3] {
            assert!(few.insert(label));
        }
        assert_eq!(few.as_slice(), [0, 3, 5, 9, 255]);
        assert!([1, 2, 4].into_iter().all(|label| few.insert(label)));
        assert!(!few.insert(7));
        assert!(few.insert(4));
        assert_eq!(few.as_slice().len(), 8);
    }
}
