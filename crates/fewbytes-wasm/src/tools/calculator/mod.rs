//! The calculator: of a structure's items, rate, bits and so on, those that are given settle the rest, by the library's
//! own sizing functions.

mod counters;
mod filters;
mod registers;

use super::kinds::kind_by_slug;
use crate::object::{array, error, object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// A number that can be given or is computed.
pub struct Quantity {
    pub name: &'static str,
    /// What it is, in a few words.
    pub label: &'static str,
    pub unit: Unit,
    /// What a fresh form has in it, as one types it.
    pub example: &'static str,
    /// Whether it can be given.
    pub given: bool,
}

/// How a number is typed and shown.
#[derive(Clone, Copy, PartialEq)]
pub enum Unit {
    Count,
    Bits,
    Bytes,
    /// From 0 to 1, shown in per cent.
    Share,
    Number,
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Bits => "bits",
            Self::Bytes => "bytes",
            Self::Share => "share",
            Self::Number => "number",
        }
    }
}

const fn quantity(name: &'static str, label: &'static str, unit: Unit, example: &'static str) -> Quantity {
    Quantity { name, label, unit, example, given: true }
}

/// One that only follows from others.
const fn computed(name: &'static str, label: &'static str, unit: Unit) -> Quantity {
    Quantity { given: false, ..quantity(name, label, unit, "") }
}

/// What is given of a structure's quantities, in their order.
pub type Given<'a> = &'a [Option<f64>];

/// All of them, and the words for what they mean together.
#[derive(Debug)]
pub struct Solved {
    pub values: Vec<f64>,
    pub rust: String,
    pub command: String,
}

pub type Solution = Result<Solved, String>;

/// A structure that can be sized.
pub struct Calculator {
    pub slug: &'static str,
    pub quantities: &'static [Quantity],
    /// Which of them may be given together.
    pub rule: &'static str,
    pub solve: fn(Given) -> Solution,
}

static CALCULATORS: &[&Calculator] = &[
    &filters::BLOOM,
    &filters::BLOCKED,
    &filters::COUNTING,
    &filters::FUSE,
    &counters::MORRIS,
    &counters::COUNT_MIN,
    &registers::LOGLOG,
    &registers::SUPERLOGLOG,
    &registers::HYPERLOGLOG,
    &registers::ULTRALOGLOG,
    &registers::EXALOGLOG,
    &registers::KMV,
];

/// A whole number that somebody gave.
fn whole(name: &str, value: f64) -> Result<u64, String> {
    // Beyond 2^53 a float has gaps; nothing here is that large.
    match value.fract() == 0.0 && (0.0..=9e15).contains(&value) {
        true => Ok(value as u64),
        false => Err(format!("`{name}` can't be {value}: give a whole number")),
    }
}

fn sentence(error: fewbytes::Error) -> String {
    error.to_string()
}

/// The largest of `low..=high` that `fits`, which the numbers below it do, too; `None` where not even `low` does.
fn largest(low: u64, high: u64, fits: impl Fn(u64) -> bool) -> Option<u64> {
    if !fits(low) {
        return None;
    }
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        match fits(middle) {
            true => low = middle,
            false => high = middle - 1,
        }
    }
    Some(low)
}

/// The structures: `[{ slug, name, rule, quantities: [{ name, label, unit, example, given }] }]`.
#[wasm_bindgen]
pub fn calculators() -> JsValue {
    array(CALCULATORS.iter().map(|calculator| {
        let quantities = calculator.quantities.iter().map(|quantity| {
            object([
                ("name", quantity.name.into()),
                ("label", quantity.label.into()),
                ("unit", quantity.unit.name().into()),
                ("example", quantity.example.into()),
                ("given", quantity.given.into()),
            ])
        });
        object([
            ("slug", calculator.slug.into()),
            ("name", kind_by_slug(calculator.slug).map_or(calculator.slug, |kind| kind.name).into()),
            ("rule", calculator.rule.into()),
            ("quantities", array(quantities)),
        ])
    }))
}

/// All quantities of a structure from those that are given: numbers in their order, NaN for each that is not.
/// `{ values, rust, command }`.
#[wasm_bindgen]
pub fn calculate(slug: &str, given: &[f64]) -> Result<JsValue, JsError> {
    let known = || error("there is no such structure: choose one of the list");
    let calculator = CALCULATORS.iter().find(|calculator| calculator.slug == slug).ok_or_else(known)?;
    let mut given: Vec<Option<f64>> = given.iter().map(|value| (!value.is_nan()).then_some(*value)).collect();
    given.resize(calculator.quantities.len(), None);
    let solved = (calculator.solve)(&given).map_err(error)?;
    Ok(object([
        ("values", array(solved.values.into_iter().map(JsValue::from))),
        ("rust", solved.rust.into()),
        ("command", solved.command.into()),
    ]))
}

#[cfg(test)]
mod tests;
