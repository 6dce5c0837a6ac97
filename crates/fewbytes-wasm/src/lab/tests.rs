//! What holds for every lab; its own tests are beside it.

use super::{Bench, Hits};
use crate::draw::{Sheet, Svg, Theme};
use crate::labs::LABS;

/// A bench at any point of its history has the bytes of one that went straight there.
pub fn stepped_back_and_forth(bench: &mut Bench) {
    let steps = bench.history().steps().len();
    let mut straight = Vec::new();
    for at in 0..=steps {
        bench.seek(at).expect("in range");
        straight.push((bench.lab().bytes().to_vec(), bench.truth()));
    }
    for at in (0..=steps).rev().chain([steps, 0, steps / 2, steps]) {
        bench.seek(at).expect("in range");
        let name = bench.about().name;
        assert!((bench.lab().bytes().to_vec(), bench.truth()) == straight[at], "{name} after {at} steps");
    }
}

fn filled(about: &'static super::About) -> Bench {
    let mut bench = Bench::new(about, &about.tuning()).expect("the lab's own values");
    bench.add(about.words).expect("room");
    bench.make_up(100).expect("room");
    bench.add("late words").expect("room");
    if about.removes {
        bench.remove("late never").expect("room");
    }
    bench
}

#[test]
fn every_lab_goes_back_and_forth() {
    LABS.iter().for_each(|about| stepped_back_and_forth(&mut filled(about)));
}

#[test]
fn every_lab_is_built_again_by_its_address() {
    for about in LABS {
        let bench = filled(about);
        let pairs = bench.to_pairs().expect("short");
        let again = Bench::from_pairs(about, &pairs).expect("its own pairs");
        assert!(again.lab().bytes() == bench.lab().bytes(), "{}: {pairs:?}", about.slug);
        assert_eq!(again.to_pairs(), Some(pairs));
        let long = bench.about().words.repeat(200);
        let mut bench = bench;
        bench.add(&long).expect("room");
        assert_eq!(bench.to_pairs(), None);
    }
}

#[test]
fn every_lab_opens_its_file_and_knows_no_truth_then() {
    for about in LABS {
        let bench = filled(about);
        let mut opened = Bench::new(about, &about.tuning()).expect("the lab's own values");
        opened.open(bench.lab().sealed()).expect("its own bytes");
        assert_eq!((opened.truth(), opened.lab().tuning()), (None, bench.lab().tuning()), "{}", about.slug);
        assert!(opened.open(b"no structure".to_vec()).is_err());
        assert_eq!(opened.points_len(), 0);
    }
}

/// Each control goes from one end to the other, and each value of it builds.
#[test]
fn every_control_builds_at_its_ends() {
    for about in LABS {
        for control in about.controls {
            let ends = match control.span {
                super::Span::Even { low, high, .. } => [low, high],
                super::Span::List(list) => [list[0], list[list.len() - 1]],
            };
            for value in ends {
                let mut bench = filled(about);
                bench.set(control.parameter.name, value).expect("in range");
                assert!(bench.lab().tuning().values.contains(&value), "{} {value}", control.parameter.name);
                stepped_back_and_forth(&mut bench);
            }
        }
    }
}

/// Each picture has a label, a table and a drawing, empty and filled; where it has cells, they and their bytes belong to
/// each other.
#[test]
fn every_picture_is_drawn_and_its_cells_are_bytes() {
    let theme = Theme::variables();
    for about in LABS {
        let mut benches = [Bench::new(about, &about.tuning()).expect("the lab's own values"), filled(about)];
        if about.runs() {
            benches[1].begin_runs().expect("few");
            assert_eq!(benches[1].some_runs(5), 5, "{}", about.slug);
        }
        let runs = about.runs().then_some("runs");
        let names = about.figures.iter().map(|figure| figure.name).chain(runs);
        for (name, width) in names.flat_map(|name| [(name, 320.0), (name, 640.0)]) {
            for (i, bench) in benches.iter_mut().enumerate() {
                if name == "runs" && i == 0 {
                    continue;
                }
                let svg = Svg::new(width);
                let twin = bench.picture(name, Sheet::new(&theme, Some(&svg)));
                assert!(!twin.label.is_empty(), "{} {name}", about.slug);
                assert!(i == 0 || twin.table.len() > 1, "{} {name}", about.slug);
                let columns = twin.table.first().map_or(0, Vec::len);
                assert!(twin.table.iter().all(|row| row.len() == columns), "{} {name}", about.slug);
                let drawn = svg.finish(&twin.label).expect("a drawing");
                assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{} {name}", about.slug);
            }
        }
        let hits: Hits = benches[1].hits.iter().flat_map(|(_, hits)| hits.clone()).collect();
        for ([x, y, ..], cell) in hits {
            let lab = benches[1].lab();
            assert!(x >= 0.0 && y >= 0.0 && !lab.cell(cell, benches[1].history()).is_empty());
            for byte in lab.bytes_of(cell) {
                assert!(byte < lab.bytes().len(), "{} cell {cell}, byte {byte}", about.slug);
                assert!(lab.cells_of(byte).contains(&cell), "{} cell {cell}, byte {byte}", about.slug);
            }
        }
    }
}

/// What is merged has the items of both, and goes back and forth as all else.
#[test]
fn every_merge_is_a_step() {
    for about in LABS.iter().filter(|about| about.merges) {
        let mut bench = filled(about);
        let truth = bench.truth();
        bench.put_aside().expect("a fresh one");
        assert_eq!(bench.truth(), Some(0));
        bench.add("other words").expect("room");
        bench.merge_aside().expect("alike");
        assert!(bench.truth() > truth && bench.aside().is_none(), "{}", about.slug);
        stepped_back_and_forth(&mut bench);
    }
}
