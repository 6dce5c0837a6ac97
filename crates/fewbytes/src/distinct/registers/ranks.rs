//! How ranks lie in the payload: six bits each, or a byte each.

use super::{FORM, FORM_BYTES, FORM_REGISTERS, PRECISION, PRECISION_PARAMETER, has_form};
use crate::layout::{Format, Sextets};
use crate::{Error, Result};

/// The shape of an array of ranks.
///
/// Six bits are fewest. They lie across words: a rank from 16 on may have its upper bits in one, and its lower in another,
/// and no processor changes two words at once. What many write has a byte each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::distinct) struct Ranks {
    sextets: Sextets,
    bytes: bool,
}

/// Ranks are at most 61; in damaged bytes more, which count as this.
const MAX: u8 = 63;

impl Ranks {
    /// Six bits each.
    pub const fn new(len: usize) -> Self {
        Self { sextets: Sextets::new(len), bytes: false }
    }

    /// A byte each.
    pub const fn in_bytes(len: usize) -> Self {
        Self { sextets: Sextets::new(len), bytes: true }
    }

    /// Number of ranks.
    pub const fn len(&self) -> usize {
        self.sextets.len()
    }

    /// Bytes that they take.
    pub const fn byte_len(&self) -> usize {
        if self.bytes { self.len() } else { self.sextets.byte_len() }
    }

    /// [`Sextets::at_least`].
    #[inline(always)]
    pub fn at_least(&self, bytes: &[u8], i: usize, quarter: usize) -> u8 {
        if self.bytes { bytes[i] } else { self.sextets.at_least(bytes, i, quarter) }
    }

    #[inline]
    pub fn get(&self, bytes: &[u8], i: usize) -> u8 {
        if self.bytes { bytes[i].min(MAX) } else { self.sextets.get(bytes, i) }
    }

    #[inline]
    pub fn set(&self, bytes: &mut [u8], i: usize, rank: u8) {
        if self.bytes { bytes[i] = rank } else { self.sextets.set(bytes, i, rank) }
    }

    pub fn iter<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = u8> + 'a {
        let ranks = *self;
        (0..self.len()).map(move |i| ranks.get(bytes, i))
    }

    /// Every rank of `ours` becomes the larger of itself and its twin in `theirs`, which lie alike.
    pub fn max_assign(&self, ours: &mut [u8], theirs: &[u8]) {
        match self.bytes {
            true => ours.iter_mut().zip(theirs).for_each(|(ours, theirs)| *ours = (*ours).max(*theirs)),
            false => self.sextets.max_assign(ours, theirs),
        }
    }

    /// How many registers hold each rank.
    pub fn histogram(&self, bytes: &[u8]) -> [u32; 64] {
        if self.bytes { histogram(bytes.iter().copied()) } else { self.sextets.histogram(bytes) }
    }
}

/// How many of `ranks`, a byte each, are each number.
pub(in crate::distinct) fn histogram(ranks: impl Iterator<Item = u8>) -> [u32; 64] {
    let mut counts = [0; 64];
    ranks.for_each(|rank| counts[usize::from(rank.min(MAX))] += 1);
    counts
}

/// How the ranks lie by a header that was checked.
pub(super) fn ranks_of(head: &[u8], format: &Format) -> Result<Ranks> {
    let precision = PRECISION.get(head);
    PRECISION_PARAMETER.check_field(PRECISION.name(), precision.into())?;
    let len = 1 << precision;
    match FORM.get(head) {
        FORM_REGISTERS => Ok(Ranks::new(len)),
        FORM_BYTES if has_form(format) => Ok(Ranks::in_bytes(len)),
        _ if !has_form(format) => Ok(Ranks::new(len)),
        form => {
            let expected = "1 or 4, registers, in a `HyperLogLog` (a `SparseHyperLogLog` opens the others)";
            Err(Error::field(FORM.name(), expected, form))
        }
    }
}

/// Precision of registers of a byte, by a header that was checked and the payload's length.
pub(crate) fn precision_of_bytes(head: &[u8], payload_len: u64, format: &Format) -> Result<u32> {
    let ranks = ranks_of(head, format)?;
    check_len(ranks, payload_len)?;
    match FORM.get(head) {
        FORM_BYTES => Ok(PRECISION.get(head).into()),
        _ => Err(Error::Sharing {
            field: FORM.name(),
            expected: "4, registers of a byte: `HyperLogLog::spread` makes them",
            found: "1, registers of six bits",
        }),
    }
}

pub(super) fn check_len(ranks: Ranks, found: u64) -> Result<()> {
    match ranks.byte_len() as u64 {
        expected if expected == found => Ok(()),
        expected => {
            let expected = format_args!("{expected} for precision {}", ranks.len().ilog2());
            Err(Error::field("payload_len", expected, found))
        }
    }
}
