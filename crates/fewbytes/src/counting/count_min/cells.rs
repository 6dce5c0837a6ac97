//! The rows of cells: how an item's cells take its events, for each kind of cell.

use super::super::register::{Chances, merged, next, toss};
use super::super::rows::places;
use super::super::store::{Store, Whole};
use super::plan::{Cells, MAX_DEPTH, Update};

/// The shape of the cells.
#[derive(Clone)]
pub(crate) struct Rows {
    pub width: u64,
    pub depth: u32,
    pub cells: Cells,
    pub update: Update,
    /// For Morris cells.
    pub chances: Option<Chances>,
}

/// The last state of a Morris cell.
pub(super) const FULL: u8 = u8::MAX;

impl Rows {
    /// The bytes of the cells at which this hash has its own, row by row.
    #[inline]
    pub(crate) fn bytes_of(&self, hash: u64) -> impl Iterator<Item = usize> {
        let width = self.cells.bits() as usize / 8;
        places(hash, self.width, self.depth).map(move |place| place * width)
    }

    /// The least of an item's cells.
    #[inline]
    pub(crate) fn level(&self, cells: &(impl Store + ?Sized), hash: u64) -> u64 {
        match self.cells {
            Cells::Bits32 => self.least::<u32>(cells, hash),
            Cells::Bits64 => self.least::<u64>(cells, hash),
            Cells::Morris(_) => self.least::<u8>(cells, hash),
        }
    }

    #[inline]
    fn least<T: Whole>(&self, cells: &(impl Store + ?Sized), hash: u64) -> u64 {
        places(hash, self.width, self.depth).map(|place| cells.get::<T>(place)).min().unwrap_or(0)
    }

    /// Adds `weight` events, at least one, to an item's cells. The least of them afterwards.
    #[inline]
    pub(crate) fn add(
        &self,
        cells: &mut (impl Store + ?Sized),
        coin: &mut u64,
        hash: u64,
        weight: u64,
    ) -> u64 {
        match (self.cells, self.update) {
            (Cells::Bits32, Update::Plain) => self.add_plain::<u32>(cells, hash, weight),
            (Cells::Bits64, Update::Plain) => self.add_plain::<u64>(cells, hash, weight),
            (Cells::Bits32, Update::Conservative) => self.add_conservative::<u32>(cells, hash, weight),
            (Cells::Bits64, Update::Conservative) => self.add_conservative::<u64>(cells, hash, weight),
            (Cells::Morris(base), _) => self.add_morris(base, cells, coin, hash, weight),
        }
    }

    #[inline]
    fn add_plain<T: Whole>(&self, cells: &mut (impl Store + ?Sized), hash: u64, weight: u64) -> u64 {
        let mut least = u64::MAX;
        for place in places(hash, self.width, self.depth) {
            let (_, sum) = cells.update::<T>(place, |count| count.saturating_add(weight));
            least = least.min(sum);
        }
        least
    }

    #[inline]
    fn add_conservative<T: Whole>(&self, cells: &mut (impl Store + ?Sized), hash: u64, weight: u64) -> u64 {
        let mut own = [0; MAX_DEPTH as usize];
        let own = &mut own[..self.depth as usize];
        let mut least = u64::MAX;
        for (own, place) in own.iter_mut().zip(places(hash, self.width, self.depth)) {
            *own = place;
            least = least.min(cells.get::<T>(place));
        }
        let sum = T::of(least.saturating_add(weight)).count();
        for place in own {
            // Written in any case: whether a cell is too low is not to be foreseen.
            cells.update::<T>(*place, |count| count.max(sum));
        }
        sum
    }

    /// One toss for an event, whatever the rows: *u*, which counts in a cell at state *c* when *u ≤ b^-c*.
    ///
    /// So no cell of an item is ever below a Morris counter of its events alone that was given the same tosses: where the
    /// cell is above, it stays so by a step; where the two are level, both go up or neither. The least of the cells isn't
    /// either, and errs below the truth no more than one Morris counter does. With a toss for each row, the least of *d*
    /// would be too low by about *√(2 ln d)* standard errors.
    ///
    /// Where many write, other events of other items come in between: a cell only goes up, and an event that does not count
    /// in a cell at some state would not count at a higher one. What was looked at once still holds.
    fn add_morris(
        &self,
        base: f64,
        cells: &mut (impl Store + ?Sized),
        coin: &mut u64,
        hash: u64,
        weight: u64,
    ) -> u64 {
        let Some(chances) = &self.chances else { return 0 };
        let mut own = [0; MAX_DEPTH as usize];
        let own = &mut own[..self.depth as usize];
        own.iter_mut().zip(places(hash, self.width, self.depth)).for_each(|(own, place)| *own = place);
        let mut left = weight;
        loop {
            let least = own.iter().map(|place| cells.get::<u8>(*place)).min().unwrap_or(FULL.into());
            if least == u64::from(FULL) || left == 0 {
                return least;
            }
            let chance = chances.get(least as u16);
            let tossed = if weight == 1 {
                left = 0;
                toss(coin)
            } else if next(chances.power(base, least as u16), &mut left, coin) {
                // Of an event that counts where chances are best, the toss is anything up to that chance.
                ((u128::from(toss(coin)) * u128::from(chance)) >> 64) as u64
            } else {
                return least;
            };
            for place in &*own {
                cells.update::<u8>(*place, |state| {
                    let counts = match self.update {
                        Update::Plain => tossed <= chances.get(state as u16) && state < FULL.into(),
                        Update::Conservative => state == least && tossed <= chance,
                    };
                    state + u64::from(counts)
                });
            }
        }
    }

    /// Adds the cells of another sketch to these.
    ///
    /// Morris registers are merged by the same tosses in each cell: what was said of [`add_morris`](Self::add_morris) holds
    /// for the sums too.
    pub(super) fn merge(&self, cells: &mut [u8], theirs: &[u8], coin: &mut u64) {
        fn sum<T: Whole>(cells: &mut [u8], theirs: &[u8]) {
            for (ours, theirs) in cells.chunks_exact_mut(T::WIDTH).zip(theirs.chunks_exact(T::WIDTH)) {
                T::of(T::read(ours).count().saturating_add(T::read(theirs).count())).write(ours);
            }
        }
        match (self.cells, &self.chances) {
            (Cells::Morris(_), Some(chances)) => {
                for (ours, theirs) in cells.iter_mut().zip(theirs) {
                    let states = ((*ours).into(), (*theirs).into());
                    let chance = |exponent| chances.get(exponent);
                    *ours = merged(states, FULL.into(), chance, &mut coin.clone()) as u8;
                }
                // As many as the longest of the merges took.
                (0..FULL).for_each(|_| _ = toss(coin));
            }
            (Cells::Bits64, _) => sum::<u64>(cells, theirs),
            _ => sum::<u32>(cells, theirs),
        }
    }
}
