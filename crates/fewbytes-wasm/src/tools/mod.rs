//! What the pages need that show more than one structure: the race, the calculator, and what a file is.
//!
//! Structures are called by their types, never through the catalogue: an `Entry` brings all along that a structure can
//! do, twice, which for all of them is 422 KB after gzip; what is called here is a tenth of that.

mod calculator;
mod exact;
mod kinds;
mod race;
mod racers;

/// The code that the calculator gives, run.
#[cfg(doctest)]
#[doc = include_str!("calculator/code.md")]
struct Code;
