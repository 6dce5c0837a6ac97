//! What a file is: its structure and its header, field by field, from the catalogue's own tables.

use crate::object::{array, error, object, regions};
use fewbytes::catalog::CATALOG;
use fewbytes::entry::Entry;
use fewbytes::layout::{FieldRow, Format, Region, kind_of};
use fewbytes::{Error, Result};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// What is told of a structure before its bytes are opened.
#[derive(Clone, Copy)]
pub struct Kind {
    pub slug: &'static str,
    pub name: &'static str,
    pub question: &'static str,
    pub summary: &'static str,
    format: &'static Format,
}

/// Every kind of the catalogue. Taken from it while this is compiled: the entries themselves are left behind.
pub static KINDS: [Kind; CATALOG.len()] = {
    let mut kinds = [kind(CATALOG[0]); CATALOG.len()];
    let mut i = 1;
    while i < CATALOG.len() {
        kinds[i] = kind(CATALOG[i]);
        i += 1;
    }
    kinds
};

const fn kind(entry: &'static Entry) -> Kind {
    Kind {
        slug: entry.slug,
        name: entry.name,
        question: entry.family.question(),
        summary: entry.summary,
        format: entry.format,
    }
}

/// The kind of a slug.
pub fn kind_by_slug(slug: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.slug == slug)
}

/// The kind of these bytes, and what each run of them is. The structure itself is not opened.
fn look(bytes: &[u8]) -> Result<(&'static Kind, Vec<Region>)> {
    let number = kind_of(bytes)?;
    let kind = KINDS.iter().find(|kind| kind.format.kind == number).ok_or_else(|| {
        let known: Vec<_> = KINDS.iter().map(|kind| kind.format.kind.to_string()).collect();
        Error::field("kind", format_args!("one of {}", known.join(", ")), number)
    })?;
    let start = kind.format.payload_start();
    if bytes.len() < start {
        return Err(Error::Length { expected: start as u64, found: bytes.len() as u64 });
    }
    let field = |row: &FieldRow| Region {
        name: row.name.into(),
        start: row.offset,
        end: row.offset + row.width,
        value: row.show(bytes),
        doc: row.doc.into(),
    };
    let payload = Region {
        name: "payload".into(),
        start,
        end: bytes.len(),
        value: String::new(),
        doc: kind.format.payload.into(),
    };
    Ok((kind, kind.format.rows().map(field).chain([payload]).collect()))
}

/// What a file is, from its beginning: `{ slug, name, question, summary, regions }`.
#[wasm_bindgen]
pub fn identify(bytes: &[u8]) -> std::result::Result<JsValue, JsError> {
    let (kind, runs) = look(bytes).map_err(error)?;
    Ok(object([
        ("slug", kind.slug.into()),
        ("name", kind.name.into()),
        ("question", kind.question.into()),
        ("summary", kind.summary.into()),
        ("regions", regions(runs)),
    ]))
}

/// Every structure: `[{ slug, name, question, summary }]`.
#[wasm_bindgen]
pub fn kinds() -> JsValue {
    array(KINDS.iter().map(|kind| {
        object([
            ("slug", kind.slug.into()),
            ("name", kind.name.into()),
            ("question", kind.question.into()),
            ("summary", kind.summary.into()),
        ])
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_structure_is_known_by_its_bytes() {
        for entry in CATALOG {
            let Ok(sketch) = entry.builder(&entry.settings()).and_then(|builder| builder.finish()) else {
                panic!("`{}` can't be built empty", entry.slug);
            };
            let bytes = sketch.as_bytes();
            let (kind, regions) = look(bytes).expect("its own bytes");
            assert_eq!(kind.slug, entry.slug);
            assert_eq!(regions.first().map(|region| region.name.as_str()), Some("magic"));
            assert_eq!(regions.last().map(|region| region.end), Some(bytes.len()));
            for len in 0..entry.format.payload_start() {
                assert!(look(&bytes[..len]).is_err(), "`{}` cut to {len}", entry.slug);
            }
        }
        assert!(look(b"PK\x03\x04").is_err());
    }
}
