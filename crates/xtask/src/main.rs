//! The repository's tasks, run as `cargo xtask TASK`: set-up, the WebAssembly package, the site, and the test command.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

mod book;
mod browser;
mod emulate;
mod files;
mod node;
mod npm;
mod offline;
mod repo;
mod serve;
mod setup;
mod site;
mod sysroot;
mod test;
mod wasm;
mod watch;

use repo::{Failed, Repo};

/// The tasks of the fewbytes repository.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Task {
    /// Make sure that everything the tests and the site need is there
    Setup {
        /// Change nothing; say what is there, and fail when something is missing
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        apt: Apt,
    },
    /// Build the labs' WebAssembly packages into web/dist/pkg
    Wasm,
    /// Build the npm package into target/npm
    Npm {
        /// Then run its tests in Node.js, and check its types
        #[arg(long)]
        test: bool,
    },
    /// Run the tests' properties on WebAssembly, in Node.js
    Properties,
    /// Time the same work in WebAssembly and in native code
    Speed,
    /// Run clippy on the WebAssembly package as it is compiled for browsers
    LintWasm,
    /// Build the playground and the book into target/site
    Site {
        /// Copy the site into this folder, too, in the place of one that is there: for a static host
        #[arg(long, value_name = "FOLDER")]
        to: Option<PathBuf>,
    },
    /// Build the site and serve it on 127.0.0.1
    Play {
        /// The port to listen on; 0 takes a free one
        #[arg(long, default_value_t = 8000)]
        port: u16,
    },
    /// Build the site, serve it on 127.0.0.1, and build it again whenever a source changes
    Dev {
        /// The port to listen on; 0 takes a free one
        #[arg(long, default_value_t = 8000)]
        port: u16,
    },
    /// Build the site and run its browser tests
    Browser {
        /// What to pass on to Playwright, such as the name of one test file
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run the library's tests on a processor of another kind, in emulation
    Emulate {
        machine: emulate::Machine,
        #[command(flatten)]
        apt: Apt,
        /// What to pass on to `cargo test`, instead of the suites where bytes matter
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Set up, then run every test: Rust, book, and browser
    Test {
        #[command(flatten)]
        apt: Apt,
    },
}

/// May Debian packages be installed?
#[derive(clap::Args)]
struct Apt {
    /// Install what is missing from Debian's packages
    #[arg(long)]
    apt: bool,
}

fn main() -> ExitCode {
    let Err(error) = run(Task::parse()) else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
    ExitCode::from(error.downcast_ref::<Failed>().map_or(1, |failed| failed.code))
}

fn run(task: Task) -> anyhow::Result<()> {
    let repo = Repo::find()?;
    match task {
        Task::Setup { check: true, .. } => setup::check(&repo),
        Task::Setup { check: false, apt } => setup::run(&repo, apt.apt),
        Task::Wasm => wasm::build(&repo),
        Task::Npm { test: true } => npm::test(&repo),
        Task::Npm { test: false } => {
            println!("The package is in {}.", npm::build(&repo)?.display());
            Ok(())
        }
        Task::Properties => node::properties(&repo),
        Task::Speed => node::speed(&repo),
        Task::LintWasm => wasm::lint(&repo),
        Task::Site { to } => {
            site::build(&repo)?;
            to.map_or(Ok(()), |folder| site::publish(&repo, &folder))
        }
        Task::Dev { port } => {
            watch::build(&repo)?;
            let server = serve::listen(repo.site(), port)?;
            println!(
                "The site is served at {} and built anew after each change, until Ctrl-C.",
                server.url()
            );
            watch::rebuild(&repo)
        }
        Task::Play { port } => {
            site::build(&repo)?;
            let server = serve::listen(repo.site(), port)?;
            println!("The site is served at {} until Ctrl-C.", server.url());
            server.wait()
        }
        Task::Browser { args } => {
            site::build(&repo)?;
            browser::run(&repo, &args)
        }
        Task::Emulate { machine, apt, args } => emulate::run(&repo, machine, &args, apt.apt),
        Task::Test { apt } => test::run(&repo, apt.apt),
    }
}
