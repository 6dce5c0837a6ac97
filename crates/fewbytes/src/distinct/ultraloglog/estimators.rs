//! From registers to a count: the further generalised remaining area, and the likelihood.
//!
//! Both are functions of the registers alone, as a slice of any bytes: what no hashes give counts as something near.

use super::register::{RANK_1, RANK_2, RANKS_1_2, max_rank};
use crate::distinct::likelihood::{Promise, most_likely};
use crate::layout::words;

/// The exponent *τ* of a register's weight *2^(-τu)*.
const TAU: f64 = 0.819_491_137_591_089_7;
/// What a register of largest rank *u* adds, over *2^(-τu)*, by its last two bits. With *τ* the weights of least
/// variance: the test computes them from the registers' distribution, as it does the variance.
const ETA: [f64; 4] =
    [4.663_135_422_063_788, 2.137_850_213_795_852_4, 2.781_144_650_979_996, 0.982_408_254_515_371_5];
/// *m* times the relative variance of the estimate.
pub(super) const VARIANCE: f64 = 0.611_893_149_697_843_7;

/// *2^-τ*, by the series of the exponential.
const DOWN: f64 = {
    let (mut term, mut sum, mut i) = (1.0, 0.0, 1.0);
    while i < 30.0 {
        sum += term;
        term *= -TAU * core::f64::consts::LN_2 / i;
        i += 1.0;
    }
    sum
};

/// From this count on, one register in 256 holds the last rank, which stands for all that would follow. The likelihood
/// knows what that means.
const MANY: f64 = (1_u64 << 56) as f64;

/// What each value of a register adds, but for those that hold no rank above 2: what they say of ranks 0 and -1 is not
/// known.
static WEIGHTS: [f64; 256] = {
    let mut weights = [0.0; 256];
    let (mut value, mut power) = (0, 1.0);
    while value < 256 {
        if !matches!(value as u8, 0 | RANK_1 | RANK_2 | RANKS_1_2) {
            weights[value] = power * ETA[value & 3];
        }
        if value & 3 == 3 {
            power *= DOWN;
        }
        value += 1;
    }
    weights
};

/// The count by the *further generalised remaining area*: *m^(1 + 1/τ) Σ^(-1/τ) / (1 + (1 + τ) v / 2m)*, where *Σ* is the
/// sum of the registers' weights.
///
/// The sum stands for registers in which ranks 0, -1, -2, ... could come too, each twice as often as the next. Registers
/// of ranks 1, 2 or none don't show those: they add what such a register has in the mean, at the count that their own
/// number speaks for.
pub(super) fn remaining_area(registers: &[u8], precision: u32) -> f64 {
    // Eight registers are loaded at once, and each has a sum of its own: the next addition does not wait for the last.
    let mut sums = [0.0; 8];
    for eight in words(registers) {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += WEIGHTS[usize::from((eight >> (8 * i)) as u8)];
        }
    }
    let m = registers.len() as f64;
    let least = registers.iter().fold(u8::MAX, |least, register| least.min(*register));
    let small = if least <= RANKS_1_2 { small_weights(registers) } else { 0.0 };
    let sum = sums.iter().sum::<f64>() + small;
    let count = m * libm::pow(m / sum, 1.0 / TAU) / (1.0 + (1.0 + TAU) * VARIANCE / (2.0 * m));
    match count < MANY {
        true => count,
        false => likeliest(registers, precision),
    }
}

/// Registers of that value.
fn len_of(registers: &[u8], value: u8) -> f64 {
    // Bytes count bytes: the compiler takes 16 or more at a time. 128 can't overflow one.
    let len = |chunk: &[u8]| chunk.iter().fold(0_u8, |len, register| len + u8::from(*register == value));
    registers.chunks(128).map(|chunk| u32::from(len(chunk))).sum::<u32>().into()
}

/// What registers of ranks 1, 2 or none add.
fn small_weights(registers: &[u8]) -> f64 {
    let m = registers.len() as f64;
    let [none, one, two, both] = [0, RANK_1, RANK_2, RANKS_1_2].map(|value| len_of(registers, value));
    if none == m {
        return f64::INFINITY;
    }
    // Their likelihood, as a polynomial of e^(-ν/4): it is largest at the root of αx² + βx - γ.
    let (alpha, beta) = (m + 3.0 * (none + one + two + both), m - none - one);
    let gamma = 4.0 * none + 2.0 * one + 3.0 * two + both;
    let root = (libm::sqrt(beta * beta + 4.0 * alpha * gamma) - beta) / (2.0 * alpha);
    let absent = root * root * root * root; // z: no rank 0 with the chance e^-ν, no rank -1 with its square.
    let low = |bits: usize| absent * ETA[bits] + (1.0 - absent) * ETA[bits | 1];
    let middle = |bits: usize, z: f64| z * ETA[bits] + (1.0 - z) * ETA[bits | 1];
    let squared = absent * absent;
    let of_one = absent * middle(0, squared) + (1.0 - absent) * middle(2, squared);
    none * weight_of_none(absent) + one * DOWN * of_one + DOWN * DOWN * (two * low(0) + both * low(2))
}

/// The mean weight of a register without a rank above 0, where rank 0 is absent with the chance `absent`, less than 1:
/// *Σ 2^(τj) z^(2^j - 1) (1 - z^(2^j)) η(z^(2^(j+1)), z^(2^(j+2)))*.
fn weight_of_none(absent: f64) -> f64 {
    let (mut sum, mut power, mut above, mut z) = (0.0, 1.0, 1.0, absent);
    loop {
        let (second, third) = (z * z, z * z * z * z);
        let mean = second * (third * ETA[0] + (1.0 - third) * ETA[1])
            + (1.0 - second) * (third * ETA[2] + (1.0 - third) * ETA[3]);
        let before = sum;
        sum += power * above * (1.0 - z) * mean;
        // While z is near 1 the terms grow.
        if sum == before || z == 0.0 {
            return sum;
        }
        above *= z;
        power /= DOWN;
        z = second;
    }
}

/// The count of largest likelihood, its bias taken off.
pub(super) fn likeliest(registers: &[u8], precision: u32) -> f64 {
    let m = registers.len() as f64;
    let (alpha, beta) = sums(registers, max_rank(precision));
    most_likely(alpha, &beta) * m / (1.0 + Promise::new(0, 2).bias / m)
}

/// *α* and *β* of the registers.
fn sums(registers: &[u8], last: u32) -> (f64, [u32; 64]) {
    // Four tables: the same register twice in a row does not wait for the first to be counted.
    let mut counts = [[0_u32; 256]; 4];
    for four in registers.as_chunks::<4>().0 {
        for (counts, register) in counts.iter_mut().zip(four) {
            counts[usize::from(*register)] += 1;
        }
    }
    // Rank k has the chance 2^-k, and the last rank that of the one before it.
    let index = |rank: u32| rank.min(last - 1) as usize;
    let chance = |rank: u32| libm::exp2(-(index(rank) as f64));
    let (mut alpha, mut beta) = (0.0, [0; 64]);
    for value in 0..256 {
        let count: u32 = counts.iter().map(|counts| counts[value]).sum();
        if count == 0 {
            continue;
        }
        let largest = (value as u32 >> 2).min(last);
        if largest > 0 {
            beta[index(largest)] += count;
        }
        // All ranks above the largest have together its own chance, but above the last there is none.
        let mut absent = if largest == last { 0.0 } else { libm::exp2(-f64::from(largest)) };
        for below in 1..=2.min(largest.saturating_sub(1)) {
            match value >> (2 - below) & 1 {
                1 => beta[index(largest - below)] += count,
                _ => absent += chance(largest - below),
            }
        }
        alpha += f64::from(count) * absent;
    }
    (alpha, beta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::LN_2;

    /// Weights of least variance for an exponent: those and *m* times the variance.
    ///
    /// A register of load *ν* ends in (a, b) with the mean weight *ν^-τ Γ(τ) / ln 2 · Σ ± c^-τ* over the terms *e^(-cz)* of
    /// *e^(-z) (1 - e^(-z)) ...*, averaged over an octave of loads, and so the squares with *2τ*. For *A* the means and *B*
    /// the squares, *Σ η²B* is least under *Σ ηA = 1* at *η* as *A / B*.
    fn best(tau: f64) -> ([f64; 4], f64) {
        let integral = |tau: f64, bits: usize| {
            // (sign, c): e^(-z) - e^(-2z), then times e^(-2z) or 1 - e^(-2z), and e^(-4z) or 1 - e^(-4z).
            let mut terms = alloc::vec![(1.0, 1.0), (-1.0, 2.0)];
            for (came, c) in [(bits & 2 != 0, 2.0), (bits & 1 != 0, 4.0)] {
                let with: alloc::vec::Vec<_> = terms.iter().map(|(sign, at)| (*sign, at + c)).collect();
                terms = match came {
                    true => terms.into_iter().chain(with.iter().map(|(sign, at)| (-sign, *at))).collect(),
                    false => with,
                };
            }
            terms.iter().map(|(sign, c)| sign * libm::pow(*c, -tau)).sum::<f64>() * libm::tgamma(tau) / LN_2
        };
        let (mean, square) =
            ([0, 1, 2, 3].map(|b| integral(tau, b)), [0, 1, 2, 3].map(|b| integral(2.0 * tau, b)));
        let information: f64 = (0..4).map(|b| mean[b] * mean[b] / square[b]).sum();
        let eta = [0, 1, 2, 3].map(|b| mean[b] / square[b] / information);
        (eta, (1.0 / information - 1.0) / (tau * tau))
    }

    #[test]
    fn the_weights_are_those_of_least_variance() {
        let (eta, variance) = best(TAU);
        for (found, typed) in eta.iter().zip(ETA) {
            assert!((found / typed - 1.0).abs() < 1e-12, "{found} {typed}");
        }
        assert!((variance / VARIANCE - 1.0).abs() < 1e-12, "{variance}");
        for other in [0.5, 0.8, TAU - 1e-4, TAU + 1e-4, 0.84, 1.0] {
            assert!(best(other).1 > variance, "{other}");
        }
        // The exponent to the last digit that a minimum can be told to: the slope changes its sign there.
        let slope = |tau: f64| best(tau + 1e-5).1 - best(tau - 1e-5).1;
        assert!(slope(TAU - 1e-6) < 0.0 && slope(TAU + 1e-6) > 0.0);
    }

    #[test]
    fn the_table_is_the_formula() {
        assert!((DOWN - libm::exp2(-TAU)).abs() < 1e-15);
        for value in 12..256 {
            let expected = libm::exp2(-TAU * (value >> 2) as f64) * ETA[value & 3];
            assert!((WEIGHTS[value] / expected - 1.0).abs() < 1e-12);
        }
    }

    /// The mean of the small registers' weights, at any load, is that of registers that show all ranks.
    #[test]
    fn small_registers_add_what_they_stand_for() {
        for load in [0.01, 0.3, 1.0, 2.0, 10.0] {
            let absent = libm::exp(-load);
            // From rank 0 down, term by term.
            let term = |j: i32, bits: usize| {
                let z = |j: i32| libm::exp(-load * libm::exp2(f64::from(j)));
                let came = |yes: bool, z: f64| if yes { 1.0 - z } else { z };
                let none_above = libm::exp(-load * (libm::exp2(f64::from(j)) - 1.0));
                none_above
                    * (1.0 - z(j))
                    * came(bits & 2 != 0, z(j + 1))
                    * came(bits & 1 != 0, z(j + 2))
                    * libm::exp2(TAU * f64::from(j))
                    * ETA[bits]
            };
            let expected: f64 =
                (0..30).flat_map(|j| (0..4).map(move |bits| (j, bits))).map(|(j, bits)| term(j, bits)).sum();
            let found = weight_of_none(absent);
            assert!((found / expected - 1.0).abs() < 1e-9, "load {load}: {found}, not {expected}");
        }
    }

    #[test]
    fn any_bytes_give_a_number() {
        for value in 0..=u8::MAX {
            for precision in [4, 18] {
                let mut registers = [value; 16];
                for _ in 0..2 {
                    assert!(remaining_area(&registers, precision) >= 0.0, "{value}");
                    assert!(likeliest(&registers, precision) >= 0.0, "{value}");
                    registers[7] = 0;
                }
            }
        }
        assert_eq!(remaining_area(&[0; 16], 4), 0.0);
        assert_eq!(likeliest(&[0; 16], 4), 0.0);
    }
}
