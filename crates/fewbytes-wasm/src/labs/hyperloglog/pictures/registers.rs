//! The registers as a map: the darker, the larger the rank.

use crate::draw::{Sheet, Twin, row};
use crate::lab::Hits;
use crate::lab::pictures::{Cell, Grid, MOST, outlines};
use crate::text::grouped;
use fewbytes::HyperLogLog;

const TABLE_MOST: usize = 256;

/// Draws the map, the last item's register and `lit` ones outlined.
pub fn registers(
    sketch: &HyperLogLog,
    touched: Option<usize>,
    lit: &[usize],
    sheet: Sheet<'_>,
) -> (Twin, Hits) {
    let ranks: Vec<u8> = sketch.registers().collect();
    let seen = lit.first().copied().or(touched).unwrap_or(0);
    let hits = draw(&ranks, touched, lit, seen, sheet);

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
    (Twin { label, table }, hits)
}

fn draw(ranks: &[u8], touched: Option<usize>, lit: &[usize], seen: usize, sheet: Sheet<'_>) -> Hits {
    let grid = |width: f64| Grid::page(ranks.len(), seen, width);
    let Some(pen) = sheet.pen(|width| grid(width).height()) else { return Hits::new() };
    let scale = f64::from(ranks.iter().copied().max().unwrap_or(0).max(8));
    let hits = grid(pen.width).draw(&pen, |register| match ranks[register] {
        0 => Cell::new(0.0, None),
        // Steeper than the ranks, whose middle is crowded.
        rank => Cell::new(0.07 + 0.93 * libm::pow(f64::from(rank) / scale, 1.6), Some(rank.into())),
    });
    outlines(&pen, &hits, touched.as_slice(), &pen.theme.orange);
    outlines(&pen, &hits, lit, &pen.theme.ink);
    hits
}
