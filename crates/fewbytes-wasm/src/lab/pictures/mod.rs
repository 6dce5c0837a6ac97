//! Pictures that labs share, each with a label for those who don't see it and a table of the same numbers.

mod curve;
mod errors;
mod grid;
mod hash;
mod probes;
mod runs;

pub use curve::{Curve, curve};
pub use errors::errors;
pub use grid::{Cell, Grid, MOST, outlines};
pub use hash::{Part, hash};
pub use probes::{Word, probes};
pub use runs::runs;

use crate::draw::Theme;

/// Lines that are told apart without colours: solid for the last of `len`, long dashes and dots for those before.
pub fn dash(i: usize, len: usize) -> &'static [f64] {
    [&[][..], &[7.0, 4.0], &[1.5, 3.5]][(len - 1 - i).min(2)]
}

/// Their colours.
pub fn colour(i: usize, len: usize, theme: &Theme) -> &str {
    [&theme.blue, &theme.green, &theme.orange][(len - 1 - i).min(2)]
}
