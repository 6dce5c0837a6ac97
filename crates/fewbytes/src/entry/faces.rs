//! The faces that every structure of the catalogue shows: one to read, one to write, and one while it is in the making.

use super::Entry;
use crate::{
    Error, Estimate, HeavyHitter, Items, Result, Sigmas,
    hash::{hash, try_in_batches},
    layout::Region,
    text::{Dictionary, Values},
};
use alloc::{boxed::Box, string::String, string::ToString, vec::Vec};

/// Something that a structure knows of itself: a line of `inspect`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is: "fill", "threshold".
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Its unit; empty for a pure number.
    pub unit: &'static str,
}

impl Fact {
    /// A fact.
    pub fn new(name: &'static str, value: impl ToString, unit: &'static str) -> Self {
        Self { name, value: value.to_string(), unit }
    }
}

/// A structure of any kind, to be read: owned, borrowed or mapped.
pub trait View {
    /// What it says of itself.
    fn entry(&self) -> &'static Entry;

    /// Its bytes: the whole structure.
    fn as_bytes(&self) -> &[u8];

    /// The seed of its hash.
    fn seed(&self) -> u64;

    /// Whether the header's checksum stands for these very bytes.
    fn is_sealed(&self) -> bool;

    /// The O(n) check: checksum and inner links.
    ///
    /// # Errors
    /// [`Error::Checksum`] or [`Error::Field`]: the first fault found.
    fn verify(&self) -> Result<()>;

    /// The count, with bounds as wide as asked.
    fn estimate_at(&self, sigmas: Sigmas) -> Estimate;

    /// The count, with bounds of two standard errors.
    fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// Standard error of the count, as a share of the truth.
    fn std_error(&self) -> f64;

    /// Whether an item of this hash may have been inserted.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where the structure can't tell.
    fn contains_hash(&self, _hash: u64) -> Result<bool> {
        Err(Error::Unsupported { structure: self.entry().slug, operation: "tell whether it holds an item" })
    }

    /// Whether `item` may have been inserted.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where the structure can't tell.
    fn contains(&self, item: &[u8]) -> Result<bool> {
        self.contains_hash(hash(item, self.seed()))
    }

    /// Asks for many hashes; `found` takes the answers in their order, as many as both are long.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where the structure can't tell.
    fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) -> Result<()> {
        for (found, hash) in found.iter_mut().zip(hashes) {
            *found = self.contains_hash(*hash)?;
        }
        Ok(())
    }

    /// Asks for many items: the fast way. `found` is emptied, and takes an answer for each.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where the structure can't tell.
    fn contains_all(&self, items: Items<'_>, found: &mut Vec<bool>) -> Result<()> {
        found.clear();
        try_in_batches(items, self.seed(), |hashes| {
            let from = found.len();
            found.resize(from + hashes.len(), false);
            self.contains_hashes(hashes, &mut found[from..])
        })
    }

    /// How often an item of this hash came.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where the structure can't tell.
    fn count_hash(&self, _hash: u64) -> Result<Estimate> {
        Err(Error::Unsupported { structure: self.entry().slug, operation: "tell how often an item came" })
    }

    /// How often `item` came.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where the structure can't tell.
    fn count(&self, item: &[u8]) -> Result<Estimate> {
        self.count_hash(hash(item, self.seed()))
    }

    /// The items that came most often, at most `n`, the first one most often.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where the structure can't tell.
    fn top(&self, _n: usize) -> Result<Vec<HeavyHitter<'_>>> {
        Err(Error::Unsupported {
            structure: self.entry().slug,
            operation: "tell which items came most often",
        })
    }

    /// Its keys, where it is a text store.
    fn dictionary(&self) -> Option<&dyn Dictionary> {
        None
    }

    /// The values of its keys by id, where it is a text store that keeps them so.
    fn key_values(&self) -> Option<Values<'_>> {
        None
    }

    /// What else it knows of itself: fill, threshold, current rates.
    fn facts(&self) -> Vec<Fact>;

    /// What each run of its bytes is.
    fn regions(&self) -> Vec<Region>;
}

/// A structure of any kind that owns its bytes, to be changed.
pub trait Sketch: View + Send + Sync {
    /// Takes one item. True when the structure changed; where it answers `contains`, when the item was surely not there.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had, [`Error::Unsupported`] where the structure is static.
    fn insert(&mut self, item: &[u8]) -> Result<bool>;

    /// Takes many items: the fast way.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had, [`Error::Unsupported`] where the structure is static.
    fn insert_all(&mut self, items: Items<'_>) -> Result<()>;

    /// Takes an item out again. False when it surely was not there; nothing has changed then.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where nothing can be removed.
    fn remove(&mut self, _item: &[u8]) -> Result<bool> {
        Err(Error::Unsupported { structure: self.entry().slug, operation: "remove an item" })
    }

    /// Takes in another of the same kind.
    ///
    /// # Errors
    /// [`Error::Kind`] when it is of another kind, [`Error::Mismatch`] when their parameters differ,
    /// [`Error::Unsupported`] where the kind can't be merged.
    fn merge(&mut self, _other: &dyn View) -> Result<()> {
        Err(Error::Unsupported { structure: self.entry().slug, operation: "merge" })
    }

    /// Makes the bytes as few as they can be, for storage. It is the same structure.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    fn compact(&mut self) -> Result<()> {
        Ok(())
    }

    /// Writes the checksum into the header.
    fn seal(&mut self);

    /// Its bytes, given away.
    fn into_bytes(self: Box<Self>) -> Vec<u8>;
}

/// A structure of any kind in the making: it takes items, and is then finished.
///
/// A structure that takes items at any time is its own builder. A static one is laid out when all of them are there:
/// its builder keeps what it needs of them until then.
pub trait Builder: Send {
    /// Takes many items.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    fn insert_all(&mut self, items: Items<'_>) -> Result<()>;

    /// The structure that holds what was taken.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had, or what the structure says of items that it can't be built from.
    fn finish(self: Box<Self>) -> Result<Box<dyn Sketch>>;
}

impl Builder for Box<dyn Sketch> {
    fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
        (**self).insert_all(items)
    }

    fn finish(self: Box<Self>) -> Result<Box<dyn Sketch>> {
        Ok(*self)
    }
}
