//! What wide vectors buy where six-bit fields are merged.

use criterion::{Criterion, Throughput};
use fewbytes::layout::Sextets;
use std::hint::black_box;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("sextets");
    for precision in [12, 14] {
        let sextets = Sextets::new(1 << precision);
        let bytes =
            |step: usize| (0..sextets.byte_len()).map(|i| ((i * step) >> 3) as u8).collect::<Vec<u8>>();
        let (mut ours, theirs) = (bytes(2971), bytes(1733));
        group.throughput(Throughput::Elements(sextets.len() as u64));
        group.bench_function(format!("max_assign/{precision}"), |b| {
            b.iter(|| sextets.max_assign(black_box(&mut ours), black_box(&theirs)));
        });
        group.bench_function(format!("max_assign_anywhere/{precision}"), |b| {
            b.iter(|| sextets.max_assign_anywhere(black_box(&mut ours), black_box(&theirs)));
        });
    }
    group.finish();
    criterion.final_summary();
}
