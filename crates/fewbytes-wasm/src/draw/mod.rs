//! Drawing on canvases: a pen in CSS pixels, the page's colours, axes.

mod axis;
mod pen;

pub use axis::{Axis, round_steps};
pub use pen::{Align, Pen, Theme};
