//! Hashes that may be among the k smallest, gathered before they are sorted in.

use super::{EMPTY, KMinimumValues};
use crate::entry::{Builder, Sketch};
use crate::hash::hash;
use crate::layout::{Buffer, words};
use crate::{Items, Result};
use alloc::{boxed::Box, vec::Vec};

/// Hashes that wait to be sorted in, and which of them came before.
///
/// One sort of as many hashes as the sketch holds costs little a hash, and of a long stream few hashes get here: with
/// each time that the room fills, the number of different items behind it doubles.
#[derive(Clone)]
pub(super) struct Gather {
    /// Larger hashes are surely not among the k smallest.
    limit: u64,
    new: Vec<u64>,
    room: usize,
    /// The complement of the last hash taken for each value of the low bits; none at first. An item that comes again and
    /// again is found here, and does not fill the room: a few items would be sorted for ever.
    seen: Vec<u64>,
}

impl Gather {
    pub(super) fn new<D: AsRef<[u8]>>(sketch: &KMinimumValues<D>) -> Self {
        Self { limit: sketch.limit(), new: Vec::new(), room: sketch.k.max(512), seen: Vec::new() }
    }

    /// Takes a hash. True when there is no room for another: then it is time for [`pour`](Self::pour).
    #[inline]
    pub(super) fn take(&mut self, hash: u64) -> bool {
        hash <= self.limit && self.keep(hash)
    }

    /// Takes many hashes for `sketch`, and sorts them in whenever there is no more room.
    #[inline]
    pub(super) fn take_all<D: AsRef<[u8]> + AsMut<[u8]>>(
        &mut self,
        hashes: impl IntoIterator<Item = u64>,
        sketch: &mut KMinimumValues<D>,
    ) {
        for hash in hashes {
            if self.take(hash) {
                self.pour(sketch);
            }
        }
    }

    /// Not inlined, as [`pour`](Self::pour): so that the loop over all hashes, of which few get here, has the registers.
    #[inline(never)]
    fn keep(&mut self, hash: u64) -> bool {
        let hash = hash.min(EMPTY - 1);
        let mask = self.seen.len().wrapping_sub(1);
        if let Some(seen) = self.seen.get_mut(hash as usize & mask) {
            if *seen == !hash {
                return false;
            }
            *seen = !hash;
        }
        self.new.push(hash);
        self.new.len() >= self.room
    }

    /// Sorts all into the sketch.
    #[inline(never)]
    pub(super) fn pour<D: AsRef<[u8]> + AsMut<[u8]>>(&mut self, sketch: &mut KMinimumValues<D>) {
        let full = self.new.len() >= self.room;
        sort_even(&mut self.new, self.limit);
        self.new.dedup();
        // Many are merged in one pass over the sketch, few are put in their places.
        match self.new.len() > sketch.k / 16 {
            true => sketch.merge_sorted(&self.new),
            false => sketch.place_sorted(&mut self.new),
        }
        if full && self.seen.is_empty() {
            self.seen.resize((2 * self.room).next_power_of_two(), 0); // No hash is all ones.
        }
        self.new.clear();
        self.limit = sketch.limit();
    }
}

/// Sorts hashes that are spread evenly from 0 to `limit`, as hashes are: each goes where its size says, and is then a
/// few places from where it belongs: no more work a hash when there are more, where a comparing sort does.
///
/// Hashes that somebody has heaped up are left to the comparing sort.
fn sort_even(hashes: &mut [u64], limit: u64) {
    const HEAP: u32 = 16;
    let unused = limit.leading_zeros();
    let bits = hashes.len().checked_ilog2().unwrap_or(0).clamp(1, 20);
    let part = |hash: u64| ((hash << unused) >> (64 - bits)) as usize;
    let mut ends = alloc::vec![0_u32; 1 << bits];
    hashes.iter().for_each(|hash| ends[part(*hash)] += 1);
    if hashes.len() < 64 || ends.iter().any(|len| *len > HEAP) {
        return hashes.sort_unstable();
    }
    let mut before = 0;
    for end in &mut ends {
        before += core::mem::replace(end, before);
    }
    let from = hashes.to_vec();
    for hash in from {
        let place = &mut ends[part(hash)];
        hashes[*place as usize] = hash;
        *place += 1;
    }
    // What is left to sort is within parts of a few hashes each.
    for i in 1..hashes.len() {
        let hash = hashes[i];
        let mut j = i;
        while j > 0 && hashes[j - 1] > hash {
            hashes[j] = hashes[j - 1];
            j -= 1;
        }
        hashes[j] = hash;
    }
}

impl<D: AsRef<[u8]>> KMinimumValues<D> {
    /// No hash above it can be among the k smallest.
    fn limit(&self) -> u64 {
        match self.slot(self.k - 1) {
            EMPTY => u64::MAX,
            largest => largest.saturating_sub(1),
        }
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> KMinimumValues<D> {
    /// Sorts in what `feed` gathers.
    #[inline]
    pub(super) fn gather(&mut self, feed: impl FnOnce(&mut Gather, &mut Self)) {
        let mut gather = Gather::new(self);
        feed(&mut gather, self);
        gather.pour(self);
    }

    /// The k smallest of ours and of sorted different hashes.
    pub(super) fn merge_sorted(&mut self, new: &[u64]) {
        let ours: Vec<u64> = words(self.frame.payload()).take(self.len()).collect();
        let slots = self.frame.payload_mut().as_chunks_mut::<8>().0;
        let (mut i, mut j, mut kept) = (0, 0, 0);
        // No branch on which is smaller: that is a coin's toss.
        while i < ours.len() && j < new.len() && kept < slots.len() {
            let (a, b) = (ours[i], new[j]);
            slots[kept] = a.min(b).to_le_bytes();
            kept += 1;
            i += usize::from(a <= b);
            j += usize::from(b <= a);
        }
        let rest = ours[i..].iter().chain(&new[j..]);
        slots[kept..].iter_mut().zip(rest).for_each(|(slot, hash)| *slot = hash.to_le_bytes());
    }

    /// Puts a few sorted different hashes in their places. Changes nothing when all are there.
    fn place_sorted(&mut self, new: &mut Vec<u64>) {
        new.retain(|hash| self.slot(self.place(*hash)) != *hash);
        if new.is_empty() {
            return;
        }
        let slots = self.frame.payload_mut();
        // From the largest down: everything above a new hash moves up by the number of new ones below it.
        let mut end = slots.len() / 8;
        for (below, hash) in new.iter().enumerate().rev() {
            let from = super::lower_bound(&slots[..end * 8], *hash);
            let to = from + below + 1;
            let last = (end + below + 1).min(slots.len() / 8);
            if to < last {
                slots.copy_within(from * 8..(last - below - 1) * 8, to * 8);
            }
            if from + below < slots.len() / 8 {
                slots[(from + below) * 8..][..8].copy_from_slice(&hash.to_le_bytes());
            }
            end = from;
        }
    }
}

/// A [`KMinimumValues`] in the making: the fast way to fill one, also one item at a time.
///
/// A sketch in its bytes is sorted at all times, so an item that it keeps moves others. Here what is to be kept waits
/// until there is as much of it as the sketch holds.
///
/// ```
/// use fewbytes::distinct::kmv::KmvBuilder;
///
/// let mut builder = KmvBuilder::new(1024, 0)?;
/// for i in 0..100_000 {
///     builder.insert(format!("visitor-{i}"));
/// }
/// assert!(builder.finish().estimate().covers(100_000.0));
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct KmvBuilder {
    sketch: KMinimumValues<Buffer>,
    gather: Gather,
}

impl KmvBuilder {
    /// Nothing yet, for a sketch of the `k` smallest hashes.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when `k` is not in 3 to 2^20.
    pub fn new(k: u32, seed: u64) -> Result<Self> {
        Ok(KMinimumValues::new(k, seed)?.into())
    }

    /// Takes one item.
    #[inline]
    pub fn insert(&mut self, item: impl AsRef<[u8]>) {
        self.insert_hash(hash(item.as_ref(), self.sketch.seed()));
    }

    /// Takes an item by its [`hash`] under the sketch's seed.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) {
        if self.gather.take(hash) {
            self.gather.pour(&mut self.sketch);
        }
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        self.gather.take_all(hashes.iter().copied(), &mut self.sketch);
    }

    /// Takes many items.
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, items: I) {
        let seed = self.sketch.seed();
        let hashes = items.into_iter().map(|item| hash(item.as_ref(), seed));
        self.gather.take_all(hashes, &mut self.sketch);
    }

    /// The sketch.
    pub fn finish(mut self) -> KMinimumValues {
        self.gather.pour(&mut self.sketch);
        self.sketch
    }
}

/// Goes on with a sketch.
impl From<KMinimumValues> for KmvBuilder {
    fn from(sketch: KMinimumValues) -> Self {
        Self { gather: Gather::new(&sketch), sketch }
    }
}

impl Builder for KmvBuilder {
    fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
        self.insert_all(items);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Box<dyn Sketch>> {
        Ok(Box::new((*self).finish()))
    }
}
