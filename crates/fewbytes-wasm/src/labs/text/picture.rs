//! Drawing states, and what happens to a word letter by letter.

use super::graph::{Graph, readable, readable_labels};
use super::layout::layout;
use crate::draw::{Align, Pen, SMALL, Sheet, Twin, row};
use crate::lab::Hits;

/// Pixels before the root and after the last layer.
const LEFT: f64 = 22.0;
const RIGHT: f64 = 20.0;
const ABOVE: f64 = 8.0;
/// Pixels of a box that fills.
const BOX: f64 = 44.0;
/// Pixels of a letter in the fixed-width font at size 12.
const LETTER: f64 = 7.4;

/// What is to be seen of a graph beside itself.
pub struct Look<'a> {
    /// Edges of the last word.
    pub way: &'a [usize],
    /// States that are pointed at.
    pub lit: &'a [usize],
    /// Links from state to state that are no edges, and whether they are kept in the bytes.
    pub links: &'a [(usize, usize, bool)],
    /// How full states are, and with how many words: boxes instead of circles.
    pub fills: &'a [Option<(f64, usize)>],
    /// What stands below.
    pub legend: &'a [(&'static str, Ink)],
}

/// The colour of a legend.
#[derive(Clone, Copy)]
pub enum Ink {
    Plain,
    Meeting,
    Way,
    Link,
}

/// Draws states and edges, and says where the states are.
pub fn states(graph: &Graph, look: &Look<'_>, sheet: Sheet<'_>) -> Hits {
    let plan = layout(graph);
    let gap = (660.0 / plan.rows).clamp(16.0, 30.0);
    let legend = if look.legend.is_empty() { 0.0 } else { 22.0 };
    let drop = if look.links.is_empty() { 0.0 } else { 24.0 };
    let bottom = ABOVE + plan.rows * gap + drop;
    let Some(pen) = sheet.pen(|width| bottom + legend * legend_lines(look, width)) else {
        return Hits::new();
    };
    let theme = pen.theme;
    let steps = plan.layers.saturating_sub(1).max(1) as f64;
    let right = if look.fills.is_empty() { RIGHT } else { RIGHT + BOX };
    let along = ((pen.width - LEFT - right) / steps).min(84.0);
    let radius = (gap / 2.0 - 5.0).min(along / 3.0).clamp(3.0, 8.0);
    let at = |layer: usize, y: f64| (LEFT + layer as f64 * along, ABOVE + y * gap);
    let place = |state: usize| at(plan.states[state].0, plan.states[state].1);
    let ink_of = |state: usize| match () {
        () if look.way.iter().any(|edge| graph.edges[*edge].to == state) => &theme.orange,
        () if graph.states[state].parents > 1 => &theme.blue,
        () => &theme.ink,
    };

    for is_way in [false, true] {
        for (i, edge) in graph.edges.iter().enumerate().filter(|(i, _)| look.way.contains(i) == is_way) {
            let mut points = vec![place(edge.from)];
            let first = plan.states[edge.from].0 + 1;
            points.extend(plan.edges[i].iter().enumerate().map(|(passed, y)| at(first + passed, *y)));
            points.push(place(edge.to));
            let (colour, thick) = if is_way { (&theme.orange, 3.0) } else { (&theme.soft, 1.2) };
            pen.line(&bent(&points), colour, thick, &[]);
        }
    }
    for (from, to, is_kept) in look.links {
        let ((x, y), (to_x, to_y)) = (place(*from), place(*to));
        let low = y.max(to_y) + gap * 0.55;
        let (left, right) = (x - radius, to_x + radius);
        let points = [
            (left, y + radius * 0.5),
            (x - (x - to_x) * 0.25, low),
            (to_x + (x - to_x) * 0.25, low),
            (right, to_y + radius * 0.5),
        ];
        let (colour, thick) = if *is_kept { (&theme.green, 2.0) } else { (&theme.soft, 1.0) };
        pen.line(&round(points), colour, thick, if *is_kept { &[6.0, 4.0] } else { &[2.0, 3.0] });
    }
    for (i, edge) in graph.edges.iter().enumerate() {
        let (from, to) = (
            place(edge.from),
            plan.edges[i].first().map_or(place(edge.to), |y| at(plan.states[edge.from].0 + 1, *y)),
        );
        // Where edges part or meet, the other end is where they are apart.
        let alone = graph.edges.iter().filter(|other| other.from == edge.from).count() == 1;
        let share = if alone && graph.states[edge.to].parents > 1 { 0.38 } else { 0.58 };
        let text = readable_labels(&edge.labels);
        let size = if along < 26.0 { 10.0 } else { 12.0 };
        let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * smooth(share));
        let wide = text.chars().count() as f64 * LETTER * size / 12.0;
        pen.fill([x - wide / 2.0 - 1.0, y - size * 0.55, wide + 2.0, size * 1.1], &theme.ground, 0.88);
        let colour = if look.way.contains(&i) { &theme.orange } else { &theme.ink };
        pen.mono(x, y + 0.5, &text, Align::Middle, colour, size);
    }
    if !graph.states.is_empty() {
        let (x, y) = place(0);
        pen.line(&[(x - LEFT + 2.0, y), (x - radius, y)], &theme.ink, 1.5, &[]);
        pen.line(
            &[(x - radius - 5.0, y - 3.5), (x - radius, y), (x - radius - 5.0, y + 3.5)],
            &theme.ink,
            1.5,
            &[],
        );
    }
    let mut hits = Hits::new();
    for (i, state) in graph.states.iter().enumerate() {
        let ((x, y), ink) = (place(i), ink_of(i));
        if state.hidden > 0 {
            pen.text(x + radius + 3.0, y, "…", Align::Left, &theme.soft, SMALL);
        }
        if let Some((share, count)) = look.fills.get(i).copied().flatten() {
            let text = count.to_string();
            let place = [x - radius, y - 9.0, BOX, 18.0];
            let full = [x - radius, y - 9.0, BOX * share.min(1.0), 18.0];
            pen.fill(place, &theme.ground, 1.0);
            pen.fill(full, if share >= 0.9 { &theme.orange } else { &theme.blue }, 0.35);
            pen.frame(place, ink, 1.5);
            pen.mono(x - radius + BOX / 2.0, y + 0.5, &text, Align::Middle, &theme.ink, SMALL);
        } else {
            pen.dot(x, y, radius, ink);
            let inner = if state.is_key { ink } else { &theme.ground };
            pen.dot(x, y, radius - 3.0, inner);
        }
        if look.lit.contains(&i) {
            let around = radius + 3.5;
            pen.frame([x - around, y - around, 2.0 * around, 2.0 * around], &theme.ink, 2.5);
        }
        hits.push(([x - radius - 2.0, y - radius - 2.0, 2.0 * radius + 4.0, 2.0 * radius + 4.0], i));
    }
    draw_legend(&pen, look, bottom);
    hits
}

/// From the slope of a line through points to that of one that leaves and comes level.
fn smooth(share: f64) -> f64 {
    share * share * (3.0 - 2.0 * share)
}

/// A line through points that is level at each.
fn bent(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut line = vec![points[0]];
    for (from, to) in points.iter().zip(&points[1..]) {
        let parts = if (from.1 - to.1).abs() < 1.0 { 1 } else { 8 };
        line.extend((1..=parts).map(|i| {
            let share = f64::from(i) / f64::from(parts);
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * smooth(share))
        }));
    }
    line
}

/// A curve by its ends and two points that draw it near (Bézier).
fn round([a, b, c, d]: [(f64, f64); 4]) -> Vec<(f64, f64)> {
    let at = |share: f64, pick: fn((f64, f64)) -> f64| {
        let rest = 1.0 - share;
        rest * rest * rest * pick(a)
            + 3.0 * rest * rest * share * pick(b)
            + 3.0 * rest * share * share * pick(c)
            + share * share * share * pick(d)
    };
    (0..=10)
        .map(|i| f64::from(i) / 10.0)
        .map(|share| (at(share, |point| point.0), at(share, |point| point.1)))
        .collect()
}

/// Where each text of the legend begins, and in which line.
fn legend_places(look: &Look<'_>, width: f64) -> Vec<(f64, usize)> {
    let (mut x, mut line) = (0.0, 0);
    let mut places = Vec::new();
    for (text, _) in look.legend {
        let wide = text.chars().count() as f64 * 6.6 + 16.0;
        if x > 0.0 && x + wide > width {
            (x, line) = (0.0, line + 1);
        }
        places.push((x, line));
        x += wide;
    }
    places
}

fn legend_lines(look: &Look<'_>, width: f64) -> f64 {
    legend_places(look, width).last().map_or(0.0, |(_, line)| (line + 1) as f64)
}

fn draw_legend(pen: &Pen<'_>, look: &Look<'_>, top: f64) {
    let theme = pen.theme;
    for ((text, ink), (x, line)) in look.legend.iter().zip(legend_places(look, pen.width)) {
        let colour = match ink {
            Ink::Plain => &theme.ink,
            Ink::Meeting => &theme.blue,
            Ink::Way => &theme.orange,
            Ink::Link => &theme.green,
        };
        pen.text(x, top + 12.0 + 22.0 * line as f64, text, Align::Left, colour, SMALL);
    }
}

/// The states as rows.
pub fn table(graph: &Graph) -> Vec<Vec<String>> {
    let mut table = vec![row([&"state", &"first way to it", &"a word ends", &"edges", &"bytes"])];
    for (i, state) in graph.states.iter().enumerate() {
        let edges = graph.edges.iter().filter(|edge| edge.from == i);
        let mut edges: Vec<String> =
            edges.map(|edge| format!("{} → {}", readable_labels(&edge.labels), edge.to)).collect();
        if state.hidden > 0 {
            edges.push(format!("{} not shown", state.hidden));
        }
        let bytes = &state.place.bytes;
        let bytes =
            if bytes.is_empty() { "–".into() } else { format!("{}–{}", bytes.start, bytes.end - 1) };
        let key = if state.is_key { "yes" } else { "" };
        table.push(row([&i, &readable(&state.path), &key, &edges.join(", "), &bytes]));
    }
    table
}

/// A word, letter by letter, and below each letter what it comes to.
#[derive(Default)]
pub struct Strip {
    /// What the rows below the letters are.
    pub rows: Vec<&'static str>,
    /// Letters, and a text for each row.
    pub columns: Vec<(String, Vec<String>)>,
    /// One sentence.
    pub label: String,
}

/// Draws the letters of a word.
pub fn strip(strip: &Strip, sheet: Sheet<'_>) -> Twin {
    const LINE: f64 = 21.0;
    let names = strip.rows.iter().map(|name| name.chars().count()).max().unwrap_or(0) as f64 * 6.6 + 12.0;
    let texts = strip.columns.iter().flat_map(|(letter, texts)| texts.iter().chain([letter]));
    let wide = texts.map(|text| text.chars().count()).max().unwrap_or(1) as f64 * LETTER + 12.0;
    let wide = wide.max(26.0);
    let per_line = |width: f64| (((width - names) / wide) as usize).max(1);
    let block = LINE * (strip.rows.len() + 1) as f64 + 12.0;
    let lines = |width: f64| strip.columns.len().div_ceil(per_line(width)).max(1);
    if let Some(pen) = sheet.pen(|width| lines(width) as f64 * block) {
        let theme = pen.theme;
        for (line, columns) in strip.columns.chunks(per_line(pen.width)).enumerate() {
            let top = line as f64 * block;
            for (i, name) in strip.rows.iter().enumerate() {
                pen.text(0.0, top + LINE * (i as f64 + 1.5), name, Align::Left, &theme.soft, SMALL);
            }
            for (i, (letter, texts)) in columns.iter().enumerate() {
                let x = names + i as f64 * wide;
                pen.fill([x + 1.0, top, wide - 2.0, LINE], &theme.orange, 0.16);
                pen.mono(x + wide / 2.0, top + LINE / 2.0 + 0.5, letter, Align::Middle, &theme.ink, 14.0);
                for (row, text) in texts.iter().enumerate() {
                    let y = top + LINE * (row as f64 + 1.5);
                    pen.mono(x + wide / 2.0, y, text, Align::Middle, &theme.ink, SMALL);
                }
            }
        }
    }
    if strip.columns.is_empty() {
        return Twin::nothing(strip.label.clone());
    }
    let head = ["letter".to_string()].into_iter().chain(strip.rows.iter().map(ToString::to_string)).collect();
    let rows =
        strip.columns.iter().map(|(letter, texts)| [letter].into_iter().chain(texts).cloned().collect());
    Twin { label: strip.label.clone(), table: [head].into_iter().chain(rows).collect() }
}
