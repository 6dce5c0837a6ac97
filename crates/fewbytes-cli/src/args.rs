//! The commands, and the arguments that several of them share. Each command's own are beside its code.

use crate::{ask, build, count, describe, insert, inspect, list, merge, race, remove, text, top, verify};
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};
use fewbytes::catalog::CATALOG;

/// Have I seen this? How often? How many different ones? In few bytes, each answer with a number that says how wrong
/// it may be.
///
/// A FILE may be `-`: standard input. Text is bytes: it need not be UTF-8.
#[derive(Parser)]
#[command(name = "fewbytes", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 `ask` or `ids` did not find every item, or `match` none; 2 an error, in one sentence on \
    standard error.";

/// Every command. What its help says is the doc of its arguments.
#[derive(Subcommand)]
pub enum Command {
    /// Run the exact set and every sketch over one stream of tokens, and compare memory, error and time.
    Race(race::Args),
    Count(count::Args),
    List(list::Args),
    Describe(describe::Args),
    Build(build::Args),
    Insert(insert::Args),
    Remove(remove::Args),
    Ask(ask::Args),
    Top(top::Args),
    Prefix(text::prefix::Args),
    Near(text::near::Args),
    Like(text::like::Args),
    Containing(text::containing::Args),
    Match(text::find::Args),
    Keys(text::keys::KeysArgs),
    Ids(text::keys::IdsArgs),
    Convert(text::convert::Args),
    Merge(merge::Args),
    Inspect(inspect::Args),
    Verify(verify::Args),
}

/// Accepts a slug of the catalogue; for another, clap says which is nearest.
pub fn slug() -> PossibleValuesParser {
    PossibleValuesParser::new(CATALOG.iter().map(|entry| entry.slug))
}
