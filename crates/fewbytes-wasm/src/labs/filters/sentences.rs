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
    match lab.filter.len() {
        0 => "No item yet, and so no cell. Add a word.".into(),
        _ => format!("{}, all 0. Add a word.", cells_in_words(lab)),
    }
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
    let shown = capital(&lab.filter.shown(control));
    let set = match lab.filter.sets() {
        true => format!(": {} of it is set", percent(set_len(lab) as f64 / lab.filter.len().max(1) as f64)),
        false => String::new(),
    };
    format!("{shown} now. A filter can’t be changed so, therefore all items were put in anew{set}.")
}

/// With a capital letter: all that a filter's sentences begin with is ASCII.
fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

pub fn set_len(lab: &FilterLab) -> usize {
    (0..lab.filter.len()).filter(|cell| !lab.filter.is_empty(*cell)).count()
}

/// What a step did, beside the cells as they were.
pub fn step(step: &Happened<'_>, before: &[u16], lab: &FilterLab) -> String {
    let [one, many] = lab.filter.nouns();
    let remark = lab.filter.remark();
    if let Some(told) = step.told() {
        if !lab.filter.sets() {
            return format!("{told}.{remark}");
        }
        let set = |cells: &[u16]| cells.iter().filter(|cell| **cell > 0).count() as u64;
        let newly = counted(set(&lab.cells()).saturating_sub(set(before)), one, many);
        return format!("{told}: {newly} of {} set that were not.{remark}", grouped(lab.filter.len() as f64));
    }
    let Some(touched) = &lab.touched else { return String::new() };
    let text = touched.text.as_deref().unwrap_or_default();
    let places = listed(lab, &touched.places);
    if let Some((hash, _)) = step.last()
        && let Some(comes_to) = lab.filter.comes_to(hash)
    {
        return format!("“{text}”: {comes_to}.{remark}");
    }
    let said = match (touched.fresh.len(), touched.places.len()) {
        (0, _) if step.is_again() && lab.filter.window().is_some() => {
            format!("“{text}” again: {places} are set already. It is among the latest.")
        }
        (0, _) if step.is_again() && lab.filter.most() == 1 => {
            format!("“{text}” again: the same word has the same {many}, so nothing can change.")
        }
        (0, _) if step.is_again() => format!("“{text}” again: {places} go up by one more."),
        (0, _) => format!(
            "“{text}” goes to {places}. Other words had set all of them: the filter would have said yes before it came."
        ),
        (fresh, all) if fresh == all => format!("“{text}” goes to {places}. All of them were 0."),
        (fresh, _) => format!("“{text}” goes to {places}. {fresh} of them were 0."),
    };
    said + &remark
}

pub fn removed(step: &Happened<'_>, removed: bool, lab: &FilterLab) -> String {
    let Some((_, Some(text))) = step.last() else { return String::new() };
    let places = lab.touched.as_ref().map(|touched| listed(lab, &touched.places)).unwrap_or_default();
    match removed {
        true => format!("“{text}” is taken out: {places} go down by one."),
        false => format!("“{text}” surely is not there, so nothing is taken out."),
    }
}

pub fn merged(before: &[u16], lab: &FilterLab) -> String {
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

/// Whether an item came; to a filter that forgets, whether it did among the latest ones.
fn came(lab: &FilterLab, hash: u64, history: &History) -> bool {
    match lab.filter.window() {
        None => history.count_of(hash) > 0,
        Some(window) => history.hashes().iter().rev().take(window as usize).any(|other| *other == hash),
    }
}

/// What the filter says of a word, and why.
pub fn check(lab: &FilterLab, text: &str, hash: u64, history: &History) -> String {
    let places = lab.filter.places(hash);
    let empty: Vec<usize> = places.iter().copied().filter(|place| lab.filter.is_empty(*place)).collect();
    let comes_to = lab.filter.comes_to(hash);
    if !lab.filter.contains(hash) {
        return match comes_to {
            Some(comes_to) => format!("“{text}”: no. {}.", capital(&comes_to)),
            None if empty.is_empty() => format!("“{text}”: no. It surely is not there."),
            None => format!(
                "“{text}”: no. Of its {}, {} would be set had it come.",
                listed(lab, &places),
                listed(lab, &empty)
            ),
        };
    }
    let is_chance = comes_to.is_some();
    let comes_to = comes_to.unwrap_or_else(|| format!("{} are set", listed(lab, &places)));
    let found = format!("“{text}”: yes, {comes_to}");
    if history.is_from_file() {
        return format!("{found}. Whether it came nobody can tell from a file.");
    }
    if came(lab, hash, history) {
        return format!("{found}, and it came.");
    }
    if history.count_of(hash) > 0 {
        return format!("{found}. It came long ago, and is not forgotten yet.");
    }
    if is_chance {
        return format!("{found}, by chance. A false positive.");
    }
    let setters = setters(lab, history);
    let by: Vec<String> =
        places.iter().map(|place| format!("{place} by {}", names(setters.get(*place), 1))).collect();
    format!("{found}, but by others: {}. A false positive.", by.join(", "))
}

/// For each cell the items that set it, of the first thousand; not those that are forgotten.
pub fn setters(lab: &FilterLab, history: &History) -> Vec<Vec<String>> {
    let mut setters = vec![Vec::new(); lab.filter.len()];
    for (hash, name) in history.items(MOST_ASKED).filter(|(hash, _)| lab.filter.contains(*hash)) {
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
    let (one, value) = (lab.filter.name_of(cell), lab.filter.cell(cell));
    let by = names(setters(lab, history).get(cell), 3);
    match by.is_empty() {
        true => format!("{one} is {value}"),
        false if lab.filter.sets() => format!("{one} is {value}, set by {by}"),
        false => format!("{one} is {value}, used by {by}"),
    }
}

/// The filter's answer beside the truth.
pub fn answers(lab: &FilterLab, scene: &Scene<'_>) -> Answers {
    let now = lab.filter.current_rate();
    let line = match scene.asked {
        Some(asked) => {
            let (text, says) = (&asked.text, if lab.filter.contains(asked.hash) { "yes" } else { "no" });
            let truth = match came(lab, asked.hash, scene.history) {
                _ if scene.history.is_from_file() => "The truth is not known.",
                true => "The truth is yes.",
                false if scene.history.count_of(asked.hash) > 0 => "The truth is no: it came before those.",
                false if says == "yes" => "The truth is no: a false positive.",
                false => "The truth is no.",
            };
            let among =
                lab.filter.window().map(|window| format!(" among the last {}", grouped(window as f64)));
            format!("Did “{text}” come{}? The filter says {says}. {truth}", among.unwrap_or_default())
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
    // Of one that forgets the truth is another.
    let (items_name, error) = match lab.filter.window() {
        Some(_) => ("items kept", "–".into()),
        None => ("items", error_of(estimate.value, scene.truth)),
    };
    let rows = vec![
        vec![items_name.into(), grouped(estimate.value), bounds, error],
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
