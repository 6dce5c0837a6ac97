//! Those who race: every structure of the catalogue that takes items as they come, by its own type.

use super::exact::SEED;
use fewbytes::counting::count_min;
use fewbytes::membership::{age_partitioned_bloom, scalable_bloom};
use fewbytes::{
    AgePartitionedBloomFilter, BlockedBloomFilter, BloomFilter, CountMinSketch, CountingBloomFilter,
    Estimate, ExaLogLog, HyperLogLog, KMinimumValues, LogLog, MorrisArray, MorrisCounter, Result,
    ScalableBloomFilter, SuperLogLog, UltraLogLog,
};

/// One who takes the hashes of every word.
pub trait Racer {
    fn take(&mut self, hashes: &[u64]) -> Result<()>;
    fn estimate(&self) -> Estimate;
    /// Whether a word of this hash may have come, where it can tell.
    fn contains(&self, _hash: u64) -> Option<bool> {
        None
    }
    /// Its bytes as a file has them.
    fn file(&mut self) -> &[u8];
    fn len(&self) -> usize;
}

/// What inserting gives back: some structures grow, and may find no room.
trait Taken {
    fn taken(self) -> Result<()>;
}

impl Taken for () {
    fn taken(self) -> Result<()> {
        Ok(())
    }
}

impl Taken for Result<()> {
    fn taken(self) -> Result<()> {
        self
    }
}

macro_rules! racers {
    ($($name:ident $([$contains:ident])?),* $(,)?) => {$(
        impl Racer for $name {
            fn take(&mut self, hashes: &[u64]) -> Result<()> {
                self.insert_hashes(hashes).taken()
            }
            fn estimate(&self) -> Estimate {
                self.estimate()
            }
            $(fn $contains(&self, hash: u64) -> Option<bool> {
                Some(self.contains_hash(hash))
            })?
            fn file(&mut self) -> &[u8] {
                self.seal();
                self.as_bytes()
            }
            fn len(&self) -> usize {
                self.as_bytes().len()
            }
        }
    )*};
}
racers!(
    BloomFilter[contains],
    BlockedBloomFilter[contains],
    ScalableBloomFilter[contains],
    CountingBloomFilter[contains],
    AgePartitionedBloomFilter[contains],
    MorrisArray,
    CountMinSketch,
    LogLog,
    SuperLogLog,
    HyperLogLog,
    UltraLogLog,
    ExaLogLog,
    KMinimumValues,
);

/// It counts events, whatever they are.
impl Racer for MorrisCounter {
    fn take(&mut self, hashes: &[u64]) -> Result<()> {
        hashes.iter().for_each(|_| _ = self.increment());
        Ok(())
    }
    fn estimate(&self) -> Estimate {
        self.estimate()
    }
    fn file(&mut self) -> &[u8] {
        self.seal();
        self.as_bytes()
    }
    fn len(&self) -> usize {
        self.as_bytes().len()
    }
}

/// A structure that races: how it is built for so many different words, and with what.
pub struct Entrant {
    pub slug: &'static str,
    pub build: fn(items: u64) -> Result<Box<dyn Racer>>,
    /// What it is built with, in words; `{items}` is the number of words that it was sized for.
    pub with: &'static str,
    pub counts_events: bool,
    /// Whether its estimate is of the latest words only.
    pub forgets: bool,
}

const RATE: f64 = 0.01;
const PRECISION: u32 = 14;
const BASE: f64 = 1.1;

const fn entrant(
    slug: &'static str,
    with: &'static str,
    build: fn(u64) -> Result<Box<dyn Racer>>,
) -> Entrant {
    Entrant { slug, build, with, counts_events: false, forgets: false }
}

const fn counter(
    slug: &'static str,
    with: &'static str,
    build: fn(u64) -> Result<Box<dyn Racer>>,
) -> Entrant {
    Entrant { counts_events: true, ..entrant(slug, with, build) }
}

/// All who race, in the catalogue's order.
pub static ENTRANTS: &[Entrant] = &[
    entrant("bloom", "{items} items, 1 %", |items| Ok(Box::new(BloomFilter::with_rate(items, RATE, SEED)?))),
    entrant("blocked-bloom", "{items} items, 1 %", |items| {
        Ok(Box::new(BlockedBloomFilter::with_rate(items, RATE, SEED)?))
    }),
    entrant("scalable-bloom", "1,024 items at first, 1 %", |_| {
        Ok(Box::new(ScalableBloomFilter::new(scalable_bloom::Plan::new(1024, RATE), SEED)?))
    }),
    counter("counting-bloom", "{items} items, 1 %", |items| {
        Ok(Box::new(CountingBloomFilter::with_rate(items, RATE, SEED)?))
    }),
    Entrant {
        forgets: true,
        ..entrant("age-partitioned-bloom", "a window of {items} words, 1 %", |items| {
            Ok(Box::new(AgePartitionedBloomFilter::new(
                age_partitioned_bloom::size_for(items, RATE, 16)?,
                SEED,
            )?))
        })
    },
    counter("morris", "base 1.1", |_| Ok(Box::new(MorrisCounter::new(BASE, 8, SEED)?))),
    counter("morris-array", "{items} counters, base 1.1", |items| {
        Ok(Box::new(MorrisArray::new(items, BASE, 8, SEED)?))
    }),
    counter("count-min", "0.1 % of all events, 1 %", |_| {
        Ok(Box::new(CountMinSketch::new(count_min::Plan::new(0.001, 0.01)?, SEED)?))
    }),
    entrant("loglog", "precision 14", |_| Ok(Box::new(LogLog::new(PRECISION, SEED)?))),
    entrant("superloglog", "precision 14", |_| Ok(Box::new(SuperLogLog::new(PRECISION, SEED)?))),
    entrant("hyperloglog", "precision 14", |_| Ok(Box::new(HyperLogLog::new(PRECISION, SEED)?))),
    entrant("ultraloglog", "precision 14", |_| Ok(Box::new(UltraLogLog::new(PRECISION, SEED)?))),
    entrant("exaloglog", "precision 12", |_| Ok(Box::new(ExaLogLog::new(12, SEED)?))),
    entrant("kmv", "k 4,096", |_| Ok(Box::new(KMinimumValues::new(4096, SEED)?))),
];

#[cfg(test)]
mod tests {
    use super::*;
    use fewbytes::catalog::CATALOG;
    use fewbytes::entry::Counts;

    #[test]
    fn every_structure_that_takes_items_races() {
        let entries: Vec<_> = CATALOG.iter().filter(|entry| entry.inserts && entry.text.is_none()).collect();
        assert_eq!(entries.len(), ENTRANTS.len());
        for (entry, entrant) in entries.into_iter().zip(ENTRANTS) {
            assert_eq!(entry.slug, entrant.slug);
            assert_eq!(entry.forgets, entrant.forgets, "{}", entry.slug);
            assert_eq!(entry.counts == Counts::Events, entrant.counts_events, "{}", entry.slug);
            let mut racer = (entrant.build)(100_000).expect("a small one");
            let hashes: Vec<u64> =
                (0..100_000_u32).map(|i| super::super::exact::hash(&i.to_le_bytes())).collect();
            racer.take(&hashes).expect("room");
            let said = racer.estimate().value;
            assert!(entrant.forgets || (said / 100_000.0 - 1.0).abs() < 0.5, "{} says {said}", entry.slug);
            assert_eq!(racer.contains(hashes[99_999]).is_some(), entry.contains, "{}", entry.slug);
            assert_ne!(racer.contains(hashes[99_999]), Some(false), "{}", entry.slug);
            let opened = fewbytes::catalog::open(racer.file()).expect("its own file");
            assert_eq!(opened.entry().slug, entry.slug);
        }
    }
}
