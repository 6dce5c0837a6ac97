//! What the site's service worker keeps: every file with its hash, by which browsers know one version from another.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::files;

/// The worker, below the site's folder.
const WORKER: &str = "sw.js";
/// What stands in the worker until the list is written.
const EMPTY: &str = "[\"\", {}]; // Written by `cargo xtask site`.";

/// Writes the list of the site's files into its worker.
pub(crate) fn list_files(site: &Path) -> Result<()> {
    let mut hashes = BTreeMap::new();
    add(site, site, &mut hashes)?;
    hashes.remove(WORKER);
    let list = serde_json::to_string(&hashes)?;
    let version = hash(list.as_bytes());
    let worker = site.join(WORKER);
    let text = String::from_utf8(files::read(&worker)?).context("The service worker is no text.")?;
    anyhow::ensure!(text.contains(EMPTY), "The service worker has no place for the list of files.");
    files::write(&worker, text.replace(EMPTY, &format!("[{version:?}, {list}];")))
}

/// Puts a worker in its place that forgets all and goes, for sites that are rebuilt while one looks at them.
pub(crate) fn keep_nothing(site: &Path) -> Result<()> {
    files::write(
        &site.join(WORKER),
        "addEventListener(\"install\", () => skipWaiting());\n\
         addEventListener(\"activate\", async () => {\n\
         \x20 for (const name of await caches.keys()) await caches.delete(name);\n\
         \x20 await registration.unregister();\n\
         });\n",
    )
}

fn add(site: &Path, folder: &Path, hashes: &mut BTreeMap<String, String>) -> Result<()> {
    for path in files::entries(folder)? {
        if path.is_dir() {
            add(site, &path, hashes)?;
        } else if is_served(&path)
            && let Ok(relative) = path.strip_prefix(site)
        {
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            hashes.insert(parts.join("/"), hash(&files::read(&path)?));
        }
    }
    Ok(())
}

/// What no page asks for stays where it is: types for programmers, and licences.
fn is_served(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && !name.ends_with(".ts") && !name.ends_with(".LEGAL.txt")
}

/// As the attribute `integrity` has it.
fn hash(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash of "abc" that FIPS 180-2 prints, as base64.
    #[test]
    fn hashes_are_what_browsers_compute() {
        assert_eq!(hash(b"abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
