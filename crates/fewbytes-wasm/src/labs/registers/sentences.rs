//! What happened, in a sentence: the `why` of the lab.

use super::{PRECISION, Sketch, Touched, estimators, ranked};
use crate::lab::{Happened, Scene, error_of};
use crate::text::{counted, grouped};
use fewbytes::Estimate;

fn register_len(sketch: &dyn Sketch) -> u64 {
    1 << sketch.precision()
}

pub fn empty(sketch: &dyn Sketch) -> String {
    format!("{} registers, all empty. Add a word.", grouped(register_len(sketch) as f64))
}

pub fn opened(sketch: &dyn Sketch) -> String {
    format!(
        "Opened a sketch of {} under seed {}. It holds registers, not items: nobody can tell the truth from it.",
        counted(register_len(sketch), "register", "registers"),
        sketch.tuning().seed
    )
}

/// What a parameter's value means.
pub fn shown(control: usize, sketch: &dyn Sketch) -> String {
    let value = sketch.tuning().whole(control);
    match (control, value) {
        (PRECISION, _) => format!("{value}: {} registers", grouped(register_len(sketch) as f64)),
        (1, _) => format!("{value} bits"),
        (_, 0) => "none".into(),
        _ => "16 bytes more".into(),
    }
}

pub fn retuned(control: usize, sketch: &dyn Sketch) -> String {
    let name = sketch.about().controls.get(control).map_or("", |control| control.parameter.name);
    format!("The {name} is another: all items were put in anew.")
}

/// What a step did: `changed` registers did.
pub fn step(step: &Happened<'_>, touched: Option<Touched>, changed: usize, sketch: &dyn Sketch) -> String {
    match (step.told(), step.last()) {
        (Some(told), _) => {
            let (registers, changed) = (grouped(register_len(sketch) as f64), grouped(changed as f64));
            format!("{told}: {changed} of {registers} registers changed.")
        }
        (None, Some((_, Some(text)))) => word(text, step.is_again(), touched, sketch),
        _ => String::new(),
    }
}

fn word(text: &str, again: bool, touched: Option<Touched>, sketch: &dyn Sketch) -> String {
    let Some(Touched { register, alone, before, now, .. }) = touched else { return String::new() };
    if again {
        return format!("“{text}” again: the same word has the same hash, so nothing can change.");
    }
    let (rank, held, told) = (sketch.rank_of(alone), sketch.rank_of(before), sketch.told(now));
    let place = format!("“{text}”: its hash picks register {register} and has rank {rank}.");
    match before {
        0 => format!("{place} The register was empty; now it holds {told}."),
        _ if now != before => {
            format!("{place} The register held {}; now it holds {told}.", sketch.told(before))
        }
        _ if rank == held => format!("{place} The register holds {told} already, so nothing changes."),
        _ if rank > held => format!("{place} The register holds {told}, so nothing changes."),
        _ => format!("{place} The register holds {told}, which is larger, so nothing changes."),
    }
}

/// After a merge: `before` are our own registers, `finer` the higher of the two precisions.
pub fn merged(before: &[u64], sketch: &dyn Sketch, finer: u32) -> String {
    let precision = sketch.precision();
    let sum = "The sum is what one sketch would hold that had seen the items of both.";
    if precision != finer {
        return format!(
            "Merged: the finer one was folded from precision {finer} to {precision} first. {sum}"
        );
    }
    let theirs = sketch.values().iter().zip(before).filter(|(now, before)| now != before).count();
    let registers = grouped(before.len() as f64);
    format!(
        "Merged: each register keeps the larger of two; {theirs} of {registers} came from the other. {sum}"
    )
}

pub fn folded(from: u32, sketch: &dyn Sketch) -> String {
    format!(
        "Folded from precision {from} to {}: {} registers are left, bit for bit as if it had been so from the start.",
        sketch.precision(),
        grouped(register_len(sketch) as f64)
    )
}

pub fn finer(sketch: &dyn Sketch) -> String {
    format!(
        "Precision {} now, {} registers. A sketch can't be made finer, so all items were put in anew.",
        sketch.precision(),
        grouped(register_len(sketch) as f64)
    )
}

/// What this sketch and the one that was put aside say of their sets: their union, and what they have in common. The least
/// of two registers is no register of the intersection, for different items may have made both: it is shown beside what is
/// right.
pub fn both(sketch: &dyn Sketch, scene: &Scene<'_>) -> Vec<Vec<String>> {
    let Some((lab, other)) = scene.aside else { return Vec::new() };
    let same = lab.tuning().seed == sketch.tuning().seed && lab.tuning().values == sketch.tuning().values;
    let (Ok(mut theirs), true) = (sketch.empty(), same) else { return Vec::new() };
    if theirs.merge(lab.bytes()).is_err() {
        return Vec::new();
    }
    let mut union = sketch.copy();
    if union.merge(lab.bytes()).is_err() {
        return Vec::new();
    }
    let own = |sketch: &dyn Sketch| sketch.estimates().pop().unwrap_or(Estimate::exact(0.0));
    let (a, b, all) = (own(sketch).value, own(&*theirs).value, own(&*union));
    let least: Vec<u8> = sketch.ranks().into_iter().zip(theirs.ranks()).map(|(a, b)| a.min(b)).collect();
    let least =
        ranked::histogram(&least, sketch.precision()).map(|least| (estimators::HYPERLOGLOG.estimate)(&least));

    let known = !scene.history.is_from_file() && !other.is_from_file();
    let common =
        || scene.history.items(usize::MAX).filter(|(hash, _)| other.count_of(*hash) > 0).count() as u64;
    let common = known.then(common);
    let union_truth = scene.truth.zip(other.distinct()).zip(common);
    let union_truth = union_truth.map(|((ours, theirs), common)| ours + theirs - common);
    let row = |name: &str, value: f64, bounds: Option<Estimate>, truth: Option<u64>| {
        let bounds = bounds.map(|bounds| format!("{} to {}", grouped(bounds.low), grouped(bounds.high)));
        let error = if truth == Some(0) { "truth 0".into() } else { error_of(value, truth) };
        vec![name.into(), grouped(value), bounds.unwrap_or("–".into()), error]
    };
    let mut rows = vec![row("in one or both", all.value, Some(all), union_truth)];
    rows.push(row("in both: sum less union", (a + b - all.value).max(0.0), None, common));
    if let Some(shared) = sketch.shared(lab.bytes()) {
        rows.push(row("in both: likelihood", shared.value, Some(shared), common));
    }
    rows.extend(least.map(|least| row("least of registers, wrong", least, None, common)));
    rows
}
