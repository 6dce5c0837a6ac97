//! What happened to the counters, and what they say, in sentences.

use super::{CountersLab, counted_items};
use crate::lab::{Answers, Happened, History, Lab, Scene};
use crate::text::{counted, grouped};
use fewbytes::Estimate;
use fewbytes::counting::morris::events;

/// Items that are asked whether a cell is theirs.
const MOST_ASKED: usize = 1000;

/// Numbers as people list them: `3, 17 and 64`.
fn listed(numbers: impl ExactSizeIterator<Item = u64>) -> String {
    let len = numbers.len();
    let mut text = String::new();
    for (i, number) in numbers.enumerate() {
        text += match i {
            0 => "",
            _ if i + 1 == len => " and ",
            _ => ", ",
        };
        text += &grouped(number as f64);
    }
    text
}

/// A count with one decimal where it is not whole.
pub fn number(count: f64) -> String {
    match count < 100.0 && count != libm::floor(count) {
        true => format!("{count:.1}"),
        false => grouped(count),
    }
}

pub fn between(estimate: &Estimate) -> String {
    match estimate.high.is_finite() {
        true => format!("{} to {}", number(estimate.low), number(estimate.high)),
        false => format!("{} or more", number(estimate.low)),
    }
}

fn nouns(lab: &CountersLab) -> [&'static str; 2] {
    if lab.counters.base().is_some() { ["register", "registers"] } else { ["cell", "cells"] }
}

fn shape(lab: &CountersLab) -> String {
    let [one, many] = nouns(lab);
    match lab.counters.shape() {
        (1, width) => counted(width as u64, one, many),
        (rows, width) => {
            format!("{} of {}", counted(rows as u64, "row", "rows"), counted(width as u64, one, many))
        }
    }
}

pub fn empty(lab: &CountersLab) -> String {
    format!("{}, all at 0. Any word is an event.", shape(lab))
}

pub fn opened(lab: &CountersLab) -> String {
    format!(
        "Opened a {} of {} and {} under seed {}. How often each word really came nobody can tell from it.",
        lab.about().name,
        shape(lab),
        counted(lab.counters.events().value as u64, "event", "events"),
        lab.tuning().seed
    )
}

pub fn retuned(control: usize, lab: &CountersLab) -> String {
    format!("{} now: all events were counted anew.", lab.counters.shown(control))
}

/// What a step did.
pub fn step(step: &Happened<'_>, lab: &CountersLab) -> String {
    let [_, many] = nouns(lab);
    if let Some(told) = step.told() {
        let cells = lab.cells();
        let used = cells.iter().filter(|cell| **cell > 0).count();
        let (used, all) = (grouped(used as f64), grouped(cells.len() as f64));
        return format!("{told}: {used} of {all} {many} are above 0.");
    }
    let Some(touched) = &lab.touched else { return String::new() };
    let text = touched.text.as_deref().unwrap_or_default();
    let now: Vec<u64> = touched.places.iter().map(|place| lab.held(*place)).collect();
    let went_up = now.iter().zip(&touched.before).filter(|(now, before)| now > before).count();
    let says = number(lab.counters.count(touched.hash).value);
    if let [place] = touched.places[..] {
        let (before, now) = (touched.before[0], now[0]);
        let stands = match lab.counters.base() {
            Some(_) => format!(", which stands for {says}"),
            None => String::new(),
        };
        return match (went_up, lab.counters.base()) {
            (0, Some(base)) => format!(
                "“{text}” has {} {place}. The chance was {}, and the coin said no: it stays at {now}{stands}.",
                nouns(lab)[0],
                chance(base, before)
            ),
            _ => format!("“{text}” has {} {place}. It went from {before} to {now}{stands}.", nouns(lab)[0]),
        };
    }
    let all = now.len();
    let which = match went_up {
        0 => "none of them went up".into(),
        1 => "one of them went up".into(),
        _ if went_up == all => "all of them went up".into(),
        _ => format!("{went_up} of them went up"),
    };
    format!(
        "“{text}” has a {} in each row: {}. They held {}; {which}. The least says {says}.",
        nouns(lab)[0],
        listed(touched.places.iter().map(|place| *place as u64)),
        listed(touched.before.iter().copied())
    )
}

/// The chance that the next event counts at a state: one in the events between it and the next.
fn chance(base: f64, state: u64) -> String {
    let state = state as u16;
    let apart = events(base, state.saturating_add(1)) - events(base, state);
    format!("1 in {}", if apart < 10.0 { format!("{apart:.1}") } else { grouped(apart) })
}

pub fn merged(before: &[u64], lab: &CountersLab) -> String {
    let [_, many] = nouns(lab);
    let grew = lab.cells().iter().zip(before).filter(|(now, before)| now != before).count();
    let (grew, all) = (grouped(grew as f64), grouped(before.len() as f64));
    match lab.counters.base() {
        None => format!("Merged: each of the {all} {many} is the sum of two; {grew} of them grew."),
        Some(_) => format!("Merged: {grew} of {all} {many} went up, by tosses for each state of the other."),
    }
}

pub fn worst(len: usize) -> String {
    format!("The most wrong of {}.", counted(len as u64, "word", "different words"))
}

pub fn none_wrong(len: usize) -> String {
    match len {
        0 => "No word came yet.".into(),
        _ => format!("Of {} none is counted wrong.", counted(len as u64, "word", "different words")),
    }
}

/// What the counters say of a word, and why.
pub fn check(lab: &CountersLab, text: &str, hash: u64, history: &History) -> String {
    let places = lab.counters.places(hash);
    let held = listed(places.iter().map(|place| lab.held(*place)));
    let [one, many] = nouns(lab);
    let count = lab.counters.count(hash);
    let says = number(count.value);
    let said = match places[..] {
        [place] if lab.counters.base().is_some() => {
            format!("“{text}”: {one} {place} is at {held}, which stands for {says}")
        }
        [place] => format!("“{text}”: {one} {place} holds {held}"),
        _ => {
            let places = listed(places.iter().map(|place| *place as u64));
            format!("“{text}”: {many} {places} hold {held}; the least says {says}")
        }
    };
    if history.is_from_file() {
        return format!("{said}.");
    }
    let truth = history.count_of(hash);
    let came = match truth {
        0 => "It never came".into(),
        _ => format!("It came {}", counted(truth, "time", "times")),
    };
    match count.value - truth as f64 {
        0.0 => format!("{said}. {came}."),
        more if more > 0.0 => {
            format!("{said}. {came}: {} too many, other words’ or by chance.", number(more))
        }
        less => format!("{said}. {came}: {} too few, by chance.", number(-less)),
    }
}

/// A cell, and whose it is.
pub fn cell(lab: &CountersLab, cell: usize, history: &History) -> String {
    let (_, width) = lab.counters.shape();
    let (one, held) = (nouns(lab)[0], lab.held(cell));
    let stands = match lab.counters.base() {
        Some(base) => format!(", which stands for {}", number(events(base, held as u16))),
        None => String::new(),
    };
    let place = match lab.counters.shape() {
        (1, _) => format!("{one} {cell}"),
        _ => format!("{one} {} of row {}", cell % width.max(1), cell / width.max(1)),
    };
    let of = owners(lab, cell, history, 3);
    let of = if of.is_empty() { String::new() } else { format!(", of {of}") };
    format!("{place} holds {held}{stands}{of}")
}

/// The first `most` of the items that have a cell.
pub fn owners(lab: &CountersLab, cell: usize, history: &History, most: usize) -> String {
    let is_own = |hash: u64| lab.counters.places(hash).contains(&cell);
    let own = history.items(MOST_ASKED).filter(|(hash, _)| is_own(*hash));
    let names: Vec<String> = own.map(|(_, name)| format!("“{name}”")).collect();
    match names.len().saturating_sub(most) {
        0 => names.join(", "),
        more => format!("{} and {} more", names[..most].join(", "), grouped(more as f64)),
    }
}

/// The counts beside the truth.
pub fn answers(lab: &CountersLab, scene: &Scene<'_>) -> Answers {
    let name = lab.about().estimators[0].name;
    let asked = scene.asked.map(|asked| (asked.text.as_str(), asked.hash));
    let touched = lab.touched.as_ref();
    let word = asked.or_else(|| touched.and_then(|touched| Some((touched.text.as_deref()?, touched.hash))));
    let known = |truth: u64| if scene.history.is_from_file() { "–".into() } else { grouped(truth as f64) };
    let mut rows = Vec::new();
    let line = match word {
        Some((text, hash)) => {
            let (count, truth) = (lab.counters.count(hash), scene.history.count_of(hash));
            rows.push(vec![format!("“{text}”"), number(count.value), between(&count), known(truth)]);
            let truth = match scene.history.is_from_file() {
                true => "The truth is not known.".into(),
                false => format!("The truth is {}.", grouped(truth as f64)),
            };
            format!("How often did “{text}” come? {name} says {}. {truth}", number(count.value))
        }
        None => "Add a word, or ask for one: how often did it come?".into(),
    };
    let all = lab.counters.events();
    let truth = scene.truth.map_or("–".into(), |truth| grouped(truth as f64));
    rows.push(vec!["all events".into(), number(all.value), between(&all), truth]);
    if !scene.history.is_from_file() {
        let counts = counted_items(scene.history);
        let wrong = counts
            .iter()
            .filter(|(hash, truth)| (lab.counters.count(**hash).value - **truth as f64).abs() >= 0.5);
        let share = format!("{} of {}", grouped(wrong.count() as f64), grouped(counts.len() as f64));
        rows.push(vec!["words counted wrong".into(), share, String::new(), String::new()]);
    }
    Answers {
        line,
        caution: String::new(),
        title: "Counts beside the truth",
        head: ["what", "says", "between", "truth"].map(Into::into).into(),
        rows,
    }
}
