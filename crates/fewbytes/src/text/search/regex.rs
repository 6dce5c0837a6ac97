//! Regular expressions, by the automata of the crate `regex-automata`.

use super::Automaton;
use crate::{Error, Result};
use alloc::{string::ToString, vec::Vec};
use regex_automata::{
    Anchored, MatchKind,
    dfa::{Automaton as _, StartKind, dense},
    nfa::thompson,
    util::{primitives::StateID, start, syntax},
};

/// Bytes that an automaton may take, and as many again while it is built.
const MOST_BYTES: usize = 16 << 20;

/// Looks for the keys that a regular expression matches, from their first byte to their last.
///
/// The syntax is that of the crate `regex`. Keys need not be UTF-8: `(?-u:.)` is a byte, `.` a character but for a line's end.
/// A deterministic automaton is built: the time for that, and its bytes, may be exponential in the pattern, and end in
/// an error at 16 MiB.
#[derive(Clone, Debug)]
pub struct Regex {
    automaton: dense::DFA<Vec<u32>>,
    start: StateID,
}

impl Regex {
    /// The pattern.
    ///
    /// # Errors
    /// [`Error::Parameter`] with the fault of the pattern, also where its automaton takes too many bytes.
    pub fn new(pattern: &str) -> Result<Self> {
        fn refused(fault: impl ToString) -> Error {
            Error::parameter("pattern", "a regular expression", fault)
        }
        let syntax = syntax::Config::new().utf8(false);
        let parsed = syntax::parse_with(pattern, &syntax).map_err(refused)?;
        let config = thompson::Config::new().utf8(false).nfa_size_limit(Some(MOST_BYTES));
        let nfa = thompson::Compiler::new().configure(config).build_from_hir(&parsed).map_err(refused)?;
        // A key matches where any alternative does.
        let config = dense::Config::new()
            .match_kind(MatchKind::All)
            .start_kind(StartKind::Anchored)
            .dfa_size_limit(Some(MOST_BYTES))
            .determinize_size_limit(Some(MOST_BYTES));
        let automaton = dense::Builder::new().configure(config).build_from_nfa(&nfa).map_err(refused)?;
        let start = automaton.start_state(&start::Config::new().anchored(Anchored::Yes)).map_err(refused)?;
        Ok(Self { automaton, start })
    }
}

impl Automaton for Regex {
    type State = StateID;

    fn start(&self) -> StateID {
        self.start
    }

    fn step(&self, state: &StateID, label: u8) -> StateID {
        self.automaton.next_state(*state, label)
    }

    fn is_match(&self, state: &StateID) -> bool {
        self.automaton.is_match_state(self.automaton.next_eoi_state(*state))
    }

    fn can_match(&self, state: &StateID) -> bool {
        // A quit state ends a search over text where the pattern has Unicode word boundaries, which were refused.
        !self.automaton.is_dead_state(*state) && !self.automaton.is_quit_state(*state)
    }
}
