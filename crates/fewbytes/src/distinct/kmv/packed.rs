//! A [`Sample`] as bytes to be kept: gaps between hashes, in as few bits as they need.
//!
//! Source of the code: R. F. Rice (1979), *Some practical universal noiseless coding techniques*, JPL 79-22.

use super::{EMPTY, Sample};
use crate::layout::{Field, Format, Frame, HEADER_LEN};
use crate::{Error, Result};
use alloc::vec::Vec;

const THRESHOLD: Field<u64> =
    Field::at(HEADER_LEN, "threshold", "hashes below it are all here; all ones for every hash");
const LEN: Field<u32> = THRESHOLD.then("len", "number of hashes");
const KNOWN: Field<u8> = LEN.then("known_bits", "upper bits of a hash that are known; those below are zero");
const RICE: Field<u8> = KNOWN.then("rice_bits", "lower bits of a gap that are written as they are");

/// A packed sample's header and what the payload holds.
pub const PACKED: Format = Format {
    kind: 17,
    slug: "kmv-sample",
    version: 1,
    parameters: &[THRESHOLD.row(), LEN.row(), KNOWN.row(), RICE.row()],
    payload: "of each hash's known bits how many numbers lie between it and the one before it: the number without its \
              lower rice_bits bits as so many zeros and a one, then those bits, lowest first",
};

/// Bits of a hash below the threshold that [`Sample::pack`] is best given: 40.
///
/// Two hashes that agree in them are taken for one. Of samples of *a* and *b* hashes that is the fate of *a b / 2^40* pairs
/// in expectation, whatever their thresholds: one in 65,000 samples of 4,096 hashes has a wrong one, and in samples of
/// 2^20 one is wrong, a thousandth of the standard error.
pub const PACKED_BITS: u32 = 40;

impl Sample {
    /// The bytes of the sample, with `bits` bits of each hash below the threshold: [`PACKED_BITS`] unless there is a reason
    /// for others, 64 for all. They take about *bits + 1.5 - log2 c* bits a hash for *c* hashes: 15 KB for 4,096.
    ///
    /// ```
    /// use fewbytes::{KMinimumValues, Sample, distinct::kmv::PACKED_BITS};
    ///
    /// let [mut left, mut right] = [KMinimumValues::new(4096, 0)?, KMinimumValues::new(4096, 0)?];
    /// left.insert_all((0..200_000).map(|i| format!("visitor-{i}")));
    /// right.insert_all((100_000..500_000).map(|i| format!("visitor-{i}")));
    /// let bytes = left.sample().pack(PACKED_BITS)?;
    /// assert!(bytes.len() < 15_500, "{}", bytes.len());
    /// let stored = Sample::unpack(&bytes)?;
    /// // Packed or not, with one of any threshold: the same answers.
    /// let (packed, whole) = (stored.intersection(&right.sample())?, left.intersection(&right)?);
    /// assert_eq!(packed.len(), whole.len());
    /// # Ok::<(), fewbytes::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] when `bits` is not in 1 to 64; [`Error::CannotGrow`] when memory can't be had; [`Error::Field`]
    /// when the sample is of a sketch whose bytes are damaged: its hashes are not in order.
    pub fn pack(&self, bits: u32) -> Result<Vec<u8>> {
        if !(1..=64).contains(&bits) {
            return Err(Error::parameter("bits", "1 to 64", bits));
        }
        let known = (bits + self.threshold.leading_zeros()).min(self.known).max(1);
        let sample = self.coarser(known);
        let below = places(sample.threshold, known);
        let rice = (below / (sample.hashes.len() as u64 + 1)).checked_ilog2().unwrap_or(0);
        let mut writer = Writer::default();
        let mut next = 0;
        for (i, hash) in sample.hashes().enumerate() {
            // Gaps that go backwards, or sum up to more than there is below, would take any memory.
            let place = Some(hash >> (64 - known)).filter(|place| *place < below);
            let (place, gap) =
                place.and_then(|place| Some((place, place.checked_sub(next)?))).ok_or_else(|| damaged(i))?;
            writer.put_zeros(gap >> rice);
            writer.put(1, 1);
            writer.put(gap & !(u64::MAX << rice), rice);
            next = place + 1;
        }
        let payload = writer.finish();
        let mut frame = Frame::new(&PACKED, self.seed, payload.len() as u64)?;
        frame.payload_mut().copy_from_slice(&payload);
        let header = frame.bytes_mut();
        THRESHOLD.set(header, sample.threshold);
        LEN.set(header, sample.hashes.len() as u32);
        KNOWN.set(header, known as u8);
        RICE.set(header, rice as u8);
        frame.seal();
        Ok(frame.into_inner().into())
    }

    /// The sample that was packed into these bytes. O(c).
    ///
    /// # Errors
    /// The first thing in which `bytes` are not a packed sample: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`], [`Error::Checksum`] or [`Error::Field`].
    pub fn unpack(bytes: &[u8]) -> Result<Self> {
        let frame = Frame::open(bytes, &PACKED)?;
        frame.verify()?;
        let (threshold, len) = (THRESHOLD.get(bytes), LEN.get(bytes) as usize);
        let (known, rice) = (u32::from(KNOWN.get(bytes)), u32::from(RICE.get(bytes)));
        if !(1..=64).contains(&known) {
            return Err(Error::field(KNOWN.name(), "1 to 64", known));
        }
        if rice > 63 {
            return Err(Error::field(RICE.name(), "at most 63", rice));
        }
        if threshold != EMPTY && threshold != cut(threshold, known) {
            return Err(Error::field(THRESHOLD.name(), "zero below the known bits", threshold));
        }
        // Each hash has a bit at least: no more memory is taken than there are bytes for.
        let most = (frame.payload().len() as u64 * 8) / u64::from(rice + 1);
        if len as u64 > most {
            return Err(Error::field(
                LEN.name(),
                format_args!("at most {most}, which the payload has room for"),
                len,
            ));
        }
        let below = places(threshold, known);
        let mut reader = Reader { bytes: frame.payload(), at: 0 };
        let (mut hashes, mut next) = (Vec::with_capacity(len), 0_u64);
        for i in 0..len {
            let place = reader
                .zeros()
                .filter(|upper| *upper <= u64::MAX >> rice)
                .and_then(|upper| Some(upper << rice | reader.bits(rice)?))
                .and_then(|gap| next.checked_add(gap))
                .filter(|place| *place < below)
                .ok_or_else(|| damaged(i))?;
            hashes.push((place << (64 - known)).to_le_bytes());
            next = place + 1;
        }
        Ok(Self { threshold, hashes, known, seed: frame.seed() })
    }

    /// The sample with no more than `known` upper bits of each hash.
    pub(super) fn coarser(&self, known: u32) -> Self {
        if known >= self.known {
            return self.clone();
        }
        let threshold = if self.threshold == EMPTY { EMPTY } else { cut(self.threshold, known) };
        let mut hashes: Vec<u64> = self.hashes().map(|hash| cut(hash, known)).collect();
        // What is at the threshold now is not known to be all that is there.
        hashes.retain(|hash| *hash < threshold);
        hashes.dedup();
        Self { threshold, hashes: hashes.into_iter().map(u64::to_le_bytes).collect(), known, seed: self.seed }
    }
}

/// Hashes that are not in order, or not below the threshold.
fn damaged(i: usize) -> Error {
    Error::field("hashes", "in order below the threshold", format_args!("not so from {i} on"))
}

/// The upper `known` bits.
const fn cut(hash: u64, known: u32) -> u64 {
    hash & u64::MAX << (64 - known)
}

/// How many hashes of so many known bits there are below the threshold; of all 64 one less.
const fn places(threshold: u64, known: u32) -> u64 {
    match threshold {
        EMPTY if known < 64 => 1 << known,
        _ => threshold >> (64 - known),
    }
}

/// Bits, lowest first in each byte.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    word: u64,
    len: u32,
}

impl Writer {
    /// The lowest `len` bits of `bits`, which has no others; at most 63.
    fn put(&mut self, bits: u64, len: u32) {
        self.word |= bits << self.len;
        let before = self.len;
        self.len += len;
        if self.len >= 64 {
            self.bytes.extend_from_slice(&self.word.to_le_bytes());
            self.len -= 64;
            // Those that had no room.
            self.word = bits.checked_shr(64 - before).unwrap_or(0);
        }
    }

    fn put_zeros(&mut self, len: u64) {
        (0..len / 32).for_each(|_| self.put(0, 32));
        self.put(0, (len % 32) as u32);
    }

    fn finish(mut self) -> Vec<u8> {
        let rest = self.len.div_ceil(8) as usize;
        self.bytes.extend_from_slice(&self.word.to_le_bytes()[..rest]);
        self.bytes
    }
}

/// Reads what [`Writer`] wrote; `None` past the end.
struct Reader<'a> {
    bytes: &'a [u8],
    /// The bit that is read next: of 64 bits, as 512 MB have more than 32 bits count.
    at: u64,
}

impl Reader<'_> {
    fn bit_len(&self) -> u64 {
        self.bytes.len() as u64 * 8
    }

    /// 56 bits at least from where it is, zeros past the end.
    fn peek(&self) -> u64 {
        let byte = usize::try_from(self.at / 8).unwrap_or(usize::MAX);
        let from = self.bytes.get(byte..).unwrap_or_default();
        let word = match from.first_chunk::<8>() {
            Some(word) => u64::from_le_bytes(*word),
            None => from.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        word >> (self.at % 8)
    }

    /// Zeros up to the next one, and past it.
    fn zeros(&mut self) -> Option<u64> {
        let mut zeros = 0;
        while self.at < self.bit_len() {
            let run = self.peek().trailing_zeros();
            if run < 56 {
                self.at += u64::from(run) + 1;
                return Some(zeros + u64::from(run));
            }
            zeros += 56;
            self.at += 56;
        }
        None
    }

    fn bits(&mut self, len: u32) -> Option<u64> {
        let low = len.min(32);
        let first = self.peek() & !(u64::MAX << low);
        self.at += u64::from(low);
        let second = self.peek() & !(u64::MAX << (len - low));
        self.at += u64::from(len - low);
        (self.at <= self.bit_len()).then_some(first | second << low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(threshold: u64, known: u32, hashes: &[u64]) -> Sample {
        Sample { threshold, hashes: hashes.iter().map(|hash| hash.to_le_bytes()).collect(), known, seed: 5 }
    }

    fn spread(len: u64, threshold: u64) -> Vec<u64> {
        let mut hashes: Vec<u64> = (0..len)
            .map(|i| crate::hash::hash(&i.to_le_bytes(), 1))
            .map(|hash| ((u128::from(hash) * u128::from(threshold)) >> 64) as u64)
            .collect();
        hashes.retain(|hash| *hash < threshold);
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }

    #[test]
    fn packed_with_all_bits_a_sample_is_what_it_was() -> Result<()> {
        for threshold in [EMPTY, EMPTY - 1, 1 << 63, (1 << 52) + 12_345, 5000, 7, 1, 0] {
            for len in [0, 1, 2, 100, 5000] {
                let sample = sample(threshold, 64, &spread(len, threshold));
                let bytes = sample.pack(64)?;
                assert_eq!(Sample::unpack(&bytes)?, sample, "{len} hashes below {threshold}");
            }
        }
        // The ends, and heaps.
        for hashes in [&[0, 1, 2, 3, EMPTY - 1][..], &[EMPTY - 2, EMPTY - 1], &[0], &[EMPTY - 1]] {
            let sample = sample(EMPTY, 64, hashes);
            assert_eq!(Sample::unpack(&sample.pack(64)?)?, sample, "{hashes:?}");
        }
        Ok(())
    }

    #[test]
    fn packed_with_fewer_bits_a_sample_is_a_coarser_one() -> Result<()> {
        for threshold in [EMPTY, 1 << 60, (1 << 52) + 12_345] {
            let sample = sample(threshold, 64, &spread(3000, threshold));
            for bits in [1, 2, 12, 20, 40, 51, 63] {
                let coarse = Sample::unpack(&sample.pack(bits)?)?;
                let known = (bits + threshold.leading_zeros()).min(64);
                assert_eq!(coarse, sample.coarser(known), "{bits} bits below {threshold}");
                // Packed again it stays what it is.
                assert_eq!(Sample::unpack(&coarse.pack(64)?)?, coarse);
            }
            let coarse = Sample::unpack(&sample.pack(PACKED_BITS)?)?;
            let (lost, estimate) = (sample.len() - coarse.len(), sample.estimate());
            assert!(lost <= 1 && (coarse.estimate().value / estimate.value - 1.0).abs() < 1e-3);
        }
        assert!(sample(EMPTY, 64, &[]).pack(0).is_err() && sample(EMPTY, 64, &[]).pack(65).is_err());
        Ok(())
    }

    /// The hashes of a damaged sketch need not be in order, nor below the largest.
    #[test]
    fn hashes_out_of_order_are_refused() {
        for hashes in [&[5, 3][..], &[5, 5], &[1 << 60, 7], &[EMPTY - 1]] {
            let packed = sample(1 << 50, 64, hashes).pack(64);
            assert!(matches!(packed, Err(Error::Field { field: "hashes", .. })), "{hashes:?}: {packed:?}");
        }
    }

    /// Any change is refused; unsealed, it is refused or gives hashes in order below the threshold.
    #[test]
    fn damaged_bytes_do_no_harm() -> Result<()> {
        let good = sample(1 << 50, 64, &spread(40, 1 << 50)).pack(30)?;
        for len in 0..good.len() {
            assert!(Sample::unpack(&good[..len]).is_err(), "{len} bytes");
        }
        let mut open = good.clone();
        open[14..16].fill(0); // Flags.
        open[32..40].fill(0); // Checksum.
        assert_eq!(Sample::unpack(&open)?, Sample::unpack(&good)?);
        for i in 0..good.len() {
            for bit in 0..8 {
                let flip = |bytes: &[u8]| {
                    let mut bytes = bytes.to_vec();
                    bytes[i] ^= 1 << bit;
                    Sample::unpack(&bytes)
                };
                if let Ok(sample) = flip(&open) {
                    assert!(
                        sample.hashes().is_sorted() && sample.hashes().all(|hash| hash < sample.threshold)
                    );
                    let _ = (sample.estimate(), sample.std_error(), sample.pack(40)?);
                }
                // The flag of the seal is one bit of many: without it the checksum has to be zero.
                assert!(flip(&good).is_err(), "byte {i}, bit {bit}");
            }
        }
        Ok(())
    }
}
