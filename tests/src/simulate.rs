//! States of register sketches drawn from their exact distribution: 10^19 items cost no more than a thousand.
//!
//! A sketch of *m* registers sees of each item's hash one register and one *update value*, *k* of chance *p_k*. Let the
//! number of different items be a Poisson number of mean *n*: then whether *k* came to a register is a coin of its own,
//! *1 - e^(-n p_k / m)*, and all coins are independent. The drawn values become hashes, one each, and the sketch takes
//! those through its own `insert_hashes`: whatever its layout, its state is as after *n* items.
//!
//! The number itself varies by *√n*: *1 / √n* is added to a relative error of *s* as *√(s² + 1/n)*, nothing from 10^6 on.

use crate::streams::mix;

/// What one hash does to a sketch: the chance of each update value.
#[derive(Clone, Debug)]
pub struct Updates {
    register_len: usize,
    /// `chances[k - 1]` is that of value *k*.
    chances: Vec<f64>,
    /// `tails[k]` is the chance of a value above *k*.
    tails: Vec<f64>,
    window: usize,
}

impl Updates {
    /// Of a sketch of `register_len` registers, where a hash has update value *k* with the chance `chances[k - 1]`, and a
    /// register forgets values more than `window` below the largest that came to it: those are not drawn.
    pub fn new(register_len: usize, chances: Vec<f64>, window: usize) -> Self {
        let mut tails = vec![0.0; chances.len() + 1];
        for k in (0..chances.len()).rev() {
            tails[k] = tails[k + 1] + chances[k]; // The small ones first: no digit is lost.
        }
        Self { register_len, chances, tails, window }
    }

    /// Ranks: *2^-k*, and the last rank, *65 - p*, takes the rest. What HyperLogLog's registers see, with a window of 0;
    /// UltraLogLog's see the same, with one of 2.
    pub fn ranks(precision: u32, window: usize) -> Self {
        let last = 65 - precision as i32;
        let chances = (1..=last).map(|rank| 0.5_f64.powi(rank.min(last - 1))).collect();
        Self::new(1 << precision, chances, window)
    }

    /// Register and update value of what came to the registers in `n` different items: of each register the largest value
    /// first, then those in the window below it.
    pub fn draw(&self, n: f64, seed: u64) -> impl Iterator<Item = (usize, usize)> + '_ {
        let per_register = n / self.register_len as f64;
        let stream = mix(seed);
        (0..self.register_len).flat_map(move |register| {
            // A uniform number for the largest, value 0, and one for each value below it.
            let coin = move |value: usize| uniform(stream.wrapping_add((register << 8 | value) as u64));
            // The largest is at most k with the chance e^(-n/m * tails[k]): -ln of a uniform number says which it is.
            let level = -coin(0).ln() / per_register;
            let largest = self.tails.partition_point(|tail| *tail > level);
            let came =
                move |value: &usize| coin(*value) < -(-per_register * self.chances[value - 1]).exp_m1();
            let below = (largest.saturating_sub(self.window).max(1)..largest).rev().filter(came);
            (largest > 0).then_some(largest).into_iter().chain(below).map(move |value| (register, value))
        })
    }
}

/// A number between 0 and 1, both left out, for each `counter`.
pub fn uniform(counter: u64) -> f64 {
    ((mix(counter) >> 11) as f64 + 0.5) * 2_f64.powi(-53)
}

/// A hash that offers `rank` to `register` of LogLog, SuperLogLog and HyperLogLog. Bits that don't matter are those of
/// `noise`.
pub fn hash_of_rank(precision: u32, register: usize, rank: usize, noise: u64) -> u64 {
    let (register, rank) = (register as u64, rank as u32);
    let rest = 64 - precision;
    let below = match rank > rest {
        true => 0, // The last rank: all zeros.
        false => 1 << (rest - rank) | noise & ((1 << (rest - rank)) - 1),
    };
    register << rest | below
}

/// Hashes that leave a sketch of ranks as `n` different items would.
pub fn rank_hashes(updates: &Updates, n: f64, seed: u64) -> Vec<u64> {
    let precision = updates.register_len.ilog2();
    let hash = |(register, rank)| hash_of_rank(precision, register, rank, mix(seed ^ register as u64));
    updates.draw(n, seed).map(hash).collect()
}
