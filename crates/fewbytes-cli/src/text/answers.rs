//! The keys that a search found, as text or JSON, and the store that was asked.

use crate::files::{FewFile, Name};
use crate::output;
use anyhow::{Result, bail};
use fewbytes::entry::View;
use fewbytes::text::{Cursor, Dictionary, search};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What every search of a store takes.
#[derive(clap::Args)]
pub struct Asked {
    /// The text store; `-` is standard input.
    #[arg(value_name = "FILE.few")]
    pub store: PathBuf,
    /// Stop after so many keys.
    #[arg(short, long, value_name = "N", default_value_t = u64::MAX, hide_default_value = true)]
    pub limit: u64,
    /// Print a JSON object a line: the key, its id and its value where the store has them.
    #[arg(long)]
    pub json: bool,
}

/// The keys of the store in a file, or a sentence that says that it has none.
pub fn dictionary<'a>(view: &'a dyn View, path: &Path) -> Result<&'a dyn Dictionary> {
    match view.dictionary() {
        Some(dictionary) => Ok(dictionary),
        None => bail!(
            "{} is a `{}`, which keeps no keys: build a text store of them (`fewbytes list`)",
            Name(path),
            view.entry().slug
        ),
    }
}

impl Asked {
    /// Opens the store, and lends its keys to `ask`.
    pub fn open<T>(&self, ask: impl FnOnce(&dyn Dictionary) -> Result<T>) -> Result<T> {
        let file = FewFile::open(&self.store)?;
        let view = file.view(&self.store)?;
        ask(dictionary(&*view, &self.store)?)
    }
}

/// A key that is printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// The key.
    pub key: &'a [u8],
    /// Its id, where the store has ids.
    pub id: Option<u64>,
    /// Its value, where keys have values.
    pub value: Option<u64>,
    /// Edits between it and the word that was asked for, where they were counted.
    pub distance: Option<u32>,
}

impl Answer<'_> {
    /// Prints it: the distance and a tab, the key, a tab and the value, each where it is there.
    pub fn print(&self, json: bool, out: &mut dyn Write) -> Result<()> {
        if json {
            let mut value = output::bytes_to_json("key", self.key);
            let numbers =
                [("id", self.id), ("value", self.value), ("distance", self.distance.map(u64::from))];
            for (name, number) in numbers {
                if let Some(number) = number {
                    value[name] = json!(number);
                }
            }
            return Ok(writeln!(out, "{value}")?);
        }
        if let Some(distance) = self.distance {
            write!(out, "{distance}\t")?;
        }
        out.write_all(self.key)?;
        if let Some(value) = self.value {
            write!(out, "\t{value}")?;
        }
        Ok(out.write_all(b"\n")?)
    }
}

/// Prints what a search finds, as it finds it.
pub fn print_all<C: Cursor, A: search::Automaton>(
    mut found: search::Found<C, A>,
    asked: &Asked,
) -> Result<()> {
    found = found.limit(asked.limit);
    output::stdout(|out| {
        while found.advance() {
            let answer = Answer { key: found.key(), id: found.id(), value: found.value(), distance: None };
            answer.print(asked.json, out)?;
        }
        Ok(())
    })
}
