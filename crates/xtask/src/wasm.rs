//! The WebAssembly packages, each by cargo, then wasm-bindgen, then wasm-opt: the labs' into folders of web/dist/pkg, and
//! the one with any structure of the catalogue, which programs and its own test use, into target/npm.

use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::files;
use crate::repo::{self, Repo};
use crate::sysroot::{TARGET, WasmStd};

const PACKAGE: &str = "fewbytes-wasm";
const MODULE: &str = "fewbytes_wasm";
/// The oldest wasm-opt that is trusted: version 108 ended well and wrote a broken module.
const WASM_OPT_VERSION: u32 = 120;
/// Where speed counts.
const FAST: [&str; 1] = ["-O3"];
/// For labs. Of 377 KB, 164 after gzip, `-Os` and `-Oz` save 1 KB, and none after gzip. Functions that are put into their
/// callers no longer look like others: with those limits gzip leaves 158 KB.
const SMALL: [&str; 5] =
    ["-O3", "--one-caller-inline-max-function-size", "30", "--flexible-inline-max-function-size", "10"];
/// The families of structures, by the names of their features, and parts of families that have little in common. The labs of
/// each are a module: up to 130 KB after gzip, as a first view is to be 150. What they share, 58, is in each.
const PARTS: [&str; 10] = [
    "membership",
    "counting",
    "distinct",
    "kmv",
    "dawg",
    "double-array",
    "hat-trie",
    "keywords",
    "louds-trie",
    "search",
];
/// Those from here on are of text stores, whose builders are large: all of it is compiled for size. With `"s"` the LOUDS trie
/// takes 139 KB after gzip, so 131; searches 140, so 138, which no page has room for.
const TEXT: usize = 4;

/// Builds the labs' packages, unless they are there already for just these modules.
pub(crate) fn build(repo: &Repo) -> Result<()> {
    let packages = repo.web().join("dist/pkg");
    files::create_dir(&packages)?;
    for path in files::entries(&packages)? {
        if !PARTS.iter().any(|part| path.ends_with(part)) {
            if path.is_dir() { files::remove_dir(&path)? } else { files::remove_file(&path)? }
        }
    }
    for (i, part) in PARTS.into_iter().enumerate() {
        let level = if i < TEXT { "3" } else { "\"z\"" };
        let level = format!("profile.web.package.fewbytes.opt-level={level}");
        let features = ["--no-default-features", "--features", part, "--config", &level];
        build_package(repo, part, &features, &SMALL, &packages.join(part))?;
    }
    let fast = "profile.web.package.fewbytes-wasm.opt-level=3";
    let features = ["--no-default-features", "--features", "tools", "--config", fast];
    build_package(repo, "tools", &features, &FAST, &repo.web().join("dist/tools"))
}

/// Builds the catalogue's package. It is for programs, and twice the size of the labs: no page of the site loads it, so it
/// is not in web/dist. Cargo compiles this crate anew for each, 5 s; a folder of its own would compile all that it needs,
/// 100 s.
pub(crate) fn build_npm(repo: &Repo) -> Result<PathBuf> {
    let package = repo.target.join("npm");
    build_package(repo, "npm", &["--no-default-features", "--features", "catalog"], &FAST, &package)?;
    Ok(package)
}

fn build_package(
    repo: &Repo,
    name: &str,
    features: &[&str],
    optimise: &[&str],
    package: &Path,
) -> Result<()> {
    let std = WasmStd::find(repo)?.with_context(|| {
        format!("Rust's standard library for {TARGET} is missing; run `cargo xtask setup`.")
    })?;
    let wasm_opt = wasm_opt_version(repo)?;
    let mut cargo = std.cargo(repo, "build")?;
    repo::run(cargo.args(["--profile", "web", "--package", PACKAGE, "--lib"]).args(features))?;
    let module = repo.target.join("wasm").join(TARGET).join("web").join(MODULE).with_extension("wasm");

    // wasm-opt takes longer than all else, so it is skipped when nothing it reads has changed.
    let stamp = format!("{wasm_opt} {optimise:?} {:016x}\n", fingerprint(&module)?);
    let stamp_file = repo.target.join(format!("wasm/{name}-stamp"));
    let built = package.join(format!("{MODULE}_bg.wasm")).exists();
    if built && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(());
    }

    // What is bound keeps its functions' names, for those who look what is large.
    let bound = repo.target.join("wasm/bound").join(name);
    files::remove_dir(&bound)?;
    Bindgen::new()
        .input_path(&module)
        .web(true)?
        .typescript(true)
        .remove_producers_section(true)
        .generate(&bound)
        .context("wasm-bindgen could not bind the module.")?;
    files::remove_dir(package)?;
    files::copy(&bound, package)?;
    let binary = |folder: &Path| folder.join(format!("{MODULE}_bg.wasm"));
    repo::run(
        repo.npm_program("wasm-opt").args(optimise).arg(binary(&bound)).arg("-o").arg(binary(package)),
    )?;
    if optimise == SMALL {
        let script = |folder: &Path| folder.join(MODULE).with_extension("js");
        let mut out = OsString::from("--outfile=");
        out.push(script(package));
        let minify = ["--minify", "--allow-overwrite", "--log-level=warning"];
        repo::run(repo.npm_program("esbuild").arg(script(&bound)).args(minify).arg(out))?;
    }
    files::write(&stamp_file, stamp)
}

/// Builds a package for Node.js, as it is compiled by `profile`, into target/node. The module to be required.
pub(crate) fn build_node(repo: &Repo, package: &str, profile: &str) -> Result<PathBuf> {
    let std = WasmStd::find(repo)?.context("The standard library for WebAssembly is missing.")?;
    repo::run(std.cargo(repo, "build")?.args(["--profile", profile, "--package", package, "--lib"]))?;
    let name = package.replace('-', "_");
    let folder = if profile == "dev" { "debug" } else { profile };
    let module = repo.target.join("wasm").join(TARGET).join(folder).join(&name).with_extension("wasm");
    let bound = repo.target.join("node").join(package);
    Bindgen::new()
        .input_path(&module)
        .nodejs(true)?
        .generate(&bound)
        .context("wasm-bindgen could not bind the module.")?;
    // Node.js takes it for a module of the older kind, wherever the target folder is.
    files::write(&bound.join("package.json"), "{ \"type\": \"commonjs\" }\n")?;
    Ok(bound.join(name).with_extension("js"))
}

/// Runs clippy for the target itself, where the active toolchain can.
pub(crate) fn lint(repo: &Repo) -> Result<()> {
    match WasmStd::find(repo)? {
        Some(std @ WasmStd::Own) => repo::run(std.cargo(repo, "clippy")?.args([
            "--package",
            PACKAGE,
            "--lib",
            "--",
            "-D",
            "warnings",
        ])),
        // Clippy reads only libraries of its own compiler's version.
        _ => {
            println!("No clippy for {TARGET}: the active toolchain has no standard library for it.");
            Ok(())
        }
    }
}

/// "wasm-opt version 132", refused when too old.
fn wasm_opt_version(repo: &Repo) -> Result<String> {
    let version = repo::output(repo.npm_program("wasm-opt").arg("--version"))
        .context("npm's binaryen is missing; run `cargo xtask setup`.")?;
    let number = version.split_whitespace().find_map(|word| word.parse::<u32>().ok());
    if number.is_none_or(|number| number < WASM_OPT_VERSION) {
        bail!(
            "wasm-opt {WASM_OPT_VERSION} or later is needed, and {version:?} was found; run `cargo xtask setup`."
        );
    }
    Ok(version)
}

fn fingerprint(file: &Path) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    files::read(file)?.hash(&mut hasher);
    Ok(hasher.finish())
}
