//! Three answers from the same registers, beside the truth.

use super::history::History;
use crate::text::{grouped, signed_percent};
use fewbytes::distinct::{Histogram, hyperloglog, loglog, superloglog};
use fewbytes::{Estimate, Sigmas};

/// A way to make a count of registers.
pub struct Estimator {
    pub name: &'static str,
    pub estimate: fn(&Histogram) -> f64,
    pub estimate_at: fn(&Histogram, Sigmas) -> Estimate,
    pub std_error: fn(u32) -> f64,
}

/// In the order of their invention; the last is what the sketch itself says.
pub const ESTIMATORS: [Estimator; 3] = [
    Estimator {
        name: "LogLog",
        estimate: loglog::estimate,
        estimate_at: loglog::estimate_at,
        std_error: loglog::std_error,
    },
    Estimator {
        name: "SuperLogLog",
        estimate: superloglog::estimate,
        estimate_at: superloglog::estimate_at,
        std_error: superloglog::std_error,
    },
    Estimator {
        name: "HyperLogLog",
        estimate: hyperloglog::estimate,
        estimate_at: hyperloglog::estimate_at,
        std_error: hyperloglog::std_error,
    },
];

pub const HYPERLOGLOG: usize = 2;

impl Estimator {
    pub fn answer(&self, histogram: &Histogram) -> Estimate {
        (self.estimate_at)(histogram, Sigmas::Two)
    }

    /// Its count as a share above or below the truth.
    pub fn error(&self, histogram: &Histogram, truth: f64) -> f64 {
        (self.estimate)(histogram) / truth - 1.0
    }
}

/// LogLog and SuperLogLog need about this many items a register before their answers mean anything.
pub const LOAD_NEEDED: u64 = 10;

/// What the chosen estimator says, beside the truth.
pub fn headline(history: &History, chosen: usize) -> String {
    let estimator = &ESTIMATORS[chosen];
    let value = (estimator.estimate)(&history.sketch().histogram());
    let says = format!("{} says {}.", estimator.name, grouped(value));
    match history.truth() {
        None => format!("{says} The truth is not known."),
        Some(0) => format!("{says} The truth is 0."),
        Some(truth) => {
            let error = signed_percent(value / truth as f64 - 1.0);
            format!("{says} The truth is {}: an error of {error}.", grouped(truth as f64))
        }
    }
}

/// Rows of name, estimate, bounds, error: one an estimator.
pub fn rows(history: &History) -> Vec<[String; 4]> {
    let histogram = history.sketch().histogram();
    let row = |estimator: &Estimator| {
        let Estimate { value, low, high } = estimator.answer(&histogram);
        let error = match history.truth() {
            Some(truth) if truth > 0 => signed_percent(value / truth as f64 - 1.0),
            _ => "–".into(),
        };
        let bounds = format!("{} to {}", grouped(low), grouped(high));
        [estimator.name.into(), grouped(value), bounds, error]
    };
    ESTIMATORS.iter().map(row).collect()
}

/// What to bear in mind of these answers here, if anything.
pub fn caution(history: &History, chosen: usize) -> Option<String> {
    let needed = LOAD_NEEDED * history.sketch().register_len() as u64;
    let truth = history.truth()?;
    (chosen != HYPERLOGLOG && truth < needed).then(|| {
        let needed = grouped(needed as f64);
        format!("{} means nothing below about {needed} items here, ten a register.", ESTIMATORS[chosen].name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_ranks_add_up_and_fit() {
        let mut history = History::new(10, 3).expect("a precision in range");
        history.make_up(20_000).expect("room");
        let expected = expected(20_000.0, 10);
        assert!((expected.iter().sum::<f64>() - 1024.0).abs() < 1e-6);
        let histogram = history.sketch().histogram();
        for (count, expected) in histogram.counts().iter().zip(&expected) {
            assert!(
                (f64::from(*count) - expected).abs() <= 5.0 * (expected + 1.0).sqrt(),
                "{count} {expected}"
            );
        }
    }

    #[test]
    fn answers_stand_beside_the_truth() {
        let mut history = History::new(6, 7).expect("a precision in range");
        history.add("to be or not to be").expect("room");
        assert_eq!(history.truth(), Some(4));
        let line = headline(&history, HYPERLOGLOG);
        assert!(line.starts_with("HyperLogLog says 4. The truth is 4: an error of "), "{line}");
        assert!(caution(&history, 0).is_some() && caution(&history, HYPERLOGLOG).is_none());
    }
}
