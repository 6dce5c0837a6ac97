//! Maximum likelihood: the count under which the registers that were found are likeliest.
//!
//! Under *ν* items a register, each value that hashes can bring to a register, of chance *c*, has come with the chance
//! *1 - e^(-νc)*, independently of the others (Poisson's approximation; the number of items is not fixed, but their
//! mean is). What a register shows is a product of such chances, and where all *c* are powers of two, the logarithm of
//! the whole sketch's likelihood is
//!
//! > *ln L = -α ν + Σ β_u ln(1 - e^(-ν / 2^u))*,
//!
//! with *β_u* the values of chance *2^-u* that are known to have come, and *α* the sum of the chances of those known to
//! have not. So a sketch is read by summing up *α* and counting *β*; [`most_likely`] does the rest.
//!
//! Sources: Ertl (2017), *New cardinality estimation algorithms for HyperLogLog sketches*; Ertl (2024), *UltraLogLog*;
//! Ertl (2025), *ExaLogLog*. The equation is solved as in the last, by Newton's method, which can't miss here.

/// Newton's steps double the correct digits: a step of this share of the root leaves about its square.
const LAST_STEP: f64 = 1e-7;

/// The *ν* that makes *-α ν + Σ β_u ln(1 - e^(-ν / 2^u))* largest; `beta[u]` is *β_u*.
///
/// 0 when nothing has come, infinite when nothing is known to have not.
///
/// *Method.* With *x = e^(ν / 2^w) - 1*, for *w* the largest *u* of which one has come, the derivative is zero where
/// *α 2^w x = φ(x) = Σ β_u 2^(w-u) x / ((1 + x)^(2^(w-u)) - 1)*. That takes no logarithm: the powers are squares of each
/// other. *φ* falls and is convex, so Newton's method climbs to the root from any place below it. *t / (e^t - 1)* is
/// convex too, so by Jensen's inequality the root for all *β* put at their mean *2^(w-u)* is such a place.
///
/// ```
/// use fewbytes::distinct::likelihood::most_likely;
///
/// // One bit for each of 1000 places, 400 of them set: linear counting.
/// let load = most_likely(600.0, &[400]);
/// assert!((load - (1000.0_f64 / 600.0).ln()).abs() < 1e-12);
/// ```
pub fn most_likely(alpha: f64, beta: &[u32]) -> f64 {
    let Some(last) = beta.iter().rposition(|count| *count > 0) else { return 0.0 };
    if alpha <= 0.0 {
        return f64::INFINITY;
    }
    let scale = libm::exp2(last as f64);
    let slope = alpha * scale;
    let (mut count, mut weighted, mut weight) = (0.0, 0.0, 1.0);
    for found in beta[..=last].iter().rev() {
        count += f64::from(*found);
        weighted += f64::from(*found) * weight;
        weight += weight;
    }
    let mut x = libm::expm1(libm::log1p(weighted / slope) * count / weighted);
    // A hundred steps end the loop whatever the numbers are; the most that were seen, in the test below, are 31.
    for _ in 0..100 {
        let (phi, phi_slope) = phi(x, &beta[..=last]);
        let step = (phi - slope * x) / (slope - phi_slope);
        // At the root rounding may say to go back. An α that is no number makes none.
        x += step.max(0.0);
        if step <= LAST_STEP * x || step.is_nan() {
            break;
        }
    }
    scale * libm::log1p(x)
}

/// *φ* and its derivative.
fn phi(x: f64, beta: &[u32]) -> (f64, f64) {
    // y is (1 + x)^(2^i) - 1 for the i-th of β from the end, `share` 2^i x / y, and `log_slope` the derivative of its
    // logarithm.
    let (mut y, mut y_slope, mut share, mut log_slope) = (x, 1.0, 1.0, 0.0);
    let (mut phi, mut phi_slope) = (0.0, 0.0);
    for found in beta.iter().rev() {
        let part = f64::from(*found) * share;
        phi += part;
        phi_slope += part * log_slope;
        // What follows is less than 10^-20 of the first, which is at least 1.
        if y > 1e40 {
            break;
        }
        share *= 2.0 / (2.0 + y);
        log_slope -= y_slope / (2.0 + y);
        y_slope *= 2.0 + 2.0 * y;
        y *= 2.0 + y;
    }
    (phi, phi_slope)
}

/// Hurwitz' *ζ(s, q) = Σ (q + i)^-s* over *i = 0, 1, ...*, for *s* of 2 or more and *q > 0*.
pub fn zeta(s: u32, q: f64) -> f64 {
    let power = |x: f64| (0..s).fold(1.0, |power, _| power / x);
    // Twenty terms, and the rest by Euler and Maclaurin, whose next term is below 10^-13.
    let sum: f64 = (0..20).map(|i| power(q + f64::from(i))).sum();
    let (x, s) = (q + 20.0, f64::from(s));
    let last = power(x);
    let rest = x / (s - 1.0) + 0.5 + s / (12.0 * x) - s * (s + 1.0) * (s + 2.0) / (720.0 * x * x * x)
        + s * (s + 1.0) * (s + 2.0) * (s + 3.0) * (s + 4.0) / (30_240.0 * x * x * x * x * x);
    sum + last * rest
}

/// What the likelihood of *m* registers promises at counts far above *m* and below the last rank.
///
/// A register keeps the largest of its values, which fall off by *b = 2^(1 / 2^t)*, and one bit for each of the *d*
/// before it, which says whether it came: *t* = 0 with *d* = 0 is HyperLogLog, with *d* = 2 UltraLogLog.
#[derive(Clone, Copy, Debug)]
pub struct Promise {
    /// *m* times the relative variance.
    pub variance: f64,
    /// *m* times the relative bias: the estimate is divided by *1 + bias / m*.
    pub bias: f64,
}

impl Promise {
    /// *ln b / ζ(2, c)* and *ln b (1 + 2 r) ζ(3, c) / ζ(2, c)²*, where *r = b^-d / (b - 1)* and *c = 1 + r* (Ertl 2025).
    ///
    /// ```
    /// use fewbytes::distinct::likelihood::Promise;
    ///
    /// let bits_times_variance = |bits: f64, t, d| bits * Promise::new(t, d).variance;
    /// assert!((bits_times_variance(6.0, 0, 0) - 6.45).abs() < 0.005); // HyperLogLog
    /// assert!((bits_times_variance(8.0, 0, 2) - 4.63).abs() < 0.005); // UltraLogLog
    /// assert!((bits_times_variance(28.0, 2, 20) - 3.67).abs() < 0.005); // ExaLogLog
    /// ```
    pub fn new(t: u32, d: u32) -> Self {
        let log2_base = libm::exp2(-f64::from(t));
        let base = libm::exp2(log2_base);
        let rest = libm::exp2(-log2_base * f64::from(d)) / (base - 1.0);
        let (log_base, second) = (libm::log(base), zeta(2, 1.0 + rest));
        let bias = log_base * (1.0 + 2.0 * rest) * zeta(3, 1.0 + rest) / (second * second);
        Self { variance: log_base / second, bias }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use core::f64::consts::PI;

    /// The derivative of the logarithm of the likelihood, term by term.
    fn slope(alpha: f64, beta: &[u32], load: f64) -> f64 {
        let chance = |u: usize| libm::exp2(-(u as f64));
        let came = |(u, count): (usize, &u32)| f64::from(*count) * chance(u) / libm::expm1(load * chance(u));
        beta.iter().enumerate().map(came).sum::<f64>() - alpha
    }

    /// The slope changes its sign within 10^-9 of the root, for sums and counts of every size.
    #[test]
    fn the_root_is_the_root() {
        let mut state = 1;
        let mut random = |below: u64| {
            state = crate::hash::hash(&u64::to_le_bytes(state), 0);
            state % below
        };
        for trial in 0..20_000 {
            let len = 1 + random(65) as usize;
            let sparse = random(10) as u32;
            let mut wide = |most: u64| {
                let bits = random(most);
                random(2 << bits) as u32
            };
            let beta: Vec<u32> = (0..len).map(|_| if wide(4) % 10 < sparse { 0 } else { wide(22) }).collect();
            let alpha = f64::from(1 + wide(20)) * libm::exp2(-(random(64) as f64));
            let load = most_likely(alpha, &beta);
            if beta.iter().all(|count| *count == 0) {
                assert_eq!(load, 0.0);
                continue;
            }
            let (below, above) = (load * (1.0 - 1e-9), load * (1.0 + 1e-9));
            assert!(slope(alpha, &beta, below) > 0.0, "trial {trial}: {alpha} {beta:?}");
            assert!(slope(alpha, &beta, above) < 0.0, "trial {trial}: {alpha} {beta:?}");
        }
    }

    #[test]
    fn nothing_everything_and_nonsense() {
        assert_eq!(most_likely(5.0, &[]), 0.0);
        assert_eq!(most_likely(5.0, &[0; 64]), 0.0);
        assert_eq!(most_likely(0.0, &[0, 1]), f64::INFINITY);
        assert!(most_likely(f64::NAN, &[1]).is_nan());
        assert_eq!(most_likely(f64::INFINITY, &[1]), 0.0);
        assert!(most_likely(f64::MIN_POSITIVE, &[u32::MAX; 64]) > 1e12);
        assert!(most_likely(1e300, &[u32::MAX; 64]) < 1e-280);
    }

    #[test]
    fn zeta_is_known_at_one_a_half_and_a_quarter() {
        assert!((zeta(2, 1.0) - PI * PI / 6.0).abs() < 1e-13);
        assert!((zeta(2, 0.5) - PI * PI / 2.0).abs() < 1e-13);
        let quarter = 28.0 * zeta(3, 1.0) + PI * PI * PI;
        assert!((zeta(3, 1.25) - (quarter - 64.0)).abs() < 1e-12);
    }

    /// Variance and bias from the likelihood itself: Fisher's information, and Cox and Snell's bias, of one register
    /// summed over its states, averaged over an octave of loads.
    #[test]
    fn the_promise_is_the_information_of_a_register() {
        for d in [0_u32, 1, 2, 3] {
            let promise = Promise::new(0, d);
            let (mut variance, mut bias) = (0.0, 0.0);
            for i in 0..64 {
                let load = libm::exp2(20.0 + f64::from(i) / 64.0);
                let (mut information, mut third) = (0.0, 0.0);
                // States: the largest value u, and which of the d before it came; derivatives by ln ν.
                for u in d + 1..60 {
                    for came in 0..1_u32 << d {
                        let chance = |u: u32| load * libm::exp2(-f64::from(u));
                        // Nothing above u came: chances 2^-(u+1), 2^-(u+2), ... add up to 2^-u.
                        let absent = chance(u)
                            + (0..d).filter(|j| came >> j & 1 == 0).map(|j| chance(u - 1 - j)).sum::<f64>();
                        let (mut log, mut first, mut second) = (-absent, -absent, -absent);
                        for z in (0..d)
                            .filter(|j| came >> j & 1 == 1)
                            .map(|j| chance(u - 1 - j))
                            .chain([chance(u)])
                        {
                            // ln(1 - e^-z) and its derivatives by ln z.
                            let f = z / libm::expm1(z);
                            log += libm::log(-libm::expm1(-z));
                            first += f;
                            second += f * (1.0 - z - f);
                        }
                        let share = libm::exp(log);
                        information += share * first * first;
                        third += share * first * second;
                    }
                }
                // Cox and Snell: the bias of ln ν is (E[l' l''] - I') / 2 I², and I' comes to nothing over an octave.
                // The exponential of an estimate adds half its variance.
                variance += 1.0 / information / 64.0;
                bias += (third / (information * information) * 0.5 + 0.5 / information) / 64.0;
            }
            assert!((variance / promise.variance - 1.0).abs() < 1e-3, "d {d}: {variance} {promise:?}");
            assert!((bias / promise.bias - 1.0).abs() < 2e-2, "d {d}: {bias} {promise:?}");
        }
    }
}
