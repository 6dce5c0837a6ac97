//! How often did it happen?

mod suite;

use criterion::Criterion;
use fewbytes::entry::Family;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    suite::family(&mut criterion, Family::Counting);
    criterion.final_summary();
}
