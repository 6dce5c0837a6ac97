//! LogLog, SuperLogLog and HyperLogLog: registers that hold the largest rank.

use super::estimators::{self, HYPERLOGLOG as HLL, LOGLOG as LL, Reader, SUPERLOGLOG as SLL};
use super::{ACTIONS, Control, FIGURES, INSERTED, PRECISIONS, Sketch, WORDS, boxed};
use crate::lab::pictures::Part;
use crate::lab::{About, Cells, Estimator, Random, Tuning, lies_in};
use fewbytes::distinct::registers::PRECISION_PARAMETER;
use fewbytes::distinct::{Histogram, hyperloglog, loglog, superloglog};
use fewbytes::entry::Counts;
use fewbytes::layout::Sextets;
use fewbytes::{Estimate, HyperLogLog, LogLog, Result, Sigmas, SuperLogLog};

/// Registers of six bits in planes, or of a byte each.
fn of_bytes(byte_len: usize, precision: u32) -> Option<Cells> {
    let len = 1_usize << precision;
    (byte_len - (6 * len / 8) >= len)
        .then(|| Cells::at_end(byte_len, len, 8))
        .filter(|cells| cells.start % 64 == 0)
}

/// Cells of the byte at `byte` of `byte_len`.
fn cells_of(byte: usize, byte_len: usize, precision: u32) -> Vec<usize> {
    match of_bytes(byte_len, precision) {
        Some(cells) => cells.cells_of(byte),
        None => {
            let start = byte_len - (6 << precision) / 8;
            let fields =
                byte.checked_sub(start).map(|byte| Sextets::new(1 << precision).fields_of(byte).into());
            fields.unwrap_or_default()
        }
    }
}

fn bytes_of(cell: usize, byte_len: usize, precision: u32) -> Vec<usize> {
    match of_bytes(byte_len, precision) {
        Some(cells) => cells.bytes_of(cell).collect(),
        None => {
            let start = byte_len - (6 << precision) / 8;
            Sextets::new(1 << precision).bytes_of(cell).map(|byte| start + byte).collect()
        }
    }
}

/// Bits of the hash that a register of ranks goes by.
pub(super) fn parts(hash: u64, register: usize, precision: u32) -> Vec<Part> {
    let zeros = (hash << precision).leading_zeros().min(64 - precision);
    let rank = zeros + 1;
    let label = match rank {
        1 => "a one at once".into(),
        2 => "one zero, then a one".into(),
        _ => format!("{zeros} zeros, then a one"),
    };
    vec![
        Part {
            name: "index",
            len: precision as usize,
            label: format!("register {register}"),
            meaning: format!("register {register}"),
        },
        Part {
            name: "zeros and the first one",
            len: rank as usize,
            label: format!("rank {rank}: {label}"),
            meaning: format!("rank {rank}"),
        },
    ]
}

macro_rules! ranked {
    ($about:ident, $lab:ident, $type:ident, $entry:path, $slug:literal, [$($reader:ident),*]) => {
        pub static $about: About = About {
            slug: $slug,
            name: $entry.name,
            words: WORDS,
            controls: &[Control { parameter: &PRECISION_PARAMETER, span: PRECISIONS, default: 6.0 }],
            actions: ACTIONS,
            figures: FIGURES,
            estimators: &[$(Estimator { name: $reader.name }),*],
            counts: Counts::Distinct,
            asks: false,
            removes: false,
            merges: true,
            merges_exactly: true,
            keys: false,
            make: |tuning| Ok(boxed($lab { sketch: $type::new(tuning.whole(0) as u32, tuning.seed)? })),
            open: |bytes| {
                let sketch = $type::open(bytes.into())?;
                sketch.verify()?;
                Ok(boxed($lab { sketch }))
            },
        };

        #[derive(Clone)]
        struct $lab {
            sketch: $type,
        }

        impl $lab {
            const READERS: [Reader; 3] = [$($reader),*];
        }

        impl Sketch for $lab {
            lies_in!(sketch as Sketch);

            fn about(&self) -> &'static About {
                &$about
            }

            fn tuning(&self) -> Tuning {
                Tuning { values: vec![self.sketch.precision().into()], seed: self.sketch.seed() }
            }

            fn take(&mut self, hashes: &[u64]) {
                self.sketch.insert_hashes(hashes);
            }

            fn merge(&mut self, other: &[u8]) -> Result<()> {
                self.sketch.merge(&<$type>::open(other.to_vec().into())?)
            }

            fn empty(&self) -> Result<Box<dyn Sketch>> {
                Ok(Box::new($lab { sketch: $type::new(self.sketch.precision(), self.sketch.seed())? }))
            }

            fn fold(&self, lower: u32) -> Result<Box<dyn Sketch>> {
                Ok(Box::new($lab { sketch: self.sketch.fold(lower)? }))
            }

            fn values(&self) -> Vec<u64> {
                self.sketch.registers().map(Into::into).collect()
            }

            fn rank_of(&self, value: u64) -> u8 {
                value as u8
            }

            fn told(&self, value: u64) -> String {
                value.to_string()
            }

            fn parts(&self, hash: u64, register: usize) -> Vec<Part> {
                parts(hash, register, self.sketch.precision())
            }

            fn estimates(&self) -> Vec<Estimate> {
                let histogram = self.sketch.histogram();
                Self::READERS.iter().map(|reader| (reader.estimate_at)(&histogram, Sigmas::Two)).collect()
            }

            fn std_errors(&self) -> Vec<f64> {
                Self::READERS.iter().map(|reader| (reader.std_error)(self.sketch.precision())).collect()
            }

            fn run(&self, items: u64, random: &mut Random) -> Option<Vec<f64>> {
                let precision = self.sketch.precision();
                let histogram = match items <= INSERTED {
                    true => estimators::insert(items, precision, random),
                    false => estimators::draw(items, precision, random),
                }?;
                Some(Self::READERS.iter().map(|reader| (reader.estimate)(&histogram)).collect())
            }

            fn shared(&self, other: &[u8]) -> Option<Estimate> {
                shared(self.bytes(), other)
            }

            fn cells_of(&self, byte: usize) -> Vec<usize> {
                cells_of(byte, self.bytes().len(), self.sketch.precision())
            }

            fn bytes_of(&self, cell: usize) -> Vec<usize> {
                bytes_of(cell, self.bytes().len(), self.sketch.precision())
            }
        }
    };
}

/// Only HyperLogLogs have such an estimate.
fn shared(ours: &[u8], theirs: &[u8]) -> Option<Estimate> {
    let open = |bytes: &[u8]| <HyperLogLog>::open(bytes.to_vec().into()).ok();
    open(ours)?.intersection(&open(theirs)?).ok()
}

ranked!(LOGLOG, OfLogLog, LogLog, loglog::ENTRY, "loglog", [SLL, HLL, LL]);
ranked!(SUPERLOGLOG, OfSuperLogLog, SuperLogLog, superloglog::ENTRY, "superloglog", [LL, HLL, SLL]);
ranked!(HYPERLOGLOG, OfHyperLogLog, HyperLogLog, hyperloglog::ENTRY, "hyperloglog", [LL, SLL, HLL]);

/// How many registers hold each rank.
pub(super) fn histogram(ranks: &[u8], precision: u32) -> Option<Histogram> {
    let mut counts = [0; 64];
    ranks.iter().for_each(|rank| counts[usize::from(*rank).min(63)] += 1);
    Histogram::new(counts, precision).ok()
}
