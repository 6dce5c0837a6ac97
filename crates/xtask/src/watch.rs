//! Building the site again whenever one of its sources has changed.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::repo::Repo;
use crate::{offline, site};

/// Folders that the site is built from. Looking at their 700 files takes 3 ms, so no library has to watch them.
const SOURCES: [&str; 3] = ["book", "crates", "web"];
/// Folders below them that builds write.
const BUILT: [&str; 3] = ["dist", "node_modules", "target"];
const EVERY: Duration = Duration::from_millis(500);

/// Builds the site so that browsers keep nothing of it, and again after each change, until the program is ended.
pub(crate) fn rebuild(repo: &Repo) -> Result<()> {
    let mut built = look(repo);
    loop {
        sleep(EVERY);
        let now = look(repo);
        if now == built {
            continue;
        }
        built = now;
        match build(repo) {
            Ok(()) => println!("The site is built again."),
            // A line that doesn't compile yet is no reason to stop.
            Err(error) => eprintln!("error: {error:#}"),
        }
    }
}

/// Builds the site for one who changes it.
pub(crate) fn build(repo: &Repo) -> Result<()> {
    site::build(repo)?;
    offline::keep_nothing(&repo.site())
}

/// How many files there are, and when the latest was changed.
fn look(repo: &Repo) -> (usize, Option<SystemTime>) {
    let mut seen = (0, None);
    SOURCES.iter().for_each(|folder| look_below(&repo.root.join(folder), &mut seen));
    seen
}

fn look_below(folder: &Path, seen: &mut (usize, Option<SystemTime>)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        if !metadata.is_dir() {
            seen.0 += 1;
            seen.1 = seen.1.max(metadata.modified().ok());
        } else if !BUILT.iter().any(|built| entry.file_name() == *built) {
            look_below(&entry.path(), seen);
        }
    }
}
