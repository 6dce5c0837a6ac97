//! The one array of registers behind LogLog, SuperLogLog and HyperLogLog.
//!
//! A hash picks a register by its first *p* bits, and offers it the *rank* of the rest: the place of the first one bit,
//! counted from 1. A register keeps the largest rank that it was offered. How the registers become a count is the
//! estimators' affair: each is a pure function of the [`Histogram`].
//!
//! Two things beside the bytes make it fast. The *floor* is a rank that every register has reached: a hash that offers no
//! more changes nothing, and one test of it says so, before any register is looked at. The `Tally` is the sums that
//! HyperLogLog's estimator needs, kept up to date with each change.

mod histogram;
pub(crate) mod place;
mod ranks;
mod tally;

use crate::entry::{Fact, Number, Parameter, Range, Settings};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region, Resize};
use crate::{Error, Estimate, Result};
use alloc::{vec, vec::Vec};
pub use histogram::Histogram;
use place::{floor_mask, fold_place, place, place_in};
pub(crate) use ranks::precision_of_bytes;
use ranks::{Ranks, check_len, histogram, ranks_of};
pub(super) use tally::Tally;

pub(super) const PRECISION: Field<u8> =
    Field::at(HEADER_LEN, "precision", "bits of the hash that pick a register, 4 to 18");

/// What the payload of a HyperLogLog holds; the others hold registers of six bits always, and have no such field.
pub(super) const FORM: Field<u8> = PRECISION.then(
    "form",
    "1: registers of six bits, 4: of a byte; of a sparse one 2: tokens in a table, 3: tokens, packed",
);

/// The [`FORM`] of registers.
pub(super) const FORM_REGISTERS: u8 = 1;

/// The [`FORM`] of registers of a byte: what many write at once.
pub(super) const FORM_BYTES: u8 = 4;

fn has_form(format: &Format) -> bool {
    format.parameters.iter().any(|row| row.name == FORM.name())
}

/// How many of registers of a byte hold each rank.
pub(crate) fn histogram_of_bytes(precision: u32, ranks: impl Iterator<Item = u8>) -> Histogram {
    counted(precision, histogram(ranks))
}

/// Damaged bytes may hold ranks beyond the largest: they count as the largest.
fn counted(precision: u32, found: [u32; 64]) -> Histogram {
    let mut counts = [0; 64];
    let max = usize::from(max_rank(precision));
    for (rank, count) in found.iter().enumerate() {
        counts[rank.min(max)] += count;
    }
    Histogram { counts, precision }
}

/// What the payload of all three holds.
pub(super) const PAYLOAD: &str = "2^precision registers of 6 bits in three planes of q = 2^precision / 4 bytes: bits 2 to 7 of byte c are register c in \
     the first, q + c in the second; bits 0 to 3 and 4 to 7 of the third are the low bits of registers 2q + c and 3q + c, \
     whose high bits are bits 0 and 1 of the first and of the second";

/// Bits of the hash that pick a register.
pub const PRECISION_PARAMETER: Parameter = Parameter {
    name: "precision",
    unit: "bits",
    range: Range::Whole(4, 18),
    default: Some(Number::Whole(14)),
    doc: "2^precision registers of 6 bits",
};

/// A rank is at most 64 - 4 + 1 = 61: it fits 6 bits.
const fn max_rank(precision: u32) -> u8 {
    (65 - precision) as u8
}

/// Hashes that are looked at together.
const BATCH: usize = 64;

/// The hashes of which `kept` is true, in `room`. Without a branch.
#[inline(always)]
fn sift<'a>(hashes: &[u64], room: &'a mut [u64; BATCH], kept: impl Fn(u64) -> bool) -> &'a [u64] {
    let mut len = 0;
    for hash in hashes {
        // Never beyond: there are at most as many hashes as there is room.
        room[len % BATCH] = *hash;
        len += usize::from(kept(*hash));
    }
    &room[..len]
}

/// The least floor that is worth a test. Below it too many hashes pass: the processor guesses wrong about one in eight,
/// and loses more than the others save. Measured at 2 to 5: 3 and 4 are the same, the others slower.
const LEAST_FLOOR: u8 = 3;

/// Refuses to fold to a precision that is not lower.
pub(super) fn check_fold(precision: u32, lower: u32) -> Result<()> {
    match lower > precision {
        true => {
            let expected = format_args!("at most {precision}, the precision there is");
            Err(Error::parameter(PRECISION.name(), expected, lower))
        }
        false => Ok(()),
    }
}

/// Bytes that the registers take.
pub(super) fn payload_len(precision: u32) -> usize {
    Ranks::new(1 << precision).byte_len()
}

/// An array of 2^p registers over storage `D`.
#[derive(Clone)]
pub(super) struct Registers<D> {
    pub(super) frame: Frame<D>,
    precision: u32,
    ranks: Ranks,
    /// What [`floor_mask`] gives for the floor, or 0: true as long as registers only grow.
    skipped: u64,
    running: Running,
}

/// Whether the tally is known.
#[derive(Clone)]
enum Running {
    /// It is, and follows every change.
    Known(Tally),
    /// Nobody looked at all registers since they were opened or merged, which both cost less than that. After so many more
    /// changes somebody will.
    Unknown { left: u32 },
}

impl Running {
    /// Looking at all registers costs what some hundred changes do: no more than those shall it cost in all.
    fn unknown(ranks: Ranks) -> Self {
        Self::Unknown { left: 16 + ranks.len() as u32 / 64 }
    }
}

impl Registers<Buffer> {
    pub(super) fn new(format: &Format, precision: u32, seed: u64) -> Result<Self> {
        PRECISION_PARAMETER.check_whole(precision.into())?;
        let ranks = Ranks::new(1 << precision);
        let mut frame = Frame::new(format, seed, ranks.byte_len() as u64)?;
        PRECISION.set(frame.bytes_mut(), precision as u8);
        if has_form(format) {
            FORM.set(frame.bytes_mut(), FORM_REGISTERS);
        }
        let running = Running::Known(Tally::empty(precision));
        Ok(Self { frame, precision, ranks, skipped: 0, running })
    }

    /// The same items seen with fewer registers.
    pub(super) fn fold<D: AsRef<[u8]>>(from: &Registers<D>, format: &Format, lower: u32) -> Result<Self> {
        check_fold(from.precision, lower)?;
        let mut folded = Self::new(format, lower, from.frame.seed())?;
        folded.take(from);
        Ok(folded)
    }
}

impl<D: AsRef<[u8]>> Registers<D> {
    pub(super) fn open(data: D, format: &Format) -> Result<Self> {
        let frame = Frame::open(data, format)?;
        let ranks = ranks_of(frame.bytes(), format)?;
        check_len(ranks, frame.payload().len() as u64)?;
        let precision = ranks.len().ilog2();
        Ok(Self { frame, precision, ranks, skipped: 0, running: Running::unknown(ranks) })
    }

    /// The shape over a frame that was checked, of a sparse sketch. There are no registers yet: nothing is asked of it.
    pub(super) fn over(frame: Frame<D>, precision: u32) -> Self {
        let ranks = Ranks::new(1 << precision);
        Self { frame, precision, ranks, skipped: 0, running: Running::unknown(ranks) }
    }

    /// The same registers with a byte each.
    pub(super) fn spread(&self, format: &Format) -> Result<Registers<Buffer>> {
        let ranks = Ranks::in_bytes(self.len());
        let mut frame = Frame::new(format, self.frame.seed(), ranks.byte_len() as u64)?;
        PRECISION.set(frame.bytes_mut(), self.precision as u8);
        FORM.set(frame.bytes_mut(), FORM_BYTES);
        frame.payload_mut().iter_mut().zip(self.iter()).for_each(|(byte, rank)| *byte = rank);
        Registers::open(frame.into_inner(), format)
    }

    /// Takes the precision that the frame has now. All that was known of the registers is forgotten.
    pub(super) fn reshape(&mut self) {
        let precision = u32::from(PRECISION.get(self.frame.bytes()));
        self.ranks = Ranks::new(1 << precision);
        (self.precision, self.skipped, self.running) = (precision, 0, Running::unknown(self.ranks));
    }

    /// Checksum, and no rank beyond the largest.
    pub(super) fn verify(&self) -> Result<()> {
        self.frame.verify()?;
        let max = max_rank(self.precision);
        match self.iter().find(|rank| *rank > max) {
            Some(found) => Err(Error::field("register", format_args!("at most {max}"), found)),
            None => Ok(()),
        }
    }

    pub(super) fn precision(&self) -> u32 {
        self.precision
    }

    pub(super) fn len(&self) -> usize {
        self.ranks.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        self.ranks.iter(self.frame.payload())
    }

    pub(super) fn histogram(&self) -> Histogram {
        counted(self.precision, self.ranks.histogram(self.frame.payload()))
    }

    /// The sums that HyperLogLog's estimator needs: at hand, or by looking at all registers.
    #[inline]
    pub(super) fn tally(&self) -> Tally {
        match &self.running {
            Running::Known(tally) => *tally,
            Running::Unknown { .. } => self.histogram().tally(),
        }
    }

    pub(super) fn facts(&self) -> Vec<Fact> {
        let histogram = self.histogram();
        let largest = histogram.counts.iter().rposition(|count| *count > 0).unwrap_or(0);
        vec![
            Fact::new("registers", self.len(), ""),
            Fact::new("registers still empty", histogram.counts[0], ""),
            Fact::new("largest rank", largest, ""),
        ]
    }

    pub(super) fn regions(&self, format: &Format) -> Vec<Region> {
        self.frame.regions(format)
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> Registers<D> {
    #[inline(always)]
    pub(super) fn insert_hash(&mut self, hash: u64) -> bool {
        // Nearly always the end of it, here or there. A seal, too, stays as it is when nothing changes.
        if hash & self.skipped != 0 || !self.grows(self.frame.payload(), hash) {
            return false;
        }
        let (register, rank) = place(hash, self.precision);
        self.offer(register, rank)
    }

    /// [`insert_hash`](Self::insert_hash); when a register grew, the chance that a new item had to make one grow.
    #[inline]
    pub(super) fn insert_hash_with_chance(&mut self, hash: u64) -> Option<f64> {
        if hash & self.skipped != 0 || !self.grows(self.frame.payload(), hash) {
            return None;
        }
        if matches!(self.running, Running::Unknown { .. }) {
            self.look();
        }
        let chance = self.tally().chance();
        let (register, rank) = place(hash, self.precision);
        self.offer(register, rank).then_some(chance)
    }

    /// Whether the hash's register is less than its rank, as far as one byte tells.
    #[inline(always)]
    fn grows(&self, payload: &[u8], hash: u64) -> bool {
        let (register, rank) = place_in(hash, self.precision, self.ranks.len());
        rank > self.ranks.at_least(payload, register, (hash >> 62) as usize)
    }

    /// Each hash is asked what one insert asks it, but without a branch, as the answers can't be foreseen while a sketch
    /// fills.
    pub(super) fn insert_hashes(&mut self, hashes: &[u64]) {
        let (mut above, mut growing) = ([0; BATCH], [0; BATCH]);
        for hashes in hashes.chunks(BATCH) {
            let above = match self.skipped {
                0 => hashes,
                skipped => sift(hashes, &mut above, |hash| hash & skipped == 0),
            };
            let payload = self.frame.payload();
            for hash in sift(above, &mut growing, |hash| self.grows(payload, hash)) {
                let (register, rank) = place(*hash, self.precision);
                self.offer(register, rank);
            }
        }
    }

    /// Offers `rank` to `register`. True when it is larger than what the register held.
    #[inline(never)]
    fn offer(&mut self, register: usize, rank: u8) -> bool {
        let old = self.ranks.get(self.frame.payload(), register);
        if rank <= old {
            return false;
        }
        self.ranks.set(self.frame.payload_mut(), register, rank);
        let left = match &mut self.running {
            Running::Known(tally) => tally.change(self.precision, old, rank),
            Running::Unknown { left } => {
                *left -= 1;
                *left
            }
        };
        if left == 0 {
            self.look();
        }
        true
    }

    /// Looks at all registers: for the tally, and for the floor.
    #[cold]
    fn look(&mut self) {
        let tally = self.histogram().tally();
        if tally.floor() >= LEAST_FLOOR {
            self.skipped = floor_mask(tally.floor(), self.precision);
        }
        self.running = Running::Known(tally);
    }

    /// Takes every rank of `other`, whose precision is at least ours.
    fn take<E: AsRef<[u8]>>(&mut self, other: &Registers<E>) {
        if other.ranks == self.ranks {
            self.ranks.max_assign(self.frame.payload_mut(), other.frame.payload());
            // The floor still holds: no register is less than it was.
            self.running = Running::unknown(self.ranks);
            return;
        }
        for (register, rank) in other.iter().enumerate() {
            let (register, rank) = fold_place(register, rank, other.precision, self.precision);
            self.offer(register, rank);
        }
    }
}

impl<D: Resize> Registers<D> {
    /// Takes in `other`; of two precisions the lower is kept.
    pub(super) fn merge<E: AsRef<[u8]>>(&mut self, other: &Registers<E>, format: &Format) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        if other.precision < self.precision {
            self.fold_in_place(other.precision, format)?;
        }
        self.take(other);
        Ok(())
    }

    fn fold_in_place(&mut self, lower: u32, format: &Format) -> Result<()> {
        self.replace(Registers::fold(self, format, lower)?)?;
        if has_form(format) {
            FORM.set(self.frame.bytes_mut(), FORM_REGISTERS);
        }
        Ok(())
    }

    /// Becomes what `other` is.
    pub(super) fn replace(&mut self, other: Registers<Buffer>) -> Result<()> {
        self.frame.resize_payload(other.ranks.byte_len())?;
        self.frame.payload_mut().copy_from_slice(other.frame.payload());
        PRECISION.set(self.frame.bytes_mut(), other.precision as u8);
        (self.precision, self.ranks) = (other.precision, other.ranks);
        (self.skipped, self.running) = (other.skipped, other.running);
        Ok(())
    }
}

/// Implements what the three types have in common, for a `$name<D>` that has `registers`, an estimator of those with
/// relative standard error `$std_error: fn(u32) -> f64` of the precision.
macro_rules! register_sketch {
    ($name:ident, |$registers:ident, $sigmas:ident| $estimate_at:expr, $std_error:path) => {
        impl $name {
            /// An empty sketch of 2^`precision` registers.
            ///
            /// # Errors
            /// [`Error::Parameter`](crate::Error::Parameter) when `precision` is not in 4 to 18.
            pub fn new(precision: u32, seed: u64) -> Result<Self> {
                Ok(Self { registers: Registers::new(&FORMAT, precision, seed)? })
            }
        }

        impl<D: AsRef<[u8]>> $name<D> {
            /// Opens the bytes of a sketch where they lie. O(1).
            ///
            /// # Errors
            /// The first thing in which `data` is not such a sketch's bytes:
            /// [`NotFewbytes`](crate::Error::NotFewbytes), [`Kind`](crate::Error::Kind),
            /// [`Version`](crate::Error::Version), [`Length`](crate::Error::Length) or
            /// [`Field`](crate::Error::Field).
            pub fn open(data: D) -> Result<Self> {
                Ok(Self { registers: Registers::open(data, &FORMAT)? })
            }

            /// Compares the checksum, where the bytes are sealed, and looks at every register. O(n).
            ///
            /// # Errors
            /// [`Checksum`](crate::Error::Checksum) or [`Field`](crate::Error::Field).
            pub fn verify(&self) -> Result<()> {
                self.registers.verify()
            }

            /// Bits of the hash that pick a register, *p*.
            pub fn precision(&self) -> u32 {
                self.registers.precision()
            }

            /// Number of registers, *m = 2^p*.
            pub fn register_len(&self) -> usize {
                self.registers.len()
            }

            /// The registers' ranks, in order.
            pub fn registers(&self) -> impl Iterator<Item = u8> + '_ {
                self.registers.iter()
            }

            /// How many registers hold each rank. O(m).
            pub fn histogram(&self) -> Histogram {
                self.registers.histogram()
            }

            /// Number of different items inserted, within two standard errors.
            pub fn estimate(&self) -> Estimate {
                self.estimate_at(Sigmas::default())
            }

            /// [`estimate`](Self::estimate) with wider or narrower bounds.
            pub fn estimate_at(&self, $sigmas: Sigmas) -> Estimate {
                let $registers = &self.registers;
                $estimate_at
            }

            /// Standard error of [`estimate`](Self::estimate), as a share of the truth.
            pub fn std_error(&self) -> f64 {
                $std_error(self.precision())
            }

            /// The sketch of the same items at a `lower` precision: bit for bit what they would have given there.
            ///
            /// # Errors
            /// [`Error::Parameter`](crate::Error::Parameter) when `lower` is more than the precision or less than 4.
            pub fn fold(&self, lower: u32) -> Result<$name> {
                Ok($name { registers: Registers::fold(&self.registers, &FORMAT, lower)? })
            }
        }

        impl<D: AsRef<[u8]> + AsMut<[u8]>> $name<D> {
            /// Takes an item by its [`hash`](crate::hash::hash) under this sketch's seed. True when a register grew.
            #[inline]
            pub fn insert_hash(&mut self, hash: u64) -> bool {
                self.registers.insert_hash(hash)
            }

            /// Takes many items by their hashes.
            pub fn insert_hashes(&mut self, hashes: &[u64]) {
                self.registers.insert_hashes(hashes);
            }
        }

        impl<D: Resize> $name<D> {
            /// Takes in all items of `other`: the union, as if one sketch had taken the items of both. Where the
            /// precisions differ, the finer one is folded first, and the result has the lower.
            ///
            /// # Errors
            /// [`Mismatch`](crate::Error::Mismatch) when the seeds differ;
            /// [`CannotGrow`](crate::Error::CannotGrow) when `self` has to fold and its storage can't change its
            /// length. Nothing has changed then.
            pub fn merge<E: AsRef<[u8]>>(&mut self, other: &$name<E>) -> Result<()> {
                self.registers.merge(&other.registers, &FORMAT)
            }
        }

        face!($name, registers.frame);
        insert_face!($name);
        catalogued!(
            $name,
            view {
                fn facts(&self) -> Vec<Fact> {
                    self.registers.facts()
                }
                fn regions(&self) -> Vec<Region> {
                    self.registers.regions(&FORMAT)
                }
            }
        );
    };
}
pub(super) use register_sketch;

/// `estimate`, whose `low` is only what is sure while a register is empty: the registers that were hit.
pub(super) fn low_while_empty(histogram: &Histogram, estimate: Estimate) -> Estimate {
    match histogram.occupied_len() {
        all if all == histogram.register_len() => estimate,
        occupied => Estimate { low: estimate.low.min(occupied as f64), ..estimate },
    }
}

/// The precision that `settings` choose.
pub(super) fn chosen_precision(settings: &Settings) -> u32 {
    settings.whole(&PRECISION_PARAMETER) as u32
}

/// Bytes of a sketch of that precision, header included.
pub(super) fn byte_len(format: &Format, precision: u32) -> u64 {
    (format.payload_start() + Ranks::new(1 << precision).byte_len()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept up to date is what one finds by looking, at every step: fresh, opened, merged and folded.
    #[test]
    fn the_tally_follows() {
        const FORMAT: Format =
            Format { kind: 0, slug: "", version: 1, parameters: &[PRECISION.row()], payload: "" };
        let check = |registers: &Registers<Buffer>| {
            assert_eq!(registers.tally(), registers.histogram().tally());
            let floor = registers.iter().min().expect("some");
            assert!(
                registers.skipped & !floor_mask(floor, registers.precision) == 0,
                "no floor above {floor}"
            );
        };
        for precision in [4, 5, 10] {
            let mut registers = Registers::new(&FORMAT, precision, 0).expect("in range");
            let mut opened =
                Registers::open(Buffer::from(registers.frame.bytes()), &FORMAT).expect("its own");
            let mut other = Registers::new(&FORMAT, precision + 1, 0).expect("in range");
            for i in 0..60_u64 << precision {
                // Now and then a hash of a very large rank, up to the last.
                let hash = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ i.rotate_left(44);
                let hash = if i % 100 == 0 {
                    hash >> precision >> (hash % 64) | hash << (64 - precision)
                } else {
                    hash
                };
                assert_eq!(registers.insert_hash(hash), opened.insert_hash(hash));
                other.insert_hash(!hash);
                if i % 97 == 0 || i < 100 {
                    check(&registers);
                    check(&opened);
                }
            }
            assert!(matches!(opened.running, Running::Known(_)), "found by itself");
            assert!(registers.skipped != 0, "a floor was found");
            assert_eq!(registers.frame.bytes(), opened.frame.bytes());
            registers.merge(&other, &FORMAT).expect("one seed");
            check(&registers);
            other.merge(&opened, &FORMAT).expect("one seed");
            check(&other);
            assert_eq!(registers.frame.bytes(), other.frame.bytes());
            registers.merge(&opened, &FORMAT).expect("one seed");
            for i in 0..2_u64 << precision {
                registers.insert_hash(i.wrapping_mul(0xd1b5_4a32_d192_ed03) >> (i % 8));
                check(&registers);
            }
        }
    }
}
