//! The catalogue: every structure of the library.

use crate::entry::{Entry, Sketch, View};
use crate::layout::kind_of;
use crate::{Error, Result, counting, distinct, membership, text};
use alloc::{boxed::Box, vec::Vec};

/// Every structure, by family.
pub static CATALOG: &[&Entry] = &[
    &membership::bloom::ENTRY,
    &membership::blocked_bloom::ENTRY,
    &membership::scalable_bloom::ENTRY,
    &membership::counting_bloom::ENTRY,
    &membership::age_partitioned_bloom::ENTRY,
    &membership::binary_fuse::ENTRY,
    &counting::morris::ENTRY,
    &counting::morris_array::ENTRY,
    &counting::count_min::ENTRY,
    &distinct::loglog::ENTRY,
    &distinct::superloglog::ENTRY,
    &distinct::hyperloglog::ENTRY,
    &distinct::ultraloglog::ENTRY,
    &distinct::exaloglog::ENTRY,
    &distinct::kmv::ENTRY,
    &text::double_array::ENTRY,
    &text::louds_trie::ENTRY,
    &text::dawg::ENTRY,
    &text::hat_trie::ENTRY,
    &text::aho_corasick::ENTRY,
];

/// The entry of a slug.
pub fn by_slug(slug: &str) -> Option<&'static Entry> {
    CATALOG.iter().copied().find(|entry| entry.slug == slug)
}

/// The entry that `bytes` say they belong to.
///
/// # Errors
/// [`Error::NotFewbytes`] or [`Error::Length`] when these are not a structure's bytes; [`Error::Field`] when this
/// library has no structure of their kind.
pub fn entry_of(bytes: &[u8]) -> Result<&'static Entry> {
    let kind = kind_of(bytes)?;
    CATALOG.iter().copied().find(|entry| entry.format.kind == kind).ok_or_else(|| {
        let known: Vec<_> = CATALOG.iter().map(|entry| alloc::format!("{}", entry.format.kind)).collect();
        Error::field("kind", format_args!("one of {}", known.join(", ")), kind)
    })
}

/// Opens a structure of any kind in place, to be read. O(1).
///
/// # Errors
/// Those of [`entry_of`], and of the structure's own `open`.
pub fn open(bytes: &[u8]) -> Result<Box<dyn View + '_>> {
    (entry_of(bytes)?.open)(bytes)
}

/// Opens a structure of any kind that owns its bytes, to be changed. O(1).
///
/// # Errors
/// Those of [`entry_of`], and of the structure's own `open`.
pub fn open_owned(bytes: Vec<u8>) -> Result<Box<dyn Sketch>> {
    (entry_of(&bytes)?.open_owned)(bytes.into())
}
