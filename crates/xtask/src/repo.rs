//! Where things are in the repository, and how other programs are run from it.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The checkout and cargo's target folder.
pub(crate) struct Repo {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl Repo {
    /// Asks cargo, which alone knows every way to move the target folder.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let json = output(
            Command::new(cargo_program())
                .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
                .arg(manifest),
        )?;
        let metadata: serde_json::Value =
            serde_json::from_str(&json).context("`cargo metadata` did not print JSON.")?;
        let path = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("`cargo metadata` names no {key}."))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// The cargo that runs this task, at the root: `.cargo/config.toml` is found from the working directory.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(cargo_program());
        cargo.current_dir(&self.root);
        cargo
    }

    /// The playground's sources.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// A program that an npm package of web/ brings along.
    pub(crate) fn npm_program(&self, name: &str) -> Command {
        let mut program = Command::new(self.web().join("node_modules/.bin").join(name));
        program.current_dir(self.web());
        program
    }

    /// Builds the command line tool, for tests that hand files to it and back; where it is.
    pub(crate) fn command(&self) -> Result<PathBuf> {
        run(self.cargo().args(["build", "--quiet", "--package", "fewbytes-cli"]))?;
        Ok(self.target.join("debug/fewbytes"))
    }

    /// The finished site: the playground at `/`, the book at `/book/`.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }
}

fn cargo_program() -> std::ffi::OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A program that ended badly, with the exit code that the task passes on.
#[derive(Debug)]
pub(crate) struct Failed {
    what: String,
    pub(crate) code: u8,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` failed with exit code {}; see its output above.", self.what, self.code)
    }
}

impl std::error::Error for Failed {}

/// Runs a program that prints for itself.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let what = describe(command);
    let status = command.status().with_context(|| format!("`{what}` could not be started."))?;
    if status.success() {
        return Ok(());
    }
    // No code means a signal; 1 then stands for "failed".
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Err(Failed { what, code }.into())
}

/// Runs a program for what it prints, without the last line end.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let what = describe(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("`{what}` could not be started."))?;
    if !output.status.success() {
        bail!("`{what}` failed: {}.", output.status);
    }
    let text = String::from_utf8(output.stdout).with_context(|| format!("`{what}` printed no UTF-8."))?;
    Ok(text.trim_end().to_owned())
}

/// The command as one would type it, with the program's folder left out.
fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut words = vec![name.to_string_lossy()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy()));
    words.join(" ")
}

/// The first of these programs that is on the PATH.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}
