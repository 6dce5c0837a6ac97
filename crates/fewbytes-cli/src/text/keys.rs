//! `keys` and `ids`: a store's keys in order, the keys of ids, and the ids of keys.

use super::answers::{Answer, Asked, dictionary, print_all};
use crate::files::{self, FewFile, Name};
use crate::input::{Block, Blocks};
use crate::output;
use crate::split::By;
use anyhow::{Result, bail};
use clap::builder::RangedU64ValueParser;
use fewbytes::text::search::{In, Search};
use fewbytes::text::{Dictionary, Ids};
use serde_json::json;
use std::ffi::OsString;
use std::io::Write;
use std::ops::Bound;
use std::path::PathBuf;
use std::process::ExitCode;

/// Print the keys of a text store, in order: all, those of a range, or those of ids.
///
/// With another store, the keys of both (`--and`), of either (`--or`), or of the first alone (`--but-not`).
#[derive(clap::Args)]
pub struct KeysArgs {
    #[command(flatten)]
    asked: Asked,
    /// Ids whose keys are printed, in place of all.
    #[arg(value_name = "ID", value_parser = RangedU64ValueParser::<u64>::new(), conflicts_with_all = ["from", "to", "and", "or", "but_not"])]
    ids: Vec<u64>,
    /// The first key, or what comes next after it.
    #[arg(long, value_name = "KEY")]
    from: Option<OsString>,
    /// The key before which the list ends.
    #[arg(long, value_name = "KEY")]
    to: Option<OsString>,
    /// Another store: only keys that it has, too.
    #[arg(long, value_name = "OTHER.few", conflicts_with_all = ["or", "but_not", "from", "to"])]
    and: Option<PathBuf>,
    /// Another store: its keys, too.
    #[arg(long, value_name = "OTHER.few", conflicts_with_all = ["but_not", "from", "to"])]
    or: Option<PathBuf>,
    /// Another store: only keys that it has not.
    #[arg(long, value_name = "OTHER.few", conflicts_with_all = ["from", "to"])]
    but_not: Option<PathBuf>,
}

/// Runs `keys`.
pub fn run_keys(args: &KeysArgs) -> Result<()> {
    let asked = &args.asked;
    asked.open(|keys| {
        if !args.ids.is_empty() {
            return keys_of(keys, args);
        }
        if args.and.is_some() || args.or.is_some() || args.but_not.is_some() {
            return merged(keys, args);
        }
        let bound = |key: &Option<OsString>| key.as_ref().map(|key| key.as_encoded_bytes().to_vec());
        let from = bound(&args.from).map_or(Bound::Unbounded, Bound::Included);
        let to = bound(&args.to).map_or(Bound::Unbounded, Bound::Excluded);
        print_all(keys.range((from, to)), asked)
    })
}

fn keys_of(keys: &dyn Dictionary, KeysArgs { asked, ids, .. }: &KeysArgs) -> Result<()> {
    check_ids(keys, asked)?;
    let mut key = Vec::new();
    output::stdout(|out| {
        for id in ids {
            if !keys.key_of(*id, &mut key) {
                bail!(
                    "{} has no key of id {id}: give 0 to {}",
                    Name(&asked.store),
                    keys.len().saturating_sub(1)
                );
            }
            Answer { key: &key, id: Some(*id), value: keys.get(&key), distance: None }
                .print(asked.json, out)?;
        }
        Ok(())
    })
}

fn merged(keys: &dyn Dictionary, args: &KeysArgs) -> Result<()> {
    let path = args.and.as_ref().or(args.or.as_ref()).or(args.but_not.as_ref());
    let Some(path) = path else { return Ok(()) };
    let file = FewFile::open(path)?;
    let view = file.view(path)?;
    let other = dictionary(&*view, path)?;
    let merged = match (&args.and, &args.or) {
        (Some(_), _) => keys.intersection(other),
        (_, Some(_)) => keys.union(other),
        _ => keys.difference(other),
    };
    let mut merged = merged.limit(args.asked.limit);
    output::stdout(|out| {
        while merged.advance() {
            let value = match merged.stored() {
                In::Second => other.get(merged.key()),
                _ => keys.get(merged.key()),
            };
            let answer = Answer { key: merged.key(), id: merged.first_id(), value, distance: None };
            answer.print(args.asked.json, out)?;
        }
        Ok(())
    })
}

fn check_ids(keys: &dyn Dictionary, asked: &Asked) -> Result<()> {
    if keys.ids() == Ids::None {
        bail!(
            "{} is of a kind that has no ids: `fewbytes convert` it into one that has (`fewbytes list`)",
            Name(&asked.store)
        );
    }
    Ok(())
}

/// Print the id of each key, a tab and the key; `-` in place of the id of a key that is not stored.
#[derive(clap::Args)]
#[command(after_help = "Exit codes: 0 every key was found; 1 one was not; 2 an error.")]
pub struct IdsArgs {
    #[command(flatten)]
    asked: Asked,
    /// Keys; where there are none, they come from standard input, one a line.
    #[arg(value_name = "KEY")]
    keys: Vec<OsString>,
}

/// Runs `ids`.
pub fn run_ids(IdsArgs { asked, keys: given }: &IdsArgs) -> Result<ExitCode> {
    if files::is_dash(&asked.store) && given.is_empty() {
        bail!("standard input can't be both the store and the keys: give keys as arguments");
    }
    asked.open(|keys| {
        check_ids(keys, asked)?;
        let mut all = true;
        output::stdout(|out| {
            let mut left = asked.limit;
            let mut say = |key: &[u8], out: &mut dyn Write| -> Result<bool> {
                if left == 0 {
                    return Ok(false);
                }
                left -= 1;
                let id = keys.id_of(key);
                all &= id.is_some();
                match (asked.json, id) {
                    (true, _) => {
                        let mut value = output::bytes_to_json("key", key);
                        value["id"] = json!(id);
                        writeln!(out, "{value}")?;
                    }
                    (false, Some(id)) => write!(out, "{id}\t")?,
                    (false, None) => out.write_all(b"-\t")?,
                }
                if !asked.json {
                    out.write_all(key)?;
                    out.write_all(b"\n")?;
                }
                Ok(true)
            };
            for key in given {
                say(key.as_encoded_bytes(), out)?;
            }
            if given.is_empty() {
                let (mut blocks, mut block) = (Blocks::open(&[], By::Line)?, Block::default());
                while blocks.next(&mut block)? {
                    for key in block.items() {
                        if !say(key, out)? {
                            return Ok(());
                        }
                    }
                    out.flush()?;
                }
            }
            Ok(())
        })?;
        Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })
}
