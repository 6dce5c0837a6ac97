//! The blocked Bloom filter: all bits of an item are in one block.

use super::{ACTIONS, CELLS, Filter, FilterLab, RATE, filter_in, parts};
use crate::lab::pictures::Grid;
use crate::lab::{About, Control, ERRORS, Estimator, Span, Tuning};
use crate::text::counted;
use fewbytes::entry::Counts;
use fewbytes::membership::blocked_bloom::{BITS, BLOCK, ENTRY, HASHES, Shape, false_positive_rate};
use fewbytes::{BlockedBloomFilter, Error};

pub static ABOUT: About = About {
    slug: "blocked-bloom",
    name: ENTRY.name,
    words: "cat dog owl cow bee ant fox hen eel elk emu yak",
    controls: &[
        Control {
            parameter: &BITS,
            span: Span::List(&[512.0, 1024.0, 1536.0, 2048.0, 3072.0, 4096.0, 8192.0, 16384.0, 65536.0]),
            default: 1024.0,
        },
        Control { parameter: &BLOCK, span: Span::List(&[256.0, 512.0]), default: 512.0 },
        Control { parameter: &HASHES, span: Span::List(&[2.0, 4.0, 8.0, 16.0]), default: 8.0 },
    ],
    actions: ACTIONS,
    figures: &[CELLS, RATE, ERRORS],
    estimators: &[Estimator { name: "The filter" }],
    counts: Counts::Distinct,
    asks: true,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: false,
    make: |tuning| {
        let (block, hashes) = (tuning.whole(1) as u32, tuning.whole(2) as u32);
        let shape = Shape::of(block, hashes).ok_or_else(|| Error::Parameter {
            name: HASHES.name,
            expected: "8 in blocks of 256 bits; 2, 4, 8 or 16 in blocks of 512".into(),
            found: hashes.to_string(),
        })?;
        let blocks = tuning.whole(0).div_ceil(block.into());
        Ok(FilterLab::boxed(Blocked { filter: BlockedBloomFilter::new(shape, blocks, tuning.seed)? }))
    },
    open: |bytes| {
        let filter = BlockedBloomFilter::open(bytes.into())?;
        filter.verify()?;
        Ok(FilterLab::boxed(Blocked { filter }))
    },
};

#[derive(Clone)]
struct Blocked {
    filter: BlockedBloomFilter,
}

impl Filter for Blocked {
    filter_in!(filter: BlockedBloomFilter, merges);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let shape = self.filter.shape();
        let values = vec![self.filter.bit_len() as f64, shape.block_bits().into(), shape.hash_len().into()];
        Tuning { values, seed: self.filter.seed() }
    }

    fn rate_at(&self, items: f64) -> f64 {
        false_positive_rate(self.filter.shape(), self.filter.block_len(), items as u64)
    }

    fn shown(&self, control: usize) -> String {
        match control {
            0 => counted(self.filter.bit_len(), "bit", "bits"),
            1 => format!(
                "{} bits, {}",
                self.filter.shape().block_bits(),
                counted(self.filter.block_len(), "block", "blocks")
            ),
            _ => format!("{} bits an item", self.filter.hash_len()),
        }
    }

    fn len(&self) -> usize {
        self.filter.bit_len() as usize
    }

    /// A grid for each block, as many as can be drawn at once.
    fn grids(&self, width: f64, seen: usize) -> Vec<(String, Grid)> {
        let bits = self.filter.shape().block_bits() as usize;
        let is_small = width < 400.0 || self.filter.bit_len() <= 1024;
        let columns = if is_small { 32 } else { 64 };
        let page = super::MOST / bits;
        let first = seen / bits / page * page;
        let blocks = first..self.filter.block_len() as usize;
        parts(blocks, bits, (columns, width), |block| format!("block {block}"))
    }
}
