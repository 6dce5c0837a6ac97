//! The pictures of the lab, each with a label for those who don't see it and a table of the same numbers.

mod errors;
mod hash;
mod ranks;
mod registers;
mod runs;

pub use errors::errors;
pub use hash::hash;
pub use ranks::ranks;
pub use registers::{Grid, registers};
pub use runs::runs;

/// Size of text in pictures.
const SMALL: f64 = 12.0;

/// What stands in for a picture that can't be seen.
pub struct Twin {
    /// One sentence: what is to be seen.
    pub label: String,
    /// Rows of cells, the head first.
    pub table: Vec<Vec<String>>,
}

/// A row of a table.
fn row<const N: usize>(cells: [&dyn std::fmt::Display; N]) -> Vec<String> {
    cells.iter().map(ToString::to_string).collect()
}
