//! The library in a browser.
//!
//! Two faces. The labs are what a page draws from. With the feature `catalog`, `Sketch` is any structure of the catalogue,
//! for programs; it brings all structures along, which more than doubles the module, so pages that only show a lab go
//! without.
//!
//! A lab keeps its state here, in wasm memory, and draws on canvases that the page hands over; the page
//! itself only builds the frame around them and passes events on.
//!
//! Whatever has a meaning of its own (histories, answers, runs) knows no browser, and is tested on the host.

mod cut;
mod draw;
#[cfg(feature = "catalog")]
mod handle;
mod hyperloglog;
mod object;
mod text;

#[cfg(feature = "catalog")]
pub use handle::{Sketch, catalog};
pub use hyperloglog::HyperLogLogLab;
