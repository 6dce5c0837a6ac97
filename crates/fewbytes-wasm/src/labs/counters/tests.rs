//! What holds for the labs of counters.

use super::{COUNT_MIN, MORRIS_ARRAY};
use crate::lab::Bench;

#[test]
fn plain_cells_never_count_too_few_and_say_how_many_too_many() {
    let mut bench = Bench::new(&COUNT_MIN, &COUNT_MIN.tuning()).expect("the lab's own values");
    bench.add("to be or not to be").expect("room");
    assert!(bench.why().starts_with("“be” has a cell in each row: "), "{}", bench.why());
    bench.check("to");
    assert!(bench.why().ends_with("the least says 2. It came 2 times."), "{}", bench.why());
    let line = bench.lab().answers(&bench.scene()).line;
    assert_eq!(line, "How often did “to” come? The sketch says 2. The truth is 2.");
    bench.make_up(1000).expect("room");
    bench.act("worst").expect("a sentence");
    assert!(bench.why().starts_with("The most wrong of 1,004 different words. “"), "{}", bench.why());
    assert!(bench.why().ends_with(" too many, other words’ or by chance."), "{}", bench.why());
    // Each cell of one row is somebody's, and all of a row are all events.
    bench.set("depth", 1.0).expect("in range");
    let cells = (0..16).map(|cell| bench.lab().cell(cell, bench.history()));
    let held = cells.map(|cell| {
        cell.split(' ').nth(3).map_or(0, |held| held.trim_end_matches(',').parse().expect("a number"))
    });
    assert_eq!(held.sum::<u64>(), 1006);
}

#[test]
fn registers_say_whether_the_coin_fell() {
    let mut bench = Bench::new(&MORRIS_ARRAY, &MORRIS_ARRAY.tuning()).expect("the lab's own values");
    bench.set("base", 2.0).expect("in range");
    bench.add(&"tick ".repeat(40)).expect("room");
    let mut said = (0, 0);
    for at in 1..=40 {
        bench.seek(at).expect("in range");
        said.0 += u32::from(bench.why().contains("It went from"));
        said.1 += u32::from(bench.why().contains("and the coin said no: it stays at"));
    }
    assert!(said.0 >= 3 && said.0 + said.1 == 40, "{said:?}");
    bench.check("tick");
    assert!(
        bench.why().contains("which stands for") && bench.why().contains("It came 40 times"),
        "{}",
        bench.why()
    );
}
