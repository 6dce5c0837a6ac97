//! The race: one text, the exact set, and the structures that a reader chose, timed block by block.

use super::exact::{ExactSet, SEED, hash};
use super::kinds::kind_by_slug;
use super::racers::{ENTRANTS, Entrant, Racer};
use crate::cut::{Cut, Cutter};
use crate::object::{array, error, object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

type Outcome<T = ()> = Result<T, JsError>;

/// Text that is cut and hashed at once: enough that a clock of a tenth of a millisecond tells, few enough for a cache.
const BLOCK: usize = 1 << 20;
/// Words that surely never came, asked for to see how often a filter says yes.
const ABSENT: u64 = 20_000;

#[wasm_bindgen]
unsafe extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

struct Runner {
    entrant: &'static Entrant,
    racer: Box<dyn Racer>,
    ms: f64,
}

/// A race that goes on as text comes.
#[wasm_bindgen]
pub struct Race {
    cutter: Cutter,
    runners: Vec<Runner>,
    exact: Option<ExactSet>,
    exact_ms: f64,
    /// Hashing, which is done once and belongs to all.
    hash_ms: f64,
    text: Vec<u8>,
    ends: Vec<u32>,
    hashes: Vec<u64>,
    events: u64,
}

#[wasm_bindgen]
impl Race {
    /// A race of these structures, sized for `items` different words, with the exact set if `exact`.
    #[wasm_bindgen(constructor)]
    pub fn new(slugs: Vec<String>, items: f64, exact: bool, by_lines: bool) -> Outcome<Race> {
        let items = items as u64;
        let chosen = ENTRANTS.iter().filter(|entrant| slugs.iter().any(|slug| slug == entrant.slug));
        let runners = chosen.map(|entrant| {
            let racer = (entrant.build)(items)?;
            Ok(Runner { entrant, racer, ms: 0.0 })
        });
        Ok(Self {
            cutter: Cutter::new(if by_lines { Cut::Lines } else { Cut::Words }),
            runners: runners.collect::<fewbytes::Result<_>>().map_err(error)?,
            exact: exact.then(ExactSet::default),
            exact_ms: 0.0,
            hash_ms: 0.0,
            text: Vec::new(),
            ends: Vec::new(),
            hashes: Vec::new(),
            events: 0,
        })
    }

    /// Takes the next bytes of the text.
    pub fn chunk(&mut self, bytes: &[u8]) -> Outcome {
        for piece in bytes.chunks(BLOCK) {
            let (text, ends) = (&mut self.text, &mut self.ends);
            self.cutter.chunk(piece, |word| {
                text.extend_from_slice(word);
                ends.push(text.len() as u32);
            });
            if self.text.len() + self.ends.len() >= BLOCK {
                self.run()?;
            }
        }
        Ok(())
    }

    /// Takes the last word, which the end of the text has ended.
    pub fn end(&mut self) -> Outcome {
        let (text, ends) = (&mut self.text, &mut self.ends);
        self.cutter.end(|word| {
            text.extend_from_slice(word);
            ends.push(text.len() as u32);
        });
        self.run()
    }

    /// Gives the gathered words to all.
    fn run(&mut self) -> Outcome {
        let words = || fewbytes::Items::new(&self.text, &self.ends);
        let start = now();
        self.hashes.clear();
        self.hashes.extend(words().into_iter().map(hash));
        let mut before = now();
        self.hash_ms += before - start;
        for runner in &mut self.runners {
            runner.racer.take(&self.hashes).map_err(error)?;
            let after = now();
            runner.ms += after - before;
            before = after;
        }
        if let Some(exact) = &mut self.exact {
            words().into_iter().zip(&self.hashes).for_each(|(word, hash)| exact.insert(word, *hash));
            self.exact_ms += now() - before;
        }
        self.events += self.ends.len() as u64;
        self.text.clear();
        self.ends.clear();
        Ok(())
    }

    /// Words so far.
    #[wasm_bindgen(getter)]
    pub fn events(&self) -> f64 {
        self.events as f64
    }

    /// How all stand: `{ events, different, full, rows }`. A row has `bytes`, `answer`, `truth` and nanoseconds a word;
    /// what is not known is null.
    pub fn standing(&self) -> JsValue {
        let exact = self.exact.as_ref();
        let different = exact.filter(|exact| !exact.is_full()).map(|exact| exact.len() as f64);
        let each = |ms: f64| (self.hash_ms + ms) * 1e6 / (self.events.max(1)) as f64;
        let set = exact.map(|exact| {
            object([
                ("slug", "set".into()),
                ("name", "exact set".into()),
                ("with", "every different word".into()),
                ("bytes", (exact.bytes() as f64).into()),
                ("answer", (exact.len() as f64).into()),
                ("truth", number(different)),
                ("counts", "different".into()),
                ("misses", JsValue::NULL),
                ("ns", each(self.exact_ms).into()),
            ])
        });
        let rows = self.runners.iter().map(|runner| {
            let Entrant { slug, counts_events, forgets, .. } = *runner.entrant;
            let truth = if counts_events { Some(self.events as f64) } else { different };
            let name = kind_by_slug(slug).map_or(slug, |kind| kind.name);
            object([
                ("slug", slug.into()),
                ("name", name.into()),
                ("with", runner.entrant.with.into()),
                ("bytes", (runner.racer.len() as f64).into()),
                ("answer", number((!forgets).then(|| runner.racer.estimate().value))),
                ("truth", number(truth.filter(|_| !forgets))),
                ("counts", if counts_events { "events" } else { "different" }.into()),
                ("misses", number(false_positives(&*runner.racer))),
                ("ns", each(runner.ms).into()),
            ])
        });
        object([
            ("events", (self.events as f64).into()),
            ("different", number(different)),
            ("full", exact.is_some_and(ExactSet::is_full).into()),
            ("rows", array(set.into_iter().chain(rows))),
        ])
    }

    /// A structure's file.
    pub fn file(&mut self, slug: &str) -> Option<Vec<u8>> {
        let runner = self.runners.iter_mut().find(|runner| runner.entrant.slug == slug)?;
        Some(runner.racer.file().to_vec())
    }
}

fn number(value: Option<f64>) -> JsValue {
    value.map_or(JsValue::NULL, JsValue::from)
}

/// The share of absent words that a filter says it has. They have the hashes of words that no text has: of three bytes
/// that are no UTF-8, and a number.
fn false_positives(racer: &dyn Racer) -> Option<f64> {
    let mut wrong = 0;
    for i in 0..ABSENT {
        let mut word = [0xff; 11];
        word[3..].copy_from_slice(&i.to_le_bytes());
        wrong += u32::from(racer.contains(fewbytes::hash::hash(&word, SEED))?);
    }
    Some(f64::from(wrong) / ABSENT as f64)
}

/// Every structure that can race: its slugs, in order.
#[wasm_bindgen]
pub fn entrants() -> Vec<String> {
    ENTRANTS.iter().map(|entrant| entrant.slug.into()).collect()
}
