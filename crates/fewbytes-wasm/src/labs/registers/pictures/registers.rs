//! The registers as a map: the darker, the larger the rank.

use crate::draw::{Sheet, Twin, row};
use crate::lab::Hits;
use crate::lab::pictures::{Cell, Grid, MOST, outlines};
use crate::labs::registers::Sketch;
use crate::text::grouped;

const TABLE_MOST: usize = 256;

/// Draws the map, the last item's register and `lit` ones outlined, and those in the second colour of whose rank some are
/// `left_out`.
pub fn registers(
    sketch: &dyn Sketch,
    touched: Option<usize>,
    lit: &[usize],
    left_out: [u32; 64],
    sheet: Sheet<'_>,
) -> (Twin, Hits) {
    let (values, ranks) = (sketch.values(), sketch.ranks());
    let seen = lit.first().copied().or(touched).unwrap_or(0);
    let is_out = |rank: u8| left_out[usize::from(rank).min(63)] > 0;
    let hits = draw(&ranks, &is_out, [touched.as_slice(), lit], seen, sheet);

    let largest = ranks.iter().copied().max().unwrap_or(0);
    let empty = ranks.iter().filter(|rank| **rank == 0).count();
    let len = grouped(ranks.len() as f64);
    let mut label = format!("{len} registers: {} empty, largest rank {largest}.", grouped(empty as f64));
    if ranks.len() > MOST {
        let first = seen / MOST * MOST;
        label += &format!(" Shown are {} to {}.", grouped(first as f64), grouped((first + MOST - 1) as f64));
    }
    let shown = seen / TABLE_MOST * TABLE_MOST..ranks.len().min((seen / TABLE_MOST + 1) * TABLE_MOST);
    let rows = shown.map(|register| row([&register, &ranks[register], &sketch.told(values[register])]));
    let table = [row([&"register", &"rank", &"holds"])].into_iter().chain(rows).collect();
    (Twin { label, table }, hits)
}

fn draw(
    ranks: &[u8],
    is_out: &dyn Fn(u8) -> bool,
    [touched, lit]: [&[usize]; 2],
    seen: usize,
    sheet: Sheet<'_>,
) -> Hits {
    let grid = |width: f64| Grid::page(ranks.len(), seen, width);
    let Some(pen) = sheet.pen(|width| grid(width).height()) else { return Hits::new() };
    let scale = f64::from(ranks.iter().copied().max().unwrap_or(0).max(8));
    let hits = grid(pen.width).draw(&pen, |register| match ranks[register] {
        0 => Cell::new(0.0, None),
        // Steeper than the ranks, whose middle is crowded.
        rank => Cell {
            other: is_out(rank),
            ..Cell::new(0.07 + 0.93 * libm::pow(f64::from(rank) / scale, 1.6), Some(rank.into()))
        },
    });
    outlines(&pen, &hits, touched, &pen.theme.orange);
    outlines(&pen, &hits, lit, &pen.theme.ink);
    hits
}
