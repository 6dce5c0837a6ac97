//! The labs of text stores: states that a walk over the store's bytes comes to, drawn as an automaton.
//!
//! What differs from store to store is a [`Store`]; the lab over any of them is [`TextLab`].

#[cfg(feature = "dawg")]
mod dawg;
#[cfg(any(feature = "double-array", feature = "search"))]
mod double_array;
mod graph;
#[cfg(feature = "hat-trie")]
mod hat;
#[cfg(feature = "keywords")]
mod keywords;
mod layout;
#[cfg(feature = "louds-trie")]
mod louds;
mod picture;
#[cfg(feature = "search")]
mod search;
#[cfg(all(test, feature = "text"))]
mod tests;

#[cfg(feature = "dawg")]
pub use dawg::ABOUT as DAWG;
#[cfg(feature = "double-array")]
pub use double_array::ABOUT as DOUBLE_ARRAY;
#[cfg(feature = "hat-trie")]
pub use hat::ABOUT as HAT;
#[cfg(feature = "keywords")]
pub use keywords::ABOUT as KEYWORDS;
#[cfg(feature = "louds-trie")]
pub use louds::ABOUT as LOUDS;
#[cfg(feature = "search")]
pub use search::ABOUT as SEARCH;

use crate::draw::{Sheet, Twin};
use crate::lab::{
    About, Action, Answers, Deed, Figure, Happened, History, Hits, Keys, Lab, Scene, Side, Tuning, said_by,
};
use crate::text::{counted, grouped};
use fewbytes::layout::Region;
use fewbytes::text::{Cursor, KeyList};
use fewbytes::{Estimate, Result};
use graph::{Graph, MOST, readable, readable_labels};
use picture::{Ink, Look, Strip};
use std::cell::RefCell;

const STATES: Figure = Figure { name: "states", title: "The states", side: Side::Left };
const WORD: Figure = Figure { name: "word", title: "Letter by letter", side: Side::Left };

const MONTHS: &str = "january february march april may june july august september october november december";
const NAMES: &str = "ada alan alice anna anne anton barbara ben bella carl carla clara david diana donald edgar edsger ella emma eric \
                     erica eva frances frank fred grace hanna hannah harold hedy helen ida jan jane janet jean joan john johanna \
                     jon julia karen katherine ken kurt lea leo leslie lotte maria marie mary max maxine nina noam otto paul peter \
                     rita robert rosa ruth sara sophie tim tony ute vera willy";

const ACTIONS: &[Action] = &[
    Action { name: "months", label: "Twelve months", title: "Puts in the names of the months" },
    Action { name: "names", label: "First names", title: "Puts in some seventy first names" },
];

/// Up to so many states are looked at to say what a word shares with others.
const COUNTED: usize = 3000;
/// Cells from here on are regions: what a byte is that no state is in.
const REGIONS: usize = 1 << 24;

/// A text store of the library, and what is its own in a lab.
trait Store {
    fn about(&self) -> &'static About;
    fn tuning(&self) -> Tuning;
    fn bytes(&self) -> &[u8];
    fn regions(&self) -> Vec<Region>;
    fn sealed(&self) -> Vec<u8>;
    fn copy(&self) -> Box<dyn Store>;
    /// Words, their bytes, their ids, and a walk over them: all that is asked, so that the module has no more.
    fn len(&self) -> u64;
    fn text_len(&self) -> u64;
    fn id_of(&self, key: &[u8]) -> Option<u64>;
    fn cursor(&self) -> Box<dyn Cursor + '_>;
    /// One built in the same way, with more keys.
    fn with(&self, more: Keys<'_>) -> Result<Box<dyn Store>>;

    /// What its states are called: one and many.
    fn nouns(&self) -> [&'static str; 2] {
        ["state", "states"]
    }
    /// How many there are.
    fn state_len(&self) -> u64;
    /// What one word more did: sentences.
    fn told(&self, word: &str, change: &Change<'_>) -> String;
    /// Its states, up to so many; see [`Graph::of`].
    fn graph(&self, word: &[u8], most: usize) -> Graph {
        Graph::of(&mut *self.cursor(), word, most)
    }
    /// A word letter by letter.
    fn strip(&self, word: &[u8]) -> Strip;
    /// A picture of its own, of the states of a graph, and of the way of the last word among them.
    fn own(&self, _view: &View<'_>, _sheet: Sheet<'_>) -> (Twin, Hits) {
        Default::default()
    }
    /// The word whose way is shown, of the last one that was put in and what was asked for.
    fn shown_word<'a>(&self, word: &'a [u8], asked: Option<&'a [u8]>) -> &'a [u8] {
        asked.unwrap_or(word)
    }
    /// The edges of a search that was made, where it is not the way of one word.
    fn visited(&self, _graph: &Graph, _asked: Option<&[u8]>) -> Option<Vec<usize>> {
        None
    }
    /// What it says, where that is more than what it takes.
    fn answers(&self, _asked: Option<&[u8]>) -> Option<Answers> {
        None
    }
    /// What a text is found to be, where it is more than a key.
    fn found(&self, _text: &str) -> Option<String> {
        None
    }
    /// How full the states are that hold several words, and how many.
    fn fills(&self, _graph: &Graph) -> Vec<Option<(f64, usize)>> {
        Vec::new()
    }
    /// Links from state to state that are no edges, and whether they are kept in the bytes.
    fn links(&self, _graph: &Graph) -> Vec<(usize, usize, bool)> {
        Vec::new()
    }
    /// What it takes beside states and bytes: what, how much, of how much, and of what.
    fn takes(&self) -> Vec<[String; 4]> {
        Vec::new()
    }
    /// What is to be said when the last key came to it.
    fn caution(&self) -> String {
        String::new()
    }
    /// What a parameter's value means.
    fn shown(&self, control: usize) -> String;
    /// What stands below the picture.
    fn legend(&self) -> &'static [(&'static str, Ink)];
}

/// What a store's own picture is drawn of.
struct View<'a> {
    /// What was asked for.
    asked: Option<&'a [u8]>,
    graph: &'a Graph,
    /// The states of the word's way, the root first.
    way: Vec<usize>,
    lit: &'a [usize],
}

/// What a step changed.
struct Change<'a> {
    before: &'a dyn Store,
    /// Places that a trie has more than before.
    places: u64,
    /// The ending of the word from where another way joins its own.
    shared: String,
}

/// The lab over a store.
struct TextLab {
    store: Box<dyn Store>,
    /// The last word that was put in.
    last: Option<Vec<u8>>,
    /// Places of a trie of the keys, one for each different beginning.
    places: u64,
    /// What was drawn last: cells are numbers of its states.
    drawn: RefCell<Option<Graph>>,
    /// What could not be built, in a sentence.
    failed: Option<String>,
}

impl TextLab {
    fn boxed(store: impl Store + 'static) -> Box<dyn Lab> {
        Self::lab(Box::new(store))
    }

    fn lab(store: Box<dyn Store>) -> Box<dyn Lab> {
        Box::new(Self::over(store))
    }

    fn over(store: Box<dyn Store>) -> Self {
        let places = places(&*store);
        Self { store, last: None, places, drawn: RefCell::default(), failed: None }
    }

    /// Builds the store anew with more keys.
    fn add(&mut self, keys: Keys<'_>) {
        self.last = None;
        self.failed = None;
        *self.drawn.borrow_mut() = None;
        match self.store.with(keys) {
            Ok(store) => self.store = store,
            Err(error) => self.failed = Some(error.to_string()),
        }
        self.places = places(&*self.store);
    }

    fn len(&self) -> u64 {
        self.store.len()
    }

    /// The word whose way is shown.
    fn word<'a>(&'a self, scene: &'a Scene<'_>) -> &'a [u8] {
        self.store.shown_word(self.last.as_deref().unwrap_or_default(), asked(scene))
    }

    /// The ending of a word from where another way joins its own.
    fn shared(&self, word: &[u8]) -> String {
        let graph = self.store.graph(word, COUNTED);
        let (mut at, mut state) = (0, 0);
        while at < word.len()
            && graph.hidden() == 0
            && let Some((edge, len)) = graph.step(state, &word[at..])
        {
            (at, state) = (at + len, graph.edges[edge].to);
            if graph.states[state].parents > 1 {
                return readable(&word[at..]);
            }
        }
        String::new()
    }

    fn states(&self, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        let word = self.word(scene);
        let graph = self.store.graph(word, MOST);
        let way = self.store.visited(&graph, asked(scene)).unwrap_or_else(|| graph.way(word));
        let (links, fills) = (self.store.links(&graph), self.store.fills(&graph));
        let look =
            Look { way: &way, lit: scene.lit, links: &links, fills: &fills, legend: self.store.legend() };
        let hits = picture::states(&graph, &look, sheet);
        let [one, many] = self.store.nouns();
        let count = counted(self.store.state_len(), one, many);
        let label = match graph.hidden() {
            0 => format!("{count} hold {}.", counted(self.len(), "word", "words")),
            _ => format!(
                "{count} hold {}: here are {}, those around the last word first.",
                counted(self.len(), "word", "words"),
                graph.states.len()
            ),
        };
        let twin = Twin { label, table: picture::table(&graph) };
        *self.drawn.borrow_mut() = Some(graph);
        (twin, hits)
    }

    /// The store's own picture.
    fn own(&self, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        let graph = self.store.graph(self.word(scene), MOST);
        // A store without keys may have no root.
        let root = (!graph.states.is_empty()).then_some(0);
        let edges = graph.way(self.word(scene));
        let way = root.into_iter().chain(edges.into_iter().map(|edge| graph.edges[edge].to)).collect();
        let drawn = self.store.own(&View { asked: asked(scene), graph: &graph, way, lit: scene.lit }, sheet);
        *self.drawn.borrow_mut() = Some(graph);
        drawn
    }

    /// Does something with the states as they were drawn last.
    fn with_drawn<T>(&self, what: impl FnOnce(&Graph) -> T) -> T {
        let mut drawn = self.drawn.borrow_mut();
        what(drawn.get_or_insert_with(|| self.store.graph(self.last.as_deref().unwrap_or_default(), MOST)))
    }
}

/// What was asked for.
fn asked<'a>(scene: &'a Scene<'_>) -> Option<&'a [u8]> {
    scene.asked.map(|asked| asked.text.as_bytes())
}

/// The keys of a store and more, sorted.
fn sorted(store: &dyn Store, more: Keys<'_>) -> Result<KeyList> {
    let mut list = KeyList::new();
    each_key(store, |key| list.push(key, None))?;
    more.iter().try_for_each(|key| list.push(key, None))?;
    list.sort();
    Ok(list)
}

/// Every key of a store, in order.
fn each_key(store: &dyn Store, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut cursor = store.cursor();
    let mut fuel = store.text_len().saturating_add(1);
    let mut there = cursor.is_key() || cursor.next_key_within(0, &mut fuel);
    while there {
        take(cursor.path())?;
        there = cursor.next_key_within(0, &mut fuel);
    }
    Ok(())
}

/// The different beginnings of a store's keys, the empty one among them: the places of a trie.
fn places(store: &dyn Store) -> u64 {
    let (mut places, mut last) = (1, Vec::new());
    let counted = each_key(store, |key| {
        let common = last.iter().zip(key).take_while(|(a, b)| a == b).count();
        places += (key.len() - common) as u64;
        last.clear();
        last.extend_from_slice(key);
        Ok(())
    });
    debug_assert!(counted.is_ok());
    places
}

impl Lab for TextLab {
    said_by!(store);

    fn copy(&self) -> Box<dyn Lab> {
        let mut copy = Self::over(self.store.copy());
        copy.last.clone_from(&self.last);
        Box::new(copy)
    }

    fn take_keys(&mut self, keys: Keys<'_>) {
        if keys.iter().next().is_some() {
            self.add(keys);
        }
        self.last = None;
    }

    fn step(&mut self, step: &Happened<'_>) -> String {
        let (before, places) = (self.store.copy(), self.places);
        self.take_keys(step.keys);
        // Of many at once, the last stands for all.
        let word = step.last().and_then(|(_, text)| text).map(str::as_bytes);
        self.last = word.or_else(|| step.keys.iter().last()).map(Into::into);
        if let Some(sentence) = &self.failed {
            return format!("{sentence}.");
        }
        let [one, many] = self.store.nouns();
        if let Some(told) = step.told() {
            return format!(
                "{told}: {} hold {} now, where a trie has {} places.",
                counted(self.store.state_len(), one, many),
                counted(self.len(), "word", "words"),
                grouped(self.places as f64)
            );
        }
        let Some((_, Some(text))) = step.last() else { return String::new() };
        if step.is_again() {
            return format!("“{text}” again: it is there already, so nothing changes.");
        }
        let shared = self.shared(text.as_bytes());
        self.store.told(text, &Change { before: &*before, places: self.places - places, shared })
    }

    fn merge(&mut self, other: &[u8]) -> Result<String> {
        let other = (self.about().open)(other.to_vec())?;
        let before = self.len();
        let (text, ends) = other.own_keys();
        self.add(Keys::new(&text, &ends));
        match self.failed.take() {
            Some(sentence) => Ok(format!("{sentence}.")),
            None => Ok(format!(
                "Built anew from the words of both: {} of the other’s {} were not here.",
                grouped((self.len() - before) as f64),
                grouped(ends.len() as f64)
            )),
        }
    }

    fn own_keys(&self) -> (Vec<u8>, Vec<u32>) {
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        let gathered = each_key(&*self.store, |key| {
            text.extend_from_slice(key);
            ends.push(text.len() as u32);
            Ok(())
        });
        debug_assert!(gathered.is_ok());
        (text, ends)
    }

    fn convert(&self, tuning: &Tuning) -> Result<Box<dyn Lab>> {
        let mut fresh = (self.about().make)(tuning)?;
        let (text, ends) = self.own_keys();
        fresh.take_keys(Keys::new(&text, &ends));
        Ok(fresh)
    }

    fn shown(&self, control: usize) -> String {
        self.store.shown(control)
    }

    fn retuned(&self, control: usize, _before: f64) -> String {
        let bytes = counted(self.bytes().len() as u64, "byte", "bytes");
        format!("Built anew, {}: the same words in {bytes}.", self.store.shown(control))
    }

    fn empty(&self) -> String {
        "No word yet. Add one, and then one that begins or ends alike.".into()
    }

    fn opened(&self) -> String {
        format!(
            "Opened a store of {}. It has them whole: they can be listed, and it can be built anew with more.",
            counted(self.len(), "word", "words")
        )
    }

    fn estimates(&self) -> Vec<Estimate> {
        vec![Estimate::exact(self.len() as f64)]
    }

    fn std_errors(&self) -> Vec<f64> {
        vec![0.0]
    }

    fn answers(&self, scene: &Scene<'_>) -> Answers {
        if let Some(answers) = self.store.answers(asked(scene)) {
            return answers;
        }
        let (len, name) = (self.len(), self.about().name);
        let knows = format!("The {name} knows {}.", counted(len, "word", "words"));
        let line = match scene.truth {
            None => format!("{knows} What else went in is not known."),
            Some(truth) if truth == len => format!("{knows} So many went in: it is exact."),
            Some(truth) => format!("{knows} {} went in.", grouped(truth as f64)),
        };
        // A list has a byte more for each word: what parts it from the next.
        let list = self.store.text_len() + len;
        let bytes = self.bytes().len() as u64;
        let each = |bytes: u64| match len {
            0 => "–".into(),
            len => format!("{:.1}", bytes as f64 / len as f64),
        };
        let truth = scene.truth.map_or("–".into(), |truth| grouped(truth as f64));
        let whole = |number: u64| grouped(number as f64);
        let [_, many] = self.store.nouns();
        let mut rows = vec![
            ["words".into(), whole(len), truth, "went in".into()],
            [many.into(), whole(self.store.state_len()), whole(self.places), "in a trie of letters".into()],
            ["bytes".into(), whole(bytes), whole(list), "as a list".into()],
            ["bytes a word".into(), each(bytes), each(list), "as a list".into()],
        ];
        rows.extend(self.store.takes());
        Answers {
            line,
            caution: self.store.caution(),
            title: "What it takes",
            head: ["what", "here", "beside", "that is"].map(Into::into).into(),
            rows: rows.into_iter().map(Into::into).collect(),
        }
    }

    fn act(&self, action: &str, _scene: &Scene<'_>) -> Deed {
        Deed::Add(if action == "months" { MONTHS } else { NAMES })
    }

    fn check(&self, text: &str, _hash: u64, _history: &History) -> String {
        if let Some(sentence) = self.store.found(text) {
            return sentence;
        }
        let mut cursor = self.store.cursor();
        let known = text.bytes().take_while(|label| cursor.enter(*label)).count();
        match known == text.len() {
            true if cursor.is_key() => match cursor.id() {
                Some(id) => format!("“{text}” is known. Its id is {}.", grouped(id as f64)),
                None => format!("“{text}” is known."),
            },
            true => format!("“{text}” is the beginning of words, and none itself: no word ends there."),
            false => {
                let begun = String::from_utf8_lossy(&text.as_bytes()[..known]);
                let rest = String::from_utf8_lossy(&text.as_bytes()[known..]);
                format!(
                    "“{text}” is not known: after “{begun}”, nothing leads on by the first letter of “{rest}”."
                )
            }
        }
    }

    fn picture(&self, name: &str, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        match name {
            "states" => self.states(scene, sheet),
            "own" => self.own(scene, sheet),
            _ => (picture::strip(&self.store.strip(self.word(scene)), sheet), Hits::new()),
        }
    }

    fn touched(&self) -> Option<usize> {
        let word = self.last.as_deref()?;
        self.with_drawn(|graph| {
            graph
                .way(word)
                .iter()
                .map(|edge| graph.edges[*edge].to)
                .find(|state| !graph.states[*state].place.bytes.is_empty())
        })
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        let states = self.with_drawn(|graph| {
            let has = |state: &usize| graph.states[*state].place.bytes.contains(&byte);
            (0..graph.states.len()).filter(has).collect::<Vec<_>>()
        });
        if !states.is_empty() {
            return states;
        }
        let regions = self.regions();
        let region = regions.iter().position(|region| (region.start..region.end).contains(&byte));
        region.filter(|i| regions[*i].value.is_empty()).map(|i| REGIONS + i).into_iter().collect()
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        self.with_drawn(|graph| {
            graph.states.get(cell).map_or_else(Vec::new, |state| state.place.bytes.clone().collect())
        })
    }

    fn cell(&self, cell: usize, _history: &History) -> String {
        if let Some(region) = cell.checked_sub(REGIONS) {
            return self.regions().get(region).map(|region| region.doc.to_string()).unwrap_or_default();
        }
        self.with_drawn(|graph| {
            let Some(state) = graph.states.get(cell) else { return format!("state {cell} is not shown") };
            let edges = graph.edges.iter().filter(|edge| edge.from == cell);
            let mut edges: Vec<String> =
                edges.map(|edge| format!("by {} to {}", readable_labels(&edge.labels), edge.to)).collect();
            if state.hidden > 0 {
                edges.push(format!("{} more lead on", state.hidden));
            }
            let what = match cell {
                0 => "the root".into(),
                _ => format!("{} {cell}, to which “{}” leads", state.place.what, readable(&state.path)),
            };
            let ends = if state.is_key { ", where a word ends" } else { "" };
            let on = if edges.is_empty() { "nothing leads on".into() } else { edges.join(", ") };
            format!("{what}{ends}: {on}")
        })
    }
}

/// What every [`Store`] says alike of the structure at `self.$structure`.
macro_rules! store_in {
    ($structure:ident) => {
        $crate::lab::lies_in!($structure as $crate::labs::text::Store);
        fn len(&self) -> u64 {
            self.$structure.len()
        }
        fn text_len(&self) -> u64 {
            self.$structure.text_len()
        }
        fn id_of(&self, key: &[u8]) -> Option<u64> {
            self.$structure.id_of(key)
        }
        fn cursor(&self) -> Box<dyn fewbytes::text::Cursor + '_> {
            Box::new(self.$structure.walk())
        }
    };
}
use store_in;
