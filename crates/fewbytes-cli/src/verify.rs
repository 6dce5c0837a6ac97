//! `verify`: is a file undamaged?

use crate::files::{FewFile, Name, about};
use crate::output;
use anyhow::Result;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check that saved structures are undamaged.
///
/// Compares the checksum and the inner links. One line a file; exit code 0 if all are good, 2 if not.
#[derive(clap::Args)]
pub struct Args {
    /// The structures; `-` is standard input.
    #[arg(value_name = "FILE.few", required = true)]
    files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(Args { files }: &Args) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for path in files {
        match check(path) {
            Ok(state) => output::stdout(|out| Ok(writeln!(out, "{}: {state}", Name(path))?))?,
            Err(error) => {
                output::complain(format_args!("{error}"));
                code = ExitCode::from(2);
            }
        }
    }
    Ok(code)
}

fn check(path: &Path) -> Result<&'static str> {
    let file = FewFile::open(path)?;
    let view = file.view(path)?;
    view.verify().map_err(about(path))?;
    Ok(match view.is_sealed() {
        true => "good, as it was sealed",
        false => "good as far as can be told: it was never sealed, and has no checksum",
    })
}
