//! The pictures of the registers.

mod ranks;
mod registers;

pub use ranks::ranks;
pub use registers::registers;

use super::{Sketch, Touched};
use crate::draw::{Sheet, Twin};
use crate::lab::pictures;

/// The last hash: what picks the register, what goes into it, and the rest.
pub fn hash(touched: Option<Touched>, sketch: &dyn Sketch, sheet: Sheet<'_>) -> Twin {
    let parts = touched.map(|touched| sketch.parts(touched.hash, touched.register)).unwrap_or_default();
    let label =
        "64 bits: what picks the register, a run of zeros that a one ends, and bits that are not used.";
    pictures::hash(touched.map(|touched| touched.hash), &parts, label, sheet)
}
