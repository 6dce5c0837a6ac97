//! The one test command: everything that must hold before a change is merged, except for style.

use std::time::Instant;

use anyhow::{Context, Result};

use crate::repo::{self, Repo};
use crate::sysroot::WasmStd;
use crate::{browser, node, npm, setup, site};

/// A named part of the tests.
type Step<'a> = (&'static str, &'a dyn Fn() -> Result<()>);

/// Runs every step in turn, cheap ones first, and stops at the first that fails.
pub(crate) fn run(repo: &Repo, apt: bool) -> Result<()> {
    let steps: [Step; 9] = [
        ("set-up", &|| setup::run(repo, apt)),
        ("library without std", &|| repo::run(repo.cargo().arg("check").args(NO_STD))),
        ("library without std, for WebAssembly", &|| {
            let std = WasmStd::find(repo)?.context("The standard library for WebAssembly is missing.")?;
            repo::run(std.cargo(repo, "check")?.args(NO_STD))
        }),
        ("tests of these tasks", &|| repo::run(repo.cargo().args(["test", "--quiet", "--package", "xtask"]))),
        ("unit, integration, documentation and book tests", &|| {
            repo::run(repo.cargo().args(["test", "--workspace", "--exclude", "xtask", "--all-features"]))
        }),
        ("properties on WebAssembly", &|| node::properties(repo)),
        ("npm package", &|| npm::test(repo)),
        ("site", &|| site::build(repo)),
        ("browser tests", &|| browser::run(repo, &[])),
    ];
    for (name, step) in steps {
        println!("\n=== {name}");
        let start = Instant::now();
        let result = step();
        let verdict = if result.is_ok() { "passed" } else { "failed" };
        println!("=== {name}: {verdict} after {:.1} s", start.elapsed().as_secs_f64());
        result?;
    }
    Ok(())
}

const NO_STD: [&str; 3] = ["--package", "fewbytes", "--no-default-features"];
