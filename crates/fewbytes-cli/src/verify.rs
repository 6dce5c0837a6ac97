//! `verify`: is a file undamaged?

use crate::files::{FewFile, Name, about};
use crate::output;
use anyhow::Result;
use serde_json::{Value, json};
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
    /// Print a JSON object a line, for the damaged ones too.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// All files are checked before anything is printed: a reader that goes away does not turn damage into success.
pub fn run(Args { files, json }: &Args) -> Result<ExitCode> {
    let checks: Vec<_> = files.iter().map(|path| (path, check(path))).collect();
    let all_good = checks.iter().all(|(_, checked)| checked.is_ok());
    let printed = output::stdout(|out| {
        for (path, checked) in &checks {
            match checked {
                _ if *json => writeln!(out, "{}", to_json(path, checked))?,
                Ok(sealed) => writeln!(out, "{}: {}", Name(path), state(*sealed))?,
                Err(error) => output::complain(format_args!("{error}")),
            }
        }
        Ok(())
    });
    match all_good {
        true => printed.map(|()| ExitCode::SUCCESS),
        false => Ok(ExitCode::from(2)),
    }
}

/// Whether the structure, which is good, was sealed.
fn check(path: &Path) -> Result<bool> {
    let file = FewFile::open(path)?;
    let view = file.view(path)?;
    view.verify().map_err(about(path))?;
    Ok(view.is_sealed())
}

fn state(sealed: bool) -> &'static str {
    match sealed {
        true => "good, as it was sealed",
        false => "good as far as can be told: it was never sealed, and has no checksum",
    }
}

fn to_json(path: &Path, checked: &Result<bool>) -> Value {
    json!({
        "file": path.to_string_lossy(),
        "good": checked.is_ok(),
        "sealed": checked.as_ref().ok(),
        "error": checked.as_ref().err().map(ToString::to_string),
    })
}
