//! The library in a browser.
//!
//! Two faces. `Lab` is what a page shows of a structure. With the feature `catalog`, `Sketch` is any structure of the
//! catalogue, for programs; it brings all structures along, which more than doubles the module, so pages that only show
//! a lab go without.
//!
//! A lab keeps its state here, in wasm memory, and draws on canvases that the page hands over; the page
//! itself only builds the frame around them and passes events on. `lab` is what all labs are made of, `labs` has one
//! module for each structure.
//!
//! Whatever has a meaning of its own (histories, answers, runs, pictures) knows no browser, and is tested on the host.

// Where only some labs are here, what others share has no use.
#![cfg_attr(
    not(all(
        feature = "counting",
        feature = "distinct",
        feature = "kmv",
        feature = "membership",
        feature = "text"
    )),
    allow(dead_code, unused_imports, unused_macros)
)]

mod cut;
#[cfg(feature = "labs")]
mod draw;
#[cfg(feature = "catalog")]
mod handle;
#[cfg(feature = "labs")]
mod lab;
#[cfg(feature = "labs")]
mod labs;
mod object;
#[cfg(feature = "labs")]
mod text;
#[cfg(feature = "tools")]
mod tools;

#[cfg(all(feature = "labs", not(target_arch = "wasm32")))]
pub use draw::escaped;
#[cfg(feature = "catalog")]
pub use handle::{Sketch, catalog};
#[cfg(feature = "labs")]
pub use lab::export::Lab;
#[cfg(all(feature = "labs", not(target_arch = "wasm32")))]
pub use lab::{Still, stills, words_of};
