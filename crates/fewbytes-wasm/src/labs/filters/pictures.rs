//! The cells of a filter with the probes of a word, and its rate of false positives.

use super::{FilterLab, sentences};
use crate::draw::{Sheet, Twin, row};
use crate::lab::pictures::{Cell, Curve, Word, curve, probes};
use crate::lab::{Hits, Scene};
use crate::text::grouped;

/// Cells in the table.
const TABLE_MOST: usize = 256;

/// The word that was asked for, or else the last one that was put in.
pub fn word<'a>(lab: &'a FilterLab, scene: &Scene<'a>) -> Option<Word<'a>> {
    if let Some(asked) = scene.asked {
        let places = lab.filter.places(asked.hash);
        let empty = places.iter().copied().filter(|place| lab.filter.is_empty(*place)).collect();
        return Some(Word { text: Some(&asked.text), places, marked: empty, is_asked: true });
    }
    let touched = lab.touched.as_ref()?;
    let (places, empty) = (touched.places.clone(), touched.fresh.clone());
    Some(Word { text: touched.text.as_deref(), places, marked: empty, is_asked: false })
}

/// Draws the cells, and lines from the word to its own.
pub fn cells(lab: &FilterLab, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
    let word = word(lab, scene);
    let first = word.as_ref().and_then(|word| word.places.first().copied());
    let seen = scene.lit.first().copied().or(first).unwrap_or(0);
    let most = f64::from(lab.filter.most());
    let look = |cell: usize| match lab.filter.cell(cell) {
        0 => Cell::new(0.0, None),
        // Of bits the colour says all; of counters it is the number.
        value if most <= 1.0 => Cell::new(0.75 * f64::from(value), None),
        value => {
            Cell::new(0.15 + 0.85 * f64::from(value) / most, Some(value.into()).filter(|_| most < 256.0))
        }
    };
    let legends = match &word {
        _ if !lab.filter.sets() => ["", ""],
        Some(word) if word.is_asked => ["— is set", "- - is not set"],
        _ => ["— was set", "- - set now"],
    };
    let grids = |width: f64| lab.filter.grids(width, seen);
    let (hits, shown) = probes(&grids, &look, word.as_ref(), legends, scene.lit, sheet);

    let (one, many) = (lab.filter.nouns()[0], lab.filter.nouns()[1]);
    let len = lab.filter.len();
    let mut label = format!("{} {many}", grouped(len as f64));
    if lab.filter.sets() && len > 0 {
        let set = sentences::set_len(lab);
        label += &format!(", {} of them set: {:.1} %", grouped(set as f64), 100.0 * set as f64 / len as f64);
    }
    label.push('.');
    if let Some(shown) = shown.filter(|shown| *shown < len) {
        let first = hits.iter().map(|(_, cell)| *cell).min().unwrap_or(0);
        label += &format!(" Shown are {}, from {} on.", grouped(shown as f64), grouped(first as f64));
    }
    let setters = sentences::setters(lab, scene.history);
    let from = seen / TABLE_MOST * TABLE_MOST;
    let rows = (from..len.min(from + TABLE_MOST))
        .map(|cell| row([&cell, &lab.filter.cell(cell), &sentences::names(setters.get(cell), 6)]));
    let head = row([&one, &"holds", &if lab.filter.sets() { "set by" } else { "used by" }]);
    (Twin { label, table: [head].into_iter().chain(rows).collect() }, hits)
}

/// Draws the rate by the theory over the number of items, and the rate that is measured now.
pub fn rate(lab: &FilterLab, scene: &Scene<'_>, sheet: Sheet<'_>) -> Twin {
    let filter = &lab.filter;
    let items = scene.truth.map_or(filter.estimate().value, |truth| truth as f64);
    let measured = lab.measured_rate();
    // To where every second answer is wrong, and at least to where we are.
    let half = (0..40).map(|power| libm::exp2(f64::from(power))).find(|items| filter.rate_at(*items) > 0.5);
    // One that forgets goes no further than when it is full.
    let most = filter.window().map(|window| 3.0 * window as f64).or(half).unwrap_or(1e4);
    let most = most.max(items * 1.2).max(10.0);
    let theory = |items: f64| filter.rate_at(items);
    let here = (items > 0.0).then_some((items, measured));
    curve(&Curve { theory: &theory, most, least: 1e-4, here, title: "chance of a wrong yes" }, sheet);
    let label = format!(
        "Of {} random items that never came the filter finds {}; after {} items theory says {}.",
        grouped(super::MEASURED.into()),
        sentences::percent(measured),
        grouped(items),
        sentences::percent(theory(items))
    );
    let steps = (0..=16).map(|i| libm::round(libm::pow(most, f64::from(i) / 16.0)));
    let mut counts: Vec<f64> = steps.collect();
    if let Some((items, _)) = here {
        counts.insert(counts.partition_point(|count| *count < items), items);
    }
    counts.dedup();
    let rows = counts.into_iter().map(|count| {
        let measured = if count == items { sentences::percent(measured) } else { "–".into() };
        row([&grouped(count), &sentences::percent(theory(count)), &measured])
    });
    let head = row([&"items", &"by theory", &"measured"]);
    Twin { label, table: [head].into_iter().chain(rows).collect() }
}
