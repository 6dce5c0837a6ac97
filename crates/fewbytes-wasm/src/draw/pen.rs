//! A pen, and what it draws on.

use super::Theme;

#[derive(Clone, Copy)]
pub enum Align {
    Left,
    Middle,
    Right,
}

/// What can be drawn on: the few shapes that all pictures are made of.
pub trait Surface {
    /// A filled rectangle; `strength` from 0 to 1 lets the ground shine through.
    fn fill(&self, rectangle: [f64; 4], colour: &str, strength: f64);
    /// The outline of a rectangle, its middle on the rectangle's edge.
    fn outline(&self, rectangle: [f64; 4], colour: &str, thick: f64);
    /// A line through points; `dash` is empty for a solid one.
    fn line(&self, points: &[(f64, f64)], colour: &str, thick: f64, dash: &[f64]);
    /// A filled circle.
    fn disc(&self, x: f64, y: f64, radius: f64, colour: &str);
    /// Text whose middle line is at `y`.
    fn text(&self, at: (f64, f64), text: &str, align: Align, colour: &str, font: (f64, &str));
    /// What is drawn from here to [`Surface::unclip`] shows only inside a rectangle.
    fn clip(&self, rectangle: [f64; 4]);
    fn unclip(&self);
}

/// Makes a surface of a picture's width ready at the height that the picture wants at that width; gives the width back.
pub trait Paper {
    fn begin(&self, height_of: &mut dyn FnMut(f64) -> f64) -> Option<f64>;
    fn surface(&self) -> &dyn Surface;
}

/// What a picture is drawn on, if it is drawn at all.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    pub theme: &'a Theme,
    paper: Option<&'a dyn Paper>,
}

impl<'a> Sheet<'a> {
    pub fn new(theme: &'a Theme, paper: Option<&'a dyn Paper>) -> Self {
        Self { theme, paper }
    }

    /// A pen, once the paper has the height that `height_of` says for its width. `None` where nothing is to be drawn.
    pub fn pen(&self, mut height_of: impl FnMut(f64) -> f64) -> Option<Pen<'a>> {
        let paper = self.paper?;
        let width = paper.begin(&mut height_of)?;
        Some(Pen { surface: paper.surface(), theme: self.theme, width })
    }
}

/// Draws in CSS pixels, whatever the screen's own are.
pub struct Pen<'a> {
    surface: &'a dyn Surface,
    pub theme: &'a Theme,
    pub width: f64,
}

impl Pen<'_> {
    /// A filled rectangle; `strength` from 0 to 1 lets the ground shine through.
    pub fn fill(&self, rectangle: [f64; 4], colour: &str, strength: f64) {
        if strength > 0.0 {
            self.surface.fill(rectangle, colour, strength);
        }
    }

    /// A rectangle's outline, drawn inside it.
    pub fn frame(&self, [x, y, width, height]: [f64; 4], colour: &str, thick: f64) {
        let inside = [x + thick / 2.0, y + thick / 2.0, width - thick, height - thick];
        self.surface.outline(inside, colour, thick);
    }

    /// A line through points; `dash` is empty for a solid one.
    pub fn line(&self, points: &[(f64, f64)], colour: &str, thick: f64, dash: &[f64]) {
        self.surface.line(points, colour, thick, dash);
    }

    /// A dot with a rim in the ground's colour, so that it stands out from lines below it.
    pub fn dot(&self, x: f64, y: f64, radius: f64, colour: &str) {
        self.surface.disc(x, y, radius + 1.5, &self.theme.ground);
        self.surface.disc(x, y, radius, colour);
    }

    /// Draws only inside a rectangle while `draw` runs.
    pub fn clipped(&self, rectangle: [f64; 4], draw: impl FnOnce()) {
        self.surface.clip(rectangle);
        draw();
        self.surface.unclip();
    }

    /// Text whose middle line is at `y`.
    pub fn text(&self, x: f64, y: f64, text: &str, align: Align, colour: &str, size: f64) {
        self.surface.text((x, y), text, align, colour, (size, &self.theme.sans));
    }

    /// Text in the fixed-width font.
    pub fn mono(&self, x: f64, y: f64, text: &str, align: Align, colour: &str, size: f64) {
        self.surface.text((x, y), text, align, colour, (size, &self.theme.mono));
    }
}
