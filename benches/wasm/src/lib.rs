//! Work that a browser does and a native program too. Whoever calls it has the clock.

use fewbytes::{BlockedBloomFilter, HyperLogLog};
use wasm_bindgen::prelude::wasm_bindgen;

/// Items of a round.
pub const ITEMS: u32 = 1 << 20;

/// Structures, and what they are given.
#[wasm_bindgen]
pub struct Work {
    visitors: HyperLogLog,
    seen: BlockedBloomFilter,
    numbers: Vec<u64>,
    words: Vec<String>,
    found: Vec<bool>,
}

#[wasm_bindgen]
impl Work {
    /// A HyperLogLog of precision 14, and a filter of 1 % that has half of the items.
    ///
    /// # Panics
    /// When memory can't be had.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        let numbers: Vec<u64> =
            (0..u64::from(ITEMS)).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let words = (0..ITEMS).map(|i| format!("item-{i}")).collect();
        let mut seen = BlockedBloomFilter::with_rate(u64::from(ITEMS) / 2, 0.01, 0).expect("memory");
        seen.insert_u64s(&numbers[..numbers.len() / 2]);
        Self { visitors: HyperLogLog::new(14, 0).expect("memory"), seen, numbers, words, found: Vec::new() }
    }

    /// Items of a round.
    #[must_use]
    pub fn items(&self) -> u32 {
        ITEMS
    }

    /// Begins the count anew.
    ///
    /// # Panics
    /// When memory can't be had.
    pub fn reset(&mut self) {
        self.visitors = HyperLogLog::new(14, 0).expect("memory");
    }

    /// Inserts all words into the HyperLogLog, one by one. How many it counts.
    pub fn hyperloglog_insert(&mut self) -> f64 {
        for word in &self.words {
            self.visitors.insert(word);
        }
        self.visitors.estimate().value
    }

    /// Asks the filter for all numbers at once. How many it has.
    pub fn blocked_bloom_contains_all(&mut self) -> u32 {
        self.seen.contains_u64s(&self.numbers, &mut self.found);
        self.found.iter().map(|found| u32::from(*found)).sum()
    }
}

impl Default for Work {
    fn default() -> Self {
        Self::new()
    }
}
