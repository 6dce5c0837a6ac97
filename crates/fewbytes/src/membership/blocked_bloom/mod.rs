//! [`BlockedBloomFilter`]: Bloom filters of one cache line each, and their sizing.

pub(crate) mod dispatch;
mod entry;
mod fold;
pub(crate) mod form;
pub(crate) mod loops;
mod shape;

pub use entry::{BITS, BLOCK, ENTRY, FORMAT, HASHES, ITEMS, RATE};
pub use shape::{Shape, blocks_for, false_positive_rate, size_for};

use super::bits::one_len;
use crate::face::{contains_face, face, insert_face};
use crate::layout::{Buffer, Frame};
use crate::{Error, Estimate, Result, Sigmas};
use entry::{BLOCK_BITS, BLOCK_LEN, HASH_LEN};

/// Bytes of a filter, its header included: what storage for [`BlockedBloomFilter::new_in`] has to have.
pub const fn byte_len(shape: Shape, block_len: u64) -> u64 {
    (FORMAT.payload_start() as u64).saturating_add(block_len.saturating_mul(shape.block_bytes()))
}

/// Calls a function of `dispatch` or `loops` for the form that a shape stands for.
macro_rules! by_shape {
    ($shape:expr, $how:ident::$name:ident($($arg:expr),*)) => {
        match $shape {
            $crate::membership::blocked_bloom::Shape::Split => $how::$name::<$crate::membership::blocked_bloom::form::Split, _>($($arg),*),
            $crate::membership::blocked_bloom::Shape::Two => $how::$name::<$crate::membership::blocked_bloom::form::Wide<4>, _>($($arg),*),
            $crate::membership::blocked_bloom::Shape::Four => $how::$name::<$crate::membership::blocked_bloom::form::Wide<2>, _>($($arg),*),
            $crate::membership::blocked_bloom::Shape::Eight => $how::$name::<$crate::membership::blocked_bloom::form::Wide<1>, _>($($arg),*),
            $crate::membership::blocked_bloom::Shape::Sixteen => $how::$name::<$crate::membership::blocked_bloom::form::Fine, _>($($arg),*),
        }
    };
}

pub(crate) use by_shape;

/// What a header says of the blocks.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub shape: Shape,
    pub block_len: u64,
}

impl Size {
    /// Reads it from bytes that begin with a header that was checked.
    pub(crate) fn read(head: &[u8], payload_len: u64) -> Result<Self> {
        let (block_bits, hash_len) = (BLOCK_BITS.get(head), HASH_LEN.get(head));
        BLOCK.check_field(BLOCK_BITS.name(), block_bits.into())?;
        let Some(shape) = Shape::of(block_bits, hash_len) else {
            let expected = "2, 4, 8 or 16 in blocks of 512 bits, 8 in blocks of 256";
            return Err(Error::field(HASH_LEN.name(), expected, hash_len));
        };
        let block_len = BLOCK_LEN.get(head);
        if !(1..=shape.max_block_len()).contains(&block_len) || block_len * shape.block_bytes() != payload_len
        {
            let expected =
                format_args!("the blocks of {block_bits} bits in the payload's {payload_len} bytes");
            return Err(Error::field(BLOCK_LEN.name(), expected, block_len));
        }
        Ok(Self { shape, block_len })
    }

    fn bit_len(self) -> u64 {
        self.block_len * u64::from(self.shape.block_bits())
    }

    /// Number of different items inserted, where so many bits are set.
    pub(crate) fn estimate_at(self, ones: u64, sigmas: Sigmas) -> Estimate {
        let (m, full) = (self.bit_len() as f64, ones >= self.bit_len());
        let ones = if full { m - 1.0 } else { ones as f64 };
        let value = -m / f64::from(self.shape.hash_len()) * libm::log1p(-ones / m);
        let std_dev = shape::count_std_dev(self.shape, self.block_len, value);
        let estimate = Estimate::absolute(value, std_dev, sigmas);
        let high = if full { f64::INFINITY } else { estimate.high };
        Estimate { high, ..estimate }
    }
}

#[doc = include_str!("../blocked_bloom.md")]
#[derive(Clone)]
pub struct BlockedBloomFilter<D = Buffer> {
    frame: Frame<D>,
    size: Size,
}

impl BlockedBloomFilter {
    /// An empty filter that gives at most `rate` false positives when it holds `items` different items.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `items` is not in 1 to 2^40, or `rate` not between 0 and 1 or less than about 10^-8, which
    /// blocks can't give; [`Error::CannotGrow`] when memory for it can't be had.
    pub fn with_rate(items: u64, rate: f64, seed: u64) -> Result<Self> {
        let (shape, block_len) = size_for(items, rate)?;
        Self::new(shape, block_len, seed)
    }

    /// An empty filter of a shape and a number of blocks.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `block_len` is 0 or more than [`Shape::max_block_len`]; [`Error::CannotGrow`] when memory for
    /// it can't be had.
    pub fn new(shape: Shape, block_len: u64, seed: u64) -> Result<Self> {
        let block_len = shape::check_block_len(shape, block_len)?;
        let frame = Frame::new(&FORMAT, seed, block_len * shape.block_bytes())?;
        Ok(Self::of_frame(frame, shape, block_len))
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> BlockedBloomFilter<D> {
    /// An empty filter in storage that you bring: lent memory, a map of a file, pages that the system was asked to make
    /// huge. What was there before is erased.
    ///
    /// # Errors
    /// [`Error::Length`] when `data` has not the [`byte_len`] of such a filter; [`Error::Parameter`] as
    /// [`new`](BlockedBloomFilter::new).
    pub fn new_in(data: D, shape: Shape, block_len: u64, seed: u64) -> Result<Self> {
        let block_len = shape::check_block_len(shape, block_len)?;
        let frame = Frame::new_in(data, &FORMAT, seed, block_len * shape.block_bytes())?;
        Ok(Self::of_frame(frame, shape, block_len))
    }

    fn of_frame(mut frame: Frame<D>, shape: Shape, block_len: u64) -> Self {
        BLOCK_LEN.set(frame.bytes_mut(), block_len);
        BLOCK_BITS.set(frame.bytes_mut(), shape.block_bits());
        HASH_LEN.set(frame.bytes_mut(), shape.hash_len());
        Self { frame, size: Size { shape, block_len } }
    }
}

impl<D: AsRef<[u8]>> BlockedBloomFilter<D> {
    /// Opens the bytes of a filter where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a filter's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        let size = Size::read(frame.bytes(), frame.payload().len() as u64)?;
        Ok(Self { frame, size })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// Whether an item of this hash may have been inserted. False is certain.
    #[inline]
    pub fn contains_hash(&self, hash: u64) -> bool {
        by_shape!(self.size.shape, dispatch::contains_hash(self.frame.payload(), hash))
    }

    /// Asks for many items by their hashes; `found` takes the answers in their order, as many as both are long.
    pub fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) {
        by_shape!(self.size.shape, dispatch::contains_hashes(self.frame.payload(), hashes, found));
    }

    /// [`contains_hashes`](Self::contains_hashes) by the loops for any processor: to be measured against.
    #[doc(hidden)]
    pub fn contains_hashes_anywhere(&self, hashes: &[u64], found: &mut [bool]) {
        by_shape!(self.size.shape, loops::contains_hashes(self.frame.payload(), hashes, found));
    }

    /// The form of its blocks.
    pub fn shape(&self) -> Shape {
        self.size.shape
    }

    /// Number of blocks.
    pub fn block_len(&self) -> u64 {
        self.size.block_len
    }

    /// Bits in the filter.
    pub fn bit_len(&self) -> u64 {
        self.size.bit_len()
    }

    /// Bits that an item sets.
    pub fn hash_len(&self) -> u32 {
        self.size.shape.hash_len()
    }

    /// The blocks' bytes: with blocks of 256 bits, the bit set of a Parquet file.
    pub fn blocks(&self) -> &[u8] {
        self.frame.payload()
    }

    /// Bits that are set. O(n).
    pub fn one_len(&self) -> u64 {
        one_len(self.frame.payload())
    }

    /// Share of the bits that are set, from 0 to 1. O(n).
    pub fn fill(&self) -> f64 {
        self.one_len() as f64 / self.bit_len() as f64
    }

    /// The rate at which an item that was never inserted is found now: the mean over the blocks of the product of their
    /// runs' fills. O(n).
    pub fn current_rate(&self) -> f64 {
        self.folded_rate(1)
    }

    /// Number of different items inserted, from the share of bits that are set, within two standard errors. O(n).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    ///
    /// A filter with every bit set can't tell: `high` is infinite, and `value` what all bits but one would give.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        self.size.estimate_at(self.one_len(), sigmas)
    }

    /// Standard error of [`estimate`](Self::estimate) as a share of it; 0 while the filter is empty. O(n).
    pub fn std_error(&self) -> f64 {
        self.estimate_at(Sigmas::One).share_above()
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> BlockedBloomFilter<D> {
    /// Takes an item by its [`hash`](crate::hash::hash) under this filter's seed. True when a bit changed: it was surely
    /// not there before.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        let bits = self.frame.payload_mut();
        by_shape!(self.size.shape, dispatch::insert_hash(bits, hash))
    }

    /// Takes many items by their hashes.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        let bits = self.frame.payload_mut();
        by_shape!(self.size.shape, dispatch::insert_hashes(bits, hashes));
    }

    /// [`insert_hashes`](Self::insert_hashes) by the loops for any processor: to be measured against.
    #[doc(hidden)]
    pub fn insert_hashes_anywhere(&mut self, hashes: &[u64]) {
        let bits = self.frame.payload_mut();
        by_shape!(self.size.shape, loops::insert_hashes(bits, hashes));
    }

    /// Takes in all items of `other`: the union. The result is that of inserting the items of both.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when seed, blocks, their bits or hashes differ; nothing has changed then.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &BlockedBloomFilter<E>) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        Error::unless_equal(BLOCK_BITS.name(), self.size.shape.block_bits(), other.size.shape.block_bits())?;
        Error::unless_equal(HASH_LEN.name(), self.hash_len(), other.hash_len())?;
        Error::unless_equal(BLOCK_LEN.name(), self.size.block_len, other.size.block_len)?;
        for (ours, theirs) in self.frame.payload_mut().iter_mut().zip(other.frame.payload()) {
            *ours |= theirs;
        }
        Ok(())
    }
}

face!(BlockedBloomFilter, frame);
contains_face!(BlockedBloomFilter);
insert_face!(BlockedBloomFilter);
