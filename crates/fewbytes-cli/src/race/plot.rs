//! The race's picture: memory against error, with time as the circle's size.

use super::report::{Race, Row};
use anyhow::{Result, anyhow};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::path::Path;

/// Okabe and Ito's colours, which the colour-blind tell apart; each circle has its name beside it too.
const COLOURS: [RGBColor; 8] = [
    RGBColor(0, 0, 0),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(120, 120, 120),
];

const SIZE: (u32, u32) = (960, 600);
/// Errors smaller than this, in percent, stand on the picture's lower edge: a logarithmic axis has no 0.
const LEAST_ERROR: f64 = 0.001;
/// Pixels between two names that would else overlap.
const LINE: i32 = 16;

/// Draws the race into `path`, whole or not at all.
pub fn save(race: &Race, path: &Path) -> Result<()> {
    let svg = draw(race).map_err(|error| anyhow!("cannot draw the race: {error}"))?;
    fewbytes_mmap::save(path, svg.as_bytes()).map_err(|error| anyhow!("{error}"))
}

fn draw(race: &Race) -> Result<String, Box<dyn std::error::Error>> {
    let rows: Vec<(&Row, f64)> = race
        .rows
        .iter()
        .filter_map(|row| Some((row, (row.error()?.abs() * 100.0).max(LEAST_ERROR))))
        .collect();
    let bytes = || rows.iter().map(|(row, _)| row.bytes as f64);
    let (least, most) = (bytes().fold(f64::MAX, f64::min), bytes().fold(1.0, f64::max));
    let worst = rows.iter().map(|(_, error)| *error).fold(LEAST_ERROR * 10.0, f64::max);
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&root)
            .margin(24)
            .caption("Memory against error; a circle's area is the time an item takes", ("sans-serif", 20))
            .x_label_area_size(48)
            .y_label_area_size(72)
            .build_cartesian_2d(
                (least.min(most) / 3.0..most * 20.0).log_scale(),
                (LEAST_ERROR / 2.0..worst * 4.0).log_scale(),
            )?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.12))
            .x_desc("memory (bytes)")
            .y_desc("error of the answer (% of the truth; the lower edge is 0.001 % or less)")
            .x_label_formatter(&|bytes| si(*bytes))
            .y_label_formatter(&|percent| format!("{percent}"))
            .label_style(("sans-serif", 14))
            .axis_desc_style(("sans-serif", 15))
            .draw()?;
        let mut named: Vec<(i32, i32, String)> = Vec::new();
        for (i, (row, error)) in rows.iter().enumerate() {
            let colour = COLOURS[i % COLOURS.len()];
            let radius = (row.nanoseconds.max(0.0).sqrt() * 3.0).clamp(3.0, 60.0) as i32;
            let centre = (row.bytes as f64, *error);
            chart.draw_series([
                Circle::new(centre, radius, colour.mix(0.35).filled()),
                Circle::new(centre, radius, colour.stroke_width(2)),
            ])?;
            let (x, y) = chart.backend_coord(&centre);
            named.push((x + radius + 6, y, format!("{} · {:.1} ns", row.name, row.nanoseconds)));
        }
        // From the top down, each name at least a line below the one before.
        named.sort_by_key(|(_, y, ..)| *y);
        let mut above = i32::MIN / 2;
        for (x, y, name) in named {
            let y = y.max(above + LINE);
            above = y;
            let style =
                ("sans-serif", 14).into_font().color(&BLACK.mix(0.8)).pos(Pos::new(HPos::Left, VPos::Center));
            root.draw(&Text::new(name, (x, y), style))?;
        }
        root.present()?;
    }
    Ok(svg)
}

/// 12288 as 12 kB.
fn si(bytes: f64) -> String {
    match bytes {
        bytes if bytes < 1e3 => format!("{bytes:.0} B"),
        bytes if bytes < 1e6 => format!("{:.0} kB", bytes / 1e3),
        bytes if bytes < 1e9 => format!("{:.0} MB", bytes / 1e6),
        bytes => format!("{:.0} GB", bytes / 1e9),
    }
}
