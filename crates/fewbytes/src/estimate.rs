//! Answers that say how wrong they may be.

/// How wide the bounds of an [`Estimate`] are, in standard errors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Sigmas {
    /// The truth is within the bounds about 68 times in 100.
    One,
    /// About 95 times in 100: what `estimate()` gives.
    #[default]
    Two,
    /// About 997 times in 1,000.
    Three,
}

impl Sigmas {
    /// 1.0, 2.0 or 3.0.
    pub const fn count(self) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Two => 2.0,
            Self::Three => 3.0,
        }
    }
}

/// A number with bounds: the truth is between `low` and `high` as often as the [`Sigmas`] say.
///
/// `low <= value <= high`. An exact answer has all three equal; a structure that is full beyond measure says
/// `high = f64::INFINITY`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Estimate {
    /// How far `high` is above the value, as a share of it; 0 of nothing. At one standard error that is the error.
    pub(crate) fn share_above(&self) -> f64 {
        if self.value > 0.0 { (self.high - self.value) / self.value } else { 0.0 }
    }

    /// A number that is not wrong.
    pub const fn exact(value: f64) -> Self {
        Self { value, low: value, high: value }
    }

    /// Bounds for an estimator whose error is a share of the truth: `value * e^(±sigmas * std_error)`.
    ///
    /// The bounds answer "which truths would have given this value?". For a relative error *s* those run from
    /// *value / (1 + 2s)* to *value / (1 - 2s)*; the exponential is between the two, and stays finite for large *s*.
    pub fn relative(value: f64, std_error: f64, sigmas: Sigmas) -> Self {
        let factor = libm::exp(sigmas.count() * std_error);
        Self { value, low: value / factor, high: value * factor }
    }

    /// Bounds for an estimator whose error is a number of items: `value ± sigmas * std_dev`, not below 0.
    pub fn absolute(value: f64, std_dev: f64, sigmas: Sigmas) -> Self {
        let reach = sigmas.count() * std_dev;
        Self { value, low: (value - reach).max(0.0), high: value + reach }
    }

    /// Whether `truth` is within the bounds.
    pub fn covers(&self, truth: f64) -> bool {
        (self.low..=self.high).contains(&truth)
    }
}

/// An item that came often, and how often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeavyHitter<'a> {
    /// Its hash under the structure's seed.
    pub hash: u64,
    /// Its first bytes, as many as the structure keeps of each; `None` where only its hash ever came.
    pub item: Option<&'a [u8]>,
    /// Whether `item` is all of it.
    pub whole: bool,
    /// How often it came.
    pub count: Estimate,
}

impl core::fmt::Display for Estimate {
    /// `1234 (1200 to 1270)`: rounded to whole items.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:.0} ({:.0} to {:.0})", self.value, self.low, self.high)
    }
}
