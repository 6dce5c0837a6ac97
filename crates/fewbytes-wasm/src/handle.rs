//! Any structure of the catalogue, for programs.

use crate::cut::{Cut, Cutter};
use crate::object::{array, error, object, parse_seed, regions};
use fewbytes::catalog::{CATALOG, by_slug, open_owned};
use fewbytes::entry::{self, Entry, Number, Parameter, Range, Settings};
use fewbytes::{Estimate, Items};
use js_sys::{Array, BigInt, JSON, JsString, Object, Reflect, Symbol};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};

/// A structure of any kind. Its state is its bytes: `bytes()` is the file, `Sketch.open(bytes)` is the load.
#[wasm_bindgen]
pub struct Sketch {
    inner: Box<dyn entry::Sketch>,
}

#[wasm_bindgen]
impl Sketch {
    /// An empty structure: `Sketch.build("hyperloglog", { precision: 12 }, 7)`. Parameters are an object or its JSON,
    /// those left out have their defaults; the seed is a number, a bigint or digits.
    pub fn build(slug: &str, parameters: JsValue, seed_value: JsValue) -> Result<Sketch, JsError> {
        let (entry, settings) = chosen(slug, parameters, &seed_value)?;
        Ok(Self { inner: (entry.build)(&settings).map_err(error)? })
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
        Ok(Self { inner: builder.finish().map_err(error)? })
    }

    /// The structure that these bytes are.
    pub fn open(bytes: Vec<u8>) -> Result<Sketch, JsError> {
        let inner = open_owned(bytes).map_err(error)?;
        inner.verify().map_err(error)?;
        Ok(Self { inner })
    }

    /// Takes one item, a string. True when the structure changed.
    pub fn insert(&mut self, item: JsValue) -> Result<bool, JsError> {
        self.inner.insert(text_of_item(&item)?.as_bytes()).map_err(error)
    }

    /// Takes many items: an array of strings, or text with an item a line, cut as the command cuts lines. Takes none of
    /// them where one is no string.
    #[wasm_bindgen(js_name = insertMany)]
    pub fn insert_many(&mut self, items: JsValue) -> Result<(), JsError> {
        let (text, ends) = laid(items)?;
        self.inner.insert_all(Items::new(&text, &ends)).map_err(error)
    }

    /// Takes an item out again, a string; an error where nothing can be removed. False when it surely was not there.
    pub fn remove(&mut self, item: JsValue) -> Result<bool, JsError> {
        self.inner.remove(text_of_item(&item)?.as_bytes()).map_err(error)
    }

    /// Takes in another of the same kind and seed.
    pub fn merge(&mut self, other: &Sketch) -> Result<(), JsError> {
        self.inner.merge(&*other.inner).map_err(error)
    }

    /// Whether an item may have been inserted; an error where the structure can't tell.
    pub fn contains(&self, item: JsValue) -> Result<bool, JsError> {
        self.inner.contains(text_of_item(&item)?.as_bytes()).map_err(error)
    }

    /// How often an item came, `{ value, low, high }`; an error where the structure can't tell.
    pub fn count(&self, item: JsValue) -> Result<JsValue, JsError> {
        self.inner.count(text_of_item(&item)?.as_bytes()).map(bounded).map_err(error)
    }

    /// The items that came most often, at most `n`: `[{ item, whole, value, low, high }]`; an error where the structure
    /// can't tell. `item` is null where it is not known, and its beginning where `whole` is false.
    pub fn top(&self, n: u32) -> Result<JsValue, JsError> {
        let top = self.inner.top(n as usize).map_err(error)?;
        Ok(array(top.into_iter().map(|heavy| {
            let item = heavy.item.map(|item| String::from_utf8_lossy(item).into_owned());
            object([
                ("item", item.map_or(JsValue::NULL, JsValue::from)),
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

/// Every structure of the library, with all that a form needs.
#[wasm_bindgen]
pub fn catalog() -> JsValue {
    array(CATALOG.iter().map(|entry| describe(entry)))
}

fn describe(entry: &Entry) -> JsValue {
    object([
        ("slug", entry.slug.into()),
        ("name", entry.name.into()),
        ("family", entry.family.name().into()),
        ("question", entry.family.question().into()),
        ("summary", entry.summary.into()),
        ("contains", entry.contains.into()),
        ("inserts", entry.inserts.into()),
        ("removes", entry.removes.into()),
        ("forgets", entry.forgets.into()),
        ("count", entry.count.into()),
        ("top", entry.top.into()),
        ("counts", entry.counts.unit().into()),
        ("merge", entry.merge.name().into()),
        ("error", entry.error.into()),
        ("space", entry.space.into()),
        ("parameters", array(entry.parameters.iter().map(|parameter| describe_parameter(parameter)))),
    ])
}

fn describe_parameter(parameter: &Parameter) -> JsValue {
    let (low, high) = match parameter.range {
        Range::Whole(low, high) | Range::Either(low, high) => (low as f64, high as f64),
        Range::Real(low, high) => (low, high),
        Range::OneOf(all) => {
            let end = |number: Option<&u64>| number.map_or(f64::NAN, |number| *number as f64);
            (end(all.first()), end(all.last()))
        }
    };
    let default = match parameter.default {
        Some(Number::Whole(value)) => (value as f64).into(),
        Some(Number::Real(value)) => value.into(),
        None => JsValue::NULL,
    };
    object([
        ("name", parameter.name.into()),
        ("unit", parameter.unit.into()),
        ("doc", parameter.doc.into()),
        ("range", parameter.range.to_string().into()),
        ("whole", (!matches!(parameter.range, Range::Real(..))).into()),
        ("low", low.into()),
        ("high", high.into()),
        ("default", default),
    ])
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

/// An array of strings, or text with an item a line: the items end to end, and where each ends.
fn laid(items: JsValue) -> Result<(Vec<u8>, Vec<u32>), JsError> {
    let (mut text, mut ends) = (Vec::new(), Vec::new());
    let mut take = |item: &[u8]| {
        text.extend_from_slice(item);
        ends.push(text.len() as u32);
    };
    if let Some(lines) = items.as_string() {
        let mut cutter = Cutter::new(Cut::Lines);
        cutter.chunk(lines.as_bytes(), &mut take);
        cutter.end(take);
    } else if let Some(items) = items.dyn_ref::<Array>() {
        for (i, item) in items.iter().enumerate() {
            let item = item.as_string().ok_or_else(|| {
                error(format_args!("items are strings, and number {i} of this array is none"))
            })?;
            take(item.as_bytes());
        }
    } else {
        return Err(error("many items are an array of strings, or text with an item a line"));
    }
    Ok((text, ends))
}

/// Names and values of an object, or of the JSON of one, as text.
fn members(parameters: JsValue) -> Result<Vec<(String, String)>, JsError> {
    let given = match parameters.as_string() {
        Some(json) => {
            JSON::parse(&json).map_err(|_| error("these parameters are not JSON: give an object"))?
        }
        None => parameters,
    };
    if given.is_undefined() || given.is_null() {
        return Ok(Vec::new());
    }
    // Not `instanceof Object`: an object may have no prototype. Arrays and maps have no entries that are parameters.
    if !given.is_object() || Reflect::has(&given, &Symbol::iterator()).unwrap_or(true) {
        return Err(error("parameters are an object such as { precision: 12 }, or the JSON of one"));
    }
    Object::entries(given.unchecked_ref())
        .iter()
        .map(|entry| {
            let pair: Array = entry.unchecked_into();
            let name = String::from(JsString::from(pair.get(0)));
            let Some(text) = text_of_number(&pair.get(1)) else {
                return Err(error(format_args!("`{name}` can't be that: give a number, or its digits")));
            };
            Ok((name, text))
        })
        .collect()
}

/// An item as JavaScript gives it. Anything else than a string would have become the empty item.
fn text_of_item(item: &JsValue) -> Result<String, JsError> {
    item.as_string().ok_or_else(|| error("an item is a string"))
}

/// A number as JavaScript may give it: a number, a bigint, or digits as text.
fn text_of_number(value: &JsValue) -> Option<String> {
    if let Some(number) = value.dyn_ref::<BigInt>() {
        return number.to_string(10).ok().map(String::from);
    }
    value.as_string().or_else(|| value.as_f64().map(|number| number.to_string()))
}

/// A seed as JavaScript may give it: a number, a bigint, digits as text, or nothing for 0.
fn seed(value: &JsValue) -> Result<u64, JsError> {
    if value.is_undefined() || value.is_null() {
        return Ok(0);
    }
    let text = text_of_number(value).ok_or_else(|| error("a seed is a number, a bigint or digits"))?;
    parse_seed(&text).map_err(error)
}
