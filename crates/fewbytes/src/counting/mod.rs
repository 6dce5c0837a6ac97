//! How often did it happen?

pub mod count_min;
pub mod morris;
pub mod morris_array;

pub(crate) mod register;
mod rows;
pub(crate) mod store;

pub use count_min::CountMinSketch;
pub use morris::MorrisCounter;
pub use morris_array::MorrisArray;
