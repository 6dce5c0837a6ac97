//! `merge`: several structures of one kind into one.

use crate::files::{self, Changing, FewFile, Name};
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
    // `-o` may name one of the files: it is changed, then, as `insert` changes one.
    let changed = paths.iter().any(|path| is_one_file(path, output));
    let changing = changed.then(|| Changing::wait(output)).transpose()?;
    let Some((first, others)) = paths.split_first() else { return Ok(()) };
    let mut sketch = files::read_sketch(first)?;
    for path in others {
        take(sketch.as_mut(), first, path)?;
    }
    match changing {
        Some(changing) => changing.save(sketch),
        None => files::save(sketch, output),
    }
}

/// Whether both paths are those of one file that is there.
fn is_one_file(a: &Path, b: &Path) -> bool {
    !files::is_dash(a) && matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
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
