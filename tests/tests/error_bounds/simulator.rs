//! The simulator of register states is itself tested: against hashes that were really inserted.

use crate::trials::stream;
use fewbytes::HyperLogLog;
use fewbytes_tests::simulate::{Updates, hash_of_rank, rank_hashes, uniform};
use fewbytes_tests::streams::hashes;

/// A Poisson number of mean `n`, a few hundred at most: unit exponentials that fit into `n`.
fn poisson(n: f64, seed: u64) -> u64 {
    let fits = |sum: f64, i: u64| Some(sum - uniform(seed << 20 | i).ln()).filter(|sum| *sum <= n);
    (0..).scan(0.0, |sum, i| fits(*sum, i).map(|more| *sum = more)).count() as u64
}

/// Whether two tables of counts are samples of one distribution, by Pearson's statistic over the cells that have enough in
/// them. Normal with mean *d* and variance *2 d* for *d* cells, which 4.5 deviations above *d* are too many for.
fn assert_alike(found: &[f64], expected: &[f64], what: &str) {
    let (total, expected_total): (f64, f64) = (found.iter().sum(), expected.iter().sum());
    let (k, l) = ((expected_total / total).sqrt(), (total / expected_total).sqrt());
    let enough = found.iter().zip(expected).filter(|(a, b)| **a + **b >= 20.0);
    let (chi2, cells) = enough
        .fold((0.0, 0.0), |(chi2, cells), (a, b)| (chi2 + (k * a - l * b).powi(2) / (a + b), cells + 1.0));
    assert!(cells >= 3.0, "{what}: {cells} cells");
    let most = cells + 4.5 * (2.0_f64 * cells).sqrt();
    assert!(chi2 <= most, "{what}: chi-square {chi2:.1} over {cells} cells, at most {most:.1}");
}

/// Registers by rank, and neighbours whose ranks differ by 0 to 7 (that no register knows of another), over many sketches.
fn ranks_seen(trials: u32, precision: u32, hashes: impl Fn(u32) -> Vec<u64>) -> (Vec<f64>, Vec<f64>) {
    let (mut ranks, mut pairs) = (vec![0.0; 64], vec![0.0; 8]);
    for trial in 0..trials {
        let mut sketch = HyperLogLog::new(precision, 0).expect("in range");
        sketch.insert_hashes(&hashes(trial));
        let registers: Vec<u8> = sketch.registers().collect();
        registers.iter().for_each(|rank| ranks[usize::from(*rank)] += 1.0);
        for pair in registers.chunks(2) {
            pairs[usize::from(pair[0].abs_diff(pair[1])).min(7)] += 1.0;
        }
    }
    (ranks, pairs)
}

#[test]
fn drawn_registers_are_as_inserted_ones() {
    for (precision, n, trials) in [(4, 1.0, 20_000), (4, 40.0, 20_000), (6, 30.0, 6000), (6, 300.0, 6000)] {
        let updates = Updates::ranks(precision, 0);
        let test = 400_000 + 1000 * precision + n as u32;
        let drawn =
            ranks_seen(trials, precision, |trial| rank_hashes(&updates, n, stream(test, trial).into()));
        let inserted = ranks_seen(trials, precision, |trial| {
            let seed = stream(test + 1, trial);
            hashes(seed, 0, poisson(n, seed.into())).collect()
        });
        assert_alike(&drawn.0, &inserted.0, &format!("ranks, precision {precision}, {n} items"));
        assert_alike(&drawn.1, &inserted.1, &format!("pairs, precision {precision}, {n} items"));
    }
}

/// The largest value of a register with which of the three below it came too: as many windows of four as inserted.
#[test]
fn drawn_windows_are_as_inserted_ones() {
    for n in [10.0, 100.0] {
        let window = |values: &[usize]| {
            let largest = values.iter().copied().max().unwrap_or(0);
            let below =
                (1..=3).filter(|d| largest > *d && values.contains(&(largest - d))).map(|d| 1 << (d - 1));
            largest.min(15) << 3 | below.sum::<usize>()
        };
        let count = |draw: &dyn Fn(u64) -> Vec<(usize, usize)>| {
            let mut cells = vec![0.0; 128];
            for trial in 0..10_000 {
                let mut registers = vec![Vec::new(); 16];
                draw(trial).into_iter().for_each(|(register, value)| registers[register].push(value));
                registers.iter().for_each(|values| cells[window(values)] += 1.0);
            }
            cells
        };
        let updates = Updates::ranks(4, 3);
        let drawn = count(&|trial| updates.draw(n, trial).collect());
        let inserted = count(&|trial| {
            let seed = stream(410_000 + n as u32, trial as u32);
            let hashes = hashes(seed, 0, poisson(n, seed.into()));
            hashes.map(|hash| ((hash >> 60) as usize, (hash << 4 | 8).leading_zeros() as usize + 1)).collect()
        });
        assert_alike(&drawn, &inserted, &format!("windows, {n} items"));
    }
}

/// Each hash made to order does what it was ordered for, the last rank too.
#[test]
fn ordered_hashes_hit_their_register() {
    for precision in [4, 11, 18] {
        for (register, noise) in [(0, 0), (5, u64::MAX), ((1 << precision) - 1, 0x0123_4567_89ab_cdef)] {
            for rank in 1..=65 - precision as usize {
                let mut sketch = HyperLogLog::new(precision, 0).expect("in range");
                sketch.insert_hashes(&[hash_of_rank(precision, register, rank, noise)]);
                let hit: Vec<(usize, u8)> =
                    sketch.registers().enumerate().filter(|(_, rank)| *rank > 0).collect();
                assert_eq!(hit, [(register, rank as u8)]);
            }
        }
    }
}

/// No items leave nothing; 10^30 fill every register to the brim.
#[test]
fn ends_of_the_range() {
    let updates = Updates::ranks(6, 2);
    assert_eq!(updates.draw(0.0, 1).count(), 0);
    assert!(updates.draw(1e30, 1).step_by(3).eq((0..64).map(|register| (register, 59))));
}
