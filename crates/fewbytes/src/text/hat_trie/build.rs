//! A HAT-trie from sorted keys, as every text store is built.

use super::HatTrie;
use crate::Result;
use crate::text::build::Intake;
use crate::text::{Built, KeyBuilder, MakeKeyBuilder, OnProgress, Progress};
use alloc::boxed::Box;

pub(super) const MAKE: MakeKeyBuilder = |settings, values| {
    let store = HatTrie::of(values, settings.seed)?;
    Ok(Box::new(Maker { store, intake: Intake::default(), peak_bytes: 0 }))
};

struct Maker {
    store: HatTrie,
    intake: Intake,
    peak_bytes: u64,
}

impl KeyBuilder for Maker {
    fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        if self.intake.take(key)?.is_some() {
            self.store.put(key, value.filter(|_| self.store.has_values()).unwrap_or_default())?;
        }
        Ok(())
    }

    fn duplicate_len(&self) -> u64 {
        self.intake.duplicate_len
    }

    fn finish(mut self: Box<Self>, progress: OnProgress<'_>) -> Result<Built> {
        let total = self.store.len();
        progress(Progress { stage: "tidying buckets", done: 0, total });
        let before = self.store.as_bytes().len() as u64;
        self.store.compact()?;
        progress(Progress { stage: "tidying buckets", done: total, total });
        // The store before, its copy, and half as much room again where it grew.
        self.peak_bytes = before + before / 2 + self.store.as_bytes().len() as u64;
        Ok(Built { store: Box::new(self.store), peak_bytes: self.peak_bytes })
    }
}
