//! Three answers from the same registers.

use crate::lab::{Estimator, Random};
use crate::text::grouped;
use fewbytes::distinct::{Histogram, hyperloglog, loglog, superloglog};
use fewbytes::{Estimate, HyperLogLog, Sigmas};

/// A way to make a count of registers.
pub struct Reader {
    pub name: &'static str,
    pub estimate: fn(&Histogram) -> f64,
    pub estimate_at: fn(&Histogram, Sigmas) -> Estimate,
    pub std_error: fn(u32) -> f64,
}

/// In the order of their invention; the last is what the sketch itself says.
pub const ALL: [Reader; 3] = [
    Reader {
        name: "LogLog",
        estimate: loglog::estimate,
        estimate_at: loglog::estimate_at,
        std_error: loglog::std_error,
    },
    Reader {
        name: "SuperLogLog",
        estimate: superloglog::estimate,
        estimate_at: superloglog::estimate_at,
        std_error: superloglog::std_error,
    },
    Reader {
        name: "HyperLogLog",
        estimate: hyperloglog::estimate,
        estimate_at: hyperloglog::estimate_at,
        std_error: hyperloglog::std_error,
    },
];

pub const HYPERLOGLOG: usize = 2;

/// Their names.
pub static NAMES: [Estimator; 3] =
    [Estimator { name: ALL[0].name }, Estimator { name: ALL[1].name }, Estimator { name: ALL[2].name }];

/// LogLog and SuperLogLog need about this many items a register before their answers mean anything.
pub const LOAD_NEEDED: u64 = 10;

/// What to bear in mind of these answers here, if anything.
pub fn caution(truth: Option<u64>, sketch: &HyperLogLog, chosen: usize) -> Option<String> {
    let needed = LOAD_NEEDED * sketch.register_len() as u64;
    (chosen != HYPERLOGLOG && truth? < needed).then(|| {
        let needed = grouped(needed as f64);
        format!("{} means nothing below about {needed} items here, ten a register.", ALL[chosen].name)
    })
}

/// How many registers are to be expected at each rank after `items` items: P(rank ≤ k) = e^(-n 2^-k / m).
pub fn expected(items: f64, precision: u32) -> Vec<f64> {
    let registers = f64::from(1_u32 << precision);
    let last = 65 - precision as usize;
    let below = |rank: usize| libm::exp(-items / registers * libm::exp2(-(rank as f64)));
    (0..=last)
        .map(|rank| {
            let to = if rank == last { 1.0 } else { below(rank) };
            registers * if rank == 0 { to } else { to - below(rank - 1) }
        })
        .collect()
}

/// The registers of so many random items.
pub fn insert(items: u64, precision: u32, random: &mut Random) -> Option<Histogram> {
    let mut sketch = HyperLogLog::new(precision, 0).ok()?;
    (0..items).for_each(|_| {
        sketch.insert_hash(random.next());
    });
    Some(sketch.histogram())
}

/// Registers by P(rank ≤ k) = e^(-n 2^-k / m), turned round: the rank of a uniform u is ⌈log₂(n / m / -ln u)⌉.
pub fn draw(items: u64, precision: u32, random: &mut Random) -> Option<Histogram> {
    let registers = 1_u64 << precision;
    let load = items as f64 / registers as f64;
    let last = f64::from(65 - precision);
    let mut counts = [0; 64];
    for _ in 0..registers {
        let rank = libm::ceil(libm::log2(load / -libm::log(random.share())));
        counts[rank.clamp(0.0, last) as usize] += 1;
    }
    Histogram::new(counts, precision).ok()
}
