//! One search over any store: the walk goes in where keys may match, and back where none can.

use super::graph::{Graph, name};
#[cfg(feature = "louds-trie")]
use super::louds;
use super::picture::{Ink, Strip};
use super::{ACTIONS, Change, STATES, Store, TextLab, double_array};
use crate::lab::{About, Answers, Control, Keys, Span, Tuning};
use crate::text::{counted, grouped};
use fewbytes::entry::{Counts, Number, Parameter, Range};
use fewbytes::layout::Region;
use fewbytes::text::search::{Automaton, Found, Search};
use fewbytes::text::{Cursor, Place, Walk};
use fewbytes::{Error, Result};
use std::cell::RefCell;
use std::collections::HashSet;

const STORE: Parameter = Parameter {
    name: "store",
    unit: "",
    range: Range::Whole(0, 1),
    default: Some(Number::Whole(0)),
    doc: "the store that is searched: all show their words as a trie",
};
const SEARCH: Parameter = Parameter {
    name: "search",
    unit: "",
    range: Range::Whole(0, 4),
    default: Some(Number::Whole(1)),
    doc: "what is looked for: a beginning, a pattern, a word with one or two mistakes, a part",
};

pub static ABOUT: About = About {
    slug: "search",
    name: "search",
    words: "ada alan anna anne anton carl david ella emma eva grace hanna hannah ida jan jane janet jean joan john johanna jon kate \
            katherine kathrin leo maria marie mary max",
    controls: &[
        Control { parameter: &SEARCH, span: Span::Even { low: 0.0, high: 4.0, step: 1.0 }, default: 1.0 },
        #[cfg(feature = "louds-trie")]
        Control { parameter: &STORE, span: Span::Even { low: 0.0, high: 1.0, step: 1.0 }, default: 0.0 },
    ],
    actions: ACTIONS,
    figures: &[STATES],
    estimators: &[],
    counts: Counts::Distinct,
    asks: true,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: true,
    make: |tuning| {
        let which = (tuning.whole(1) as usize).min(STORES.len() - 1);
        let store = (STORES[which].empty)(tuning.seed)?;
        Ok(TextLab::boxed(Searched { store, which, kind: tuning.whole(0) as usize }))
    },
    open: |bytes| {
        let mut refused = None;
        for (which, one) in STORES.iter().enumerate() {
            match (one.open)(bytes.clone()) {
                Ok(store) => return Ok(TextLab::boxed(Searched { store, which, kind: 1 })),
                Err(error @ Error::Kind { .. }) => refused = refused.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        Err(refused.unwrap_or(Error::Unsupported { structure: "search", operation: "open it" }))
    },
};

struct One {
    name: &'static str,
    empty: fn(u64) -> Result<Box<dyn Store>>,
    open: fn(Vec<u8>) -> Result<Box<dyn Store>>,
}

/// Any store could be here; each would make the page's module larger.
const STORES: &[One] = &[
    One {
        name: "a double array",
        empty: |seed| double_array::empty(&double_array::ABOUT.tuning_of(seed)),
        open: double_array::opened,
    },
    #[cfg(feature = "louds-trie")]
    One {
        name: "a LOUDS trie",
        empty: |seed| louds::empty(&louds::ABOUT.tuning_of(seed)),
        open: louds::opened,
    },
];

/// What searches are called, and what each looks for where nobody said.
const SEARCHES: [(&str, &str); 5] = [
    ("words that begin so", "jo"),
    ("words like a pattern: * any letters, ? one", "jo*n"),
    ("words with one mistake", "jon"),
    ("words with two mistakes", "catherin"),
    ("words with this part", "ann"),
];

struct Searched {
    store: Box<dyn Store>,
    which: usize,
    kind: usize,
}

type Name = (&'static str, u64, usize);

/// What a walk did.
#[derive(Default)]
struct Log {
    /// Steps by a label, there and not back.
    steps: u64,
    /// From which places to which it went.
    ways: HashSet<(Name, Name)>,
}

/// A store whose walks are recorded.
struct Watched<'a> {
    store: &'a dyn Store,
    log: &'a RefCell<Log>,
}

struct WatchedCursor<'a> {
    cursor: Box<dyn Cursor + 'a>,
    log: &'a RefCell<Log>,
    /// Where it is and was on the way here.
    way: Vec<Name>,
}

impl WatchedCursor<'_> {
    fn here(&self) -> Name {
        self.cursor.place().map_or(("", 0, 0), |place| name(&place))
    }

    fn entered(&mut self, entered: bool) -> bool {
        if entered {
            let here = self.here();
            let mut log = self.log.borrow_mut();
            log.steps += 1;
            if let Some(from) = self.way.last() {
                log.ways.insert((*from, here));
            }
            self.way.push(here);
        }
        entered
    }
}

impl Walk for Watched<'_> {
    type Cursor<'c>
        = WatchedCursor<'c>
    where
        Self: 'c;

    fn walk(&self) -> WatchedCursor<'_> {
        let mut cursor = WatchedCursor { cursor: self.store.cursor(), log: self.log, way: Vec::new() };
        let root = cursor.here();
        cursor.way.push(root);
        cursor
    }

    fn text_len(&self) -> u64 {
        self.store.text_len()
    }
}

impl Cursor for WatchedCursor<'_> {
    fn path(&self) -> &[u8] {
        self.cursor.path()
    }
    fn is_key(&self) -> bool {
        self.cursor.is_key()
    }
    fn id(&self) -> Option<u64> {
        self.cursor.id()
    }
    fn value(&self) -> Option<u64> {
        self.cursor.value()
    }
    fn place(&self) -> Option<Place> {
        self.cursor.place()
    }
    fn enter(&mut self, label: u8) -> bool {
        let entered = self.cursor.enter(label);
        self.entered(entered)
    }
    fn enter_from(&mut self, least: u8) -> bool {
        let entered = self.cursor.enter_from(least);
        self.entered(entered)
    }
    fn advance(&mut self) -> bool {
        let advanced = self.cursor.advance();
        if advanced {
            self.way.pop();
        }
        self.entered(advanced)
    }
    fn leave(&mut self) -> bool {
        let left = self.cursor.leave();
        if left {
            self.way.pop();
        }
        left
    }
}

/// What a search found.
struct Outcome {
    query: String,
    /// Words and, where they are counted, mistakes.
    found: Vec<(Vec<u8>, Option<u32>)>,
    log: Log,
    refused: Option<String>,
}

/// Most words that are gathered.
const MOST_FOUND: usize = 1000;
/// Those of them that are listed.
const LISTED: usize = 24;

fn gather<C: Cursor, A: Automaton>(
    mut found: Found<C, A>,
    edits: impl Fn(&Found<C, A>) -> Option<u32>,
) -> Vec<(Vec<u8>, Option<u32>)> {
    let mut all = Vec::new();
    while all.len() < MOST_FOUND && found.advance() {
        all.push((found.key().to_vec(), edits(&found)));
    }
    all
}

impl Searched {
    fn outcome(&self, asked: Option<&[u8]>) -> Outcome {
        let (_, query) = SEARCHES[self.kind.min(SEARCHES.len() - 1)];
        let query = asked.unwrap_or(query.as_bytes());
        let log = RefCell::default();
        let watched = Watched { store: &*self.store, log: &log };
        let found = match self.kind {
            0 => Ok(gather(watched.starting_with(query), |_| None)),
            1 => watched.like(query).map(|found| gather(found, |_| None)),
            2 | 3 => watched
                .near(query, self.kind as u32 - 1)
                .map(|found| gather(found, |found| Some(found.distance()))),
            _ => Ok(gather(watched.containing(query), |_| None)),
        };
        let query = String::from_utf8_lossy(query).into_owned();
        let (found, refused) = match found {
            Ok(found) => (found, None),
            Err(error) => (Vec::new(), Some(format!("{error}."))),
        };
        Outcome { query, found, log: log.into_inner(), refused }
    }

    fn line(&self, outcome: &Outcome) -> String {
        if let Some(sentence) = &outcome.refused {
            return sentence.clone();
        }
        let len = outcome.found.len();
        let more = if len == MOST_FOUND { "at least " } else { "" };
        format!(
            "“{}” finds {more}{} of {}, in {}; to read all of them takes {}.",
            outcome.query,
            grouped(len as f64),
            counted(self.len(), "word", "words"),
            counted(outcome.log.steps, "step", "steps"),
            grouped((super::places(self) - 1) as f64),
        )
    }
}

impl Store for Searched {
    fn about(&self) -> &'static About {
        &ABOUT
    }
    fn tuning(&self) -> Tuning {
        let mut values = vec![self.kind as f64, self.which as f64];
        // On the site, there is one store.
        values.truncate(ABOUT.controls.len());
        Tuning { values, seed: self.store.tuning().seed }
    }
    fn bytes(&self) -> &[u8] {
        self.store.bytes()
    }
    fn regions(&self) -> Vec<Region> {
        self.store.regions()
    }
    fn sealed(&self) -> Vec<u8> {
        self.store.sealed()
    }
    fn copy(&self) -> Box<dyn Store> {
        Box::new(Self { store: self.store.copy(), ..*self })
    }
    fn len(&self) -> u64 {
        self.store.len()
    }
    fn text_len(&self) -> u64 {
        self.store.text_len()
    }
    fn id_of(&self, key: &[u8]) -> Option<u64> {
        self.store.id_of(key)
    }
    fn cursor(&self) -> Box<dyn Cursor + '_> {
        self.store.cursor()
    }
    fn with(&self, more: Keys<'_>) -> Result<Box<dyn Store>> {
        Ok(Box::new(Self { store: self.store.with(more)?, ..*self }))
    }
    fn nouns(&self) -> [&'static str; 2] {
        self.store.nouns()
    }
    fn state_len(&self) -> u64 {
        self.store.state_len()
    }
    fn told(&self, word: &str, _change: &Change<'_>) -> String {
        format!("“{word}” is in {}. {}", STORES[self.which].name, self.line(&self.outcome(None)))
    }
    fn found(&self, text: &str) -> Option<String> {
        Some(self.line(&self.outcome(Some(text.as_bytes()))))
    }
    fn graph(&self, word: &[u8], most: usize) -> Graph {
        Graph::of(&mut *self.cursor(), word, most)
    }
    fn visited(&self, graph: &Graph, asked: Option<&[u8]>) -> Option<Vec<usize>> {
        let ways = self.outcome(asked).log.ways;
        let edges = graph.edges.iter().enumerate().filter(|(_, edge)| {
            let [from, to] = [edge.from, edge.to].map(|state| name(&graph.states[state].place));
            // A label of several letters was gone through place by place.
            let is_long = edge.labels.iter().any(|label| label.len() > 1);
            ways.contains(&(from, to)) || is_long && ways.iter().any(|(_, end)| *end == to)
        });
        Some(edges.map(|(i, _)| i).collect())
    }
    fn shown_word<'a>(&self, _word: &'a [u8], _asked: Option<&'a [u8]>) -> &'a [u8] {
        &[]
    }
    fn strip(&self, _word: &[u8]) -> Strip {
        Strip::default()
    }
    fn answers(&self, asked: Option<&[u8]>) -> Option<Answers> {
        let outcome = self.outcome(asked);
        let mut rows: Vec<Vec<String>> = outcome
            .found
            .iter()
            .take(LISTED)
            .map(|(key, edits)| {
                let id = self.id_of(key).map_or("–".into(), |id| grouped(id as f64));
                let edits = edits.map_or("–".into(), |edits| edits.to_string());
                vec![String::from_utf8_lossy(key).into_owned(), id, edits]
            })
            .collect();
        if outcome.found.len() > LISTED {
            rows.push(vec![
                format!("and {} more", outcome.found.len() - LISTED),
                String::new(),
                String::new(),
            ]);
        }
        Some(Answers {
            line: self.line(&outcome),
            caution: "Type another and check it; the slider says how it is meant.".into(),
            title: "Found",
            head: ["word", "id", "mistakes"].map(Into::into).into(),
            rows,
        })
    }
    fn shown(&self, control: usize) -> String {
        match control {
            0 => SEARCHES[self.kind.min(SEARCHES.len() - 1)].0.into(),
            _ => format!("in {}", STORES[self.which].name),
        }
    }
    fn legend(&self) -> &'static [(&'static str, Ink)] {
        &[("◉ a word ends", Ink::Plain), ("━ the search was here", Ink::Way)]
    }
}
