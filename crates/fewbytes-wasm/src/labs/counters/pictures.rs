//! The cells with those of a word, and the counts of the items that came most often.

use super::{CountersLab, MOST_NAMED, counted_items, sentences};
use crate::draw::{Align, SMALL, Sheet, Twin, row};
use crate::lab::pictures::{Cell, Grid, MOST, Word, probes};
use crate::lab::{Hits, Scene};
use crate::text::grouped;

/// Cells in the table.
const TABLE_MOST: usize = 256;
/// Items whose counts are drawn.
const BARS: usize = 12;
const BAR: f64 = 24.0;
const ABOVE: f64 = 24.0;
const LEFT: f64 = 104.0;
const RIGHT: f64 = 64.0;

/// The word that was asked for, or else the last one that was put in. Marked is what counts it: the least.
fn word<'a>(lab: &'a CountersLab, scene: &Scene<'a>) -> Option<Word<'a>> {
    let (text, hash, is_asked) = match (scene.asked, &lab.touched) {
        (Some(asked), _) => (Some(asked.text.as_str()), asked.hash, true),
        (None, Some(touched)) => (touched.text.as_deref(), touched.hash, false),
        _ => return None,
    };
    let places = lab.counters.places(hash);
    let least = places.iter().map(|place| lab.held(*place)).min()?;
    let marked = places.iter().copied().filter(|place| lab.held(*place) == least).collect();
    Some(Word { text, places, marked, is_asked })
}

/// Draws the cells row by row, and lines from the word to its own.
pub fn cells(lab: &CountersLab, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
    let word = word(lab, scene);
    let (rows, each) = lab.counters.shape();
    let held = lab.cells();
    let first = word.as_ref().and_then(|word| word.places.first().copied());
    let seen = scene.lit.first().copied().or(first).unwrap_or(0);
    let largest = held.iter().copied().max().unwrap_or(0);
    let scale = largest.max(4) as f64;
    let look = |cell: usize| match held.get(cell).copied().unwrap_or(0) {
        0 => Cell::new(0.0, None),
        value => Cell::new(0.12 + 0.88 * value as f64 / scale, Some(value)),
    };
    let grids = |width: f64| -> Vec<(String, Grid)> {
        if rows == 1 {
            return vec![(String::new(), Grid::page(each, seen, width))];
        }
        let fits = (width / 17.0) as usize;
        let columns = [64, 32, 16].into_iter().find(|columns| *columns <= fits).unwrap_or(8).min(each);
        let row = |i: usize| {
            (format!("row {i}"), Grid::of(i * each..i * each + each.min(MOST / 8), columns, width))
        };
        (0..rows).map(row).collect()
    };
    let legends = if rows > 1 { ["— others", "- - the least"] } else { ["", ""] };
    let (hits, _) = probes(&grids, &look, word.as_ref(), legends, scene.lit, sheet);

    let label = format!(
        "{}: {} above 0, the largest {}.",
        match rows {
            1 => format!("{} registers", grouped(each as f64)),
            _ => format!("{rows} rows of {} cells", grouped(each as f64)),
        },
        grouped(held.iter().filter(|cell| **cell > 0).count() as f64),
        grouped(largest as f64)
    );
    let from = seen / TABLE_MOST * TABLE_MOST;
    let mut owners = vec![Vec::new(); held.len()];
    for (hash, name) in scene.history.items(TABLE_MOST) {
        for place in lab.counters.places(hash) {
            if let Some(owners) = owners.get_mut(place).filter(|owners| owners.len() < 6) {
                owners.push(format!("“{name}”"));
            }
        }
    }
    let line = |cell: usize| {
        row([&(cell / each.max(1)), &(cell % each.max(1)), &held[cell], &owners[cell].join(", ")])
    };
    let table = (from..held.len().min(from + TABLE_MOST)).map(line);
    let head = row([&"row", &"cell", &"holds", &"of"]);
    (Twin { label, table: [head].into_iter().chain(table).collect() }, hits)
}

/// An item that came: how often, and what the counters say.
struct Count {
    name: String,
    truth: u64,
    says: fewbytes::Estimate,
}

/// Those that came most often.
fn most_often(lab: &CountersLab, scene: &Scene<'_>) -> Vec<Count> {
    let counts = counted_items(scene.history);
    let mut most: Vec<Count> = Vec::new();
    for (hash, name) in scene.history.items(MOST_NAMED) {
        let truth = counts.get(&hash).copied().unwrap_or(0);
        let at = most.partition_point(|other| other.truth >= truth);
        if at < BARS {
            most.insert(at, Count { name, truth, says: lab.counters.count(hash) });
            most.truncate(BARS);
        }
    }
    most
}

/// Draws a bar for each of the items that came most often: the truth, what is counted beyond it, and the bounds.
pub fn counts(lab: &CountersLab, scene: &Scene<'_>, sheet: Sheet<'_>) -> Twin {
    let most = if scene.history.is_from_file() { Vec::new() } else { most_often(lab, scene) };
    let top = most.iter().map(|count| count.says.value.max(count.truth as f64)).fold(1.0, f64::max);
    if let Some(pen) = sheet.pen(|_| ABOVE + BAR * most.len().max(1) as f64 + 4.0) {
        let theme = pen.theme;
        let scale = (pen.width - LEFT - RIGHT) / (top * 1.06);
        let x = |count: f64| LEFT + count.clamp(0.0, top * 1.06) * scale;
        pen.text(LEFT, 9.0, "■ the truth", Align::Left, &theme.blue, SMALL);
        pen.text(LEFT + 84.0, 9.0, "▨ too many", Align::Left, &theme.orange, SMALL);
        pen.text(pen.width, 9.0, "— bounds", Align::Right, &theme.ink, SMALL);
        for (i, Count { name, truth, says }) in most.iter().enumerate() {
            let (top, truth) = (ABOVE + BAR * i as f64, *truth as f64);
            let name: String = name.chars().take(12).collect();
            pen.mono(LEFT - 8.0, top + 9.0, &name, Align::Right, &theme.ink, 12.5);
            pen.fill([LEFT, top, x(truth.min(says.value)) - LEFT, 14.0], &theme.blue, 0.6);
            let rest =
                [x(truth.min(says.value)), top, x(truth.max(says.value)) - x(truth.min(says.value)), 14.0];
            // Counted beyond the truth is full, missing of it an outline.
            if says.value > truth {
                pen.fill(rest, &theme.orange, 0.75);
            } else if says.value < truth {
                pen.frame(rest, &theme.blue, 1.0);
            }
            let (low, high) = (x(says.low), x(says.high));
            pen.line(&[(low, top + 18.0), (high, top + 18.0)], &theme.ink, 1.25, &[]);
            for end in [low, high] {
                pen.line(&[(end, top + 15.5), (end, top + 20.5)], &theme.ink, 1.25, &[]);
            }
            let text = format!("{} / {}", sentences::number(says.value), grouped(truth));
            pen.text(pen.width, top + 8.0, &text, Align::Right, &theme.soft, SMALL);
        }
        if most.is_empty() {
            pen.text(LEFT, ABOVE + 10.0, "no word yet", Align::Left, &theme.soft, SMALL);
        }
    }
    let Some(first) = most.first() else {
        return Twin::nothing("No count to draw: no word came, or not known which.");
    };
    let label = format!(
        "The {} that came most often, what is said of each and the truth. “{}” came {} times, and is counted {}.",
        match most.len() {
            1 => "word".into(),
            len => format!("{len} words"),
        },
        first.name,
        grouped(first.truth as f64),
        sentences::number(first.says.value)
    );
    let rows = most.iter().map(|Count { name, truth, says }| {
        row([name, &sentences::number(says.value), &sentences::between(says), &grouped(*truth as f64)])
    });
    let head = row([&"word", &"says", &"between", &"truth"]);
    Twin { label, table: [head].into_iter().chain(rows).collect() }
}
