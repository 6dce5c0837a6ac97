//! Any structure of the catalogue, for programs.

mod describe;
mod given;
mod keys;

pub use describe::catalog;

use crate::cut::{Cut, Cutter};
use crate::object::{array, error, key, object, regions};
use fewbytes::catalog::{CATALOG, by_slug, open_owned};
use fewbytes::entry::{self, Entry, Settings};
use fewbytes::{Estimate, Items};
use given::{laid, members, seed};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// A structure of any kind. Its state is its bytes: `bytes()` is the file, `Sketch.open(bytes)` is the load.
#[wasm_bindgen]
pub struct Sketch {
    inner: Box<dyn entry::Sketch>,
    /// Of text that comes in pieces.
    cutter: Cutter,
}

impl Sketch {
    fn new(inner: Box<dyn entry::Sketch>) -> Self {
        Self { inner, cutter: Cutter::new(Cut::Lines) }
    }
}

#[wasm_bindgen]
impl Sketch {
    /// An empty structure: `Sketch.build("hyperloglog", { precision: 12 }, 7)`. Parameters are an object or its JSON,
    /// those left out have their defaults; the seed is a number, a bigint or digits.
    pub fn build(slug: &str, parameters: JsValue, seed_value: JsValue) -> Result<Sketch, JsError> {
        let (entry, settings) = chosen(slug, parameters, &seed_value)?;
        Ok(Self::new((entry.build)(&settings).map_err(error)?))
    }

    /// A structure built from all its items at once, which is the only way to build a static one. Items are those of
    /// `insertMany`, the rest is that of `build`.
    pub fn from(
        slug: &str,
        items: JsValue,
        parameters: JsValue,
        seed_value: JsValue,
    ) -> Result<Sketch, JsError> {
        let (entry, settings) = chosen(slug, parameters, &seed_value)?;
        let mut builder = entry.builder(&settings).map_err(error)?;
        let (text, ends) = laid(items)?;
        builder.insert_all(Items::new(&text, &ends)).map_err(error)?;
        Ok(Self::new(builder.finish().map_err(error)?))
    }

    /// The structure that these bytes are.
    pub fn open(bytes: Vec<u8>) -> Result<Sketch, JsError> {
        let inner = open_owned(bytes).map_err(error)?;
        inner.verify().map_err(error)?;
        Ok(Self::new(inner))
    }

    /// Takes one item, a string or bytes. True when the structure changed.
    pub fn insert(&mut self, item: JsValue) -> Result<bool, JsError> {
        self.inner.insert(&given::item(&item)?).map_err(error)
    }

    /// Takes many items: an array of items, or text with an item a line, cut as the command cuts lines. Takes none of
    /// them where one is neither string nor bytes.
    #[wasm_bindgen(js_name = insertMany)]
    pub fn insert_many(&mut self, items: JsValue) -> Result<(), JsError> {
        let (text, ends) = laid(items)?;
        self.inner.insert_all(Items::new(&text, &ends)).map_err(error)
    }

    /// Takes the next piece of a text with an item a line, of bytes: what a stream gives.
    #[wasm_bindgen(js_name = insertChunk)]
    pub fn insert_chunk(&mut self, chunk: &[u8]) -> Result<(), JsError> {
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        self.cutter.chunk(chunk, |item| {
            text.extend_from_slice(item);
            ends.push(text.len() as u32);
        });
        self.inner.insert_all(Items::new(&text, &ends)).map_err(error)
    }

    /// Takes the last line of such a text, unless a newline has ended it.
    #[wasm_bindgen(js_name = insertEnd)]
    pub fn insert_end(&mut self) -> Result<(), JsError> {
        let mut last = None;
        self.cutter.end(|item| last = Some(item.to_vec()));
        match last {
            Some(item) => self.inner.insert(&item).map(drop).map_err(error),
            None => Ok(()),
        }
    }

    /// Takes an item out again; an error where nothing can be removed. False when it surely was not there.
    pub fn remove(&mut self, item: JsValue) -> Result<bool, JsError> {
        self.inner.remove(&given::item(&item)?).map_err(error)
    }

    /// Takes in another of the same kind and seed.
    pub fn merge(&mut self, other: &Sketch) -> Result<(), JsError> {
        self.inner.merge(&*other.inner).map_err(error)
    }

    /// Whether an item may have been inserted; an error where the structure can't tell.
    pub fn contains(&self, item: JsValue) -> Result<bool, JsError> {
        self.inner.contains(&given::item(&item)?).map_err(error)
    }

    /// How often an item came, `{ value, low, high }`; an error where the structure can't tell.
    pub fn count(&self, item: JsValue) -> Result<JsValue, JsError> {
        self.inner.count(&given::item(&item)?).map(bounded).map_err(error)
    }

    /// The items that came most often, at most `n`: `[{ item, whole, value, low, high }]`; an error where the structure
    /// can't tell. `item` is null where it is not known, and its beginning where `whole` is false.
    pub fn top(&self, n: u32) -> Result<JsValue, JsError> {
        let top = self.inner.top(n as usize).map_err(error)?;
        Ok(array(top.into_iter().map(|heavy| {
            object([
                ("item", heavy.item.map_or(JsValue::NULL, key)),
                ("whole", heavy.whole.into()),
                ("value", heavy.count.value.into()),
                ("low", heavy.count.low.into()),
                ("high", heavy.count.high.into()),
            ])
        })))
    }

    /// The count with bounds of two standard errors: `{ value, low, high }`.
    pub fn estimate(&self) -> JsValue {
        bounded(self.inner.estimate())
    }

    /// Standard error of the estimate, as a share of the truth.
    #[wasm_bindgen(getter, js_name = stdError)]
    pub fn std_error(&self) -> f64 {
        self.inner.std_error()
    }

    /// The seed of its hash.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> u64 {
        self.inner.seed()
    }

    /// Bytes that it takes now.
    #[wasm_bindgen(getter, js_name = byteLength)]
    pub fn byte_length(&self) -> f64 {
        self.inner.as_bytes().len() as f64
    }

    /// The whole structure, compact and sealed: what a file holds. A copy.
    pub fn bytes(&mut self) -> Result<Vec<u8>, JsError> {
        self.inner.compact().map_err(error)?;
        self.inner.seal();
        Ok(self.inner.as_bytes().to_vec())
    }

    /// What each run of its bytes is: `[{ name, start, end, value, doc }]`.
    pub fn regions(&self) -> JsValue {
        regions(self.inner.regions())
    }

    /// What it knows of itself: `[{ name, value, unit }]`.
    pub fn facts(&self) -> JsValue {
        array(self.inner.facts().into_iter().map(|fact| {
            object([("name", fact.name.into()), ("value", fact.value.into()), ("unit", fact.unit.into())])
        }))
    }

    /// Its slug in the catalogue.
    #[wasm_bindgen(getter)]
    pub fn slug(&self) -> String {
        self.inner.entry().slug.into()
    }
}

fn bounded(estimate: Estimate) -> JsValue {
    object([("value", estimate.value.into()), ("low", estimate.low.into()), ("high", estimate.high.into())])
}

/// The structure of that name, and what was chosen for it.
fn chosen(
    slug: &str,
    parameters: JsValue,
    seed_value: &JsValue,
) -> Result<(&'static Entry, Settings), JsError> {
    let entry = by_slug(slug).ok_or_else(|| {
        let known: Vec<_> = CATALOG.iter().map(|entry| entry.slug).collect();
        error(format_args!("there is no structure `{slug}`: choose one of {}", known.join(", ")))
    })?;
    let mut settings = entry.settings();
    settings.seed = seed(seed_value)?;
    for (name, value) in members(parameters)? {
        settings.set(&name, &value).map_err(error)?;
    }
    Ok((entry, settings))
}
