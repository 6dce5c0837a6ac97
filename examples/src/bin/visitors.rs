//! Distinct visitors of each day, merged to a month: the days' sketches are files, and the month is made of them.
//!
//! `just example visitors`: people a day as the argument.

use anyhow::Result;
use comfy_table::{Table, presets};
use fewbytes::{Estimate, HyperLogLog, Sigmas};
use fewbytes_examples::{argument, mix};
use std::collections::HashSet;

const DAYS: u64 = 30;
/// Registers are 2^12: 1.6 % of error in 3 KB a day.
const PRECISION: u32 = 12;
/// All sketches that are to be merged hash alike.
const SEED: u64 = 0;

/// Who came: most are regulars, some come once.
fn visitor(day: u64, visit: u64, people: u64) -> u64 {
    let draw = mix(day << 32 | visit);
    match draw % 4 {
        0 => draw,
        _ => mix(draw) % people,
    }
}

fn main() -> Result<()> {
    let people = argument(50_000)?.max(1);
    let folder = tempfile::tempdir()?;
    let name = |day: u64| folder.path().join(format!("day-{day:02}.few"));

    // Each night a job writes one small file.
    let (mut truths, mut all) = (Vec::new(), HashSet::new());
    for day in 1..=DAYS {
        let visitors: HashSet<u64> = (0..people).map(|visit| visitor(day, visit, people)).collect();
        let mut sketch = HyperLogLog::new(PRECISION, SEED)?;
        sketch.insert_all(visitors.iter().map(|id| id.to_le_bytes()));
        sketch.seal();
        fewbytes_mmap::save(name(day), sketch.as_bytes())?;
        truths.push(visitors.len() as u64);
        all.extend(visitors);
    }

    // At the end of the month only the files are left.
    let (mut month, mut sum) = (HyperLogLog::new(PRECISION, SEED)?, 0.0);
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["", "estimate", "two sigma", "truth", "error"]);
    let mut row = |what: String, estimate: Estimate, truth: u64| {
        let error = 100.0 * (estimate.value / truth as f64 - 1.0);
        let bounds = format!("{:.0} to {:.0}", estimate.low, estimate.high);
        table.add_row([
            what,
            format!("{:.0}", estimate.value),
            bounds,
            truth.to_string(),
            format!("{error:+.2} %"),
        ]);
    };
    for (day, truth) in (1..=DAYS).zip(truths) {
        let sketch = HyperLogLog::open(fewbytes_mmap::map(name(day))?)?;
        sketch.verify()?;
        month.merge(&sketch)?;
        sum += sketch.estimate().value;
        if day <= 2 || day == DAYS {
            row(format!("day {day}"), sketch.estimate(), truth);
        }
    }
    row("month, merged".into(), month.estimate(), all.len() as u64);
    println!("{table}");
    let (few, many) = (month.as_bytes().len(), 8 * all.len());
    println!(
        "The days added up: {sum:.0}. {DAYS} files of {few} bytes; the month's ids would take {many}, and have to be kept."
    );
    anyhow::ensure!(
        month.estimate_at(Sigmas::Three).covers(all.len() as f64),
        "a month in a thousand is off"
    );
    Ok(())
}
