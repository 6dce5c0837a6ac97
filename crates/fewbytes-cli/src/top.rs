//! `top`: which items came most often?

use crate::files::{self, FewFile, Name};
use crate::output;
use anyhow::{Result, bail};
use fewbytes::HeavyHitter;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::str;

/// Say which items came most often, and how often.
///
/// Prints the count with its bounds, a tab and the item, a line each, the one that came most often first. Of an item
/// longer than the structure keeps there is the beginning, and `…`.
#[derive(clap::Args)]
pub struct Args {
    /// The structure; `-` is standard input.
    #[arg(value_name = "FILE.few")]
    structure: PathBuf,
    /// How many items.
    #[arg(short, default_value_t = 10, value_name = "N")]
    n: usize,
    /// Print a JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<()> {
    let path = &args.structure;
    let file = FewFile::open(path)?;
    let view = file.view(path)?;
    if !view.entry().top {
        bail!(
            "{} is a `{}`, which can't tell which items came most often: see what it knows with `fewbytes inspect`, or \
             build a structure that can (`fewbytes list`)",
            Name(path),
            view.entry().slug
        );
    }
    let top = view.top(args.n).map_err(files::about(path))?;
    output::stdout(|out| {
        for heavy in &top {
            match args.json {
                true => writeln!(out, "{}", to_json(heavy))?,
                false => print(heavy, out)?,
            }
        }
        Ok(())
    })
}

/// The item as far as it is kept, and no half of a character at its end.
fn kept<'a>(heavy: &HeavyHitter<'a>) -> Option<&'a [u8]> {
    let item = heavy.item?;
    match str::from_utf8(item) {
        Err(fault) if !heavy.whole && fault.error_len().is_none() => item.get(..fault.valid_up_to()),
        _ => Some(item),
    }
}

fn print(heavy: &HeavyHitter<'_>, out: &mut dyn Write) -> Result<()> {
    write!(out, "{}\t", output::bounded(&heavy.count))?;
    match kept(heavy) {
        Some(item) => out.write_all(item)?,
        None => write!(out, "(an item of hash {:016x})", heavy.hash)?,
    }
    out.write_all(if heavy.item.is_none() || heavy.whole { b"\n" } else { "…\n".as_bytes() })?;
    Ok(())
}

/// The item is null where only its hash is known.
fn to_json(heavy: &HeavyHitter<'_>) -> Value {
    let mut value = kept(heavy).map_or_else(|| json!({ "item": Value::Null }), output::item_to_json);
    value["whole"] = json!(heavy.whole);
    value["hash"] = json!(format!("{:016x}", heavy.hash));
    output::add_count(&mut value, &heavy.count);
    value
}
