//! Damaged and hostile bytes, and all that may be asked of a structure over them.

use crate::streams::Laid;
use fewbytes::{
    Error, Estimate, Sigmas,
    entry::{Entry, View},
    layout::FieldRow,
    text::{
        Dictionary,
        search::{Near, Search},
    },
};

/// The row of a header field or parameter.
///
/// # Panics
/// When there is none of that name.
pub fn row(entry: &Entry, name: &str) -> FieldRow {
    *entry.format.rows().find(|row| row.name == name).unwrap_or_else(|| panic!("no field {name}"))
}

/// `bytes` with a field overwritten by the low bytes of `value`.
pub fn with_field(bytes: &[u8], row: FieldRow, value: u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[row.offset..row.offset + row.width].copy_from_slice(&value.to_le_bytes()[..row.width]);
    bytes
}

/// A header that is right in all that structures have in common, for the payload that follows it in `bytes`.
pub fn right_header(entry: &Entry, template: &[u8], parameters: &[u8], payload: &[u8]) -> Vec<u8> {
    let start = entry.format.payload_start();
    let mut bytes = template[..start].to_vec();
    let first = entry.format.parameters.first().map_or(start, |row| row.offset);
    let last = entry.format.parameters.last().map_or(start, |row| row.offset + row.width);
    for (byte, new) in bytes[first..last].iter_mut().zip(parameters) {
        *byte = *new;
    }
    bytes.extend_from_slice(payload);
    with_field(&bytes, row(entry, "payload_len"), payload.len() as u64)
}

fn ordered(estimate: Estimate) -> bool {
    estimate.low <= estimate.value && estimate.value <= estimate.high && estimate.low >= 0.0
}

/// Asks all that can be asked. Answers may be wrong; bounds must still be in order, and regions within the bytes.
///
/// # Panics
/// When they are not.
pub fn read_all(view: &dyn View) {
    for sigmas in [Sigmas::One, Sigmas::Two, Sigmas::Three] {
        let estimate = view.estimate_at(sigmas);
        assert!(ordered(estimate), "{}: bounds out of order: {estimate:?}", view.entry().slug);
    }
    assert!(view.std_error() >= 0.0, "{}: standard error {}", view.entry().slug, view.std_error());
    let _ = view.verify();
    for hash in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
        let by_hash = view.entry().contains && view.entry().text.is_none();
        assert_eq!(view.contains_hash(hash).is_ok(), by_hash, "{}", view.entry().slug);
    }
    for item in [&b""[..], b"hostile 7", &[0xff; 30]] {
        assert_eq!(view.contains(item).is_ok(), view.entry().contains, "{}", view.entry().slug);
    }
    assert_eq!(view.dictionary().is_some(), view.entry().text.is_some());
    if let Some(dictionary) = view.dictionary() {
        read_keys(dictionary);
    }
    for hash in [0, u64::MAX, 0x0123_4567_89ab_cdef] {
        let count = view.count_hash(hash);
        assert_eq!(count.is_ok(), view.entry().count, "{}", view.entry().slug);
        assert!(count.map_or(true, ordered), "{}: bounds of a count out of order", view.entry().slug);
    }
    for n in [0, 3, usize::MAX] {
        let top = view.top(n);
        assert_eq!(top.is_ok(), view.entry().top, "{}", view.entry().slug);
        let top = top.unwrap_or_default();
        assert!(top.len() <= n && top.iter().all(|heavy| ordered(heavy.count)), "{}", view.entry().slug);
        assert!(
            top.is_sorted_by(|a, b| a.count.value >= b.count.value),
            "{}: the most often first",
            view.entry().slug
        );
    }
    assert!(view.facts().iter().all(|fact| !fact.name.is_empty()));
    for region in view.regions() {
        assert!(region.start <= region.end && region.end <= view.as_bytes().len(), "{region:?}");
    }
}

/// Steps of one walk over bytes that may be damaged.
const STEPS: u64 = 500;

/// Asks for keys, ids and values by all ways there are, and walks. Answers may be wrong; there must be an end to each.
fn read_keys(dictionary: &dyn Dictionary) {
    let mut key = Vec::new();
    for id in [0, 1, dictionary.len() / 2, dictionary.len(), u64::MAX] {
        let found = dictionary.key_of(id, &mut key);
        assert!(key.len() as u64 <= dictionary.longest_len() && (found || key.is_empty()));
    }
    let texts = [&b""[..], b"1/7~~~~", b"2/11~~~~~~~~~~~~~~~", &[0; 40], &[0xff; 300]];
    let mut ids = Vec::new();
    dictionary.ids_of_all(Laid::new(texts).items(), &mut ids);
    assert!(ids.len() == texts.len() && ids.into_iter().flatten().all(|id| id < dictionary.len()));
    for text in texts {
        let id = dictionary.id_of(text);
        assert!(id.is_none_or(|id| id < dictionary.len()), "an id of no key");
        let _ = (dictionary.contains(text), dictionary.get(text));
        let prefixes = dictionary.prefixes_of(text);
        assert!(prefixes.is_sorted_by(|a, b| a.len < b.len), "the shortest first");
        assert!(prefixes.iter().all(|prefix| prefix.len <= text.len()));
    }
    let mut cursor = dictionary.cursor();
    for _ in 0..STEPS.min(dictionary.text_len().saturating_add(1)) {
        let _ = (cursor.is_key(), cursor.id(), cursor.value());
        let depth = cursor.path().len();
        if cursor.enter_from(0) {
            assert_eq!(cursor.path().len(), depth + 1);
            continue;
        }
        while !cursor.advance() {
            if !cursor.leave() {
                return;
            }
        }
    }
    cursor.reset();
    assert!(cursor.path().is_empty());
    let _ = (cursor.enter_all(b"1/7"), cursor.enter(b'~'), cursor.enter_from(200), cursor.leave());
}

/// Keys of all of a store for which it is searched: damaged counts may be of more than a search can walk through.
const SEARCHED: u64 = 20_000;

/// Runs all searches on a store whose bytes may be damaged. Answers may be wrong; there must be an end to each.
///
/// # Panics
/// When more is found than the store says that it can hold.
pub fn search_all(dictionary: &dyn Dictionary) {
    if Dictionary::text_len(dictionary) > SEARCHED {
        return;
    }
    // Each step finds a key at most; the empty one needs none.
    let most = Dictionary::text_len(dictionary) as usize + 1;
    let within = |found: usize| assert!(found <= most, "{found} found in {most} steps");
    within(dictionary.keys().count());
    for part in [&b"i"[..], b"item-4", b"~~", &[0xff]] {
        within(dictionary.starting_with(part).count());
        within(dictionary.range(part..&b"item-7"[..]).count());
        within(dictionary.containing(part).count());
        within(dictionary.heaviest_with(part, 5).len());
        let _ = dictionary.longest_prefix_of(part);
    }
    for edits in [1, 2] {
        let near = Near::new("item-42", edits).expect("1 or 2");
        within(dictionary.matching(near.clone()).nearest(9).len());
        within(dictionary.matching(near.with_transpositions()).count());
    }
    within(dictionary.like("*e?-4*").expect("short").count());
    within(dictionary.regex("i.*4|~+").expect("short").count());
    // Those of both stores, each of which has so many.
    assert!(dictionary.union(dictionary).count() <= 2 * most);
    assert!(dictionary.difference(dictionary).count() <= 2 * most);
    within(dictionary.intersection(dictionary).count());
}

/// Opens `bytes` as `entry`, and when that is not refused, reads and changes them in every way. Returns whether they
/// were opened.
///
/// # Panics
/// When borrowed and owned bytes are judged differently, or when what was changed does not open any more.
pub fn exercise(entry: &'static Entry, bytes: &[u8], good: &[u8]) -> bool {
    let view = match (entry.open)(bytes) {
        Ok(view) => view,
        Err(error) => {
            let owned = (entry.open_owned)(bytes.into()).err();
            assert_eq!(format!("{:?}", Some(error)), format!("{owned:?}"), "borrowed and owned agree");
            return false;
        }
    };
    assert_eq!(view.as_bytes(), bytes, "opening changes nothing");
    read_all(&*view);

    let open = || (entry.open_owned)(bytes.into()).expect("opens as it did when borrowed");
    let good = || (entry.open_owned)(good.into()).expect("good bytes");
    let mut sketch = open();
    let items: Vec<String> = (0..40).map(|i| format!("hostile {i}")).collect();
    let inserted =
        sketch.insert(items[0].as_bytes()).and_then(|_| sketch.insert_all(Laid::new(&items).items()));
    match (entry.inserts, &inserted) {
        (true, Ok(()) | Err(Error::CannotGrow { .. } | Error::Parameter { .. })) => {}
        // Links on the way to a key are followed when it comes, not when the bytes are opened.
        (true, Err(Error::Field { .. })) if entry.text.is_some() => {}
        (false, Err(Error::Unsupported { .. })) => assert_eq!(sketch.as_bytes(), bytes, "unchanged"),
        _ => panic!("{}: {inserted:?}", entry.slug),
    }
    assert_eq!(sketch.remove(items[0].as_bytes()).is_ok(), entry.removes, "{}", entry.slug);
    let _ = sketch.remove(b"never inserted");
    let _ = sketch.merge(&*view);
    let _ = sketch.merge(&*good());
    let mut other = good();
    let _ = other.merge(&*view);
    for mut sketch in [sketch, other] {
        read_all(&*sketch);
        sketch.seal();
        let verified = sketch.verify();
        assert!(!matches!(verified, Err(Error::Checksum { .. })), "sealed just now: {verified:?}");
        let bytes = sketch.into_bytes();
        let again = (entry.open)(&bytes);
        assert!(again.is_ok(), "{}: what was changed must open again: {:?}", entry.slug, again.err());
    }
    true
}
