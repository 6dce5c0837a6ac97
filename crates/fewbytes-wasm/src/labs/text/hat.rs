//! The HAT-trie: buckets that fill, and burst into a branch with buckets of its own.

use super::graph::{Graph, readable, readable_labels};
use super::picture::{Ink, Strip};
use super::{Change, STATES, Store, TextLab, WORD, store_in};
use crate::lab::{About, Action, Keys, Tuning};
use crate::text::{counted, grouped};
use fewbytes::Result;
use fewbytes::entry::Counts;
use fewbytes::text::hat_trie::{ENTRY, MOST_ENTRIES};
use fewbytes::text::{Cursor, HatTrie, HatTrieCursor, Place};

/// One more than a bucket holds, so that the last of them bursts it.
const WORDS: &str = "able acid aged also area army away baby back ball band bank base bath bear beat been beer bell belt \
                     best bill bird blow blue boat body bomb bond bone book boom born boss both bowl bulk burn bush busy \
                     call calm came camp card care case cash cast cell chat chip city club coal coat code cold come cook \
                     cool cope copy core cost crew crop dark data date dawn days dead deal dean dear debt deep deny desk \
                     dial diet disc disk does done door dose down draw drew drop drug dual duke dust duty each earn ease \
                     east easy edge else even ever evil exit face fact fail fair fall farm fast fate fear feed feel feet \
                     fell felt file fill film find fine fire firm fish five flat flow food foot ford form fort four free \
                     from fuel full fund gain game gate gave gear gene gift girl give glad goal goes gold golf gone good \
                     zoom";

pub static ABOUT: About = About {
    slug: "hat-trie",
    name: ENTRY.name,
    words: WORDS,
    controls: &[],
    actions: &[Action { name: "names", label: "First names", title: "Puts in some seventy first names" }],
    figures: &[STATES, WORD],
    estimators: &[],
    counts: Counts::Distinct,
    asks: true,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: true,
    make: |tuning| Ok(TextLab::lab(empty(tuning)?)),
    open: |bytes| Ok(TextLab::lab(opened(bytes)?)),
};

/// Bytes of a branch, about: only where one is new, the bytes are so many more.
const BRANCH_LEN: usize = 1000;

/// One without words.
pub fn empty(tuning: &Tuning) -> Result<Box<dyn Store>> {
    Ok(Box::new(Hat { trie: HatTrie::new(tuning.seed)? }))
}

/// The one that these bytes are.
pub fn opened(bytes: Vec<u8>) -> Result<Box<dyn Store>> {
    let trie = HatTrie::open(bytes.into())?;
    trie.verify()?;
    Ok(Box::new(Hat { trie }))
}

#[derive(Clone)]
struct Hat {
    trie: HatTrie,
}

/// A cursor that goes no further than to a bucket: its keys are one state.
struct ToBuckets<'a>(HatTrieCursor<'a>);

impl Cursor for ToBuckets<'_> {
    fn path(&self) -> &[u8] {
        self.0.path()
    }
    fn is_key(&self) -> bool {
        self.0.bucket().is_none() && self.0.is_key()
    }
    fn id(&self) -> Option<u64> {
        None
    }
    fn value(&self) -> Option<u64> {
        None
    }
    fn place(&self) -> Option<Place> {
        match self.0.bucket() {
            Some(bucket) => Some(Place { what: "bucket", at: bucket.at, within: 0, bytes: bucket.bytes }),
            None => self.0.place(),
        }
    }
    fn enter(&mut self, label: u8) -> bool {
        self.0.bucket().is_none() && self.0.enter(label)
    }
    fn enter_from(&mut self, least: u8) -> bool {
        self.0.bucket().is_none() && self.0.enter_from(least)
    }
    fn advance(&mut self) -> bool {
        self.0.advance()
    }
    fn leave(&mut self) -> bool {
        self.0.leave()
    }
}

impl Hat {
    fn graph(&self, word: &[u8]) -> Graph {
        Graph::of(&mut ToBuckets(self.trie.walk()), word, usize::MAX)
    }

    /// The bucket that a word is in.
    fn bucket(&self, word: &[u8]) -> Option<fewbytes::text::hat_trie::InBucket> {
        let mut cursor = self.trie.walk();
        word.iter().take_while(|label| cursor.enter(**label)).count();
        cursor.bucket()
    }
}

impl Store for Hat {
    store_in!(trie);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: Vec::new(), seed: self.trie.seed() }
    }

    fn with(&self, more: Keys<'_>) -> Result<Box<dyn Store>> {
        let mut trie = self.trie.clone();
        trie.insert_all(more.iter())?;
        Ok(Box::new(Self { trie }))
    }

    fn nouns(&self) -> [&'static str; 2] {
        ["node or bucket", "nodes and buckets"]
    }

    fn state_len(&self) -> u64 {
        self.graph(b"").states.len() as u64
    }

    fn told(&self, word: &str, change: &Change<'_>) -> String {
        let (before, now) = (change.before.state_len(), self.state_len());
        if now > before && change.before.len() > 0 {
            let what = match change.before.bytes().len() + BRANCH_LEN < self.bytes().len() {
                true => "It burst: a branch took its place, which goes by a letter",
                false => "Several letters shared it: now two buckets share them",
            };
            return format!(
                "“{word}”: the bucket where it belongs had {MOST_ENTRIES} words, and that is the limit. {what}. There are {} where {before} \
                 were.",
                counted(now, "node or bucket", "nodes and buckets")
            );
        }
        match self.bucket(word.as_bytes()) {
            Some(bucket) => format!(
                "“{word}” goes into a bucket, a small hash table: what it has after “{}” is one of {} texts there. It bursts at {}.",
                readable(&word.as_bytes()[..bucket.base.min(word.len())]),
                bucket.len,
                MOST_ENTRIES + 1
            ),
            None => format!("“{word}” ends at a branch: a mark there says so."),
        }
    }

    fn graph(&self, word: &[u8], most: usize) -> Graph {
        Graph::of(&mut ToBuckets(self.trie.walk()), word, most)
    }

    fn fills(&self, graph: &Graph) -> Vec<Option<(f64, usize)>> {
        let len = |path: &[u8]| {
            self.bucket(path).map(|bucket| (bucket.len as f64 / MOST_ENTRIES as f64, bucket.len))
        };
        graph
            .states
            .iter()
            .map(|state| (state.place.what == "bucket").then(|| len(&state.path)).flatten())
            .collect()
    }

    fn strip(&self, word: &[u8]) -> Strip {
        let graph = self.graph(word);
        let (mut columns, mut at) = (Vec::new(), 0);
        for edge in graph.way(word) {
            let edge = &graph.edges[edge];
            let label = edge.labels.iter().find(|label| word[at..].starts_with(label));
            at += label.map_or(1, Vec::len);
            let letter = label.map_or_else(|| readable_labels(&edge.labels), |label| readable(label));
            columns.push((letter, vec![graph.states[edge.to].place.what.into()]));
        }
        let text = String::from_utf8_lossy(word);
        let bucket = self.bucket(word);
        if let Some(bucket) = &bucket {
            let rest = word.get(bucket.base..).unwrap_or_default();
            columns.truncate(bucket.base.min(columns.len()));
            columns.push((readable(rest), vec!["by its hash".into()]));
        }
        let label = match (word, bucket) {
            ([], _) => {
                "A letter is a step through a branch; a bucket is left to its hash: add a word, or check one."
                    .into()
            }
            (_, Some(bucket)) => format!(
                "For “{text}”, {} and one hash: its bucket has {} texts, {}.",
                counted(columns.len() as u64 - 1, "step", "steps"),
                bucket.len,
                if bucket.is_hybrid { "of several letters" } else { "all after the same letters" }
            ),
            _ => format!("“{text}” is looked for letter by letter."),
        };
        Strip { rows: vec!["found"], columns, label }
    }

    fn takes(&self) -> Vec<[String; 4]> {
        let fullest = self.fills(&self.graph(b"")).into_iter().flatten().map(|(_, len)| len).max();
        let whole = |number: usize| grouped(number as f64);
        vec![[
            "fullest bucket".into(),
            whole(fullest.unwrap_or(0)),
            whole(MOST_ENTRIES),
            "words at most".into(),
        ]]
    }

    fn shown(&self, _control: usize) -> String {
        String::new()
    }

    fn legend(&self) -> &'static [(&'static str, Ink)] {
        &[
            ("▭ a bucket and its words", Ink::Plain),
            ("◯ several letters", Ink::Meeting),
            ("━ the last word", Ink::Way),
        ]
    }
}
