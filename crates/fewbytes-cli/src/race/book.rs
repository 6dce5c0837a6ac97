//! The race of the book: *High Performance Python*, chapter "Using Less RAM".
//!
//! Its figures are those recorded in the code repository of the book: Python, over the tokens of a Wikipedia dump.

/// Tokens of the book's stream.
pub const TOKENS: u64 = 1_148_708_949;
/// Different ones among them.
pub const DIFFERENT: u64 = 4_956_262;

/// What the book recorded of a structure.
pub struct Recorded {
    /// Slug of the structure here.
    pub slug: &'static str,
    /// The parameters that it ran with, as far as they are named here; others keep their defaults.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Its answer in the book.
    pub answer: Option<f64>,
    /// Its seconds in the book.
    pub seconds: Option<f64>,
}

const fn recorded(
    slug: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    answer: f64,
    seconds: f64,
) -> Recorded {
    Recorded { slug, parameters, answer: Some(answer), seconds: Some(seconds) }
}

/// The seven, in the catalogue's order. The plain Bloom filter did not run in the book; here it has the room that the
/// book's scaling one was to keep its rate with.
pub const RECORDED: [Recorded; 7] = [
    Recorded {
        slug: "bloom",
        parameters: &[("items", "5000000"), ("rate", "0.005")],
        answer: None,
        seconds: None,
    },
    recorded(
        "scalable-bloom",
        &[("capacity", "1048576"), ("rate", "0.005"), ("tightening", "0.5")],
        4_949_358.0,
        10_392.0,
    ),
    recorded("morris", &[("base", "2")], 1_073_741_824.0, 751.0),
    recorded("loglog", &[("precision", "16")], 4_522_232.0, 2_112.0),
    recorded("superloglog", &[("precision", "16")], 1_628_946.0, 2_416.0),
    recorded("hyperloglog", &[("precision", "16")], 4_983_171.0, 2_907.0),
    recorded("kmv", &[("k", "65536")], 4_912_818.0, 3_503.0),
];

/// What the book recorded of `slug`.
pub fn recorded_of(slug: &str) -> Option<&'static Recorded> {
    RECORDED.iter().find(|recorded| recorded.slug == slug)
}
