//! The hashes that a filter is built from: kept apart by their upper bits as they come, then sorted.

use crate::{Error, Result};
use alloc::vec::Vec;

/// Hashes that are kept in one vector; from there on they go to a bucket each.
const FEW: usize = 1 << 16;

/// Bits of a hash that choose its bucket. All buckets' ends are written in turn: 256 lines stay in the first-level cache.
const BUCKET_BITS: u32 = 8;

/// Hashes of a chunk. A bucket grows by chunks, so none of it is copied and little of it is empty.
const CHUNK: usize = 1 << 12;

/// Hashes as they come.
#[derive(Default)]
pub(super) struct Gathered {
    few: Vec<u64>,
    /// Once they are many: for each bucket the chunk that is being filled.
    filling: Vec<Vec<u64>>,
    /// And those that are full.
    full: Vec<Vec<Vec<u64>>>,
}

impl Gathered {
    /// Takes hashes.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for them can't be had.
    pub fn take(&mut self, hashes: &[u64]) -> Result<()> {
        if self.filling.is_empty() {
            if self.few.len() + hashes.len() <= FEW {
                reserve(&mut self.few, hashes.len())?;
                self.few.extend_from_slice(hashes);
                return Ok(());
            }
            self.filling.resize(1 << BUCKET_BITS, Vec::new());
            self.full.resize(1 << BUCKET_BITS, Vec::new());
            let few = core::mem::take(&mut self.few);
            self.spread(&few)?;
        }
        self.spread(hashes)
    }

    fn spread(&mut self, hashes: &[u64]) -> Result<()> {
        for hash in hashes {
            let bucket = (hash >> (64 - BUCKET_BITS)) as usize;
            let chunk = &mut self.filling[bucket];
            if chunk.len() == chunk.capacity() {
                let mut fresh = Vec::new();
                reserve_exact(&mut fresh, CHUNK)?;
                let chunk = core::mem::replace(chunk, fresh);
                reserve(&mut self.full[bucket], 1)?;
                self.full[bucket].push(chunk);
            }
            self.filling[bucket].push(*hash);
        }
        Ok(())
    }

    /// The different hashes, in order, in runs that are in order.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for a run can't be had.
    pub fn sorted(self) -> Result<Runs> {
        if self.filling.is_empty() {
            let mut few = self.few;
            few.sort_unstable();
            few.dedup();
            return Ok(Runs([few].into()));
        }
        let mut runs = Vec::new();
        reserve_exact(&mut runs, self.full.len())?;
        let mut ends = Vec::new();
        for (mut chunks, last) in self.full.into_iter().zip(self.filling) {
            reserve(&mut chunks, 1)?;
            chunks.push(last);
            runs.push(sorted(chunks, &mut ends)?);
        }
        Ok(Runs(runs))
    }
}

/// The different hashes of a bucket, in order.
///
/// Hashes are spread evenly: by their next bits they go at once to where a few of them belong. Those are then sorted by
/// comparing, which any hashes can be.
fn sorted(chunks: Vec<Vec<u64>>, ends: &mut Vec<usize>) -> Result<Vec<u64>> {
    let len = chunks.iter().map(Vec::len).sum::<usize>();
    // About eight in a cell.
    let cell_bits = (len / 8).max(1).ilog2().clamp(1, 20);
    let cell = |hash: u64| (hash << BUCKET_BITS >> (64 - cell_bits)) as usize;
    ends.clear();
    reserve(ends, 1 << cell_bits)?;
    ends.resize(1 << cell_bits, 0);
    for hash in chunks.iter().flatten() {
        ends[cell(*hash)] += 1;
    }
    let mut start = 0;
    for end in ends.iter_mut() {
        start += core::mem::replace(end, start);
    }
    let mut sorted = Vec::new();
    reserve_exact(&mut sorted, len)?;
    sorted.resize(len, 0);
    for hash in chunks.into_iter().flatten() {
        let end = &mut ends[cell(hash)];
        sorted[*end] = hash;
        *end += 1;
    }
    let mut start = 0;
    for end in ends {
        sorted[start..*end].sort_unstable();
        start = *end;
    }
    sorted.dedup();
    Ok(sorted)
}

/// Different hashes in order, in runs that are in order.
pub(super) struct Runs(Vec<Vec<u64>>);

impl Runs {
    /// Number of hashes.
    pub fn len(&self) -> u64 {
        self.0.iter().map(|run| run.len() as u64).sum()
    }

    /// Hashes that are less than `bound`.
    pub fn less_than(&self, bound: u128) -> u64 {
        let less = |run: &Vec<u64>| run.partition_point(|hash| u128::from(*hash) < bound) as u64;
        self.0.iter().map(less).sum()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.0.iter().flatten().copied()
    }
}

/// Room for `more`, at least twice as much as there was.
fn reserve<T>(vector: &mut Vec<T>, more: usize) -> Result<()> {
    let (expected, found) = (bytes_of(vector, more), bytes_of(vector, 0));
    vector.try_reserve(more).map_err(|_| Error::CannotGrow { expected, found })
}

/// Room for `more`, and not much else.
pub(super) fn reserve_exact<T>(vector: &mut Vec<T>, more: usize) -> Result<()> {
    let (expected, found) = (bytes_of(vector, more), bytes_of(vector, 0));
    vector.try_reserve_exact(more).map_err(|_| Error::CannotGrow { expected, found })
}

fn bytes_of<T>(vector: &[T], more: usize) -> u64 {
    (vector.len() as u64).saturating_add(more as u64).saturating_mul(size_of::<T>() as u64)
}
