//! `prefix`: the keys that begin with a text, or with which a text begins.

use super::answers::{Answer, Asked, print_all};
use crate::output;
use anyhow::{Result, bail};
use fewbytes::text::search::Search;
use std::ffi::OsString;

/// Print the keys of a text store that begin with PREFIX, in order.
///
/// With `--heaviest N`, those of the N greatest values, the greatest first: what a search box wants. With `--of`, the
/// keys with which the text begins, the shortest first.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    asked: Asked,
    /// The prefix; with `--of`, the text.
    prefix: OsString,
    /// Only the N keys of the greatest values, the greatest first.
    #[arg(long, value_name = "N", conflicts_with_all = ["limit", "of"])]
    heaviest: Option<usize>,
    /// Print the keys that are prefixes of the text, in place of those that it is a prefix of.
    #[arg(long)]
    of: bool,
}

/// Runs the command.
pub fn run(Args { asked, prefix, heaviest, of }: &Args) -> Result<()> {
    let prefix = prefix.as_encoded_bytes();
    asked.open(|keys| match (heaviest, of) {
        (Some(_), _) if !keys.has_values() => bail!(
            "{} has no values to rank keys by: build it with `--values`",
            crate::files::Name(&asked.store)
        ),
        (Some(n), _) => output::stdout(|out| {
            for heavy in keys.heaviest_with(prefix, *n) {
                let (key, value) = (&heavy.key[..], Some(heavy.value));
                Answer { key, id: keys.id_of(key), value, distance: None }.print(asked.json, out)?;
            }
            Ok(())
        }),
        (None, true) => output::stdout(|out| {
            let limit = usize::try_from(asked.limit).unwrap_or(usize::MAX);
            for found in keys.prefixes_of(prefix).into_iter().take(limit) {
                let key = &prefix[..found.len];
                Answer { key, id: found.id, value: found.value, distance: None }.print(asked.json, out)?;
            }
            Ok(())
        }),
        (None, false) => print_all(keys.starting_with(prefix), asked),
    })
}
