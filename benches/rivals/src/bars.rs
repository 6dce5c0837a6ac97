//! The bars: what fewbytes wants to reach, and how they came out in this run.

use crate::{
    distinct,
    filters::{Class, setting as filters},
    morris,
    results::{Results, Whose},
    text, theta,
};

/// What a figure is held against.
enum Peer {
    /// Whichever peer is best in this run.
    Best,
    /// This one.
    Named(&'static str),
    /// None: only the goal counts.
    None,
}

/// One goal. Lower is better in all of them.
struct Bar {
    id: &'static str,
    setting: String,
    ours: &'static str,
    what: &'static str,
    /// The figure to reach on the machine that the goals were set on.
    goal: f64,
    /// The peer, and the share of its figure to reach: speeds move with the machine, shares do not.
    peer: Peer,
    share: f64,
}

/// How a bar came out.
pub struct Outcome {
    /// F1, C3, ...
    pub id: &'static str,
    /// Where it was measured.
    pub setting: String,
    /// Which structure, which way.
    pub ours: &'static str,
    /// What was measured.
    pub what: &'static str,
    /// The goal.
    pub goal: f64,
    /// Our figure.
    pub figure: f64,
    /// The peer's name and figure, and the share of it that is the goal.
    pub peer: Option<(&'static str, f64, f64)>,
    /// Whether it is reached: the share where there is a peer, else the goal.
    pub met: bool,
}

/// The bars of what was measured in this run.
pub fn outcomes(results: &Results) -> Vec<Outcome> {
    let outcome = |bar: Bar| {
        let figure = results.figure(&bar.setting, (bar.ours, Whose::Ours), bar.what)?;
        let theirs = |name| results.figure(&bar.setting, (name, Whose::Peers), bar.what);
        let peer = match bar.peer {
            Peer::Best => results.best_peer(&bar.setting, bar.what).map(|peer| (peer.contestant, peer.value)),
            Peer::Named(name) => theirs(name).map(|figure| (name, figure)),
            Peer::None => None,
        };
        let peer = peer.map(|(name, figure)| (name, figure, bar.share));
        let met = match peer {
            Some((_, theirs, share)) => figure <= share * theirs,
            None => figure <= bar.goal,
        };
        let Bar { id, setting, ours, what, goal, .. } = bar;
        Some(Outcome { id, setting, ours, what, goal, figure, peer, met })
    };
    all().into_iter().filter_map(outcome).collect()
}

const SBBF: &str = "sbbf-rs-safe, XXH3";
const FAST: &str = "fastbloom, foldhash";

fn all() -> Vec<Bar> {
    [membership(), counts(), errors(), others(), stores(), searches()].into_iter().flatten().collect()
}

fn membership() -> Vec<Bar> {
    let mut bars = Vec::new();
    let (k, m) = (1000, 1_000_000);
    let mut sized = |id, (keys, rate), ours, peer, goals: &[(&'static str, f64, f64)]| {
        bars.extend(goals.iter().map(|(what, goal, share)| {
            let peer = if *share > 0.0 { Peer::Named(peer) } else { Peer::None };
            let setting = filters(Class::Sized, keys, rate);
            Bar { id, setting, ours, what, goal: *goal, peer, share: *share }
        }));
    };
    let (batch, single) = ("blocked Bloom, batches", "blocked Bloom");
    sized(
        "F1",
        (100 * m, 0.01),
        batch,
        SBBF,
        &[
            ("insert, ns", 12.0, 0.55),
            ("hit, ns", 11.0, 0.52),
            ("miss, ns", 11.0, 0.52),
            ("bits a key", 10.25, 0.0),
        ],
    );
    let all =
        |goal, share| [("insert, ns", goal, share), ("hit, ns", goal, share), ("miss, ns", goal, share)];
    sized("F2", (100 * m, 0.01), single, SBBF, &all(16.0, 0.76));
    sized("F3", (10 * m, 0.01), batch, SBBF, &all(7.5, 0.84));
    sized(
        "F3",
        (10 * m, 0.001),
        batch,
        SBBF,
        &[
            ("insert, ns", 8.0, 0.37),
            ("hit, ns", 8.0, 0.65),
            ("miss, ns", 8.0, 0.67),
            ("bits a key", 16.0, 0.0),
        ],
    );
    sized(
        "F4",
        (100 * k, 0.01),
        batch,
        SBBF,
        &[("insert, ns", 3.2, 0.94), ("hit, ns", 2.8, 0.8), ("miss, ns", 2.8, 0.8)],
    );
    for keys in [100 * k, 10 * m, 100 * m] {
        for ours in ["Bloom", "blocked Bloom"] {
            sized("F6", (keys, 0.01), ours, "", &[("measured rate, %", 1.02, 0.0)]);
        }
        sized("F9", (keys, 0.01), "Bloom", FAST, &all(f64::NAN, 0.85));
        sized("F9", (keys, 0.01), "Bloom, batches", FAST, &all(f64::NAN, 0.85));
    }
    sized("F6", (10 * m, 0.001), "blocked Bloom", "", &[("measured rate, %", 0.102, 0.0)]);
    let mut other = |id, class, keys, ours, what, goal, peer, share| {
        bars.push(Bar { id, setting: filters(class, keys, 0.01), ours, what, goal, peer, share });
    };
    let growing = "scalable Bloom, batches";
    other("F7", Class::Growing, 10 * m, growing, "insert, ns", 40.0, Peer::Best, 0.26);
    other("F7", Class::Growing, 10 * m, growing, "bits a key", 14.0, Peer::None, 0.0);
    other("F7", Class::Growing, 10 * m, growing, "measured rate, %", 1.02, Peer::None, 0.0);
    let (fuse, xorf) = ("binary fuse, batches", "xorf BinaryFuse8");
    other("F8", Class::Static, 100 * m, fuse, "insert, ns", 50.0, Peer::Named(xorf), 0.29);
    other("F8", Class::Static, 100 * m, fuse, "peak bits a key", 80.0, Peer::None, 0.0);
    other("F8", Class::Static, 100 * m, fuse, "hit, ns", 25.0, Peer::Named(xorf), 0.66);
    other("F8", Class::Static, 100 * m, fuse, "miss, ns", 25.0, Peer::Named(xorf), 0.66);
    other("F8", Class::Static, 10 * m, fuse, "bits a key", 9.1, Peer::None, 0.0);
    bars
}

/// A bar of `setting` against the best peer, or none where `share` is 0.
fn bar(
    id: &'static str,
    setting: &str,
    ours: &'static str,
    what: &'static str,
    goal: f64,
    (peer, share): (Peer, f64),
) -> Bar {
    Bar { id, setting: setting.to_owned(), ours, what, goal, peer, share }
}

fn counts() -> Vec<Bar> {
    let (p12, p14) = (distinct::setting(12), distinct::setting(14));
    let (simple, exa, ultra) = ("simple_hll", "exaloglog", "ultraloglog");
    vec![
        bar("C1", &p12, "HyperLogLog", "insert u64, ns", 1.9, (Peer::Named(simple), 1.0)),
        bar("C1", &p12, "HyperLogLog", "insert 16 bytes, ns", 3.1, (Peer::Named(simple), 1.0)),
        bar("C1", &p12, "HyperLogLog, batches", "insert u64, ns", 1.4, (Peer::Named(simple), 0.74)),
        bar("C1", &p12, "HyperLogLog", "count, ns", 5.0, (Peer::None, 0.0)),
        bar("C1", &p12, "HyperLogLog", "merge, ns", 110.0, (Peer::None, 0.0)),
        bar("C3", &p12, "ExaLogLog", "insert u64, ns", 3.5, (Peer::Named(exa), 0.24)),
        bar("C3", &p12, "ExaLogLog", "count, ns", 30_000.0, (Peer::Named(exa), 0.096)),
        bar("C3", &p12, "ExaLogLog", "merge, ns", 6000.0, (Peer::Named(exa), 0.11)),
        bar("C4", &p12, "ExaLogLog, compressed", "store, ns", 50_000.0, (Peer::None, 0.0)),
        bar("C4", &p12, "ExaLogLog, compressed", "stored bits x variance", 2.1, (Peer::None, 0.0)),
        bar("C5", &p14, "HyperLogLog", "bits x variance", 6.9, (Peer::None, 0.0)),
        bar("C5", &p14, "UltraLogLog", "bits x variance", 4.9, (Peer::None, 0.0)),
        bar("C5", &p12, "UltraLogLog", "insert u64, ns", 3.5, (Peer::Named(ultra), 0.8)),
        bar("C5", &p12, "UltraLogLog", "count, ns", 1000.0, (Peer::Named(ultra), 0.31)),
        bar("C5", &p14, "ExaLogLog", "bits x variance", 3.7, (Peer::None, 0.0)),
        bar("C6", &p12, "HyperLogLog, sparse", "stored, 100 items", 412.0, (Peer::None, 0.0)),
        bar("C6", &p12, "HyperLogLog, sparse", "insert, 100 items, ns", 5.0, (Peer::None, 0.0)),
    ]
}

fn errors() -> Vec<Bar> {
    let mut bars = Vec::new();
    for (precision, most) in [(12, 1.70), (14, 0.85)] {
        for what in distinct::measures() {
            let setting = distinct::error_setting(precision);
            bars.push(bar("C2", &setting, "HyperLogLog", what, most, (Peer::None, 0.0)));
        }
    }
    let setting = distinct::error_setting(12);
    bars.push(bar("C2", &setting, "HyperLogLog, HIP", "RMS at 1 M, %", 1.30, (Peer::None, 0.0)));
    bars
}

fn others() -> Vec<Bar> {
    let (theta, kmv) = (theta::SETTING, "K-minimum-values");
    let (morris, one) = (morris::SETTING, "Morris, 8 bits");
    vec![
        bar("T1", theta, kmv, "insert u64, ns", 2.5, (Peer::Best, 0.68)),
        bar("T1", theta, kmv, "insert 16 bytes, ns", 4.0, (Peer::Best, 0.33)),
        bar("T2", theta, kmv, "intersect, us", 20.0, (Peer::Best, 0.078)),
        bar("T2", theta, kmv, "bytes in memory", 40_000.0, (Peer::None, 0.0)),
        bar("T2", theta, kmv, "stored bytes", 16_000.0, (Peer::None, 0.0)),
        bar("M1", morris, one, "increment, ns", 2.0, (Peer::Best, 0.35)),
        bar("M1", morris, "Morris, 16 bits", "RMS at 10^9, %", 1.0, (Peer::None, 0.0)),
        bar("M1", morris, "Morris, 16 bits", "RMS at 2^39, %", 1.0, (Peer::None, 0.0)),
    ]
}

/// Text stores. What is in a goal of words is for the list of 675,586 words that the goals were set on.
fn stores() -> Vec<Bar> {
    let (small, fast, louds, double) = ("DAWG, small", "DAWG, fast", "LOUDS trie", "double array");
    let (marisa, yada, hattrie) = ("rsmarisa, 3 tries", "yada", "hattrie");
    let words = text::WORDS;
    let mut bars = vec![
        bar("S1", words, small, "bytes a key", 2.2, (Peer::None, 0.0)),
        bar("S1", words, small, "hit, ns", 250.0, (Peer::Named(marisa), 0.48)),
        bar("S1", words, small, "id to key, ns", 150.0, (Peer::None, 0.0)),
        bar("S2", words, fast, "bytes a key", 5.0, (Peer::None, 0.0)),
        bar("S2", words, fast, "hit, ns", 75.0, (Peer::Named(yada), 0.95)),
        bar("S2", words, fast, "id to key, ns", 150.0, (Peer::None, 0.0)),
        bar("S2", words, fast, "first ten, ns", 400.0, (Peer::None, 0.0)),
        bar("S2", words, fast, "prefixes, ns", 150.0, (Peer::None, 0.0)),
        bar("S3", words, louds, "bytes a key", 2.78, (Peer::Named(marisa), 1.0)),
        bar("S3", words, louds, "hit, ns", 245.0, (Peer::Named(marisa), 0.5)),
        bar("S4", words, double, "bytes a key", 5.0, (Peer::None, 0.0)),
        bar("S4", words, double, "hit, ns", 75.0, (Peer::Named(yada), 0.95)),
        bar("S4", words, double, "prefixes, ns", 150.0, (Peer::None, 0.0)),
        bar("S5", words, "HAT-trie", "bytes a key", 20.0, (Peer::None, 0.0)),
        bar("S5", words, "HAT-trie", "build, ns", 170.0, (Peer::Named(hattrie), 0.53)),
        bar("S5", words, "HAT-trie", "hit, ns", 95.0, (Peer::Named(hattrie), 0.26)),
        bar("S5", words, "HAT-trie", "listing, ns a key", 67.0, (Peer::None, 0.0)),
    ];
    for ours in [small, fast, louds, double] {
        bars.push(bar("S6", words, ours, "build, ns", 300.0, (Peer::None, 0.0)));
        bars.push(bar("S6", words, ours, "peak bytes a key", 16.0, (Peer::None, 0.0)));
        bars.push(bar("S6", words, ours, "listing, ns a key", 33.0, (Peer::None, 0.0)));
    }
    for ours in [small, fast, louds, double] {
        for (what, most) in [("id to key, ns", 400.0), ("first ten, ns", 900.0), ("build, ns", 1200.0)] {
            bars.push(bar("S7", text::PATHS, ours, what, most, (Peer::None, 0.0)));
        }
    }
    let many = |name| text::setting(10_000_000, name);
    let (compounds, addresses) = (many("compound words"), many("addresses"));
    for (setting, bytes, hit, share) in [
        (text::NAMES, [4.8, 13.0], [350.0, 69.0], [0.48, 1.0]),
        (text::PATHS, [4.4, 10.0], [900.0, 450.0], [0.34, 0.53]),
        (&compounds, [4.8, 8.5], [900.0, 450.0], [0.46, 0.0]),
        (&addresses, [10.8, 25.0], [1500.0, 900.0], [0.26, 0.0]),
    ] {
        for (i, ours, peer) in [(0, small, marisa), (1, fast, yada)] {
            let peer = if share[i] > 0.0 { Peer::Named(peer) } else { Peer::None };
            bars.push(bar("S7", setting, ours, "bytes a key", bytes[i], (Peer::None, 0.0)));
            bars.push(bar("S7", setting, ours, "hit, ns", hit[i], (peer, share[i])));
        }
    }
    for setting in [&compounds, &addresses] {
        for ours in [small, louds] {
            bars.push(bar("S7", setting, ours, "peak bytes a key", 40.0, (Peer::None, 0.0)));
        }
        for ours in [small, fast, louds, double, "HAT-trie"] {
            bars.push(bar("S8", setting, ours, "open and find, ns", 10_000.0, (Peer::None, 0.0)));
        }
    }
    bars
}

fn searches() -> Vec<Bar> {
    let name = text::WORDS;
    let here = text::searches::setting(name);
    let (both, fst) = ("DAWG, small, both ways", "fst, automata");
    let mut bars = vec![
        bar("Q1", &here, both, "one edit, us", 25.0, (Peer::Named(fst), 0.17)),
        bar("Q1", &here, both, "two edits, us", 250.0, (Peer::Named(fst), 0.19)),
        bar("Q2", &here, "DAWG, small", "like a?b?, us", 20.0, (Peer::Named(fst), 0.19)),
        bar("Q2", &here, "DAWG, small", "like abc*yz, us", 20.0, (Peer::Named(fst), 0.14)),
        bar("Q3", &here, "DAWG, small, index of grams", "inside *mnop*, us", 100.0, (Peer::Best, 0.22)),
        bar("Q3", &here, "DAWG, small", "inside *mnop*, us", 461.0, (Peer::Best, 1.0)),
    ];
    let ours = "Keywords, compact";
    for (len, speed, bytes) in [(1000, 1024.0, 100.0), (10_000, 2276.0, 80.0), (100_000, 5120.0, 60.0)] {
        let here = text::matchers::setting(len, name);
        // Twice as fast as daachorse is the first milestone; the goal is the speed.
        let peer = (Peer::Named("daachorse, bytewise"), 0.5);
        bars.push(bar("A1", &here, ours, "all matches, ns a KiB", speed, peer));
        bars.push(bar("A1", &here, ours, "bytes a keyword", bytes, (Peer::None, 0.0)));
    }
    let many = text::matchers::setting(100_000, name);
    bars.push(bar("A1", &many, ours, "build, ms", 150.0, (Peer::None, 0.0)));
    bars.push(bar("A1", &many, ours, "peak bytes a keyword", 200.0, (Peer::None, 0.0)));
    bars
}
