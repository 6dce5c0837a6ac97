//! What the tests and the site need beside cargo: WebAssembly's standard library, npm's packages, and a Chromium.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::files;
use crate::repo::{self, Repo};
use crate::sysroot::{self, TARGET, WasmStd};

/// The oldest major version of Node.js that the npm packages in web/ accept.
const NODE: u32 = 20;
/// How long rustup may take; where its servers can't be asked, it would try for much longer.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(120);

/// Says what is there, changes nothing, and fails when something is missing.
pub(crate) fn check(repo: &Repo) -> Result<()> {
    let parts = [
        ("standard library for WebAssembly", WasmStd::find(repo)?.map(|std| std.place())),
        ("Node.js", node().ok()),
        ("npm packages", npm_is_current(repo).then(|| "in web/node_modules".into())),
        ("Chromium", chromium().map(|file| file.display().to_string())),
    ];
    for (what, place) in &parts {
        match place {
            Some(place) => println!("found    {what}: {place}"),
            None => println!("missing  {what}"),
        }
    }
    if parts.iter().any(|(_, place)| place.is_none()) {
        bail!(
            "Something is missing; `cargo xtask setup` adds it or says how (with --apt also from Debian's packages)."
        );
    }
    Ok(())
}

/// Adds what is missing. Debian packages are installed only if `apt` says so, and rustup is then not asked.
pub(crate) fn run(repo: &Repo, apt: bool) -> Result<()> {
    if apt {
        install_debian_packages(repo)?;
    }
    ensure_wasm_std(repo, apt)?;
    ensure_npm_packages(repo)?;
    if chromium().is_none() {
        bail!(
            "No Chromium is on the PATH; install chromium or google-chrome, or name one in the variable CHROMIUM \
             (on Debian, `cargo xtask setup --apt` does it)."
        );
    }
    Ok(())
}

/// A browser for the tests: the one in the variable CHROMIUM, or one on the PATH.
pub(crate) fn chromium() -> Option<PathBuf> {
    match env::var_os("CHROMIUM") {
        Some(file) => Some(PathBuf::from(file)).filter(|file| file.is_file()),
        None => repo::on_path(&["chromium", "chromium-browser", "google-chrome"]),
    }
}

fn install_debian_packages(repo: &Repo) -> Result<()> {
    let mut packages = Vec::new();
    if WasmStd::find(repo)?.is_none() {
        packages.extend(sysroot::PACKAGES);
    }
    if chromium().is_none() {
        packages.push("chromium");
    }
    match packages[..] {
        [] => Ok(()),
        _ => install(&packages),
    }
}

/// Installs Debian packages.
pub(crate) fn install(packages: &[impl AsRef<str>]) -> Result<()> {
    if repo::on_path(&["apt-get"]).is_none() {
        bail!("There is no apt-get here; try without --apt.");
    }
    let packages: Vec<&str> = packages.iter().map(AsRef::as_ref).collect();
    println!("Installing Debian's packages {}.", packages.join(", "));
    let root = repo::output(Command::new("id").arg("-u"))? == "0";
    let apt_get = || {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.arg("apt-get");
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        command
    };
    repo::run(apt_get().args(["update", "-q"]))?;
    repo::run(apt_get().args(["install", "-y", "-q", "--no-install-recommends"]).args(packages))
}

fn ensure_wasm_std(repo: &Repo, apt: bool) -> Result<()> {
    if WasmStd::find(repo)?.is_some() {
        return Ok(());
    }
    if apt {
        println!("Compiling the standard library for WebAssembly, once.");
        sysroot::mint(repo)?;
    } else if repo::on_path(&["rustup"]).is_some() {
        println!("Asking rustup for the target {TARGET}.");
        run_for(Command::new("rustup").args(["target", "add", TARGET]), RUSTUP_PATIENCE)?;
    }
    if WasmStd::find(repo)?.is_none() {
        bail!(
            "Rust's standard library for {TARGET} is missing; run `rustup target add {TARGET}`, or \
             `cargo xtask setup --apt` on a Debian machine that can't ask rustup's servers."
        );
    }
    Ok(())
}

/// Runs a program, and ends it after a while. Whether it did its work is for the caller to look at.
fn run_for(command: &mut Command, patience: Duration) -> Result<()> {
    let mut child = command.spawn().context("rustup could not be started.")?;
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// The version of Node.js, if it is there and new enough.
fn node() -> Result<String> {
    let missing =
        || format!("Node.js {NODE} or later with npm is needed; install it from your system or nodejs.org.");
    let version = repo::output(Command::new("node").arg("--version")).with_context(missing)?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < NODE) {
        bail!("{} Found: {version}.", missing());
    }
    Ok(version)
}

fn ensure_npm_packages(repo: &Repo) -> Result<()> {
    node()?;
    if npm_is_current(repo) {
        return Ok(());
    }
    println!("Installing the npm packages of web/.");
    // No package of ours needs its install script, and none should run code that nobody has read.
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(repo.web());
    repo::run(&mut npm)?;
    files::copy(&lockfile(repo), &installed_lockfile(repo))
}

/// Whether web/node_modules was installed from the lockfile as it is now.
fn npm_is_current(repo: &Repo) -> bool {
    let lockfile = fs::read(lockfile(repo));
    lockfile
        .is_ok_and(|lockfile| fs::read(installed_lockfile(repo)).is_ok_and(|installed| installed == lockfile))
}

fn lockfile(repo: &Repo) -> PathBuf {
    repo.web().join("package-lock.json")
}

/// The lockfile as it was when we installed from it.
fn installed_lockfile(repo: &Repo) -> PathBuf {
    repo.web().join("node_modules/.installed-lock.json")
}
