//! `inspect`: what a saved structure is and knows.

use crate::files::{FewFile, Name};
use crate::output::{grouped, number_or_text};
use crate::{bytes, output};
use anyhow::Result;
use fewbytes::Estimate;
use fewbytes::entry::View;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Show what a saved structure is, what it knows, and what each of its bytes means.
#[derive(clap::Args)]
pub struct Args {
    /// The structure; `-` is standard input.
    #[arg(value_name = "FILE.few")]
    structure: PathBuf,
    /// Show the first 256 bytes too, each beside its field.
    #[arg(long, conflicts_with = "json")]
    bytes: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<()> {
    let path = &args.structure;
    let file = FewFile::open(path)?;
    let view = file.view(path)?;
    match args.json {
        true => output::print_json(&to_json(view.as_ref(), path)),
        false => output::stdout(|out| {
            print(view.as_ref(), path, out)?;
            if args.bytes {
                writeln!(out, "\n{}", bytes::hex(view.as_ref()))?;
            }
            Ok(())
        }),
    }
}

/// Whether the bytes are as they should be, in words.
fn state(view: &dyn View) -> String {
    match (view.verify(), view.is_sealed()) {
        (Err(error), _) => error.to_string(),
        (Ok(()), true) => "good, as it was sealed".to_owned(),
        (Ok(()), false) => "not sealed: it has no checksum".to_owned(),
    }
}

fn print(view: &dyn View, path: &Path, out: &mut dyn Write) -> Result<()> {
    let entry = view.entry();
    let Estimate { value, low, high } = view.estimate();
    let mut facts = output::table(&[]);
    for row in entry.format.parameters {
        facts.add_row([row.name, &row.show(view.as_bytes()), row.doc]);
    }
    facts.add_row(["estimate", &format!("{value:.0}"), entry.counts.unit()]);
    let high = if high.is_finite() { format!("{high:.0}") } else { "no upper bound".to_owned() };
    facts.add_row([
        "bounds",
        &format!("{low:.0} to {high}"),
        "two standard errors: right about 95 times in 100",
    ]);
    facts.add_row(["standard error", &format!("{:.3} %", view.std_error() * 100.0), "of the estimate"]);
    for fact in view.facts() {
        facts.add_row([fact.name, &fact.value, fact.unit]);
    }
    facts.add_row(["state", &state(view), ""]);

    let mut regions = output::table(&["bytes", "field", "type", "value", "what it holds"]);
    for region in view.regions() {
        let range = format!("{}..{}", region.start, region.end);
        regions.add_row([&range, &region.name, type_of(view, &region.name), &region.value, &region.doc]);
    }

    let bytes = grouped(view.as_bytes().len() as u64);
    writeln!(out, "{}: {} ({}), {bytes} bytes\n{}\n", Name(path), entry.name, entry.slug, entry.summary)?;
    writeln!(out, "{}\n\n{}", facts.trim_fmt(), regions.trim_fmt())?;
    Ok(())
}

/// The type of a header's field; empty for other regions.
fn type_of(view: &dyn View, name: &str) -> &'static str {
    view.entry().format.rows().find(|row| row.name == name).map_or("", |row| row.type_name)
}

/// JSON has no infinity: `high` is null where there is no upper bound.
fn to_json(view: &dyn View, path: &Path) -> Value {
    let (entry, estimate) = (view.entry(), view.estimate());
    let parameters = entry.format.parameters.iter();
    let parameters = parameters.map(|row| (row.name, number_or_text(&row.show(view.as_bytes()))));
    let facts = view.facts().into_iter();
    let facts = facts
        .map(|fact| json!({ "name": fact.name, "value": number_or_text(&fact.value), "unit": fact.unit }));
    let regions = view.regions().into_iter().map(|region| {
        json!({
            "name": region.name,
            "start": region.start,
            "end": region.end,
            "type": type_of(view, &region.name),
            "value": if region.value.is_empty() { Value::Null } else { number_or_text(&region.value) },
            "doc": region.doc,
        })
    });
    json!({
        "file": path.to_string_lossy(),
        "slug": entry.slug,
        "name": entry.name,
        "bytes": view.as_bytes().len(),
        "seed": view.seed(),
        "parameters": parameters.map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Map<_, _>>(),
        "counts": entry.counts.unit(),
        "estimate": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "std_error": view.std_error(),
        "facts": facts.collect::<Value>(),
        "sealed": view.is_sealed(),
        "good": view.verify().is_ok(),
        "state": state(view),
        "regions": regions.collect::<Value>(),
    })
}
