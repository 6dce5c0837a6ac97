//! The error of each estimator on the way, against the number of items.

use super::{SMALL, Twin, row};
use crate::draw::{Align, Axis, Pen, Theme};
use crate::hyperloglog::answers::{ESTIMATORS, HYPERLOGLOG};
use crate::hyperloglog::trajectory::Point;
use crate::text::{grouped, short_percent, signed_percent};
use web_sys::HtmlCanvasElement;

const HEIGHT: f64 = 230.0;
const BELOW: f64 = 30.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 106.0;

/// Draws three lines over the band of two standard errors of the chosen one.
pub fn errors(
    points: &[Point],
    precision: u32,
    chosen: usize,
    theme: &Theme,
    canvas: Option<&HtmlCanvasElement>,
) -> Twin {
    if let Some(canvas) = canvas {
        draw(points, precision, chosen, theme, canvas);
    }
    let Some(last) = points.last() else {
        return Twin { label: "No error to draw: the truth is 0, or not known.".into(), table: Vec::new() };
    };
    let name = ESTIMATORS[chosen].name;
    let label = format!(
        "After 1 to {} items. {name} is at {}, and should be within ±{:.0} %, the band, 95 times in 100.",
        grouped(last.items as f64),
        signed_percent(last.errors[chosen]),
        200.0 * (ESTIMATORS[chosen].std_error)(precision)
    );
    let head = row([&"items", &ESTIMATORS[0].name, &ESTIMATORS[1].name, &ESTIMATORS[2].name]);
    let every = points.len().div_ceil(40);
    let rows = points.iter().rev().step_by(every).map(|point| {
        let [a, b, c] = point.errors.map(signed_percent);
        row([&grouped(point.items as f64), &a, &b, &c])
    });
    Twin { label, table: [head].into_iter().chain(rows).collect() }
}

/// Solid, long dashes, dots: told apart without colours.
pub fn dash(estimator: usize) -> &'static [f64] {
    [&[1.5, 3.5][..], &[7.0, 4.0], &[]][estimator]
}

pub fn colour(estimator: usize, theme: &Theme) -> &str {
    [&theme.orange, &theme.green, &theme.blue][estimator]
}

fn draw(points: &[Point], precision: u32, chosen: usize, theme: &Theme, canvas: &HtmlCanvasElement) {
    let Some(pen) = Pen::on(canvas, theme, |_| HEIGHT) else { return };
    let sigma = (ESTIMATORS[HYPERLOGLOG].std_error)(precision);
    let reach = 4.0 * sigma;
    let (left, right, top, bottom) = (LEFT, pen.width - RIGHT, 18.0, HEIGHT - BELOW);
    let up = Axis::new(-reach, reach, bottom, top);
    let most = points.last().map_or(10, |last| last.items.max(10)) as f64;
    let along = Axis::new(0.0, libm::log10(most), left, right);
    let x = |items: f64| along.at(libm::log10(items));

    let band = 2.0 * (ESTIMATORS[chosen].std_error)(precision);
    let (high, low) = (up.at(band).max(top), up.at(-band).min(bottom));
    pen.fill([left, high, right - left, low - high], colour(chosen, theme), 0.1);
    for sigmas in [-4.0, -2.0, 0.0, 2.0, 4.0] {
        let (y, share) = (up.at(sigmas * sigma), sigmas * sigma);
        let ink = if sigmas == 0.0 { &theme.soft } else { &theme.line };
        pen.line(&[(left, y), (right, y)], ink, 1.0, &[]);
        let label = if sigmas == 0.0 { "truth".into() } else { short_percent(share) };
        pen.text(left - 8.0, y, &label, Align::Right, &theme.soft, SMALL);
    }
    let mut items = 1.0;
    while items <= most {
        let room = x(items) + 12.0 < right || items == 1.0;
        if room {
            pen.text(x(items), bottom + 13.0, &grouped(items), Align::Middle, &theme.soft, SMALL);
        }
        items *= 10.0;
    }
    pen.text(right + 9.0, bottom + 13.0, "items →", Align::Left, &theme.soft, SMALL);
    pen.text(left, 8.0, "error", Align::Left, &theme.soft, SMALL);
    let Some(last) = points.last() else { return };

    pen.clipped([left, top - 4.0, right - left + 6.0, bottom - top + 8.0], || {
        // The chosen one last, on top.
        for estimator in (0..3).filter(|i| *i != chosen).chain([chosen]) {
            let beyond = 3.0 * reach; // Far lines stay finite.
            let line: Vec<_> = points
                .iter()
                .map(|point| (x(point.items as f64), up.at(point.errors[estimator].clamp(-beyond, beyond))))
                .collect();
            let thick = if estimator == chosen { 2.5 } else { 1.25 };
            pen.line(&line, colour(estimator, theme), thick, dash(estimator));
        }
    });
    ends(&pen, last, chosen, (x(last.items as f64), right), |error| up.at(error.clamp(-reach, reach)));
}

/// Names at the lines' ends, moved apart where they would cover each other.
fn ends(pen: &Pen<'_>, last: &Point, chosen: usize, (x, right): (f64, f64), y: impl Fn(f64) -> f64) {
    let mut order = [0, 1, 2];
    order.sort_by(|a, b| last.errors[*b].total_cmp(&last.errors[*a]));
    let mut places = order.map(|estimator| y(last.errors[estimator]));
    for i in 1..3 {
        places[i] = places[i].max(places[i - 1] + 15.0);
    }
    let over = (places[2] - (HEIGHT - BELOW)).max(0.0);
    for (estimator, place) in order.into_iter().zip(places) {
        let colour = colour(estimator, pen.theme);
        let error = last.errors[estimator];
        let dot = y(error);
        let is_out = (y(error * 0.99) - dot).abs() < 1e-9 && error != 0.0;
        let name = ESTIMATORS[estimator].name;
        let text =
            if is_out { format!("{name} {}", if error > 0.0 { "↑" } else { "↓" }) } else { name.into() };
        if !is_out {
            pen.dot(x, dot, if estimator == chosen { 4.5 } else { 3.0 }, colour);
        }
        let size = if estimator == chosen { SMALL + 0.5 } else { SMALL - 0.5 };
        pen.text(right + 9.0, place - over, &text, Align::Left, colour, size);
    }
}
