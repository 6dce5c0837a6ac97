//! How many registers hold each rank, against how many should.

use crate::draw::{Align, Axis, SMALL, Sheet, Twin, round_steps, row};
use crate::labs::registers::Sketch;
use crate::labs::registers::estimators::expected;
use crate::labs::registers::ranked::histogram;
use crate::text::grouped;

const HEIGHT: f64 = 190.0;
const BELOW: f64 = 36.0;
const LEFT: f64 = 46.0;

/// Draws bars for what is there, of which `left_out` are hollow, and dots for what is expected.
pub fn ranks(sketch: &dyn Sketch, truth: Option<u64>, left_out: [u32; 64], sheet: Sheet<'_>) -> Twin {
    let Some(histogram) = histogram(&sketch.ranks(), sketch.precision()) else { return Twin::default() };
    let items = match truth {
        Some(truth) => truth as f64,
        None => sketch.estimates().last().map_or(0.0, |estimate| estimate.value),
    };
    let expected = expected(items, histogram.precision());
    let counts = &histogram.counts()[..expected.len()];
    let last_seen = counts.iter().rposition(|count| *count > 0).unwrap_or(0);
    let last_expected = expected.iter().rposition(|count| *count > 0.2).unwrap_or(0);
    let len = (last_seen.max(last_expected) + 2).clamp(9, expected.len());
    let (counts, expected) = (&counts[..len], &expected[..len]);
    draw(counts, &left_out, expected, items, sheet);
    let mut label = format!(
        "How many registers hold each rank, beside what {} items should give. Most hold {}.",
        grouped(items),
        (0..len).max_by_key(|rank| counts[*rank]).unwrap_or(0)
    );
    let out: u32 = left_out.iter().sum();
    if out > 0 {
        label += &format!(" The largest {} are left out.", grouped(out.into()));
    }
    let rows = (0..len).map(|rank| row([&rank, &counts[rank], &format_args!("{:.1}", expected[rank])]));
    Twin { label, table: [row([&"rank", &"registers", &"expected"])].into_iter().chain(rows).collect() }
}

fn draw(counts: &[u32], left_out: &[u32], expected: &[f64], items: f64, sheet: Sheet<'_>) {
    let Some(pen) = sheet.pen(|_| HEIGHT) else { return };
    let theme = pen.theme;
    let seen = counts.iter().copied().max().unwrap_or(0);
    let top = expected.iter().fold(f64::from(seen), |top, count| top.max(*count)) * 1.05;
    let up = Axis::new(0.0, top, HEIGHT - BELOW, 22.0);
    for count in round_steps(top, 3) {
        pen.line(&[(LEFT, up.at(count)), (pen.width, up.at(count))], &theme.line, 1.0, &[]);
        pen.text(LEFT - 8.0, up.at(count), &grouped(count), Align::Right, &theme.soft, SMALL);
    }
    let step = (pen.width - LEFT) / counts.len() as f64;
    let bar = (step * 0.7).min(34.0);
    let middle = |rank: usize| LEFT + (rank as f64 + 0.5) * step;
    for (rank, count) in counts.iter().enumerate() {
        let kept = count - left_out[rank].min(*count);
        let (x, y, kept) = (middle(rank) - bar / 2.0, up.at(f64::from(*count)), up.at(f64::from(kept)));
        pen.fill([x, kept, bar, up.at(0.0) - kept], &theme.blue, 0.55);
        if kept - y >= 1.0 {
            pen.frame([x, y, bar, kept - y], &theme.blue, 1.0);
        }
        if step >= 17.0 || rank % 5 == 0 {
            pen.text(
                middle(rank),
                HEIGHT - BELOW + 12.0,
                &rank.to_string(),
                Align::Middle,
                &theme.soft,
                SMALL,
            );
        }
    }
    let points: Vec<_> = expected.iter().enumerate().map(|(rank, n)| (middle(rank), up.at(*n))).collect();
    if items > 0.0 {
        pen.line(&points, &theme.orange, 1.0, &[2.0, 3.0]);
        points.iter().for_each(|(x, y)| pen.dot(*x, *y, 3.0, &theme.orange));
    }
    pen.text(LEFT, 8.0, "registers", Align::Left, &theme.soft, SMALL);
    let expected = format!("● expected for {} items", grouped(items));
    pen.text(pen.width, 8.0, &expected, Align::Right, &theme.orange, SMALL);
    pen.text(pen.width, HEIGHT - 7.0, "rank →", Align::Right, &theme.soft, SMALL);
}
