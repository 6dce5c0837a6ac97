//! What runs in Node.js, on WebAssembly: the properties of the tests, and the speed beside native code.

use std::process::Command;

use anyhow::Result;

use crate::repo::{self, Repo};
use crate::wasm;

/// Runs the fuzz targets on inputs that once failed, on golden files, and on inputs by chance.
pub(crate) fn properties(repo: &Repo) -> Result<()> {
    let module = wasm::build_node(repo, "fewbytes-tests-wasm", "dev")?;
    let tests = repo.root.join("tests");
    repo::run(Command::new("node").arg(tests.join("wasm/run.mjs")).arg(module).arg(&tests))
}

/// Prints what items take in WebAssembly and in native code.
pub(crate) fn speed(repo: &Repo) -> Result<()> {
    let package = "fewbytes-benches-wasm";
    repo::run(repo.cargo().args(["build", "--quiet", "--release", "--package", package]))?;
    let module = wasm::build_node(repo, package, "web")?;
    let native = repo.target.join("release/fewbytes-speed");
    repo::run(Command::new("node").arg(repo.root.join("benches/wasm/run.mjs")).arg(module).arg(native))
}
