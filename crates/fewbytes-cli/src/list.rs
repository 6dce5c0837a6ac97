//! `list`: the catalogue.

use crate::{describe, output};
use anyhow::Result;
use fewbytes::catalog::CATALOG;
use serde_json::Value;
use std::io::Write;

/// List the structures: the question that each answers, and what it takes by default.
#[derive(clap::Args)]
pub struct Args {
    /// Print JSON: all that `describe` says of each.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<()> {
    if args.json {
        return output::print_json(&CATALOG.iter().map(|entry| describe::to_json(entry)).collect::<Value>());
    }
    let mut table = output::table(&["slug", "question", "what it does", "bytes", "merge"]);
    for entry in CATALOG {
        let bytes = (entry.bytes)(&entry.settings()).map_or_else(|_| "-".to_owned(), output::grouped);
        table.add_row([entry.slug, entry.family.question(), entry.summary, &bytes, entry.merge.name()]);
    }
    output::stdout(|out| {
        writeln!(out, "{}", table.trim_fmt())?;
        writeln!(out, "Bytes are for the default parameters, empty: `fewbytes describe SLUG` says more.")?;
        Ok(())
    })
}
