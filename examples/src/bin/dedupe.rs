//! A stream that delivers at least once, taken once, by a worker that is killed again and again.
//!
//! The worker's whole state is one file: how far it is, and behind that the bytes of a filter of what it has seen. It is
//! saved after each batch, under its name at once or not at all; what is saved together can't disagree.
//!
//! `just example dedupe`: messages as the argument.

use anyhow::{Context, Result, ensure};
use fewbytes::AgePartitionedBloomFilter;
use fewbytes_examples::{argument, mix};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, abort};

/// Messages between two saves.
const BATCH: u64 = 1000;
/// The sender repeats a message that was sent up to so many before; the filter surely knows the last of these.
const WINDOW: u64 = 20_000;
/// A new message is taken for a repeated one, and so lost, once in a million: what this costs is 6 bytes a message of the window.
const RATE: f64 = 1e-6;
/// One in so many messages kills the worker.
const DEADLY: u64 = 7919;

/// What the sender sends as number `i`: one in six was sent before.
fn message(i: u64) -> u64 {
    let is_new = |i: u64| i == 0 || !mix(i).is_multiple_of(5);
    let before = i - mix(!i) % i.clamp(1, WINDOW / 2);
    if !is_new(i) && is_new(before) { before } else { i }
}

/// How far a worker is, and what it has seen.
struct State {
    next: u64,
    seen: AgePartitionedBloomFilter,
}

impl State {
    fn load(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self { next: 0, seen: AgePartitionedBloomFilter::with_rate(WINDOW, RATE, 0)? });
        }
        let bytes = fewbytes_mmap::read(path)?;
        let (next, filter) = bytes.split_first_chunk().context("the state is cut off")?;
        // A filter is opened at any address: behind eight bytes, too.
        let seen = AgePartitionedBloomFilter::open(filter.to_vec().into())?;
        Ok(Self { next: u64::from_le_bytes(*next), seen })
    }

    fn save(&self, path: &Path) -> Result<()> {
        let bytes = [&self.next.to_le_bytes(), self.seen.as_bytes()].concat();
        Ok(fewbytes_mmap::save(path, &bytes)?)
    }
}

/// Takes messages until the last one, or until one is deadly.
fn work(len: u64, folder: &Path, attempt: u64) -> Result<()> {
    let path = folder.join("state");
    let mut state = State::load(&path)?;
    while state.next < len {
        let to = len.min(state.next + BATCH);
        let mut taken = String::new();
        for i in state.next..to {
            let id = message(i);
            if mix(attempt << 40 | i).is_multiple_of(DEADLY) {
                abort();
            }
            if state.seen.insert_if_new(id.to_le_bytes()) {
                taken += &format!("{id}\n");
            }
        }
        // What was taken goes out under the batch's number: a batch that is done again replaces itself.
        File::create(folder.join(format!("batch-{:08}", state.next / BATCH)))?.write_all(taken.as_bytes())?;
        state.next = to;
        state.save(&path)?;
    }
    Ok(())
}

fn main() -> Result<()> {
    let len = argument(200_000)?;
    if let (Some(folder), Some(attempt)) = (std::env::args().nth(2), std::env::args().nth(3)) {
        return work(len, Path::new(&folder), attempt.parse()?);
    }
    let folder = tempfile::tempdir()?;
    let mut kills = 0;
    loop {
        let log = OpenOptions::new().create(true).append(true).open(folder.path().join("log"))?;
        let mut worker = Command::new(std::env::current_exe()?);
        worker.args([len.to_string(), folder.path().display().to_string(), kills.to_string()]).stderr(log);
        if worker.status()?.success() {
            break;
        }
        kills += 1;
        ensure!(kills < len, "the worker never ends");
    }

    let mut times = HashMap::<u64, u64>::new();
    for entry in std::fs::read_dir(folder.path())? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("batch-")) {
            for line in std::fs::read_to_string(path)?.lines() {
                *times.entry(line.parse()?).or_default() += 1;
            }
        }
    }
    let sent: std::collections::HashSet<u64> = (0..len).map(message).collect();
    let lost = sent.iter().filter(|id| !times.contains_key(id)).count();
    let twice = times.values().filter(|times| **times > 1).count();
    let bytes = std::fs::metadata(folder.path().join("state"))?.len();
    println!("{len} deliveries of {} messages; the worker was killed {kills} times.", sent.len());
    println!("Taken: {}. Twice: {twice}. Lost to the filter's error: {lost}.", times.len());
    println!("State: {bytes} bytes, for the last {WINDOW} messages and however long it runs.");
    ensure!(twice == 0, "a repeated message was taken");
    ensure!(lost as f64 <= 10.0 + 10.0 * RATE * len as f64, "more were lost than the rate allows");
    Ok(())
}
