//! A temporary folder to type commands in, and the command itself.

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use predicates::prelude::*;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::{env, fs};
use tempfile::TempDir;

/// The program, built where the tests were: cargo builds no other package's programs for them.
pub fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/fewbytes-cli/Cargo.toml");
        let build = escargot::CargoBuild::new().manifest_path(manifest).bin("fewbytes").current_release();
        build.run().expect("the command builds").path().to_path_buf()
    })
}

/// A folder of one test.
pub struct Room(TempDir);

impl Room {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("the folder can be written to");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect(name)
    }

    /// The command with `line` split at spaces as arguments, in this folder.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(program());
        command.current_dir(self.0.path()).args(line.split_whitespace());
        command
    }

    /// `fewbytes LINE` must succeed.
    pub fn ok(&self, line: &str) -> Assert {
        self.command(line).assert().success().stderr("")
    }

    /// `fewbytes LINE` must fail with exit code 2, print nothing, and say one sentence with all of `parts` in it.
    pub fn refused(&self, line: &str, parts: &[&str]) {
        refused(self.command(line).assert(), parts);
    }

    /// What `fewbytes LINE` prints.
    pub fn text(&self, line: &str) -> String {
        String::from_utf8(self.ok(line).get_output().stdout.clone()).expect("text")
    }

    /// What `fewbytes LINE` prints, as JSON.
    pub fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.text(line)).expect("JSON")
    }

    /// Runs a line of the shell in which `$F` is the command.
    pub fn shell(&self, line: &str) -> Assert {
        let mut shell = Command::new("sh");
        shell.current_dir(self.0.path()).env("F", program()).args(["-c", line]).assert()
    }
}

pub fn refused(assert: Assert, parts: &[&str]) {
    let assert = assert.code(2).stdout("").stderr(predicate::str::starts_with("error: "));
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert_eq!(said.lines().count(), 1, "one sentence: {said}");
    for part in parts {
        assert!(said.contains(part), "`{part}` is not in: {said}");
    }
}

/// Different lines from `from` to before `to`.
pub fn lines(from: u32, to: u32) -> String {
    (from..to).map(|i| format!("item-{i}\n")).collect()
}
