//! The lab's history, answers and runs, without a browser.

use super::estimators::{HYPERLOGLOG as READER, expected};
use super::*;
use crate::cut::Cut;
use crate::lab::{Bench, Runs, stepped_back_and_forth};
use fewbytes::HyperLogLog;

fn bench(precision: u32, words: &str, made_up: u64) -> Bench {
    let mut bench =
        Bench::new(&HYPERLOGLOG, &Tuning { values: vec![precision.into()], seed: 7 }).expect("in range");
    bench.add(words).expect("room");
    if made_up > 0 {
        bench.make_up(made_up).expect("room");
    }
    bench
}

fn bytes(bench: &Bench) -> Vec<u8> {
    bench.lab().bytes().to_vec()
}

/// Back and forth, merged, folded and made finer: always the sketch that the items give.
#[test]
fn history_always_gives_the_sketch_of_its_items() {
    let mut ours = bench(6, "to be or not to be", 100);
    stepped_back_and_forth(&mut ours);
    let whole = bytes(&ours);
    ours.seek(6).expect("in range");
    assert_eq!((ours.truth(), ours.why().contains("again")), (Some(4), true));

    let mut both = bench(7, "or else", 200);
    both.put_aside().expect("room");
    both.set("precision", 6.0).expect("in range");
    both.add("to be or not to be").expect("room");
    both.make_up(100).expect("room");
    both.merge_aside().expect("one seed");
    assert_eq!((both.truth(), both.lab().tuning().values), (Some(205), vec![6.0]));
    let merged = bytes(&both);
    let (back, end) = (both.history().at() - 1, both.history().at());
    both.seek(back).expect("in range");
    assert_eq!(bytes(&both), whole);
    both.seek(end).expect("in range");
    assert_eq!(bytes(&both), merged);

    both.set("precision", 5.0).expect("lower");
    let folded = bytes(&both);
    both.set("precision", 9.0).expect("items are known");
    both.set("precision", 5.0).expect("lower");
    assert_eq!(bytes(&both), folded);
    both.put_aside().expect("room");
    both.set_seed(8).expect("no file");
    assert!(both.merge_aside().is_err() && both.aside().is_some(), "seeds differ");
}

#[test]
fn an_opened_sketch_has_no_truth_and_can_only_be_folded() {
    let whole = bytes(&bench(6, "to be", 1000));
    let mut opened = bench(4, "", 0);
    opened.open(whole.clone()).expect("a sketch");
    assert_eq!(opened.truth(), None);
    opened.add("more words").expect("room");
    assert!(opened.set("precision", 7.0).is_err() && opened.set_seed(1).is_err());
    opened.seek(0).expect("in range");
    assert_eq!(bytes(&opened), whole);
    opened.set("precision", 4.0).expect("lower");
    opened.seek(2).expect("in range");
    assert_eq!(opened.lab().tuning().values, [4.0]);

    opened.put_aside().expect("room");
    opened.set("precision", 6.0).expect("empty");
    opened.add("a b").expect("room");
    opened.merge_aside().expect("one seed");
    let history = opened.history();
    assert_eq!((opened.truth(), history.steps().len(), opened.lab().tuning().values), (None, 0, vec![4.0]));
}

#[test]
fn another_seed_hashes_words_again() {
    let mut ours = bench(6, "to be", 10);
    ours.set_seed(8).expect("no file");
    let mut fresh = Bench::new(&HYPERLOGLOG, &Tuning { values: vec![6.0], seed: 8 }).expect("in range");
    fresh.add("to be").expect("room");
    fresh.make_up(10).expect("room");
    assert_eq!(bytes(&ours), bytes(&fresh));
}

/// What is typed and what a file holds are the same words, those with a space of Unicode's in them too.
#[test]
fn typed_words_are_the_words_of_a_file() {
    let text = " to\u{a0}be or\tnot\r\n";
    let typed = bench(6, text, 0);
    let mut read = bench(6, "", 0);
    read.begin_file("own.txt", Cut::Words).expect("a step");
    assert!(read.chunk(text.as_bytes(), true));
    read.seek(1).expect("in range");
    assert_eq!((typed.truth(), read.truth()), (Some(3), Some(3)));
    assert_eq!(bytes(&typed), bytes(&read));
}

#[test]
fn answers_stand_beside_the_truth() {
    let bench = bench(6, "to be or not to be", 0);
    let answers = |chosen| bench.lab().answers(&Scene { chosen, ..bench.scene() });
    let own = answers(2);
    assert!(own.line.starts_with("HyperLogLog says 4. The truth is 4: an error of "), "{}", own.line);
    assert!(!answers(0).caution.is_empty() && own.caution.is_empty());
}

#[test]
fn expected_ranks_add_up_and_fit() {
    let mut sketch = HyperLogLog::new(10, 3).expect("in range");
    sketch.insert_all((0..20_000).map(|i| i.to_string()));
    let expected = expected(20_000.0, 10);
    assert!((expected.iter().sum::<f64>() - 1024.0).abs() < 1e-6);
    for (count, expected) in sketch.histogram().counts().iter().zip(&expected) {
        let error = (f64::from(*count) - expected).abs();
        assert!(error <= 5.0 * (expected + 1.0).sqrt(), "{count} {expected}");
    }
}

/// Inserted or drawn, the errors are as the theory says; and the same seed gives the same runs, in any slices.
#[test]
fn errors_are_as_the_theory_says() {
    let lab = |precision: u32| {
        (HYPERLOGLOG.make)(&Tuning { values: vec![precision.into()], seed: 7 }).expect("in range")
    };
    for items in [5_000, INSERTED + 1, 10_000_000] {
        let mut runs = Runs::new(items, &*lab(8)).expect("any count");
        assert_eq!(runs.some(1005), 1000);
        let theory = (READER.std_error)(8);
        let (mean, spread) = runs.summary(2);
        assert!(mean.abs() < 4.0 * theory / libm::sqrt(1000.0), "{items}: mean {mean}");
        assert!((spread / theory - 1.0).abs() < 0.1, "{items}: {spread} beside {theory}");
    }
    let (mut whole, mut sliced) =
        (Runs::new(300, &*lab(6)).expect("few"), Runs::new(300, &*lab(6)).expect("few"));
    whole.some(1000);
    while sliced.some(7) < 1000 {}
    assert_eq!(whole.errors, sliced.errors);
}

/// Every item's hash is told apart as the library does: its register holds what its parts say.
#[test]
fn parts_of_a_hash_are_those_of_the_library() {
    for about in [&LOGLOG, &HYPERLOGLOG, &ULTRALOGLOG, &EXALOGLOG] {
        let mut random = Random(3);
        for _ in 0..200 {
            let mut bench = Bench::new(about, &about.tuning()).expect("the lab's own values");
            let word = random.next().to_string();
            bench.add(&word).expect("room");
            let hash = crate::lab::hash_of(&word, 7);
            let register = bench.lab().touched().expect("a word came");
            // What its bytes say is what its sentence says.
            let cell = bench.lab().cell(register, bench.history());
            assert!(cell != format!("register {register} holds nothing"), "{} {cell}", about.slug);
            let (len, precision) = (about.tuning().values[0] as u32, about.tuning().whole(0) as u32);
            assert_eq!(len, precision);
            let index = match about.slug {
                "exaloglog" => hash >> 2 & ((1 << precision) - 1),
                _ => hash >> (64 - precision),
            };
            assert_eq!(register as u64, index, "{}", about.slug);
        }
    }
}

/// Of two sets what they share is told, and that the least of registers is not it.
#[test]
fn the_least_of_registers_is_no_intersection() {
    let mut bench = bench(10, "", 2000);
    bench.put_aside().expect("room");
    bench.make_up(2000).expect("room");
    let rows = bench.lab().answers(&bench.scene()).rows;
    let says = |name: &str| -> f64 {
        let row = rows.iter().find(|row| row[0].starts_with(name)).expect("a row");
        row[1].replace(',', "").parse().expect("a number")
    };
    // The same made-up items: all of them are shared.
    assert!(
        (says("in one or both") / 2000.0 - 1.0).abs() < 0.15
            && (says("in both: likelihood") / 2000.0 - 1.0).abs() < 0.15
    );
    bench.add("other").expect("room");
    let mut other = Bench::new(&HYPERLOGLOG, &Tuning { values: vec![10.0], seed: 7 }).expect("in range");
    other.make_up(4000).expect("room");
    assert_eq!(other.lab().answers(&other.scene()).rows.len(), 3);
}

/// SuperLogLog leaves out the largest three tenths.
#[test]
fn the_largest_are_left_out() {
    let ranks: Vec<u8> = (1..=10).collect();
    let out = estimators::left_out(&ranks, "SuperLogLog");
    assert_eq!((out[7], out[8], out[9], out[10], out.iter().sum::<u32>()), (0, 1, 1, 1, 3));
    assert_eq!(estimators::left_out(&ranks, "LogLog"), [0; 64]);
}
