//! The peers' filters, each used as its documentation shows, with its own hash where it has one.

use super::{Class, Contestant, Filter};
use crate::results::Whose;
use std::hash::BuildHasher;
use xorf::Filter as _;
use xxhash_rust::xxh3::xxh3_64;

/// All of them.
pub const ALL: &[Contestant] = &[
    peer("fastbloom, foldhash", Class::Sized, u64::MAX, |n, rate| {
        Box::new(
            fastbloom::BloomFilter::with_false_pos(rate)
                .hasher(foldhash::fast::FixedState::default())
                .expected_items(n as usize),
        )
    }),
    peer("fastbloom, SipHash", Class::Sized, u64::MAX, |n, rate| {
        Box::new(fastbloom::BloomFilter::with_false_pos(rate).seed(&7).expected_items(n as usize))
    }),
    peer("sbbf-rs-safe, XXH3", Class::Sized, u64::MAX, |n, rate| {
        // It has no sizing by rate: these whole bits a key are the fewest that keep 1 % and 0.1 %.
        let bits = if rate < 0.005 { 18 } else { 11 };
        Box::new(sbbf_rs_safe::Filter::new(bits, n as usize))
    }),
    peer("bloomfilter", Class::Sized, 10_000_000, |n, rate| {
        let made = bloomfilter::Bloom::new_for_fp_rate_with_seed(n as usize, rate, &[7; 32]);
        Box::new(made.expect("in range"))
    }),
    peer("datasketches Bloom", Class::Sized, 10_000_000, |n, rate| {
        let made = datasketches::bloom::BloomFilterBuilder::with_accuracy(n, rate).seed(7).build();
        Box::new(made.expect("in range"))
    }),
    peer("growable-bloom-filter", Class::Growing, 10_000_000, |_, rate| {
        Box::new(growable_bloom_filter::GrowableBloom::new(rate, 1000))
    }),
    peer("qfilter", Class::Growing, 10_000_000, |n, rate| {
        // Told the most that it will hold: with room for more, its fingerprints would be longer.
        let made = qfilter::Filter::new_resizeable(1000, n, rate);
        Box::new(made.expect("in range"))
    }),
    peer("xorf BinaryFuse8", Class::Static, u64::MAX, |_, _| Box::new(Fuse(None))),
    peer("xorf BinaryFuse16", Class::Static, 10_000_000, |_, _| Box::new(Fuse16(None))),
];

const fn peer(
    name: &'static str,
    class: Class,
    most: u64,
    make: fn(u64, f64) -> Box<dyn Filter>,
) -> Contestant {
    Contestant { name, whose: Whose::Peers, class, most, make }
}

impl<S: BuildHasher> Filter for fastbloom::BloomFilter<S> {
    fn insert(&mut self, keys: &[u64]) {
        for key in keys {
            Self::insert(self, key);
        }
    }
    fn found(&self, keys: &[u64]) -> usize {
        keys.iter().filter(|key| self.contains(*key)).count()
    }
    fn bits(&self) -> u64 {
        self.num_bits() as u64
    }
}

impl Filter for sbbf_rs_safe::Filter {
    fn insert(&mut self, keys: &[u64]) {
        for key in keys {
            self.insert_hash(xxh3_64(&key.to_le_bytes()));
        }
    }
    fn found(&self, keys: &[u64]) -> usize {
        keys.iter().filter(|key| self.contains_hash(xxh3_64(&key.to_le_bytes()))).count()
    }
    fn bits(&self) -> u64 {
        self.as_bytes().len() as u64 * 8
    }
}

impl Filter for bloomfilter::Bloom<u64> {
    fn insert(&mut self, keys: &[u64]) {
        for key in keys {
            self.set(key);
        }
    }
    fn found(&self, keys: &[u64]) -> usize {
        keys.iter().filter(|key| self.check(key)).count()
    }
    fn bits(&self) -> u64 {
        self.len()
    }
}

impl Filter for datasketches::bloom::BloomFilter {
    fn insert(&mut self, keys: &[u64]) {
        for key in keys {
            Self::insert(self, *key);
        }
    }
    fn found(&self, keys: &[u64]) -> usize {
        keys.iter().filter(|key| self.contains(*key)).count()
    }
    fn bits(&self) -> u64 {
        self.capacity() as u64
    }
}

impl Filter for growable_bloom_filter::GrowableBloom {
    fn insert(&mut self, keys: &[u64]) {
        for key in keys {
            Self::insert(self, key);
        }
    }
    fn found(&self, keys: &[u64]) -> usize {
        keys.iter().filter(|key| self.contains(*key)).count()
    }
    fn bits(&self) -> u64 {
        postcard::to_allocvec(self).map_or(0, |bytes| bytes.len() as u64 * 8)
    }
}

impl Filter for qfilter::Filter {
    fn insert(&mut self, keys: &[u64]) {
        for key in keys {
            Self::insert(self, key).expect("it grows");
        }
    }
    fn found(&self, keys: &[u64]) -> usize {
        keys.iter().filter(|key| self.contains(*key)).count()
    }
    fn bits(&self) -> u64 {
        self.memory_usage() as u64 * 8
    }
}

struct Fuse(Option<xorf::BinaryFuse8>);

impl Filter for Fuse {
    fn insert(&mut self, keys: &[u64]) {
        self.0 = Some(xorf::BinaryFuse8::try_from(keys).expect("different keys"));
    }
    fn found(&self, keys: &[u64]) -> usize {
        self.0.as_ref().map_or(0, |filter| keys.iter().filter(|key| filter.contains(key)).count())
    }
    fn bits(&self) -> u64 {
        self.0.as_ref().map_or(0, |filter| filter.fingerprints.len() as u64 * 8)
    }
}

struct Fuse16(Option<xorf::BinaryFuse16>);

impl Filter for Fuse16 {
    fn insert(&mut self, keys: &[u64]) {
        self.0 = Some(xorf::BinaryFuse16::try_from(keys).expect("different keys"));
    }
    fn found(&self, keys: &[u64]) -> usize {
        self.0.as_ref().map_or(0, |filter| keys.iter().filter(|key| filter.contains(key)).count())
    }
    fn bits(&self) -> u64 {
        self.0.as_ref().map_or(0, |filter| filter.fingerprints.len() as u64 * 16)
    }
}
