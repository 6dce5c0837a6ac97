//! One file and many processes: what opening, asking and scanning it take, beside a copy for each.
//!
//! `just sharing`, or `cargo run --release -p fewbytes-benches --example sharing [BYTES] [FOLDER]`: 1.5 GB and the folder
//! for temporary files, which should be on a disk. It takes twice as many bytes of disk, and six times of memory. Linux only: it reads
//! `/proc`.
//!
//! Times of lookups are the processor's, so that other work on the machine hardly shows; those of scans are by the clock too.

#![cfg_attr(not(target_os = "linux"), allow(unused))]

#[cfg(target_os = "linux")]
mod child;
#[cfg(target_os = "linux")]
mod insert;
#[cfg(target_os = "linux")]
mod system;
#[cfg(target_os = "linux")]
mod table;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The dictionary of the problem: eight workers that each load it need 12 GB.
const BYTES: u64 = 1_500_000_000;

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("skipped: only Linux says in /proc what processes share");
}

#[cfg(target_os = "linux")]
fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [role, path, rest @ ..] = &arguments[..]
        && role.parse::<u64>().is_err()
    {
        return child::run(role, Path::new(path), rest);
    }
    let bytes: u64 = arguments.first().map_or(Ok(BYTES), |bytes| bytes.parse())?;
    let folder = arguments.get(1).map_or_else(env::temp_dir, PathBuf::from);
    let folder = folder.join(format!("fewbytes-sharing-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let done = table::print(bytes, &folder);
    fs::remove_dir_all(&folder)?;
    done
}
