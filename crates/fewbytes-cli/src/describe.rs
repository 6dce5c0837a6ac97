//! `describe`: all that the catalogue says of a structure.

use crate::{args, output};
use anyhow::{Result, anyhow};
use fewbytes::catalog;
use fewbytes::entry::{Entry, Number, Source};
use serde_json::{Value, json};
use std::io::Write;

/// Say all that is to be known of a structure: parameters, error, space, merge, bytes, sources.
#[derive(clap::Args)]
pub struct Args {
    /// Which: a name of `fewbytes list`.
    #[arg(value_parser = args::slug())]
    slug: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<()> {
    let unknown = || anyhow!("there is no structure `{}`: choose one of `fewbytes list`", args.slug);
    let entry = catalog::by_slug(&args.slug).ok_or_else(unknown)?;
    match args.json {
        true => output::print_json(&to_json(entry)),
        false => output::stdout(|out| print(entry, out)),
    }
}

fn print(entry: &Entry, out: &mut dyn Write) -> Result<()> {
    let yes = |able| if able { "yes" } else { "no" };
    let defaults = entry.settings();
    let mut facts = output::table(&[]);
    facts.add_row(["question", entry.family.question()]);
    facts.add_row(["choose it when", entry.choose]);
    facts.add_row(["error", entry.error]);
    facts.add_row(["space", entry.space]);
    if let Ok(bytes) = (entry.bytes)(&defaults) {
        facts.add_row(["bytes by default", &output::grouped(bytes)]);
    }
    if let Ok(error) = (entry.std_error)(&defaults) {
        facts.add_row(["standard error by default", &format!("{:.3} %", error * 100.0)]);
    }
    facts.add_row(["estimates", entry.counts.unit()]);
    facts.add_row(["tells what it contains", yes(entry.contains)]);
    facts.add_row(["takes more items later", yes(entry.inserts)]);
    facts.add_row(["items can be removed", yes(entry.removes)]);
    facts.add_row(["forgets old items", yes(entry.forgets)]);
    facts.add_row(["tells how often an item came", yes(entry.count)]);
    facts.add_row(["tells which came most often", yes(entry.top)]);
    facts.add_row(["merge", entry.merge.name()]);
    if let Some(text) = &entry.text {
        facts.add_row(["ids of keys", text.ids.name()]);
    }
    facts.add_row(["Rust", &format!("fewbytes::{}", entry.type_name)]);

    let mut parameters = output::table(&["parameter", "default", "range", "unit", "what it does"]);
    for parameter in entry.parameters {
        let default = parameter.default.map_or_else(|| "follows".to_owned(), |number| number.to_string());
        let range = parameter.range.to_string();
        parameters.add_row([parameter.name, &default, &range, parameter.unit, parameter.doc]);
    }

    let mut bytes = output::table(&["byte", "field", "type", "what it holds"]);
    for row in entry.format.rows() {
        bytes.add_row([&row.offset.to_string(), row.name, row.type_name, row.doc]);
    }
    bytes.add_row([&entry.format.payload_start().to_string(), "payload", "", entry.format.payload]);

    writeln!(out, "{} ({})\n\n{}\n", entry.name, entry.slug, entry.summary)?;
    writeln!(out, "{}\n", facts.trim_fmt())?;
    if !entry.parameters.is_empty() {
        writeln!(out, "{}\n", parameters.trim_fmt())?;
    }
    writeln!(out, "{}\n", bytes.trim_fmt())?;
    for Source { authors, year, title, venue } in entry.sources {
        writeln!(out, "{authors} ({year}): {title}. {venue}.")?;
    }
    Ok(())
}

/// The entry as JSON.
pub fn to_json(entry: &Entry) -> Value {
    let defaults = entry.settings();
    let parameter = |parameter: &&fewbytes::entry::Parameter| {
        json!({
            "name": parameter.name,
            "unit": parameter.unit,
            "range": parameter.range.to_string(),
            "default": parameter.default.map(number),
            "doc": parameter.doc,
        })
    };
    let row = |row: &fewbytes::layout::FieldRow| json!({ "name": row.name, "start": row.offset, "end": row.offset + row.width, "type": row.type_name, "doc": row.doc });
    let source = |source: &Source| json!({ "authors": source.authors, "year": source.year, "title": source.title, "venue": source.venue });
    json!({
        "slug": entry.slug,
        "name": entry.name,
        "type_name": entry.type_name,
        "family": entry.family.name(),
        "question": entry.family.question(),
        "summary": entry.summary,
        "choose": entry.choose,
        "parameters": entry.parameters.iter().map(parameter).collect::<Value>(),
        "contains": entry.contains,
        "inserts": entry.inserts,
        "removes": entry.removes,
        "forgets": entry.forgets,
        "count": entry.count,
        "top": entry.top,
        "counts": entry.counts.unit(),
        "merge": entry.merge.name(),
        "ids": entry.text.as_ref().map(|text| text.ids.name()),
        "error": entry.error,
        "std_error": (entry.std_error)(&defaults).ok(),
        "space": entry.space,
        "bytes": (entry.bytes)(&defaults).ok(),
        "kind": entry.format.kind,
        "version": entry.format.version,
        "fields": entry.format.rows().map(row).collect::<Value>(),
        "payload": { "start": entry.format.payload_start(), "doc": entry.format.payload },
        "sources": entry.sources.iter().map(source).collect::<Value>(),
    })
}

fn number(number: Number) -> Value {
    match number {
        Number::Whole(value) => json!(value),
        Number::Real(value) => json!(value),
    }
}
