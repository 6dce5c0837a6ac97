//! [`InOrder`]: what one stream, taken in by one HyperLogLog from its start, tells beyond the registers.

use super::hyperloglog::HyperLogLog;
use crate::hash::{hash, in_batches};
use crate::layout::Buffer;
use crate::{Estimate, Sigmas};
use core::f64::consts::LN_2;

/// A HyperLogLog that takes one stream from the start, and counts by its changes: a fifth more exact than its registers.
///
/// When an item changes a register, about *1 / μ* new items have come since the last change, for *μ* the chance that a new
/// item changes one: *μ = Σ 2^-rank / m* over the registers that can still grow. The sum of those is the estimate, the
/// *historic inverse probability* or martingale estimate. It has no bias at any count, and no smaller error is possible
/// when only the changes of a HyperLogLog are seen (Ting 2014).
///
/// **Error**: relative standard error *√(ln 2) / √m = 0.833 / √m*, where [`HyperLogLog::estimate`] has *1.039 / √m*.
/// **Space**: the sketch, and 8 bytes beside it. **Time**: O(1) for inserts and estimates.
///
/// **Bytes and merge**: none. The count depends on the order of the items, and a union has none: two sketches that hold the
/// same items would differ in their bytes, and merging would break its laws. So it lives beside the sketch, whose bytes are
/// those of any HyperLogLog; who wants to go on later keeps [`count`](Self::count) beside them, for
/// [`resume`](Self::resume). What is merged into the sketch ends it: take the sketch out, merge, and ask the registers.
/// ExaLogLog can keep such a history in its bytes.
///
/// **Source**: Ting (2014), *Streamed approximate counting of distinct elements*; Cohen (2015), *All-distances sketches,
/// revisited: HIP estimators for massive graphs analysis*.
///
/// ```
/// use fewbytes::{HyperLogLog, distinct::InOrder};
///
/// let mut visitors = InOrder::new(HyperLogLog::new(12, 7)?);
/// visitors.insert_all((0..100_000).map(|i| format!("visitor-{}", i % 50_000)));
/// assert!(visitors.estimate().covers(50_000.0));
/// assert!(visitors.std_error() < 0.0131 && visitors.sketch().std_error() > 0.0162);
///
/// let sketch = visitors.into_sketch(); // A HyperLogLog as any other.
/// assert!(sketch.estimate().covers(50_000.0));
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone)]
pub struct InOrder<D = Buffer> {
    sketch: HyperLogLog<D>,
    count: f64,
}

/// Relative standard error of [`InOrder`], *√(ln 2) / √m*, for *m = 2^p* registers.
pub fn std_error(precision: u32) -> f64 {
    libm::sqrt(LN_2 / libm::exp2(f64::from(precision)))
}

impl InOrder {
    /// From the start of a stream. What `sketch` has taken already counts as its registers say.
    pub fn new(sketch: HyperLogLog) -> Self {
        let count = sketch.estimate().value;
        Self { sketch, count }
    }
}

impl<D: AsRef<[u8]>> InOrder<D> {
    /// Goes on with a sketch and the [`count`](InOrder::count) that was kept beside it.
    pub fn resume(sketch: HyperLogLog<D>, count: f64) -> Self {
        Self { sketch, count }
    }

    /// Number of different items inserted, by the changes so far.
    pub fn count(&self) -> f64 {
        self.count
    }

    /// [`count`](Self::count) within two standard errors. O(1).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        if self.count == 0.0 {
            return Estimate::exact(0.0);
        }
        // Of a few items two may share a register: `high` leaves room for one more.
        let estimate = Estimate::relative(self.count, self.std_error(), sigmas);
        Estimate { high: estimate.high.max(estimate.value + 1.0), ..estimate }
    }

    /// Standard error of [`estimate`](Self::estimate), as a share of the truth.
    pub fn std_error(&self) -> f64 {
        std_error(self.sketch.precision())
    }

    /// The sketch, to be asked, saved or merged into another.
    pub fn sketch(&self) -> &HyperLogLog<D> {
        &self.sketch
    }

    /// The sketch without the count.
    pub fn into_sketch(self) -> HyperLogLog<D> {
        self.sketch
    }
}

impl<D: AsRef<[u8]>> core::fmt::Debug for InOrder<D> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("InOrder").field("sketch", &self.sketch).field("count", &self.count).finish()
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> InOrder<D> {
    /// Takes one item. True when a register grew.
    #[inline]
    pub fn insert(&mut self, item: impl AsRef<[u8]>) -> bool {
        self.insert_hash(hash(item.as_ref(), self.sketch.seed()))
    }

    /// Takes an item by its [`hash`] under the sketch's seed. True when a register grew.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        // The chance before: it is what made the change likely.
        match self.sketch.insert_hash_with_chance(hash) {
            Some(chance) => {
                self.count += 1.0 / chance;
                true
            }
            None => false,
        }
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        for hash in hashes {
            self.insert_hash(*hash);
        }
    }

    /// Takes many items.
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, items: I) {
        let seed = self.sketch.seed();
        in_batches(items, seed, |hashes| self.insert_hashes(hashes));
    }
}
