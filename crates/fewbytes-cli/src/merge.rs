//! `merge`: several structures of one kind into one.

use crate::files::{self, FewFile, Name};
use anyhow::{Result, anyhow, bail};
use fewbytes::entry::{Merge, Sketch};
use std::path::{Path, PathBuf};

/// Merge saved structures of one kind into one.
///
/// `fewbytes list` says which kinds can be merged. After a union, items that are in several count once; after a sum, all events count.
#[derive(clap::Args)]
pub struct Args {
    /// The structures; one may be `-`, standard input.
    #[arg(value_name = "FILE.few", required = true)]
    files: Vec<PathBuf>,
    /// Where to save the result; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
}

/// Runs the command.
pub fn run(Args { files: paths, output }: &Args) -> Result<()> {
    if paths.iter().filter(|path| files::is_dash(path)).count() > 1 {
        bail!("standard input holds one structure: give `-` once, and files for the others");
    }
    files::check_output(output)?;
    let Some((first, others)) = paths.split_first() else { return Ok(()) };
    let mut sketch = files::read_sketch(first)?;
    for path in others {
        take(sketch.as_mut(), first, path)?;
    }
    files::save(sketch, output)
}

/// Merges the structure of `path` into `sketch`, which came from `first`.
fn take(sketch: &mut dyn Sketch, first: &Path, path: &Path) -> Result<()> {
    let file = FewFile::open(path)?;
    let other = file.view(path)?;
    let (ours, theirs) = (sketch.entry(), other.entry());
    if ours.slug != theirs.slug {
        bail!(
            "can't merge: {} is a `{}`, {} a `{}`; merge those of each kind apart",
            Name(first),
            ours.slug,
            Name(path),
            theirs.slug
        );
    }
    if ours.merge == Merge::None {
        bail!(
            "can't merge {} and {}: a `{}` can't be merged; build one from the items of both",
            Name(first),
            Name(path),
            ours.slug
        );
    }
    other.verify().map_err(files::about(path))?;
    sketch.merge(other.as_ref()).map_err(|error| anyhow!("{} and {}: {error}", Name(first), Name(path)))
}
