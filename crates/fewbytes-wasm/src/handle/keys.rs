//! What is asked of text stores.

use super::Sketch;
use super::given::item;
use crate::object::{array, error, key, object};
use fewbytes::Keywords;
use fewbytes::text::search::{Automaton, Found, Search};
use fewbytes::text::{Cursor, Dictionary};

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// An id or a value that may not be there.
fn number(number: Option<u64>) -> JsValue {
    number.map_or(JsValue::UNDEFINED, |number| (number as f64).into())
}

fn value(value: Option<u64>) -> JsValue {
    value.map_or(JsValue::UNDEFINED, JsValue::from)
}

/// Keys in their order, at most `limit`.
fn listed<C: Cursor, A: Automaton>(mut found: Found<C, A>, limit: u32) -> JsValue {
    let mut left = limit;
    array(core::iter::from_fn(move || {
        left = left.checked_sub(1)?;
        found.advance().then(|| {
            object([("key", key(found.key())), ("id", number(found.id())), ("value", value(found.value()))])
        })
    }))
}

impl Sketch {
    fn keys(&self) -> Result<&dyn Dictionary, JsError> {
        let refused = || error(format_args!("a {} has no keys", self.inner.entry().name));
        self.inner.dictionary().ok_or_else(refused)
    }
}

#[wasm_bindgen]
impl Sketch {
    /// Number of keys.
    #[wasm_bindgen(js_name = keyLength)]
    pub fn key_len(&self) -> Result<f64, JsError> {
        Ok(self.keys()?.len() as f64)
    }

    /// The id of a key; undefined where it is not stored, or the store has no ids.
    #[wasm_bindgen(js_name = idOf)]
    pub fn id_of(&self, key: &JsValue) -> Result<JsValue, JsError> {
        Ok(number(self.keys()?.id_of(&item(key)?)))
    }

    /// The key of an id; undefined where there is none.
    #[wasm_bindgen(js_name = keyOf)]
    pub fn key_of(&self, id: f64) -> Result<JsValue, JsError> {
        let mut text = Vec::new();
        let is_whole = id >= 0.0 && id.fract() == 0.0;
        let found = is_whole && self.keys()?.key_of(id as u64, &mut text);
        Ok(if found { key(&text) } else { JsValue::UNDEFINED })
    }

    /// The value of a key, a bigint; undefined where it is not stored, or keys have no values.
    pub fn get(&self, key: &JsValue) -> Result<JsValue, JsError> {
        Ok(value(self.keys()?.get(&item(key)?)))
    }

    /// The stored keys with which a text begins, the shortest first: `[{ key, id, value }]`.
    #[wasm_bindgen(js_name = prefixesOf)]
    pub fn prefixes_of(&self, text: &JsValue) -> Result<JsValue, JsError> {
        let text = item(text)?;
        Ok(array(self.keys()?.prefixes_of(&text).into_iter().map(|prefix| {
            let begin = &text[..prefix.len.min(text.len())];
            object([("key", key(begin)), ("id", number(prefix.id)), ("value", value(prefix.value))])
        })))
    }

    /// The keys that begin with `prefix`, in order, at most `limit`: `[{ key, id, value }]`.
    #[wasm_bindgen(js_name = startingWith)]
    pub fn starting_with(&self, prefix: &JsValue, limit: u32) -> Result<JsValue, JsError> {
        Ok(listed(self.keys()?.starting_with(item(prefix)?), limit))
    }

    /// The keys that match a pattern with `*` and `?`.
    pub fn like(&self, pattern: &JsValue, limit: u32) -> Result<JsValue, JsError> {
        Ok(listed(self.keys()?.like(item(pattern)?).map_err(error)?, limit))
    }

    /// The keys that contain `part`.
    pub fn containing(&self, part: &JsValue, limit: u32) -> Result<JsValue, JsError> {
        Ok(listed(self.keys()?.containing(item(part)?), limit))
    }

    /// The keys nearest to `word` within 1 or 2 edits: `[{ key, id, value, distance }]`.
    pub fn near(&self, word: &JsValue, edits: u32, limit: u32) -> Result<JsValue, JsError> {
        let found = self.keys()?.near(item(word)?, edits).map_err(error)?.nearest(limit as usize);
        Ok(array(found.into_iter().map(|near| {
            object([
                ("key", key(&near.key)),
                ("id", number(near.id)),
                ("value", value(near.value)),
                ("distance", near.distance.into()),
            ])
        })))
    }

    /// Where keywords are in a text, in bytes, at most `limit`: `[{ start, end, id }]`.
    #[wasm_bindgen(js_name = findAll)]
    pub fn find_all(&self, haystack: &JsValue, limit: u32) -> Result<JsValue, JsError> {
        let (keywords, text) = (Keywords::open(self.inner.as_bytes()).map_err(error)?, item(haystack)?);
        let found = keywords.find_iter(&text).take(limit as usize).map(|found| {
            object([
                ("start", (found.start as f64).into()),
                ("end", (found.end as f64).into()),
                ("id", (found.id as f64).into()),
            ])
        });
        Ok(array(found))
    }
}
