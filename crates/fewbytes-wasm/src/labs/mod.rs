//! The labs, a module each.

mod filters;
mod hyperloglog;
mod kmv;
mod morris;
#[cfg(any(feature = "automata", feature = "buckets", feature = "tries"))]
mod text;

use crate::lab::About;

/// Every lab, in the catalogue's order.
pub static LABS: &[&About] = &[
    &filters::BLOOM,
    &filters::BLOCKED,
    &filters::SCALABLE,
    &filters::COUNTING,
    &morris::ABOUT,
    &hyperloglog::ABOUT,
    &kmv::ABOUT,
    #[cfg(feature = "tries")]
    &text::DOUBLE_ARRAY,
    #[cfg(feature = "tries")]
    &text::LOUDS,
    #[cfg(feature = "automata")]
    &text::DAWG,
    #[cfg(feature = "buckets")]
    &text::HAT,
    #[cfg(feature = "automata")]
    &text::KEYWORDS,
    #[cfg(feature = "tries")]
    &text::SEARCH,
];

/// The lab of a slug.
pub fn by_slug(slug: &str) -> Option<&'static About> {
    LABS.iter().copied().find(|about| about.slug == slug)
}
