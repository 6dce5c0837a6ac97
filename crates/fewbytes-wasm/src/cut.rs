//! Text cut into words or lines, chunk by chunk, by the rules of the command: the same file gives the same sketch.

/// How text is cut into items.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cut {
    /// At ASCII white space; a word is never empty.
    Words,
    /// At newlines and nothing else: a carriage return belongs to its line, an empty line is an item, and the last
    /// newline begins none.
    Lines,
}

/// Cuts a stream of bytes into items wherever its chunks end.
pub struct Cutter {
    cut: Cut,
    /// The beginning of an item whose end is in a later chunk.
    begun: Vec<u8>,
}

impl Cutter {
    pub fn new(cut: Cut) -> Self {
        Self { cut, begun: Vec::new() }
    }

    fn ends(&self, byte: u8) -> bool {
        match self.cut {
            Cut::Words => byte.is_ascii_whitespace(),
            Cut::Lines => byte == b'\n',
        }
    }

    /// Hands each item that ends in `chunk` to `take`.
    pub fn chunk(&mut self, chunk: &[u8], mut take: impl FnMut(&[u8])) {
        let mut start = 0;
        for (i, byte) in chunk.iter().enumerate() {
            if !self.ends(*byte) {
                continue;
            }
            if self.begun.is_empty() {
                if self.cut == Cut::Lines || start < i {
                    take(&chunk[start..i]);
                }
            } else {
                self.begun.extend_from_slice(&chunk[start..i]);
                take(&self.begun);
                self.begun.clear();
            }
            start = i + 1;
        }
        self.begun.extend_from_slice(&chunk[start..]);
    }

    /// Hands over the item that the end of the stream ended.
    pub fn end(&mut self, take: impl FnOnce(&[u8])) {
        if !self.begun.is_empty() {
            take(&self.begun);
            self.begun.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The items of a text, the same wherever its chunks end.
    fn cut(cut: Cut, text: &str) -> Vec<String> {
        let in_chunks_of = |size| {
            let mut cutter = Cutter::new(cut);
            let mut items = Vec::new();
            for chunk in text.as_bytes().chunks(size) {
                cutter.chunk(chunk, |item| items.push(String::from_utf8_lossy(item).into_owned()));
            }
            cutter.end(|item| items.push(String::from_utf8_lossy(item).into_owned()));
            items
        };
        let whole = in_chunks_of(text.len().max(1));
        for size in 1..text.len() {
            assert_eq!(in_chunks_of(size), whole, "{text:?} in chunks of {size}");
        }
        whole
    }

    #[test]
    fn lines_end_at_newlines_only() {
        assert_eq!(cut(Cut::Lines, "a\r\n\r\nb\r\n"), ["a\r", "\r", "b\r"]);
        assert_eq!(cut(Cut::Lines, "a\n\n b \rc"), ["a", "", " b \rc"]);
        assert_eq!(cut(Cut::Lines, "\n"), [""]);
        assert!(cut(Cut::Lines, "").is_empty());
    }

    #[test]
    fn words_end_at_ascii_white_space_only() {
        assert_eq!(cut(Cut::Words, " to\tbe\r\nor\x0cnot\n"), ["to", "be", "or", "not"]);
        assert_eq!(cut(Cut::Words, "naïve\u{a0}café a\x0bb"), ["naïve\u{a0}café", "a\x0bb"]);
        assert!(cut(Cut::Words, " \n ").is_empty());
    }
}
