//! The command `fewbytes`: sketches at the command line.
//!
//! Everything but `count` and `race` is written once over the catalogue: a structure that joins it has its commands.

mod args;
mod ask;
mod build;
mod bytes;
mod count;
mod describe;
mod files;
mod input;
mod insert;
mod inspect;
mod list;
mod merge;
mod output;
mod race;
mod remove;
mod split;
mod stream;
mod text;
mod threads;
mod top;
mod verify;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => output::report(&error),
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let done = match command {
        Command::Count(args) => count::run(&args),
        Command::List(args) => list::run(&args),
        Command::Describe(args) => describe::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Insert(args) => insert::run(&args),
        Command::Remove(args) => remove::run(&args),
        Command::Ask(args) => return ask::run(&args),
        Command::Top(args) => top::run(&args),
        Command::Prefix(args) => text::prefix::run(&args),
        Command::Near(args) => text::near::run(&args),
        Command::Like(args) => text::like::run(&args),
        Command::Containing(args) => text::containing::run(&args),
        Command::Match(args) => return text::find::run(&args),
        Command::Keys(args) => text::keys::run_keys(&args),
        Command::Ids(args) => return text::keys::run_ids(&args),
        Command::Convert(args) => text::convert::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Verify(args) => return verify::run(&args),
        Command::Race(args) => race::run(&args),
    };
    done.map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// Clap's own check: no two options of a command share a name, in every structure's `build` too.
    #[test]
    fn arguments_are_sound() {
        super::Cli::command().debug_assert();
    }
}
