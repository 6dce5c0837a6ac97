//! `match`: many keywords in a text, found in one pass.

use crate::files::{self, FewFile, Name, about};
use crate::output;
use crate::split::By;
use crate::stream::{Buffer, Stream};
use anyhow::{Result, bail};
use fewbytes::Keywords;
use fewbytes::text::aho_corasick::Match;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Print the lines of a text that have a keyword, however many keywords there are.
///
/// Which matches count, of whole words or not, in which case, was said when the keywords were built. A keyword that goes on
/// over a line's end is not found.
#[derive(clap::Args)]
#[command(after_help = "Exit codes: 0 a keyword was found; 1 none was; 2 an error.")]
pub struct Args {
    /// The keywords, as `fewbytes build keywords` saved them; `-` is standard input.
    #[arg(value_name = "KEYWORDS.few")]
    keywords: PathBuf,
    /// Texts; `-`, or none, is standard input.
    files: Vec<PathBuf>,
    /// Print the number of lines with a keyword, in place of the lines.
    #[arg(short, long)]
    count: bool,
    /// Print the keywords found, a line each, in place of the lines.
    #[arg(short, long, conflicts_with = "count")]
    only_matching: bool,
    /// Begin each line with its number in its file.
    #[arg(short = 'n', long)]
    line_number: bool,
    /// Print a JSON object for each match: its file, line, bytes from the line's start, keyword and id.
    #[arg(long, conflicts_with_all = ["count", "only_matching"])]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode> {
    files::check_stdin(&args.keywords, &args.files)?;
    let file = FewFile::open(&args.keywords)?;
    let keywords = Keywords::open(file.bytes()).map_err(about(&args.keywords))?;
    if keywords.is_empty() {
        bail!("{} holds no keyword: build it from some, one a line", Name(&args.keywords));
    }
    let dash = [PathBuf::from("-")];
    let paths = if args.files.is_empty() { &dash[..] } else { &args.files };
    let mut any = false;
    let printed = output::stdout(|out| {
        for path in paths {
            let mut page = Page { args, path, named: paths.len() > 1, line: 0, found_len: 0 };
            page.read(&keywords, out)?;
            any |= page.found_len > 0;
        }
        Ok(())
    });
    match printed {
        Err(error) if !output::is_closed_pipe(&error) => Err(error),
        _ => Ok(ExitCode::from(u8::from(!any))),
    }
}

/// One text that is read.
struct Page<'a> {
    args: &'a Args,
    path: &'a Path,
    /// Whether its name is printed: there are others.
    named: bool,
    /// Lines before the block that is read.
    line: u64,
    /// Lines with a keyword.
    found_len: u64,
}

/// A line of a block.
struct Line<'t> {
    text: &'t [u8],
    /// Its place in the block.
    start: usize,
    /// Its number in the file, from 1.
    number: u64,
}

impl Page<'_> {
    fn read(&mut self, keywords: &Keywords<&[u8]>, out: &mut dyn Write) -> Result<()> {
        let mut stream = Stream::open(&[self.path.to_owned()], By::Line)?;
        let mut buffer = Buffer::new();
        while stream.fill(&mut buffer)? {
            self.block(keywords, buffer.text(), out)?;
            // Whoever sends now and then gets answers now and then.
            out.flush()?;
        }
        if self.args.count {
            self.name(out)?;
            writeln!(out, "{}", self.found_len)?;
        }
        Ok(())
    }

    /// Whole lines: no match of one needs the next block.
    fn block(&mut self, keywords: &Keywords<&[u8]>, text: &[u8], out: &mut dyn Write) -> Result<()> {
        let mut line: Option<Line<'_>> = None;
        // The place up to which line ends are counted, and how many there are.
        let (mut counted, mut before) = (0, self.line);
        for found in keywords.find_iter(text) {
            let (start, end) = (found.start as usize, found.end as usize);
            if memchr::memchr(b'\n', &text[start..end]).is_some() {
                continue;
            }
            // Matches come by their ends: one may begin on a line before, but then has its end there, too.
            let same = line.as_ref().is_some_and(|line| end <= line.start + line.text.len());
            if !same {
                let from = memchr::memrchr(b'\n', &text[..start]).map_or(0, |place| place + 1);
                let to = memchr::memchr(b'\n', &text[end..]).map_or(text.len(), |place| end + place);
                before += memchr::memchr_iter(b'\n', &text[counted..from]).count() as u64;
                counted = from;
                self.found_len += 1;
                let here = line.insert(Line { text: &text[from..to], start: from, number: before + 1 });
                if !self.args.count && !self.args.only_matching && !self.args.json {
                    self.print(here.text, here.number, out)?;
                }
            }
            if let Some(line) = &line {
                self.matched(line, &found, &text[start..end], out)?;
            }
        }
        self.line = before + memchr::memchr_iter(b'\n', &text[counted..]).count() as u64;
        Ok(())
    }

    fn matched(&self, line: &Line<'_>, found: &Match, keyword: &[u8], out: &mut dyn Write) -> Result<()> {
        if self.args.only_matching {
            self.print(keyword, line.number, out)?;
        }
        if self.args.json {
            let mut value = output::bytes_to_json("keyword", keyword);
            value["id"] = json!(found.id);
            value["file"] = json!(self.path.to_string_lossy());
            value["line"] = json!(line.number);
            value["start"] = json!(found.start - line.start as u64);
            value["end"] = json!(found.end - line.start as u64);
            writeln!(out, "{value}")?;
        }
        Ok(())
    }

    fn name(&self, out: &mut dyn Write) -> Result<()> {
        if self.named {
            let name =
                if files::is_dash(self.path) { "standard input".into() } else { self.path.to_string_lossy() };
            write!(out, "{name}:")?;
        }
        Ok(())
    }

    fn print(&self, text: &[u8], number: u64, out: &mut dyn Write) -> Result<()> {
        self.name(out)?;
        if self.args.line_number {
            write!(out, "{number}:")?;
        }
        out.write_all(text)?;
        Ok(out.write_all(b"\n")?)
    }
}
