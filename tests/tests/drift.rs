//! What is written twice agrees: generated pages with the code, named paths with the files, limits with the sources.
//!
//! `BLESS=1 cargo test -p fewbytes-tests --test drift` writes the generated pages instead of comparing them.

use fewbytes::catalog::CATALOG;
use fewbytes_tests::pages;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A file that a person reads at a sitting.
const MAX_LINES: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository")
}

/// Files below `folder` with that extension; build output, packages and hidden folders are left out.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && !matches!(&*name, "target" | "node_modules") {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|ours| ours == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Pages are being written, not compared: other tests would read them half done.
fn blessing() -> bool {
    env::var("BLESS").is_ok_and(|value| value == "1")
}

fn named(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Empty, or the sentence and the list of faults as a failure.
fn none(what: &str, faults: Vec<String>) -> Outcome {
    match faults.is_empty() {
        true => Ok(()),
        false => Err(format!("{what}:\n  {}", faults.join("\n  ")).into()),
    }
}

/// rustdoc knows where a path of Rust leads; a reader of the book who follows it finds nothing.
#[test]
fn essays_link_to_no_paths_of_rust() -> Outcome {
    let mut faults = Vec::new();
    for entry in CATALOG {
        let path = pages::essay_path(entry);
        let essay = fs::read_to_string(root().join(&path))?;
        faults.extend(
            essay.lines().filter(|line| line.contains("](crate::")).map(|line| format!("{path}: {line}")),
        );
    }
    none("these links are broken in the book", faults)
}

#[test]
fn generated_pages_are_what_the_code_prints() -> Outcome {
    let mut pages = pages::pages()?;
    if let Ok(readme) = fs::read_to_string(root().join("README.md")) {
        let with_table = pages::readme(&readme)?;
        pages.push(("README.md".into(), with_table.ok_or("README.md has lost the markers of its table")?));
    }
    let mut stale = Vec::new();
    for (path, text) in pages {
        let file = root().join(&path);
        if blessing() {
            fs::create_dir_all(file.parent().unwrap_or(root()))?;
            fs::write(&file, text)?;
        } else if fs::read_to_string(&file).ok() != Some(text) {
            stale.push(path);
        }
    }
    none("run `BLESS=1 cargo test -p fewbytes-tests --test drift`; not what the code prints", stale)
}

#[test]
fn no_fact_page_is_left_over() -> Outcome {
    let known: BTreeSet<_> = CATALOG.iter().map(|entry| root().join(pages::facts_path(entry))).collect();
    let left = files(&root().join("book/src/facts"), "md").into_iter().filter(|file| !known.contains(file));
    none("fact pages of no structure", left.map(|file| named(&file)).collect())
}

#[test]
fn every_structure_has_its_essay_fact_page_and_chapter() -> Outcome {
    if blessing() {
        return Ok(());
    }
    let summary = fs::read_to_string(root().join("book/src/SUMMARY.md"))?;
    let mut faults = Vec::new();
    for entry in CATALOG {
        let essay = fs::read_to_string(root().join(pages::essay_path(entry))).unwrap_or_default();
        if essay != entry.essay || essay.len() < 1000 {
            faults.push(format!("`{}` has no essay of its own in {}", entry.slug, pages::essay_path(entry)));
        }
        // The order that readers of one essay learn for all.
        let headings: Vec<_> = essay.lines().filter(|line| line.starts_with("## ")).collect();
        let order = ["Error", "Space", "Time", "Bytes", "Merge", "Source", "Example", "When not to use it"];
        if headings != order.map(|heading| format!("## {heading}")) {
            faults.push(format!("the essay of `{}` has the headings {headings:?}", entry.slug));
        }
        if !root().join(pages::facts_path(entry)).exists() {
            faults.push(format!("`{}` has no {}", entry.slug, pages::facts_path(entry)));
        }
        if !summary.contains(&format!("](facts/{}.md)", entry.slug)) {
            faults.push(format!("`{}` has no line in book/src/SUMMARY.md", entry.slug));
        }
        if !summary.contains(&format!("]({}.md)", entry.slug)) {
            faults.push(format!("`{}` has no chapter in book/src/SUMMARY.md", entry.slug));
        }
    }
    none("structures that are not written up", faults)
}

#[test]
fn every_chapter_is_in_the_summary() -> Outcome {
    if blessing() {
        return Ok(());
    }
    let book = root().join("book/src");
    let summary = fs::read_to_string(book.join("SUMMARY.md"))?;
    // The summary itself, and the fragments that chapters include.
    let apart = ["SUMMARY.md", "abilities.md", "decide.md", "header.md"];
    let chapters = files(&book, "md");
    let names = chapters.iter().filter_map(|file| file.strip_prefix(&book).ok()?.to_str());
    let missing = names
        .filter(|name| !apart.contains(name) && !summary.contains(&format!("]({name})")))
        .map(String::from);
    none("chapters that the summary leaves out", missing.collect())
}

#[test]
fn every_path_that_the_docs_name_exists() -> Outcome {
    if blessing() {
        return Ok(());
    }
    let pages = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"].map(|name| root().join(name));
    let pages = pages.into_iter().filter(|page| page.exists()).chain(files(&root().join("book/src"), "md"));
    let mut missing = Vec::new();
    for page in pages {
        for (line, path) in paths_named_in(&fs::read_to_string(&page)?) {
            let from = match &path {
                Named::Link(_) => page.parent().unwrap_or(root()),
                Named::InTicks(_) => root(),
            };
            let (Named::Link(path) | Named::InTicks(path)) = path;
            if !from.join(&path).exists() {
                missing.push(format!("{}:{line}: {path}", named(&page)));
            }
        }
    }
    none("paths that lead nowhere", missing)
}

#[derive(Debug, PartialEq)]
enum Named {
    /// Relative to the page: a link or an include.
    Link(String),
    /// Relative to the repository: a path in back-ticks.
    InTicks(String),
}

/// Paths that a page names outside fenced blocks, with their lines.
fn paths_named_in(page: &str) -> Vec<(usize, Named)> {
    const TOP: [&str; 7] = ["crates/", "tests/", "book/", "web/", "benches/", ".ci/", "docs/"];
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in (1..).zip(page.lines()) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let links =
                line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
            let includes = line.split("{{#include ").skip(1).filter_map(|rest| rest.split_once("}}"));
            let includes = includes.map(|(path, _)| path.split(':').next().unwrap_or(path));
            let relative = |link: &&str| {
                !link.contains("://") && !link.starts_with(['#', '/']) && !link.starts_with("mailto:")
            };
            let files = links.chain(includes).filter(relative);
            let files = files
                .map(|link| link.split(['#', ' ']).next().unwrap_or(link))
                .filter(|link| !link.is_empty());
            found.extend(files.map(|link| (number, Named::Link(link.into()))));

            // Capitals stand for a name of the reader's: `crates/fewbytes/src/FAMILY/SLUG.rs`.
            let exact = |path: &&str| {
                !path.contains(['*', '<', '{', ' ', '…'])
                    && !path.contains("SLUG")
                    && !path.contains("FAMILY")
            };
            let ticks = line.split('`').skip(1).step_by(2);
            let ticks = ticks.filter(|path| TOP.iter().any(|top| path.starts_with(top))).filter(exact);
            found.extend(ticks.map(|path| (number, Named::InTicks(path.into()))));
        }
    }
    found
}

#[test]
fn paths_are_found_where_they_are_named() {
    let page = "See `crates/x/a.rs`, `a/b` and [b](b.md#c), [out](https://x.y), [here](#z).\n```text\n`tests/no`\n```\n\
        {{#include ../a.md:part}} and `crates/FAMILY/SLUG.rs`\n";
    let expected = [
        (1, Named::Link("b.md".into())),
        (1, Named::InTicks("crates/x/a.rs".into())),
        (5, Named::Link("../a.md".into())),
    ];
    assert_eq!(paths_named_in(page), expected);
}

#[test]
fn every_rust_file_can_be_read_at_a_sitting() -> Outcome {
    let sources = files(root(), "rs");
    assert!(sources.len() > 20, "the sources are found");
    let long = sources.iter().filter_map(|file| {
        let lines = fs::read_to_string(file).ok()?.lines().count();
        (lines > MAX_LINES).then(|| format!("{}: {lines} lines", named(file)))
    });
    none(&format!("Rust files of more than {MAX_LINES} lines"), long.collect())
}

#[test]
fn no_dependency_needs_a_newer_rust_than_we_promise() -> Outcome {
    let metadata: Value = serde_json::from_slice(&cargo_metadata()?)?;
    let by_id = |list: &Value| -> BTreeMap<String, Value> {
        let items = list.as_array().into_iter().flatten();
        items.filter_map(|item| Some((item["id"].as_str()?.to_string(), item.clone()))).collect()
    };
    let (packages, nodes) = (by_id(&metadata["packages"]), by_id(&metadata["resolve"]["nodes"]));
    let ids = |list: &Value| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|id| Some(id.as_str()?.to_string())).collect()
    };
    let mut todo = ids(&metadata["workspace_default_members"]);
    assert!(!todo.is_empty(), "cargo says which members are the default");
    let mut graph = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if graph.insert(id.clone()) {
            todo.extend(nodes.get(&id).map(|node| ids(&node["dependencies"])).unwrap_or_default());
        }
    }
    let ours = version(env!("CARGO_PKG_RUST_VERSION"));
    let newer = graph.iter().filter_map(|id| {
        let needed = packages.get(id)?["rust_version"].as_str()?;
        (version(needed) > ours).then(|| format!("{id} needs Rust {needed}"))
    });
    none(concat!("dependencies for a Rust newer than ", env!("CARGO_PKG_RUST_VERSION")), newer.collect())
}

/// The workspace and its dependencies on this platform. The network is asked only for what was never downloaded.
fn cargo_metadata() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let rustc = Command::new("rustc").arg("-vV").output()?;
    let rustc = String::from_utf8(rustc.stdout)?;
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
    let run = |offline: &[&str]| {
        let mut cargo = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
        cargo.args(["metadata", "--format-version=1", "--locked", "--filter-platform", host]).args(offline);
        cargo.current_dir(root()).output()
    };
    let output = match run(&["--offline"])? {
        output if output.status.success() => output,
        _ => run(&[])?,
    };
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}

fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}
