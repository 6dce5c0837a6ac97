//! The keys within one or two edits of a word: a Levenshtein automaton that is run, not built.

use super::characters::{self, Pending, characters};
use super::{Automaton, Few, Found, Labels};
use crate::text::Cursor;
use crate::{Error, Result};
use alloc::vec::Vec;

/// Most edits.
pub(super) const MOST: u32 = 2;

/// Fills the word up at both ends; no character is this.
const NOTHING: u32 = u32::MAX;

/// Looks for the keys within one or two edits of a word: a character more, one less, or another one.
///
/// After *i* characters of a key, only the *2k + 1* places *i - k* to *i + k* of the word can be reached within *k* edits. For
/// each number of edits, a bit for each of them says whether it is: a state is some few bytes, and the next one takes some
/// few operations on them (Schulz and Mihov 2002 build the automaton of these states; Wu and Manber 1992 run it as bits).
#[derive(Clone, Debug)]
pub struct Near {
    text: Vec<u8>,
    /// The word's characters in the direction of reading, between as many fillings as a window needs.
    word: Vec<u32>,
    edits: u32,
    by_bytes: bool,
    transpositions: bool,
    backward: bool,
    /// Until this many characters of the word are read, there may be no more than so many edits.
    strict: (usize, u32),
    /// By characters read.
    places: Vec<Places>,
}

/// Bits of the places that may be reached after some characters: of all, and with more edits than until the strict place
/// there may be, by a character of the key that the word has not, and otherwise.
#[derive(Clone, Copy, Debug)]
struct Places {
    all: u8,
    longer: u8,
    other: u8,
}

/// Which places of the word are reached.
#[derive(Clone, Copy, Debug)]
pub struct NearState {
    /// Characters read.
    depth: u32,
    /// Bit *j* of row *e*: the word's first *depth - k + j* characters can be read so with *e* edits.
    rows: [u8; 3],
    /// The same places, where the character after the next one was read, to be transposed with it.
    held: [u8; 2],
    pending: Pending,
}

impl Near {
    /// By Unicode characters, without transpositions.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `edits` are neither 1 nor 2.
    pub fn new(word: impl AsRef<[u8]>, edits: u32) -> Result<Self> {
        if !(1..=MOST).contains(&edits) {
            return Err(Error::parameter("edits", "1 or 2", edits));
        }
        let near = Self {
            text: word.as_ref().to_vec(),
            word: Vec::new(),
            edits,
            by_bytes: false,
            transpositions: false,
            backward: false,
            strict: (0, edits),
            places: Vec::new(),
        };
        Ok(near.filled())
    }

    /// By bytes: a character of more than one may take more than one edit.
    #[must_use]
    pub fn by_bytes(mut self) -> Self {
        self.by_bytes = true;
        self.filled()
    }

    /// Two neighbouring characters that changed places are one edit, not two, as long as neither of them is edited again
    /// (the *optimal string alignment* form of Damerau's distance).
    #[must_use]
    pub fn with_transpositions(mut self) -> Self {
        self.transpositions = true;
        self
    }

    /// For keys whose bytes are reversed.
    pub(super) fn backward(mut self) -> Self {
        self.backward = true;
        self.filled()
    }

    /// With no more than `edits` before the first `characters` of the word are read.
    pub(super) fn strict(mut self, characters: usize, edits: u32) -> Self {
        self.strict = (characters, edits);
        self.filled()
    }

    /// Most edits.
    pub(super) fn edits(&self) -> u32 {
        self.edits
    }

    /// Characters of the word.
    pub(super) fn word_len(&self) -> usize {
        self.word.len() - self.filling() * 3 - 2
    }

    fn filling(&self) -> usize {
        self.edits as usize
    }

    fn filled(mut self) -> Self {
        let mut word = match self.by_bytes {
            true => self.text.iter().map(|byte| u32::from(*byte)).collect(),
            false => characters(&self.text),
        };
        if self.backward {
            word.reverse();
        }
        let fill = |len| core::iter::repeat_n(NOTHING, len);
        self.word.clear();
        self.word.extend(fill(self.filling()));
        self.word.append(&mut word);
        self.word.extend(fill(2 * self.filling() + 2));
        let window = (1_u8 << (2 * self.filling() + 1)) - 1;
        let places = |depth| {
            // None after the word's end.
            let all = window & !self.from(self.word_len() + 1, depth);
            let [longer, other] = [0, 1].map(|next| all & self.from(self.strict.0 + next, depth));
            Places { all, longer, other }
        };
        self.places = (0..=self.word_len() + self.filling() + 1).map(places).collect();
        self
    }

    /// The places that `edits` may lead to.
    fn places(&self, depth: usize, edits: usize) -> Places {
        let places = self.places.get(depth).copied().unwrap_or(Places { all: 0, longer: 0, other: 0 });
        match edits as u32 > self.strict.1 {
            true => places,
            false => Places { longer: places.all, other: places.all, ..places },
        }
    }

    /// The edits between the word and the bytes that led to `state`; `None` where they are too many.
    pub fn distance(&self, state: &NearState) -> Option<u32> {
        let mut state = *state;
        if state.pending.len > 0 {
            let mut pending = state.pending;
            pending.finish(self.backward, |character| self.read(&mut state, character));
        }
        let place = (self.word_len() + self.filling()).checked_sub(state.depth as usize)?;
        if place > 2 * self.filling() {
            return None;
        }
        (0..=self.edits).find(|e| state.rows[*e as usize] >> place & 1 == 1)
    }

    /// The bits of the places from `first` characters of the word on, after `depth` characters of a key.
    fn from(&self, first: usize, depth: usize) -> u8 {
        match (first + self.filling()).saturating_sub(depth) {
            place @ 0..8 => u8::MAX << place,
            _ => 0,
        }
    }

    /// Reads one more character.
    #[inline]
    fn read(&self, state: &mut NearState, character: u32) {
        match self.edits {
            1 => self.read_within::<1, 4>(state, character),
            _ => self.read_within::<2, 6>(state, character),
        }
    }

    /// The same for *K* edits, and windows of *2K + 2* characters: where both are known, loops are none.
    #[inline]
    fn read_within<const K: usize, const W: usize>(&self, state: &mut NearState, character: u32) {
        let depth = state.depth as usize;
        let NearState { rows, held, .. } = *state;
        state.depth = state.depth.saturating_add(1);
        let Some(window) = self.word.get(depth..).and_then(|word| word.first_chunk::<W>()) else {
            (state.rows, state.held) = ([0; 3], [0; 2]);
            return;
        };
        // Bit j: the next character of the word at this place is the one read.
        let mut same = 0_u8;
        for (j, other) in window.iter().enumerate() {
            same |= u8::from(*other == character) << j;
        }
        // The same character; one of the key that the word has not; another one; one of the word that the key has not.
        let mut next = [rows[0] & same & self.places(depth + 1, 0).all, 0, 0];
        for e in 1..=K {
            let places = self.places(depth + 1, e);
            let others = rows[e - 1] | next[e - 1] << 1 | (held[e - 1] & same) << 1;
            next[e] = rows[e] & same & places.all | rows[e - 1] >> 1 & places.longer | others & places.other;
        }
        state.rows = next;
        if self.transpositions {
            for (held, row) in state.held.iter_mut().zip(&rows[..K]) {
                *held = (row & same >> 1) >> 1;
            }
        }
    }
}

impl Automaton for Near {
    type State = NearState;

    fn start(&self) -> NearState {
        let k = self.filling();
        let mut rows = [0; 3];
        rows[0] = 1 << k;
        for e in 1..=k {
            rows[e] = rows[e - 1] << 1 & self.places(0, e).other;
        }
        NearState { depth: 0, rows, held: [0; 2], pending: Pending::default() }
    }

    #[inline]
    fn step(&self, state: &NearState, label: u8) -> NearState {
        let mut next = *state;
        if self.by_bytes {
            self.read(&mut next, label.into());
            return next;
        }
        let mut pending = state.pending;
        match self.backward {
            false => pending.push(label, |character| self.read(&mut next, character)),
            true => pending.push_before(label, |character| self.read(&mut next, character)),
        }
        next.pending = pending;
        next
    }

    fn is_match(&self, state: &NearState) -> bool {
        self.distance(state).is_some()
    }

    #[inline]
    fn can_match(&self, state: &NearState) -> bool {
        let NearState { rows, held, .. } = state;
        rows[0] | rows[1] | rows[2] | held[0] | held[1] != 0
    }

    /// Where no more edits may be made, only the characters of the word can follow.
    fn labels(&self, state: &NearState) -> Labels {
        let k = self.filling();
        let (pending, depth) = (state.pending, state.depth as usize);
        if self.backward && pending.len > 0 {
            return Labels::ALL;
        }
        let mut places = state.rows[k] | state.held[0] | state.held[1];
        for (e, row) in (0..).zip(&state.rows[..k]) {
            if *row != 0 {
                if e < self.strict.1 || row & self.from(self.strict.0, depth) != 0 {
                    return Labels::ALL;
                }
                places |= row;
                if self.transpositions {
                    // From one half to the other.
                    places |= (row << 1) & self.from(self.strict.0, depth);
                }
            }
        }
        let mut few = Few::NONE;
        while places != 0 {
            let place = places.trailing_zeros() as usize;
            places &= places - 1;
            let Some(character) = self.word.get(depth + place).copied().filter(|c| *c != NOTHING) else {
                continue;
            };
            let len = characters::len(character);
            if pending.len > 0
                && (len < pending.len || character >> (8 * (len - pending.len)) != pending.bytes)
            {
                continue;
            }
            // The word has half of a character: what ends it may be anything.
            let Some(left) = (len - pending.len).checked_sub(1) else { return Labels::ALL };
            let shift = if self.backward { 0 } else { 8 * left };
            few.insert((character >> shift) as u8);
        }
        Labels::Few(few)
    }
}

impl<C: Cursor> Found<C, Near> {
    /// Edits between the word and the key in hand.
    pub fn distance(&self) -> u32 {
        self.state().and_then(|state| self.automaton().distance(state)).unwrap_or_default()
    }
}
