//! `build` of a text store: keys, and values behind a tab, sorted where they are not yet.

use super::sort::Sorter;
use crate::files::{self, about};
use crate::input::{Block, Blocks};
use crate::output::{self, grouped};
use crate::split::By;
use anyhow::{Result, anyhow, bail};
use fewbytes::entry::{Settings, Text};
use fewbytes::text::{Built, KeyBuilder, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// What only text stores are built with.
#[derive(clap::Args)]
#[group(id = "keys")]
pub struct Options {
    /// A line is a key, a tab and a whole number: the key's value.
    #[arg(long)]
    values: bool,
    /// The lines are sorted already (`LC_ALL=C sort`): they go straight in.
    #[arg(long)]
    sorted: bool,
    /// Memory to sort in, as 512M or 4G; what is more goes through temporary files.
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size)]
    memory: u64,
    /// Print what was built as JSON.
    #[arg(long)]
    json: bool,
}

/// 512M, 4G, 100000: bytes.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size: give bytes, or a number with K, M or G, as 512M");
    let (digits, unit) =
        match text.trim_end_matches(['B', 'b', 'i']).char_indices().next_back().ok_or_else(wrong)? {
            (at, 'K' | 'k') => (&text[..at], 10),
            (at, 'M' | 'm') => (&text[..at], 20),
            (at, 'G' | 'g') => (&text[..at], 30),
            _ => (text, 0),
        };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(1 << unit).ok_or_else(wrong)
}

/// Builds the store of the keys of `inputs`, and saves it.
pub fn run(
    text: &Text,
    settings: &Settings,
    options: &Options,
    inputs: &[PathBuf],
    by: By,
    output: &Path,
) -> Result<()> {
    if options.json && files::is_dash(output) {
        bail!("`--json` and the store can't both go to standard output: give a file after `-o`");
    }
    let mut builder = (text.builder)(settings, options.values).map_err(|error| anyhow!("{error}"))?;
    let mut lines = Lines { position: 0, values: options.values };
    if options.sorted || !text.sorted {
        each_key(inputs, by, &mut lines, |key, value| push(&mut *builder, key, value, output))?;
    } else {
        let mut sorter = Sorter::new(options.memory);
        each_key(inputs, by, &mut lines, |key, value| sorter.push(key, value))?;
        sorter.drain(|key, value| push(&mut *builder, key, value, output))?;
    }
    let spinner = Spinner::new();
    let Built { store, peak_bytes } =
        builder.finish(&mut |progress| spinner.tell(progress)).map_err(about(output))?;
    drop(spinner);
    let key_len = store.dictionary().map_or(0, |dictionary| dictionary.len());
    let bytes = store.as_bytes().len() as u64;
    files::save(store, output)?;
    report(options.json, key_len, lines.position - key_len, bytes, peak_bytes)
}

/// Says what is being done, where somebody looks.
pub struct Spinner(ProgressBar);

impl Spinner {
    /// One that says nothing yet.
    pub fn new() -> Self {
        let spinner = ProgressBar::new_spinner();
        // The template is ours and sound: the style as it is would do where it is not.
        Self(match ProgressStyle::with_template("{spinner} {msg}") {
            Ok(style) => spinner.with_style(style),
            Err(_) => spinner,
        })
    }

    /// How far it is.
    pub fn tell(&self, Progress { stage, done, total }: Progress) {
        self.0.set_message(format!("{stage}: {} of {}", grouped(done), grouped(total)));
        self.0.tick();
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Says what was built, on standard error, where somebody looks: standard output may be the store.
fn report(as_json: bool, keys: u64, duplicates: u64, bytes: u64, peak: u64) -> Result<()> {
    if as_json {
        return output::print_json(&json!({
            "keys": keys, "duplicates": duplicates, "bytes": bytes, "peak_bytes": peak,
        }));
    }
    if !io::stderr().is_terminal() {
        return Ok(());
    }
    let each = if keys > 0 { format!(", {:.2} a key", bytes as f64 / keys as f64) } else { String::new() };
    let duplicates = match duplicates {
        0 => String::new(),
        some => format!("; {} duplicates left out", grouped(some)),
    };
    eprintln!(
        "{} keys in {} bytes{each}{duplicates}; building took {} bytes",
        grouped(keys),
        grouped(bytes),
        grouped(peak)
    );
    Ok(())
}

fn push(builder: &mut dyn KeyBuilder, key: &[u8], value: Option<u64>, output: &Path) -> Result<()> {
    builder.push(key, value).map_err(about(output))
}

/// Cuts lines into keys and values.
struct Lines {
    position: u64,
    values: bool,
}

impl Lines {
    fn cut<'a>(&mut self, line: &'a [u8]) -> Result<(&'a [u8], Option<u64>)> {
        self.position += 1;
        if !self.values {
            return Ok((line, None));
        }
        let wrong = || {
            anyhow!(
                "line {} has no value: `{}`; with `--values` a line is a key, a tab and a whole number",
                grouped(self.position),
                String::from_utf8_lossy(&line[..line.len().min(80)])
            )
        };
        let tab = memchr::memrchr(b'\t', line).ok_or_else(wrong)?;
        let value = std::str::from_utf8(&line[tab + 1..]).ok().and_then(|text| text.trim().parse().ok());
        Ok((&line[..tab], Some(value.ok_or_else(wrong)?)))
    }
}

/// Calls `each` with the key and the value of every line.
fn each_key(
    inputs: &[PathBuf],
    by: By,
    lines: &mut Lines,
    mut each: impl FnMut(&[u8], Option<u64>) -> Result<()>,
) -> Result<()> {
    let (mut blocks, mut block) = (Blocks::open(inputs, by)?, Block::default());
    while blocks.next(&mut block)? {
        for line in block.items() {
            let (key, value) = lines.cut(line)?;
            each(key, value)?;
        }
    }
    Ok(())
}
