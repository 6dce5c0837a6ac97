//! What JavaScript may give: items, parameters, seeds.

use crate::cut::{Cut, Cutter};
use crate::object::{error, parse_seed};
use js_sys::{Array, BigInt, JSON, JsString, Object, Reflect, Symbol, Uint8Array};
use wasm_bindgen::{JsCast, JsError, JsValue};

/// An array of items, or text with an item a line: the items end to end, and where each ends.
pub fn laid(items: JsValue) -> Result<(Vec<u8>, Vec<u32>), JsError> {
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
            let item = bytes_of(&item).ok_or_else(|| {
                error(format_args!(
                    "items are strings or Uint8Arrays, and number {i} of this array is neither"
                ))
            })?;
            take(&item);
        }
    } else {
        return Err(error("many items are an array of items, or text with an item a line"));
    }
    Ok((text, ends))
}

/// Names and values of an object, or of the JSON of one, as text.
pub fn members(parameters: JsValue) -> Result<Vec<(String, String)>, JsError> {
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

/// An item as JavaScript gives it. Anything else would have become the empty item.
pub fn item(item: &JsValue) -> Result<Vec<u8>, JsError> {
    bytes_of(item).ok_or_else(|| error("an item is a string or a Uint8Array"))
}

/// A string as UTF-8, or bytes as they are.
fn bytes_of(value: &JsValue) -> Option<Vec<u8>> {
    let text = value.as_string().map(String::into_bytes);
    text.or_else(|| value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
}

/// A number as JavaScript may give it: a number, a bigint, or digits as text.
fn text_of_number(value: &JsValue) -> Option<String> {
    if let Some(number) = value.dyn_ref::<BigInt>() {
        return number.to_string(10).ok().map(String::from);
    }
    value.as_string().or_else(|| value.as_f64().map(|number| number.to_string()))
}

/// A seed as JavaScript may give it: a number, a bigint, digits as text, or nothing for 0.
pub fn seed(value: &JsValue) -> Result<u64, JsError> {
    if value.is_undefined() || value.is_null() {
        return Ok(0);
    }
    let text = text_of_number(value).ok_or_else(|| error("a seed is a number, a bigint or digits"))?;
    parse_seed(&text).map_err(error)
}
