//! How often did it happen?

pub mod morris;

pub use morris::MorrisCounter;
