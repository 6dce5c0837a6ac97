//! The catalogue as JavaScript objects.

use crate::object::{array, object};
use fewbytes::catalog::CATALOG;
use fewbytes::entry::{Entry, Number, Parameter, Range};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

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
