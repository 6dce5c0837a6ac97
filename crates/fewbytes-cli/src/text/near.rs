//! `near`: the keys within one or two edits of a word.

use super::answers::{Answer, Asked};
use crate::output;
use anyhow::{Result, anyhow};
use fewbytes::text::search::{Near, Search};
use std::ffi::OsString;

/// Print the keys of a text store within EDITS of WORD, the nearest first: a distance, a tab and the key a line.
///
/// An edit inserts, deletes or replaces a character.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    asked: Asked,
    /// The word, as somebody typed it.
    word: OsString,
    /// Edits, 1 or 2.
    #[arg(short, long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=2))]
    edits: u32,
    /// Two neighbouring characters that changed places are one edit, not two.
    #[arg(short, long)]
    transpositions: bool,
    /// Count bytes, not characters.
    #[arg(long)]
    bytes: bool,
}

/// Runs the command.
pub fn run(Args { asked, word, edits, transpositions, bytes }: &Args) -> Result<()> {
    let mut near = Near::new(word.as_encoded_bytes(), *edits).map_err(|error| anyhow!("{error}"))?;
    if *transpositions {
        near = near.with_transpositions();
    }
    if *bytes {
        near = near.by_bytes();
    }
    asked.open(|keys| {
        let n = usize::try_from(asked.limit).unwrap_or(usize::MAX);
        let found = keys.matching(near).nearest(n);
        output::stdout(|out| {
            for found in &found {
                let (id, value, distance) = (found.id, found.value, Some(found.distance));
                Answer { key: &found.key, id, value, distance }.print(asked.json, out)?;
            }
            Ok(())
        })
    })
}
