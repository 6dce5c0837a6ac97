//! A hash, cut into what its parts are used for.

use crate::draw::{Align, Pen, SMALL, Sheet, Twin, row};

const BITS: usize = 64;
const LINE: f64 = 26.0;
const ABOVE: f64 = 24.0;

/// A run of bits; those with a label have a use. The first of them is underlined once, the next twice, and so on: it shows
/// without colours too.
pub struct Part {
    pub name: &'static str,
    pub len: usize,
    /// What stands above it.
    pub label: String,
    /// What its bits come to.
    pub meaning: String,
}

/// Draws the bits of `hash` and the `parts` that it begins with, of which three have a use, and says what they mean.
pub fn hash(hash: Option<u64>, parts: &[Part], label: &str, sheet: Sheet<'_>) -> Twin {
    draw(hash, parts, sheet);
    let Some(hash) = hash else { return Twin::nothing("No hash yet: add a word.") };
    let bits = format!("{hash:064b}");
    let mut table = vec![row([&"part", &"bits", &"meaning"])];
    let mut at = 0;
    for Part { name, len, meaning, .. } in parts {
        let end = (at + len).min(BITS);
        table.push(row([name, &&bits[at..end], meaning]));
        at = end;
    }
    if at < BITS {
        table.push(row([&"not used", &&bits[at..], &""]));
    }
    Twin { label: label.into(), table }
}

fn draw(hash: Option<u64>, parts: &[Part], sheet: Sheet<'_>) {
    // Bits keep a legible size: on narrow screens they go on in lines below.
    let per_line = |width: f64| [64, 32].into_iter().find(|bits| width >= *bits as f64 * 9.0).unwrap_or(16);
    let height_of = |width: f64| ABOVE + LINE * (BITS / per_line(width)) as f64 + 2.0;
    let Some(pen) = sheet.pen(height_of) else { return };
    let theme = pen.theme;
    let per_line = per_line(pen.width);
    let step = (pen.width / per_line as f64).min(18.0);
    let cell =
        |bit: usize| [(bit % per_line) as f64 * step, ABOVE + (bit / per_line) as f64 * LINE, step, 20.0];
    let Some(hash) = hash else {
        (0..BITS).for_each(|bit| {
            let [x, y, ..] = cell(bit);
            pen.mono(x + step / 2.0, y + 10.0, "·", Align::Middle, &theme.soft, 13.0);
        });
        return pen.text(0.0, 9.0, "the last hash, 64 bits", Align::Left, &theme.soft, SMALL);
    };
    let colours = [&theme.blue, &theme.orange, &theme.green];
    // How many parts with a use come before the one that a bit is in.
    let part_of = |bit: usize| {
        let (mut end, mut used) = (0, 0);
        for part in parts {
            end += part.len;
            if bit < end {
                return (!part.label.is_empty()).then_some(used);
            }
            used += usize::from(!part.label.is_empty());
        }
        None
    };
    for bit in 0..BITS {
        let [x, y, width, height] = cell(bit);
        let part = part_of(bit);
        if let Some(part) = part {
            let colour = colours[part.min(2)];
            pen.fill([x, y, width + 0.5, height], colour, 0.16);
            for line in 0..=part.min(2) {
                pen.fill([x, y + height + 2.5 * line as f64, width + 0.5, 1.5], colour, 1.0);
            }
        }
        let text = if hash >> (BITS - 1 - bit) & 1 == 1 { "1" } else { "0" };
        let ink = if part.is_some() { &theme.ink } else { &theme.soft };
        pen.mono(x + width / 2.0, y + height / 2.0 + 1.0, text, Align::Middle, ink, 13.0);
    }
    labels(&pen, parts, step);
}

fn labels(pen: &Pen<'_>, parts: &[Part], step: f64) {
    let colours = [&pen.theme.blue, &pen.theme.orange, &pen.theme.green];
    // Letters of this size are about 6.5 pixels wide.
    let width = |part: &Part| 6.5 * part.label.chars().count() as f64;
    let (mut at, mut free, mut places) = (0, 0.0_f64, Vec::new());
    for part in parts {
        if !part.label.is_empty() {
            let x = (at as f64 * step).max(free);
            free = x + width(part) + 12.0;
            places.push((x, part));
        }
        at += part.len;
    }
    // What would go beyond the edge is moved back, and what is before it, too.
    let mut end = pen.width;
    for (x, part) in places.iter_mut().rev() {
        *x = x.min(end - width(part));
        end = *x - 12.0;
    }
    for ((x, part), colour) in places.into_iter().zip(colours) {
        pen.text(x, 9.0, &part.label, Align::Left, colour, SMALL);
    }
}
