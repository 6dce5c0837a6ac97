//! The table of choices says what is so: the filters keep the rate in the bits that it prints, and the clauses that speak
//! of "fewest" are true.

use fewbytes::{
    catalog::{CATALOG, by_slug},
    entry::{Entry, Family, Merge},
};
use fewbytes_tests::choosing::{ITEMS, RATE, STD_ERROR, bits_an_item, filter, items, least_bytes};
use std::collections::BTreeSet;

fn of(family: Family) -> impl Iterator<Item = &'static Entry> {
    CATALOG.iter().copied().filter(move |entry| entry.family == family)
}

#[test]
fn every_clause_is_its_own() {
    let clauses: BTreeSet<_> = CATALOG.iter().map(|entry| entry.choose).collect();
    assert_eq!(clauses.len(), CATALOG.len());
    for clause in clauses {
        let fits = clause.len() <= 100 && !clause.ends_with('.') && clause.starts_with(char::is_lowercase);
        assert!(fits, "a clause that follows `choose it when`: {clause}");
    }
}

/// Bits of the first that are `kept` among the rest: the row that the table's clause speaks of.
fn fewest_bits(kept: impl Fn(&Entry) -> bool) -> &'static str {
    let bits = |entry: &&Entry| (bits_an_item(&*filter(entry).expect(entry.slug)) * 1000.0) as u64;
    of(Family::Membership).filter(|entry| kept(entry)).min_by_key(bits).expect("one of them").slug
}

#[test]
fn filters_keep_the_rate_in_the_bits_printed() {
    let new = items(ITEMS, 2 * ITEMS);
    for entry in of(Family::Membership) {
        let filter = filter(entry).expect(entry.slug);
        let mut found = Vec::new();
        filter.contains_all(new.items(), &mut found).expect("a filter");
        let rate = found.iter().filter(|found| **found).count() as f64 / ITEMS as f64;
        let noise = (RATE * (1.0 - RATE) / ITEMS as f64).sqrt();
        assert!(rate <= RATE + 4.0 * noise, "{}: {rate}", entry.slug);
    }
    let all_at_any_time = |entry: &Entry| entry.inserts && entry.merge == Merge::Union;
    assert_eq!(fewest_bits(all_at_any_time), "bloom", "fewest bits of those that merge");
    assert_eq!(fewest_bits(|_| true), "binary-fuse", "fewest bits where all items are there first");
}

#[test]
fn the_fewest_bytes_are_where_the_clause_says() {
    let bytes = |slug: &str| {
        let entry = by_slug(slug).expect(slug);
        least_bytes(entry, STD_ERROR).expect(slug).expect("fine enough")
    };
    let fewest = of(Family::Distinct).min_by_key(|entry| {
        // Those that can't reach it are no choice.
        least_bytes(entry, STD_ERROR).expect(entry.slug).unwrap_or(u64::MAX)
    });
    assert_eq!(fewest.map(|entry| entry.slug), Some("exaloglog"));
    assert!(bytes("exaloglog") < bytes("ultraloglog") && bytes("ultraloglog") < bytes("hyperloglog"));
    assert!(bytes("hyperloglog") < bytes("kmv"));
}
