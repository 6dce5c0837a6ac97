//! A canvas of a page to draw on.

use super::{Align, Paper, Surface};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, window};

pub struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Canvas {
    /// `None` where the element can't be drawn on.
    pub fn new(element: HtmlCanvasElement) -> Option<Self> {
        let context = element.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { element, context })
    }
}

impl Paper for Canvas {
    /// Clears the canvas at the width that the page gives it. `None` where it is hidden.
    fn begin(&self, height_of: &mut dyn FnMut(f64) -> f64) -> Option<f64> {
        let width = f64::from(self.element.client_width());
        if width < 1.0 {
            return None;
        }
        let height = height_of(width).ceil();
        let ratio = window().map_or(1.0, |window| window.device_pixel_ratio());
        self.element.style().set_property("height", &format!("{height}px")).ok()?;
        self.element.set_width((width * ratio).round() as u32);
        self.element.set_height((height * ratio).round() as u32);
        self.context.scale(ratio, ratio).ok()?;
        Some(width)
    }

    fn surface(&self) -> &dyn Surface {
        self
    }
}

impl Surface for Canvas {
    fn fill(&self, [x, y, width, height]: [f64; 4], colour: &str, strength: f64) {
        self.context.set_global_alpha(strength);
        self.context.set_fill_style_str(colour);
        self.context.fill_rect(x, y, width, height);
        self.context.set_global_alpha(1.0);
    }

    fn outline(&self, [x, y, width, height]: [f64; 4], colour: &str, thick: f64) {
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(thick);
        self.context.stroke_rect(x, y, width, height);
    }

    fn line(&self, points: &[(f64, f64)], colour: &str, thick: f64, dash: &[f64]) {
        let pattern: js_sys::Array = dash.iter().map(|length| JsValue::from(*length)).collect();
        // Fails on negative lengths only.
        let _ = self.context.set_line_dash(&pattern);
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(thick);
        self.context.set_line_join("round");
        self.context.begin_path();
        for (i, (x, y)) in points.iter().enumerate() {
            if i == 0 {
                self.context.move_to(*x, *y);
            } else {
                self.context.line_to(*x, *y);
            }
        }
        self.context.stroke();
        let _ = self.context.set_line_dash(&js_sys::Array::new());
    }

    fn disc(&self, x: f64, y: f64, radius: f64, colour: &str) {
        self.context.begin_path();
        // Fails on negative radii only.
        let _ = self.context.arc(x, y, radius, 0.0, core::f64::consts::TAU);
        self.context.set_fill_style_str(colour);
        self.context.fill();
    }

    fn text(&self, (x, y): (f64, f64), text: &str, align: Align, colour: &str, (size, family): (f64, &str)) {
        self.context.set_font(&format!("{size}px {family}"));
        self.context.set_fill_style_str(colour);
        self.context.set_text_baseline("middle");
        self.context.set_text_align(match align {
            Align::Left => "left",
            Align::Middle => "center",
            Align::Right => "right",
        });
        // Fails never for 2d contexts.
        let _ = self.context.fill_text(text, x, y);
    }

    fn clip(&self, [x, y, width, height]: [f64; 4]) {
        self.context.save();
        self.context.begin_path();
        self.context.rect(x, y, width, height);
        self.context.clip();
    }

    fn unclip(&self) {
        self.context.restore();
    }
}
