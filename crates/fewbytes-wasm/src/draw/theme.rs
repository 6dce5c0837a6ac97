//! Colours and fonts by name: a canvas gets them as the page resolved them, an SVG as CSS variables.

/// The page's colours and fonts: what CSS says is said there once, for light and dark.
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
    /// The names that the stylesheet of the labs gives them, after `--few-`, in the order of the fields.
    pub const NAMES: [&str; 9] = ["ink", "soft", "line", "ground", "blue", "orange", "green", "sans", "mono"];

    /// From texts in the order of [`Theme::NAMES`]; missing ones are empty, which canvases ignore.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Self {
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

    /// The stylesheet's own variables.
    #[cfg(any(test, not(target_arch = "wasm32")))]
    pub fn variables() -> Self {
        Self::new(Self::NAMES.map(|name| format!("var(--few-{name})")))
    }
}
