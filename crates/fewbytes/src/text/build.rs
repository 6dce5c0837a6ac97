//! How every text store is built: from sorted keys, one after the other; unsorted ones are gathered and sorted before.

use super::{Dictionary, KeyList, header::Counts, keys::follows};
use crate::entry::{Builder, Settings, Sketch};
use crate::{Items, Result};
use alloc::{boxed::Box, vec::Vec};

/// How far a build is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// What is being done: `sorting keys`, `adding keys`, `laying out states`.
    pub stage: &'static str,
    /// How much of it is done.
    pub done: u64,
    /// How much there is.
    pub total: u64,
}

/// Keys between two calls that tell of progress.
const STEP: u64 = 4096;

/// What is told of progress: a call every few thousand steps.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress);

/// A text store in the making, from sorted keys; where [`Text::sorted`](crate::entry::Text::sorted) is false, from keys in any
/// order.
pub trait KeyBuilder: Send {
    /// Takes the next key and its value. Either all keys have values, or none: a value that is missing is 0. An equal key
    /// is counted as a duplicate, and the first value stays.
    ///
    /// # Errors
    /// [`Error::Order`](crate::Error::Order) when it comes before the last one, [`Error::KeyLength`](crate::Error::KeyLength)
    /// when it is too long, [`Error::CannotGrow`](crate::Error::CannotGrow) when memory can't be had. Nothing has changed then; after
    /// `CannotGrow` a builder may refuse all that comes, and to build.
    fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()>;

    /// Keys so far that were equal to the one before; 0 where keys need not come sorted.
    fn duplicate_len(&self) -> u64;

    /// The store of all keys, and the most bytes of heap that building took.
    ///
    /// # Errors
    /// [`Error::CannotGrow`](crate::Error::CannotGrow) when memory can't be had.
    fn finish(self: Box<Self>, progress: OnProgress<'_>) -> Result<Built>;
}

/// A store that was built.
pub struct Built {
    /// The store.
    pub store: Box<dyn Sketch>,
    /// The most bytes of heap that building took, the store itself included, by the builder's own count.
    pub peak_bytes: u64,
}

/// Gives all keys of a store, and their values where it has any, to a builder: what makes a store of one kind another, without a
/// file between. It stops where damaged bytes show more than the store says that it has.
///
/// ```
/// use fewbytes::text::{HatTrie, copy, hat_trie::ENTRY};
///
/// let mut from = HatTrie::with_values(7)?;
/// from.set("pear", 12)?;
/// from.set("apple", 3)?;
/// let text = ENTRY.text.as_ref().expect("a text store");
/// let mut builder = (text.builder)(&ENTRY.settings(), true)?;
/// copy(&from, &mut *builder, &mut |_| {})?;
/// let built = builder.finish(&mut |_| {})?;
/// assert_eq!(built.store.dictionary().and_then(|keys| keys.get(b"apple")), Some(3));
/// # Ok::<(), fewbytes::Error>(())
/// ```
///
/// # Errors
/// Those of [`KeyBuilder::push`].
pub fn copy(from: &dyn Dictionary, builder: &mut dyn KeyBuilder, progress: OnProgress<'_>) -> Result<()> {
    let mut done = 0;
    let mut cursor = from.cursor();
    let mut fuel = from.text_len().saturating_add(1);
    let mut is_there = cursor.is_key() || cursor.next_key_within(0, &mut fuel);
    while is_there {
        builder.push(cursor.path(), cursor.value())?;
        done += 1;
        if done % STEP == 0 {
            progress(Progress { stage: "adding keys", done, total: from.len() });
        }
        is_there = cursor.next_key_within(0, &mut fuel);
    }
    Ok(())
}

/// Checks and counts the keys of a builder: what each [`KeyBuilder::push`] begins with.
#[derive(Clone, Debug, Default)]
pub(super) struct Intake {
    /// The last key taken.
    pub last: Vec<u8>,
    /// What was taken.
    pub counts: Counts,
    /// Keys that were equal to the one before.
    pub duplicate_len: u64,
}

impl Intake {
    /// Takes the next key into account: how many bytes it has in common with the last one, or `None` where it is equal to
    /// it.
    ///
    /// # Errors
    /// Those of [`KeyBuilder::push`].
    pub fn take(&mut self, key: &[u8]) -> Result<Option<usize>> {
        let position = self.counts.key_len + self.duplicate_len;
        if self.counts.key_len > 0 && !follows(&self.last, key, position)? {
            self.duplicate_len += 1;
            return Ok(None);
        }
        self.counts.add(key)?;
        let common = self.last.iter().zip(key).take_while(|(a, b)| a == b).count();
        self.last.truncate(common);
        self.last.extend_from_slice(&key[common..]);
        Ok(Some(common))
    }
}

/// Makes a store's builder by the settings; `values` says whether keys will have them.
pub type MakeKeyBuilder = fn(&Settings, values: bool) -> Result<Box<dyn KeyBuilder>>;

/// The catalogue's builder of a text store: it gathers keys in any order, sorts them, and builds.
pub(crate) struct Gather {
    keys: KeyList,
    settings: Settings,
    make: MakeKeyBuilder,
}

impl Gather {
    /// For the store that `make` builds.
    pub fn boxed(settings: &Settings, make: MakeKeyBuilder) -> Box<dyn Builder> {
        Box::new(Self { keys: KeyList::new(), settings: settings.clone(), make })
    }
}

impl Builder for Gather {
    fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
        items.into_iter().try_for_each(|key| self.keys.push(key, None))
    }

    fn finish(mut self: Box<Self>) -> Result<Box<dyn Sketch>> {
        self.keys.sort();
        let mut builder = (self.make)(&self.settings, self.keys.has_values())?;
        self.keys.iter().try_for_each(|(key, value)| builder.push(key, value))?;
        Ok(builder.finish(&mut |_| {})?.store)
    }
}
