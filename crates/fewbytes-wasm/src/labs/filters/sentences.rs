//! What happened in a filter, and what it says, in sentences.

use super::FilterLab;
use crate::lab::{Answers, Happened, History, Lab, Scene, error_of};
use crate::text::{counted, grouped};

/// So many items are asked which cells they set.
const MOST_ASKED: usize = 1000;

/// A rate as people read it: `2.3 %`, `0.012 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = match percent {
        _ if percent == 0.0 => 0,
        _ if percent < 0.000_05 => return "below 0.0001 %".into(),
        10.0.. => 0,
        1.0..10.0 => 1,
        0.1..1.0 => 2,
        _ => 4,
    };
    format!("{percent:.decimals$} %")
}

/// Cells by their numbers: `bits 3, 17 and 64`.
fn listed(lab: &FilterLab, cells: &[usize]) -> String {
    let [one, many] = lab.filter.nouns();
    match cells {
        [] => format!("no {one}"),
        [cell] => format!("{one} {cell}"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{many} {} and {last}", first.join(", "))
        }
    }
}

fn cells_in_words(lab: &FilterLab) -> String {
    let [one, many] = lab.filter.nouns();
    counted(lab.filter.len() as u64, one, many)
}

pub fn empty(lab: &FilterLab) -> String {
    format!("{}, all 0. Add a word.", cells_in_words(lab))
}

pub fn opened(lab: &FilterLab) -> String {
    format!(
        "Opened a {} of {} under seed {}. It holds no items: nobody can tell the truth from it.",
        lab.about().name,
        cells_in_words(lab),
        lab.tuning().seed
    )
}

pub fn retuned(control: usize, lab: &FilterLab) -> String {
    format!(
        "{} now. A filter can’t be changed so, therefore all items were put in anew: {} of it is set.",
        capital(&lab.filter.shown(control)),
        percent(set_len(lab) as f64 / lab.filter.len().max(1) as f64)
    )
}

/// With a capital letter: all that a filter's sentences begin with is ASCII.
fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn set_len(lab: &FilterLab) -> usize {
    lab.cells().iter().filter(|cell| **cell > 0).count()
}

/// What a step did, beside the cells as they were.
pub fn step(step: &Happened<'_>, before: &[u8], lab: &FilterLab) -> String {
    let [one, many] = lab.filter.nouns();
    if let Some(told) = step.told() {
        let set = |cells: &[u8]| cells.iter().filter(|cell| **cell > 0).count() as u64;
        let newly = counted(set(&lab.cells()).saturating_sub(set(before)), one, many);
        return format!("{told}: {newly} of {} set that were not.", grouped(lab.filter.len() as f64));
    }
    let Some(touched) = &lab.touched else { return String::new() };
    let text = touched.text.as_deref().unwrap_or_default();
    let places = listed(lab, &touched.places);
    match (touched.fresh.len(), touched.places.len()) {
        (0, _) if step.is_again() && lab.filter.most() == 1 => {
            format!("“{text}” again: the same word has the same {many}, so nothing can change.")
        }
        (0, _) if step.is_again() => format!("“{text}” again: {places} go up by one more."),
        (0, _) => format!(
            "“{text}” goes to {places}. Other words had set all of them: the filter would have said yes before it came."
        ),
        (fresh, all) if fresh == all => format!("“{text}” goes to {places}. All of them were 0."),
        (fresh, _) => format!("“{text}” goes to {places}. {fresh} of them were 0."),
    }
}

pub fn removed(step: &Happened<'_>, removed: bool, lab: &FilterLab) -> String {
    let Some((_, Some(text))) = step.last() else { return String::new() };
    let places = lab.touched.as_ref().map(|touched| listed(lab, &touched.places)).unwrap_or_default();
    match removed {
        true => format!("“{text}” is taken out: {places} go down by one."),
        false => format!("“{text}” surely is not there, so nothing is taken out."),
    }
}

pub fn merged(before: &[u8], lab: &FilterLab) -> String {
    let [one, many] = lab.filter.nouns();
    let changed = lab.cells().iter().zip(before).filter(|(now, before)| now != before).count();
    let changed = counted(changed as u64, one, many);
    format!("Merged: {changed} changed. The result is the filter that would have seen the items of both.")
}

pub fn found(guess: u32) -> String {
    format!(
        "{} tried.",
        capital(&counted(guess.into(), "word that never came was", "words that never came were"))
    )
}

pub fn not_found(guesses: u32) -> String {
    format!(
        "Among {} words that never came there is none that the filter takes for one of its own.",
        grouped(guesses.into())
    )
}

/// What the filter says of a word, and why.
pub fn check(lab: &FilterLab, text: &str, hash: u64, history: &History) -> String {
    let places = lab.filter.places(hash);
    let empty: Vec<usize> = places.iter().copied().filter(|place| lab.filter.cell(*place) == 0).collect();
    if !lab.filter.contains(hash) {
        return match empty.is_empty() {
            true => format!("“{text}”: no. It surely is not there."),
            false => format!(
                "“{text}”: no. Of its {}, {} would be set had it come.",
                listed(lab, &places),
                listed(lab, &empty)
            ),
        };
    }
    let found = format!("“{text}”: yes, {} are set", listed(lab, &places));
    if history.is_from_file() {
        return format!("{found}. Whether it came nobody can tell from a file.");
    }
    if history.count_of(hash) > 0 {
        return format!("{found}, and it came.");
    }
    let setters = setters(lab, history);
    let by: Vec<String> =
        places.iter().map(|place| format!("{place} by {}", names(setters.get(*place), 1))).collect();
    format!("{found}, but by others: {}. A false positive.", by.join(", "))
}

/// For each cell the items that set it, of the first thousand.
pub fn setters(lab: &FilterLab, history: &History) -> Vec<Vec<String>> {
    let mut setters = vec![Vec::new(); lab.filter.len()];
    for (hash, name) in history.items(MOST_ASKED) {
        for place in lab.filter.places(hash) {
            if let Some(setters) = setters.get_mut(place) {
                setters.push(name.clone());
            }
        }
    }
    setters
}

/// The first `most` of some names, and how many more there are.
pub fn names(names: Option<&Vec<String>>, most: usize) -> String {
    let names = names.map_or(&[][..], |names| &names[..]);
    let first: Vec<String> = names.iter().take(most).map(|name| format!("“{name}”")).collect();
    match names.len().saturating_sub(most) {
        0 => first.join(", "),
        more => format!("{} and {} more", first.join(", "), grouped(more as f64)),
    }
}

/// A cell, and who set it.
pub fn cell(lab: &FilterLab, cell: usize, history: &History) -> String {
    let one = lab.filter.nouns()[0];
    let value = lab.filter.cell(cell);
    let by = names(setters(lab, history).get(cell), 3);
    match by.is_empty() {
        true => format!("{one} {cell} is {value}"),
        false => format!("{one} {cell} is {value}, set by {by}"),
    }
}

/// The filter's answer beside the truth.
pub fn answers(lab: &FilterLab, scene: &Scene<'_>) -> Answers {
    let now = lab.filter.current_rate();
    let line = match scene.asked {
        Some(asked) => {
            let (text, says) = (&asked.text, if lab.filter.contains(asked.hash) { "yes" } else { "no" });
            let truth = match scene.history.count_of(asked.hash) > 0 {
                _ if scene.history.is_from_file() => "The truth is not known.",
                true => "The truth is yes.",
                false if says == "yes" => "The truth is no: a false positive.",
                false => "The truth is no.",
            };
            format!("Did “{text}” come? The filter says {says}. {truth}")
        }
        None => format!(
            "Asked for a word that never came, the filter says yes with a chance of {}.",
            percent(now)
        ),
    };
    let estimate = lab.filter.estimate();
    let items = scene.truth.map_or(estimate.value, |truth| truth as f64);
    let bounds = match estimate.high.is_finite() {
        true => format!("{} to {}", grouped(estimate.low), grouped(estimate.high)),
        false => format!("{} or more", grouped(estimate.low)),
    };
    let rows = vec![
        vec!["items".into(), grouped(estimate.value), bounds, error_of(estimate.value, scene.truth)],
        vec![
            "a wrong yes".into(),
            percent(now),
            format!("{} by theory", percent(lab.filter.rate_at(items))),
            format!("{} measured", percent(lab.measured_rate())),
        ],
    ];
    Answers {
        line,
        caution: String::new(),
        title: "What the filter says of itself",
        head: ["what", "says", "should be", "is off by"].map(Into::into).into(),
        rows,
    }
}
