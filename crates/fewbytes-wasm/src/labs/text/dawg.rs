//! The DAWG: beginnings and endings that words share are drawn once.

use super::picture::{Ink, Strip};
use super::{ACTIONS, Change, STATES, Store, TextLab, WORD, sorted, store_in};
use crate::lab::{About, Keys, Tuning};
use crate::text::{counted, grouped};
use fewbytes::Result;
use fewbytes::entry::Counts;
use fewbytes::text::dawg::{ENTRY, Mode};
use fewbytes::text::{Dawg, DawgBuilder, KeyList};

pub static ABOUT: About = About {
    slug: "dawg",
    name: ENTRY.name,
    words: "walk walks walked walking talk talks talked talking tall taller tallest",
    // Small only: fast, it is the same automaton in twice as many bytes.
    controls: &[],
    actions: ACTIONS,
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

/// One without words.
pub fn empty(tuning: &Tuning) -> Result<Box<dyn Store>> {
    Ok(Box::new(Automaton { dawg: build(&KeyList::new(), tuning.seed)? }))
}

/// The one that these bytes are.
pub fn opened(bytes: Vec<u8>) -> Result<Box<dyn Store>> {
    let dawg = Dawg::open(bytes.into())?;
    dawg.verify()?;
    Ok(Box::new(Automaton { dawg }))
}

#[derive(Clone)]
struct Automaton {
    dawg: Dawg,
}

fn build(keys: &KeyList, seed: u64) -> Result<Dawg> {
    let mut builder = DawgBuilder::new(Mode::Small, false, seed)?;
    keys.iter().try_for_each(|(key, _)| builder.push(key, None))?;
    builder.finish()
}

impl Store for Automaton {
    store_in!(dawg);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: Vec::new(), seed: self.dawg.seed() }
    }

    fn with(&self, more: Keys<'_>) -> Result<Box<dyn Store>> {
        let keys = sorted(self, more)?;
        Ok(Box::new(Self { dawg: build(&keys, self.dawg.seed())? }))
    }

    fn state_len(&self) -> u64 {
        self.dawg.state_len()
    }

    fn told(&self, word: &str, change: &Change<'_>) -> String {
        let (before, now) = (change.before.state_len(), self.state_len());
        let places = counted(change.places, "place", "places");
        let states = match now.cmp(&before) {
            core::cmp::Ordering::Less => format!("has {} fewer", grouped((before - now) as f64)),
            core::cmp::Ordering::Equal => "has as many states as before".into(),
            core::cmp::Ordering::Greater => format!("has {} more", counted(now - before, "state", "states")),
        };
        let shared = match &change.shared[..] {
            "" => String::new(),
            ending => format!(" From where only “{ending}” is left, its way is also that of other words."),
        };
        let trie = if change.places == 0 { "no place".into() } else { places };
        format!("“{word}”: a trie needs {trie} more, the automaton {states}.{shared}")
    }

    fn strip(&self, word: &[u8]) -> Strip {
        if word.is_empty() {
            let label = "The sum along a word’s path is its id: add a word, or check one.".into();
            return Strip { label, ..Strip::default() };
        }
        let rows = vec!["words passed", "sum"];
        let mut columns = Vec::new();
        let mut sum = 0;
        for len in 1..=word.len() {
            let ids = self.dawg.ids_under(&word[..len]);
            if ids.is_empty() {
                columns.push((super::readable(&word[len - 1..len]), vec!["no edge".into(), "–".into()]));
                break;
            }
            let texts = vec![format!("+{}", grouped((ids.start - sum) as f64)), grouped(ids.start as f64)];
            columns.push((super::readable(&word[len - 1..len]), texts));
            sum = ids.start;
        }
        let text = String::from_utf8_lossy(word);
        let label = match self.dawg.id_of(word) {
            Some(id) => format!(
                "Each edge tells how many words lie before it. For “{text}” they come to {}: that is its id, its place in the order \
                 of all.",
                grouped(id as f64)
            ),
            None => format!("“{text}” is no word here, so it has no id."),
        };
        Strip { rows, columns, label }
    }

    fn shown(&self, _control: usize) -> String {
        String::new()
    }

    fn legend(&self) -> &'static [(&'static str, Ink)] {
        &[("◉ a word ends", Ink::Plain), ("◯ ways meet", Ink::Meeting), ("━ the last word", Ink::Way)]
    }
}
