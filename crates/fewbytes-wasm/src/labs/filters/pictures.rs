//! The cells of a filter with the probes of a word, and its rate of false positives.

use super::{FilterLab, sentences};
use crate::draw::{Align, Pen, SMALL, Sheet, Twin, row};
use crate::lab::pictures::{Cell, Curve, Grid, curve, outlines};
use crate::lab::{Hits, Scene};
use crate::text::grouped;

/// Room for the word above the cells.
const ABOVE: f64 = 46.0;
/// Room for the title of a grid that is one of many.
const TITLE: f64 = 20.0;
/// Cells in the table.
const TABLE_MOST: usize = 256;

/// The word whose probes are drawn, where they are, and those of them that make a difference: found empty.
pub struct Word<'a> {
    pub text: Option<&'a str>,
    pub places: Vec<usize>,
    pub empty: Vec<usize>,
    pub is_asked: bool,
}

/// The word that was asked for, or else the last one that was put in.
pub fn word<'a>(lab: &'a FilterLab, scene: &Scene<'a>) -> Option<Word<'a>> {
    if let Some(asked) = scene.asked {
        let places = lab.filter.places(asked.hash);
        let empty = places.iter().copied().filter(|place| lab.filter.cell(*place) == 0).collect();
        return Some(Word { text: Some(&asked.text), places, empty, is_asked: true });
    }
    let touched = lab.touched.as_ref()?;
    let (places, empty) = (touched.places.clone(), touched.fresh.clone());
    Some(Word { text: touched.text.as_deref(), places, empty, is_asked: false })
}

/// Draws the cells, and lines from the word to its own.
pub fn cells(lab: &FilterLab, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
    let word = word(lab, scene);
    let first = word.as_ref().and_then(|word| word.places.first().copied());
    let seen = scene.lit.first().copied().or(first).unwrap_or(0);
    let (hits, shown) = draw(lab, word.as_ref(), scene.lit, seen, sheet);

    let (one, many) = (lab.filter.nouns()[0], lab.filter.nouns()[1]);
    let (len, set) = (lab.filter.len(), lab.cells().iter().filter(|cell| **cell > 0).count());
    let mut label = format!("{} {many}, {} of them set", grouped(len as f64), grouped(set as f64));
    if len > 0 {
        label += &format!(": {:.1} %.", 100.0 * set as f64 / len as f64);
    }
    if let Some((from, to)) = shown.filter(|(from, to)| to - from < len) {
        label += &format!(" Shown are {} to {}.", grouped(from as f64), grouped((to - 1) as f64));
    }
    let setters = sentences::setters(lab, scene.history);
    let from = seen / TABLE_MOST * TABLE_MOST;
    let rows = (from..len.min(from + TABLE_MOST))
        .map(|cell| row([&cell, &lab.filter.cell(cell), &sentences::names(setters.get(cell), 6)]));
    let head = row([&one, &"holds", &"set by"]);
    (Twin { label, table: [head].into_iter().chain(rows).collect() }, hits)
}

fn draw(
    lab: &FilterLab,
    word: Option<&Word<'_>>,
    lit: &[usize],
    seen: usize,
    sheet: Sheet<'_>,
) -> (Hits, Option<(usize, usize)>) {
    let grids = |width: f64| {
        let mut top = ABOVE;
        let grids = lab.filter.grids(width, seen).into_iter().map(|(title, grid)| {
            top += if title.is_empty() { 0.0 } else { TITLE };
            let grid = grid.below(top);
            top += grid.height();
            (title, grid)
        });
        let grids: Vec<(String, Grid)> = grids.collect();
        (grids, top + 2.0)
    };
    let Some(pen) = sheet.pen(|width| grids(width).1) else { return (Hits::new(), None) };
    let (grids, _) = grids(pen.width);
    let most = f64::from(lab.filter.most());
    let mut hits = Hits::new();
    for (title, grid) in &grids {
        if let Some([_, y, ..]) = grid.cell(grid.cells().start).filter(|_| !title.is_empty()) {
            pen.text(0.0, y - TITLE / 2.0 + 1.0, title, Align::Left, &pen.theme.soft, SMALL);
        }
        hits.extend(grid.draw(&pen, |cell| match lab.filter.cell(cell) {
            0 => Cell::new(0.0, None),
            // Of bits the colour says all; of counters it is the number.
            value if most <= 1.0 => Cell::new(0.75 * f64::from(value), None),
            value => Cell::new(0.15 + 0.85 * f64::from(value) / most, Some(value.into())),
        }));
    }
    let shown = grids.first().zip(grids.last());
    let shown = shown.map(|((_, first), (_, last))| (first.cells().start, last.cells().end));
    match word {
        Some(word) => probes(&pen, word, &hits),
        None => pen.text(0.0, 12.0, "no word yet", Align::Left, &pen.theme.soft, SMALL + 1.0),
    }
    outlines(&pen, &hits, lit, &pen.theme.ink);
    (hits, shown)
}

/// The word in a box, and a line from it to each of its cells: solid to those that were set before, dashed to others.
fn probes(pen: &Pen<'_>, word: &Word<'_>, hits: &Hits) {
    let theme = pen.theme;
    let text = word.text.unwrap_or("the last item");
    let shown: String = text.chars().take(24).chain(text.chars().nth(24).map(|_| '…')).collect();
    // Letters of this size are about 8 pixels wide in the fixed-width font.
    let width = 8.1 * shown.chars().count() as f64 + 18.0;
    let middle = (pen.width / 2.0).max(width / 2.0);
    for (place, cell) in hits.iter().filter(|(_, cell)| word.places.contains(cell)) {
        let [x, y, cell_width, _] = *place;
        let is_empty = word.empty.contains(cell);
        let (colour, dash): (_, &[f64]) =
            if is_empty { (&theme.orange, &[5.0, 3.0]) } else { (&theme.green, &[]) };
        pen.line(&[(middle, 24.0), (x + cell_width / 2.0, y)], colour, 1.5, dash);
    }
    let places = |among: &dyn Fn(&usize) -> bool| -> Vec<usize> {
        word.places.iter().copied().filter(|place| among(place)).collect()
    };
    outlines(pen, hits, &places(&|place| !word.empty.contains(place)), &theme.green);
    outlines(pen, hits, &places(&|place| word.empty.contains(place)), &theme.orange);
    let around = [middle - width / 2.0, 1.0, width, 23.0];
    pen.fill(around, &theme.ground, 1.0);
    pen.frame(around, if word.is_asked { &theme.ink } else { &theme.line }, 1.0);
    pen.mono(middle, 13.0, &shown, Align::Middle, &theme.ink, 13.5);
    let (before, fresh) =
        if word.is_asked { ("— is set", "- - is not set") } else { ("— was set", "- - set now") };
    if pen.width > 420.0 {
        pen.text(0.0, 12.0, before, Align::Left, &theme.green, SMALL);
        pen.text(pen.width, 12.0, fresh, Align::Right, &theme.orange, SMALL);
    }
}

/// Draws the rate by the theory over the number of items, and the rate that is measured now.
pub fn rate(lab: &FilterLab, scene: &Scene<'_>, sheet: Sheet<'_>) -> Twin {
    let filter = &lab.filter;
    let items = scene.truth.map_or(filter.estimate().value, |truth| truth as f64);
    let measured = lab.measured_rate();
    // To where every second answer is wrong, and at least to where we are.
    let half = (0..40).map(|power| libm::exp2(f64::from(power))).find(|items| filter.rate_at(*items) > 0.5);
    let most = half.unwrap_or(1e6).max(items * 1.2).max(10.0);
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
    let mut counts: Vec<f64> = steps.chain(here.map(|(items, _)| items)).collect();
    counts.sort_by(f64::total_cmp);
    counts.dedup();
    let rows = counts.into_iter().map(|count| {
        let measured = if count == items { sentences::percent(measured) } else { "–".into() };
        row([&grouped(count), &sentences::percent(theory(count)), &measured])
    });
    let head = row([&"items", &"by theory", &"measured"]);
    Twin { label, table: [head].into_iter().chain(rows).collect() }
}
