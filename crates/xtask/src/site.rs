//! The site: the playground at `/` and the book at `/book/`, both with the same labs.
//!
//! Labs are three folders that refer to each other by relative paths and so work below any address: `lab/` (custom
//! elements and their style), `pkg/` (the WebAssembly packages) and `vendor/` (libraries from npm, bundled).

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use fs4::FileExt;

use crate::repo::{self, Repo};
use crate::{book, files, offline, wasm};

/// The folders that a lab is made of.
const LAB: [&str; 3] = ["lab", "pkg", "vendor"];
/// Folders of web/ that are the playground's as they are.
const FOLDERS: [&str; 4] = ["calculator", "lab", "open", "race"];
/// Kinds of files at the top of web/ that belong to the playground; the rest there is for tools.
const PAGES: [&str; 7] = ["css", "html", "ico", "js", "png", "svg", "webmanifest"];

/// Builds all of it into `target/site`.
pub(crate) fn build(repo: &Repo) -> Result<()> {
    // Two builds at once would remove each other's files. The lock goes with the handle.
    let web = File::open(repo.web()).context("The folder web/ could not be opened.")?;
    FileExt::lock(&web).context("The folder web/ could not be locked for building.")?;
    wasm::build(repo)?;
    let playground = build_playground(repo)?;
    let book = book::build(repo)?;
    finish_pages(repo, &playground, &book)?;
    for folder in LAB {
        files::copy(&playground.join(folder), &book.join(folder))?;
    }
    let site = repo.site();
    files::remove_dir(&site)?;
    files::copy(&playground, &site)?;
    files::copy(&book, &site.join("book"))?;
    offline::list_files(&site)
}

/// Copies the finished site into a folder that is empty, new, or has an earlier one.
pub(crate) fn publish(repo: &Repo, folder: &Path) -> Result<()> {
    let is_used = folder.exists() && !files::entries(folder)?.is_empty();
    if is_used && !folder.join("sw.js").exists() {
        bail!("{} has other files than a site; give an empty folder, or a new one.", folder.display());
    }
    files::remove_dir(folder)?;
    files::copy(&repo.site(), folder)?;
    println!("The site is in {}.", folder.display());
    Ok(())
}

/// Builds web/dist beside the packages that are already in it.
fn build_playground(repo: &Repo) -> Result<PathBuf> {
    let web = repo.web();
    let dist = web.join("dist");
    remove_stale(&dist)?;
    for path in files::entries(&web)? {
        let extension = path.extension().unwrap_or_default();
        if PAGES.iter().any(|page| extension == *page)
            && let Some(name) = path.file_name()
        {
            files::copy(&path, &dist.join(name))?;
        }
    }
    for folder in FOLDERS {
        files::copy(&web.join(folder), &dist.join(folder))?;
    }
    bundle_libraries(repo, &dist)?;
    Ok(dist)
}

/// Writes what the catalogue says into the pages, and the labs' pictures for those who read without JavaScript.
fn finish_pages(repo: &Repo, playground: &Path, book: &Path) -> Result<()> {
    let program = ["run", "--quiet", "--package", "fewbytes-wasm", "--bin", "fewbytes-pages", "--"];
    repo::run(repo.cargo().args(program).args([playground, book]))
}

/// Removes what an earlier build left, except for the packages.
fn remove_stale(dist: &Path) -> Result<()> {
    for path in files::entries(dist)? {
        if path.ends_with("pkg") || path.ends_with("tools") {
            continue;
        }
        if path.is_dir() {
            files::remove_dir(&path)?;
        } else {
            files::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Makes one module of each file in web/vendor, which names what the labs use of a library from npm.
fn bundle_libraries(repo: &Repo, dist: &Path) -> Result<()> {
    let mut out = std::ffi::OsString::from("--outdir=");
    out.push(dist.join("vendor"));
    repo::run(
        repo.npm_program("esbuild")
            .args(files::entries(&repo.web().join("vendor"))?)
            .args(["--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=linked"])
            .arg("--log-level=warning")
            .arg(out),
    )
}
