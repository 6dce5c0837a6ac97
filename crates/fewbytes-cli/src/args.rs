//! The commands, and the arguments that several of them share. Each command's own are beside its code.

use crate::{ask, build, count, describe, insert, inspect, list, merge, race, verify};
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

const EXIT_CODES: &str = "Exit codes: 0 done; 1 `ask` did not find every item; 2 an error, in one sentence on \
    standard error.";

/// Every command.
#[derive(Subcommand)]
pub enum Command {
    /// Run the exact set and every sketch over one stream of tokens, and compare memory, error and time.
    Race(race::Args),
    /// Count different lines or words, on all cores, in a few kilobytes.
    Count(count::Args),
    /// List the structures.
    List(list::Args),
    /// Say all that is to be known of a structure: parameters, error, space, bytes, sources.
    Describe(describe::Args),
    /// Build a structure from lines or words, and save it.
    Build(build::Args),
    /// Insert more lines or words into a saved structure.
    Insert(insert::Args),
    /// Ask a saved structure whether it holds items. Exit code 0 if all, 1 if not.
    Ask(ask::Args),
    /// Merge saved structures of one kind into one.
    Merge(merge::Args),
    /// Show what a saved structure is, what it knows, and what each of its bytes means.
    Inspect(inspect::Args),
    /// Check that saved structures are undamaged.
    Verify(verify::Args),
}

/// Accepts a slug of the catalogue; for another, clap says which is nearest.
pub fn slug() -> PossibleValuesParser {
    PossibleValuesParser::new(CATALOG.iter().map(|entry| entry.slug))
}
