//! What happened, in a sentence: the `why` of the lab.

use super::places::Touched;
use crate::lab::Happened;
use crate::text::{counted, grouped};
use fewbytes::HyperLogLog;

pub fn empty(sketch: &HyperLogLog) -> String {
    let registers = grouped(sketch.register_len() as f64);
    format!("{registers} registers, all empty. Add a word.")
}

pub fn opened(sketch: &HyperLogLog) -> String {
    format!(
        "Opened a sketch of {} under seed {}. It holds registers, not items: nobody can tell the truth from it.",
        counted(sketch.register_len() as u64, "register", "registers"),
        sketch.seed()
    )
}

/// What a precision means.
pub fn precision(sketch: &HyperLogLog) -> String {
    format!("{}: {} registers", sketch.precision(), grouped(sketch.register_len() as f64))
}

/// What a step did: `changed` registers grew.
pub fn step(step: &Happened<'_>, touched: Option<Touched>, changed: usize, sketch: &HyperLogLog) -> String {
    match (step.told(), step.last()) {
        (Some(told), _) => {
            let (registers, changed) = (grouped(sketch.register_len() as f64), grouped(changed as f64));
            format!("{told}: {changed} of {registers} registers grew.")
        }
        (None, Some((_, Some(text)))) => word(text, step.is_again(), touched),
        _ => String::new(),
    }
}

fn word(text: &str, again: bool, touched: Option<Touched>) -> String {
    let Some(Touched { register, rank, before, .. }) = touched else { return String::new() };
    if again {
        return format!("“{text}” again: the same word has the same hash, so nothing can change.");
    }
    let place = format!("“{text}”: its hash picks register {register} and has rank {rank}.");
    match before {
        0 => format!("{place} The register was empty; now it holds {rank}."),
        _ if rank > before => format!("{place} The register held {before}; now it holds {rank}."),
        _ if rank == before => format!("{place} The register holds {before} already, so nothing changes."),
        _ => format!("{place} The register holds {before}, which is larger, so nothing changes."),
    }
}

/// After a merge: `before` are our own ranks, `finer` the higher of the two precisions.
pub fn merged(before: &[u8], sketch: &HyperLogLog, finer: u32) -> String {
    let precision = sketch.precision();
    let sum = "The sum is what one sketch would hold that had seen the items of both.";
    if precision != finer {
        return format!(
            "Merged: the finer one was folded from precision {finer} to {precision} first. {sum}"
        );
    }
    let theirs = sketch.registers().zip(before).filter(|(now, before)| now != *before).count();
    let registers = grouped(sketch.register_len() as f64);
    format!(
        "Merged: each register keeps the larger of two; {theirs} of {registers} came from the other. {sum}"
    )
}

pub fn folded(from: u32, sketch: &HyperLogLog) -> String {
    format!(
        "Folded from precision {from} to {}: {} registers are left, bit for bit as if it had been so from the start.",
        sketch.precision(),
        grouped(sketch.register_len() as f64)
    )
}

pub fn finer(sketch: &HyperLogLog) -> String {
    format!(
        "Precision {} now, {} registers. A sketch can't be made finer, so all items were put in anew.",
        sketch.precision(),
        grouped(sketch.register_len() as f64)
    )
}
