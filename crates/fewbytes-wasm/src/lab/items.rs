//! Items made up by number, and numbers made up for the runs.

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
