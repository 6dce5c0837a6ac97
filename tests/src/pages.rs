//! The pages that are printed from the catalogue: facts, references, byte tables, the README's table.
//!
//! Pure functions from entries to Markdown. The suite `drift` compares them with the files, or writes them.

use crate::choosing;
use fewbytes::Result;
use fewbytes::catalog::CATALOG;
use fewbytes::entry::{Entry, Family, Merge, Number, Parameter, Range, Source};
use fewbytes::layout::{FieldRow, HEADER};
use std::collections::BTreeMap;
use std::fmt::Display;

/// Where the README's table begins.
pub const STRUCTURES_BEGIN: &str = "<!-- structures:begin -->";
/// Where the README's table ends.
pub const STRUCTURES_END: &str = "<!-- structures:end -->";

const GENERATED: &str = "<!-- Printed from the catalogue by tests/src/pages.rs: change it there, then run `BLESS=1 \
    cargo test -p fewbytes-tests --test drift`. -->\n";

/// The generated files: path from the repository's root, and text.
///
/// # Errors
/// What the catalogue's own functions refuse for their default parameters.
pub fn pages() -> Result<Vec<(String, String)>> {
    let mut pages = vec![
        ("book/src/abilities.md".into(), abilities()),
        ("book/src/decide.md".into(), decide()?),
        ("book/src/header.md".into(), header()),
        ("book/src/references.md".into(), references()),
    ];
    for entry in CATALOG {
        pages.push((facts_path(entry), facts(entry)?));
    }
    Ok(pages)
}

/// The fact page's file.
pub fn facts_path(entry: &Entry) -> String {
    format!("book/src/facts/{}.md", entry.slug)
}

/// The structure's name, leading to its chapter.
fn chapter(entry: &Entry) -> String {
    format!("[{}]({}.md)", capitalised(entry.name), entry.slug)
}

/// The essay's file.
pub fn essay_path(entry: &Entry) -> String {
    format!("crates/fewbytes/src/{}/{}.md", entry.family.name(), entry.slug.replace('-', "_"))
}

/// The page of facts of one structure. Its parts `numbers` and `bytes` can be included by chapters.
///
/// # Errors
/// What the entry's own functions refuse for its default parameters.
pub fn facts(entry: &Entry) -> Result<String> {
    let mut page = format!("{GENERATED}\n# {}\n\n", capitalised(entry.name));
    page += &format!("**{}** {}\n\n", entry.family.question(), entry.summary);
    page += &format!("[Its chapter](../{}.md) explains it on a small example.\n\n", entry.slug);
    page += "<!-- ANCHOR: numbers -->\n";
    page += &numbers(entry)?;
    page += "\nWhat can be chosen when one is built:\n\n";
    page += &parameters(entry);
    page += "<!-- ANCHOR_END: numbers -->\n\n";
    page += &format!("{{{{#include ../../../{}}}}}\n\n", essay_path(entry));
    page += "## Byte table\n\n<!-- ANCHOR: bytes -->\n";
    page += &bytes(entry);
    page += "<!-- ANCHOR_END: bytes -->\n\n## Papers\n\n";
    page.extend(entry.sources.iter().map(|source| format!("* {}\n", cited(source))));
    Ok(page)
}

/// What can be said of the structure in numbers.
fn numbers(entry: &Entry) -> Result<String> {
    let settings = entry.settings();
    let (bytes, std_error) = ((entry.bytes)(&settings)?, (entry.std_error)(&settings)?);
    let header = entry.format.payload_start();
    let contains = match (entry.contains, entry.removes) {
        (true, true) => "`contains`, also after `remove`, and ",
        (true, false) if entry.forgets => "`contains` for the latest items, and ",
        (true, false) => "`contains`, and ",
        (false, _) => "",
    };
    let count = match (entry.count, entry.top) {
        (true, true) => "`count`: how often an item came, `top`: which came most often, and ",
        (true, false) => "`count`: how often an item came, and ",
        (false, _) => "",
    };
    let merge = match entry.merge {
        Merge::Union => "union: as if one had taken the items of both, each once",
        Merge::Sum => "sum: as if one had counted the events of both, in expectation",
        Merge::ExactSum => "exact sum: as if one had taken the items of both, all of them",
        Merge::None => "none",
    };
    Ok(table(
        ["fact", "value"],
        [
            ["name in commands and files".into(), format!("`{}`", entry.slug)],
            ["choose it when".into(), entry.choose.into()],
            ["type in Rust".into(), format!("`fewbytes::{}`", entry.type_name)],
            ["answers".into(), format!("{contains}{count}`estimate`: the number of {}", entry.counts.unit())],
            ["error".into(), entry.error.into()],
            [
                "standard error of the estimate".into(),
                format!("{} % of the truth {}", significant(std_error * 100.0), at_defaults(entry)),
            ],
            ["space".into(), entry.space.into()],
            [
                "bytes when fresh".into(),
                format!("{}, of which {header} are the header, {}", grouped(bytes), at_defaults(entry)),
            ],
            ["merge".into(), merge.into()],
        ],
    ))
}

/// What can be chosen, for all structures the seed too.
fn parameters(entry: &Entry) -> String {
    let row = |parameter: &&Parameter| {
        let default = parameter.default.map_or_else(|| "from the others".into(), shown);
        [
            format!("`{}`", parameter.name),
            parameter.unit.into(),
            range(parameter.range),
            default,
            parameter.doc.into(),
        ]
    };
    let seed = ["`seed`", "", "any 64 bits", "0", "seed of the hash; equal seeds can be merged"];
    let seed = match entry.merge {
        Merge::Union | Merge::ExactSum => seed,
        // Where it tells items apart, by their hashes.
        Merge::Sum if entry.count => seed,
        Merge::Sum => {
            [seed[0], seed[1], seed[2], seed[3], "seed of the coin; better not equal where counters merge"]
        }
        Merge::None => [seed[0], seed[1], seed[2], seed[3], "seed of the hash"],
    };
    let rows = entry.parameters.iter().map(row).chain([seed.map(String::from)]);
    table(["parameter", "unit", "range", "default", "what it does"], rows)
}

/// Every field before the payload, and the payload in words.
fn bytes(entry: &Entry) -> String {
    let start = entry.format.payload_start();
    let payload = [format!("{start} on"), "payload".into(), String::new(), entry.format.payload.into()];
    let used = entry.format.rows().map(|row| row.offset + row.width).max().unwrap_or(0);
    let padding = [place(used, start), "padding".into(), "bytes".into(), "zeros".into()];
    let padding = (used < start).then_some(padding);
    let rows = entry.format.rows().map(|row| {
        let kind = format!("{} ({})", row.doc, entry.format.kind);
        let version = format!("{} ({})", row.doc, entry.format.version);
        match row.name {
            "kind" => field(row, &kind),
            "version" => field(row, &version),
            _ => field(row, row.doc),
        }
    });
    table(["bytes", "field", "type", "holds"], rows.chain(padding).chain([payload]))
}

/// The header that all structures share, for the chapter on bytes.
pub fn header() -> String {
    let rows = HEADER.iter().map(|row| field(row, row.doc));
    format!("{GENERATED}\n{}", table(["bytes", "field", "type", "holds"], rows))
}

fn field(row: &FieldRow, doc: &str) -> [String; 4] {
    let place = place(row.offset, row.offset + row.width);
    [place, format!("`{}`", row.name), row.type_name.into(), doc.into()]
}

/// Bytes from one offset to before another.
fn place(from: usize, to: usize) -> String {
    if to == from + 1 { from.to_string() } else { format!("{from} to {}", to - 1) }
}

/// What each structure answers and how it merges, for the chapter on choosing.
pub fn abilities() -> String {
    let yes = |able| if able { "yes" } else { "no" }.into();
    let rows = CATALOG.iter().map(|entry| {
        [
            chapter(entry),
            yes(entry.contains),
            yes(entry.removes),
            yes(entry.forgets),
            yes(entry.count),
            yes(entry.top),
            entry.counts.unit().into(),
            if entry.inserts { "at any time" } else { "all at once" }.into(),
            entry.merge.name().into(),
        ]
    });
    let head = [
        "structure",
        "`contains`",
        "`remove`",
        "forgets",
        "`count`",
        "`top`",
        "`estimate` counts",
        "takes items",
        "merge",
    ];
    format!("{GENERATED}\n{}", table(head, rows))
}

/// Which structure when, with what it takes for the same work: for the chapter on choosing.
///
/// # Errors
/// What the structures refuse for that work.
pub fn decide() -> Result<String> {
    let mut page = format!("{GENERATED}\n");
    for family in [Family::Membership, Family::Counting, Family::Distinct, Family::Text] {
        let mut rows = Vec::new();
        for entry in CATALOG.iter().filter(|entry| entry.family == family) {
            rows.push([entry.choose.into(), chapter(entry), choosing::cost(entry)?]);
        }
        if rows.is_empty() {
            continue;
        }
        page += &format!("**{}**\n\n", family.question());
        page += &table(["choose it when", "structure", choosing::unit(family)], rows);
        page += "\n";
    }
    Ok(page)
}

/// Every paper once, by author and year, with the structures that come from it.
pub fn references() -> String {
    let mut papers: BTreeMap<(&str, u16, &str), (&Source, Vec<&Entry>)> = BTreeMap::new();
    for entry in CATALOG {
        for source in entry.sources {
            let key = (source.authors, source.year, source.title);
            papers.entry(key).or_insert((source, Vec::new())).1.push(entry);
        }
    }
    let mut page = format!("{GENERATED}\n# References\n\n");
    page += "The papers that the structures come from. Each structure's page says where the library departs from them.\n\n";
    for (source, entries) in papers.values() {
        let names: Vec<_> = entries
            .iter()
            .map(|entry| format!("[{}](facts/{}.md)", capitalised(entry.name), entry.slug))
            .collect();
        page += &format!("* {} → {}\n", cited(source), names.join(", "));
    }
    page += "\nBesides, every structure that hashes uses XXH3-64: Collet, *XXH3*, specification in the xxHash \
        repository, `doc/xxhash_spec.md`. The Morris counter's coin is SplitMix64: Steele, Lea, Flood (2014), *Fast \
        splittable pseudorandom number generators*, OOPSLA 2014.\n";
    page
}

fn cited(source: &Source) -> String {
    format!("{} ({}), *{}*, {}.", source.authors, source.year, source.title, source.venue)
}

/// The README's table: which structure answers what.
///
/// # Errors
/// What the catalogue's own functions refuse for their default parameters.
pub fn structures() -> Result<String> {
    let row = |entry: &&Entry| {
        let bytes = grouped((entry.bytes)(&entry.settings())?);
        Ok([
            entry.family.question().into(),
            format!("[{}]({})", capitalised(entry.name), facts_path(entry)),
            format!("`{}`", entry.slug),
            entry.error.into(),
            format!("{bytes} {}", at_defaults(entry)),
            entry.merge.name().into(),
        ])
    };
    let rows = CATALOG.iter().map(row).collect::<Result<Vec<_>>>()?;
    Ok(table(["question", "structure", "slug", "error", "bytes", "merge"], rows))
}

/// `readme` with the table of structures between its markers; `None` when it does not have both, in order.
///
/// # Errors
/// As [`structures`].
pub fn readme(readme: &str) -> Result<Option<String>> {
    let Some((before, rest)) = readme.split_once(STRUCTURES_BEGIN) else { return Ok(None) };
    let Some((_, after)) = rest.split_once(STRUCTURES_END) else { return Ok(None) };
    Ok(Some(format!("{before}{STRUCTURES_BEGIN}\n{}{STRUCTURES_END}{after}", structures()?)))
}

/// "at precision 14": what the numbers of a table hold for.
fn at_defaults(entry: &Entry) -> String {
    let chosen = |parameter: &&Parameter| Some(format!("{} {}", parameter.name, shown(parameter.default?)));
    format!("at {}", entry.parameters.iter().filter_map(chosen).collect::<Vec<_>>().join(", "))
}

fn range(range: Range) -> String {
    match range {
        Range::Whole(min, max) => format!("{} to {}", grouped(min), grouped(max)),
        Range::Real(above, below) => format!("between {above} and {below}"),
        Range::Either(..) | Range::OneOf(_) => range.to_string(),
    }
}

fn shown(number: Number) -> String {
    match number {
        Number::Whole(value) => grouped(value),
        Number::Real(value) => value.to_string(),
    }
}

/// 12352 as `12,352`.
pub(crate) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Three significant digits, without an exponent: `0.812`, `22.4`.
fn significant(value: f64) -> String {
    let digits = if value > 0.0 { 2 - value.log10().floor() as i32 } else { 0 };
    format!("{value:.*}", digits.max(0) as usize)
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A Markdown table.
fn table<const N: usize, C: Display>(head: [&str; N], rows: impl IntoIterator<Item = [C; N]>) -> String {
    let line =
        |cells: [String; N]| format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    let mut text = line(head.map(String::from)) + &line([(); N].map(|()| "---".into()));
    text.extend(rows.into_iter().map(|row| line(row.map(|cell| cell.to_string()))));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!([0, 999, 1000, 1_199_184].map(grouped), ["0", "999", "1,000", "1,199,184"]);
        assert_eq!(
            [0.0, 0.811_688, 22.36, 0.025_98, 345.6].map(significant),
            ["0", "0.812", "22.4", "0.0260", "346"]
        );
    }

    #[test]
    fn a_readme_keeps_what_is_around_the_markers() -> Result<()> {
        let old = format!("a\n{STRUCTURES_BEGIN}\nold\n{STRUCTURES_END}\nb\n");
        let new = readme(&old)?.unwrap_or_default();
        assert!(new.starts_with(&format!("a\n{STRUCTURES_BEGIN}\n| question |")) && new.ends_with("\nb\n"));
        assert_eq!(readme(&new)?, Some(new), "a second time changes nothing");
        assert_eq!(readme("no markers")?, None);
        Ok(())
    }
}
