//! What survives when processes are killed at random instants, and what many of them share.
//!
//! A child is this program again, run for the test [`child`] alone. It works without end and writes eight bytes to its
//! standard error for each piece of work that returned; what was said must be in the file when the child is dead. The
//! instants come from seeds, so a round that fails can be run again: it is in the message.
#![cfg(unix)]

mod killed;
mod pages;
mod work;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::time::Duration;
use std::{env, io, thread};

const WORK: &str = "FEWBYTES_FAULT_WORK";
const FILE: &str = "FEWBYTES_FAULT_FILE";
const SEED: &str = "FEWBYTES_FAULT_SEED";

/// A pseudo-random number (SplitMix64).
fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

/// The work of a child process; as a test among the others it does nothing.
#[test]
fn child() {
    let (Ok(work), Some(file), Ok(seed)) = (env::var(WORK), env::var_os(FILE), env::var(SEED)) else {
        return;
    };
    work::run(&work, Path::new(&file), seed.parse().expect("a number"));
}

/// Tells the parent that something is done. Ends when there is no parent any more.
fn say(number: u64) {
    if io::stderr().write_all(&number.to_le_bytes()).is_err() {
        std::process::exit(0);
    }
}

/// A child at work, killed when dropped.
struct Worker {
    child: Child,
    stderr: ChildStderr,
    /// Open while the parent lives.
    _stdin: ChildStdin,
}

impl Worker {
    fn start(work: &str, file: &Path, seed: u64) -> Worker {
        let mut child = Command::new(env::current_exe().expect("this program"))
            .args(["--exact", "child", "--nocapture"])
            .envs([(WORK, work), (SEED, &seed.to_string())])
            .env(FILE, file)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("this program runs again");
        let (stderr, stdin) = (child.stderr.take().expect("piped"), child.stdin.take().expect("piped"));
        Worker { child, stderr, _stdin: stdin }
    }

    /// Waits for the next thing that it says.
    fn heard(&mut self) -> u64 {
        let mut number = [0; 8];
        self.stderr.read_exact(&mut number).expect("the child works");
        u64::from_le_bytes(number)
    }

    /// Kills it at an instant that `seed` chooses, before its first word in some cases, and returns all that it said.
    fn killed(mut self, seed: u64) -> Vec<u64> {
        let mut said = Vec::new();
        if !seed.is_multiple_of(4) {
            said.push(self.heard());
        }
        let mut stderr = self.stderr.by_ref();
        let child = &mut self.child;
        let bytes = thread::scope(|scope| {
            let listener = scope.spawn(move || {
                let mut bytes = Vec::new();
                Read::read_to_end(&mut stderr, &mut bytes).map(|_| bytes)
            });
            thread::sleep(Duration::from_micros(mix(seed) % 4000));
            child.kill().expect("it is ours");
            child.wait().expect("it ends");
            listener.join().expect("no panic").expect("a pipe")
        });
        let (numbers, rest) = bytes.as_chunks::<8>();
        let text = String::from_utf8_lossy(&bytes);
        assert!(rest.is_empty() && !text.contains("panicked"), "the child said: {text}");
        said.extend(numbers.iter().map(|number| u64::from_le_bytes(*number)));
        said
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
