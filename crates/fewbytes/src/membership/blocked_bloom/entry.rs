//! The catalogue's entry: byte table, parameters, and what the structure says of itself.

use super::BlockedBloomFilter;
use super::shape::{best, best_of_bits, count_std_dev, shapes};
use super::{Shape, byte_len};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source};
use crate::face::{catalogued, contains_view};
use crate::layout::{Field, Format, HEADER_LEN, Region};
use crate::{Estimate, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};

pub(super) const BLOCK_LEN: Field<u64> = Field::at(HEADER_LEN, "block_len", "blocks in the filter");
pub(super) const BLOCK_BITS: Field<u32> = BLOCK_LEN.then("block_bits", "bits in a block: 256 or 512");
pub(super) const HASH_LEN: Field<u32> = BLOCK_BITS.then("hash_len", "bits that an item sets in its block");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 8,
    slug: "blocked-bloom",
    version: 1,
    parameters: &[BLOCK_LEN.row(), BLOCK_BITS.row(), HASH_LEN.row()],
    payload: "the blocks, one after the other: bit i of a block is bit i mod 8, from the lowest, of its byte i / 8",
};

/// Items that the filter is sized for.
pub const ITEMS: Parameter = Parameter {
    name: "items",
    unit: "items",
    range: Range::Whole(1, 1 << 40),
    default: Some(Number::Whole(1_000_000)),
    doc: "different items that it is sized for",
};
/// False-positive rate at that many items.
pub const RATE: Parameter = Parameter {
    name: "rate",
    unit: "",
    range: Range::Real(0.0, 1.0),
    default: Some(Number::Real(0.01)),
    doc: "false-positive rate when it holds that many; not below 10^-8",
};
/// Bits of a block, where they are chosen rather than computed.
pub const BLOCK: Parameter = Parameter {
    name: "block",
    unit: "bits",
    range: Range::Either(256, 512),
    default: None,
    doc: "bits of a block: 256 is faster and Parquet's, 512 takes fewer bits; whichever takes fewer unless given",
};
/// Bits an item, where they are chosen rather than computed.
pub const HASHES: Parameter = Parameter {
    name: "hashes",
    unit: "bits an item",
    range: Range::OneOf(&[2, 4, 8, 16]),
    default: None,
    doc: "bits that an item sets, 8 in a block of 256; the best for the rate unless given",
};
/// Bits, where they are chosen rather than computed.
pub const BITS: Parameter = Parameter {
    name: "bits",
    unit: "bits",
    range: Range::Whole(1, 1 << 46),
    default: None,
    doc: "bits of the filter, rounded up to blocks; from items and rate unless given, and then `rate` has no say",
};

/// Shape and blocks by the settings: chosen, or from items and rate. Chosen bits leave the rate no say.
fn size(settings: &Settings) -> Result<(Shape, u64)> {
    let shapes = shapes(settings.chosen(&BLOCK), settings.chosen(&HASHES));
    let items = settings.whole(&ITEMS);
    match settings.chosen(&BITS) {
        Some(bits) => best_of_bits(bits, items, shapes),
        None => best(items, settings.real(&RATE), shapes),
    }
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "blocked Bloom filter",
    type_name: "BlockedBloomFilter",
    family: Family::Membership,
    summary: "A Bloom filter whose items have all their bits in one cache line: several times as fast, some bits larger.",
    choose: "speed counts most and the number of items is known, or a bound of it; filters merge too",
    format: &FORMAT,
    parameters: &[&ITEMS, &RATE, &BLOCK, &HASHES, &BITS],
    contains: true,
    inserts: true,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Distinct,
    merge: Merge::Union,
    error: "false positives at n items in b blocks: the mean over the blocks' loads j of (1 - (1 - 1/w)^j)^k for k runs of \
            w bits; no false negatives",
    std_error: |settings| {
        let (shape, block_len) = size(settings)?;
        let items = settings.whole(&ITEMS) as f64;
        Ok(count_std_dev(shape, block_len, items) / items)
    },
    space: "the blocks that keep the rate: 10.1 bits an item at p = 1 %, 15.7 at 0.1 %, 23.0 at 0.01 %",
    bytes: |settings| {
        let (shape, block_len) = size(settings)?;
        Ok(byte_len(shape, block_len))
    },
    sources: &[
        Source {
            authors: "Putze, Sanders, Singler",
            year: 2007,
            title: "Cache-, hash- and space-efficient Bloom filters",
            venue: "WEA 2007",
        },
        Source {
            authors: "Lang, Neumann, Kemper, Boncz",
            year: 2019,
            title: "Performance-optimal filtering: Bloom overtakes cuckoo at high throughput",
            venue: "PVLDB 12 (5)",
        },
        Source {
            authors: "Apple",
            year: 2020,
            title: "Split block Bloom filters",
            venue: "arXiv:2101.01719",
        },
    ],
    essay: include_str!("../blocked_bloom.md"),
    build: |settings| {
        let (shape, block_len) = size(settings)?;
        Ok(Box::new(BlockedBloomFilter::new(shape, block_len, settings.seed)?))
    },
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(BlockedBloomFilter::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(BlockedBloomFilter::open(bytes)?)),
};

catalogued!(
    BlockedBloomFilter,
    view {
        contains_view!();
        fn facts(&self) -> Vec<Fact> {
            let fill = self.fill();
            [
                Fact::new("bits set", self.one_len(), "bits"),
                Fact::new("fill", format_args!("{fill:.4}"), ""),
                Fact::new("false-positive rate now", format_args!("{:.3e}", self.current_rate()), ""),
            ]
            .into()
        }
        fn regions(&self) -> Vec<Region> {
            self.frame.regions(&FORMAT)
        }
    }
);
