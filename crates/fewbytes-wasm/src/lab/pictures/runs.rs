//! The errors of a thousand sketches, with the theory's bell curve over them.

use super::colour;
use crate::draw::{Align, Axis, SMALL, Sheet, Twin, row};
use crate::lab::About;
use crate::lab::runs::{RUNS, Runs};
use crate::text::{counted, grouped, short_percent, signed_percent};

const HEIGHT: f64 = 200.0;
const BELOW: f64 = 30.0;
/// The picture reaches this many standard errors to either side.
const REACH: f64 = 4.0;
const BINS: usize = 32;

/// Draws the runs made so far.
pub fn runs(runs: &Runs, about: &About, chosen: usize, sheet: Sheet<'_>) -> Twin {
    // Of a structure without an error there is nothing to spread; the picture still has a width.
    let theory = runs.theory[chosen].max(1e-6);
    let width = 2.0 * REACH * theory / BINS as f64;
    let mut bins = [0_u32; BINS];
    let (mut below, mut above) = (0, 0);
    for error in &runs.errors[chosen] {
        match libm::floor((error + REACH * theory) / width) {
            bin if bin < 0.0 => below += 1,
            bin if bin < BINS as f64 => bins[bin as usize] += 1,
            _ => above += 1,
        }
    }
    draw(&bins, [below, above], theory, (chosen, about.estimators.len()), sheet);
    let rows = bins.iter().enumerate().map(|(bin, count)| {
        let from = bin as f64 * width - REACH * theory;
        row([&signed_percent(from), &signed_percent(from + width), count])
    });
    Twin {
        label: sentence(runs, about, chosen),
        table: [row([&"from", &"to", &"sketches"])].into_iter().chain(rows).collect(),
    }
}

fn sentence(runs: &Runs, about: &About, chosen: usize) -> String {
    let theory = 100.0 * runs.theory[chosen];
    let (mean, spread) = runs.summary(chosen);
    format!(
        "{} of {} each, {}: the error is {} on average and {:.1} % by standard deviation about the truth; the theory \
         says {theory:.1} %.",
        counted(runs.done() as u64, "sketch", "sketches"),
        counted(runs.items, "item", "items"),
        about.estimators[chosen].name,
        signed_percent(mean),
        100.0 * spread
    )
}

/// Share of a normal distribution's mass a unit of its standard deviation.
fn bell(sigmas: f64) -> f64 {
    libm::exp(-sigmas * sigmas / 2.0) / libm::sqrt(core::f64::consts::TAU)
}

fn draw(
    bins: &[u32; BINS],
    [below, above]: [u32; 2],
    theory: f64,
    (chosen, len): (usize, usize),
    sheet: Sheet<'_>,
) {
    let Some(pen) = sheet.pen(|_| HEIGHT) else { return };
    let theme = pen.theme;
    let (left, right, bottom) = (24.0, pen.width - 24.0, HEIGHT - BELOW);
    let along = Axis::new(-REACH, REACH, left, right);
    let full = RUNS as f64 * 2.0 * REACH / BINS as f64;
    let seen = bins.iter().copied().max().unwrap_or(0);
    let up = Axis::new(0.0, f64::from(seen).max(full * 0.42), bottom, 20.0);
    pen.line(&[(left, bottom), (right, bottom)], &theme.line, 1.0, &[]);
    let step = (right - left) / BINS as f64;
    for (bin, count) in bins.iter().enumerate() {
        let y = up.at(f64::from(*count));
        pen.fill([left + bin as f64 * step, y, step - 1.0, bottom - y], colour(chosen, len, theme), 0.55);
    }
    pen.line(&[(along.at(0.0), 14.0), (along.at(0.0), bottom)], &theme.soft, 1.0, &[2.0, 3.0]);
    let curve: Vec<_> = (0..=160)
        .map(|i| (f64::from(i) - 80.0) / 160.0 * 2.0 * REACH)
        .map(|sigmas| (along.at(sigmas), up.at(full * bell(sigmas))))
        .collect();
    pen.line(&curve, &theme.ink, 1.5, &[]);
    for sigmas in [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0] {
        let narrow = pen.width < 480.0 && sigmas % 2.0 != 0.0;
        let label = if sigmas == 0.0 { "truth".into() } else { short_percent(sigmas * theory) };
        if !narrow {
            pen.text(along.at(sigmas), bottom + 13.0, &label, Align::Middle, &theme.soft, SMALL);
        }
    }
    pen.text(left, 8.0, "sketches a bin", Align::Left, &theme.soft, SMALL);
    pen.text(right, 8.0, "— theory", Align::Right, &theme.ink, SMALL);
    if below > 0 {
        pen.text(left, 24.0, &format!("← {} beyond", grouped(below.into())), Align::Left, &theme.soft, SMALL);
    }
    if above > 0 {
        pen.text(
            right,
            24.0,
            &format!("{} beyond →", grouped(above.into())),
            Align::Right,
            &theme.soft,
            SMALL,
        );
    }
}
