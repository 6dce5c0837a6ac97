//! The same work done by fewbytes and by its peers, side by side, in one run: what took how long, in how many bytes, how
//! wrong; and which of the project's bars are reached. See BIAS.md for who wrote this and what that means.

mod bars;
mod distinct;
mod filters;
mod keys;
mod morris;
mod report;
mod results;
mod text;
mod theta;
mod timing;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use results::Results;
use std::{path::PathBuf, time::Duration};

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Part {
    Filters,
    Distinct,
    Curves,
    Theta,
    Morris,
    Stores,
    Keywords,
    Searches,
}

/// Run fewbytes and its peers on the same keys.
#[derive(Debug, Parser)]
struct Options {
    /// Only these parts; all unless given.
    parts: Vec<Part>,
    /// Most keys that filters are given; 100 M take 4.1 GB and some minutes.
    #[arg(long, default_value_t = 100_000_000)]
    most: u64,
    /// Trials of the error curves.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// Most made-up keys that text stores are given; 10 M take 6 GB and some minutes.
    #[arg(long, default_value_t = 10_000_000)]
    keys: u64,
    /// A list of words, one a line, for the text stores, beside the made-up ones.
    #[arg(long)]
    words: Option<PathBuf>,
    /// A list of names of packages: `apt-cache pkgnames`.
    #[arg(long)]
    names: Option<PathBuf>,
    /// A list of paths of files: `find /`.
    #[arg(long)]
    paths: Option<PathBuf>,
    /// Text stores without their peers: some minutes for ten million keys, of which some of these take hours.
    #[arg(long)]
    ours: bool,
    /// Write the tables of what ran to this page: with `--words`, the book's page of words.
    #[arg(long)]
    words_page: Option<PathBuf>,
    /// Write the tables to this page, too; only when all parts ran, with all keys and seeds.
    #[arg(long)]
    page: Option<PathBuf>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let has = |part| options.parts.is_empty() || options.parts.contains(&part);
    let progress =
        ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} {elapsed} {msg}")?);
    progress.enable_steady_tick(Duration::from_millis(200));
    let tell = |what: &str| progress.set_message(what.to_owned());
    let mut results = Results::default();
    if has(Part::Filters) {
        for (len, rate) in [(100_000, 0.01), (10_000_000, 0.01), (10_000_000, 0.001), (100_000_000, 0.01)] {
            if len <= options.most {
                filters::run(&mut results, len, rate, &tell);
            }
        }
    }
    for precision in [12, 14] {
        if has(Part::Distinct) {
            distinct::run(&mut results, precision, &tell);
        }
        if has(Part::Curves) {
            // Ten million items in each trial of one precision tell of both.
            let most = if precision == 12 { 10_000_000 } else { 1_000_000 };
            distinct::run_curves(&mut results, precision, options.seeds, most, &tell);
        }
        distinct::add_costs(&mut results, precision);
    }
    if has(Part::Theta) {
        theta::run(&mut results, &tell);
    }
    if has(Part::Morris) {
        morris::run(&mut results, &tell);
    }
    if has(Part::Stores) {
        run_stores(&mut results, &options, &tell)?;
    }
    if has(Part::Keywords) || has(Part::Searches) {
        let (name, words) = match &options.words {
            Some(path) => (text::WORDS, text::lines(path)?),
            None => ("compound words", text::compounds(500_000)),
        };
        if has(Part::Searches) {
            text::searches::run(&mut results, name, &words, text::SEARCHERS, &tell);
        }
        if has(Part::Keywords) {
            text::matchers::run(&mut results, name, &words, text::MATCHERS, &tell);
        }
    }
    progress.finish_and_clear();

    for (setting, table) in report::tables(&results) {
        println!("{setting}\n\n{table}\n");
    }
    let outcomes = bars::outcomes(&results);
    println!("{}", report::bars(&outcomes));
    if let Some(path) = &options.words_page {
        let head = (
            "just rivals --words FILE --names FILE --paths FILE --keys 0 stores searches keywords --words-page PAGE",
            "Beside the peers: words",
        );
        std::fs::write(path, report::page(head, &machine(), &outcomes, &results))?;
    }
    let whole = options.parts.is_empty() && options.most >= 100_000_000 && options.seeds >= 200;
    if let Some(path) = options.page.filter(|_| whole) {
        std::fs::write(
            path,
            report::page(("just rivals", "Beside the peers"), &machine(), &outcomes, &results),
        )?;
    }
    Ok(())
}

/// Text stores on every set of keys.
fn run_stores(results: &mut Results, options: &Options, tell: &dyn Fn(&str)) -> Result<()> {
    let lists = [(text::WORDS, &options.words), (text::NAMES, &options.names), (text::PATHS, &options.paths)];
    for (name, path) in lists {
        if let Some(path) = path {
            text::run(results, name, &text::lines(path)?, !options.ours, tell);
        }
    }
    for len in [500_000, 10_000_000].into_iter().filter(|len| *len <= options.keys) {
        for (name, make) in
            [("compound words", text::compounds as fn(u64) -> text::Texts), ("addresses", text::urls)]
        {
            tell(&format!("making {len} {name}"));
            text::run(results, &text::setting(len, name), &make(len), !options.ours, tell);
        }
    }
    Ok(())
}

/// What this ran on.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("an unknown processor", |(_, name)| name.trim());
    format!("Measured on {model}, one thread, processor time, medians; lower is better everywhere.")
}
