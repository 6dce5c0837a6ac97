//! `build`: a structure from lines or words. Its subcommands and their options come from the catalogue.

use crate::files::{self, about};
use crate::input::{Block, Blocks};
use crate::split::{By, Cuts};
use crate::stream::{Buffer, Stream};
use crate::text;
use crate::threads::on_all;
use anyhow::{Result, anyhow, bail};
use clap::{Arg, ArgMatches, Command, FromArgMatches};
use fewbytes::catalog::{self, CATALOG};
use fewbytes::entry::{Builder, Entry, Parameter, Settings, Sketch};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Which structure, built how, from what, saved where.
pub struct Args {
    entry: &'static Entry,
    /// The parameters that were given, as they were typed.
    chosen: Vec<(&'static str, String)>,
    options: Options,
    /// What only a text store is built with.
    text: Option<text::build::Options>,
}

/// What every structure's `build` takes.
#[derive(clap::Args)]
struct Options {
    /// Files to read; `-`, or none, is standard input.
    files: Vec<PathBuf>,
    /// Where to save it; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// What an item is.
    #[arg(long, value_enum, default_value = "line")]
    by: By,
    /// Seed of the hash. Structures that are to be merged want the same, Morris counters different ones.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Threads; each fills a structure of its own, and all are merged, so they take THREADS times the memory.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: u32,
}

impl clap::Args for Args {
    fn augment_args(command: Command) -> Command {
        command
            .about("Build a structure from lines or words, and save it")
            .long_about(
                "Build a structure from lines or words, and save it, sealed with a checksum. Memory is that of the \
                 structure, however much text comes; a static one gathers what it needs of all items first. `fewbytes build SLUG --help` says what can be chosen.",
            )
            .subcommands(CATALOG.iter().map(|entry| subcommand(entry)))
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_value_name("SLUG")
            .subcommand_help_heading("Structures")
            .disable_help_subcommand(true)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// The command of one structure.
fn subcommand(entry: &'static Entry) -> Command {
    let command = Command::new(entry.slug).args(parameters(entry).map(option));
    let command = match entry.text {
        Some(_) => <text::build::Options as clap::Args>::augment_args(command),
        None => command,
    };
    // Last: the derived options would put their own doc there.
    <Options as clap::Args>::augment_args(command).about(entry.summary).long_about(None)
}

/// The parameters that have an option. Whether keys have values is asked of every text store by one option, `--values`.
fn parameters(entry: &'static Entry) -> impl Iterator<Item = &'static Parameter> {
    let asked = |parameter: &&'static Parameter| entry.text.is_none() || parameter.name != "values";
    entry.parameters.iter().copied().filter(asked)
}

/// The option of one parameter. Its range is checked by the library, whose sentence says it.
fn option(parameter: &'static Parameter) -> Arg {
    let default = parameter.default.map(|number| format!(" [default: {number}]")).unwrap_or_default();
    Arg::new(parameter.name).long(parameter.name).value_name("N").allow_hyphen_values(true).help(format!(
        "{}: {}{default}",
        capital(parameter.doc),
        parameter.range
    ))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

impl FromArgMatches for Args {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (slug, matches) = matches.subcommand().ok_or_else(missing)?;
        let entry = catalog::by_slug(slug).ok_or_else(missing)?;
        let given = |parameter: &'static Parameter| {
            matches.get_one::<String>(parameter.name).map(|text| (parameter.name, text.clone()))
        };
        let chosen = parameters(entry).filter_map(given).collect();
        let text =
            entry.text.as_ref().map(|_| text::build::Options::from_arg_matches(matches)).transpose()?;
        Ok(Self { entry, chosen, options: Options::from_arg_matches(matches)?, text })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Runs the command.
pub fn run(Args { entry, chosen, options, text }: &Args) -> Result<()> {
    files::check_output(&options.output)?;
    if let (Some(text), Some(kind), 1) = (text, &entry.text, options.threads) {
        let settings = settings(entry, chosen, options.seed).map_err(|error| anyhow!("{error}"))?;
        return text::build::run(kind, &settings, text, &options.files, options.by, &options.output);
    }
    if options.threads > 1 {
        return files::save(on_threads(entry, chosen, options)?, &options.output);
    }
    let mut builder = builder(entry, chosen, options.seed).map_err(|error| anyhow::anyhow!("{error}"))?;
    insert_all(builder.as_mut(), &options.files, options.by, &options.output)?;
    files::save(builder.finish().map_err(about(&options.output))?, &options.output)
}

fn builder(entry: &Entry, chosen: &[(&str, String)], seed: u64) -> fewbytes::Result<Box<dyn Builder>> {
    entry.builder(&settings(entry, chosen, seed)?)
}

fn settings(entry: &Entry, chosen: &[(&str, String)], seed: u64) -> fewbytes::Result<Settings> {
    let mut settings = entry.settings();
    settings.seed = seed;
    for (name, text) in chosen {
        settings.set(name, text)?;
    }
    Ok(settings)
}

/// Fills a structure on each thread, and merges them: bit for bit what one thread would have built, since the merge is
/// exact.
fn on_threads(entry: &Entry, chosen: &[(&str, String)], options: &Options) -> Result<Box<dyn Sketch>> {
    if !entry.merge.is_exact() {
        bail!(
            "`{}` can't be built on {} threads: what they build could not be merged into what one builds; leave \
             `--threads` out",
            entry.slug,
            options.threads
        );
    }
    let settings = settings(entry, chosen, options.seed).map_err(|error| anyhow!("{error}"))?;
    let stream = Mutex::new(Stream::open(&options.files, options.by)?);
    let work = || -> Result<Box<dyn Sketch>> {
        let mut sketch = (entry.build)(&settings).map_err(about(&options.output))?;
        let (mut buffer, mut block, mut cuts) = (Buffer::new(), Block::default(), Cuts::default());
        while stream.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut buffer)? {
            block.cut(buffer.text(), options.by, &mut cuts);
            sketch.insert_all(block.items()).map_err(about(&options.output))?;
        }
        Ok(sketch)
    };
    let merge = |all: Result<Box<dyn Sketch>>, sketch: Result<Box<dyn Sketch>>| {
        let mut all = all?;
        all.merge(&*sketch?).map_err(about(&options.output))?;
        Ok(all)
    };
    on_all(options.threads as usize, work).into_iter().reduce(merge).unwrap_or_else(work)
}

/// Inserts the items of `inputs` into the structure, which errors call `name`.
pub fn insert_all(
    builder: &mut dyn Builder,
    inputs: &[PathBuf],
    by: By,
    name: &std::path::Path,
) -> Result<()> {
    let (mut blocks, mut block) = (Blocks::open(inputs, by)?, Block::default());
    while blocks.next(&mut block)? {
        builder.insert_all(block.items()).map_err(about(name))?;
    }
    Ok(())
}
