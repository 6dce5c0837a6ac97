//! [`SharedMorrisArray`]: an array of Morris counters that many fill.

use super::counters::{count, event_len, tosses};
use super::face::{freeze_face, shared_face};
use super::frame::SharedFrame;
use super::{AtomicBuffer, AtomicU64, Words};
use crate::counting::MorrisArray;
use crate::counting::count_min::all_events;
use crate::counting::morris_array::{FORMAT, HEAD, Shape};
use crate::counting::register::toss;
use crate::face::insert_face;
use crate::prefetch::prefetch;
use crate::{Estimate, Result, Sigmas};

/// A [`MorrisArray`] that many threads and processes fill and ask at once: the same bytes.
///
/// The number of all events is exact. Each counter is as likely to be in any state as if its events had come in some order:
/// no two of them have one toss, and an event that finds the register higher than it was asks again, with the same toss.
/// See [`shared`](crate::shared).
///
/// All threads write the coin and the number of all events: count in batches ([`insert_all`](Self::insert_all)), which
/// write them once for 256.
///
/// ```
/// use fewbytes::{MorrisArray, shared::SharedMorrisArray};
///
/// let clicks = SharedMorrisArray::copy_of(&MorrisArray::new(1_000, 1.02, 16, 0)?)?;
/// std::thread::scope(|scope| {
///     for _ in 0..2 {
///         scope.spawn(|| clicks.insert_all((0..50_000).map(|_| "a page")));
///     }
/// });
/// assert_eq!(clicks.event_len(), 100_000);
/// let page = clicks.count("a page").value;
/// assert!((50_000.0..150_000.0).contains(&page), "five standard errors of a tenth: {page}");
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedMorrisArray<S = AtomicBuffer> {
    frame: SharedFrame<S>,
    shape: Shape,
}

impl<S: Words> SharedMorrisArray<S> {
    #[inline]
    fn registers(&self) -> &[AtomicU64] {
        self.frame.payload().get(HEAD / 8..).unwrap_or_default()
    }

    /// Number of counters.
    pub fn counter_len(&self) -> u64 {
        self.shape.counter_len
    }

    /// Events of all counters: the number is kept, and exact.
    pub fn event_len(&self) -> u64 {
        event_len(self.frame.payload())
    }

    /// Number of events of counter `i`, within two standard errors. O(1).
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when there are not so many counters.
    pub fn estimate_of(&self, i: u64) -> Result<Estimate> {
        let state = self.shape.state(&self.registers(), self.shape.check(i)?);
        Ok(self.shape.estimate(state, Sigmas::default()))
    }

    /// How often an item came: as [`MorrisArray::count`].
    pub fn count(&self, item: impl AsRef<[u8]>) -> Estimate {
        self.count_hash(crate::hash::hash(item.as_ref(), self.seed()))
    }

    /// How often an item of this hash came: as [`count`](Self::count).
    pub fn count_hash(&self, hash: u64) -> Estimate {
        // The register first: events that come meanwhile are in the number of all before.
        let state = self.shape.state(&self.registers(), self.shape.place(hash));
        self.shape.count(state, self.event_len())
    }

    /// Number of all events: exact, unless there are 2^64 or more. O(1).
    pub fn estimate(&self) -> Estimate {
        all_events(self.event_len())
    }

    /// Counts one event at counter `i`. True when its register went up.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when there are not so many counters; nothing has changed then.
    pub fn increment(&self, i: u64) -> Result<bool> {
        let at = self.shape.check(i)?;
        Ok(self.count_one(at))
    }

    /// Counts `events` events at counter `i`: as likely to come to any state as by so many single ones.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when there are not so many counters; nothing has changed then.
    pub fn increment_by(&self, i: u64, events: u64) -> Result<()> {
        let at = self.shape.check(i)?;
        // It takes any number of tosses: they are those of a coin of its own.
        let mut coin = toss(&mut tosses(self.frame.payload(), 1));
        count(self.frame.payload(), events);
        self.shape.add(&mut self.registers(), at, events, &mut coin);
        Ok(())
    }

    fn count_one(&self, at: usize) -> bool {
        let mut coin = tosses(self.frame.payload(), 1);
        count(self.frame.payload(), 1);
        self.shape.step(&mut self.registers(), at, toss(&mut coin))
    }

    /// Counts an event at the counter of this hash. True when its register went up.
    #[inline]
    pub fn insert_hash(&self, hash: u64) -> bool {
        self.count_one(self.shape.place(hash))
    }

    /// Counts an event at the counter of each hash. Registers are asked for before the first is read.
    pub fn insert_hashes(&self, hashes: &[u64]) {
        if hashes.is_empty() {
            return;
        }
        let (events, mut registers) = (hashes.len() as u64, self.registers());
        let mut coin = tosses(self.frame.payload(), events);
        count(self.frame.payload(), events);
        let per_word = if self.shape.wide() { 4 } else { 8 };
        let mut places = [0; 64];
        for hashes in hashes.chunks(places.len()) {
            for (at, hash) in places.iter_mut().zip(hashes) {
                *at = self.shape.place(*hash);
                prefetch(registers, *at / per_word);
            }
            for at in &places[..hashes.len()] {
                self.shape.step(&mut registers, *at, toss(&mut coin));
            }
        }
    }
}

shared_face!(SharedMorrisArray, MorrisArray, FORMAT, shape: Shape::read);
freeze_face!(SharedMorrisArray, MorrisArray);
insert_face!([S: Words] [&] SharedMorrisArray, "Counts an event at the counter of `item`. True when its register went up.");
