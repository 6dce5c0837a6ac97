//! The registers as a map: the darker, the larger the rank.

use super::{Twin, row};
use crate::draw::{Align, Pen, Theme};
use crate::hyperloglog::history::History;
use crate::text::grouped;
use web_sys::HtmlCanvasElement;

/// Most cells that are drawn at once.
const MOST: usize = 4096;
const TABLE_MOST: usize = 256;

/// Where each register is on the map.
#[derive(Clone, Copy)]
pub struct Grid {
    first: usize,
    len: usize,
    columns: usize,
    step: f64,
}

impl Grid {
    /// The page of up to 4,096 registers that `seen` is on.
    fn new(registers: usize, seen: usize, width: f64) -> Self {
        let len = registers.min(MOST);
        let least = if len <= 256 {
            18.0
        } else if len <= 1024 {
            9.0
        } else {
            5.0
        };
        let mut columns = len;
        while columns > 16 && width / (columns as f64) < least {
            columns /= 2;
        }
        // A whole number of pixels: cells of one size, and sharp edges.
        let step = (width / columns as f64).floor().clamp(3.0, 40.0);
        Self { first: seen / len * len, len, columns, step }
    }

    fn height(&self) -> f64 {
        (self.len / self.columns) as f64 * self.step
    }

    fn cell(&self, register: usize) -> Option<[f64; 4]> {
        let i = register.checked_sub(self.first).filter(|i| *i < self.len)?;
        let gap = if self.step >= 8.0 { 1.0 } else { 0.0 };
        let (x, y) = ((i % self.columns) as f64 * self.step, (i / self.columns) as f64 * self.step);
        Some([x, y, self.step - gap, self.step - gap])
    }

    /// The register at a point of the canvas.
    pub fn register_at(&self, x: f64, y: f64) -> Option<usize> {
        let (column, row) = ((x / self.step).floor(), (y / self.step).floor());
        let inside = column >= 0.0 && row >= 0.0 && column < self.columns as f64;
        let i = row as usize * self.columns + column as usize;
        (inside && i < self.len).then_some(self.first + i)
    }
}

/// Draws the map, `lit` registers outlined; also where things are on it.
pub fn registers(
    history: &History,
    lit: &[usize],
    theme: &Theme,
    canvas: Option<&HtmlCanvasElement>,
) -> (Twin, Option<Grid>) {
    let ranks: Vec<u8> = history.sketch().registers().collect();
    let touched = history.touched.map(|touched| touched.register);
    let seen = lit.first().copied().or(touched).unwrap_or(0);
    let grid = canvas.and_then(|canvas| draw(&ranks, touched, lit, seen, theme, canvas));

    let largest = ranks.iter().copied().max().unwrap_or(0);
    let empty = ranks.iter().filter(|rank| **rank == 0).count();
    let len = grouped(ranks.len() as f64);
    let mut label = format!("{len} registers: {} empty, largest rank {largest}.", grouped(empty as f64));
    if ranks.len() > MOST {
        let first = seen / MOST * MOST;
        label += &format!(" Shown are {} to {}.", grouped(first as f64), grouped((first + MOST - 1) as f64));
    }
    let shown = seen / TABLE_MOST * TABLE_MOST..ranks.len().min((seen / TABLE_MOST + 1) * TABLE_MOST);
    let rows = shown.map(|register| row([&register, &ranks[register]]));
    let table = [row([&"register", &"rank"])].into_iter().chain(rows).collect();
    (Twin { label, table }, grid)
}

fn draw(
    ranks: &[u8],
    touched: Option<usize>,
    lit: &[usize],
    seen: usize,
    theme: &Theme,
    canvas: &HtmlCanvasElement,
) -> Option<Grid> {
    let mut grid = Grid::new(ranks.len(), seen, f64::from(canvas.client_width()).max(1.0));
    let pen = Pen::on(canvas, theme, |width| {
        grid = Grid::new(ranks.len(), seen, width);
        grid.height()
    })?;
    let scale = f64::from(ranks.iter().copied().max().unwrap_or(0).max(8));
    let labelled = grid.step >= 15.0;
    for (register, rank) in ranks.iter().enumerate() {
        let Some(cell @ [x, y, width, height]) = grid.cell(register) else { continue };
        // Steeper than the ranks, whose middle is crowded.
        let strength = if *rank == 0 { 0.0 } else { 0.07 + 0.93 * libm::pow(f64::from(*rank) / scale, 1.6) };
        pen.fill(cell, &theme.blue, strength);
        if *rank == 0 && grid.step >= 8.0 {
            pen.frame(cell, &theme.line, 1.0);
        }
        if labelled && *rank > 0 {
            let colour = if strength > 0.55 { &theme.ground } else { &theme.ink };
            let size = (grid.step * 0.5).min(14.0);
            let (middle, centre) = (x + width / 2.0, y + height / 2.0 + 0.5);
            pen.mono(middle, centre, &rank.to_string(), Align::Middle, colour, size);
        }
    }
    let thick = if grid.step >= 12.0 { 2.5 } else { 2.0 };
    let outline = |register: usize, colour: &str| {
        if let Some([x, y, width, height]) = grid.cell(register) {
            let around = [x - 1.0, y - 1.0, width + 2.0, height + 2.0];
            pen.frame(if grid.step < 8.0 { around } else { [x, y, width, height] }, colour, thick);
        }
    };
    touched.into_iter().for_each(|register| outline(register, &theme.orange));
    lit.iter().for_each(|register| outline(*register, &theme.ink));
    Some(grid)
}
