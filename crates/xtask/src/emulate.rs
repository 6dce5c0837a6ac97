//! The library's tests on a processor of another kind, in emulation: big-endian, or of 32 bits.
//!
//! No toolchain brings the standard libraries: they are compiled along, by Debian's compiler from its own sources, as those
//! for WebAssembly are.

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::repo::{self, Repo};
use crate::setup;
use crate::sysroot::{self, DEBIAN_RUSTC};

/// What runs the tests.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Machine {
    /// Big-endian, of 64 bits
    S390x,
    /// Little-endian, of 32 bits
    I686,
}

impl Machine {
    const fn name(self) -> &'static str {
        match self {
            Self::S390x => "s390x",
            Self::I686 => "i686",
        }
    }

    /// The program of Debian's package `qemu-user`.
    const fn emulator(self) -> &'static str {
        match self {
            Self::S390x => "qemu-s390x",
            Self::I686 => "qemu-i386",
        }
    }

    fn linker(self) -> String {
        format!("{}-linux-gnu-gcc", self.name())
    }

    /// Debian's packages that bring compiler, linker and emulator.
    fn packages(self) -> Vec<String> {
        let mut packages: Vec<String> = sysroot::PACKAGES.map(String::from).into();
        let libc = match self {
            Self::S390x => "libc6-dev-s390x-cross",
            Self::I686 => "libc6-dev-i386-cross",
        };
        packages.extend(["qemu-user".into(), format!("gcc-{}-linux-gnu", self.name()), libc.into()]);
        packages
    }

    fn is_ready(self) -> bool {
        let has = |program: &str| repo::on_path(&[program]).is_some();
        sysroot::debian_version().is_ok() && has(&self.linker()) && has(self.emulator())
    }
}

/// What is tested unless arguments say otherwise: the library's own tests, its files, its laws, and many writers.
const SUITES: [&[&str]; 2] = [
    &["--package", "fewbytes", "--lib"],
    &[
        "--package",
        "fewbytes-tests",
        "--test",
        "golden",
        "--test",
        "laws",
        "--test",
        "shared",
        "--test",
        "stored",
    ],
];

/// Runs `cargo test` with `args`, or the suites, as compiled for a machine.
pub(crate) fn run(repo: &Repo, machine: Machine, args: &[String], apt: bool) -> Result<()> {
    if !machine.is_ready() && apt {
        setup::install(&machine.packages())?;
    }
    if !machine.is_ready() {
        bail!(
            "A compiler, a linker or an emulator for {} is missing; on Debian, `cargo xtask emulate {} --apt` \
             installs {}.",
            machine.name(),
            machine.name(),
            machine.packages().join(", ")
        );
    }
    let triple = format!("{}-unknown-linux-gnu", machine.name());
    let variable = |what| format!("CARGO_TARGET_{}_{what}", triple.to_uppercase().replace('-', "_"));
    let runner = format!("{} -L /usr/{}-linux-gnu", machine.emulator(), machine.name());
    let test = |args: &[&str]| {
        let mut cargo = repo.cargo();
        cargo.args(["test", "-Zbuild-std=std,test,panic_unwind", "--target", &triple, "--target-dir"]);
        cargo.arg(repo.target.join("emulated")).args(args);
        cargo.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
        cargo.env(variable("LINKER"), machine.linker()).env(variable("RUNNER"), &runner);
        repo::run(&mut cargo)
    };
    match args {
        [] => SUITES.iter().try_for_each(|suite| test(suite)),
        args => test(&args.iter().map(String::as_str).collect::<Vec<_>>()),
    }
}
