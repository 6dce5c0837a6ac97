//! Any bytes: refused, or harmless.

use fewbytes::{
    Error,
    catalog::{self, CATALOG},
    entry::View,
};
use fewbytes_tests::{
    cases::Case,
    hostile::{exercise, right_header, row, with_field},
    streams::words,
};
use proptest::prelude::*;

/// Empty, small and full structures of a case: 0, 3 and 300 items, of which a text store, which keeps them whole, gets fewer;
/// and the small one as it is stored, if that is another.
fn fills(case: &Case) -> impl Iterator<Item = Vec<u8>> + '_ {
    let full = if case.entry.text.is_some() { 40 } else { 300 };
    let filled = [0, 3, full].into_iter().map(|len| case.filled(1, len).into_bytes());
    let mut stored = case.filled(1, 3);
    stored.compact().expect("memory");
    let other = stored.as_bytes() != case.filled(1, 3).as_bytes();
    filled.chain(other.then(|| stored.into_bytes()))
}

/// The outcome as text, without the view.
fn refusal(result: fewbytes::Result<Box<dyn View + '_>>) -> Option<Error> {
    result.err()
}

#[test]
fn every_truncation_is_refused() {
    for case in Case::small() {
        for bytes in fills(&case) {
            for len in 0..bytes.len() {
                let cut = &bytes[..len];
                let error =
                    refusal((case.entry.open)(cut)).unwrap_or_else(|| panic!("{} cut to {len}", case.name));
                assert!(
                    matches!(error, Error::NotFewbytes { .. } | Error::Length { .. }),
                    "{} cut to {len}: {error}",
                    case.name
                );
                assert_eq!((case.entry.open_owned)(cut.into()).err(), Some(error.clone()));
                assert_eq!(refusal(catalog::open(cut)), Some(error));
            }
        }
    }
}

#[test]
fn more_bytes_are_refused() {
    for case in Case::all() {
        let bytes = case.filled(1, 5).into_bytes();
        for more in [&[0][..], &[0xff], &[0; 64]] {
            let longer = [&bytes, more].concat();
            let error = refusal((case.entry.open)(&longer));
            let (expected, found) = (bytes.len() as u64, longer.len() as u64);
            assert_eq!(error, Some(Error::Length { expected, found }), "{}", case.name);
        }
    }
}

/// Each bit, and each byte by several masks, of header and payload.
#[test]
fn every_flip_is_refused_or_harmless() {
    for case in Case::small() {
        let good = case.filled(2, 20).into_bytes();
        for mut bytes in fills(&case) {
            let mut opened = 0;
            for at in 0..bytes.len() {
                for mask in (0..8).map(|bit| 1 << bit).chain([0xff, 0x7f, 0xf0, 0x0f, 0x55]) {
                    bytes[at] ^= mask;
                    opened += u32::from(exercise(case.entry, &bytes, &good));
                    bytes[at] ^= mask;
                }
            }
            assert!(opened > 0, "{}: at least another seed is no damage", case.name);
        }
    }
}

#[test]
fn every_flip_of_sealed_bytes_is_found() {
    for case in Case::small() {
        for len in [0, 3, 300] {
            let mut sketch = case.filled(1, len);
            sketch.seal();
            assert_eq!(sketch.verify(), Ok(()));
            let mut bytes = sketch.into_bytes();
            assert_eq!((case.entry.open)(&bytes).and_then(|view| view.verify()), Ok(()));
            for at in 0..bytes.len() {
                for bit in 0..8 {
                    bytes[at] ^= 1 << bit;
                    let verified = (case.entry.open)(&bytes).and_then(|view| view.verify());
                    assert!(verified.is_err(), "{}: bit {bit} of byte {at} changed unnoticed", case.name);
                    bytes[at] ^= 1 << bit;
                }
            }
        }
    }
}

/// Bytes that say that they are sealed are those that were; a change takes seal and checksum away.
#[test]
fn a_change_breaks_the_seal() {
    for case in Case::all() {
        let mut plain = case.filled(1, 10);
        let mut sealed = case.filled(1, 10);
        sealed.seal();
        sealed.seal();
        let flags = row(case.entry, "flags");
        assert_eq!(flags.show(sealed.as_bytes()), "1", "{}", case.name);
        for word in words(1, 0, if case.entry.inserts { 40 } else { 0 }) {
            let changed = sealed.insert(word.as_bytes()).expect("room");
            assert_eq!(plain.insert(word.as_bytes()), Ok(changed));
            assert_eq!(sealed.verify(), Ok(()), "{}", case.name);
            if changed {
                assert_eq!(flags.show(sealed.as_bytes()), "0", "{}", case.name);
            }
        }
        plain.seal();
        sealed.seal();
        assert_eq!(plain.as_bytes(), sealed.as_bytes(), "{}: the same items, the same seal", case.name);
    }
}

#[test]
fn every_header_field_is_checked() {
    for case in Case::all() {
        let entry = case.entry;
        let bytes = case.filled(1, 5).into_bytes();
        let open = |name: &str, value: u64| {
            let damaged = with_field(&bytes, row(entry, name), value);
            let error = refusal((entry.open)(&damaged));
            assert_eq!((entry.open_owned)(damaged.into()).err(), error);
            error.unwrap_or_else(|| panic!("{}: {name} {value} opens", case.name))
        };

        for at in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x20;
            assert!(matches!(refusal((entry.open)(&damaged)), Some(Error::NotFewbytes { .. })));
            assert!(matches!(refusal(catalog::open(&damaged)), Some(Error::NotFewbytes { .. })));
        }
        for kind in [0, entry.format.kind ^ 1, u16::MAX] {
            let expected = Error::Kind { expected: entry.slug, found: kind };
            assert_eq!(open("kind", kind.into()), expected, "{}", case.name);
        }
        let nobodys = with_field(&bytes, row(entry, "kind"), u64::MAX);
        assert!(matches!(refusal(catalog::open(&nobodys)), Some(Error::Field { field: "kind", .. })));
        for found in [0, entry.format.version + 1, u16::MAX] {
            let expected = Error::Version { structure: entry.slug, expected: entry.format.version, found };
            assert_eq!(open("version", found.into()), expected, "{}", case.name);
        }
        let is_field = |error: Error, name| matches!(error, Error::Field { field, .. } if field == name);
        for id in [0, 2, 0xffff] {
            assert!(is_field(open("hash_id", id), "hash_id"), "{}", case.name);
        }
        for flags in [2, 3, 0x8000, 0x8001, 0xffff] {
            assert!(is_field(open("flags", flags), "flags"), "{}", case.name);
        }
        assert!(is_field(open("checksum", 1), "checksum"), "{}", case.name);

        let payload_len = (bytes.len() - entry.format.payload_start()) as u64;
        // The last ones would wrap round to the right length in sums without care.
        let wrapping = payload_len.wrapping_sub(u64::MAX).wrapping_sub(2);
        for len in [0, payload_len - 1, payload_len + 1, u64::MAX / 2, u64::MAX - 63, u64::MAX, wrapping] {
            let error = open("payload_len", len);
            assert!(matches!(error, Error::Length { .. }), "{}: length {len}: {error}", case.name);
        }

        let used = entry.format.rows().map(|row| row.offset + row.width).max().unwrap_or(0);
        for at in used..entry.format.payload_start() {
            let mut damaged = bytes.clone();
            damaged[at] = 1;
            let error = refusal((entry.open)(&damaged)).expect("padding is 0");
            assert!(is_field(error, "padding"), "{}", case.name);
        }
    }
}

/// Every parameter in the header at values that no builder gives: refused as a field, never later.
#[test]
fn parameters_out_of_range_are_refused() {
    let all = Case::all();
    for case in &all {
        let alike = all.iter().filter(|other| other.entry.slug == case.entry.slug);
        let built: Vec<Vec<u8>> = alike.map(|case| case.filled(1, 5).into_bytes()).collect();
        let bytes = case.filled(1, 5).into_bytes();
        for row in case.entry.format.parameters {
            let reals = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.5, 0.0, -0.0, 1e300];
            let wrong: Vec<u64> = match row.type_name {
                "f64" => reals.map(f64::to_bits).into(),
                // What may be 0, is so somewhere.
                _ if built.iter().any(|bytes| row.show(bytes) == "0") => vec![u64::MAX],
                _ => vec![0, u64::MAX],
            };
            for value in wrong {
                let error = refusal((case.entry.open)(&with_field(&bytes, *row, value)));
                let fields = matches!(&error, Some(Error::Field { .. }));
                assert!(fields, "{}: {} {value:x}: {error:?}", case.name, row.name);
            }
        }
    }
}

/// Regions name every byte of the header once, in order; between them is nothing but padding.
#[test]
fn regions_cover_the_bytes_without_overlap() {
    for case in Case::all() {
        for len in [0, 300] {
            let sketch = case.filled(1, len);
            let (bytes, regions) = (sketch.as_bytes(), sketch.regions());
            let mut at = 0;
            for region in &regions {
                assert!(!region.name.is_empty() && !region.doc.is_empty(), "{}: {region:?}", case.name);
                assert!(at <= region.start && region.start < region.end, "{}: {region:?} at {at}", case.name);
                let padding = &bytes[at..region.start];
                assert!(padding.iter().all(|byte| *byte == 0), "{}: bytes without a name", case.name);
                assert!(
                    padding.is_empty() || region.start == case.entry.format.payload_start(),
                    "{}: a gap before {region:?}",
                    case.name
                );
                at = region.end;
            }
            let empty = bytes.len() == case.entry.format.payload_start();
            let padding = if empty { &bytes[at..] } else { &[] };
            assert!(padding.iter().all(|byte| *byte == 0), "{}: bytes without a name", case.name);
            assert_eq!(at + padding.len(), bytes.len(), "{}: to the last byte", case.name);
            for row in case.entry.format.rows() {
                let named = regions.iter().find(|region| region.start == row.offset).expect("a region");
                assert_eq!((named.name.as_str(), named.end), (row.name, row.offset + row.width));
                assert_eq!(named.value, row.show(bytes), "{}", case.name);
            }
        }
    }
}

/// `Entry::bytes` says what a fresh structure takes.
#[test]
fn fresh_structures_take_the_bytes_they_say() {
    for case in Case::all() {
        let bytes = case.build().into_bytes();
        assert_eq!((case.entry.bytes)(&case.settings), Ok(bytes.len() as u64), "{}", case.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_harmless(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(catalog::open(&bytes).is_err());
        for entry in CATALOG {
            prop_assert!((entry.open)(&bytes).is_err());
        }
    }

    /// Only the payload is arbitrary, and as long as it was: most of these open.
    #[test]
    fn arbitrary_payloads_are_harmless(seed in prop::collection::vec(any::<u8>(), 1..64), sparse in any::<bool>()) {
        for case in Case::small() {
            let good = case.filled(2, 20).into_bytes();
            let len = good.len() - case.entry.format.payload_start();
            let payload: Vec<u8> = seed.iter().copied().cycle().take(len).enumerate()
                .map(|(i, byte)| if sparse && i % 3 > 0 { 0 } else { byte }).collect();
            let bytes = right_header(case.entry, &good, &[], &payload);
            exercise(case.entry, &bytes, &good);
        }
    }

    /// Parameters and payload are arbitrary behind a right header.
    #[test]
    fn arbitrary_parameters_are_harmless(
        parameters in prop::collection::vec(prop_oneof![Just(0), 0..32_u8, any::<u8>()], 0..32),
        payload in prop::collection::vec(prop_oneof![3 => Just(0), 1 => any::<u8>()], 0..256),
    ) {
        for case in Case::small() {
            let good = case.filled(2, 20).into_bytes();
            let bytes = right_header(case.entry, &good, &parameters, &payload);
            exercise(case.entry, &bytes, &good);
        }
    }
}
