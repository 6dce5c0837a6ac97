//! The library in a browser.
//!
//! Two faces: [`Sketch`] is any structure of the catalogue, for programs (the npm package); the labs are what a page
//! draws from. A lab keeps its state here, in wasm memory, and draws on canvases that the page hands over; the page
//! itself only builds the frame around them and passes events on.
//!
//! Whatever has a meaning of its own (histories, answers, runs) knows no browser, and is tested on the host.

mod draw;
mod handle;
mod hyperloglog;
mod object;
mod text;

pub use handle::{Sketch, catalog};
pub use hyperloglog::HyperLogLogLab;
