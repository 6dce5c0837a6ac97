//! Shared structures of any kind, for programs that work with all of them.

use super::words::copy_to;
use super::{
    SharedBlockedBloomFilter, SharedBloomFilter, SharedCountMin, SharedHyperLogLog, SharedMorrisArray,
    SharedUltraLogLog, Words,
};
use crate::catalog::entry_of;
use crate::counting::{count_min, morris_array};
use crate::distinct::{SparseHyperLogLog, hyperloglog, ultraloglog};
use crate::entry::{Entry, Sketch};
use crate::layout::{Buffer, HEADER_LEN, Head};
use crate::membership::{blocked_bloom, bloom};
use crate::{Error, Estimate, Items, Result};
use alloc::boxed::Box;

/// What a program sees of a shared structure of any kind.
pub trait SharedSketch: Send + Sync {
    /// The catalogue's entry.
    fn entry(&self) -> &'static Entry;

    /// Takes an item.
    fn insert(&self, item: &[u8]);

    /// Takes many items.
    fn insert_all(&self, items: Items<'_>);

    /// Whether an item may have been inserted.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the structure can't tell.
    fn contains(&self, _item: &[u8]) -> Result<bool> {
        Err(Error::Unsupported {
            structure: self.entry().slug,
            operation: "tell whether it contains an item",
        })
    }

    /// How often an item came.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the structure can't tell.
    fn count(&self, _item: &[u8]) -> Result<Estimate> {
        Err(Error::Unsupported { structure: self.entry().slug, operation: "count an item" })
    }

    /// What the structure counts: different items, or events.
    fn estimate(&self) -> Estimate;

    /// An owned copy of what it holds now.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for it can't be had.
    fn freeze(&self) -> Result<Box<dyn Sketch>>;
}

macro_rules! sketches {
    ($($name:ident: $entry:path, $freeze:expr $(, $method:ident -> $answer:ty)?;)*) => {
        /// The entries of structures that many can write.
        pub static SHARED: &[&Entry] = &[$(&$entry),*];

        /// Opens a shared structure of any kind where it lies. O(1).
        ///
        /// # Errors
        /// Those of its own `open`; [`Error::Unsupported`] when many can't write a structure of this kind.
        pub fn open<'a>(words: &'a dyn Words) -> Result<Box<dyn SharedSketch + 'a>> {
            let mut head = [0; HEADER_LEN];
            let len = words.byte_len().min(HEADER_LEN);
            copy_to(words.words(), &mut head[..len]);
            let known = entry_of(&head[..len])?;
            $(if known.slug == $entry.slug {
                return Ok(Box::new($name::open(words)?));
            })*
            Err(Error::Unsupported { structure: known.slug, operation: REFUSED })
        }

        $(impl<S: Words + Send> SharedSketch for $name<S> {
            fn entry(&self) -> &'static Entry {
                &$entry
            }
            fn insert(&self, item: &[u8]) {
                self.insert(item);
            }
            fn insert_all(&self, items: Items<'_>) {
                self.insert_all(items);
            }
            $(fn $method(&self, item: &[u8]) -> Result<$answer> {
                Ok(self.$method(item))
            })?
            fn estimate(&self) -> Estimate {
                self.estimate()
            }
            fn freeze(&self) -> Result<Box<dyn Sketch>> {
                Ok(Box::new($freeze(self.freeze()?)))
            }
        })*
    };
}

sketches! {
    SharedBloomFilter: bloom::ENTRY, core::convert::identity, contains -> bool;
    SharedBlockedBloomFilter: blocked_bloom::ENTRY, core::convert::identity, contains -> bool;
    SharedMorrisArray: morris_array::ENTRY, core::convert::identity, count -> Estimate;
    SharedCountMin: count_min::ENTRY, core::convert::identity, count -> Estimate;
    SharedHyperLogLog: hyperloglog::ENTRY, SparseHyperLogLog::from;
    SharedUltraLogLog: ultraloglog::ENTRY, core::convert::identity;
}

const REFUSED: &str = "be written by many at once";

/// The bytes that many can write, of a structure's bytes: without the seal, and of a HyperLogLog with a byte a register.
///
/// # Errors
/// Those of [`open`], but for what this mends; [`Error::CannotGrow`] when memory for them can't be had.
pub fn shareable(bytes: &[u8]) -> Result<Buffer> {
    let known = entry_of(bytes)?;
    if !SHARED.iter().any(|entry| entry.slug == known.slug) {
        return Err(Error::Unsupported { structure: known.slug, operation: REFUSED });
    }
    let mut bytes = match known.slug == hyperloglog::ENTRY.slug {
        true => SparseHyperLogLog::open(bytes)?.to_dense()?.spread()?.into_inner(),
        false => Buffer::from(bytes),
    };
    Head::unseal(&mut bytes);
    Ok(bytes)
}
