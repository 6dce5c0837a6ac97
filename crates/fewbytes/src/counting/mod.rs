//! How often did it happen?

pub mod count_min;
pub mod morris;
pub mod morris_array;

mod register;
mod rows;

pub use count_min::CountMinSketch;
pub use morris::MorrisCounter;
pub use morris_array::MorrisArray;
