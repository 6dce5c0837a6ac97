//! JavaScript values from Rust ones and back.

use fewbytes::layout::Region;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsError, JsValue};

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

/// An item: a string, or a `Uint8Array` of bytes that are no text.
#[cfg(feature = "catalog")]
pub fn key(bytes: &[u8]) -> JsValue {
    match core::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => js_sys::Uint8Array::from(bytes).into(),
    }
}

/// An `Error` whose message is the library's own sentence.
pub fn error(sentence: impl ToString) -> JsError {
    JsError::new(&sentence.to_string())
}

/// Regions as objects, for byte views.
pub fn regions(regions: Vec<Region>) -> JsValue {
    array(regions.into_iter().map(|region| {
        object([
            ("name", region.name.into()),
            ("start", (region.start as f64).into()),
            ("end", (region.end as f64).into()),
            ("value", region.value.into()),
            ("doc", region.doc.into()),
        ])
    }))
}

/// A seed as somebody typed it.
#[cfg(any(feature = "labs", feature = "catalog"))]
pub fn parse_seed(text: &str) -> Result<u64, String> {
    let expected = "give a whole number from 0 to 18446744073709551615";
    text.trim().parse().map_err(|_| format!("`seed` can't be `{}`: {expected}", text.trim()))
}
