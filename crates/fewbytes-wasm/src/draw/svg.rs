//! SVG text to draw into: pictures for pages without JavaScript.

use super::{Align, Paper, Surface};
use std::cell::RefCell;
use std::fmt::Write;

/// The stylesheet of the labs, whose variables the pictures' colours are.
const STYLE: &str = include_str!("../../../../web/lab/lab.css");

/// A picture of a given width.
pub struct Svg {
    width: f64,
    inner: RefCell<Inner>,
}

#[derive(Default)]
struct Inner {
    height: f64,
    shapes: String,
    clips: usize,
}

impl Svg {
    pub fn new(width: f64) -> Self {
        Self { width, inner: RefCell::default() }
    }

    fn add(&self, shape: std::fmt::Arguments<'_>) {
        // Writing to a string never fails.
        let _ = self.inner.borrow_mut().shapes.write_fmt(shape);
    }

    /// The picture as a file of its own, in light or dark as its reader wishes. Nothing where nothing was drawn.
    pub fn finish(self, title: &str) -> Option<String> {
        let (width, Inner { height, shapes, .. }) = (self.width, self.inner.into_inner());
        let variables: String =
            STYLE.lines().filter(|line| line.starts_with("  --few-")).map(str::trim).collect();
        (height > 0.0).then(|| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
                 viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{}</title>\
                 <style>:root{{color-scheme:light dark;{variables}}}</style>{shapes}</svg>\n",
                escaped(title)
            )
        })
    }
}

/// Text as it may stand in markup.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A coordinate to a tenth of a pixel.
struct Px(f64);

impl std::fmt::Display for Px {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0)
    }
}

impl Paper for Svg {
    fn begin(&self, height_of: &mut dyn FnMut(f64) -> f64) -> Option<f64> {
        *self.inner.borrow_mut() = Inner { height: height_of(self.width).ceil(), ..Inner::default() };
        Some(self.width)
    }

    fn surface(&self) -> &dyn Surface {
        self
    }
}

impl Surface for Svg {
    fn fill(&self, rectangle: [f64; 4], colour: &str, strength: f64) {
        let [x, y, width, height] = rectangle.map(Px);
        let opacity = if strength < 1.0 { format!(" fill-opacity=\"{strength:.2}\"") } else { String::new() };
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"{opacity}/>"
        ));
    }

    fn outline(&self, rectangle: [f64; 4], colour: &str, thick: f64) {
        let [x, y, width, height] = rectangle.map(Px);
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"{colour}\" \
             stroke-width=\"{thick}\"/>"
        ));
    }

    fn line(&self, points: &[(f64, f64)], colour: &str, thick: f64, dash: &[f64]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", Px(*x), Px(*y))).collect();
        let dash: Vec<String> = dash.iter().map(|length| Px(*length).to_string()).collect();
        let dash = match dash.is_empty() {
            true => String::new(),
            false => format!(" stroke-dasharray=\"{}\"", dash.join(" ")),
        };
        self.add(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{thick}\" \
             stroke-linejoin=\"round\"{dash}/>",
            points.join(" ")
        ));
    }

    fn disc(&self, x: f64, y: f64, radius: f64, colour: &str) {
        self.add(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\" fill=\"{colour}\"/>",
            Px(x),
            Px(y)
        ));
    }

    fn text(&self, (x, y): (f64, f64), text: &str, align: Align, colour: &str, (size, family): (f64, &str)) {
        let anchor = match align {
            Align::Left => "start",
            Align::Middle => "middle",
            Align::Right => "end",
        };
        self.add(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" font-family=\"{family}\" fill=\"{colour}\" \
             text-anchor=\"{anchor}\" dominant-baseline=\"central\">{}</text>",
            Px(x),
            Px(y),
            Px(size),
            escaped(text)
        ));
    }

    fn clip(&self, rectangle: [f64; 4]) {
        let [x, y, width, height] = rectangle.map(Px);
        let clips = {
            let mut inner = self.inner.borrow_mut();
            inner.clips += 1;
            inner.clips
        };
        self.add(format_args!(
            "<clipPath id=\"clip{clips}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/></clipPath>\
             <g clip-path=\"url(#clip{clips})\">"
        ));
    }

    fn unclip(&self) {
        self.add(format_args!("</g>"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Sheet, Theme};

    #[test]
    fn colours_are_the_stylesheets_and_text_is_escaped() {
        let (theme, svg) = (Theme::variables(), Svg::new(100.0));
        let pen = Sheet::new(&theme, Some(&svg)).pen(|width| width / 2.0).expect("paper");
        pen.clipped([0.0, 0.0, 9.0, 9.0], || pen.text(1.04, 2.0, "a < b", Align::Left, &theme.blue, 12.0));
        pen.fill([0.0; 4], &theme.ink, 0.0);
        let text = svg.finish("a & b").expect("a picture");
        assert!(
            text.contains("viewBox=\"0 0 100 50\"") && text.contains("<title>a &amp; b</title>"),
            "{text}"
        );
        assert!(text.contains("x=\"1\" y=\"2\"") && text.contains(">a &lt; b</text></g>"), "{text}");
        assert!(
            text.contains("--few-blue: light-dark(") && text.contains("fill=\"var(--few-blue)\""),
            "{text}"
        );
        for name in Theme::NAMES {
            assert!(text.contains(&format!("--few-{name}:")), "{name}");
        }
        assert!(!text.contains("<rect x=\"0\" y=\"0\" width=\"0\""), "what can't be seen is not drawn");
        assert_eq!(Svg::new(100.0).finish(""), None);
    }
}
