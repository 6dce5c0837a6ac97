//! A text that comes in chunks.

use super::scan::Scan;
use super::{Keywords, Match, MatchKind};
use alloc::vec::Vec;

/// A search in a text that comes chunk by chunk: it finds what a search in the whole text would, whatever the chunks.
///
/// It keeps no more of the text than the beginning of a keyword that is not yet at its end, and the last chunk.
///
/// ```
/// use fewbytes::{Keywords, text::aho_corasick::Options};
///
/// let keywords = Keywords::from_keywords(["needle", "haystack"], &Options::default())?;
/// let mut stream = keywords.stream();
/// let mut ends = Vec::new();
/// for chunk in ["a nee", "dle in a hay", "stack"] {
///     ends.extend(stream.feed(chunk).map(|found| found.end));
/// }
/// ends.extend(stream.finish().map(|found| found.end));
/// assert_eq!(ends, [8, 22]);
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct Stream<'a> {
    scan: Scan<'a>,
    /// What is still needed, and the last chunk.
    text: Vec<u8>,
    /// Bytes of the text before those.
    dropped: u64,
}

impl<D: AsRef<[u8]>> Keywords<D> {
    /// A search in a text that comes in chunks, by the store's [`match_kind`](Self::match_kind).
    pub fn stream(&self) -> Stream<'_> {
        self.stream_by(self.match_kind())
    }

    /// As [`stream`](Self::stream), by another kind.
    pub fn stream_by(&self, kind: MatchKind) -> Stream<'_> {
        Stream { scan: Scan::new(self.table(), kind), text: Vec::new(), dropped: 0 }
    }
}

impl Stream<'_> {
    /// Takes the next chunk. What can be found now is found by the iterator that this returns; what that is not asked for,
    /// the next one finds.
    pub fn feed(&mut self, chunk: impl AsRef<[u8]>) -> impl Iterator<Item = Match> {
        // To move bytes to the front costs as much as they are: it is done when at least as many are given up.
        let done = self.scan.done_len();
        if done > self.text.len() / 2 {
            self.scan.drop_bytes(done);
            self.text.drain(..done);
            self.dropped += done as u64;
        }
        self.text.extend_from_slice(chunk.as_ref());
        core::iter::from_fn(|| self.next(false))
    }

    /// The text is at its end: finds the rest.
    pub fn finish(mut self) -> impl Iterator<Item = Match> {
        core::iter::from_fn(move || self.next(true))
    }

    fn next(&mut self, last: bool) -> Option<Match> {
        let found = self.scan.next(&self.text, last)?;
        Some(Match { start: found.start + self.dropped, end: found.end + self.dropped, ..found })
    }
}
