//! `containing`: the keys with a text inside.

use super::answers::{Answer, Asked, print_all};
use crate::files::{self, Name, about};
use crate::output;
use anyhow::{Result, anyhow};
use fewbytes::text::Dictionary;
use fewbytes::text::search::{GramIndex, Search};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Print the keys of a text store that contain PART, in order.
///
/// All keys are walked. With `--index FILE`, only the blocks of keys that have all of the part's three-byte grams: the file is
/// the store's index, which is made where it is not there yet.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    asked: Asked,
    /// What keys contain.
    part: OsString,
    /// The index of the store's grams; made first where there is no such file.
    #[arg(long, value_name = "INDEX.few")]
    index: Option<PathBuf>,
}

/// Runs the command.
pub fn run(Args { asked, part, index }: &Args) -> Result<()> {
    let part = part.as_encoded_bytes();
    asked.open(|keys| match index {
        None => print_all(keys.containing(part), asked),
        Some(path) => by_index(keys, part, path, asked),
    })
}

fn by_index(keys: &dyn Dictionary, part: &[u8], path: &Path, asked: &Asked) -> Result<()> {
    if !path.exists() {
        files::check_output(path)?;
        let mut index = GramIndex::build(keys).map_err(about(path))?;
        index.seal();
        fewbytes_mmap::save(path, index.as_bytes()).map_err(|error| anyhow!("{error}"))?;
    }
    let map = fewbytes_mmap::map(path).map_err(|error| anyhow!("{error}"))?;
    let index = GramIndex::open(map).map_err(about(path))?;
    let refused = |error| anyhow!("{} is not the index of {}: {error}", Name(path), Name(&asked.store));
    let mut found = index.containing(keys, part).map_err(refused)?.limit(asked.limit);
    output::stdout(|out| {
        while found.advance() {
            let answer = Answer { key: found.key(), id: found.id(), value: found.value(), distance: None };
            answer.print(asked.json, out)?;
        }
        Ok(())
    })
}
