//! A scale from numbers to pixels.

/// Numbers from `low` to `high` laid along pixels from `from` to `to`, evenly or by their logarithms.
pub struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    pub const fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        Self { low, high, from, to }
    }

    pub fn at(&self, number: f64) -> f64 {
        self.from + (number - self.low) / (self.high - self.low) * (self.to - self.from)
    }
}

/// Numbers to label from 0 to `high`: 1, 2 or 5 times a power of ten apart, at most `most` of them beside 0.
pub fn round_steps(high: f64, most: usize) -> Vec<f64> {
    if high.is_nan() || high <= 0.0 {
        return vec![0.0];
    }
    let rough = high / most as f64;
    let power = libm::exp10(libm::floor(libm::log10(rough)));
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * power).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(high);
    (0..=most).map(|i| i as f64 * step).take_while(|number| *number <= high * 1.001).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(round_steps(64.0, 4), [0.0, 20.0, 40.0, 60.0]);
        assert_eq!(round_steps(3.0, 3), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(round_steps(0.0, 3), [0.0]);
        assert!((Axis::new(0.0, 10.0, 100.0, 0.0).at(2.5) - 75.0).abs() < 1e-9);
    }
}
