//! The keys that a pattern with wildcards matches.

use super::characters::{is_continuation, need};
use super::{Automaton, Few, Labels};
use crate::{Error, Result};
use alloc::{string::String, vec::Vec};

/// Most wildcards and bytes from the first wildcard on: places of them and the end are bits of a number.
const MOST: usize = 127;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Token {
    Byte(u8),
    /// One character.
    One,
    /// Any bytes.
    Any,
}

/// Looks for the keys that a pattern matches, from their first byte to their last: `*` stands for any bytes, `?` for one
/// character, `\` before a character for that character; all others for themselves.
///
/// A bit for each place of the pattern says whether the bytes read may lead there (Baeza-Yates and Gonnet 1992): there is
/// nothing to build. The bytes before the first wildcard are one way down the trie, and under a `*` at the end every key matches.
#[derive(Clone, Debug)]
pub struct Like {
    /// What the key begins with.
    head: Vec<u8>,
    tokens: Vec<Token>,
    /// Whether keys are read from the back: what matches is then to be compared once more from the front.
    backward: bool,
}

/// Which places of a pattern are reached.
#[derive(Clone, Copy, Debug)]
pub struct LikeState {
    /// Bytes of the head that were read.
    head: usize,
    /// Bits of the places of tokens.
    free: u128,
    /// Those that are reached by a `?` in the midst of a character.
    inside: u128,
    /// Bytes that may follow in the character.
    more: u8,
}

impl Like {
    /// The pattern.
    ///
    /// # Errors
    /// [`Error::Parameter`] when it ends in the midst of an escape, or is too long from its first wildcard on.
    pub fn new(pattern: impl AsRef<[u8]>) -> Result<Self> {
        let pattern = pattern.as_ref();
        let (mut head, mut tokens) = (Vec::new(), Vec::new());
        let mut bytes = pattern.iter().copied();
        while let Some(byte) = bytes.next() {
            let token = match byte {
                b'*' => Token::Any,
                b'?' => Token::One,
                b'\\' => Token::Byte(bytes.next().ok_or_else(|| {
                    Error::parameter(
                        "pattern",
                        "a character after its last `\\`",
                        String::from_utf8_lossy(pattern),
                    )
                })?),
                byte => Token::Byte(byte),
            };
            match token {
                Token::Byte(byte) if tokens.is_empty() => head.push(byte),
                Token::Any if tokens.last() == Some(&Token::Any) => {}
                _ => tokens.push(token),
            }
        }
        if tokens.len() > MOST {
            let expected = alloc::format!("at most {MOST} characters from the first wildcard on");
            return Err(Error::parameter("pattern", expected, tokens.len()));
        }
        Ok(Self { head, tokens, backward: false })
    }

    /// The pattern for keys with their bytes reversed, or a wider one: there, a `?` stands for a byte and as many bytes 80 to BF
    /// as come before it.
    pub(super) fn backward(&self) -> Self {
        let all = self.head.iter().map(|byte| Token::Byte(*byte)).chain(self.tokens.iter().copied());
        let mut tokens: Vec<Token> = all.rev().collect();
        let head_len = tokens.iter().take_while(|token| matches!(token, Token::Byte(_))).count();
        let byte = |token| if let Token::Byte(byte) = token { Some(byte) } else { None };
        let head = tokens.drain(..head_len).filter_map(byte).collect();
        if tokens.len() > MOST {
            tokens.truncate(MOST - 1);
            tokens.push(Token::Any);
        }
        Self { head, tokens, backward: true }
    }

    /// Bytes before the first wildcard.
    pub(super) fn head_len(&self) -> usize {
        self.head.len()
    }

    /// The places, and those after a `*` that stands for nothing.
    fn closed(&self, places: u128) -> u128 {
        let any = |place: &usize| self.tokens.get(*place) == Some(&Token::Any);
        bits(places).filter(any).fold(places, |closed, place| closed | 2 << place)
    }
}

/// The bits that are set.
fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let bit = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(bit)
    })
}

impl Automaton for Like {
    type State = LikeState;

    fn start(&self) -> LikeState {
        LikeState { head: 0, free: self.closed(1), inside: 0, more: 0 }
    }

    fn step(&self, state: &LikeState, label: u8) -> LikeState {
        let follows = state.more > 0 && is_continuation(label);
        let more = match (self.backward, follows) {
            (true, _) => 0,
            (false, true) => state.more - 1,
            (false, false) => need(label) - 1,
        };
        if let Some(byte) = self.head.get(state.head) {
            let free = if *byte == label { state.free } else { 0 };
            return LikeState { head: state.head + 1, free, inside: 0, more };
        }
        let (mut free, mut inside) = (0, 0);
        let places = if follows { state.free } else { state.free | state.inside };
        for place in bits(places) {
            match self.tokens.get(place) {
                Some(Token::Byte(byte)) if *byte == label => free |= 2 << place,
                Some(Token::Any) => free |= 1 << place,
                Some(Token::One) if self.backward => {
                    free |= 2 << place | u128::from(is_continuation(label)) << place;
                }
                Some(Token::One) if !follows => inside |= 2 << place,
                _ => {}
            }
        }
        if follows {
            inside |= state.inside;
        }
        let (free, inside) = (self.closed(free), self.closed(inside));
        match more {
            0 => LikeState { head: state.head, free: free | inside, inside: 0, more },
            _ => LikeState { head: state.head, free, inside, more },
        }
    }

    fn is_match(&self, state: &LikeState) -> bool {
        state.head == self.head.len() && (state.free | state.inside) >> self.tokens.len() & 1 == 1
    }

    fn can_match(&self, state: &LikeState) -> bool {
        state.free | state.inside != 0
    }

    fn matches_all(&self, state: &LikeState) -> bool {
        self.tokens.last() == Some(&Token::Any)
            && state.head == self.head.len()
            && (state.free | state.inside) >> (self.tokens.len() - 1) & 1 == 1
    }

    fn labels(&self, state: &LikeState) -> Labels {
        if let Some(byte) = self.head.get(state.head) {
            return Labels::one(*byte);
        }
        if state.inside != 0 {
            return Labels::ALL;
        }
        let mut few = Few::NONE;
        for place in bits(state.free) {
            match self.tokens.get(place) {
                Some(Token::Byte(byte)) if few.insert(*byte) => {}
                None => {}
                _ => return Labels::ALL,
            }
        }
        Labels::Few(few)
    }
}
