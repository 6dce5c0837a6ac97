//! A pen for one canvas.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, window};

/// The page's colours and fonts as it resolved them: what CSS says is said there once, for light and dark.
#[derive(Clone, Default)]
pub struct Theme {
    pub ink: String,
    pub soft: String,
    pub line: String,
    pub ground: String,
    /// The first of three that people tell apart whatever their colour vision; shapes tell them apart too.
    pub blue: String,
    pub orange: String,
    pub green: String,
    pub sans: String,
    pub mono: String,
}

impl Theme {
    /// From texts in the order of the fields; missing ones are empty, which canvases ignore.
    pub fn new(texts: Vec<String>) -> Self {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        Self {
            ink: next(),
            soft: next(),
            line: next(),
            ground: next(),
            blue: next(),
            orange: next(),
            green: next(),
            sans: next(),
            mono: next(),
        }
    }
}

#[derive(Clone, Copy)]
pub enum Align {
    Left,
    Middle,
    Right,
}

/// Draws in CSS pixels, whatever the screen's own are.
pub struct Pen<'a> {
    canvas: CanvasRenderingContext2d,
    pub theme: &'a Theme,
    pub width: f64,
}

impl<'a> Pen<'a> {
    /// Clears the canvas at the width that the page gives it and the height that `height_of` says. `None` where it
    /// can't be drawn on: hidden, or without a context.
    pub fn on(
        canvas: &HtmlCanvasElement,
        theme: &'a Theme,
        height_of: impl FnOnce(f64) -> f64,
    ) -> Option<Self> {
        let width = f64::from(canvas.client_width());
        if width < 1.0 {
            return None;
        }
        let height = height_of(width).ceil();
        let ratio = window().map_or(1.0, |window| window.device_pixel_ratio());
        canvas.style().set_property("height", &format!("{height}px")).ok()?;
        canvas.set_width((width * ratio).round() as u32);
        canvas.set_height((height * ratio).round() as u32);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.scale(ratio, ratio).ok()?;
        Some(Self { canvas: context, theme, width })
    }

    /// A filled rectangle; `strength` from 0 to 1 lets the ground shine through.
    pub fn fill(&self, [x, y, width, height]: [f64; 4], colour: &str, strength: f64) {
        self.canvas.set_global_alpha(strength);
        self.canvas.set_fill_style_str(colour);
        self.canvas.fill_rect(x, y, width, height);
        self.canvas.set_global_alpha(1.0);
    }

    /// A rectangle's outline, drawn inside it.
    pub fn frame(&self, [x, y, width, height]: [f64; 4], colour: &str, thick: f64) {
        self.canvas.set_stroke_style_str(colour);
        self.canvas.set_line_width(thick);
        self.canvas.stroke_rect(x + thick / 2.0, y + thick / 2.0, width - thick, height - thick);
    }

    /// A line through points; `dash` is empty for a solid one.
    pub fn line(&self, points: &[(f64, f64)], colour: &str, thick: f64, dash: &[f64]) {
        let pattern: js_sys::Array = dash.iter().map(|length| wasm_bindgen::JsValue::from(*length)).collect();
        // Fails on negative lengths only.
        let _ = self.canvas.set_line_dash(&pattern);
        self.canvas.set_stroke_style_str(colour);
        self.canvas.set_line_width(thick);
        self.canvas.set_line_join("round");
        self.canvas.begin_path();
        for (i, (x, y)) in points.iter().enumerate() {
            if i == 0 {
                self.canvas.move_to(*x, *y);
            } else {
                self.canvas.line_to(*x, *y);
            }
        }
        self.canvas.stroke();
        let _ = self.canvas.set_line_dash(&js_sys::Array::new());
    }

    /// A dot with a rim in the ground's colour, so that it stands out from lines below it.
    pub fn dot(&self, x: f64, y: f64, radius: f64, colour: &str) {
        for (radius, colour) in [(radius + 1.5, self.theme.ground.as_str()), (radius, colour)] {
            self.canvas.begin_path();
            // Fails on negative radii only.
            let _ = self.canvas.arc(x, y, radius, 0.0, core::f64::consts::TAU);
            self.canvas.set_fill_style_str(colour);
            self.canvas.fill();
        }
    }

    /// Draws only inside a rectangle while `draw` runs.
    pub fn clipped(&self, [x, y, width, height]: [f64; 4], draw: impl FnOnce()) {
        self.canvas.save();
        self.canvas.begin_path();
        self.canvas.rect(x, y, width, height);
        self.canvas.clip();
        draw();
        self.canvas.restore();
    }

    /// Text whose middle line is at `y`.
    pub fn text(&self, x: f64, y: f64, text: &str, align: Align, colour: &str, size: f64) {
        self.write((x, y), text, align, colour, &format!("{size}px {}", self.theme.sans));
    }

    /// Text in the fixed-width font.
    pub fn mono(&self, x: f64, y: f64, text: &str, align: Align, colour: &str, size: f64) {
        self.write((x, y), text, align, colour, &format!("{size}px {}", self.theme.mono));
    }

    fn write(&self, (x, y): (f64, f64), text: &str, align: Align, colour: &str, font: &str) {
        self.canvas.set_font(font);
        self.canvas.set_fill_style_str(colour);
        self.canvas.set_text_baseline("middle");
        self.canvas.set_text_align(match align {
            Align::Left => "left",
            Align::Middle => "center",
            Align::Right => "right",
        });
        // Fails never for 2d contexts.
        let _ = self.canvas.fill_text(text, x, y);
    }
}
