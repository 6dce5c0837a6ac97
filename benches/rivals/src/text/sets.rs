//! The keys of text stores, sorted and different: lists that somebody has, made-up compound words and addresses.

use crate::keys::key;
use anyhow::{Context, Result};
use fewbytes_tests::texts::{compound_word, url};
use std::{fs, path::Path};

/// Texts end to end.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    text: Vec<u8>,
    ends: Vec<u64>,
}

impl Texts {
    fn push(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
        self.ends.push(self.text.len() as u64);
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The `i`-th.
    pub fn get(&self, i: usize) -> &[u8] {
        let start = i.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[i] as usize]
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> + Clone {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Bytes of all.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    fn sorted(texts: impl IntoIterator<Item: AsRef<[u8]>>) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(text.as_ref()));
        let mut places: Vec<u32> = (0..all.len() as u32).collect();
        places.sort_unstable_by_key(|i| all.get(*i as usize));
        places.dedup_by(|a, b| all.get(*a as usize) == all.get(*b as usize));
        let mut sorted = Self::default();
        places.into_iter().for_each(|i| sorted.push(all.get(i as usize)));
        sorted
    }

    /// `len` of them, drawn at random, one after the other.
    pub fn sample(&self, len: usize) -> Self {
        let mut drawn = Self::default();
        (0..len as u64).for_each(|i| drawn.push(self.get((key(i) % self.len() as u64) as usize)));
        drawn
    }

    /// As many texts that are near those of the set, and not of it: another byte somewhere.
    pub fn absent(&self, len: usize) -> Self {
        let mut absent = Self::default();
        let mut draws = 0..;
        while absent.len() < len {
            let Some(draw) = draws.next().map(key) else { break };
            let mut text = self.get((draw % self.len() as u64) as usize).to_vec();
            if text.is_empty() {
                continue;
            }
            let at = (draw >> 32) as usize % text.len();
            text[at] = b'a' + (draw >> 48) as u8 % 26;
            if !self.has(&text) {
                absent.push(&text);
            }
        }
        absent
    }

    /// `len` different ones, drawn at random, in the order in which they were drawn.
    pub fn sample_different(&self, len: usize) -> Self {
        let mut places: Vec<usize> = (0..self.len()).collect();
        places.sort_by_cached_key(|place| key(*place as u64));
        let mut drawn = Self::default();
        places.into_iter().take(len).for_each(|place| drawn.push(self.get(place)));
        drawn
    }

    /// Those that are `kept`.
    pub fn filtered(&self, kept: impl Fn(&[u8]) -> bool) -> Self {
        let mut some = Self::default();
        self.iter().filter(|text| kept(text)).for_each(|text| some.push(text));
        some
    }

    fn has(&self, text: &[u8]) -> bool {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle).cmp(text) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        false
    }

    /// Their first `len` bytes, at most half of each.
    pub fn beginnings(&self, len: usize) -> Self {
        let mut cut = Self::default();
        self.iter().for_each(|text| cut.push(&text[..len.min(text.len() / 2)]));
        cut
    }
}

/// The lines of a file.
pub fn lines(path: &Path) -> Result<Texts> {
    let text = fs::read(path).with_context(|| format!("can't read {}", path.display()))?;
    Ok(Texts::sorted(text.split(|byte| *byte == b'\n').filter(|word| !word.is_empty())))
}

/// Made-up compound words: `len` of them, but for those that came twice.
pub fn compounds(len: u64) -> Texts {
    Texts::sorted((0..len).map(|i| compound_word(1, i)))
}

/// Made-up addresses: `len` of them, but for those that came twice.
pub fn urls(len: u64) -> Texts {
    Texts::sorted((0..len).map(|i| url(1, i)))
}
