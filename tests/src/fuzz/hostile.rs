//! Any bytes, as a file that somebody gave us.

use super::typed;
use crate::{
    cases::Case,
    hostile::{exercise, read_all, row, search_all, with_field},
};
use fewbytes::{
    catalog::{self, CATALOG},
    entry::Entry,
    layout::MAGIC,
};
use std::{collections::HashMap, sync::OnceLock};

/// Opens any bytes as what they say they are, and asks and changes them in all ways.
pub(super) fn open(bytes: &[u8]) {
    let Ok(entry) = catalog::entry_of(bytes) else {
        assert!(CATALOG.iter().all(|entry| (entry.open)(bytes).is_err()));
        return;
    };
    if exercise(entry, bytes, good(entry)) {
        let view = (entry.open)(bytes).expect("opened before");
        if let Some(dictionary) = view.dictionary() {
            search_all(dictionary);
        }
        typed::ask(entry, bytes);
        // Asking changes nothing, and says the same again.
        read_all(&*view);
    }
}

/// Small bytes of each structure as they should be.
fn good(entry: &Entry) -> &'static [u8] {
    static GOOD: OnceLock<HashMap<&str, Vec<u8>>> = OnceLock::new();
    let all =
        || Case::small().into_iter().map(|case| (case.entry.slug, case.filled(2, 20).into_bytes())).collect();
    &GOOD.get_or_init(all)[entry.slug]
}

/// Mends what all structures have in common in a header, so that what else is wrong with the bytes is come to: magic, kind,
/// version, hash, flags, length and checksum.
pub fn repair(bytes: &mut [u8]) {
    let Some(kind) = bytes.get(MAGIC.len()..MAGIC.len() + 2) else { return };
    let kind = u16::from_le_bytes([kind[0], kind[1]]);
    let named = CATALOG.iter().find(|entry| entry.format.kind == kind);
    let entry = named.unwrap_or(&CATALOG[usize::from(kind) % CATALOG.len()]);
    let start = entry.format.payload_start();
    if bytes.len() < start {
        return;
    }
    bytes[..MAGIC.len()].copy_from_slice(&MAGIC);
    let payload_len = (bytes.len() - start) as u64;
    for (name, value) in [
        ("kind", entry.format.kind.into()),
        ("version", entry.format.version.into()),
        ("hash_id", 1),
        ("flags", 0),
        ("payload_len", payload_len),
        ("checksum", 0),
    ] {
        let mended = with_field(&bytes[..start], row(entry, name), value);
        bytes[..start].copy_from_slice(&mended);
    }
    let used = entry.format.rows().map(|row| row.offset + row.width).max().unwrap_or(start);
    bytes[used..start].fill(0);
}
