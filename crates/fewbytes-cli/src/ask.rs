//! `ask`: does a saved structure hold these items?

use crate::files::{self, FewFile, Name, about};
use crate::input::{Block, Blocks};
use crate::output;
use crate::split::By;
use anyhow::{Result, bail};
use fewbytes::entry::View;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Ask a saved structure whether it holds items; exit code 0 if all, 1 if not.
///
/// Prints `yes` or `no`, a tab and the item, a line each. The file is mapped, not read: opening takes no time.
///
/// `no` is certain. `yes` is wrong as often as the structure's error says: see `fewbytes inspect`.
#[derive(clap::Args)]
#[command(after_help = "Exit codes: 0 every item was found; 1 one was not; 2 an error.")]
pub struct Args {
    /// The structure; `-` is standard input.
    #[arg(value_name = "FILE.few")]
    structure: PathBuf,
    /// Items; where there are none, they come from standard input, one a line.
    #[arg(value_name = "ITEM")]
    items: Vec<OsString>,
    /// Print nothing, and stop at the first item that is not found: the exit code tells.
    #[arg(short, long, conflicts_with = "json")]
    quiet: bool,
    /// Print a JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode> {
    let path = &args.structure;
    if files::is_dash(path) && args.items.is_empty() {
        bail!("standard input can't be both the structure and the items: give items as arguments");
    }
    let file = FewFile::open(path)?;
    let view = file.view(path)?;
    if !view.entry().contains {
        bail!(
            "{} is a `{}`, which can't tell whether it holds an item: see what it knows with `fewbytes inspect`, \
             or build a structure that can (`fewbytes list`)",
            Name(path),
            view.entry().slug
        );
    }
    let mut all = true;
    let answered = answer(args, view.as_ref(), path, &mut all);
    // What was not found was not found, even if the reader of the answers has gone.
    match (all, answered) {
        (true, answered) => answered.map(|()| ExitCode::SUCCESS),
        (false, Err(error)) if !output::is_closed_pipe(&error) => Err(error),
        (false, _) => Ok(ExitCode::from(1)),
    }
}

/// Answers for every item. `all` stays true while all were found.
fn answer(args: &Args, view: &dyn View, path: &Path, all: &mut bool) -> Result<()> {
    output::stdout(|out| {
        let mut say = |item: &[u8], found: bool, out: &mut dyn Write| -> Result<bool> {
            *all &= found;
            match (args.quiet, args.json) {
                (true, _) => return Ok(found),
                (_, true) => writeln!(out, "{}", to_json(item, found))?,
                _ => {
                    out.write_all(if found { b"yes\t" } else { b"no\t" })?;
                    out.write_all(item)?;
                    out.write_all(b"\n")?;
                }
            }
            Ok(true)
        };
        for item in &args.items {
            let item = item.as_encoded_bytes();
            if !say(item, view.contains(item).map_err(about(path))?, out)? {
                return Ok(());
            }
        }
        if args.items.is_empty() {
            let (mut blocks, mut block) = (Blocks::open(&[], By::Line)?, Block::default());
            let mut found = Vec::new();
            while blocks.next(&mut block)? {
                view.contains_all(block.items(), &mut found).map_err(about(path))?;
                for (item, found) in block.items().into_iter().zip(&found) {
                    if !say(item, *found, out)? {
                        return Ok(());
                    }
                }
                // Whoever types, or sends now and then, gets answers now and then.
                out.flush()?;
            }
        }
        Ok(())
    })
}

/// JSON has no bytes: where an item is not UTF-8, its hexadecimal digits are there too.
fn to_json(item: &[u8], found: bool) -> Value {
    let mut value = json!({ "item": String::from_utf8_lossy(item), "contains": found });
    if std::str::from_utf8(item).is_err() {
        let hex: String = item.iter().map(|byte| format!("{byte:02x}")).collect();
        value["hex"] = json!(hex);
    }
    value
}
