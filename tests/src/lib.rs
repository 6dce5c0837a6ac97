//! What the suites share. Each suite tests one property, over every structure of the catalogue.

pub mod cases;
pub mod choosing;
pub mod fuzz;
pub mod hostile;
pub mod keywords;
pub mod pages;
pub mod searches;
pub mod simulate;
pub mod stores;
pub mod streams;
pub mod texts;

/// The README's program is compiled as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
