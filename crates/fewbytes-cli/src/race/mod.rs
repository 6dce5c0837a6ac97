//! `race`: one stream of tokens, the exact set, and every sketch that counts as they come.

mod book;
mod contestant;
mod plot;
mod report;
mod text;
mod words;

use crate::files::{check_output, is_dash};
use crate::input::{Block, Blocks};
use crate::split::By;
use anyhow::{Result, bail};
use contestant::Contestant;
use fewbytes::catalog::CATALOG;
use fewbytes::entry::Counts;
use fewbytes::entry::Entry;
use indicatif::{ProgressBar, ProgressStyle};
use report::{Race, Row};
use std::path::PathBuf;
use words::Words;

/// Arguments of `race`.
#[derive(clap::Args)]
pub struct Args {
    /// Texts whose words are the tokens; without any, words are made up: as many and as different as `--tokens` and
    /// `--different` say.
    files: Vec<PathBuf>,
    /// Run the race of the book: as many tokens, as many different, its structures and parameters, its figures beside ours.
    #[arg(long, conflicts_with_all = ["files", "tokens", "different"])]
    book: bool,
    /// Race the text stores instead: the lines of FILE are keys, beside a hash set and a sorted list.
    #[arg(long, requires = "files", conflicts_with_all = ["book", "no_exact", "tokens", "different", "seed"])]
    text: bool,
    /// Leave out the exact set, which takes most of the memory. With FILE, the truth is then not known.
    #[arg(long)]
    no_exact: bool,
    /// Number of made-up words.
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..=1 << 44))]
    tokens: u64,
    /// Number of different ones among them, exactly; at most half of them.
    #[arg(long, value_name = "N", default_value_t = 500_000, value_parser = clap::value_parser!(u64).range(1..=1 << 40))]
    different: u64,
    /// Seed of the made-up words and of the hashes.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Draw memory against error, or of text stores against time, into this SVG file.
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Made-up words of a block: enough that its beginning and end cost nothing, few enough for the last-level
/// cache: what a contestant has in the first two is lost at each change of turn.
const BLOCK: usize = 1 << 17;

/// Where the tokens come from.
enum Tokens {
    Files(Blocks),
    Words(Words),
}

impl Tokens {
    fn open(args: &Args) -> Result<Self> {
        if !args.files.is_empty() {
            return Ok(Self::Files(Blocks::open(&args.files, By::Word)?));
        }
        let (tokens, different) = stream_of(args);
        if different > tokens.div_ceil(2) {
            bail!(
                "`--different` can't be {different}: give at most half of `--tokens`, {}",
                tokens.div_ceil(2)
            );
        }
        Ok(Self::Words(Words::new(tokens, different, args.seed)))
    }

    /// Puts the next tokens into `block`. False when there are no more.
    fn next(&mut self, block: &mut Block) -> Result<bool> {
        match self {
            Self::Files(blocks) => blocks.next(block),
            Self::Words(words) => Ok(words.fill(block, BLOCK)),
        }
    }
}

/// Tokens of the made-up stream, and different ones.
fn stream_of(args: &Args) -> (u64, u64) {
    if args.book { (book::TOKENS, book::DIFFERENT) } else { (args.tokens, args.different) }
}

/// Runs the race.
pub fn run(args: &Args) -> Result<()> {
    if let Some(path) = &args.plot {
        if is_dash(path) {
            bail!("`--plot` can't be `-`: standard output has the table; give a file, such as `race.svg`");
        }
        check_output(path)?;
    }
    if args.text {
        return text::run(&args.files, args.plot.as_deref(), args.json);
    }
    let mut tokens = Tokens::open(args)?;
    let mut contestants = contestants(args)?;
    let token_len = run_all(&mut tokens, &mut contestants, args)?;
    let race = judge(args, &contestants, token_len);
    if let Some(path) = &args.plot {
        race.picture().save(path)?;
    }
    if args.json { report::print_json(&race) } else { report::print_table(&race) }
}

fn contestants(args: &Args) -> Result<Vec<Contestant>> {
    let exact = (!args.no_exact).then(|| Ok(Contestant::exact()));
    // One that forgets answers for its window, not for the stream; text stores run a race of their own.
    let races = |entry: &&&Entry| entry.inserts && !entry.forgets && entry.text.is_none();
    let in_book = |entry: &&&Entry| !args.book || book::recorded_of(entry.slug).is_some();
    let sketches = CATALOG.iter().filter(races).filter(in_book).map(|entry| {
        let recorded = book::recorded_of(entry.slug).filter(|_| args.book);
        Contestant::sketch(entry, recorded.map_or(&[], |recorded| recorded.parameters), args.seed)
    });
    exact.into_iter().chain(sketches).collect()
}

/// Gives every block to every contestant, on all cores, while the next block is made. Returns the number of tokens.
///
/// No block is kept: memory is flat whatever the stream's length.
fn run_all(tokens: &mut Tokens, contestants: &mut [Contestant], args: &Args) -> Result<u64> {
    let progress = match args.files.is_empty() {
        true => ProgressBar::new(stream_of(args).0).with_style(
            ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} tokens {eta}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        ),
        false => ProgressBar::hidden(), // The files have a bar of their own.
    };
    let (mut block, mut next) = (Block::default(), Block::default());
    let mut more = tokens.next(&mut block)?;
    let mut token_len = 0;
    while more {
        // The slowest first: the others fill the time that it leaves. Beside it the next block is made, which needs no
        // memory: two that wait for memory at once wait longer.
        contestants.sort_by_key(|contestant| std::cmp::Reverse(contestant.time()));
        let mut results: Vec<Result<()>> = contestants.iter().map(|_| Ok(())).collect();
        let mut made = Ok(false);
        let mut runs = contestants.iter_mut().zip(&mut results);
        let run =
            |(contestant, result): (&mut Contestant, &mut Result<()>)| *result = contestant.take(&block);
        rayon::scope_fifo(|scope| {
            runs.by_ref().take(1).for_each(|first| scope.spawn_fifo(|_| run(first)));
            scope.spawn_fifo(|_| made = tokens.next(&mut next));
            runs.for_each(|other| scope.spawn_fifo(|_| run(other)));
        });
        results.into_iter().collect::<Result<Vec<()>>>()?;
        token_len += block.items().len() as u64;
        progress.set_position(token_len);
        std::mem::swap(&mut block, &mut next);
        more = made?;
    }
    progress.finish_and_clear();
    Ok(token_len)
}

/// The answers beside the truth, in the catalogue's order, the exact set first.
fn judge(args: &Args, contestants: &[Contestant], token_len: u64) -> Race {
    let known = args.files.is_empty().then_some(stream_of(args).1);
    let different = contestants.iter().find_map(Contestant::truth).or(known);
    let mut rows: Vec<Row> = contestants
        .iter()
        .map(|contestant| {
            let truth = match contestant.counts() {
                Counts::Distinct => different,
                Counts::Events => Some(token_len),
            };
            Row::new(contestant, truth, token_len, book::recorded_of(contestant.slug()).filter(|_| args.book))
        })
        .collect();
    let place =
        |row: &Row| CATALOG.iter().position(|entry| entry.slug == row.slug).map_or(0, |place| place + 1);
    rows.sort_by_key(place);
    Race { token_len, different, rows, book: args.book }
}
