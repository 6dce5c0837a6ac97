//! A race's picture: one figure against another, with a third as the circle's size.

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
/// Pixels between two names that would else overlap.
const LINE: i32 = 16;

/// Two logarithmic axes with a circle for each contestant.
pub struct Picture {
    /// What stands above.
    pub caption: &'static str,
    /// From left to right.
    pub x: Axis,
    /// From below upwards.
    pub y: Axis,
    /// The circles.
    pub points: Vec<Point>,
}

/// An axis.
pub struct Axis {
    /// What it is, with its unit.
    pub name: &'static str,
    /// A number of it as text.
    pub shown: fn(f64) -> String,
}

/// A circle. Its coordinates are greater than 0.
pub struct Point {
    /// What stands beside it.
    pub name: String,
    /// Its place from left to right.
    pub x: f64,
    /// Its place from below.
    pub y: f64,
    /// Its radius, in pixels.
    pub radius: f64,
}

impl Picture {
    /// Draws it into `path`, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<()> {
        let svg = self.draw().map_err(|error| anyhow!("cannot draw the race: {error}"))?;
        fewbytes_mmap::save(path, svg.as_bytes()).map_err(|error| anyhow!("{error}"))
    }

    fn draw(&self) -> Result<String, Box<dyn std::error::Error>> {
        let ends = |of: fn(&Point) -> f64| {
            let numbers = || self.points.iter().map(of);
            (numbers().fold(f64::MAX, f64::min), numbers().fold(f64::MIN_POSITIVE, f64::max))
        };
        let ((left, right), (low, high)) = (ends(|point| point.x), ends(|point| point.y));
        let mut svg = String::new();
        {
            let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            root.fill(&WHITE)?;
            let mut chart = ChartBuilder::on(&root)
                .margin(24)
                .caption(self.caption, ("sans-serif", 20))
                .x_label_area_size(48)
                .y_label_area_size(72)
                .build_cartesian_2d(
                    // Room for the names on the right.
                    (left.min(right) / 3.0..right * 20.0).log_scale(),
                    (low.min(high) / 2.0..high * 4.0).log_scale(),
                )?;
            chart
                .configure_mesh()
                .light_line_style(TRANSPARENT)
                .bold_line_style(BLACK.mix(0.12))
                .x_desc(self.x.name)
                .y_desc(self.y.name)
                .x_label_formatter(&|x| (self.x.shown)(*x))
                .y_label_formatter(&|y| (self.y.shown)(*y))
                .label_style(("sans-serif", 14))
                .axis_desc_style(("sans-serif", 15))
                .draw()?;
            let mut named: Vec<(i32, i32, String)> = Vec::new();
            for (i, point) in self.points.iter().enumerate() {
                let colour = COLOURS[i % COLOURS.len()];
                let radius = point.radius.clamp(3.0, 60.0) as i32;
                let centre = (point.x, point.y);
                chart.draw_series([
                    Circle::new(centre, radius, colour.mix(0.35).filled()),
                    Circle::new(centre, radius, colour.stroke_width(2)),
                ])?;
                let (x, y) = chart.backend_coord(&centre);
                named.push((x + radius + 6, y, point.name.clone()));
            }
            // From the top down, each name at least a line below the one before.
            named.sort_by_key(|(_, y, ..)| *y);
            let mut above = i32::MIN / 2;
            for (x, y, name) in named {
                let y = y.max(above + LINE);
                above = y;
                let style = ("sans-serif", 14)
                    .into_font()
                    .color(&BLACK.mix(0.8))
                    .pos(Pos::new(HPos::Left, VPos::Center));
                root.draw(&Text::new(name, (x, y), style))?;
            }
            root.present()?;
        }
        Ok(svg)
    }
}

/// 12288 as 12 kB.
pub fn si(bytes: f64) -> String {
    match bytes {
        bytes if bytes < 1e3 => format!("{bytes:.0} B"),
        bytes if bytes < 1e6 => format!("{:.0} kB", bytes / 1e3),
        bytes if bytes < 1e9 => format!("{:.0} MB", bytes / 1e6),
        bytes => format!("{:.0} GB", bytes / 1e9),
    }
}
