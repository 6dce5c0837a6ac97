//! Those who run: the exact set, and every sketch of the catalogue.

use crate::input::Block;
use anyhow::Result;
use fewbytes::entry::{Counts, Entry, Sketch};
use fewbytes::{Estimate, hash::hash};
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::time::{Duration, Instant};

/// One who takes every token of the stream, timed.
pub struct Contestant {
    runner: Runner,
    time: Duration,
}

enum Runner {
    Exact(ExactSet),
    Sketch { sketch: Box<dyn Sketch>, parameters: String },
}

impl Contestant {
    /// The exact set.
    pub fn exact() -> Self {
        Self { runner: Runner::Exact(ExactSet::default()), time: Duration::ZERO }
    }

    /// A sketch with its defaults, but for `chosen`.
    pub fn sketch(entry: &Entry, chosen: &[(&str, &str)], seed: u64) -> Result<Self> {
        let mut settings = entry.settings();
        settings.seed = seed;
        for (name, value) in chosen {
            settings.set(name, value)?;
        }
        let shown =
            settings.iter().filter_map(|(parameter, number)| Some(format!("{} {}", parameter.name, number?)));
        let parameters = shown.collect::<Vec<_>>().join(", ");
        Ok(Self {
            runner: Runner::Sketch { sketch: (entry.build)(&settings)?, parameters },
            time: Duration::ZERO,
        })
    }

    /// Takes the tokens of a block, and adds the time that it took. Hashing counts; making the tokens does not.
    pub fn take(&mut self, block: &Block) -> Result<()> {
        let start = Instant::now();
        match &mut self.runner {
            Runner::Exact(set) => set.insert_all(block),
            Runner::Sketch { sketch, .. } => sketch.insert_all(block.items())?,
        }
        self.time += start.elapsed();
        Ok(())
    }

    /// Time that it has taken so far.
    pub fn time(&self) -> Duration {
        self.time
    }

    /// Slug of the catalogue; `set` for the exact set.
    pub fn slug(&self) -> &'static str {
        match &self.runner {
            Runner::Exact(_) => "set",
            Runner::Sketch { sketch, .. } => sketch.entry().slug,
        }
    }

    /// Its name in prose.
    pub fn name(&self) -> &'static str {
        match &self.runner {
            Runner::Exact(_) => "exact set",
            Runner::Sketch { sketch, .. } => sketch.entry().name,
        }
    }

    /// Its parameters in words.
    pub fn parameters(&self) -> &str {
        match &self.runner {
            Runner::Exact(_) => "",
            Runner::Sketch { parameters, .. } => parameters,
        }
    }

    /// What its answer counts.
    pub fn counts(&self) -> Counts {
        match &self.runner {
            Runner::Exact(_) => Counts::Distinct,
            Runner::Sketch { sketch, .. } => sketch.entry().counts,
        }
    }

    /// Bytes that it takes now.
    pub fn bytes(&self) -> u64 {
        match &self.runner {
            Runner::Exact(set) => set.bytes(),
            Runner::Sketch { sketch, .. } => sketch.as_bytes().len() as u64,
        }
    }

    /// Its answer.
    pub fn answer(&self) -> Estimate {
        match &self.runner {
            Runner::Exact(set) => Estimate::exact(set.words.len() as f64),
            Runner::Sketch { sketch, .. } => sketch.estimate(),
        }
    }

    /// The answer that is right, where this one knows it.
    pub fn truth(&self) -> Option<u64> {
        match &self.runner {
            Runner::Exact(set) => Some(set.words.len() as u64),
            Runner::Sketch { .. } => None,
        }
    }
}

/// What one would write without sketches: a hash set of the tokens' bytes, with the fast hash that the sketches use.
#[derive(Default)]
struct ExactSet {
    words: HashSet<Box<[u8]>, BuildHasherDefault<Xxh3>>,
    heap: u64,
}

impl ExactSet {
    fn insert_all(&mut self, block: &Block) {
        for word in block.items() {
            if !self.words.contains(word) {
                self.heap += chunk(word.len());
                self.words.insert(word.into());
            }
        }
    }

    /// The table and the words.
    fn bytes(&self) -> u64 {
        table_bytes::<Box<[u8]>>(self.words.capacity()) + self.heap
    }
}

/// Bytes of a hash table with room for `capacity` of `T`: a slot and a control byte for each of a power of two of buckets,
/// filled to 7/8.
pub fn table_bytes<T>(capacity: usize) -> u64 {
    (capacity as u64 * 8 / 7).next_power_of_two() * (size_of::<T>() as u64 + 1)
}

/// Bytes that a common allocator takes for a request: 8 of its own, in steps of 16, at least 32.
pub fn chunk(len: usize) -> u64 {
    ((len as u64 + 8).next_multiple_of(16)).max(32)
}

#[derive(Default)]
struct Xxh3(u64);

impl Hasher for Xxh3 {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes, self.0);
    }

    /// The length that a slice writes before its bytes: it parts "ab", "c" from "a", "bc", which no single word needs.
    fn write_usize(&mut self, _len: usize) {}
}
