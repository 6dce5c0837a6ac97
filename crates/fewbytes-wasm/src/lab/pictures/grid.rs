//! Cells in rows: registers, bits, counters, the darker the more.

use crate::draw::{Align, Pen};
use crate::lab::Hits;

/// Most cells that are drawn at once.
pub const MOST: usize = 4096;

/// How a cell looks.
pub struct Cell {
    /// From 0, as the ground, to 1.
    pub strength: f64,
    /// What stands in it where there is room.
    pub text: Option<u64>,
    /// Whether it is in the second colour.
    pub other: bool,
}

impl Cell {
    pub const fn new(strength: f64, text: Option<u64>) -> Self {
        Self { strength, text, other: false }
    }
}

/// Where each of a run of cells is on a picture.
#[derive(Clone, Copy)]
pub struct Grid {
    first: usize,
    len: usize,
    columns: usize,
    step: f64,
    top: f64,
}

impl Grid {
    /// The page of up to 4,096 cells of `len` that `seen` is on, in columns that are a power of two.
    pub fn page(len: usize, seen: usize, width: f64) -> Self {
        let shown = len.min(MOST);
        let least = match shown {
            ..=256 => 18.0,
            257..=1024 => 9.0,
            _ => 5.0,
        };
        let mut columns = shown.next_power_of_two();
        while columns > 16 && width / (columns as f64) < least {
            columns /= 2;
        }
        let first = seen / shown * shown;
        Self::of(first..(first + shown).min(len), columns, width)
    }

    /// These cells in so many columns.
    pub fn of(cells: core::ops::Range<usize>, columns: usize, width: f64) -> Self {
        // A whole number of pixels: cells of one size, and sharp edges.
        let step = (width / columns as f64).floor().clamp(3.0, 40.0);
        Self { first: cells.start, len: cells.len(), columns, step, top: 0.0 }
    }

    /// Moved down.
    pub fn below(self, top: f64) -> Self {
        Self { top, ..self }
    }

    pub fn cells(&self) -> core::ops::Range<usize> {
        self.first..self.first + self.len
    }

    pub fn height(&self) -> f64 {
        self.len.div_ceil(self.columns) as f64 * self.step
    }

    /// The rectangle of a cell. `None` where it is not shown.
    pub fn cell(&self, cell: usize) -> Option<[f64; 4]> {
        let i = cell.checked_sub(self.first).filter(|i| *i < self.len)?;
        let gap = if self.step >= 8.0 { 1.0 } else { 0.0 };
        let (x, y) = ((i % self.columns) as f64 * self.step, (i / self.columns) as f64 * self.step);
        Some([x, self.top + y, self.step - gap, self.step - gap])
    }

    /// Draws the cells, and says where they are.
    pub fn draw(&self, pen: &Pen<'_>, look: impl Fn(usize) -> Cell) -> Hits {
        let theme = pen.theme;
        if self.step < 8.0 {
            // Too small for a frame each.
            let width = self.columns.min(self.len) as f64 * self.step;
            pen.frame([0.0, self.top, width, self.height()], &theme.line, 1.0);
        }
        let labelled = self.step >= 15.0;
        let places = self.cells().filter_map(|i| Some((self.cell(i)?, i)));
        places
            .inspect(|(cell, i)| {
                let Cell { strength, text, other } = look(*i);
                let [x, y, width, height] = *cell;
                pen.fill(*cell, if other { &theme.orange } else { &theme.blue }, strength);
                if strength == 0.0 && self.step >= 8.0 {
                    pen.frame(*cell, &theme.line, 1.0);
                }
                if let Some(text) = text.filter(|_| labelled) {
                    let colour = if strength > 0.55 { &theme.ground } else { &theme.ink };
                    let text = text.to_string();
                    // Digits are about three fifths as wide as they are high.
                    let size = (self.step * 0.5).min(14.0).min(self.step * 1.6 / text.len() as f64);
                    let (middle, centre) = (x + width / 2.0, y + height / 2.0 + 0.5);
                    pen.mono(middle, centre, &text, Align::Middle, colour, size);
                }
            })
            .collect()
    }
}

/// Frames around cells: those of the last item, and those that are pointed at.
pub fn outlines(pen: &Pen<'_>, hits: &Hits, cells: &[usize], colour: &str) {
    for (place, _) in hits.iter().filter(|(_, cell)| cells.contains(cell)) {
        let [x, y, width, height] = *place;
        let thick = if width >= 11.0 { 2.5 } else { 2.0 };
        let around = [x - 1.0, y - 1.0, width + 2.0, height + 2.0];
        pen.frame(if width < 7.0 { around } else { *place }, colour, thick);
    }
}
