//! [`SharedCountMin`]: a Count-Min sketch that many fill.

use super::counters::{count, event_len, tosses};
use super::face::{freeze_face, shared_face};
use super::frame::SharedFrame;
use super::{AtomicBuffer, AtomicU64, Words};
use crate::counting::CountMinSketch;
use crate::counting::count_min::{BATCH, CACHED, Cells, FORMAT, HEAD, Plan, Shape, Update, all_events};
use crate::counting::register::toss;
use crate::hash::{hash, in_batches, u64s_in_batches};
use crate::prefetch::prefetch;
use crate::{Error, Estimate, Result, Sigmas};

/// A [`CountMinSketch`] that many threads and processes fill and ask at once: the same bytes.
///
/// Whole cells are, once all threads are done, what one thread would have made of all events: sums don't depend on their
/// order. Cells of Morris registers are as likely to hold anything as if the events had come in some order: see
/// [`shared`](crate::shared). What is being inserted may be in some rows and not yet in others, and counts once it is in all.
///
/// Two things are the owner's alone. The candidates for [`top`](CountMinSketch::top) take several words each, and stay as they
/// are: those of a frozen copy are the ones that the sketch had before it was shared, at their counts of now. And sketches
/// with conservative updates are refused: to raise only the least of some cells, one has to look at all of them at one
/// time.
///
/// ```
/// use fewbytes::{CountMinSketch, shared::SharedCountMin};
///
/// let seen = SharedCountMin::copy_of(&CountMinSketch::with_error(0.001, 0.01, 0)?)?;
/// std::thread::scope(|scope| {
///     for _ in 0..2 {
///         scope.spawn(|| (0..100).for_each(|_| seen.insert("over and over")));
///     }
/// });
/// assert_eq!((seen.count("over and over").value, seen.event_len()), (200.0, 200));
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedCountMin<S = AtomicBuffer> {
    frame: SharedFrame<S>,
    shape: Shape,
}

fn read(head: &[u8], payload_len: u64) -> Result<Shape> {
    let shape = Shape::read(head, payload_len)?;
    match shape.rows.update {
        Update::Plain => Ok(shape),
        Update::Conservative => Err(Error::Sharing {
            field: "update",
            expected: "1, plain: build one with plain updates",
            found: "2, conservative",
        }),
    }
}

impl<S: Words> SharedCountMin<S> {
    /// The coin, the number of events, the cells.
    #[inline]
    fn words(&self) -> &[AtomicU64] {
        self.frame.payload().get(self.shape.head / 8..).unwrap_or_default()
    }

    fn cells(&self) -> &[AtomicU64] {
        self.words().get(HEAD / 8..).unwrap_or_default()
    }

    /// What it was built with; the coin's number is not kept.
    pub fn plan(&self) -> Plan {
        self.shape.plan()
    }

    /// Number of all events: the weights of all that was inserted. Exact, unless there are 2^64 or more.
    pub fn event_len(&self) -> u64 {
        event_len(self.words())
    }

    /// How often `item` came, within two standard errors: as [`CountMinSketch::count`].
    pub fn count(&self, item: impl AsRef<[u8]>) -> Estimate {
        self.count_hash(hash(item.as_ref(), self.seed()))
    }

    /// How often an item of this hash came: as [`count`](Self::count).
    pub fn count_hash(&self, hash: u64) -> Estimate {
        self.count_hash_at(hash, Sigmas::default())
    }

    /// [`count_hash`](Self::count_hash) with wider or narrower bounds.
    pub fn count_hash_at(&self, hash: u64, sigmas: Sigmas) -> Estimate {
        // Cells first: events that come meanwhile are in the number of all before they are in a cell.
        let level = self.shape.rows.level(&self.cells(), hash);
        self.shape.count(level, self.event_len(), sigmas)
    }

    /// Number of all events: exact, unless there are 2^64 or more. O(1).
    pub fn estimate(&self) -> Estimate {
        all_events(self.event_len())
    }

    /// Counts one event of `item`.
    #[inline]
    pub fn insert(&self, item: impl AsRef<[u8]>) {
        self.insert_by(item, 1);
    }

    /// Counts `weight` events of `item` at once.
    #[inline]
    pub fn insert_by(&self, item: impl AsRef<[u8]>, weight: u64) {
        self.insert_hash_by(hash(item.as_ref(), self.seed()), weight);
    }

    /// Counts one event of the item of this [`hash`].
    #[inline]
    pub fn insert_hash(&self, hash: u64) {
        self.insert_hash_by(hash, 1);
    }

    /// Counts `weight` events of the item of this hash.
    pub fn insert_hash_by(&self, hash: u64, weight: u64) {
        if weight == 0 {
            return;
        }
        let mut coin = self.coin(1);
        if weight > 1 {
            // It takes any number of tosses: they are those of a coin of its own.
            coin = toss(&mut coin);
        }
        count(self.words(), weight);
        self.shape.rows.add(&mut self.cells(), &mut coin, hash, weight);
    }

    /// The coin, where cells have one.
    fn coin(&self, toss_len: u64) -> u64 {
        match self.shape.rows.cells {
            Cells::Morris(_) => tosses(self.words(), toss_len),
            _ => 0,
        }
    }

    /// Counts one event of each hash, faster than one at a time: their cells are asked for before the first is read, and the
    /// number of all events, which all threads write, is written once.
    pub fn insert_hashes(&self, hashes: &[u64]) {
        if hashes.is_empty() {
            return;
        }
        let (mut coin, mut cells) = (self.coin(hashes.len() as u64), self.cells());
        count(self.words(), hashes.len() as u64);
        let far = size_of_val(cells) >= CACHED;
        for hashes in hashes.chunks(BATCH) {
            if far {
                let places = hashes.iter().flat_map(|hash| self.shape.rows.bytes_of(*hash));
                places.for_each(|at| prefetch(cells, at / 8));
            }
            hashes.iter().for_each(|hash| _ = self.shape.rows.add(&mut cells, &mut coin, *hash, 1));
        }
    }

    /// Counts one event of each item, as [`insert_hashes`](Self::insert_hashes).
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&self, items: I) {
        in_batches(items, self.seed(), |hashes| self.insert_hashes(hashes));
    }

    /// Counts one event of each number, an item of eight little-endian bytes.
    pub fn insert_u64s(&self, numbers: &[u64]) {
        u64s_in_batches(numbers, self.seed(), |hashes| self.insert_hashes(hashes));
    }
}

shared_face!(SharedCountMin, CountMinSketch, FORMAT, shape: read);
freeze_face!(SharedCountMin, CountMinSketch);
