//! [`Sample`]: all hashes of a set below a threshold, and the operations of sets on such samples.

use super::{EMPTY, KMinimumValues};
use crate::{Error, Estimate, Result, Sigmas};
use alloc::{vec, vec::Vec};

/// What a set has below a threshold: its hashes there are a fair sample of the set, and known to be all.
///
/// Below the lower of two thresholds both sets are known. So their intersection, their difference and their union are
/// known there too, and are samples again, with that threshold: operations can be chained. This is the theta sketch
/// framework of Dasgupta, Lang, Rhodes and Thaler (2016); a full [`KMinimumValues`] is a sample whose threshold is its
/// largest hash.
///
/// ```
/// use fewbytes::KMinimumValues;
///
/// let mut day = [0, 1, 2].map(|_| KMinimumValues::new(4096, 0).unwrap());
/// for (i, day) in (0..).zip(&mut day) {
///     day.insert_all((i * 20_000..60_000 + i * 20_000).map(|i| format!("visitor-{i}")));
/// }
/// // Who came on the first two days, and not on the third: visitors 20,000 to 39,999.
/// let both = day[0].intersection(&day[1])?;
/// assert!(both.estimate().covers(40_000.0));
/// assert!(both.difference(&day[2].sample())?.estimate().covers(20_000.0));
/// assert!(day[0].jaccard(&day[1])?.covers(40.0 / 80.0));
/// # Ok::<(), fewbytes::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// All ones: every hash is below.
    pub(super) threshold: u64,
    /// Smallest first, as little-endian bytes: what a sketch has too, so that both are read by the same code.
    pub(super) hashes: Vec<[u8; 8]>,
    /// Upper bits of the hashes that are known; the others are zero.
    pub(super) known: u32,
    pub(super) seed: u64,
}

/// Sorted hashes as little-endian bytes.
type Run<'a> = &'a [[u8; 8]];

/// The same of a sample and of a sketch's bytes.
#[derive(Clone, Copy)]
struct Part<'a> {
    threshold: u64,
    hashes: Run<'a>,
    known: u32,
    seed: u64,
}

impl<'a> Part<'a> {
    /// Both below the lower of their thresholds.
    fn common(self, other: Self) -> (u64, Run<'a>, Run<'a>) {
        let threshold = self.threshold.min(other.threshold);
        let below = |hashes: Run<'a>| {
            let len = hashes.partition_point(|hash| u64::from_le_bytes(*hash) < threshold);
            hashes.get(..len).unwrap_or(hashes)
        };
        (threshold, below(self.hashes), below(other.hashes))
    }

    /// The hashes below both thresholds that `keep` wants: it is told whether each is in the first and in the second.
    /// `room` is one place more than can be kept of so many: what is not kept is written too, and then over it.
    #[inline]
    fn select(
        self,
        other: Self,
        room: fn(usize, usize) -> usize,
        keep: impl Fn(bool, bool) -> bool,
    ) -> Result<Sample> {
        Error::unless_equal("seed", self.seed, other.seed)?;
        let known = self.known.min(other.known);
        if self.known != other.known {
            // Of a packed sample fewer bits are known: what is compared are those.
            let (a, b) = (self.to_sample().coarser(known), other.to_sample().coarser(known));
            return a.part().select(b.part(), room, keep);
        }
        let (threshold, a, b) = self.common(other);
        // Two walks at once, from the start and from the middle: each step waits for the one before it, and the processor
        // has time for another.
        let middle = a.get(a.len() / 2).map_or(0, |hash| u64::from_le_bytes(*hash));
        let (a0, a1) = a.split_at(a.len() / 2);
        let (b0, b1) = b.split_at(b.partition_point(|hash| u64::from_le_bytes(*hash) < middle));
        let start = room(a0.len(), b0.len());
        let mut hashes = vec![[0; 8]; start + room(a1.len(), b1.len())];
        let (low, high) = hashes.split_at_mut(start);
        let (mut low, mut high) = (Walk::new(a0, b0, low), Walk::new(a1, b1, high));
        while low.goes_on() && high.goes_on() {
            low.step(&keep);
            high.step(&keep);
        }
        let (low, high) = (low.finish(&keep), high.finish(&keep));
        hashes.copy_within(start..start + high, low);
        hashes.truncate(low + high);
        Ok(Sample { threshold, hashes, known, seed: self.seed })
    }

    fn union(self, other: Self) -> Result<Sample> {
        self.select(other, |a, b| a + b + 1, |_, _| true)
    }

    fn intersection(self, other: Self) -> Result<Sample> {
        self.select(other, |a, b| a.min(b) + 1, |first, second| first & second)
    }

    fn difference(self, other: Self) -> Result<Sample> {
        self.select(other, |a, _| a + 1, |first, second| first & !second)
    }

    /// Hashes of the union, where those of the intersection are `both`.
    fn union_len(self, other: Self, both: &Sample) -> usize {
        let below =
            |hash: &[u8; 8]| u64::from_le_bytes(*hash) & u64::MAX << (64 - both.known) < both.threshold;
        let len = |part: Self| part.hashes.partition_point(below);
        // Where bits are not known, two hashes of one set may have become one.
        (len(self) + len(other)).saturating_sub(both.len())
    }

    fn to_sample(self) -> Sample {
        let Part { threshold, hashes, known, seed } = self;
        Sample { threshold, hashes: hashes.to_vec(), known, seed }
    }

    fn jaccard(self, other: Self, sigmas: Sigmas) -> Result<Estimate> {
        let both = self.intersection(other)?;
        let all = self.union_len(other, &both) as f64;
        Ok(share_of(both.len() as f64, all, unseen(both.threshold), sigmas))
    }
}

/// A walk through two sorted runs of hashes, the smaller first.
struct Walk<'a> {
    a: Run<'a>,
    b: Run<'a>,
    kept: &'a mut [[u8; 8]],
    i: usize,
    j: usize,
    len: usize,
}

impl<'a> Walk<'a> {
    fn new(a: Run<'a>, b: Run<'a>, kept: &'a mut [[u8; 8]]) -> Self {
        Self { a, b, kept, i: 0, j: 0, len: 0 }
    }

    #[inline]
    fn goes_on(&self) -> bool {
        self.i < self.a.len() && self.j < self.b.len()
    }

    /// No branch on which is smaller: that is a coin's toss.
    #[inline]
    fn step(&mut self, keep: impl Fn(bool, bool) -> bool) {
        let (x, y) = (u64::from_le_bytes(self.a[self.i]), u64::from_le_bytes(self.b[self.j]));
        let (first, second) = (x <= y, y <= x);
        self.kept[self.len] = x.min(y).to_le_bytes();
        self.len += usize::from(keep(first, second));
        self.i += usize::from(first);
        self.j += usize::from(second);
    }

    /// To the end of both; the number that was kept.
    #[inline]
    fn finish(mut self, keep: impl Fn(bool, bool) -> bool) -> usize {
        while self.goes_on() {
            self.step(&keep);
        }
        let a = if keep(true, false) { &self.a[self.i..] } else { &[] };
        let b = if keep(false, true) { &self.b[self.j..] } else { &[] };
        self.kept[self.len..].iter_mut().zip(a.iter().chain(b)).for_each(|(place, hash)| *place = *hash);
        self.len + a.len() + b.len()
    }
}

/// The chance of a hash to be at the threshold or above.
fn unseen(threshold: u64) -> f64 {
    if threshold == EMPTY { 0.0 } else { 1.0 - share(threshold) }
}

/// The chance of a hash to be below the threshold.
fn share(threshold: u64) -> f64 {
    if threshold == EMPTY { 1.0 } else { threshold as f64 / 18_446_744_073_709_551_616.0 }
}

/// `part` of `all`, which are a sample drawn without putting back, `unseen` the share that was not drawn: Wilson's score
/// bounds, the truths of which `part` would be `sigmas` standard errors off.
fn share_of(part: f64, all: f64, unseen: f64, sigmas: Sigmas) -> Estimate {
    if unseen == 0.0 {
        return Estimate::exact(if all == 0.0 { 1.0 } else { part / all });
    }
    if all == 0.0 {
        return Estimate { value: 0.0, low: 0.0, high: 1.0 };
    }
    let value = part / all;
    let z2 = sigmas.count() * sigmas.count() * unseen / all;
    let centre = (value + 0.5 * z2) / (1.0 + z2);
    let reach = libm::sqrt(z2 * (value * (1.0 - value) + 0.25 * z2)) / (1.0 + z2);
    Estimate { value, low: (centre - reach).clamp(0.0, value), high: (centre + reach).clamp(value, 1.0) }
}

impl Sample {
    /// The hashes, smallest first.
    pub fn hashes(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator + '_ {
        self.hashes.iter().map(|hash| u64::from_le_bytes(*hash))
    }

    /// Number of hashes.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there are none. The set may still have items: they have larger hashes.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The share of all hashes that lie below the threshold, from 0 to 1; at 1 the sample is the whole set.
    pub fn threshold(&self) -> f64 {
        share(self.threshold)
    }

    /// The seed of the hash.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Number of items of the set, within two standard errors; exact where the sample is the whole set.
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    ///
    /// Of *n* items each is below a threshold *θ* by a coin of its own. The value is *c / θ* for *c* hashes, and the bounds
    /// are the *n* of which *c* would be so many standard errors off: they hold for few hashes, and for none.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        let (found, unseen) = (self.len() as f64, unseen(self.threshold));
        if unseen == 0.0 {
            return Estimate::exact(found);
        }
        let z2 = sigmas.count() * sigmas.count() * unseen;
        let (centre, reach) = (found + 0.5 * z2, libm::sqrt(z2 * (found + 0.25 * z2)));
        // Damaged bytes may give a threshold of nothing.
        let share = self.threshold().max(f64::MIN_POSITIVE);
        let value = found / share;
        let low = ((centre - reach) / share).max(found).min(value);
        Estimate { value, low, high: ((centre + reach) / share).max(value) }
    }

    /// Standard error of [`estimate`](Self::estimate) as a share of it, *√((1 - θ) / c)* for *c* hashes below *θ*; infinite
    /// when there are none below a threshold.
    pub fn std_error(&self) -> f64 {
        match (unseen(self.threshold), self.len()) {
            (0.0, _) => 0.0,
            (_, 0) => f64::INFINITY,
            (unseen, len) => libm::sqrt(unseen / len as f64),
        }
    }

    /// What is in one of the sets or in both.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn union(&self, other: &Self) -> Result<Self> {
        self.part().union(other.part())
    }

    /// What is in both sets.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn intersection(&self, other: &Self) -> Result<Self> {
        self.part().intersection(other.part())
    }

    /// What is in this set, and not in `other`.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn difference(&self, other: &Self) -> Result<Self> {
        self.part().difference(other.part())
    }

    /// How alike the sets are: the share of the union that is in both, within two standard errors. Two empty sets are
    /// alike.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn jaccard(&self, other: &Self) -> Result<Estimate> {
        self.part().jaccard(other.part(), Sigmas::default())
    }

    /// Upper bits of each hash that are known: 64, or fewer in a sample that was packed and those made with it.
    pub fn known_bits(&self) -> u32 {
        self.known
    }

    fn part(&self) -> Part<'_> {
        Part { threshold: self.threshold, hashes: &self.hashes, known: self.known, seed: self.seed }
    }
}

impl<D: AsRef<[u8]>> KMinimumValues<D> {
    /// The sample that the sketch is: all hashes while there are fewer than `k`, those below the largest from then on.
    pub fn sample(&self) -> Sample {
        self.part().to_sample()
    }

    /// What is in both sets. The sketches may have different `k`; the [`Sample`] is as large as the smaller one's part of
    /// both. O(k).
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn intersection<E: AsRef<[u8]>>(&self, other: &KMinimumValues<E>) -> Result<Sample> {
        self.part().intersection(other.part())
    }

    /// What is in this set, and not in `other`. O(k).
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn difference<E: AsRef<[u8]>>(&self, other: &KMinimumValues<E>) -> Result<Sample> {
        self.part().difference(other.part())
    }

    /// How alike the sets are: the share of the union that is in both, within two standard errors. Two empty sets are
    /// alike. O(k).
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn jaccard<E: AsRef<[u8]>>(&self, other: &KMinimumValues<E>) -> Result<Estimate> {
        self.jaccard_at(other, Sigmas::default())
    }

    /// [`jaccard`](Self::jaccard) with wider or narrower bounds.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn jaccard_at<E: AsRef<[u8]>>(&self, other: &KMinimumValues<E>, sigmas: Sigmas) -> Result<Estimate> {
        self.part().jaccard(other.part(), sigmas)
    }

    fn part(&self) -> Part<'_> {
        let slots = self.frame.payload().as_chunks::<8>().0;
        let threshold = self.slot(self.k - 1);
        // A full sketch has its own largest hash for a threshold.
        let len = if threshold == EMPTY { self.len() } else { self.k - 1 };
        Part { threshold, hashes: slots.get(..len).unwrap_or(slots), known: 64, seed: self.seed() }
    }
}
