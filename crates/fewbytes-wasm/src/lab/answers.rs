//! What a lab says, beside the truth.

use super::Lab;
use super::bench::Scene;
use crate::text::{grouped, signed_percent};

/// An answer in a sentence, and rows of a table.
pub struct Answers {
    /// The answer and the truth.
    pub line: String,
    /// What to bear in mind of it here, if anything.
    pub caution: String,
    /// The table's title.
    pub title: &'static str,
    pub head: Vec<String>,
    /// The first rows are the estimators', in their order.
    pub rows: Vec<Vec<String>>,
}

/// The error of a value: `+3.2 %`, or a dash where there is none to tell.
pub fn error_of(value: f64, truth: Option<u64>) -> String {
    match truth {
        Some(truth) if truth > 0 => signed_percent(value / truth as f64 - 1.0),
        _ => "–".into(),
    }
}

/// What the estimators say, the chosen one in a sentence.
pub fn estimates_as_answers(lab: &dyn Lab, scene: &Scene<'_>, title: &'static str) -> Answers {
    let estimates = lab.estimates();
    let estimators = lab.about().estimators;
    let value = estimates.get(scene.chosen).map_or(0.0, |estimate| estimate.value);
    let says = format!("{} says {}.", estimators[scene.chosen].name, grouped(value));
    let line = match scene.truth {
        None => format!("{says} The truth is not known."),
        Some(0) => format!("{says} The truth is 0."),
        Some(truth) => {
            let error = error_of(value, scene.truth);
            format!("{says} The truth is {}: an error of {error}.", grouped(truth as f64))
        }
    };
    let rows = estimators.iter().zip(estimates).map(|(estimator, estimate)| {
        let bounds = format!("{} to {}", grouped(estimate.low), grouped(estimate.high));
        let error = error_of(estimate.value, scene.truth);
        vec![estimator.name.into(), grouped(estimate.value), bounds, error]
    });
    Answers {
        line,
        caution: String::new(),
        title,
        head: ["estimator", "says", "between", "error"].map(Into::into).into(),
        rows: rows.collect(),
    }
}
