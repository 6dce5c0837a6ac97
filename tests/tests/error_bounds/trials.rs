//! Seeded trials, and what they must come to.

use fewbytes::Estimate;
use fewbytes_tests::streams::mix;
use std::thread;

/// What many trials of one setting came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trials {
    pub len: f64,
    pub sum: f64,
    pub squares: f64,
    pub covered: f64,
}

impl Trials {
    /// Takes one estimate of `truth`.
    pub fn take(&mut self, estimate: Estimate, truth: f64) {
        let error = estimate.value / truth - 1.0;
        self.len += 1.0;
        self.sum += error;
        self.squares += error * error;
        self.covered += f64::from(u8::from(estimate.covers(truth)));
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            len: self.len + other.len,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
            covered: self.covered + other.covered,
        }
    }

    /// Bias within 3 standard errors of the trials and what the estimator is known to have; root mean square error
    /// within 1.1 of what is said, coverage at least 0.93.
    ///
    /// The noise of the trials themselves is allowed where it is more than the margin, three times: with *t* trials a root
    /// mean square varies by *½ √((κ - 1) / t)* of itself for the kurtosis *κ*, 3 for normal errors, and a coverage of
    /// 0.954 by *0.21 / √t*.
    pub fn check(&self, std_error: f64, bias_known: f64, kurtosis: f64, what: &str) {
        self.check_one_of(1, std_error, bias_known, kurtosis, what);
    }

    /// As [`check`](Self::check), where so many `checks` are made in all: together they fail by chance as seldom
    /// as one fails by 3 standard errors.
    pub fn check_one_of(&self, checks: usize, std_error: f64, bias_known: f64, kurtosis: f64, what: &str) {
        // The tail of the normal distribution falls as e^(-s² / 2), and a little faster.
        let sigmas = (9.0 + 2.0 * (checks as f64).ln()).sqrt();
        let bias = self.sum / self.len;
        let rmse = (self.squares / self.len).sqrt();
        let coverage = self.covered / self.len;
        let allowed = sigmas * std_error / self.len.sqrt() + bias_known;
        assert!(bias.abs() <= allowed, "{what}: bias {bias:.2e}, allowed {allowed:.2e}");
        let margin = 1.1_f64.max(1.0 + sigmas / 2.0 * ((kurtosis - 1.0) / self.len).sqrt());
        assert!(rmse <= margin * std_error, "{what}: error {rmse:.3e}, said {std_error:.3e}");
        let least = 0.93_f64.min(0.954 - sigmas * 0.21 / self.len.sqrt());
        assert!(coverage >= least, "{what}: covered {coverage:.3}, at least {least:.3}");
    }
}

/// Runs trials 0 to `len` on two threads.
pub fn trials(len: u32, trial: impl Fn(u32, &mut Trials) + Sync) -> Trials {
    let run = |from: u32, to: u32| {
        let mut trials = Trials::default();
        (from..to).for_each(|i| trial(i, &mut trials));
        trials
    };
    thread::scope(|scope| {
        let first = scope.spawn(|| run(0, len / 2));
        run(len / 2, len).and(first.join().expect("no trial panics"))
    })
}

/// A stream for each trial of each test.
pub fn stream(test: u32, trial: u32) -> u32 {
    mix(u64::from(test) << 32 | u64::from(trial)) as u32
}

/// Four parts of 0 to n that overlap: each item is in one part at least, and a third of them in two.
pub fn parts(n: u64) -> [(u64, u64); 4] {
    [(0, n / 3), (n / 4, n / 2 + 1), (n / 2 - n / 12, n * 3 / 4 + 1), (n * 2 / 3, n)]
}

/// Trials of a distinct counter, at counts from `n` to `spread * n` log-uniformly, single and merged.
macro_rules! distinct {
    ($build:expr, $test:expr, $len:expr, $n:expr, $spread:expr, $std_error:expr, $bias:expr, $what:expr) => {{
        let (n, spread): (u64, f64) = ($n, $spread);
        let count =
            |trial: u32| (n as f64 * spread.powf((f64::from(trial) + 0.5) / f64::from($len))).round() as u64;
        let build = $build;
        let single = trials($len, |trial, trials| {
            let n = count(trial);
            let hashes: Vec<u64> = hashes(stream($test, trial), 0, n).collect();
            let mut sketch = build();
            sketch.insert_hashes(&hashes);
            trials.take(sketch.estimate(), n as f64);
        });
        single.check($std_error, $bias, 3.0, &format!("{} at {n}", $what));
        let merged = trials($len, |trial, trials| {
            let n = count(trial);
            let mut sketch = build();
            for (from, to) in parts(n) {
                let hashes: Vec<u64> = hashes(stream($test + 1, trial), from, to).collect();
                let mut part = build();
                part.insert_hashes(&hashes);
                sketch.merge(&part).expect("the same parameters");
            }
            trials.take(sketch.estimate(), n as f64);
        });
        merged.check($std_error, $bias, 3.0, &format!("{} at {n}, of four parts", $what));
    }};
}

/// Mean and variance of what `value` gives in trials 0 to `len`.
pub fn moments(len: u32, value: impl Fn(u32) -> f64 + Sync) -> (f64, f64) {
    let trials = trials(len, |trial, trials| trials.take(Estimate::exact(value(trial)), 1.0));
    let mean = trials.sum / trials.len;
    ((mean + 1.0), (trials.squares / trials.len - mean * mean) * trials.len / (trials.len - 1.0))
}

/// Of many queries for absent items this share was found: the rate that is said, within 2 % of it, or within 4 standard
/// errors of the queries where those are more.
pub fn rate_is(found: f64, said: f64, queries: u64, what: &str) {
    let allowed = (4.0 * (said * (1.0 - said) / queries as f64).sqrt()).max(0.02 * said);
    println!("{what}: rate {found:.4e}, {:.4} of what is said", found / said);
    assert!(
        (found - said).abs() <= allowed,
        "{what}: rate {found:.4e}, said {said:.4e}, allowed ± {allowed:.1e}"
    );
}

/// Kurtosis of the relative error of `n` items in `registers`, for [`Trials::check`] of an error that is `said`: of a few items
/// two share a register rarely, and the count is then wrong by a whole one.
pub fn kurtosis(n: u64, registers: u32, said: f64) -> f64 {
    let n = n as f64;
    3.0 + n * (n - 1.0) / (2.0 * f64::from(registers)) / (n * said).powi(4)
}
