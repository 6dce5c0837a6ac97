//! Which structures the suites are run on: every entry of the catalogue, with its defaults and with small and odd
//! parameters.

use crate::streams::{Laid, words};
use fewbytes::{
    catalog::CATALOG,
    entry::{Entry, Merge, Settings, Sketch},
};

/// Small and odd parameters. The first line of a slug is its small case, which the slow byte by byte suites use, and the
/// first line that names more of its parameters is another. A structure that has no line is tested with its defaults.
const GRID: &[(&str, &[(&str, &str)])] = &[
    ("bloom", &[("items", "60"), ("rate", "0.03")]),
    ("bloom", &[("items", "1"), ("rate", "0.5")]),
    ("bloom", &[("bits", "1"), ("hashes", "64")]),
    ("bloom", &[("bits", "1000"), ("hashes", "1")]),
    ("blocked-bloom", &[("items", "60"), ("rate", "0.03"), ("block", "512")]),
    ("blocked-bloom", &[("items", "1"), ("rate", "0.5")]),
    ("blocked-bloom", &[("items", "300"), ("block", "256")]),
    ("blocked-bloom", &[("bits", "1"), ("hashes", "2")]),
    ("blocked-bloom", &[("bits", "20000"), ("hashes", "4")]),
    ("blocked-bloom", &[("bits", "20000"), ("hashes", "16")]),
    ("scalable-bloom", &[("capacity", "20"), ("rate", "0.05")]),
    ("scalable-bloom", &[("capacity", "1"), ("rate", "0.9"), ("tightening", "0.5")]),
    ("scalable-bloom", &[("capacity", "3"), ("growth", "16"), ("tightening", "0.99")]),
    ("counting-bloom", &[("items", "20"), ("rate", "0.03")]),
    ("counting-bloom", &[("items", "1"), ("rate", "0.5")]),
    ("counting-bloom", &[("counters", "1"), ("hashes", "64")]),
    ("counting-bloom", &[("counters", "1000"), ("hashes", "1")]),
    ("age-partitioned-bloom", &[("window", "40"), ("rate", "0.05"), ("generations", "4")]),
    ("age-partitioned-bloom", &[("window", "1"), ("rate", "0.5"), ("generations", "1")]),
    (
        "age-partitioned-bloom",
        &[("window", "300"), ("rate", "0.1"), ("generations", "256"), ("hashes", "64")],
    ),
    ("age-partitioned-bloom", &[("window", "70"), ("rate", "0.9"), ("generations", "3"), ("hashes", "1")]),
    ("binary-fuse", &[("bits", "8")]),
    ("binary-fuse", &[("bits", "16")]),
    ("morris", &[("base", "1.5")]),
    ("morris", &[("base", "1.0005"), ("bits", "16")]),
    ("morris", &[("base", "15.9"), ("bits", "8")]),
    ("morris", &[("base", "15.9"), ("bits", "16")]),
    ("morris", &[("events", "1000000"), ("bits", "16")]),
    ("morris-array", &[("counters", "40"), ("base", "1.5")]),
    ("morris-array", &[("counters", "1"), ("base", "1.01"), ("bits", "16")]),
    ("morris-array", &[("counters", "7"), ("base", "15.9"), ("bits", "16"), ("coin", "3")]),
    ("count-min", &[("width", "9"), ("depth", "2"), ("candidates", "8"), ("item-bytes", "6")]),
    (
        "count-min",
        &[("epsilon", "0.01"), ("delta", "0.2"), ("cells", "64"), ("update", "2"), ("candidates", "20")],
    ),
    ("count-min", &[("width", "1"), ("depth", "32"), ("cells", "64"), ("item-bytes", "1")]),
    ("count-min", &[("width", "30"), ("cells", "8"), ("candidates", "1"), ("coin", "9")]),
    ("count-min", &[("width", "30"), ("depth", "1"), ("cells", "8"), ("base", "15.9"), ("update", "2")]),
    ("loglog", &[("precision", "4")]),
    ("loglog", &[("precision", "7")]),
    ("superloglog", &[("precision", "4")]),
    ("superloglog", &[("precision", "9")]),
    ("hyperloglog", &[("precision", "4")]),
    ("hyperloglog", &[("precision", "6")]),
    ("hyperloglog", &[("precision", "18")]),
    ("hyperloglog", &[("precision", "8"), ("sparse", "1")]),
    ("hyperloglog", &[("precision", "13"), ("sparse", "1")]),
    ("ultraloglog", &[("precision", "4")]),
    ("ultraloglog", &[("precision", "6")]),
    ("ultraloglog", &[("precision", "18")]),
    ("exaloglog", &[("precision", "4")]),
    ("exaloglog", &[("precision", "5"), ("tail", "28")]),
    ("exaloglog", &[("precision", "13"), ("tail", "28")]),
    ("kmv", &[("k", "16")]),
    ("kmv", &[("k", "3")]),
    ("kmv", &[("k", "257")]),
    ("double-array", &[("tail-keys", "1")]),
    ("double-array", &[("tail-keys", "32")]),
    ("louds-trie", &[("tries", "1")]),
    ("louds-trie", &[("tries", "16")]),
    ("dawg", &[("fast", "0")]),
    ("dawg", &[("fast", "1")]),
    ("keywords", &[("matches", "1")]),
    ("keywords", &[("matches", "2"), ("words", "1"), ("dense", "1")]),
];

/// A structure and the parameters to build it with.
#[derive(Clone, Debug)]
pub struct Case {
    /// The structure.
    pub entry: &'static Entry,
    /// What it is built with.
    pub settings: Settings,
    /// Slug and parameters, for messages.
    pub name: String,
}

impl Case {
    /// A case by parameters as somebody would type them.
    ///
    /// # Panics
    /// When the structure refuses them.
    pub fn new(entry: &'static Entry, parameters: &[(&str, &str)], seed: u64) -> Self {
        let mut settings = entry.settings();
        settings.seed = seed;
        let mut name = entry.slug.to_owned();
        for (parameter, text) in parameters {
            settings.set(parameter, text).unwrap_or_else(|error| panic!("{}: {error}", entry.slug));
            name += &format!(" {parameter} {text}");
        }
        Self { entry, settings, name }
    }

    /// Every entry with its small parameters: a few hundred bytes each.
    pub fn small() -> Vec<Self> {
        let lines = |entry: &&'static Entry| {
            let (entry, mut named) = (*entry, 0);
            let mut lines: Vec<_> = GRID.iter().filter(|(slug, _)| *slug == entry.slug).collect();
            lines.retain(|(_, parameters)| {
                // Each line of a text store is another layout.
                let more = parameters.len() > named || entry.text.is_some();
                named = named.max(parameters.len());
                more
            });
            let none = lines.is_empty().then_some(&[][..]);
            let lines = lines.into_iter().map(|(_, parameters)| *parameters);
            lines.chain(none).map(move |parameters| Self::new(entry, parameters, 7))
        };
        CATALOG.iter().flat_map(lines).collect()
    }

    /// Every entry with its defaults, and with all parameters of the grid.
    pub fn all() -> Vec<Self> {
        let lines = |entry: &&'static Entry| {
            let entry = *entry;
            let odd = GRID.iter().filter(move |(slug, _)| *slug == entry.slug);
            let seeds = [0, 7, u64::MAX].into_iter().cycle();
            [&[][..]]
                .into_iter()
                .chain(odd.map(|(_, parameters)| *parameters))
                .zip(seeds)
                .map(move |(parameters, seed)| Self::new(entry, parameters, seed))
        };
        CATALOG.iter().flat_map(lines).collect()
    }

    /// Those of [`all`](Self::all) that merge so.
    pub fn merging(merge: Merge) -> Vec<Self> {
        Self::all().into_iter().filter(|case| case.entry.merge == merge).collect()
    }

    /// Those of [`all`](Self::all) that take items at any time.
    pub fn inserting() -> Vec<Self> {
        Self::all().into_iter().filter(|case| case.entry.inserts).collect()
    }

    /// An empty structure.
    ///
    /// # Panics
    /// When it can't be built.
    pub fn build(&self) -> Box<dyn Sketch> {
        (self.entry.build)(&self.settings).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// A structure built from these items.
    ///
    /// # Panics
    /// When it can't be.
    pub fn with<I: IntoIterator<Item: AsRef<[u8]>>>(&self, items: I) -> Box<dyn Sketch> {
        let built = self.entry.builder(&self.settings).and_then(|mut builder| {
            builder.insert_all(Laid::new(items).items())?;
            builder.finish()
        });
        built.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// A structure built from the first `len` words of stream `seed`.
    pub fn filled(&self, seed: u32, len: u64) -> Box<dyn Sketch> {
        self.with(words(seed, 0, len))
    }
}
