//! Files of every format version, kept for ever: they still open, and say what they said.
//!
//! `BLESS=1 cargo test -p fewbytes-tests --test golden` writes the files that are missing. It overwrites none: a file
//! whose bytes changed is a format that changed, which is a new version.

use fewbytes::{
    catalog::{self, CATALOG},
    entry::{Entry, Sketch, View},
    shared::shareable,
};
use fewbytes_tests::cases::Case;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Once,
};

/// Parameters by name, as somebody would type them.
type Parameters = &'static [(&'static str, &'static str)];

/// What the current version's files are built with: once as is, once with odd parameters, compact and sealed. A slug may
/// have several, each with a name of its own after a stroke.
const RECIPES: &[(&str, Parameters, Parameters)] = &[
    ("bloom", &[("items", "500")], &[("bits", "2000"), ("hashes", "3")]),
    ("blocked-bloom", &[("items", "500"), ("block", "512")], &[("bits", "4000"), ("block", "256")]),
    (
        "scalable-bloom",
        &[("capacity", "100")],
        &[("capacity", "7"), ("rate", "0.2"), ("growth", "3"), ("tightening", "0.5")],
    ),
    ("counting-bloom", &[("items", "1000")], &[("counters", "4000"), ("hashes", "3")]),
    (
        "age-partitioned-bloom",
        &[("window", "1000")],
        &[("window", "600"), ("rate", "0.2"), ("generations", "3"), ("hashes", "5")],
    ),
    ("binary-fuse", &[], &[("bits", "16")]),
    ("morris", &[], &[("base", "1.01"), ("bits", "16")]),
    (
        "morris-array",
        &[("counters", "1000")],
        &[("counters", "300"), ("base", "1.01"), ("bits", "16"), ("coin", "5")],
    ),
    (
        "count-min",
        &[("width", "200"), ("depth", "3"), ("candidates", "32")],
        &[
            ("width", "100"),
            ("depth", "4"),
            ("cells", "8"),
            ("update", "2"),
            ("candidates", "16"),
            ("item-bytes", "7"),
        ],
    ),
    ("loglog", &[("precision", "8")], &[("precision", "5")]),
    ("superloglog", &[("precision", "8")], &[("precision", "5")]),
    ("hyperloglog", &[("precision", "10")], &[("precision", "5")]),
    ("hyperloglog/shared", &[("precision", "10")], &[("precision", "5")]),
    ("hyperloglog/sparse", &[("sparse", "1")], &[("precision", "12"), ("sparse", "1")]),
    ("ultraloglog", &[("precision", "10")], &[("precision", "5")]),
    ("exaloglog", &[("precision", "8")], &[("precision", "5"), ("tail", "28"), ("history", "1")]),
    ("kmv", &[("k", "128")], &[("k", "1000")]),
    ("double-array", &[], &[("tail-keys", "1")]),
    ("louds-trie", &[], &[("tries", "1")]),
    ("louds-trie/nested", &[], &[("tries", "2")]),
    ("dawg", &[], &[("fast", "1")]),
    ("hat-trie", &[], &[("values", "1")]),
    ("keywords", &[], &[("matches", "2"), ("words", "1")]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn item(i: u32) -> String {
    format!("item-{i}")
}

/// What the files of a recipe are built of: those that are named `nested` have ends too long and too different for a few
/// bytes of a tail.
fn items(name: &str) -> impl Iterator<Item = String> + use<> {
    let ends = if name.ends_with("/nested") { 150 } else { 0 };
    (0..500).map(item).chain((0..ends).map(|i| format!("{}/{:o}/{:x}-of-all", item(i), i * i, i * 7919)))
}

/// Name and bytes of the files that this library writes.
fn current() -> Vec<(String, Vec<u8>)> {
    let files = |entry: &&'static Entry| {
        let entry = *entry;
        let recipes: Vec<_> = RECIPES.iter().filter(|(name, ..)| parts(name).0 == entry.slug).collect();
        assert!(!recipes.is_empty(), "add a recipe for {}", entry.slug);
        recipes.into_iter().flat_map(move |(name, plain, odd)| {
            let plain = Case::new(entry, plain, 42).with(items(name));
            let mut odd = Case::new(entry, odd, u64::MAX).with(items(name));
            odd.compact().expect("memory");
            odd.seal();
            let stem = format!("{}-v{}{}", entry.slug, entry.format.version, parts(name).1);
            let bytes = |sketch: Box<dyn Sketch>| match name.ends_with("/shared") {
                // What many write at once, which is not sealed.
                true => shareable(sketch.as_bytes()).expect("a structure that many write").into(),
                false => sketch.into_bytes(),
            };
            [(format!("{stem}.few"), bytes(plain)), (format!("{stem}-odd.few"), bytes(odd))]
        })
    };
    CATALOG.iter().flat_map(files).collect()
}

/// A recipe's slug, and what its files' names have after the version.
fn parts(name: &str) -> (&str, String) {
    name.split_once('/').map_or((name, String::new()), |(slug, own)| (slug, format!("-{own}")))
}

/// What a structure says, to the last digit.
fn answers(view: &dyn View) -> String {
    let estimate = view.estimate();
    let facts: Vec<String> =
        view.facts().iter().map(|fact| format!("{} {}", fact.name, fact.value)).collect();
    let mut said =
        format!("{:?} {:?} {:?} ({})", estimate.value, estimate.low, estimate.high, facts.join(", "));
    if let Ok(count) = view.count(item(7).as_bytes()) {
        said += &format!(", of one {count:?}");
    }
    if let Ok(top) = view.top(2) {
        said += &format!(", most often {top:?}");
    }
    said
}

fn expected() -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder().join("expected.txt")).unwrap_or_default();
    let line = |line: &str| line.split_once(": ").map(|(name, said)| (name.to_owned(), said.to_owned()));
    text.lines().filter_map(line).collect()
}

/// Writes what is missing, when asked to.
fn bless() {
    static BLESSED: Once = Once::new();
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        BLESSED.call_once(write_missing);
    }
}

fn write_missing() {
    let mut expected = expected();
    for (name, bytes) in current() {
        let path = folder().join(&name);
        if !path.exists() {
            fs::write(&path, &bytes).expect("a file");
            expected.insert(name, answers(&*catalog::open(&bytes).expect("its own bytes")));
        }
    }
    let lines: String = expected.iter().map(|(name, said)| format!("{name}: {said}\n")).collect();
    fs::write(folder().join("expected.txt"), lines).expect("a file");
}

#[test]
fn files_of_every_version_open_and_answer() {
    bless();
    let expected = expected();
    let mut seen = 0;
    for file in fs::read_dir(folder()).expect("the golden files") {
        let path = file.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let Some(stem) = name.strip_suffix(".few") else { continue };
        let (slug, version) = stem.rsplit_once("-v").expect("slug-vN.few, slug-vN-own-odd.few");
        let version = version.split('-').next().expect("a version");
        let bytes = fs::read(&path).expect("a file");
        let view = catalog::open(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(view.entry().slug, slug, "{name}");
        assert!(version.parse::<u16>().is_ok_and(|version| version <= view.entry().format.version), "{name}");
        assert_eq!(view.verify(), Ok(()), "{name}");
        assert_eq!(Some(&answers(&*view)), expected.get(&name), "{name}: what it said when it was written");
        // What forgets may have forgotten some.
        if view.entry().contains && !view.entry().forgets {
            assert!((0..500).all(|i| view.contains(item(i).as_bytes()) == Ok(true)), "{name}: every item");
        }
        seen += 1;
    }
    assert_eq!(seen, expected.len(), "a file for every line of expected.txt");
}

#[test]
fn the_current_version_writes_these_bytes() {
    bless();
    for (name, bytes) in current() {
        let file = fs::read(folder().join(&name));
        let file = file.unwrap_or_else(|error| panic!("{name}: {error}; write it with BLESS=1"));
        assert!(file == bytes, "{name}: the format changed; it needs a new version, and the old file stays");
        assert!(bytes.len() < 10_000, "{name}: {} bytes are too many to keep for ever", bytes.len());
    }
}

/// A golden file that takes more items is what it would have been: old bytes live on.
#[test]
fn golden_files_take_more_items() {
    for (name, bytes) in current() {
        let mut sketch: Box<dyn Sketch> = catalog::open_owned(bytes).expect("its own bytes");
        if !sketch.entry().inserts {
            continue;
        }
        let before = sketch.estimate().value;
        for i in 500..2000 {
            sketch.insert(item(i).as_bytes()).expect("room");
        }
        assert!(sketch.estimate().value > before, "{name}");
        assert_eq!(sketch.verify(), Ok(()), "{name}");
    }
}
