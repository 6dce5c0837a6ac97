//! The one array of registers behind LogLog, SuperLogLog and HyperLogLog.
//!
//! A hash picks a register by its first *p* bits, and offers it the *rank* of the rest: the place of the first one bit,
//! counted from 1. A register keeps the largest rank that it was offered. How the registers become a count is the
//! estimators' affair: each is a pure function of the [`Histogram`].

use crate::entry::{Fact, Number, Parameter, Range, Settings};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Packed, Region, Resize};
use crate::{Error, Estimate, Result};
use alloc::{vec, vec::Vec};

pub(super) const PRECISION: Field<u8> =
    Field::at(HEADER_LEN, "precision", "bits of the hash that pick a register, 4 to 18");

/// What the payload of all three holds.
pub(super) const PAYLOAD: &str =
    "2^precision registers of 6 bits, end to end: register i is the bits from 6 i on, lowest first";

/// Bits of the hash that pick a register.
pub const PRECISION_PARAMETER: Parameter = Parameter {
    name: "precision",
    unit: "bits",
    range: Range::Whole(4, 18),
    default: Some(Number::Whole(14)),
    doc: "2^precision registers of 6 bits",
};

/// A rank is at most 64 - 4 + 1 = 61: it fits 6 bits.
type Ranks = Packed<6>;

/// How many registers hold each rank: all that an estimator needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    counts: [u32; 64],
    precision: u32,
}

impl Histogram {
    /// A histogram from counts: `counts[k]` registers hold rank *k*.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `precision` is not in 4 to 18, and when the counts don't add up to 2^precision or a
    /// rank above 65 - precision has one.
    pub fn new(counts: [u32; 64], precision: u32) -> Result<Self> {
        PRECISION_PARAMETER.check_whole(precision.into())?;
        let sum: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        let expected = 1 << precision;
        if sum != expected {
            return Err(Error::parameter("counts", format_args!("counts that add up to {expected}"), sum));
        }
        let histogram = Self { counts, precision };
        match counts[histogram.max_rank() + 1..].iter().any(|count| *count > 0) {
            true => Err(Error::parameter("counts", "none above rank 65 - precision", "one there")),
            false => Ok(histogram),
        }
    }

    /// Registers of each rank, 0 to 63.
    pub const fn counts(&self) -> &[u32; 64] {
        &self.counts
    }

    /// Bits that pick a register.
    pub const fn precision(&self) -> u32 {
        self.precision
    }

    /// Number of registers, *m*.
    pub const fn register_len(&self) -> usize {
        1 << self.precision
    }

    /// Registers that were hit: as many different items as that were inserted, surely.
    pub const fn occupied_len(&self) -> usize {
        self.register_len() - self.counts[0] as usize
    }

    /// The largest rank that a register can hold, *65 - p*: the rest of the hash was all zeros.
    pub const fn max_rank(&self) -> usize {
        max_rank(self.precision) as usize
    }
}

const fn max_rank(precision: u32) -> u8 {
    (65 - precision) as u8
}

/// Register and rank of a hash.
#[inline]
fn place(hash: u64, precision: u32) -> (usize, u8) {
    let register = (hash >> (64 - precision)) as usize;
    // The bit below the last bit of the rest ends the run where the rest is all zeros.
    let rest = hash << precision | 1 << (precision - 1);
    (register, rest.leading_zeros() as u8 + 1)
}

/// Register and rank after folding from `precision` to `lower`: bits that picked the register go to the rank.
#[inline]
fn fold_place(register: usize, rank: u8, precision: u32, lower: u32) -> (usize, u8) {
    let dropped = precision - lower;
    let moved = register & ((1 << dropped) - 1);
    let rank = match moved {
        _ if rank == 0 => 0,
        0 => rank + dropped as u8,
        // `moved` has `dropped` bits: the rank is the place of its first one among those.
        _ => (dropped - moved.ilog2()) as u8,
    };
    (register >> dropped, rank)
}

/// An array of 2^p registers over storage `D`.
#[derive(Clone)]
pub(super) struct Registers<D> {
    pub(super) frame: Frame<D>,
    precision: u32,
    ranks: Ranks,
}

impl Registers<Buffer> {
    pub(super) fn new(format: &Format, precision: u32, seed: u64) -> Result<Self> {
        PRECISION_PARAMETER.check_whole(precision.into())?;
        let ranks = Ranks::new(1 << precision);
        let mut frame = Frame::new(format, seed, ranks.byte_len() as u64)?;
        PRECISION.set(frame.bytes_mut(), precision as u8);
        Ok(Self { frame, precision, ranks })
    }

    /// The same items seen with fewer registers.
    pub(super) fn fold<D: AsRef<[u8]>>(from: &Registers<D>, format: &Format, lower: u32) -> Result<Self> {
        if lower > from.precision {
            let expected = format_args!("at most {}, the precision there is", from.precision);
            return Err(Error::parameter(PRECISION.name(), expected, lower));
        }
        let mut folded = Self::new(format, lower, from.frame.seed())?;
        folded.take(from);
        Ok(folded)
    }
}

impl<D: AsRef<[u8]>> Registers<D> {
    pub(super) fn open(data: D, format: &Format) -> Result<Self> {
        let frame = Frame::open(data, format)?;
        let precision = u32::from(PRECISION.get(frame.bytes()));
        PRECISION_PARAMETER.check_field(PRECISION.name(), precision.into())?;
        let ranks = Ranks::new(1 << precision);
        let (expected, found) = (ranks.byte_len(), frame.payload().len());
        if found != expected {
            let expected = format_args!("{expected} for precision {precision}");
            return Err(Error::field("payload_len", expected, found));
        }
        Ok(Self { frame, precision, ranks })
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

    /// Damaged bytes may hold ranks beyond the largest: they count as the largest.
    pub(super) fn histogram(&self) -> Histogram {
        let mut counts = [0; 64];
        let max = usize::from(max_rank(self.precision));
        for (rank, count) in self.ranks.histogram(self.frame.payload()).iter().enumerate() {
            counts[rank.min(max)] += count;
        }
        Histogram { counts, precision: self.precision }
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
    #[inline]
    pub(super) fn insert_hash(&mut self, hash: u64) -> bool {
        let (precision, ranks) = (self.precision, self.ranks);
        offer(ranks, self.frame.payload_mut(), place(hash, precision))
    }

    #[inline]
    pub(super) fn insert_hashes(&mut self, hashes: &[u64]) {
        let (precision, ranks) = (self.precision, self.ranks);
        let payload = self.frame.payload_mut();
        for hash in hashes {
            offer(ranks, payload, place(*hash, precision));
        }
    }

    /// Takes every rank of `other`, whose precision is at least ours.
    fn take<E: AsRef<[u8]>>(&mut self, other: &Registers<E>) {
        let (ranks, precision) = (self.ranks, self.precision);
        let payload = self.frame.payload_mut();
        if other.precision == precision {
            return ranks.max_assign(payload, other.frame.payload());
        }
        for (register, rank) in other.iter().enumerate() {
            offer(ranks, payload, fold_place(register, rank, other.precision, precision));
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
        let folded = Registers::fold(self, format, lower)?;
        self.frame.resize_payload(folded.ranks.byte_len())?;
        self.frame.payload_mut().copy_from_slice(folded.frame.payload());
        PRECISION.set(self.frame.bytes_mut(), lower as u8);
        (self.precision, self.ranks) = (lower, folded.ranks);
        Ok(())
    }
}

/// Offers `rank` to `register`. True when it is larger than what the register held.
#[inline]
fn offer(ranks: Ranks, payload: &mut [u8], (register, rank): (usize, u8)) -> bool {
    let larger = rank > ranks.get(payload, register);
    if larger {
        ranks.set(payload, register, rank);
    }
    larger
}

/// Implements what the three types have in common, for a `$name<D>` that has `registers` and an estimator
/// `$estimate_at: fn(&Histogram, Sigmas) -> Estimate` with relative standard error `$std_error: fn(u32) -> f64` of the
/// precision.
macro_rules! register_sketch {
    ($name:ident, $estimate_at:path, $std_error:path) => {
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

            /// Number of different items inserted, within two standard errors. O(m).
            pub fn estimate(&self) -> Estimate {
                self.estimate_at(Sigmas::default())
            }

            /// [`estimate`](Self::estimate) with wider or narrower bounds.
            pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
                $estimate_at(&self.histogram(), sigmas)
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

    /// Folding one hash's place gives the hash's place at the lower precision, for every shape of hash.
    #[test]
    fn folding_a_place_is_placing_the_hash() {
        let hashes = (0..64).flat_map(|i| [1u64 << i, u64::MAX >> i, 0x9e37_79b9_7f4a_7c15 >> i, 0]);
        for hash in hashes {
            for precision in 4..=18 {
                let (register, rank) = place(hash, precision);
                for lower in 4..=precision {
                    assert_eq!(fold_place(register, rank, precision, lower), place(hash, lower), "{hash:x}");
                }
            }
        }
        assert_eq!(fold_place(0b1_0011, 0, 14, 10), (1, 0), "an empty register stays empty");
    }
}
