//! `remove`: items out of a saved structure.

use crate::files::{self, Changing, Name};
use crate::input::{Block, Blocks};
use crate::output;
use crate::split::By;
use anyhow::{Result, bail};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Remove lines or words from a saved structure that can, such as a counting Bloom filter.
///
/// Remove only what was inserted. An item that surely is not there is refused, and counted; one that never was, and looks as
/// if, is not told from one that was, and others may be missing afterwards.
///
/// Prints how many were removed and how many refused. The result is saved in place of the old at once; another that changes the
/// file waits until then.
#[derive(clap::Args)]
pub struct Args {
    /// The structure; `-` reads it from standard input and writes it to standard output, without a word.
    #[arg(value_name = "FILE.few")]
    structure: PathBuf,
    /// Files to read; `-`, or none, is standard input.
    files: Vec<PathBuf>,
    /// What an item is.
    #[arg(long, value_enum, default_value = "line")]
    by: By,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(Args { structure, files: inputs, by, json }: &Args) -> Result<()> {
    files::check_stdin(structure, inputs)?;
    files::check_output(structure)?;
    let changing = Changing::wait(structure)?;
    let mut sketch = files::read_sketch(structure)?;
    if !sketch.entry().removes {
        bail!(
            "{} is a `{}`, from which nothing can be removed: build it again without the items, or build a structure \
             that can (`fewbytes list`)",
            Name(structure),
            sketch.entry().slug
        );
    }
    let (mut removed, mut refused) = (0_u64, 0_u64);
    let (mut blocks, mut block) = (Blocks::open(inputs, *by)?, Block::default());
    while blocks.next(&mut block)? {
        for item in block.items() {
            match sketch.remove(item).map_err(files::about(structure))? {
                true => removed += 1,
                false => refused += 1,
            }
        }
    }
    changing.save(sketch)?;
    match (files::is_dash(structure), json) {
        (true, _) => Ok(()),
        (false, true) => output::print_json(&json!({ "removed": removed, "refused": refused })),
        (false, false) => output::stdout(|out| {
            Ok(writeln!(out, "{removed} removed, {refused} refused: they were not there")?)
        }),
    }
}
