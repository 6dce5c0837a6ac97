//! A HAT-trie from sorted keys, as every text store is built.

use super::HatTrie;
use crate::Result;
use crate::text::build::Intake;
use crate::text::{Built, KeyBuilder, MakeKeyBuilder, OnProgress, Progress};
use alloc::boxed::Box;

pub(super) const MAKE: MakeKeyBuilder = |settings, values| {
    let store = HatTrie::of(values, settings.seed)?;
    let len = store.as_bytes().len();
    Ok(Box::new(Maker { store, intake: Intake::default(), len, room: len, peak_bytes: len }))
};

struct Maker {
    store: HatTrie,
    intake: Intake,
    /// Bytes of the store after the last key.
    len: usize,
    /// Bytes that the store holds of the heap.
    room: usize,
    peak_bytes: usize,
}

impl Maker {
    /// Counts what the store took to grow: a buffer that is full moves to one that is longer by half, and is there until then.
    fn count(&mut self) {
        let (before, len) = (self.len, self.store.as_bytes().len());
        if len > self.room {
            let grown = len.max(before + before / 2);
            self.peak_bytes = self.peak_bytes.max(self.room + grown);
            self.room = grown;
        }
        self.len = len;
    }
}

impl KeyBuilder for Maker {
    fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        if self.intake.take(key)?.is_some() {
            self.store.put(key, value.filter(|_| self.store.has_values()).unwrap_or_default())?;
            self.count();
        }
        Ok(())
    }

    fn duplicate_len(&self) -> u64 {
        self.intake.duplicate_len
    }

    fn finish(mut self: Box<Self>, progress: OnProgress<'_>) -> Result<Built> {
        let total = self.store.len();
        progress(Progress { stage: "tidying buckets", done: 0, total });
        self.store.compact()?;
        progress(Progress { stage: "tidying buckets", done: total, total });
        // Or the store as it was, and its copy without what was free.
        let peak_bytes = self.peak_bytes.max(self.room + self.store.as_bytes().len()) as u64;
        Ok(Built { store: Box::new(self.store), peak_bytes })
    }
}
