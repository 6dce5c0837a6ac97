//! Hostile bytes can't make the library take memory: what it takes is bounded by the bytes that came.

use fewbytes::{
    ExaLogLog, Sample,
    catalog::{self, CATALOG},
    entry::Entry,
    text::search::GramIndex,
};
use fewbytes_tests::{
    cases::Case,
    hostile::{row, with_field},
    streams::{Laid, words},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes taken from the system while `work` runs, whether given back or not.
fn taken(work: impl FnOnce()) -> usize {
    let region = Region::new(ALLOCATOR);
    work();
    let change = region.change();
    change.bytes_allocated.saturating_add_signed(change.bytes_reallocated.max(0))
}

/// Opens, reads, inserts and merges, and says nothing of the outcome.
fn use_all(entry: &Entry, bytes: &[u8], items: &Laid) {
    if let Ok(view) = (entry.open)(bytes) {
        let _ = (view.verify(), view.estimate(), view.facts(), view.regions());
        if let Ok(mut sketch) = (entry.open_owned)(bytes.into()) {
            let _ = sketch.insert_all(items.items());
            let _ = sketch.merge(&*view);
        }
    }
}

/// Files of a few bytes, whatever their headers say, take a hundred times as many at most: what an error says. But a few bytes may be
/// a compressed ExaLogLog of up to 2^18 registers that are empty: as much as such a sketch takes.
fn tiny_files_take_next_to_nothing(numbers: &[u64]) {
    const PER_BYTE: usize = 100;
    let check = |bytes: &[u8], what: &str| {
        let opened = taken(|| {
            let _ = (catalog::open(bytes).is_ok(), catalog::open_owned(bytes.to_vec()).is_ok());
            let _ = (Sample::unpack(bytes).is_ok(), GramIndex::open(bytes).is_ok());
        });
        let decompressed = taken(|| drop(ExaLogLog::decompress(bytes)));
        assert!(decompressed < 2 << 20, "{what}: {decompressed} bytes taken to decompress {}", bytes.len());
        assert!(opened <= PER_BYTE * bytes.len(), "{what}: {opened} bytes taken for {}", bytes.len());
    };
    for entry in CATALOG {
        let whole = Case::new(entry, &[], 7).filled(1, 20).into_bytes();
        for len in [16, 24, 40, 56, entry.format.payload_start()] {
            let bytes = &whole[..len];
            check(bytes, entry.slug);
            for row in entry.format.rows().skip(1).filter(|row| row.offset + row.width <= len) {
                for number in numbers {
                    check(
                        &with_field(bytes, *row, *number),
                        &format!("{}: {} {number:x}", entry.slug, row.name),
                    );
                    // Of the length that there is, so that the parameters are come to.
                    if len == entry.format.payload_start() && row.name != "payload_len" {
                        let empty = with_field(bytes, *row, *number);
                        let empty = with_field(&empty, self::row(entry, "payload_len"), 0);
                        check(&empty, &format!("{}: {} {number:x}, no payload", entry.slug, row.name));
                    }
                }
            }
        }
    }
}

/// One test in one program, so that nothing else takes memory meanwhile.
#[test]
fn hostile_numbers_take_no_memory() {
    // A scalable filter that is full takes a stage 16 times as large, of at most 92 bits an item for one bit an item:
    // 1,500 times the bytes that came. Nothing else takes more than a few copies.
    const PER_BYTE: usize = 3_000;
    // A HAT-trie whose buckets say that they are full takes a branch of 1 KB for each byte of a key that comes.
    const PER_ITEM_BYTE: usize = 2_000;
    let words_in = words(9, 0, 100);
    let item_bytes: usize = words_in.iter().map(String::len).sum();
    let items = Laid::new(words_in);
    let numbers: Vec<u64> = (0..64)
        .flat_map(|bit| [1 << bit, (1 << bit) - 1, u64::MAX << bit])
        .chain(
            [f64::MIN_POSITIVE, 5e-324, 1e-300, 1e-19, 1.0 - f64::EPSILON, 1.0 + f64::EPSILON, 15.999]
                .map(f64::to_bits),
        )
        .collect();
    tiny_files_take_next_to_nothing(&numbers);
    for case in Case::small() {
        let entry = case.entry;
        // A text store keeps its items whole: fewer make as many bytes.
        let full = if entry.text.is_some() { 40 } else { 300 };
        for len in [0, 20, full] {
            let good = case.filled(1, len).into_bytes();
            let most = PER_BYTE * good.len() + PER_ITEM_BYTE * item_bytes + 100_000;
            let check = |bytes: &[u8], what: &str| {
                let taken = taken(|| use_all(entry, bytes, &items));
                assert!(taken < most, "{}: {what}: {taken} bytes taken for {}", case.name, bytes.len());
            };
            check(&good, "unharmed");
            for row in entry.format.rows().skip(1) {
                for number in &numbers {
                    check(&with_field(&good, *row, *number), &format!("{} {number:x}", row.name));
                }
            }
            // Two parameters at once: the second may hide what the first gives away.
            for first in entry.format.parameters {
                for second in entry.format.parameters {
                    for number in numbers.iter().step_by(if entry.text.is_some() { 15 } else { 5 }) {
                        let damaged = with_field(&good, *first, *number);
                        for number in numbers.iter().step_by(7) {
                            let what = format!("{} and {}", first.name, second.name);
                            check(&with_field(&damaged, *second, *number), &what);
                        }
                    }
                }
            }
            // Every eight bytes of the payload: records of stages among them.
            let start = entry.format.payload_start();
            for at in (start..good.len().saturating_sub(8)).step_by(4) {
                for number in &numbers {
                    let mut damaged = good.clone();
                    damaged[at..at + 8].copy_from_slice(&number.to_le_bytes());
                    check(&damaged, &format!("byte {at}: {number:x}"));
                }
            }
        }
        // A length that lies, for bytes that are not there.
        let good = case.filled(1, 20).into_bytes();
        let lie = with_field(&good, row(entry, "payload_len"), 1 << 40);
        assert!(taken(|| drop((entry.open)(&lie).map(drop))) < 10_000, "{}", case.name);
    }
}
