//! The labs, a module each.

mod filters;
mod hyperloglog;
mod kmv;
mod morris;

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
];

/// The lab of a slug.
pub fn by_slug(slug: &str) -> Option<&'static About> {
    LABS.iter().copied().find(|about| about.slug == slug)
}
