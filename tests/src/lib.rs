//! What the suites share. Each suite tests one property, over every structure of the catalogue.

pub mod cases;
pub mod hostile;
pub mod pages;
pub mod streams;
