//! What two HyperLogLogs have in common: the likeliest sizes of the three parts that two sets are made of.
//!
//! Source: Ertl (2017), *New cardinality estimation algorithms for HyperLogLog sketches*, section 4. The likelihood is his.
//! It is climbed by Newton's method on the logarithms of the sizes, damped after Levenberg and Marquardt, in place of
//! BFGS; and its curvature at the top gives the bounds, which the paper does not have.

use crate::{Estimate, Sigmas};

/// Sizes of the parts of two sets, as their sketches tell them: [`HyperLogLog::joint`](super::HyperLogLog::joint).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// Items of the first set alone.
    pub left: Estimate,
    /// Items of the second set alone.
    pub right: Estimate,
    /// Items of both: the intersection.
    pub both: Estimate,
}

/// Sizes of the three parts over the number of registers: left, right and both.
type Sizes = [f64; 3];

/// How many pairs of registers hold what: all that the likelihood depends on.
#[derive(Clone, Debug)]
struct Pairs {
    register_len: f64,
    last: usize,
    /// Of left and right: registers of each rank that are less than the other's, and those that are more.
    less: [[u32; 64]; 2],
    more: [[u32; 64]; 2],
    equal: [u32; 64],
}

/// The logarithm of the likelihood with its first and second derivatives.
#[derive(Clone, Copy, Debug, Default)]
struct Slope {
    value: f64,
    first: [f64; 3],
    second: [[f64; 3]; 3],
}

impl Slope {
    /// Adds *count · ln(1 - e^(-scale · Σ sizes))*, the sum over the `parts`.
    fn add_came(&mut self, count: u32, scale: f64, sizes: Sizes, parts: &[usize]) {
        if count == 0 {
            return;
        }
        let count = f64::from(count);
        let x = scale * parts.iter().map(|part| sizes[*part]).sum::<f64>();
        let came = -libm::expm1(-x);
        let odds = (1.0 - came) / came;
        self.value += count * libm::log(came);
        for i in parts {
            self.first[*i] += count * scale * odds;
            for j in parts {
                self.second[*i][*j] -= count * scale * scale * odds / came;
            }
        }
    }

    /// Adds *count · ln* of the chance that both registers of a pair reach the same rank, over what is sure.
    ///
    /// *1 - A - B + C* for *A = e^-(a + x)*, *B = e^-(b + x)*, *C = e^-(a + b + x)*, written so that nothing cancels.
    fn add_equal(&mut self, count: u32, scale: f64, sizes: Sizes) {
        if count == 0 {
            return;
        }
        let count = f64::from(count);
        let [a, b, x] = sizes.map(|size| size * scale);
        let (left, right, all) = (libm::exp(-(a + x)), libm::exp(-(b + x)), libm::exp(-(a + b + x)));
        let chance = libm::expm1(-(a + x)) * libm::expm1(-(b + x)) - all * libm::expm1(-x);
        // The derivatives of the chance by a, b and x; A - C is A (1 - e^-b).
        let (by_left, by_right) = (-left * libm::expm1(-b), -right * libm::expm1(-a));
        let first = [by_left, by_right, by_left + right];
        let second = [
            [-by_left, all, -by_left],
            [all, -by_right, -by_right],
            [-by_left, -by_right, -(by_left + right)],
        ];
        self.value += count * libm::log(chance);
        for i in 0..3 {
            self.first[i] += count * scale * first[i] / chance;
            for j in 0..3 {
                let curve = second[i][j] / chance - first[i] * first[j] / (chance * chance);
                self.second[i][j] += count * scale * scale * curve;
            }
        }
    }
}

impl Pairs {
    fn new(left: impl Iterator<Item = u8>, right: impl Iterator<Item = u8>, precision: u32) -> Self {
        let last = 65 - precision as usize;
        let zero = [0; 64];
        let register_len = libm::exp2(f64::from(precision));
        let mut pairs = Self { register_len, last, less: [zero; 2], more: [zero; 2], equal: zero };
        for (left, right) in left.zip(right) {
            // Damaged bytes may hold ranks beyond the last.
            let [left, right] = [left, right].map(|rank| usize::from(rank).min(last));
            match left.cmp(&right) {
                core::cmp::Ordering::Less => {
                    pairs.less[0][left] += 1;
                    pairs.more[1][right] += 1;
                }
                core::cmp::Ordering::Greater => {
                    pairs.more[0][left] += 1;
                    pairs.less[1][right] += 1;
                }
                core::cmp::Ordering::Equal => pairs.equal[left] += 1,
            }
        }
        pairs
    }

    fn slope(&self, sizes: Sizes) -> Slope {
        let mut slope = Slope::default();
        // The largest first: the smallest parts of the sums come first.
        for rank in (0..=self.last).rev() {
            let scale = libm::exp2(-(rank.min(self.last - 1) as f64));
            if rank > 0 {
                for side in 0..2 {
                    slope.add_came(self.less[side][rank], scale, sizes, &[side, 2]);
                    slope.add_came(self.more[side][rank], scale, sizes, &[side]);
                }
                slope.add_equal(self.equal[rank], scale, sizes);
            }
            if rank < self.last {
                // What is known to have not come, of each part: a rank above this in this register.
                let [less, more] = [self.less, self.more].map(|sides| sides.map(|counts| counts[rank]));
                let equal = self.equal[rank];
                let none = [less[0] + equal + more[0], less[1] + equal + more[1], less[0] + equal + less[1]];
                for ((first, none), size) in slope.first.iter_mut().zip(none).zip(sizes) {
                    *first -= f64::from(none) * scale;
                    slope.value -= f64::from(none) * scale * size;
                }
            }
        }
        slope
    }

    /// The sizes under which the pairs are likeliest, starting somewhere near.
    fn likeliest(&self, start: Sizes) -> Sizes {
        // Below a thousandth of an item a part is none.
        let least = 1e-3 / self.register_len;
        let mut sizes = start.map(|size| size.max(least));
        let mut slope = self.slope(sizes);
        let mut damping = 1e-3;
        for _ in 0..100 {
            // By the logarithms of the sizes, which can't go below zero.
            let first: [f64; 3] = core::array::from_fn(|i| sizes[i] * slope.first[i]);
            let scale = first.iter().fold(1.0_f64, |most, slope| most.max(slope.abs()));
            let curve: [[f64; 3]; 3] = core::array::from_fn(|i| {
                core::array::from_fn(|j| {
                    let own = if i == j { damping * scale - first[i] } else { 0.0 };
                    own - sizes[i] * sizes[j] * slope.second[i][j]
                })
            });
            let step = solve(curve, first).map(|step| step.map(|by| by.clamp(-3.0, 3.0)));
            let next = step.map(|step| core::array::from_fn(|i| (sizes[i] * libm::exp(step[i])).max(least)));
            let better = next.map(|next| (next, self.slope(next))).filter(|next| next.1.value >= slope.value);
            let Some((next, there)) = better else {
                damping *= 10.0;
                if damping > 1e12 {
                    break;
                }
                continue;
            };
            let far = (0..3).any(|i| (next[i] - sizes[i]).abs() > 1e-9 * sizes[i] + least);
            (sizes, slope) = (next, there);
            damping = (damping * 0.1).max(1e-15);
            if !far {
                break;
            }
        }
        sizes
    }

    /// Standard deviations of the sizes: by the inverse of the curvature, the observed information, over the parts that
    /// are there. The likelihood of a part that is not falls from zero on: by the length of that.
    fn std_devs(&self, sizes: Sizes) -> Sizes {
        let slope = self.slope(sizes);
        let least = 2e-3 / self.register_len;
        let there = sizes.map(|size| size > least);
        let curve = core::array::from_fn(|i| {
            core::array::from_fn(|j| match there[i] && there[j] {
                true => -slope.second[i][j],
                false => f64::from(u8::from(i == j)),
            })
        });
        core::array::from_fn(|i| {
            let unit = core::array::from_fn(|j| f64::from(u8::from(i == j)));
            let variance = solve(curve, unit).map_or(f64::INFINITY, |column| column[i]);
            match there[i] {
                true if variance > 0.0 => libm::sqrt(variance),
                true => f64::INFINITY,
                false => -1.0 / slope.first[i].min(-f64::MIN_POSITIVE),
            }
        })
    }
}

/// Solves three equations, by Gauss' elimination with pivots. `None` when they don't tell.
fn solve(mut matrix: [[f64; 3]; 3], mut right: [f64; 3]) -> Option<[f64; 3]> {
    for i in 0..3 {
        let pivot = (i..3).max_by(|a, b| matrix[*a][i].abs().total_cmp(&matrix[*b][i].abs()))?;
        matrix.swap(i, pivot);
        right.swap(i, pivot);
        for j in 0..3 {
            if j != i {
                let factor = matrix[j][i] / matrix[i][i];
                (0..3).for_each(|k| matrix[j][k] -= factor * matrix[i][k]);
                right[j] -= factor * right[i];
            }
        }
    }
    let solved: [f64; 3] = core::array::from_fn(|i| right[i] / matrix[i][i]);
    solved.iter().all(|x| x.is_finite()).then_some(solved)
}

/// The parts of two sets by the registers of their sketches, which have the same `precision`, and by estimates of the two
/// and of their union to start from.
pub(super) fn joint(
    left: impl Iterator<Item = u8>,
    right: impl Iterator<Item = u8>,
    precision: u32,
    [left_count, right_count, union_count]: [f64; 3],
    sigmas: Sigmas,
) -> Joint {
    let none = Estimate::exact(0.0);
    let all = |count: f64| Estimate::relative(count, super::hyperloglog::std_error(precision), sigmas);
    if left_count == 0.0 || right_count == 0.0 {
        return Joint { left: all(left_count), right: all(right_count), both: none };
    }
    if !left_count.is_finite() || !right_count.is_finite() {
        let unknown = Estimate { value: left_count.min(right_count), low: 0.0, high: f64::INFINITY };
        return Joint { left: unknown, right: unknown, both: unknown };
    }
    let pairs = Pairs::new(left, right, precision);
    // Inclusion and exclusion, and something of each part even where that says none.
    let both = (left_count + right_count - union_count).max(0.01 * left_count.min(right_count));
    let start = [left_count - both, right_count - both, both];
    let some = [0.01 * left_count, 0.01 * right_count, 0.0];
    let m = pairs.register_len;
    let sizes = pairs.likeliest(core::array::from_fn(|i| start[i].max(some[i]) / m));
    let std_devs = pairs.std_devs(sizes);
    let part = |i: usize| {
        let value = if sizes[i] > 2e-3 / m { sizes[i] * m } else { 0.0 };
        Estimate::absolute(value, std_devs[i] * m, sigmas)
    };
    let mut both = part(2);
    // No more than the smaller set.
    both.high = both.high.min(all(left_count.min(right_count)).high.max(both.value));
    Joint { left: part(0), right: part(1), both }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn ranks(seed: u64) -> impl Iterator<Item = u8> {
        (0..256_u64).map(move |i| crate::hash::hash(&i.to_le_bytes(), seed).trailing_zeros() as u8 + 3)
    }

    /// The derivatives are the differences of the values.
    #[test]
    fn slopes_are_slopes() {
        let both: Vec<u8> = ranks(3).collect();
        let with = |seed| ranks(seed).zip(&both).map(|(rank, both)| rank.max(both + 1)).collect::<Vec<_>>();
        let mut pairs = Pairs::new(with(1).into_iter(), with(2).into_iter(), 8);
        pairs.equal[pairs.last] += 1;
        pairs.more[0][pairs.last] += 1;
        pairs.less[1][0] += 2;
        for sizes in [[5.0, 9.0, 14.0], [0.1, 30.0, 2.0], [20.0, 8.0, 0.01]] {
            let slope = pairs.slope(sizes);
            for i in 0..3 {
                let by = 1e-5 * sizes[i];
                let mut near = [sizes; 2];
                near[0][i] -= by;
                near[1][i] += by;
                let [below, above] = near.map(|near| pairs.slope(near));
                let first = (above.value - below.value) / (2.0 * by);
                assert!((first - slope.first[i]).abs() < 1e-4 * (1.0 + first.abs()), "{first} {slope:?}");
                for j in 0..3 {
                    let second = (above.first[j] - below.first[j]) / (2.0 * by);
                    assert!((second - slope.second[i][j]).abs() < 1e-4 * (1.0 + second.abs()), "{second}");
                }
            }
        }
    }

    #[test]
    fn equations_are_solved() {
        let solved =
            solve([[0.0, 2.0, 1.0], [1.0, 1.0, 1.0], [3.0, 0.0, -1.0]], [7.0, 6.0, 0.0]).expect("regular");
        assert!(solved.iter().zip([1.0, 2.0, 3.0]).all(|(found, expected)| (found - expected).abs() < 1e-12));
        assert_eq!(solve([[1.0, 2.0, 3.0]; 3], [1.0, 2.0, 3.0]), None);
    }
}
