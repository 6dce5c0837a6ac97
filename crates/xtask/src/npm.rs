//! The npm package: the catalogue's module, the classes over it, and their tests in Node.js.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::repo::{self, Repo};
use crate::{files, wasm};

/// Builds the package into target/npm, ready for `npm publish` and `npm install`.
pub(crate) fn build(repo: &Repo) -> Result<PathBuf> {
    let package = wasm::build_npm(repo)?;
    for path in files::entries(&repo.web().join("npm"))? {
        let name = path.file_name().unwrap_or_default();
        if !name.to_string_lossy().ends_with(".test.mjs") {
            files::copy(&path, &package.join(name))?;
        }
    }
    let program = [
        "run",
        "--quiet",
        "--package",
        "fewbytes-wasm",
        "--features",
        "catalog",
        "--bin",
        "fewbytes-package",
        "--",
    ];
    repo::run(repo.cargo().args(program).arg(&package))?;
    Ok(package)
}

/// Builds the package, and runs its tests.
pub(crate) fn test(repo: &Repo) -> Result<()> {
    let package = build(repo)?;
    let command = repo.command()?;
    repo::run(
        Command::new("node")
            .args(["--test", "npm/package.test.mjs"])
            .current_dir(repo.web())
            .env("FEWBYTES_PACKAGE", &package)
            .env("FEWBYTES_BIN", command)
            .env("FEWBYTES_GOLDEN", repo.root.join("tests/golden")),
    )?;
    // What is said of types holds for a program that uses them.
    let strict = [
        "--noEmit",
        "--strict",
        "--target",
        "esnext",
        "--module",
        "nodenext",
        "--lib",
        "esnext,dom,dom.iterable",
    ];
    repo::run(repo.npm_program("tsc").args(strict).arg(package.join("types.test.ts")))
}
