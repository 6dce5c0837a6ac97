//! The last hash, cut into what picks the register, the run of zeros, and the rest.

use super::{SMALL, Twin, row};
use crate::draw::{Align, Pen, Theme};
use crate::hyperloglog::history::{History, Touched};
use web_sys::HtmlCanvasElement;

const BITS: usize = 64;
const LINE: f64 = 26.0;
const ABOVE: f64 = 24.0;

/// Draws the bits and says what they mean.
pub fn hash(history: &History, theme: &Theme, canvas: Option<&HtmlCanvasElement>) -> Twin {
    let precision = history.sketch().precision() as usize;
    if let Some(canvas) = canvas {
        draw(history.touched, precision, theme, canvas);
    }
    let Some(Touched { hash, register, rank, .. }) = history.touched else {
        return Twin { label: "No hash yet: add a word.".into(), table: Vec::new() };
    };
    let bits = format!("{hash:064b}");
    let end = (precision + usize::from(rank)).min(BITS);
    Twin {
        label: "64 bits: an index, a run of zeros that a one ends, and a rest that is not used.".into(),
        table: vec![
            row([&"part", &"bits", &"meaning"]),
            row([&"index", &&bits[..precision], &format_args!("register {register}")]),
            row([&"zeros and the first one", &&bits[precision..end], &format_args!("rank {rank}")]),
            row([&"not used", &&bits[end..], &""]),
        ],
    }
}

fn draw(touched: Option<Touched>, precision: usize, theme: &Theme, canvas: &HtmlCanvasElement) {
    // Bits keep a legible size: on narrow screens they go on in lines below.
    let per_line = |width: f64| [64, 32].into_iter().find(|bits| width >= *bits as f64 * 9.0).unwrap_or(16);
    let height_of = |width: f64| ABOVE + LINE * (BITS / per_line(width)) as f64 + 2.0;
    let Some(pen) = Pen::on(canvas, theme, height_of) else { return };
    let per_line = per_line(pen.width);
    let step = (pen.width / per_line as f64).min(18.0);
    let cell =
        |bit: usize| [(bit % per_line) as f64 * step, ABOVE + (bit / per_line) as f64 * LINE, step, 20.0];
    let Some(Touched { hash, register, rank, .. }) = touched else {
        (0..BITS).for_each(|bit| {
            let [x, y, ..] = cell(bit);
            pen.mono(x + step / 2.0, y + 10.0, "·", Align::Middle, &theme.soft, 13.0);
        });
        return pen.text(0.0, 9.0, "the last hash, 64 bits", Align::Left, &theme.soft, SMALL);
    };
    let run_end = (precision + usize::from(rank)).min(BITS);
    for bit in 0..BITS {
        let [x, y, width, height] = cell(bit);
        let colour = match bit {
            _ if bit < precision => Some(&theme.blue),
            _ if bit < run_end => Some(&theme.orange),
            _ => None,
        };
        if let Some(colour) = colour {
            pen.fill([x, y, width + 0.5, height], colour, 0.16);
            // The index is underlined once, the run twice: it shows without colours too.
            pen.fill([x, y + height, width + 0.5, 1.5], colour, 1.0);
            if bit >= precision {
                pen.fill([x, y + height + 3.0, width + 0.5, 1.5], colour, 1.0);
            }
        }
        let text = if hash >> (BITS - 1 - bit) & 1 == 1 { "1" } else { "0" };
        let ink = if colour.is_some() { &theme.ink } else { &theme.soft };
        pen.mono(x + width / 2.0, y + height / 2.0 + 1.0, text, Align::Middle, ink, 13.0);
    }
    pen.text(0.0, 9.0, &format!("register {register}"), Align::Left, &theme.blue, SMALL);
    let x = (precision as f64 * step).max(84.0);
    pen.text(x, 9.0, &format!("rank {rank}: {}", meaning(rank)), Align::Left, &theme.orange, SMALL);
}

fn meaning(rank: u8) -> String {
    match rank {
        1 => "a one at once".into(),
        2 => "one zero, then a one".into(),
        _ => format!("{} zeros, then a one", rank - 1),
    }
}
