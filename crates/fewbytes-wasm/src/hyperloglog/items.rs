//! Where items come from: text cut into words or lines, chunk by chunk, and items made up by number.

/// How text is cut into items.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cut {
    /// At white space.
    Words,
    /// At line ends; empty lines are no items.
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
            Cut::Lines => byte == b'\n' || byte == b'\r',
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
                if start < i {
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

/// The made-up item of a number: `item 7`. Different numbers are different items, so their count is exact.
pub fn made_up(number: u64) -> String {
    format!("item {number}")
}

/// A generator for the runs: cheap, and its numbers pass for hashes (Steele, Lea, Flood 2014, SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number strictly between 0 and 1.
    pub fn share(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(cut: Cut, text: &str, size: usize) -> Vec<String> {
        let mut cutter = Cutter::new(cut);
        let mut items = Vec::new();
        for chunk in text.as_bytes().chunks(size) {
            cutter.chunk(chunk, |item| items.push(String::from_utf8_lossy(item).into_owned()));
        }
        cutter.end(|item| items.push(String::from_utf8_lossy(item).into_owned()));
        items
    }

    /// The items are the same wherever chunks end, inside letters of several bytes too.
    #[test]
    fn chunks_do_not_show() {
        let text = "to be\r\nor  not\n\nnaïve café";
        for size in 1..=text.len() {
            assert_eq!(cut(Cut::Words, text, size), ["to", "be", "or", "not", "naïve", "café"], "{size}");
            assert_eq!(cut(Cut::Lines, text, size), ["to be", "or  not", "naïve café"], "{size}");
        }
    }
}
