//! JavaScript values from Rust ones and back.

use js_sys::{Array, BigInt, Object, Reflect};
use wasm_bindgen::{JsCast, JsError, JsValue};

/// An object of these members.
pub fn object<const N: usize>(members: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Fails on frozen objects only, and this one is ours.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// An array of these values.
pub fn array(values: impl Iterator<Item = JsValue>) -> JsValue {
    values.collect::<Array>().into()
}

/// An `Error` whose message is the library's own sentence.
pub fn error(sentence: impl ToString) -> JsError {
    JsError::new(&sentence.to_string())
}

/// A seed as JavaScript may give it: a number, a bigint, digits as text, or nothing for 0.
pub fn seed(value: &JsValue) -> Result<u64, JsError> {
    if value.is_undefined() || value.is_null() {
        return Ok(0);
    }
    let text = match (value.as_string(), value.dyn_ref::<BigInt>()) {
        (Some(text), _) => Some(text),
        (None, Some(number)) => number.to_string(10).ok().map(String::from),
        (None, None) => value.as_f64().map(|number| number.to_string()),
    };
    parse_seed(&text.unwrap_or_default()).map_err(error)
}

/// A seed as somebody typed it.
pub fn parse_seed(text: &str) -> Result<u64, String> {
    let expected = "give a whole number from 0 to 18446744073709551615";
    text.trim().parse().map_err(|_| format!("`seed` can't be `{}`: {expected}", text.trim()))
}
