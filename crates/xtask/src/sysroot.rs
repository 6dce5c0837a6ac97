//! The standard library for wasm32-unknown-unknown: the active toolchain's own, or one minted from Debian's packages.
//!
//! Where rustup's servers can't be asked, Debian's `rustc-web` and `rust-web-src` bring a compiler and the sources of
//! its standard library, which is compiled once into `target/wasm-sysroot`; from then on every build is an ordinary one.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::files;
use crate::repo::{self, Repo};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// The Debian packages that `mint` works from.
pub(crate) const PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];
/// Where `rustc-web` puts its compiler.
pub(crate) const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Where the standard library was found.
pub(crate) enum WasmStd {
    /// In the active toolchain.
    Own,
    /// In this sysroot, made from Debian's packages.
    Minted(PathBuf),
}

impl WasmStd {
    /// Looks for the library itself, because exit codes of toolchain managers say too little.
    pub(crate) fn find(repo: &Repo) -> Result<Option<Self>> {
        if has_core(&active_sysroot()?) {
            return Ok(Some(Self::Own));
        }
        let minted = folder(repo);
        // Libraries of another compiler version would only give errors about metadata.
        let same = fs::read_to_string(minted.join("version")).ok() == debian_version().ok();
        Ok((same && has_core(&minted)).then_some(Self::Minted(minted)))
    }

    /// Where it was found, in words.
    pub(crate) fn place(&self) -> String {
        match self {
            Self::Own => "in the active toolchain".into(),
            Self::Minted(sysroot) => format!("in {}", sysroot.display()),
        }
    }

    /// A cargo command for this target, in a target folder of its own: the two compilers' artefacts stay apart.
    pub(crate) fn cargo(&self, repo: &Repo, subcommand: &str) -> Result<Command> {
        let mut cargo = repo.cargo();
        cargo.args([subcommand, "--target", TARGET, "--target-dir"]).arg(repo.target.join("wasm"));
        if let Self::Minted(sysroot) = self {
            cargo.env("RUSTC", sysroot.join("bin/rustc"));
            cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?);
        }
        Ok(cargo)
    }
}

/// Compiles the standard library from Debian's packages, which must be installed.
pub(crate) fn mint(repo: &Repo) -> Result<()> {
    let host = host()?;
    let sysroot = folder(repo);
    let work = repo.target.join("wasm-sysroot-work");
    files::remove_dir(&sysroot)?;
    files::remove_dir(&work)?;
    files::create_dir(&work.join("src"))?;
    files::write(&work.join("src/lib.rs"), "#![no_std]\n")?;
    // A workspace of its own, so that neither our lockfile nor our profiles matter here.
    files::write(
        &work.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n[profile.release]\npanic = \"abort\"\n",
    )?;
    repo::run(
        repo.cargo()
            .args([
                "build",
                "--release",
                "-Zbuild-std=std,panic_abort,test",
                "--target",
                TARGET,
                "--manifest-path",
            ])
            .arg(work.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(work.join("target"))
            .env("RUSTC", DEBIAN_RUSTC)
            .env("RUSTC_BOOTSTRAP", "1"),
    )
    .context("Debian's standard library could not be compiled for WebAssembly.")?;

    let libraries = library_folder(&sysroot);
    files::create_dir(&libraries)?;
    for path in files::entries(&work.join("target").join(TARGET).join("release/deps"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            files::copy(&path, &libraries.join(&*name))?;
        }
    }
    // Build scripts and macros run on this machine and need its libraries, too.
    let debian = repo::output(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]))?;
    let own = Path::new(&debian).join("lib/rustlib").join(&host);
    symlink(own, sysroot.join("lib/rustlib").join(&host))
        .context("The host's libraries could not be linked.")?;
    write_compiler(&sysroot)?;
    files::write(&sysroot.join("version"), debian_version()?)?;
    files::remove_dir(&work)
}

/// A `rustc` that is Debian's with our sysroot.
fn write_compiler(sysroot: &Path) -> Result<()> {
    files::create_dir(&sysroot.join("bin"))?;
    let file = sysroot.join("bin/rustc");
    let script = format!("#!/bin/sh\nexec {DEBIAN_RUSTC} --sysroot '{}' \"$@\"\n", sysroot.display());
    files::write(&file, script)?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("{} could not be made executable.", file.display()))
}

fn folder(repo: &Repo) -> PathBuf {
    repo.target.join("wasm-sysroot")
}

fn library_folder(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

fn has_core(sysroot: &Path) -> bool {
    let Ok(entries) = fs::read_dir(library_folder(sysroot)) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    })
}

fn active_rustc() -> Command {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

fn active_sysroot() -> Result<PathBuf> {
    Ok(repo::output(active_rustc().args(["--print", "sysroot"]))?.into())
}

pub(crate) fn debian_version() -> Result<String> {
    if !Path::new(DEBIAN_RUSTC).exists() {
        bail!("{DEBIAN_RUSTC} is not there.");
    }
    repo::output(Command::new(DEBIAN_RUSTC).arg("-vV"))
}

/// The triple of this machine.
fn host() -> Result<String> {
    let version = repo::output(active_rustc().arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("`rustc -vV` names no host.")
}

/// The active toolchain's linker: Debian's compiler comes without one for WebAssembly.
fn linker() -> Result<PathBuf> {
    let linker = active_sysroot()?.join("lib/rustlib").join(host()?).join("bin/rust-lld");
    if !linker.exists() {
        bail!(
            "The active Rust toolchain has no rust-lld; install Rust with rustup, whose toolchains bring it."
        );
    }
    Ok(linker)
}
