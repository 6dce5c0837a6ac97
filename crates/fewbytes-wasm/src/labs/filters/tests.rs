//! What holds for the lab of every filter.

use crate::lab::{About, Bench, Random};
use crate::labs::LABS;

fn filters() -> impl Iterator<Item = &'static About> {
    LABS.iter().copied().filter(|about| about.figures.iter().any(|figure| figure.name == super::RATE.name))
}

fn bench(about: &'static About, words: &str) -> Bench {
    let mut bench = Bench::new(about, &about.tuning()).expect("the lab's own values");
    bench.add(words).expect("room");
    bench
}

#[test]
fn words_that_came_are_found_and_say_so() {
    for about in filters() {
        let mut bench = bench(about, "cat dog owl");
        bench.check("dog");
        assert!(
            bench.why().starts_with("“dog”: yes") && bench.why().ends_with("and it came."),
            "{}",
            bench.why()
        );
        let line = bench.lab().answers(&bench.scene()).line;
        assert!(line.starts_with("Did “dog” come"), "{line}");
        assert!(line.ends_with("? The filter says yes. The truth is yes."), "{line}");
        bench.check("zebra");
        assert!(bench.why().starts_with("“zebra”: no"), "{}: {}", about.slug, bench.why());
        let cells = bench.lab().cells_of(bench.lab().bytes().len() - 1);
        assert!(!cells.is_empty() && !bench.light_byte(bench.lab().bytes().len() - 1).is_empty());
        bench.seek(0).expect("in range");
        assert!(bench.scene().asked.is_none(), "what was asked is gone with the filter that was asked");
    }
}

#[test]
fn a_false_positive_is_found_and_explained() {
    for about in filters() {
        let mut bench = bench(about, about.words);
        bench.make_up(100).expect("room");
        bench.act("false-positive").expect("a sentence");
        let (why, line) = (bench.why().to_string(), bench.lab().answers(&bench.scene()).line);
        assert!(why.contains("tried.") && why.ends_with("A false positive."), "{}: {why}", about.slug);
        assert!(line.ends_with("The filter says yes. The truth is no: a false positive."), "{line}");
    }
}

/// What is measured is what theory says.
#[test]
fn measured_rates_are_as_the_theory_says() {
    for about in filters() {
        let mut bench = bench(about, about.words);
        let mut random = Random(9);
        let hashes: Vec<u64> = (0..60).map(|_| random.next()).collect();
        bench.make_up(60).expect("room");
        let mut lab = bench.lab().copy();
        lab.take(&hashes);
        let answers = lab.answers(&bench.scene());
        assert_eq!(answers.rows[1].len(), 4, "{}", about.slug);
        let number =
            |text: &str| -> f64 { text.split(' ').next().and_then(|n| n.parse().ok()).expect("a number") };
        let (says, measured) = (number(&answers.rows[1][1]), number(&answers.rows[1][3]));
        assert!((says - measured).abs() < 0.5 + 0.1 * says, "{}: {says} beside {measured}", about.slug);
    }
}
