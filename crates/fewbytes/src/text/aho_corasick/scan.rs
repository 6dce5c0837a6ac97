//! The search: candidates from the filter, and the automaton from there until its state is shallow again.

use super::filter::{Places, SPAN};
use super::jump::Jump;
use super::table::{ENDS, Key, SHALLOW, Table};
use super::{Match, MatchKind};

/// How far a search is. Places are bytes of the text that it is given; a stream moves them when it drops bytes.
#[derive(Clone)]
pub(super) struct Scan<'a> {
    table: Table<'a>,
    kind: MatchKind,
    /// Where the walk began, or the least place at which one may begin.
    start: usize,
    /// The next byte to read.
    at: usize,
    /// What the bytes from `start` to `at` lead to.
    state: u32,
    /// Whether a walk is under way.
    walking: bool,
    /// All matches: those that end up to here were found.
    told: usize,
    /// One more than the place of the next keyword that ends at `at`; 0: none. All matches: to be told. Else: the walk
    /// came to keywords, but not to the byte after them.
    chain: u32,
    /// Keywords of the chain are shorter than this: it has an end.
    shorter: u32,
    /// Leftmost: the best match from `start`, by id and end.
    best: Option<(u32, usize)>,
    /// Leftmost: the least start of a match inside of the walk; `usize::MAX`: there is none.
    inner: usize,
    /// Places that the filter left, from `span.0` on, of those up to `span.1`.
    found: Places,
    /// Where the walks from them begin.
    jumps: [Jump; SPAN],
    found_len: usize,
    next: usize,
    span: (usize, usize),
}

/// Bytes of words: letters, digits, the underscore, and all beyond ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

impl<'a> Scan<'a> {
    /// At the beginning of a text.
    pub fn new(table: Table<'a>, kind: MatchKind) -> Self {
        Self {
            table,
            kind,
            start: 0,
            at: 0,
            state: 0,
            walking: false,
            told: 0,
            chain: 0,
            shorter: 0,
            best: None,
            inner: usize::MAX,
            found: [0; _],
            jumps: [Jump::default(); SPAN],
            found_len: 0,
            next: 0,
            span: (0, 0),
        }
    }

    /// Bytes of the text that are not needed any more. One before the walk is kept: it may be a word's.
    pub fn done_len(&self) -> usize {
        self.start.saturating_sub(1)
    }

    /// Takes `len` bytes away that are not needed any more.
    pub fn drop_bytes(&mut self, len: usize) {
        self.start -= len;
        self.at = self.at.saturating_sub(len);
        self.told = self.told.saturating_sub(len);
        self.best = self.best.map(|(id, end)| (id, end.saturating_sub(len)));
        if self.inner != usize::MAX {
            self.inner = self.inner.saturating_sub(len);
        }
        (self.found_len, self.next, self.span) = (0, 0, (0, 0));
    }

    /// The next match. `None` where the text has no more; unless it is the `last` of it, the search goes on there when
    /// the text is longer.
    #[inline]
    pub fn next(&mut self, text: &[u8], last: bool) -> Option<Match> {
        match self.kind {
            MatchKind::All => self.next_of_all(text, last).map(|(key, end)| Match {
                id: key.id.into(),
                start: (end - key.len as usize) as u64,
                end: end as u64,
            }),
            _ => self.next_leftmost(text, last),
        }
    }

    /// Goes to the next candidate. False where the text has no more.
    #[inline]
    fn seek(&mut self, text: &[u8], last: bool) -> bool {
        loop {
            while self.next < self.found_len.min(SPAN) {
                let place = self.span.0 + usize::from(self.found[self.next]);
                self.next += 1;
                if place >= self.start {
                    let jump = self.jumps[self.next - 1];
                    self.start = place;
                    self.at = place + usize::from(jump.depth);
                    self.state = jump.state;
                    self.walking = true;
                    if jump.ends && self.at > self.told {
                        self.begin(jump.state);
                    }
                    return true;
                }
            }
            let from = self.start.max(self.span.1);
            let (to, len) = self.table.filter.fill(text, from, last, &mut self.found);
            (self.found_len, self.next, self.span) = (len, 0, (from, to));
            self.table.jumps.find(text.get(from..).unwrap_or_default(), &self.found, len, &mut self.jumps);
            self.table.prefetch(self.jumps.get(..len).unwrap_or_default());
            if to == from {
                self.start = from;
                return false;
            }
        }
    }

    /// Looks for candidates from `start` on, which may be before those that were looked at.
    #[inline]
    fn seek_from(&mut self, start: usize) {
        self.walking = false;
        self.chain = 0;
        self.start = start;
        if start < self.span.0 {
            (self.found_len, self.next, self.span) = (0, 0, (0, 0));
        } else {
            // Candidates are in order: those passed over that are not before `start` count again.
            while self.next > 0 && self.span.0 + usize::from(self.found[(self.next - 1) % SPAN]) >= start {
                self.next -= 1;
            }
        }
    }

    /// Whether what stands from `start` to `end` is cut out of no word. `None` where the byte after is not there yet.
    fn is_whole(&self, text: &[u8], start: usize, end: usize) -> bool {
        let inside =
            |place: Option<usize>| place.and_then(|place| text.get(place)).is_some_and(|byte| is_word(*byte));
        !inside(start.checked_sub(1)) && !inside(Some(end))
    }

    /// The next keyword and its end.
    #[inline]
    pub fn next_of_all(&mut self, text: &[u8], last: bool) -> Option<(Key, usize)> {
        loop {
            if self.chain != 0 {
                if self.table.words && self.at >= text.len() && !last {
                    return None;
                }
                while let Some(key) = self.link() {
                    let Some(start) = self.at.checked_sub(key.len as usize) else { continue };
                    if !self.table.words || self.is_whole(text, start, self.at) {
                        return Some((key, self.at));
                    }
                }
            }
            if !self.walking {
                if !self.seek(text, last) {
                    return None;
                }
                if self.chain != 0 {
                    continue;
                }
            }
            let (mut state, mut at, mut failed) = (self.state, self.at, false);
            let mut ends = false;
            while let Some(byte) = text.get(at) {
                let entry = self.table.step(state, *byte);
                if entry == 0 {
                    failed = true;
                    break;
                }
                state = entry & !ENDS;
                at += 1;
                if entry & ENDS != 0 && at > self.told {
                    ends = true;
                    break;
                }
            }
            (self.state, self.at) = (state, at);
            if failed {
                self.fail();
            } else if ends {
                self.begin(state);
            }
            if self.chain == 0 && self.walking && self.at >= text.len() {
                if !last {
                    return None;
                }
                // What ends here was told, and nothing ends later.
                self.walking = false;
                self.start = text.len();
            }
        }
    }

    /// Begins the chain of the keywords that end at a state.
    #[inline]
    fn begin(&mut self, state: u32) {
        self.chain = self.table.longest_at(state);
        self.shorter = u32::MAX;
    }

    /// Takes the next keyword of the chain. They become shorter, or the chain ends: so it has an end.
    #[inline]
    fn link(&mut self) -> Option<Key> {
        let key = self.table.key(self.chain.checked_sub(1)?);
        let key = key.filter(|key| key.len < self.shorter && key.len > 0);
        self.chain = key.map_or(0, |key| key.next);
        self.shorter = key.map_or(0, |key| key.len);
        key
    }

    /// From where the walk came to, to the longest suffix that keywords begin with.
    #[inline]
    fn fail(&mut self) {
        self.told = self.told.max(self.at);
        match self.deep() {
            Some((state, depth)) => {
                self.state = state;
                self.start = self.at - depth;
            }
            None => self.seek_from(self.shallow()),
        }
    }

    /// The state that the failure link leads to, where it is deep, and its depth, which is less than the walk is long.
    #[inline]
    fn deep(&self) -> Option<(u32, usize)> {
        let walked = self.at - self.start;
        if walked <= SHALLOW + 1 {
            return None;
        }
        self.table.fail(self.state).filter(|(_, depth)| *depth > SHALLOW && *depth < walked)
    }

    /// Where a keyword may begin after the walk failed, if the failure link is not deep.
    #[inline]
    fn shallow(&self) -> usize {
        (self.start + 1).max(self.at.saturating_sub(SHALLOW))
    }

    #[inline]
    fn next_leftmost(&mut self, text: &[u8], last: bool) -> Option<Match> {
        loop {
            if !self.walking {
                if !self.seek(text, last) {
                    return None;
                }
                (self.best, self.inner) = (None, usize::MAX);
                let before = self.start.checked_sub(1).and_then(|place| text.get(place));
                if self.table.words && before.is_some_and(|byte| is_word(*byte)) {
                    self.seek_from(self.start + 1);
                    continue;
                }
            }
            if self.chain != 0 && !self.weigh(text, last) {
                return None;
            }
            let failed = loop {
                let Some(byte) = text.get(self.at) else { break last };
                let entry = self.table.step(self.state, *byte);
                if entry == 0 {
                    break true;
                }
                self.state = entry & !ENDS;
                self.at += 1;
                if entry & ENDS != 0 {
                    self.begin(self.state);
                    if !self.weigh(text, last) {
                        break false;
                    }
                }
            };
            if !failed {
                return None;
            }
            if let Some((id, end)) = self.best.take() {
                let start = self.start;
                // An end is after its start: every walk goes on.
                self.seek_from(end.max(start + 1));
                return Some(Match { id: id.into(), start: start as u64, end: end as u64 });
            }
            match self.deep() {
                // No keyword begins before the suffix but one inside of the walk.
                Some((state, depth)) if self.inner > self.at - depth && !self.table.words => {
                    self.state = state;
                    self.start = self.at - depth;
                }
                Some((_, depth)) => self.seek_from(self.inner.min(self.at - depth)),
                None => self.seek_from(self.inner.min(self.shallow())),
            }
        }
    }

    /// Takes the keywords that end at `at` into account. False where the byte after them is needed, and not there.
    #[inline]
    fn weigh(&mut self, text: &[u8], last: bool) -> bool {
        if self.table.words && self.at >= text.len() && !last {
            return false;
        }
        while let Some(key) = self.link() {
            let Some(start) = self.at.checked_sub(key.len as usize).filter(|start| *start >= self.start)
            else {
                continue;
            };
            if self.table.words && !self.is_whole(text, start, self.at) {
                continue;
            }
            if start > self.start {
                self.inner = self.inner.min(start);
            } else if self.kind == MatchKind::LeftmostLongest || self.best.is_none_or(|(id, _)| key.id < id) {
                self.best = Some((key.id, self.at));
            }
            // All others are shorter: they begin later.
            self.chain = 0;
        }
        true
    }
}
