//! Seeded streams: the same items and hashes on every machine, so a test that passed yesterday passes today.

use fewbytes::Items;

/// SplitMix64 of a counter (Steele, Lea, Flood 2014): a stream of different, evenly spread hashes.
pub fn mix(counter: u64) -> u64 {
    let mut z = counter.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// Different hashes, numbers `from` to `to` of the stream `seed`. Streams of different seeds share none, up to 2^32
/// hashes each: the mix is a bijection.
pub fn hashes(seed: u32, from: u64, to: u64) -> impl ExactSizeIterator<Item = u64> + Clone {
    let start = u64::from(seed) << 32;
    (0..usize::try_from(to.saturating_sub(from)).unwrap_or(0)).map(move |i| mix(start + from + i as u64))
}

/// Different items, numbers `from` to `to` of the stream `seed`, as text of unequal lengths.
pub fn words(seed: u32, from: u64, to: u64) -> Vec<String> {
    (from..to).map(|i| format!("{seed}/{i}{}", "~".repeat((mix(i) % 24) as usize))).collect()
}

/// Owned items end to end, for calls that take [`Items`].
#[derive(Clone, Debug, Default)]
pub struct Laid {
    text: Vec<u8>,
    ends: Vec<u32>,
}

impl Laid {
    /// Lays items end to end.
    pub fn new<I: IntoIterator<Item: AsRef<[u8]>>>(items: I) -> Self {
        let mut laid = Self::default();
        for item in items {
            laid.text.extend_from_slice(item.as_ref());
            laid.ends.push(laid.text.len() as u32);
        }
        laid
    }

    /// The view that `insert_all` takes.
    pub fn items(&self) -> Items<'_> {
        Items::new(&self.text, &self.ends)
    }
}
