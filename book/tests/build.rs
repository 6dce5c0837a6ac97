//! Turns every chapter of the book into a module whose documentation it is: `cargo test` then runs its snippets.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let book = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../src");
    println!("cargo::rerun-if-changed={}", book.display());
    let mut chapters = Vec::new();
    collect(&book, &mut chapters)?;
    chapters.sort();

    let mut modules = String::new();
    for chapter in chapters {
        let chapter = chapter.canonicalize()?;
        println!("cargo::rerun-if-changed={}", chapter.display());
        if let Err(fault) = check(&fs::read_to_string(&chapter)?) {
            println!("cargo::error={}: {fault}", chapter.display());
        }
        let name = chapter.strip_prefix(book.canonicalize()?).unwrap_or(&chapter).display().to_string();
        let name: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        let path = chapter.display().to_string();
        let _ = writeln!(modules, "#[doc = include_str!({path:?})]\nmod {name} {{}}"); // A String takes all.
    }
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("chapters.rs"), modules)
}

fn collect(folder: &Path, chapters: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, chapters)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            chapters.push(path);
        }
    }
    Ok(())
}

/// Refuses what mdBook and rustdoc would read differently.
///
/// A fence without a language is plain text to one and Rust to the other. An included file is text to rustdoc: around
/// a snippet that does no harm, inside one it is not what the reader sees. (What is included is tested where it lies.)
fn check(chapter: &str) -> Result<(), String> {
    let mut open: Option<&str> = None;
    for (number, line) in (1..).zip(chapter.lines()) {
        let fence = line.trim_start().strip_prefix("```");
        match (open, fence) {
            (None, Some("")) => {
                return Err(format!("line {number}: name the fence's language, `rust` or `text`"));
            }
            (None, Some(language)) => open = Some(language),
            (Some(_), Some("")) => open = None,
            (Some(language), None) if language.starts_with("rust") && line.contains("{{#") => {
                return Err(format!("line {number}: a snippet is written out, not included"));
            }
            _ => {}
        }
    }
    open.map_or(Ok(()), |language| Err(format!("a fence of `{language}` is never closed")))
}
