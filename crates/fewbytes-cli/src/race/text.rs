//! `race --text`: the lines of a file as keys of every text store, beside a hash set and a sorted list.

use super::plot::{Axis, Picture, Point};
use crate::input::{Block, Blocks};
use crate::output::{self, grouped, print_json, stdout};
use crate::split::By;
use crate::text::build::Spinner;
use anyhow::{Result, anyhow, bail};
use comfy_table::CellAlignment;
use fewbytes::catalog::CATALOG;
use fewbytes::entry::{Entry, Sketch, Text};
use fewbytes::hash::hash;
use fewbytes::text::KeyList;
use serde_json::json;
use std::collections::HashSet;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Keys that are asked for, at most: as many that are there, and as many that are not.
const ASKED: usize = 500_000;

/// How one store did.
struct Row {
    slug: &'static str,
    name: String,
    bytes: u64,
    /// Nanoseconds a key.
    build: f64,
    hit: f64,
    miss: f64,
}

/// What a store is asked through, whatever it is.
trait Holds {
    fn has(&self, key: &[u8]) -> bool;
}

impl Holds for HashSet<Box<[u8]>> {
    fn has(&self, key: &[u8]) -> bool {
        self.contains(key)
    }
}

/// Keys that are looked for by halving.
struct Sorted<'a>(&'a KeyList);

impl Holds for Sorted<'_> {
    fn has(&self, key: &[u8]) -> bool {
        let (mut low, mut high) = (0, self.0.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.0.get(middle) {
                Some((found, _)) if found < key => low = middle + 1,
                Some((found, _)) if found == key => return true,
                _ => high = middle,
            }
        }
        false
    }
}

impl Holds for Box<dyn Sketch> {
    fn has(&self, key: &[u8]) -> bool {
        self.dictionary().is_some_and(|keys| keys.contains(key))
    }
}

/// Keys in the order in which they are asked for.
struct Questions {
    hits: Vec<Vec<u8>>,
    misses: Vec<Vec<u8>>,
}

impl Questions {
    fn new(keys: &KeyList) -> Self {
        let mut places: Vec<usize> = (0..keys.len()).collect();
        places.sort_by_cached_key(|place| hash(&(*place as u64).to_le_bytes(), 1));
        places.truncate(ASKED);
        let hits: Vec<Vec<u8>> =
            places.into_iter().filter_map(|place| keys.get(place)).map(|(key, _)| key.to_vec()).collect();
        // Near the keys: another byte at the end, one more, or the key backwards; those that are keys themselves are left out.
        let near = |(i, key): (usize, &Vec<u8>)| {
            let mut key = key.clone();
            match i % 3 {
                0 => key.iter_mut().last().into_iter().for_each(|byte| *byte = byte.wrapping_add(1)),
                1 => key.push(b'a'),
                _ => key.reverse(),
            }
            key
        };
        let sorted = Sorted(keys);
        let misses = hits.iter().enumerate().map(near).filter(|key| !sorted.has(key)).collect();
        Self { hits, misses }
    }

    /// Nanoseconds a question of both kinds, the least of three rounds.
    fn ask(&self, name: &str, store: &impl Holds) -> Result<(f64, f64)> {
        let round = |questions: &[Vec<u8>]| {
            let start = Instant::now();
            let found = questions.iter().filter(|key| store.has(key)).count();
            (black_box(found), start.elapsed().as_secs_f64() * 1e9 / questions.len().max(1) as f64)
        };
        let (mut hit, mut miss) = (f64::MAX, f64::MAX);
        for _ in 0..3 {
            let (found, ns) = round(&self.hits);
            if found != self.hits.len() {
                bail!("`{name}` lost {} keys: this is a defect, please report it", self.hits.len() - found);
            }
            hit = hit.min(ns);
            let (found, ns) = round(&self.misses);
            if found != 0 {
                bail!("`{name}` has {found} keys that it was not given: this is a defect, please report it");
            }
            miss = miss.min(ns);
        }
        Ok((hit, miss))
    }
}

/// Runs the race over the lines of `files`.
pub fn run(files: &[PathBuf], plot: Option<&Path>, as_json: bool) -> Result<()> {
    let mut keys = KeyList::new();
    let (mut blocks, mut block) = (Blocks::open(files, By::Line)?, Block::default());
    while blocks.next(&mut block)? {
        for key in block.items() {
            keys.push(key, None).map_err(|error| anyhow!("{error}"))?;
        }
    }
    drop(blocks);
    let start = Instant::now();
    keys.sort();
    let sorting = start.elapsed().as_secs_f64() * 1e9 / keys.len().max(1) as f64;
    let questions = Questions::new(&keys);
    let mut rows = vec![hash_set(&keys, &questions)?, sorted_list(&keys, sorting, &questions)?];
    let stores = CATALOG.iter().filter_map(|entry| Some((*entry, entry.text.as_ref()?)));
    for (entry, text) in stores {
        rows.push(store(entry, text, &keys, &questions)?);
    }
    if let Some(path) = plot {
        picture(&rows, keys.len()).save(path)?;
    }
    if as_json { print_rows_json(&rows, keys.len()) } else { print_rows(&rows, keys.len()) }
}

fn hash_set(keys: &KeyList, questions: &Questions) -> Result<Row> {
    let start = Instant::now();
    let set: HashSet<Box<[u8]>> = keys.iter().map(|(key, _)| key.into()).collect();
    let build = start.elapsed().as_secs_f64() * 1e9 / keys.len().max(1) as f64;
    let heap: u64 = set.iter().map(|key| super::contestant::chunk(key.len())).sum();
    let bytes = super::contestant::table_bytes::<Box<[u8]>>(set.capacity()) + heap;
    let (hit, miss) = questions.ask("hash set", &set)?;
    Ok(Row { slug: "set", name: "hash set".into(), bytes, build, hit, miss })
}

fn sorted_list(keys: &KeyList, build: f64, questions: &Questions) -> Result<Row> {
    let text: u64 = keys.iter().map(|(key, _)| key.len() as u64).sum();
    let (hit, miss) = questions.ask("sorted list", &Sorted(keys))?;
    // Four bytes a key for where it ends would do, whatever the list that is asked here has.
    Ok(Row {
        slug: "list",
        name: "sorted list".into(),
        bytes: text + 4 * keys.len() as u64,
        build,
        hit,
        miss,
    })
}

fn store(entry: &'static Entry, text: &Text, keys: &KeyList, questions: &Questions) -> Result<Row> {
    let spinner = Spinner::new();
    let start = Instant::now();
    let build = || -> fewbytes::Result<Box<dyn Sketch>> {
        let mut builder = (text.builder)(&entry.settings(), false)?;
        keys.iter().try_for_each(|(key, _)| builder.push(key, None))?;
        Ok(builder.finish(&mut |progress| spinner.tell(progress))?.store)
    };
    let store = build().map_err(|error| anyhow!("`{}`: {error}", entry.slug))?;
    let build = start.elapsed().as_secs_f64() * 1e9 / keys.len().max(1) as f64;
    let (hit, miss) = questions.ask(entry.slug, &store)?;
    Ok(Row {
        slug: entry.slug,
        name: entry.name.into(),
        bytes: store.as_bytes().len() as u64,
        build,
        hit,
        miss,
    })
}

fn print_rows(rows: &[Row], len: usize) -> Result<()> {
    let head = ["store", "bytes", "bytes/key", "× smaller", "build, ns/key", "hit, ns", "miss, ns"];
    let mut table = output::table(&head);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let most = rows.first().map_or(0, |row| row.bytes) as f64;
    for row in rows {
        table.add_row([
            row.name.clone(),
            grouped(row.bytes),
            format!("{:.2}", row.bytes as f64 / len.max(1) as f64),
            format!("{:.1}", most / row.bytes as f64),
            format!("{:.0}", row.build),
            format!("{:.0}", row.hit),
            format!("{:.0}", row.miss),
        ]);
    }
    stdout(|out| Ok(writeln!(out, "{} keys\n\n{table}", grouped(len as u64))?))
}

fn print_rows_json(rows: &[Row], len: usize) -> Result<()> {
    let row = |row: &Row| {
        json!({
            "store": row.slug, "bytes": row.bytes, "build_nanoseconds": row.build,
            "hit_nanoseconds": row.hit, "miss_nanoseconds": row.miss,
        })
    };
    print_json(&json!({ "keys": len, "rows": rows.iter().map(row).collect::<Vec<_>>() }))
}

fn picture(rows: &[Row], len: usize) -> Picture {
    let point = |row: &Row| Point {
        name: format!("{} · {:.0} ns a key to build", row.name, row.build),
        x: row.bytes as f64 / len.max(1) as f64,
        y: row.hit,
        radius: row.build.max(0.0).sqrt(),
    };
    Picture {
        caption: "Memory against time to find a key; a circle's area is the time to build",
        x: Axis { name: "bytes a key", shown: |bytes| format!("{bytes}") },
        y: Axis { name: "nanoseconds to find a key", shown: |ns| format!("{ns}") },
        points: rows.iter().map(point).collect(),
    }
}
