//! Shapes of a filter and their sizing: pure functions.

use super::entry::{BITS, BLOCK, HASHES, ITEMS, RATE};
use crate::{Error, Result};

/// A form of block: its bits, and how many of them an item sets, one in each of as many equal runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    /// 256 bits, of which an item sets 8: the split block of Apache Parquet.
    Split,
    /// 512 bits, of which an item sets 2: for rates above 9 %.
    Two,
    /// 512 bits, of which an item sets 4: for rates above 2 %.
    Four,
    /// 512 bits, of which an item sets 8.
    Eight,
    /// 512 bits, of which an item sets 16: for rates below 0.02 %.
    Sixteen,
}

/// More bits an item than this make the lowest rate of a block: there are too many blocks where items come together.
const MOST_BITS_AN_ITEM: u64 = 64;

impl Shape {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Split, Self::Two, Self::Four, Self::Eight, Self::Sixteen];

    /// The shape of blocks of `block_bits` bits of which an item sets `hashes`.
    pub fn of(block_bits: u32, hashes: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| (shape.block_bits(), shape.hash_len()) == (block_bits, hashes))
    }

    /// Bits in a block.
    pub const fn block_bits(self) -> u32 {
        match self {
            Self::Split => 256,
            _ => 512,
        }
    }

    /// Bytes in a block.
    pub const fn block_bytes(self) -> u64 {
        self.block_bits() as u64 / 8
    }

    /// Bits that an item sets.
    pub const fn hash_len(self) -> u32 {
        match self {
            Self::Two => 2,
            Self::Four => 4,
            Self::Split | Self::Eight => 8,
            Self::Sixteen => 16,
        }
    }

    /// Bits in each of the runs of which an item sets one bit.
    pub const fn run_bits(self) -> u32 {
        self.block_bits() / self.hash_len()
    }

    /// Most blocks of a filter. Split blocks are found by 32 bits of the hash: with more of them they would not be found
    /// evenly.
    pub const fn max_block_len(self) -> u64 {
        match self {
            Self::Split => 1 << 27,
            _ => (1 << 46) / 512,
        }
    }
}

/// The rate to expect at `items` different items in `block_len` blocks, a share from 0 to 1.
///
/// A block with *j* items has each of its runs of *w* bits filled to *1 - (1 - 1/w)^j*, and finds an absent item at that to
/// the power of *k*. The rate is the mean of this over the blocks' loads *j*, which are binomial: some blocks are fuller
/// than others, and cost more than the emptier ones save.
pub fn false_positive_rate(shape: Shape, block_len: u64, items: u64) -> f64 {
    let run = f64::from(shape.run_bits());
    let load = items as f64 / block_len.max(1) as f64;
    if load > 60.0 * run {
        return 1.0; // To the last digit.
    }
    let log_empty = libm::log1p(-1.0 / run);
    mean_over_loads(items, block_len, |load| {
        let fill = -libm::expm1(log_empty * load);
        (0..shape.hash_len().ilog2()).fold(fill, |power, _| power * power)
    })
}

/// Mean of `f` over the number of items in a block, when `items` items fall into `block_len` blocks.
fn mean_over_loads(items: u64, block_len: u64, f: impl Fn(f64) -> f64) -> f64 {
    let n = items as f64;
    if block_len <= 1 {
        return f(n);
    }
    let others = block_len as f64 - 1.0;
    let mode = libm::floor((n + 1.0) / block_len as f64).min(n);
    // Chances relative to that of the likeliest load, from there upward and downward until they don't count.
    let (mut weights, mut sum) = (1.0, f(mode));
    let mut add = |weight: f64, load: f64| {
        weights += weight;
        sum += weight * f(load);
        weight > 1e-20
    };
    let (mut weight, mut load) = (1.0, mode);
    while load < n {
        weight *= (n - load) / ((load + 1.0) * others);
        load += 1.0;
        if !add(weight, load) {
            break;
        }
    }
    (weight, load) = (1.0, mode);
    while load > 0.0 {
        weight *= load * others / (n - load + 1.0);
        load -= 1.0;
        if !add(weight, load) {
            break;
        }
    }
    sum / weights
}

/// Shape and number of blocks for at most `rate` false positives at `items` different items, in the fewest bits.
///
/// # Errors
/// As [`blocks_for`], for the shape that can do best.
pub fn size_for(items: u64, rate: f64) -> Result<(Shape, u64)> {
    best(items, rate, Shape::ALL.into_iter())
}

/// As [`size_for`], of some shapes. Of two that take as many bits the first is taken.
pub(super) fn best(items: u64, rate: f64, shapes: impl Iterator<Item = Shape>) -> Result<(Shape, u64)> {
    let bytes = |(shape, block_len): (Shape, u64)| block_len * shape.block_bytes();
    let (mut best, mut refused) = (None, None);
    for shape in shapes {
        match blocks_for(shape, items, rate) {
            Ok(block_len) if best.is_none_or(|best| bytes((shape, block_len)) < bytes(best)) => {
                best = Some((shape, block_len));
            }
            Ok(_) => {}
            Err(error) => refused = Some(error),
        }
    }
    best.ok_or_else(|| refused.unwrap_or_else(no_shape))
}

fn no_shape() -> Error {
    let expected = format_args!("8 where `{}` is 256, or leave one of the two out", BLOCK.name);
    Error::parameter(HASHES.name, expected, "another number")
}

/// The fewest blocks of a shape for at most `rate` false positives at `items` different items.
///
/// # Errors
/// [`Error::Parameter`] when `items` is not in 1 to 2^40, or `rate` not between 0 and 1, less than a hash of 64 bits can
/// give, less than the shape gives at 64 bits an item, or such that the filter would take more than 2^46 bits, or more
/// blocks than the shape allows.
pub fn blocks_for(shape: Shape, items: u64, rate: f64) -> Result<u64> {
    ITEMS.check_whole(items)?;
    RATE.check_real(rate)?;
    let block_bits = u64::from(shape.block_bits());
    // An absent item has the very hash of one of n others with the chance n / 2^64: leave that a sixteenth.
    let least = items as f64 * libm::exp2(-60.0);
    if rate < least {
        return Err(Error::parameter(RATE.name, format_args!("at least {least:e} for {items} items"), rate));
    }
    let most = (items * MOST_BITS_AN_ITEM).div_ceil(block_bits);
    let lowest = false_positive_rate(shape, most, items);
    if rate < lowest {
        let hashes = shape.hash_len();
        let expected = format_args!(
            "at least {lowest:.1e} in blocks of {block_bits} bits with {hashes} hashes, or take a Bloom filter"
        );
        return Err(Error::parameter(RATE.name, expected, rate));
    }
    let (mut fewest, mut enough) = (1, most);
    while fewest < enough {
        let middle = fewest.midpoint(enough);
        match false_positive_rate(shape, middle, items) <= rate {
            true => enough = middle,
            false => fewest = middle + 1,
        }
    }
    match enough > shape.max_block_len() {
        true => {
            let most = shape.max_block_len();
            let expected = format_args!("a rate that takes at most {most} blocks of {block_bits} bits");
            Err(Error::parameter(RATE.name, expected, rate))
        }
        false => Ok(enough),
    }
}

/// The shape with the lowest rate at `items` in about `bits` bits, and its blocks.
pub(super) fn best_of_bits(
    bits: u64,
    items: u64,
    shapes: impl Iterator<Item = Shape>,
) -> Result<(Shape, u64)> {
    let sized = shapes.map(|shape| {
        let block_len = bits.div_ceil(shape.block_bits().into()).clamp(1, shape.max_block_len());
        (shape, block_len, false_positive_rate(shape, block_len, items))
    });
    let best = sized.min_by(|a, b| a.2.total_cmp(&b.2));
    best.map(|(shape, block_len, _)| (shape, block_len)).ok_or_else(no_shape)
}

/// The shapes that were not chosen away.
pub(super) fn shapes(block: Option<u64>, hashes: Option<u64>) -> impl Iterator<Item = Shape> {
    Shape::ALL.into_iter().filter(move |shape| {
        block.is_none_or(|block| block == u64::from(shape.block_bits()))
            && hashes.is_none_or(|hashes| hashes == u64::from(shape.hash_len()))
    })
}

/// Refuses a number of blocks that a shape can't have.
pub(super) fn check_block_len(shape: Shape, block_len: u64) -> Result<u64> {
    let (most, bits) = (shape.max_block_len(), u64::from(shape.block_bits()));
    match (1..=most).contains(&block_len) {
        true => Ok(block_len),
        false => {
            let expected = format_args!("from 1 to {} in blocks of {bits}", most * bits);
            Err(Error::parameter(BITS.name, expected, u128::from(block_len) * u128::from(bits)))
        }
    }
}

/// Standard deviation of the estimated count at `items`, in items.
///
/// The items of a block set one bit in each of its *k* runs of *w*, and there are *b* blocks. For *x = n / (b w)* and *q = e^-x* the
/// number of empty bits has variance *b k w (q - q² (1 + x)) + b k (k - 1) q² (w² (e^(x/w) - 1) - x w)*: the occupancy of
/// *b w* cells, *k* times over, and that a block's runs are full together. The count changes by *1 / (k q)* a bit.
pub(super) fn count_std_dev(shape: Shape, block_len: u64, items: f64) -> f64 {
    let (b, w, k) = (block_len as f64, f64::from(shape.run_bits()), f64::from(shape.hash_len()));
    let x = items / (b * w);
    let q = libm::exp(-x);
    let alone = k * w * (q - q * q * (1.0 + x));
    let together = k * (k - 1.0) * q * q * (w * w * libm::expm1(x / w) - x * w);
    if q == 0.0 { f64::INFINITY } else { libm::sqrt((b * (alone + together)).max(0.0)) / (k * q) }
}
