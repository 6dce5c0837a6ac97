//! The double array: a letter is a step to the slot that base and letter give, if the slot's check says so.

use super::graph::readable;
use super::picture::{Ink, Strip};
use super::{ACTIONS, Change, STATES, Store, TextLab, View, WORD, sorted, store_in};
use crate::draw::{Sheet, Twin, row};
use crate::lab::pictures::{Cell, Grid, outlines};
use crate::lab::{About, Control, Figure, Hits, Keys, Side, Span, Tuning};
use crate::text::{counted, grouped};
use fewbytes::Result;
use fewbytes::entry::Counts;
use fewbytes::text::double_array::{ENTRY, TAIL_KEYS};
use fewbytes::text::{Cursor, DoubleArrayBuilder, DoubleArrayTrie, KeyList};

pub static ABOUT: About = About {
    slug: "double-array",
    name: ENTRY.name,
    words: "car card care cart cat cats dog dogs door do",
    controls: &[Control {
        parameter: &TAIL_KEYS,
        span: Span::List(&[1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 16.0, 32.0]),
        default: 1.0,
    }],
    actions: ACTIONS,
    figures: &[STATES, WORD, Figure { name: "own", title: "The array", side: Side::Left }],
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
    let (tail_keys, seed) = (tuning.whole(0), tuning.seed);
    Ok(Box::new(Array::new(build(&KeyList::new(), tail_keys, seed)?, tail_keys)))
}

/// The one that these bytes are.
pub fn opened(bytes: Vec<u8>) -> Result<Box<dyn Store>> {
    let trie = DoubleArrayTrie::open(bytes.into())?;
    trie.verify()?;
    Ok(Box::new(Array::new(trie, 1)))
}

#[derive(Clone)]
struct Array {
    trie: DoubleArrayTrie,
    /// Keys of a set: the bytes don't tell.
    tail_keys: u64,
    /// The slots that some node has, in order.
    used: Vec<u64>,
}

fn build(keys: &KeyList, tail_keys: u64, seed: u64) -> Result<DoubleArrayTrie> {
    let mut builder = DoubleArrayBuilder::new(tail_keys, false, seed)?;
    keys.iter().try_for_each(|(key, _)| builder.push(key, None))?;
    Ok(builder.finish_with(&mut |_| {})?.0)
}

impl Array {
    fn new(trie: DoubleArrayTrie, tail_keys: u64) -> Self {
        let mut used = Vec::new();
        let mut cursor = trie.walk();
        // As many steps as there are slots; damaged bytes may show more.
        for _ in 0..=2 * trie.slot_len() {
            let at_node = cursor.place().is_some_and(|place| place.what != "text");
            let mut goes = at_node && cursor.enter_from(0);
            while !goes && !cursor.path().is_empty() {
                goes = cursor.advance();
                if !goes {
                    cursor.leave();
                }
            }
            if !goes {
                break;
            }
            used.extend(cursor.slot());
        }
        used.sort_unstable();
        used.dedup();
        Self { trie, tail_keys, used }
    }
}

impl Store for Array {
    store_in!(trie);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: vec![self.tail_keys as f64], seed: self.trie.seed() }
    }

    fn with(&self, more: Keys<'_>) -> Result<Box<dyn Store>> {
        let trie = build(&sorted(self, more)?, self.tail_keys, self.trie.seed())?;
        Ok(Box::new(Self::new(trie, self.tail_keys)))
    }

    fn nouns(&self) -> [&'static str; 2] {
        ["slot in use", "slots in use"]
    }

    fn state_len(&self) -> u64 {
        self.used.len() as u64
    }

    fn told(&self, word: &str, change: &Change<'_>) -> String {
        let (before, now) = (change.before.state_len(), self.state_len());
        let places = match change.places {
            0 => "no place of a trie".into(),
            places => counted(places, "place of a trie", "places of a trie"),
        };
        let slots = match now.checked_sub(before) {
            Some(0) => "no slot more".into(),
            Some(more) => counted(more, "slot more", "slots more"),
            None => counted(before - now, "slot fewer", "slots fewer"),
        };
        let text = counted(self.trie.tail_len(), "byte", "bytes");
        format!(
            "“{word}” is {places}, and takes {slots}. What is left where a few keys are is text, {text} with the root’s link."
        )
    }

    fn strip(&self, word: &[u8]) -> Strip {
        let rows = vec!["base ⊕ letter", "slot", "leads to"];
        let (mut cursor, mut columns) = (self.trie.walk(), Vec::new());
        for label in word {
            let base = cursor.place().filter(|place| place.what == "node").map(|place| place.at);
            let entered = cursor.enter(*label);
            let place = cursor.place().filter(|_| entered);
            let leads = match &place {
                None => "✗ none".into(),
                Some(place) if place.what == "node" => format!("base {}", place.at),
                Some(_) => "text".into(),
            };
            let texts = match (base, cursor.slot().filter(|_| entered)) {
                (Some(base), slot) => {
                    let slot = slot.unwrap_or(base ^ u64::from(*label));
                    vec![format!("{base}⊕{label}"), slot.to_string(), leads]
                }
                (None, _) => vec!["–".into(), "–".into(), leads],
            };
            columns.push((readable(&[*label]), texts));
            if !entered {
                break;
            }
        }
        let text = String::from_utf8_lossy(word);
        let label = match word {
            [] => {
                "A letter is a step to the slot that base and letter give: add a word, or check one.".into()
            }
            _ => format!(
                "The child of a node by a letter is in slot base ⊕ letter (exclusive or) if that slot’s check is the base’s lower byte. So \
                 “{text}” takes {}; the rest of it is text.",
                counted(columns.iter().filter(|(_, texts)| texts[0] != "–").count() as u64, "step", "steps")
            ),
        };
        Strip { rows, columns, label }
    }

    fn own(&self, view: &View<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        let mut cursor = self.trie.walk();
        let slots: Vec<Option<u64>> = view
            .graph
            .states
            .iter()
            .map(|state| {
                cursor.reset();
                cursor.enter_all(&state.path);
                cursor.slot()
            })
            .collect();
        let len = self.trie.slot_len() as usize;
        let on_way: Vec<u64> = view.way.iter().filter_map(|state| slots[*state]).collect();
        let mut hits = Hits::new();
        if len == 0 {
            sheet.pen(|_| 8.0);
            return (Twin::nothing("No slot yet: add a word."), hits);
        }
        let seen = on_way.last().copied().unwrap_or_default() as usize;
        if let Some(pen) = sheet.pen(|width| Grid::page(len, seen, width).height() + 1.0) {
            let grid = Grid::page(len, seen, pen.width);
            let places = grid.draw(&pen, |slot| {
                let is_used = self.used.binary_search(&(slot as u64)).is_ok();
                Cell {
                    strength: if is_used { 0.75 } else { 0.0 },
                    text: None,
                    other: on_way.contains(&(slot as u64)),
                }
            });
            hits.extend(places.iter().filter_map(|(place, slot)| {
                Some((*place, slots.iter().position(|other| *other == Some(*slot as u64))?))
            }));
            outlines(&pen, &hits, view.lit, &pen.theme.ink);
        }
        let percent = 100.0 * self.used.len() as f64 / len as f64;
        let label = format!(
            "{} of {} slots are in use, {percent:.0} %: those of one node’s children lie apart, and others’ between them. Orange: the way of \
             the last word.",
            grouped(self.used.len() as f64),
            grouped(len as f64)
        );
        let mut table = vec![row([&"slot", &"check", &"leads to", &"a word ends", &"bytes"])];
        table.extend(self.used.iter().take(256).filter_map(|slot| {
            let found = self.trie.slot(*slot)?;
            let key = if found.is_key { "yes" } else { "" };
            let leads = format!("{} {}", if found.what == "node" { "base" } else { found.what }, found.place);
            let bytes =
                format!("{}–{}, {}", found.link_bytes.start, found.link_bytes.end - 1, found.check_byte);
            Some(row([slot, &found.check, &leads, &key, &bytes]))
        }));
        (Twin { label, table }, hits)
    }

    fn takes(&self) -> Vec<[String; 4]> {
        let whole = |number: u64| grouped(number as f64);
        vec![[
            "slots in use".into(),
            whole(self.state_len()),
            whole(self.trie.slot_len()),
            "slots in all".into(),
        ]]
    }

    fn shown(&self, _control: usize) -> String {
        match self.tail_keys {
            1 => "the end of one key is text".into(),
            keys => format!("the ends of up to {keys} keys are text"),
        }
    }

    fn legend(&self) -> &'static [(&'static str, Ink)] {
        &[
            ("◉ a word ends", Ink::Plain),
            ("◯ one text for several", Ink::Meeting),
            ("━ the last word", Ink::Way),
        ]
    }
}
