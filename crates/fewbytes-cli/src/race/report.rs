//! The race's table and its JSON.

use super::book::Recorded;
use super::contestant::Contestant;
use super::plot::{Axis, Picture, Point, si};
use crate::output::{self, grouped, print_json as print_value, stdout};
use anyhow::Result;
use comfy_table::CellAlignment;
use fewbytes::Estimate;
use fewbytes::entry::Counts;
use serde_json::{Value, json};
use std::io::Write;

/// A race that was run.
pub struct Race {
    /// Tokens of the stream.
    pub token_len: u64,
    /// Different ones, where they are known.
    pub different: Option<u64>,
    /// The contestants; the exact set first, if it ran.
    pub rows: Vec<Row>,
    /// Whether the book's figures stand beside ours.
    pub book: bool,
}

/// Errors smaller than this, in percent, stand on the picture's lower edge: a logarithmic axis has no 0.
const LEAST_ERROR: f64 = 0.001;

impl Race {
    /// Memory against error, with time as the circle's size. Who has no error known is not in it.
    pub fn picture(&self) -> Picture {
        let point = |row: &Row| {
            Some(Point {
                name: format!("{} · {:.1} ns", row.name, row.nanoseconds),
                x: row.bytes as f64,
                y: (row.error()?.abs() * 100.0).max(LEAST_ERROR),
                radius: row.nanoseconds.max(0.0).sqrt() * 3.0,
            })
        };
        Picture {
            caption: "Memory against error; a circle's area is the time an item takes",
            x: Axis { name: "memory (bytes)", shown: si },
            y: Axis {
                name: "error of the answer (% of the truth; the lower edge is 0.001 % or less)",
                shown: |percent| format!("{percent}"),
            },
            points: self.rows.iter().filter_map(point).collect(),
        }
    }
}

/// How one contestant did.
pub struct Row {
    /// Its slug; `set` for the exact set.
    pub slug: &'static str,
    /// Its name in prose.
    pub name: &'static str,
    parameters: String,
    /// Bytes that it took at the end.
    pub bytes: u64,
    answer: Estimate,
    counts: Counts,
    truth: Option<u64>,
    /// Nanoseconds a token, hashing included.
    pub nanoseconds: f64,
    seconds: f64,
    recorded: Option<&'static Recorded>,
}

impl Row {
    /// The row of a contestant that took `token_len` tokens.
    pub fn new(
        contestant: &Contestant,
        truth: Option<u64>,
        token_len: u64,
        recorded: Option<&'static Recorded>,
    ) -> Self {
        Self {
            slug: contestant.slug(),
            name: contestant.name(),
            parameters: contestant.parameters().into(),
            bytes: contestant.bytes(),
            answer: contestant.answer(),
            counts: contestant.counts(),
            truth,
            nanoseconds: contestant.time().as_secs_f64() * 1e9 / token_len.max(1) as f64,
            seconds: contestant.time().as_secs_f64(),
            recorded,
        }
    }

    /// The answer's error as a share of the truth, signed; none where the truth is not known or 0.
    pub fn error(&self) -> Option<f64> {
        self.error_of(self.answer.value)
    }

    fn error_of(&self, answer: f64) -> Option<f64> {
        self.truth.filter(|truth| *truth > 0).map(|truth| answer / truth as f64 - 1.0)
    }

    fn json(&self, exact: Option<&Row>) -> Value {
        json!({
            "structure": self.slug,
            "parameters": self.parameters,
            "bytes": self.bytes,
            "answer": { "value": self.answer.value, "low": self.answer.low, "high": self.answer.high },
            "counts": self.counts.unit(),
            "truth": self.truth,
            "error": self.error(),
            "nanoseconds_an_item": self.nanoseconds,
            "seconds": self.seconds,
            "times_smaller": exact.map(|exact| exact.bytes as f64 / self.bytes as f64),
            "times_faster": exact.map(|exact| exact.nanoseconds / self.nanoseconds),
            "book": self.recorded.map(|recorded| json!({
                "answer": recorded.answer,
                "error": recorded.answer.and_then(|answer| self.error_of(answer)),
                "seconds": recorded.seconds,
            })),
        })
    }

    fn cells(&self, exact: Option<&Row>, book: bool) -> Vec<String> {
        let dash = || "–".to_owned();
        let count = |value: f64| if value.is_finite() { grouped(value.round() as u64) } else { "∞".into() };
        let Estimate { value, low, high } = self.answer;
        let mut cells = vec![
            self.name.to_owned(),
            self.parameters.clone(),
            grouped(self.bytes),
            count(value),
            if low == high { "exact".into() } else { format!("{} to {}", count(low), count(high)) },
            self.truth.map_or_else(dash, grouped),
            self.error().map_or_else(dash, percent),
            format!("{:.1}", self.nanoseconds),
            exact.map_or_else(dash, |exact| times(exact.bytes as f64 / self.bytes as f64)),
            exact.map_or_else(dash, |exact| times(exact.nanoseconds / self.nanoseconds)),
        ];
        if book {
            let recorded = self.recorded;
            let answer = recorded.and_then(|recorded| recorded.answer);
            cells.extend([
                format!("{:.1}", self.seconds),
                answer.map_or_else(dash, count),
                answer.and_then(|answer| self.error_of(answer)).map_or_else(dash, percent),
                recorded.and_then(|recorded| recorded.seconds).map_or_else(dash, count),
            ]);
        }
        cells
    }
}

fn percent(share: f64) -> String {
    format!("{:+.2} %", share * 100.0)
}

fn times(ratio: f64) -> String {
    match ratio {
        ratio if ratio < 10.0 => format!("{ratio:.1}"),
        ratio => grouped(ratio.round() as u64),
    }
}

/// Prints the race as JSON.
pub fn print_json(race: &Race) -> Result<()> {
    let exact = race.rows.iter().find(|row| row.slug == "set");
    print_value(&json!({
        "tokens": race.token_len,
        "different": race.different,
        "rows": race.rows.iter().map(|row| row.json(exact)).collect::<Vec<_>>(),
    }))
}

/// Prints the race as a table.
pub fn print_table(race: &Race) -> Result<()> {
    const HEAD: [&str; 10] = [
        "structure",
        "parameters",
        "bytes",
        "answer",
        "2σ bounds",
        "truth",
        "error",
        "ns/item",
        "× smaller",
        "× faster",
    ];
    const BOOK: [&str; 4] = ["seconds", "book: answer", "error", "seconds"];
    let mut head = HEAD.to_vec();
    if race.book {
        head.extend(BOOK);
    }
    let mut table = output::table(&head);
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let exact = race.rows.iter().find(|row| row.slug == "set");
    for row in &race.rows {
        table.add_row(row.cells(exact, race.book));
    }
    let different = match race.different {
        Some(different) => format!("{} different", grouped(different)),
        None => "an unknown number of them different".into(),
    };
    stdout(|out| Ok(writeln!(out, "{} tokens, {different}\n\n{table}", grouped(race.token_len))?))
}
