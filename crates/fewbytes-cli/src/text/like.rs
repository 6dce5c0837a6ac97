//! `like`: the keys that a pattern matches.

use super::answers::{Asked, print_all};
use anyhow::{Result, anyhow};
use fewbytes::text::search::Search;

/// Print the keys of a text store that a pattern matches, in order.
///
/// `*` stands for any bytes, `?` for one character, `\` before a character for that character. Quote the pattern: shells
/// have their own use for these.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    asked: Asked,
    /// The pattern, as `jo*n?`.
    pattern: String,
    /// The pattern is a regular expression, which matches whole keys.
    #[arg(short, long)]
    regex: bool,
}

/// Runs the command.
pub fn run(Args { asked, pattern, regex }: &Args) -> Result<()> {
    asked.open(|keys| match regex {
        true => print_all(keys.regex(pattern).map_err(|error| anyhow!("{error}"))?, asked),
        false => print_all(keys.like(pattern).map_err(|error| anyhow!("{error}"))?, asked),
    })
}
