//! Pictures for pages without JavaScript: what a lab draws, as SVG files.

use super::Side;
use super::bench::Bench;
use crate::draw::{Sheet, Svg, Theme};
use crate::labs;

/// A picture of a lab.
pub struct Still {
    /// Its name among the lab's pictures.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What is to be seen, in a sentence.
    pub label: String,
    /// Whether it shows what the structure holds.
    pub is_state: bool,
    /// The picture.
    pub svg: String,
}

/// The pictures of a lab, so many pixels wide, built and filled by pairs of keys and values as the browser's is.
///
/// # Errors
/// A sentence, where there is no lab of that slug, or where a value can't be.
pub fn stills(slug: &str, pairs: &[String], width: f64) -> Result<Vec<Still>, String> {
    let about = labs::by_slug(slug).ok_or_else(|| format!("there is no lab `{slug}`"))?;
    let mut bench = Bench::from_pairs(about, pairs)?;
    let theme = Theme::variables();
    let drawn = about.figures.iter().filter_map(|figure| {
        let svg = Svg::new(width);
        let label = bench.picture(figure.name, Sheet::new(&theme, Some(&svg))).label;
        let svg = svg.finish(&format!("{}: {label}", figure.title))?;
        let is_state = figure.side == Side::Left;
        Some(Still { name: figure.name, title: figure.title, label, is_state, svg })
    });
    Ok(drawn.collect())
}

/// The words that a lab begins with where a page has no own. `None` where there is no lab of that slug.
pub fn words_of(slug: &str) -> Option<&'static str> {
    labs::by_slug(slug).map(|about| about.words)
}
