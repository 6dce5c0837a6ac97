//! `ask`: does a saved structure hold these items, or how often did they come?

use crate::files::{self, FewFile, Name, about};
use crate::input::{Block, Blocks};
use crate::output;
use crate::split::By;
use anyhow::{Result, bail};
use fewbytes::Estimate;
use fewbytes::entry::View;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Ask a saved structure whether it holds items, or how often they came; exit code 0 if all did, 1 if not.
///
/// Prints a line for each: `yes` or `no`, or the count with its bounds; a tab, and the item. The file is mapped, not
/// read: opening takes no time.
///
/// `no` is certain (of a structure that forgets: that it is none of the latest), and so is a count of 0. `yes` and other counts are wrong as often as the structure's error says:
/// see `fewbytes inspect`.
#[derive(clap::Args)]
#[command(after_help = "Exit codes: 0 every item was found; 1 one was not, or its count is 0; 2 an error.")]
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
    if !view.entry().contains && !view.entry().count {
        bail!(
            "{} is a `{}`, which can't tell whether it holds an item, or how often one came: see what it knows with `fewbytes inspect`, \
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

/// What a structure says of an item.
struct Answer {
    /// Whether it may hold it; where it can't tell, whether it counts any.
    found: bool,
    /// How often it came, where it can tell.
    count: Option<Estimate>,
}

/// Asks `view` for `item`; whether it holds it may be known already.
fn asked(view: &dyn View, item: &[u8], contains: Option<bool>) -> fewbytes::Result<Answer> {
    let entry = view.entry();
    let count = if entry.count { Some(view.count(item)?) } else { None };
    let found = match contains {
        Some(found) => found,
        None if entry.contains => view.contains(item)?,
        None => count.is_some_and(|count| count.value > 0.0),
    };
    Ok(Answer { found, count })
}

/// Answers for every item. `all` stays true while all were found.
fn answer(args: &Args, view: &dyn View, path: &Path, all: &mut bool) -> Result<()> {
    output::stdout(|out| {
        let mut say = |item: &[u8], contains: Option<bool>, out: &mut dyn Write| -> Result<bool> {
            let answer = asked(view, item, contains).map_err(about(path))?;
            *all &= answer.found;
            match (args.quiet, args.json) {
                (true, _) => return Ok(answer.found),
                (_, true) => writeln!(out, "{}", to_json(view, item, &answer))?,
                _ => {
                    match answer.count.filter(|_| !view.entry().contains) {
                        Some(count) => write!(out, "{}", output::bounded(&count))?,
                        None => out.write_all(if answer.found { b"yes" } else { b"no" })?,
                    }
                    out.write_all(b"\t")?;
                    out.write_all(item)?;
                    out.write_all(b"\n")?;
                }
            }
            Ok(true)
        };
        for item in &args.items {
            if !say(item.as_encoded_bytes(), None, out)? {
                return Ok(());
            }
        }
        if args.items.is_empty() {
            let (mut blocks, mut block) = (Blocks::open(&[], By::Line)?, Block::default());
            let mut found = Vec::new();
            while blocks.next(&mut block)? {
                if view.entry().contains {
                    view.contains_all(block.items(), &mut found).map_err(about(path))?;
                }
                for (i, item) in block.items().into_iter().enumerate() {
                    if !say(item, found.get(i).copied(), out)? {
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

fn to_json(view: &dyn View, item: &[u8], answer: &Answer) -> Value {
    let mut value = output::item_to_json(item);
    if view.entry().contains {
        value["contains"] = json!(answer.found);
    }
    if let Some(count) = &answer.count {
        output::add_count(&mut value, count);
    }
    value
}
