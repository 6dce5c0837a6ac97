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
#[cfg(any(
    feature = "dawg",
    feature = "double-array",
    feature = "hat-trie",
    feature = "keywords",
    feature = "louds-trie",
    feature = "search"
))]
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
    #[cfg(feature = "double-array")]
    &text::DOUBLE_ARRAY,
    #[cfg(feature = "louds-trie")]
    &text::LOUDS,
    #[cfg(feature = "dawg")]
    &text::DAWG,
    #[cfg(feature = "hat-trie")]
    &text::HAT,
    #[cfg(feature = "keywords")]
    &text::KEYWORDS,
    #[cfg(feature = "search")]
    &text::SEARCH,
];

/// The lab of a slug.
pub fn by_slug(slug: &str) -> Option<&'static About> {
    LABS.iter().copied().find(|about| about.slug == slug)
}
