//! The exact set that sketches are raced against: every different word, kept whole.

/// Bytes that the set may take. A browser gives a page some gigabytes at most, and a phone less.
pub const MOST_BYTES: usize = 256 << 20;

/// A hash set of words as one writes it who has to save memory: the words end to end, where each ends, and a table of
/// their numbers, at most half full.
#[derive(Default)]
pub struct ExactSet {
    text: Vec<u8>,
    ends: Vec<u32>,
    /// One more than a word's number; 0 where there is none.
    table: Vec<u32>,
    full: bool,
}

impl ExactSet {
    /// Takes a word with its hash. One that finds no room is left out, and so are all after it.
    pub fn insert(&mut self, word: &[u8], hash: u64) {
        if self.full {
            return;
        }
        if self.ends.len() * 2 >= self.table.len() && !self.grow() {
            return;
        }
        let mask = self.table.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            match self.table[place] {
                0 => break,
                number if self.word(number as usize - 1) == word => return,
                _ => place = (place + 1) & mask,
            }
        }
        if self.text.len() + word.len() + self.ends.len() * 4 + self.table.len() * 4 > MOST_BYTES {
            self.full = true;
            return;
        }
        self.text.extend_from_slice(word);
        self.ends.push(self.text.len() as u32);
        self.table[place] = self.ends.len() as u32;
    }

    /// Twice the table. False, and no change but that nothing more is taken, where the memory would be too much.
    fn grow(&mut self) -> bool {
        let len = (self.table.len() * 2).max(1024);
        if len * 4 + self.text.len() + self.ends.len() * 4 > MOST_BYTES {
            self.full = true;
            return false;
        }
        self.table.clear();
        self.table.resize(len, 0);
        for number in 0..self.ends.len() {
            let mut place = hash(self.word(number)) as usize & (len - 1);
            while self.table[place] != 0 {
                place = (place + 1) & (len - 1);
            }
            self.table[place] = number as u32 + 1;
        }
        true
    }

    fn word(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..self.ends[number] as usize]
    }

    /// Different words.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it had to leave words out.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Bytes that it keeps.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.ends.len() * 4 + self.table.len() * 4
    }
}

/// The hash that every racer takes.
pub fn hash(word: &[u8]) -> u64 {
    fewbytes::hash::hash(word, SEED)
}

/// The seed of all who race: what is hashed once serves them all.
pub const SEED: u64 = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn it_keeps_each_word_once() {
        let mut set = ExactSet::default();
        let mut truth = BTreeSet::new();
        for i in 0..50_000_u32 {
            let word = (i * i % 7919).to_string();
            set.insert(word.as_bytes(), hash(word.as_bytes()));
            truth.insert(word);
        }
        assert_eq!(set.len(), truth.len());
        assert!(!set.is_full() && set.bytes() < 200_000);
        assert!((0..set.len()).all(|i| truth.contains(str::from_utf8(set.word(i)).expect("digits"))));
    }

    #[test]
    fn it_stops_where_its_memory_ends() {
        let mut set = ExactSet::default();
        let long = vec![b'x'; 1 << 20];
        for i in 0..400_u64 {
            let mut word = long.clone();
            word[..8].copy_from_slice(&i.to_le_bytes());
            set.insert(&word, hash(&word));
        }
        assert!(set.is_full() && set.bytes() <= MOST_BYTES);
        assert!((200..256).contains(&set.len()), "{}", set.len());
    }
}
