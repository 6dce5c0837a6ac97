//! A script of what a program does with a structure, against the items that it took.

use super::Script;
use crate::{
    cases::Case,
    hostile::read_all,
    streams::{Laid, words},
};
use fewbytes::{
    Error,
    catalog::{CATALOG, open_owned},
    distinct::exaloglog,
    entry::{Entry, Merge, Parameter, Range, Settings, Sketch},
    text::aho_corasick,
};
use std::collections::BTreeMap;

/// Structures that take more than this are not built.
const MOST_BYTES: u64 = 1 << 18;
/// Steps of one script.
const STEPS: usize = 60;

/// Builds a structure of any kind with any parameters, and takes the steps that the input says.
pub(super) fn script(input: &[u8]) {
    let script = &mut Script::new(input);
    let entry = *script.of(CATALOG);
    let settings = settings(entry, script);
    let std_error = (entry.std_error)(&settings);
    assert!(std_error.as_ref().is_ok_and(|error| *error >= 0.0) || std_error.is_err(), "{std_error:?}");
    let bytes = match (entry.bytes)(&settings) {
        Ok(bytes) if bytes <= MOST_BYTES => bytes,
        Ok(_) => return,
        Err(error) => {
            assert_eq!((entry.build)(&settings).err(), Some(error), "{}: {settings:?}", entry.slug);
            return;
        }
    };
    let empty =
        (entry.build)(&settings).unwrap_or_else(|error| panic!("{}: {settings:?}: {error}", entry.slug));
    assert_eq!(empty.as_bytes().len() as u64, bytes, "{}: {settings:?}", entry.slug);
    let case = Case { entry, settings, name: entry.slug.into() };
    if entry.inserts {
        Run { script, case, sketch: empty, taken: BTreeMap::new(), merged: false }.run();
    } else {
        gather(script, &case);
    }
}

/// Parameters in their ranges, at their ends, and beyond.
fn settings(entry: &Entry, script: &mut Script<'_>) -> Settings {
    let mut settings = entry.settings();
    settings.seed = *script.of(&[0, 7, u64::MAX]);
    for parameter in entry.parameters {
        let Some(text) = value(parameter, script) else { continue };
        let before = format!("{settings:?}");
        if let Err(error) = settings.set(parameter.name, &text) {
            assert!(matches!(error, Error::Parameter { .. }), "{error}");
            assert_eq!(format!("{settings:?}"), before, "what is refused changes nothing");
        }
    }
    settings
}

fn value(parameter: &Parameter, script: &mut Script<'_>) -> Option<String> {
    let kind = script.byte() % 8;
    let number = script.byte();
    Some(match (kind, parameter.range) {
        (0..=2, _) => return None,
        (3, Range::Whole(min, _)) => min.to_string(),
        (3, Range::Either(first, _)) => first.to_string(),
        (4, Range::Whole(_, max)) => max.to_string(),
        (4, Range::Either(_, second)) => second.to_string(),
        (5, Range::Whole(min, max)) => min.saturating_add(number.into()).min(max).to_string(),
        (5 | 6, Range::OneOf(all)) => script.of(all).to_string(),
        (5, Range::Real(above, below)) => {
            (above + (below.min(above + 2.0) - above) * f64::from(number) / 255.0).to_string()
        }
        (6, Range::Real(above, below)) => {
            (*script.of(&[above, below, f64::NAN, f64::INFINITY, above + 1e-12, below - 1e-12])).to_string()
        }
        (6, Range::Whole(min, max)) => {
            (*script.of(&[min.wrapping_sub(1), max.wrapping_add(1), u64::MAX, min + (max - min) / 2]))
                .to_string()
        }
        _ => String::from_utf8_lossy(script.bytes(8)).into_owned(),
    })
}

fn item(script: &mut Script<'_>) -> Vec<u8> {
    match script.byte() {
        few @ 0..64 => format!("item-{few}").into_bytes(),
        repeated @ 64..80 => script.bytes(3).repeat(usize::from(repeated)),
        _ => script.bytes(20).to_vec(),
    }
}

fn items(script: &mut Script<'_>) -> Vec<Vec<u8>> {
    match script.byte() {
        many @ 0..32 => words(many.into(), 0, 8 << (many % 6)).into_iter().map(String::into_bytes).collect(),
        few => (0..few % 16).map(|_| item(script)).collect(),
    }
}

/// A static structure, from its builder.
fn gather(script: &mut Script<'_>, case: &Case) {
    let mut builder = case.entry.builder(&case.settings).expect("settings that it was built with");
    let mut taken = BTreeMap::new();
    // Keywords of both cases are one, the one in lower case.
    let folds = case.entry.slug == aho_corasick::ENTRY.slug && case.settings.whole(&aho_corasick::FOLD) == 1;
    while !script.is_done() && taken.len() < 2000 {
        let mut items = items(script);
        builder.insert_all(Laid::new(&items).items()).expect("memory");
        if folds {
            items.iter_mut().for_each(|item| item.make_ascii_lowercase());
        }
        items.into_iter().for_each(|item| *taken.entry(item).or_default() += 1);
    }
    let sketch = builder.finish().expect("memory");
    Run { script, case: case.clone(), sketch, taken, merged: false }.check();
}

struct Run<'a, 'b> {
    script: &'a mut Script<'b>,
    case: Case,
    sketch: Box<dyn Sketch>,
    /// The items that are in it, and how often.
    taken: BTreeMap<Vec<u8>, u64>,
    merged: bool,
}

impl Run<'_, '_> {
    fn run(mut self) {
        for _ in 0..STEPS {
            if self.script.is_done() {
                break;
            }
            self.step();
        }
        self.check();
    }

    fn step(&mut self) {
        let entry = self.case.entry;
        match self.script.byte() % 16 {
            0..=4 => {
                let item = item(self.script);
                let new = self.sketch.insert(&item).expect("memory");
                if entry.contains {
                    assert_eq!(self.sketch.contains(&item), Ok(true), "{}", entry.slug);
                    assert!(
                        !new || entry.forgets || !self.taken.contains_key(&item),
                        "{}: it was there",
                        entry.slug
                    );
                }
                self.take([item]);
            }
            5..=8 => {
                let items = items(self.script);
                self.sketch.insert_all(Laid::new(&items).items()).expect("memory");
                self.take(items);
            }
            9 | 10 => self.remove(),
            11 => self.merge(),
            12 => self.sketch.compact().expect("memory"),
            13 => {
                self.sketch.seal();
                assert!(self.sketch.is_sealed());
            }
            14 => {
                let bytes = std::mem::replace(&mut self.sketch, self.case.build()).into_bytes();
                self.sketch = open_owned(bytes).expect("its own bytes");
            }
            _ => self.check(),
        }
        assert_eq!(self.sketch.verify(), Ok(()), "{}", entry.slug);
    }

    fn take(&mut self, items: impl IntoIterator<Item = Vec<u8>>) {
        items.into_iter().for_each(|item| *self.taken.entry(item).or_default() += 1);
    }

    /// Takes an item out that is there, or one that may not be: then only what is exact may be asked to.
    fn remove(&mut self) {
        let entry = self.case.entry;
        let which = self.script.below(self.taken.len());
        let there = self.taken.keys().nth(which).cloned();
        if !entry.removes {
            let refused = self.sketch.remove(b"item-1");
            assert!(matches!(refused, Err(Error::Unsupported { .. })), "{}: {refused:?}", entry.slug);
        } else if entry.text.is_some() {
            let item = if self.script.flag() { item(self.script) } else { there.unwrap_or_default() };
            assert_eq!(self.sketch.remove(&item), Ok(self.taken.remove(&item).is_some()), "{}", entry.slug);
        } else if let Some(item) = there {
            assert_eq!(self.sketch.remove(&item), Ok(true), "{}", entry.slug);
            match self.taken.get_mut(&item) {
                Some(count) if *count > 1 => *count -= 1,
                _ => _ = self.taken.remove(&item),
            }
        }
    }

    fn merge(&mut self) {
        let entry = self.case.entry;
        let items = items(self.script);
        let other = self.case.with(&items);
        let merged = self.sketch.merge(&*other);
        if entry.merge == Merge::None {
            assert!(matches!(merged, Err(Error::Unsupported { .. })), "{}: {merged:?}", entry.slug);
            return;
        }
        assert_eq!(merged, Ok(()), "{}", entry.slug);
        self.merged = true;
        self.take(items);
    }

    /// All that must be so of these items.
    fn check(&self) {
        let (entry, sketch) = (self.case.entry, &*self.sketch);
        read_all(sketch);
        if entry.contains && !entry.forgets {
            for item in self.taken.keys() {
                assert_eq!(sketch.contains(item), Ok(true), "{}: {}", entry.slug, item.escape_ascii());
            }
        }
        if let Some(dictionary) = sketch.dictionary() {
            assert_eq!(dictionary.len(), self.taken.len() as u64, "{}", entry.slug);
            let mut cursor = dictionary.cursor();
            let mut there = cursor.is_key() || cursor.next_key(0);
            for key in self.taken.keys() {
                assert!(there && cursor.path() == key, "{}: {}", entry.slug, key.escape_ascii());
                there = cursor.next_key(0);
            }
            assert!(!there, "{}: {}", entry.slug, cursor.path().escape_ascii());
        } else if !self.merged && (entry.merge == Merge::Union || !entry.inserts) && !self.keeps_order() {
            // Neither order nor repeats nor the way leave a trace.
            let compact = |mut sketch: Box<dyn Sketch>| {
                sketch.compact().expect("memory");
                sketch.seal();
                sketch.into_bytes()
            };
            let ours = open_owned(sketch.as_bytes().to_vec()).expect("its own bytes");
            assert!(compact(ours) == compact(self.case.with(self.taken.keys())), "{}", self.case.name);
        }
    }

    /// Whether the order of the items is part of the bytes: a history's estimate comes from it.
    fn keeps_order(&self) -> bool {
        let Case { entry, settings, .. } = &self.case;
        entry.slug == exaloglog::ENTRY.slug && settings.whole(&exaloglog::HISTORY_PARAMETER) == 1
    }
}
