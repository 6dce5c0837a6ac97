//! A curve over a logarithmic count, with a point on it: what theory says, and what was measured.

use crate::draw::{Align, Axis, SMALL, Sheet};
use crate::text::grouped;

const HEIGHT: f64 = 210.0;
const BELOW: f64 = 30.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 12.0;

/// A share from 0 to 1, by its logarithm, against a number of items.
pub struct Curve<'a> {
    /// The share by the theory.
    pub theory: &'a dyn Fn(f64) -> f64,
    /// The items at the right edge.
    pub most: f64,
    /// The smallest share that is shown, a power of ten.
    pub least: f64,
    /// Items now, and the share that was measured there.
    pub here: Option<(f64, f64)>,
    /// What the share is.
    pub title: &'static str,
}

/// Draws the curve, the point, and lines that lead from the point to the axes.
pub fn curve(curve: &Curve<'_>, sheet: Sheet<'_>) {
    let Some(pen) = sheet.pen(|_| HEIGHT) else { return };
    let theme = pen.theme;
    let (left, right, top, bottom) = (LEFT, pen.width - RIGHT, 22.0, HEIGHT - BELOW);
    let (low, most) = (libm::log10(curve.least), curve.most.max(10.0));
    let up = Axis::new(low, 0.0, bottom, top);
    let along = Axis::new(0.0, libm::log10(most), left, right);
    let x = |items: f64| along.at(libm::log10(items.max(1.0)));
    let y = |share: f64| up.at(libm::log10(share.clamp(curve.least, 1.0)));

    let mut power = 0.0;
    while power >= low {
        let share = libm::exp10(power);
        pen.line(&[(left, y(share)), (right, y(share))], &theme.line, 1.0, &[]);
        let label = format!("{} %", share * 100.0);
        pen.text(left - 8.0, y(share), &label, Align::Right, &theme.soft, SMALL);
        power -= 1.0;
    }
    // A number takes up to 60 pixels.
    let decades = (60.0 * libm::log10(most) / (right - left)).ceil().max(1.0);
    let mut items = 1.0;
    while items <= most {
        let is_at_end = x(items) + 14.0 > pen.width;
        let align = if is_at_end { Align::Right } else { Align::Middle };
        let at = if is_at_end { pen.width } else { x(items) };
        pen.text(at, bottom + 13.0, &grouped(items), align, &theme.soft, SMALL);
        items *= libm::exp10(decades);
    }
    pen.text(left, 8.0, curve.title, Align::Left, &theme.soft, SMALL);
    let legend = if pen.width < 400.0 { "● measured" } else { "— theory   ● measured" };
    pen.text(right, 8.0, legend, Align::Right, &theme.ink, SMALL);
    // Counts are whole.
    let points: Vec<_> = (0..=120)
        .map(|i| libm::round(libm::pow(most, f64::from(i) / 120.0)))
        .map(|items| (x(items), y((curve.theory)(items))))
        .collect();
    pen.line(&points, &theme.blue, 2.0, &[]);
    if let Some((items, share)) = curve.here {
        let (x, y) = (x(items), y(share));
        pen.line(&[(x, bottom), (x, y), (left, y)], &theme.orange, 1.0, &[3.0, 3.0]);
        pen.dot(x, y, 5.0, &theme.orange);
    }
}
