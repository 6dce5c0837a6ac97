//! Drawing in CSS pixels, on canvases of a page and into SVG text: a pen, the page's colours, axes.
//!
//! A picture is drawn by one function, whatever it is drawn on: it asks its [`Sheet`] for a [`Pen`], and gets none where
//! only the picture's numbers are wanted.

mod axis;
mod canvas;
mod pen;
#[cfg(any(test, not(target_arch = "wasm32")))]
mod svg;
mod theme;

pub use axis::{Axis, round_steps};
pub use canvas::Canvas;
pub use pen::{Align, Paper, Pen, Sheet, Surface};
#[cfg(any(test, not(target_arch = "wasm32")))]
pub use svg::{Svg, escaped};
pub use theme::Theme;

/// Size of text in pictures.
pub const SMALL: f64 = 12.0;

/// What stands in for a picture that can't be seen.
#[derive(Default)]
pub struct Twin {
    /// One sentence: what is to be seen.
    pub label: String,
    /// Rows of cells, the head first.
    pub table: Vec<Vec<String>>,
}

impl Twin {
    /// A picture that there is nothing for yet, and why.
    pub fn nothing(label: impl Into<String>) -> Self {
        Self { label: label.into(), table: Vec::new() }
    }
}

/// A row of a table.
pub fn row<const N: usize>(cells: [&dyn std::fmt::Display; N]) -> Vec<String> {
    cells.iter().map(ToString::to_string).collect()
}
