//! Cells, and lines from a word to its own.

use super::{Cell, Grid, outlines};
use crate::draw::{Align, Pen, SMALL, Sheet};
use crate::lab::Hits;

/// Room for the word above the cells.
const ABOVE: f64 = 46.0;
/// Room for the title of a grid that is one of many.
const TITLE: f64 = 20.0;

/// A word, where its cells are, and those of them that make a difference.
pub struct Word<'a> {
    pub text: Option<&'a str>,
    pub places: Vec<usize>,
    pub marked: Vec<usize>,
    pub is_asked: bool,
}

/// Draws grids with their titles one below the other, and the probes of a word. `legends` say what lines to cells mean that
/// are not marked, and to those that are. Where the cells are, and how many are shown.
pub fn probes(
    grids: &dyn Fn(f64) -> Vec<(String, Grid)>,
    look: &dyn Fn(usize) -> Cell,
    word: Option<&Word<'_>>,
    legends: [&str; 2],
    lit: &[usize],
    sheet: Sheet<'_>,
) -> (Hits, Option<usize>) {
    let laid = |width: f64| {
        let mut top = ABOVE;
        let grids = grids(width).into_iter().map(|(title, grid)| {
            top += if title.is_empty() { 0.0 } else { TITLE };
            let grid = grid.below(top);
            top += grid.height();
            (title, grid)
        });
        let grids: Vec<(String, Grid)> = grids.collect();
        (grids, top + 2.0)
    };
    let Some(pen) = sheet.pen(|width| laid(width).1) else { return (Hits::new(), None) };
    let (grids, _) = laid(pen.width);
    let mut hits = Hits::new();
    for (title, grid) in &grids {
        if let Some([_, y, ..]) = grid.cell(grid.cells().start).filter(|_| !title.is_empty()) {
            pen.text(0.0, y - TITLE / 2.0 + 1.0, title, Align::Left, &pen.theme.soft, SMALL);
        }
        hits.extend(grid.draw(&pen, look));
    }
    let shown = grids.iter().map(|(_, grid)| grid.cells().len()).sum();
    match word {
        Some(word) => lines(&pen, word, &hits, legends),
        None => pen.text(0.0, 12.0, "no word yet", Align::Left, &pen.theme.soft, SMALL + 1.0),
    }
    outlines(&pen, &hits, lit, &pen.theme.ink);
    (hits, Some(shown))
}

/// The word in a box, and a line from it to each of its cells: dashed to those that are marked, solid to others.
fn lines(pen: &Pen<'_>, word: &Word<'_>, hits: &Hits, legends: [&str; 2]) {
    let theme = pen.theme;
    let text = word.text.unwrap_or("the last item");
    let shown: String = text.chars().take(24).chain(text.chars().nth(24).map(|_| '…')).collect();
    // Letters of this size are about 8 pixels wide in the fixed-width font.
    let width = 8.1 * shown.chars().count() as f64 + 18.0;
    let middle = (pen.width / 2.0).max(width / 2.0);
    for (place, cell) in hits.iter().filter(|(_, cell)| word.places.contains(cell)) {
        let [x, y, cell_width, _] = *place;
        let (colour, dash): (_, &[f64]) =
            if word.marked.contains(cell) { (&theme.orange, &[5.0, 3.0]) } else { (&theme.green, &[]) };
        pen.line(&[(middle, 24.0), (x + cell_width / 2.0, y)], colour, 1.5, dash);
    }
    outlines(pen, hits, &word.places, &theme.green);
    outlines(pen, hits, &word.marked, &theme.orange);
    let around = [middle - width / 2.0, 1.0, width, 23.0];
    pen.fill(around, &theme.ground, 1.0);
    pen.frame(around, if word.is_asked { &theme.ink } else { &theme.line }, 1.0);
    pen.mono(middle, 13.0, &shown, Align::Middle, &theme.ink, 13.5);
    if pen.width > 420.0 {
        pen.text(0.0, 12.0, legends[0], Align::Left, &theme.green, SMALL);
        pen.text(pen.width, 12.0, legends[1], Align::Right, &theme.orange, SMALL);
    }
}
