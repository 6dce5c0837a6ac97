//! `convert`: the keys of one text store as another.

use super::answers::dictionary;
use super::build::Spinner;
use crate::args::slug;
use crate::files::{self, FewFile, about};
use crate::output::grouped;
use anyhow::{Result, anyhow, bail};
use fewbytes::catalog;
use fewbytes::text::copy;
use std::path::PathBuf;

/// Make another kind of text store of the same keys and values.
///
/// The keys go from one into the other in order: nothing is sorted, and no list of them is made.
#[derive(clap::Args)]
pub struct Args {
    /// The text store; `-` is standard input.
    #[arg(value_name = "FILE.few")]
    store: PathBuf,
    /// The kind to make.
    #[arg(value_parser = slug())]
    slug: String,
    /// Where to save it; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// A parameter of the kind, as `fast=1`; more than once for more of them.
    #[arg(short, long = "set", value_name = "NAME=N")]
    parameters: Vec<String>,
}

/// Runs the command.
pub fn run(Args { store, slug, output, parameters }: &Args) -> Result<()> {
    files::check_output(output)?;
    let Some(entry) = catalog::by_slug(slug) else { bail!("there is no `{slug}`: see `fewbytes list`") };
    let Some(text) = &entry.text else {
        bail!("a `{slug}` is no text store: choose one of the last family of `fewbytes list`");
    };
    let file = FewFile::open(store)?;
    let view = file.view(store)?;
    let keys = dictionary(&*view, store)?;
    let mut settings = entry.settings();
    settings.seed = view.seed();
    for parameter in parameters {
        let Some((name, value)) = parameter.split_once('=') else {
            bail!("`{parameter}` is no parameter: give a name and a number, as `fast=1`");
        };
        settings.set(name, value).map_err(|error| anyhow!("{error}"))?;
    }
    let mut builder = (text.builder)(&settings, keys.has_values()).map_err(|error| anyhow!("{error}"))?;
    let spinner = Spinner::new();
    copy(keys, &mut *builder, &mut |progress| spinner.tell(progress)).map_err(about(store))?;
    let made = builder.finish(&mut |progress| spinner.tell(progress)).map_err(about(output))?.store;
    let done = made.dictionary().map_or(0, |made| made.len());
    if done != keys.len() {
        bail!(
            "{}: its header says {} keys, and a walk came to {}: it is damaged, copy the file again",
            files::Name(store),
            grouped(keys.len()),
            grouped(done)
        );
    }
    files::save(made, output)
}
