//! `insert`: more items into a saved structure.

use crate::build;
use crate::files::{self, Changing, Name};
use crate::input::{Block, Blocks};
use crate::output;
use crate::split::By;
use anyhow::{Result, bail};
use fewbytes::entry::Sketch;
use std::io::Write;
use std::path::PathBuf;

/// Insert more lines or words into a saved structure.
///
/// The result is saved in place of the old at once: whatever happens before, the old file is intact. Of two that insert
/// into one file at a time, the second waits until the first has saved, and nothing is lost.
///
/// With `--new` the items that were new are printed, a line each, in their order: a stream comes out without its repeats.
/// An item that the structure took for a known one by mistake, as seldom as its error says, is not printed.
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
    /// Print the items that were surely not there, and insert all.
    #[arg(long)]
    new: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<()> {
    let Args { structure, files: inputs, by, new } = args;
    files::check_stdin(structure, inputs)?;
    if *new && files::is_dash(structure) {
        bail!("standard output can't be both the structure and its new items: give a file for the structure");
    }
    files::check_output(structure)?;
    let changing = Changing::wait(structure)?;
    let mut sketch = files::read_sketch(structure)?;
    match new {
        false => build::insert_all(&mut sketch, inputs, *by, structure)?,
        true => insert_new(&mut *sketch, args)?,
    }
    changing.save(sketch)
}

/// Inserts one item after another, and prints those that were new.
fn insert_new(sketch: &mut dyn Sketch, Args { structure, files: inputs, by, .. }: &Args) -> Result<()> {
    if !sketch.entry().contains {
        bail!(
            "{} is a `{}`, which can't tell whether an item is new: leave `--new` out, or build a structure that can \
             (`fewbytes list`)",
            Name(structure),
            sketch.entry().slug
        );
    }
    output::stdout(|out| {
        let (mut blocks, mut block) = (Blocks::open(inputs, *by)?, Block::default());
        while blocks.next(&mut block)? {
            for item in block.items() {
                if sketch.insert(item).map_err(files::about(structure))? {
                    out.write_all(item)?;
                    out.write_all(b"\n")?;
                }
            }
            // Whoever sends now and then gets what was new now and then.
            out.flush()?;
        }
        Ok(())
    })
}
