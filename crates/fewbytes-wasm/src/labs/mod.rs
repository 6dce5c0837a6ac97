//! The labs, a module each. Those of a family are there by its feature: a page loads one family's.

#[cfg(feature = "counting")]
mod counters;
#[cfg(feature = "membership")]
mod filters;
#[cfg(feature = "kmv")]
mod kmv;
#[cfg(feature = "counting")]
mod morris;
#[cfg(feature = "distinct")]
mod registers;
#[cfg(any(feature = "automata", feature = "buckets", feature = "tries"))]
mod text;

use crate::lab::About;

/// Every lab of the families that are here, in the catalogue's order.
pub static LABS: &[&About] = &[
    #[cfg(feature = "membership")]
    &filters::BLOOM,
    #[cfg(feature = "membership")]
    &filters::BLOCKED,
    #[cfg(feature = "membership")]
    &filters::SCALABLE,
    #[cfg(feature = "membership")]
    &filters::COUNTING,
    #[cfg(feature = "membership")]
    &filters::AGE_PARTITIONED,
    #[cfg(feature = "membership")]
    &filters::FUSE,
    #[cfg(feature = "counting")]
    &morris::ABOUT,
    #[cfg(feature = "counting")]
    &counters::MORRIS_ARRAY,
    #[cfg(feature = "counting")]
    &counters::COUNT_MIN,
    #[cfg(feature = "distinct")]
    &registers::LOGLOG,
    #[cfg(feature = "distinct")]
    &registers::SUPERLOGLOG,
    #[cfg(feature = "distinct")]
    &registers::HYPERLOGLOG,
    #[cfg(feature = "distinct")]
    &registers::ULTRALOGLOG,
    #[cfg(feature = "distinct")]
    &registers::EXALOGLOG,
    #[cfg(feature = "kmv")]
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
