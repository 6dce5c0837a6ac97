//! The browser tests of web/tests: the real pages in a real Chromium.

use anyhow::{Context, Result};

use crate::repo::{self, Repo};
use crate::{serve, setup, wasm};

/// Serves the site, which must be built, on a free port, and runs Playwright against it.
pub(crate) fn run(repo: &Repo, args: &[String]) -> Result<()> {
    let chromium = setup::chromium().context("No Chromium was found; run `cargo xtask setup`.")?;
    wasm::build_npm(repo)?;
    // The files that pages save are opened by the command line tool, and the reverse.
    let command = repo.command()?;
    let server = serve::listen(repo.site(), 0)?;
    repo::run(
        repo.npm_program("playwright")
            .args(["test", "--config", "tests/playwright.config.mjs"])
            .args(args)
            .env("CHROMIUM", chromium)
            .env("FEWBYTES_URL", server.url())
            .env("FEWBYTES_BIN", command)
            .env("FEWBYTES_TARGET", &repo.target),
    )
}
