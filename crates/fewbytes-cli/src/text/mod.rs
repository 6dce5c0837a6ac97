//! Text stores: built from keys, asked for words.

mod answers;
pub mod build;
pub mod containing;
pub mod convert;
pub mod find;
pub mod keys;
pub mod like;
pub mod near;
pub mod prefix;
mod sort;
