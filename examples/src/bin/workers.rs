//! Eight processes ask one dictionary. Each opens the file where it lies, and all of them together have one copy; then each
//! reads a copy of its own, as programs that load their data do.
//!
//! `just example workers`: words as the argument. What a process holds is read from /proc, so it wants Linux.

use anyhow::{Context, Result, bail, ensure};
use comfy_table::{Table, presets};
use fewbytes::{Dawg, text::dawg::Mode};
use fewbytes_examples::{argument, mix, timed, word};
use fewbytes_mmap::FileError;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const WORKERS: usize = 8;
const QUESTIONS: u64 = 200_000;

/// A word of the dictionary: two made-up ones, joined.
fn entry(number: u64) -> String {
    format!("{}-{}", word(number % 50_000), word(mix(number) % 50_000))
}

/// Opens the dictionary, asks, says what it took, and waits to be told to go.
fn work<D: AsRef<[u8]>>(load: impl FnOnce() -> Result<D, FileError>) -> Result<()> {
    let (store, opening) = timed(|| -> Result<_> { Ok(Dawg::open(load()?)?) });
    let store = store?;
    let (found, asking) = timed(|| (0..QUESTIONS).filter(|i| store.contains(entry(*i))).count());
    println!("{} {} {found}", opening.as_nanos(), asking.as_nanos());
    std::io::stdout().flush()?;
    // The parent reads what this process holds; then it closes the pipe.
    std::io::stdin().lock().read_line(&mut String::new())?;
    Ok(())
}

/// The proportional set size of a process, in bytes: its own pages, and of those that it shares its share.
fn proportional_bytes(process: u32, file: &Path) -> Result<(u64, u64)> {
    let maps = std::fs::read_to_string(format!("/proc/{process}/smaps"))
        .context("this example reads Linux' /proc")?;
    let name = file.display().to_string();
    let (mut of_file, mut all, mut in_file) = (0, 0, false);
    for line in maps.lines() {
        if let Some(size) = line.strip_prefix("Pss:") {
            let kilobytes: u64 = size.trim().trim_end_matches(" kB").parse()?;
            all += kilobytes << 10;
            of_file += if in_file { kilobytes << 10 } else { 0 };
        } else if line.split_once(' ').is_some_and(|(range, _)| range.contains('-')) {
            in_file = line.ends_with(&name);
        }
    }
    Ok((of_file, all))
}

fn main() -> Result<()> {
    if let (Some(how), Some(path)) = (std::env::args().nth(2), std::env::args().nth(3)) {
        return match how.as_str() {
            "map" => work(|| fewbytes_mmap::map(path)),
            "read" => work(|| fewbytes_mmap::read(path)),
            _ => bail!("`{how}` is no way to open a file"),
        };
    }
    let len = argument(2_000_000)?.max(QUESTIONS);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("dictionary.few");
    let (built, time) = timed(|| Dawg::from_keys((0..len).map(entry), Mode::Fast));
    let mut store = built?;
    store.seal();
    fewbytes_mmap::save(&path, store.as_bytes())?;
    let bytes = store.as_bytes().len() as u64;
    println!("{} words in {bytes} bytes, built in {time:.1?}; {WORKERS} processes.\n", store.len());
    drop(store);

    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["how", "opening, us", "a question, ns", "memory of all, MB", "of it the file"]);
    for how in ["map", "read"] {
        let start = |_| -> Result<Child> {
            let mut worker = Command::new(std::env::current_exe()?);
            worker.args([&len.to_string(), how]).arg(&path);
            Ok(worker.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?)
        };
        let mut workers = (0..WORKERS).map(start).collect::<Result<Vec<_>>>()?;
        let (mut opening, mut asking) = (0, 0);
        for worker in &mut workers {
            let mut line = String::new();
            BufReader::new(worker.stdout.as_mut().context("it is piped")?).read_line(&mut line)?;
            let figures: Vec<u64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
            let [open, ask, found] = figures[..] else { bail!("a worker said {line:?}") };
            ensure!(found == QUESTIONS, "a worker misses words");
            (opening, asking) = (opening + open, asking + ask);
        }
        let (mut file, mut all) = (0, 0);
        for worker in &workers {
            let (of_file, of_all) = proportional_bytes(worker.id(), &path)?;
            (file, all) = (file + of_file, all + of_all);
        }
        for mut worker in workers {
            drop(worker.stdin.take());
            ensure!(worker.wait()?.success(), "a worker failed");
        }
        let megabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e6);
        let count = WORKERS as f64;
        table.add_row([
            how.into(),
            format!("{:.0}", opening as f64 / count / 1e3),
            format!("{:.0}", asking as f64 / count / QUESTIONS as f64),
            megabytes(all),
            format!("{:.2} times", file as f64 / bytes as f64),
        ]);
    }
    println!("{table}");
    Ok(())
}
