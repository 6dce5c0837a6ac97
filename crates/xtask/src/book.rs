//! The book, built by mdBook as a library, so that `Cargo.lock` pins it and nobody has to install it.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use tracing_subscriber::filter::LevelFilter;

use crate::repo::Repo;

/// Builds book/ into book/dist. A warning is an error: mdBook only warns of an include that isn't there.
pub(crate) fn build(repo: &Repo) -> Result<PathBuf> {
    let warnings = Warnings::default();
    let writer = warnings.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::WARN)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .without_time()
        .finish();
    let folder = tracing::subscriber::with_default(subscriber, || {
        let book = MDBook::load(repo.root.join("book"))?;
        book.build()?;
        anyhow::Ok(book.build_dir_for("html"))
    });
    let folder = folder.context("The book could not be built.")?;
    let text = warnings.text();
    if !text.is_empty() {
        bail!("The book could not be built without warnings:\n{text}");
    }
    Ok(folder)
}

/// Collects what mdBook says.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<u8>>>);

impl Warnings {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Warnings {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
