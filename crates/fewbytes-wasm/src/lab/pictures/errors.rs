//! The error of each estimator on the way, against the number of items.

use super::{colour, dash};
use crate::draw::{Align, Axis, Pen, SMALL, Sheet, Twin};
use crate::lab::trajectory::Point;
use crate::lab::{Estimator, Lab};
use crate::text::{grouped, short_percent, signed_percent};

const HEIGHT: f64 = 230.0;
const BELOW: f64 = 30.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 106.0;
/// Width of a piece of the band.
const PIECE: f64 = 4.0;

/// Draws a line for each estimator over the band of two standard errors of the chosen one.
pub fn errors(points: &[Point], lab: &dyn Lab, chosen: usize, sheet: Sheet<'_>) -> Twin {
    let estimators = lab.about().estimators;
    let Some(last) = points.last() else {
        draw(points, lab, chosen, sheet);
        return Twin::nothing("No error to draw: the truth is 0, or not known.");
    };
    draw(points, lab, chosen, sheet);
    let name = estimators[chosen].name;
    let label = format!(
        "After 1 to {} items. {name} is at {}, and should be within ±{:.0} %, the band, 95 times in 100.",
        grouped(last.items as f64),
        signed_percent(last.errors[chosen]),
        200.0 * last.sigmas[chosen]
    );
    let names = estimators.iter().map(|estimator| estimator.name.to_string());
    let head = ["items".to_string()].into_iter().chain(names).collect();
    let every = points.len().div_ceil(40);
    let rows = points.iter().rev().step_by(every).map(|point| {
        let errors = point.errors.iter().map(|error| signed_percent(*error));
        [grouped(point.items as f64)].into_iter().chain(errors).collect()
    });
    Twin { label, table: [head].into_iter().chain(rows).collect() }
}

fn draw(points: &[Point], lab: &dyn Lab, chosen: usize, sheet: Sheet<'_>) {
    let Some(pen) = sheet.pen(|_| HEIGHT) else { return };
    let (theme, len) = (pen.theme, lab.about().estimators.len());
    let most = points.last().map_or(10, |last| last.items.max(10)) as f64;
    let sigma_at = |items: f64| {
        let i = points.partition_point(|point| (point.items as f64) < items);
        points.get(i).or(points.last()).map_or(0.0, |point| point.sigmas[chosen])
    };
    let sigma = points.iter().map(|point| point.sigmas[len - 1]).fold(0.005, f64::max);
    let reach = 4.0 * sigma;
    let (left, right, top, bottom) = (LEFT, pen.width - RIGHT, 18.0, HEIGHT - BELOW);
    let up = Axis::new(-reach, reach, bottom, top);
    let along = Axis::new(0.0, libm::log10(most), left, right);
    let x = |items: f64| along.at(libm::log10(items));

    let mut from = left;
    while from < right {
        let to = (from + PIECE).min(right);
        let items = libm::pow(most, ((from + to) / 2.0 - left) / (right - left));
        let band = 2.0 * sigma_at(items);
        let (high, low) = (up.at(band).max(top), up.at(-band).min(bottom));
        pen.fill([from, high, to - from, low - high], colour(chosen, len, theme), 0.1);
        from = to;
    }
    for sigmas in [-4.0, -2.0, 0.0, 2.0, 4.0] {
        let (y, share) = (up.at(sigmas * sigma), sigmas * sigma);
        let ink = if sigmas == 0.0 { &theme.soft } else { &theme.line };
        pen.line(&[(left, y), (right, y)], ink, 1.0, &[]);
        let label = if sigmas == 0.0 { "truth".into() } else { short_percent(share) };
        pen.text(left - 8.0, y, &label, Align::Right, &theme.soft, SMALL);
    }
    let mut items = 1.0;
    while items <= most {
        if x(items) + 12.0 < right || items == 1.0 {
            pen.text(x(items), bottom + 13.0, &grouped(items), Align::Middle, &theme.soft, SMALL);
        }
        items *= 10.0;
    }
    pen.text(right + 9.0, bottom + 13.0, "items →", Align::Left, &theme.soft, SMALL);
    pen.text(left, 8.0, "error", Align::Left, &theme.soft, SMALL);
    let Some(last) = points.last() else { return };

    pen.clipped([left, top - 4.0, right - left + 6.0, bottom - top + 8.0], || {
        // The chosen one last, on top.
        for estimator in (0..len).filter(|i| *i != chosen).chain([chosen]) {
            let beyond = 3.0 * reach; // Far lines stay finite.
            let line: Vec<_> = points
                .iter()
                .map(|point| (x(point.items as f64), up.at(point.errors[estimator].clamp(-beyond, beyond))))
                .collect();
            let thick = if estimator == chosen { 2.5 } else { 1.25 };
            pen.line(&line, colour(estimator, len, theme), thick, dash(estimator, len));
        }
    });
    let y = |error: f64| up.at(error.clamp(-reach, reach));
    ends(&pen, last, lab.about().estimators, chosen, (x(last.items as f64), right), y);
}

/// Names at the lines' ends, moved apart where they would cover each other.
fn ends(
    pen: &Pen<'_>,
    last: &Point,
    estimators: &[Estimator],
    chosen: usize,
    (x, right): (f64, f64),
    y: impl Fn(f64) -> f64,
) {
    let len = estimators.len();
    let mut order: Vec<usize> = (0..len).collect();
    // A sort of the library's for a handful of lines takes 4 KB of code.
    for i in 1..len {
        let above = |a: usize, b: usize| last.errors[a].total_cmp(&last.errors[b]).is_gt();
        let mut j = i;
        while j > 0 && above(order[j], order[j - 1]) {
            order.swap(j, j - 1);
            j -= 1;
        }
    }
    let mut places: Vec<f64> = order.iter().map(|estimator| y(last.errors[*estimator])).collect();
    for i in 1..len {
        places[i] = places[i].max(places[i - 1] + 15.0);
    }
    let over = places.last().map_or(0.0, |place| (place - (HEIGHT - BELOW)).max(0.0));
    for (estimator, place) in order.into_iter().zip(places) {
        let colour = colour(estimator, len, pen.theme);
        let error = last.errors[estimator];
        let dot = y(error);
        let is_out = (y(error * 0.99) - dot).abs() < 1e-9 && error != 0.0;
        let name = estimators[estimator].name;
        let text =
            if is_out { format!("{name} {}", if error > 0.0 { "↑" } else { "↓" }) } else { name.into() };
        if !is_out {
            pen.dot(x, dot, if estimator == chosen { 4.5 } else { 3.0 }, colour);
        }
        let size = if estimator == chosen { SMALL + 0.5 } else { SMALL - 0.5 };
        pen.text(right + 9.0, place - over, &text, Align::Left, colour, size);
    }
}
