//! What people read: tables on the terminal, and a page for the book.

use crate::{
    bars::Outcome,
    results::{Results, Sheet, Whose},
};
use comfy_table::{Cell, CellAlignment, Table, presets};
use std::{fmt::Write as _, iter};

/// Every setting's table.
pub fn tables(results: &Results) -> Vec<(String, Table)> {
    let table = |setting: &str| {
        let Sheet { contestants, whats, figures } = results.sheet(setting);
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN);
        table.set_header(iter::once("").chain(whats));
        for ((name, whose), figures) in contestants.iter().zip(figures) {
            let name = match whose {
                Whose::Ours => format!("**fewbytes {name}**"),
                Whose::Peers => (*name).to_owned(),
            };
            let number = |figure: Option<f64>| right(figure.map_or(String::new(), short));
            table.add_row(iter::once(Cell::new(name)).chain(figures.into_iter().map(number)));
        }
        (setting.to_owned(), table)
    };
    results.settings().into_iter().map(table).collect()
}

/// The bars: our figure, theirs, the ratio, and whether it is reached.
pub fn bars(outcomes: &[Outcome]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header([
        "bar",
        "where",
        "structure",
        "what",
        "goal",
        "ours",
        "peer",
        "theirs",
        "ratio",
        "to reach",
        "",
    ]);
    for bar in outcomes {
        let goal = if bar.goal.is_nan() { String::new() } else { short(bar.goal) };
        let [peer, theirs, ratio, share] = match bar.peer {
            Some((peer, theirs, share)) => {
                [peer.to_owned(), short(theirs), format!("{:.2}", bar.figure / theirs), format!("{share:.2}")]
            }
            None => [const { String::new() }; 4],
        };
        let met = if bar.met { "met" } else { "**missed**" };
        let mut row =
            vec![Cell::new(bar.id), Cell::new(&bar.setting), Cell::new(bar.ours), Cell::new(bar.what)];
        row.extend([right(goal), right(short(bar.figure)), Cell::new(peer)]);
        row.extend([theirs, ratio, share].map(right));
        row.push(Cell::new(met));
        table.add_row(row);
    }
    table
}

/// The page: bars first, then every table.
pub fn page(
    (command, title): (&str, &str),
    machine: &str,
    outcomes: &[Outcome],
    results: &Results,
) -> String {
    let mut page = format!("<!-- Printed by `{command}`. -->\n\n# {title}\n\n");
    let met = outcomes.iter().filter(|bar| bar.met).count();
    let _ =
        writeln!(page, "{machine} `benches/rivals/BIAS.md` says who wrote this, and what is not equal.\n");
    let trials = match outcomes.iter().any(|bar| bar.id == "C2") {
        true => " An error of 200 trials is known to 5 %, its square to 10 %.",
        false => "",
    };
    let _ = writeln!(page, "{met} of {} goals are met in this run.{trials}\n", outcomes.len());
    let _ = writeln!(page, "{}\n", markdown(&bars(outcomes), &[4, 5, 7, 8, 9]));
    for (setting, mut table) in tables(results) {
        let numbers: Vec<usize> = (1..table.column_count()).collect();
        let (first, rest) = setting.split_at(1);
        let _ = writeln!(page, "## {}{rest}\n\n{}\n", first.to_uppercase(), markdown(&table, &numbers));
    }
    page
}

/// The table as Markdown that says which columns hold numbers, so that the page, too, has them to the right.
fn markdown(table: &Table, numbers: &[usize]) -> String {
    let mut lines: Vec<String> = table.lines().collect();
    let ruled = lines[1].trim_matches('|').split('|').enumerate().map(|(column, rule)| {
        match rule.strip_suffix('-') {
            Some(rule) if numbers.contains(&column) => format!("{rule}:"),
            _ => rule.to_owned(),
        }
    });
    lines[1] = format!("|{}|", ruled.collect::<Vec<_>>().join("|"));
    lines.join("\n")
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// Three figures, or all of a whole number.
fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 || number == number.trunc() => {
            let digits = format!("{number:.0}");
            let thousands = digits.len().saturating_sub(usize::from(number < 0.0)).saturating_sub(1) / 3;
            let mut text = digits.clone();
            for i in 1..=thousands {
                text.insert(digits.len() - 3 * i, ',');
            }
            text
        }
        10.0.. => format!("{number:.1}"),
        1.0.. => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}
