//! What the commands print: tables, JSON, and errors.

use comfy_table::{ContentArrangement, LineStyle, Table, presets};
use fewbytes::Estimate;
use serde_json::{Value, json};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;

/// Lends standard output, buffered, to `print`.
///
/// An [`io::Error`] that comes out of a command is always standard output's: all others are made sentences that name
/// their file where they happen. So [`report`] knows a closed pipe.
pub fn stdout<T>(
    print: impl FnOnce(&mut BufWriter<StdoutLock<'_>>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut out = BufWriter::new(io::stdout().lock());
    let result = print(&mut out)?;
    out.flush()?;
    Ok(result)
}

/// Prints a JSON value and a newline.
pub fn print_json(value: &Value) -> anyhow::Result<()> {
    stdout(|out| Ok(writeln!(out, "{value:#}")?))
}

/// Prints an error, and gives the exit code that it means.
///
/// A reader that closes the pipe early (`fewbytes list | head -1`) has all that it wanted: no error.
pub fn report(error: &anyhow::Error) -> ExitCode {
    if is_closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    match error.downcast_ref::<io::Error>() {
        Some(error) => complain(format_args!(
            "cannot write to standard output: {error}; free space there, or redirect to another place"
        )),
        None => complain(format_args!("{error}")),
    }
    ExitCode::from(2)
}

/// Whether the reader of standard output has gone.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// Prints `error: ` and the sentence. Where even that can't be written, there is nobody left to tell.
pub fn complain(sentence: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "error: {sentence}");
}

/// An empty table with that head. It is as wide as the terminal; in a pipe no cell is broken.
pub fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    if io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    if !head.is_empty() {
        table.set_header(head);
    }
    table
}

/// A count with its bounds, for people.
pub fn bounded(estimate: &Estimate) -> String {
    match estimate.high.is_finite() {
        true => estimate.to_string(),
        false => format!("{:.0} ({:.0} or more)", estimate.value, estimate.low),
    }
}

/// An item as members of JSON.
pub fn item_to_json(item: &[u8]) -> Value {
    bytes_to_json("item", item)
}

/// Bytes as members of JSON, which has none: where they are not UTF-8, their hexadecimal digits are there too.
pub fn bytes_to_json(name: &str, bytes: &[u8]) -> Value {
    let mut value = json!({ name: String::from_utf8_lossy(bytes) });
    if std::str::from_utf8(bytes).is_err() {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        value["hex"] = json!(hex);
    }
    value
}

/// Adds a count and its bounds. JSON has no infinity: `high` is null where there is no upper bound.
pub fn add_count(value: &mut Value, count: &Estimate) {
    value["count"] = json!(count.value);
    value["low"] = json!(count.low);
    value["high"] = json!(count.high);
}

/// The text as a JSON number, where it is one.
pub fn number_or_text(text: &str) -> Value {
    let whole = text.parse::<u64>().ok().map(|number| json!(number));
    let real = || text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| json!(number));
    whole.or_else(real).unwrap_or_else(|| json!(text))
}

/// 1234567 as 1,234,567: for people.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
