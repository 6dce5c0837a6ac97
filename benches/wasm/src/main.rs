//! Times the work as native code: a line for each, its name and the median nanoseconds an item.

use fewbytes_benches_wasm::{ITEMS, Work};
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let mut work = Work::new();
    let mut median = |name: &str, run: fn(&mut Work)| {
        let mut times: Vec<f64> = (0..15)
            .map(|_| {
                work.reset();
                let start = Instant::now();
                run(&mut work);
                start.elapsed().as_nanos() as f64 / f64::from(ITEMS)
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{name} {}", times[times.len() / 2]);
    };
    median("hyperloglog_insert", |work| _ = black_box(work.hyperloglog_insert()));
    median("blocked_bloom_contains_all", |work| _ = black_box(work.blocked_bloom_contains_all()));
}
