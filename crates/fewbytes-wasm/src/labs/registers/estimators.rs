//! Answers from the same registers.

use crate::lab::Random;
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

pub const LOGLOG: Reader = Reader {
    name: "LogLog",
    estimate: loglog::estimate,
    estimate_at: loglog::estimate_at,
    std_error: loglog::std_error,
};
pub const SUPERLOGLOG: Reader = Reader {
    name: "SuperLogLog",
    estimate: superloglog::estimate,
    estimate_at: superloglog::estimate_at,
    std_error: superloglog::std_error,
};
pub const HYPERLOGLOG: Reader = Reader {
    name: "HyperLogLog",
    estimate: hyperloglog::estimate,
    estimate_at: hyperloglog::estimate_at,
    std_error: hyperloglog::std_error,
};

/// LogLog and SuperLogLog need about this many items a register before their answers mean anything.
const LOAD_NEEDED: u64 = 10;
/// Share of the registers that SuperLogLog keeps, the smallest.
const KEPT: f64 = 0.7;

/// What to bear in mind of this estimator's answers here, if anything.
pub fn caution(truth: Option<u64>, register_len: u64, name: &str) -> Option<String> {
    let needed = LOAD_NEEDED * register_len;
    ((name == LOGLOG.name || name == SUPERLOGLOG.name) && truth? < needed).then(|| {
        let needed = grouped(needed as f64);
        format!("{name} means nothing below about {needed} items here, ten a register.")
    })
}

/// How many of the registers of each rank this estimator leaves out: SuperLogLog the largest three tenths.
pub fn left_out(ranks: &[u8], name: &str) -> [u32; 64] {
    let mut out = [0; 64];
    if name == SUPERLOGLOG.name {
        ranks.iter().for_each(|rank| out[usize::from(*rank).min(63)] += 1);
        let mut kept = (KEPT * ranks.len() as f64) as u32;
        for count in &mut out {
            let taken = kept.min(*count);
            *count -= taken;
            kept -= taken;
        }
    }
    out
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
