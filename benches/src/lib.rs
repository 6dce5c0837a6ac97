//! What the benches share: the same items and hashes each time, laid out as `insert_all` wants them.

use fewbytes::{
    Items,
    catalog::CATALOG,
    entry::{Entry, Family, Settings},
};

/// The different items of a bench: enough to fill what is in cache and what is beyond.
pub const ITEM_LEN: u64 = 1 << 16;

/// SplitMix64 of a counter: evenly spread hashes.
pub fn mix(counter: u64) -> u64 {
    let mut z = counter.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// Items of 16 bytes end to end: the size of a UUID, an address or a short word.
#[derive(Clone, Debug)]
pub struct Laid {
    text: Vec<u8>,
    ends: Vec<u32>,
}

impl Laid {
    /// Items number `from` to `to`.
    pub fn new(from: u64, to: u64) -> Self {
        let text: Vec<u8> = (from..to).flat_map(|i| [mix(i), i]).flat_map(u64::to_le_bytes).collect();
        let ends = (1..=(to - from) as u32).map(|i| i * 16).collect();
        Self { text, ends }
    }

    /// All of them.
    pub fn items(&self) -> Items<'_> {
        Items::new(&self.text, &self.ends)
    }

    /// Item `i`, round and round.
    pub fn get(&self, i: usize) -> &[u8] {
        let i = i % self.ends.len();
        &self.text[i * 16..][..16]
    }
}

/// Parameters by name, as somebody would type them.
pub type Parameters = &'static [(&'static str, &'static str)];

/// Parameters in cache and beyond, for structures that have a size to choose; the defaults of the others.
pub const SIZES: &[(&str, &[Parameters])] = &[
    ("bloom", &[&[("items", "10_000")], &[("items", "50_000_000")]]),
    ("scalable-bloom", &[&[("capacity", "1_024")], &[("capacity", "50_000_000")]]),
    ("morris", &[&[], &[("base", "1.0005"), ("bits", "16")]]),
    ("loglog", &[&[("precision", "12")], &[("precision", "18")]]),
    ("superloglog", &[&[("precision", "12")], &[("precision", "18")]]),
    ("hyperloglog", &[&[("precision", "12")], &[("precision", "14")], &[("precision", "18")]]),
    ("kmv", &[&[("k", "256")], &[("k", "4096")], &[("k", "1048576")]]),
];

/// Every structure of a family at every size: the entry, its settings, and a label.
///
/// # Panics
/// When a parameter of [`SIZES`] is out of range.
pub fn cases(family: Family) -> Vec<(&'static Entry, Settings, String)> {
    const DEFAULT: &[Parameters] = &[&[]];
    let mut cases = Vec::new();
    for entry in CATALOG.iter().filter(|entry| entry.family == family) {
        let sizes = SIZES.iter().find(|(slug, _)| *slug == entry.slug).map_or(DEFAULT, |(_, sizes)| sizes);
        for parameters in sizes {
            let mut settings = entry.settings();
            for (name, text) in *parameters {
                settings.set(name, text).expect("in range");
            }
            let label: Vec<String> = parameters.iter().map(|(name, text)| format!("{name}={text}")).collect();
            cases.push((*entry, settings, if label.is_empty() { "default".into() } else { label.join(",") }));
        }
    }
    cases
}
