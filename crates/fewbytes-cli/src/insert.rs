//! `insert`: more items into a saved structure.

use crate::split::By;
use crate::{build, files};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Insert more lines or words into a saved structure.
///
/// The result is saved in place of the old at once: whatever happens before, the old file is intact. Two that insert
/// into one file at a time don't see each other: the later one wins.
#[derive(clap::Args)]
pub struct Args {
    /// The structure; `-` reads it from standard input and writes it to standard output.
    #[arg(value_name = "FILE.few")]
    structure: PathBuf,
    /// Files to read; `-`, or none, is standard input.
    files: Vec<PathBuf>,
    /// What an item is.
    #[arg(long, value_enum, default_value = "line")]
    by: By,
}

/// Runs the command.
pub fn run(Args { structure, files: inputs, by }: &Args) -> Result<()> {
    let from_stdin = inputs.is_empty() || inputs.iter().any(|path| files::is_dash(path));
    if files::is_dash(structure) && from_stdin {
        bail!("standard input can't be both the structure and the items: give a file for one of them");
    }
    files::check_output(structure)?;
    let mut sketch = files::read_sketch(structure)?;
    build::insert_all(&mut sketch, inputs, *by, structure)?;
    files::save(sketch, structure)
}
