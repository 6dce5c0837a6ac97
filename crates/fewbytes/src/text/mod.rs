//! Which words do I know, and which are near, begin or end like this?
//!
//! Five stores of keys, which are any bytes, over bytes that map: each is built from sorted keys by a [`KeyBuilder`], tells
//! what it holds as a [`Dictionary`], and shows its keys as a trie to a [`Cursor`], over which every search works.

pub mod aho_corasick;
mod batch;
mod build;
pub mod dawg;
mod dictionary;
pub mod double_array;
mod face;
pub mod hat_trie;
mod header;
mod keys;
pub mod louds_trie;
pub mod search;
mod values;
mod walk;

pub use aho_corasick::{Keywords, KeywordsBuilder};
pub(crate) use build::Gather;
pub use build::{Built, KeyBuilder, MakeKeyBuilder, OnProgress, Progress, copy};
pub use dawg::{Dawg, DawgBuilder, DawgCursor};
use dictionary::heaviest_by_id;
pub use dictionary::{Dictionary, Ids, Prefix};
pub use double_array::{DoubleArrayBuilder, DoubleArrayCursor, DoubleArrayTrie};
pub use hat_trie::{HatTrie, HatTrieCursor};
pub use header::LONGEST_KEY;
pub use keys::{KeyList, KeyListCursor, follows};
pub use louds_trie::{LoudsTrie, LoudsTrieBuilder, LoudsTrieCursor};
pub use values::Values;
pub use walk::{Cursor, Place, Walk};
