//! Keywords in a text: the automaton, where it walks, and what the filter spares it.

use super::graph::Graph;
use super::picture::{Ink, Strip};
use super::{Change, STATES, Store, TextLab, View, store_in};
use crate::draw::{Align, SMALL, Sheet, Twin, row};
use crate::lab::{About, Action, Control, Figure, Hits, Keys, Side, Span, Tuning};
use crate::text::{counted, grouped};
use fewbytes::Result;
use fewbytes::entry::{Counts, Number, Parameter, Range};
use fewbytes::text::aho_corasick::{ENTRY, FOLD, MATCHES, Match, MatchKind, Options};
use fewbytes::text::{Cursor, Keywords, KeywordsBuilder};

/// A text to search in where nobody gave one.
const TEXT: &str = "ushers say she sells shells on the seashore, and hers are sea shells for sure";

/// How much of the text was read.
const READ: Parameter = Parameter {
    name: "read",
    unit: "bytes",
    range: Range::Whole(0, 200),
    default: Some(Number::Whole(200)),
    doc: "how much of the text was read: step through it, and see the state after each byte",
};

pub static ABOUT: About = About {
    slug: "keywords",
    name: ENTRY.name,
    words: "he she his hers shell shells seashell seashore ashore",
    controls: &[
        Control { parameter: &READ, span: Span::Even { low: 0.0, high: 200.0, step: 1.0 }, default: 200.0 },
        Control { parameter: &MATCHES, span: Span::Even { low: 0.0, high: 2.0, step: 1.0 }, default: 0.0 },
        Control { parameter: &FOLD, span: Span::Even { low: 0.0, high: 1.0, step: 1.0 }, default: 0.0 },
    ],
    actions: &[Action {
        name: "names",
        label: "First names",
        title: "Puts in some seventy first names as keywords",
    }],
    figures: &[STATES, Figure { name: "own", title: "The text", side: Side::Left }],
    estimators: &[],
    counts: Counts::Distinct,
    asks: true,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: true,
    make: |tuning| {
        let options = options(tuning);
        let keywords = KeywordsBuilder::new(&options).with_seed(tuning.seed).finish()?;
        Ok(TextLab::boxed(Finder { keywords, read: tuning.whole(0) as usize }))
    },
    open: |bytes| {
        let keywords = Keywords::open(bytes.into())?;
        keywords.verify()?;
        Ok(TextLab::boxed(Finder { keywords, read: 200 }))
    },
};

#[derive(Clone)]
struct Finder {
    keywords: Keywords,
    /// Bytes of the text that were read.
    read: usize,
}

fn options(tuning: &Tuning) -> Options {
    let match_kind = match tuning.whole(1) {
        0 => MatchKind::All,
        1 => MatchKind::LeftmostFirst,
        _ => MatchKind::LeftmostLongest,
    };
    Options { match_kind, fold_case: tuning.whole(2) == 1, ..Options::default() }
}

impl Finder {
    /// The longest ending of a text with which keywords begin: where the automaton is after it.
    fn state_after<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let mut cursor = self.keywords.walk();
        let from = text.len().saturating_sub(self.keywords.longest_len() as usize);
        let ending = (from..text.len()).map(|start| &text[start..]).find(|ending| {
            cursor.reset();
            cursor.enter_all(ending)
        });
        ending.unwrap_or_default()
    }

    fn matches(&self, text: &[u8]) -> Vec<Match> {
        self.keywords.find_iter(text).take(1000).collect()
    }

    fn name(&self, id: u64) -> String {
        let mut key = Vec::new();
        self.keywords.key_of(id, &mut key);
        String::from_utf8_lossy(&key).into_owned()
    }
}

impl Store for Finder {
    store_in!(keywords);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let options = self.keywords.options();
        let kind = match options.match_kind {
            MatchKind::All => 0.0,
            MatchKind::LeftmostFirst => 1.0,
            _ => 2.0,
        };
        let fold = u8::from(options.fold_case).into();
        Tuning { values: vec![self.read as f64, kind, fold], seed: self.keywords.seed() }
    }

    fn with(&self, more: Keys<'_>) -> Result<Box<dyn Store>> {
        // Their ids are their order.
        let mut builder = KeywordsBuilder::new(&self.keywords.options()).with_seed(self.keywords.seed());
        let mut key = Vec::new();
        for id in 0..self.keywords.len() {
            if self.keywords.key_of(id, &mut key) {
                builder.insert(&key, None)?;
            }
        }
        builder.insert_all(more.iter())?;
        Ok(Box::new(Self { keywords: builder.finish()?, read: self.read }))
    }

    fn state_len(&self) -> u64 {
        self.keywords.state_len().max(1)
    }

    fn told(&self, word: &str, change: &Change<'_>) -> String {
        let states = match self.state_len() - change.before.state_len().min(self.state_len()) {
            0 => "no state more, since another begins so".into(),
            more => counted(more, "state more", "states more"),
        };
        let inside = self.matches(word.as_bytes());
        let inside: Vec<String> = inside
            .iter()
            .filter(|found| found.end - found.start < word.len() as u64)
            .map(|found| self.name(found.id))
            .collect();
        match inside.is_empty() {
            true => format!("“{word}” takes {states}."),
            false => format!(
                "“{word}” takes {states}. Whoever finds it has found {} on the way.",
                inside.join(", ")
            ),
        }
    }

    fn links(&self, graph: &Graph) -> Vec<(usize, usize, bool)> {
        let mut cursor = self.keywords.walk();
        let ending = |path: &[u8]| {
            let shorter = self.state_after(path.get(1..)?);
            graph.states.iter().position(|state| state.path == shorter).filter(|state| *state > 0)
        };
        let mut links = Vec::new();
        for (from, state) in graph.states.iter().enumerate() {
            cursor.reset();
            if cursor.enter_all(&state.path)
                && let Some(to) = ending(&state.path)
            {
                links.push((from, to, cursor.fail_len() == Some(graph.states[to].path.len())));
            }
        }
        links
    }

    /// The word shown is the state after what was read of the text.
    fn shown_word<'a>(&self, word: &'a [u8], asked: Option<&'a [u8]>) -> &'a [u8] {
        let text = asked.unwrap_or(TEXT.as_bytes());
        match self.read < text.len() || asked.is_some() {
            true => self.state_after(&text[..self.read.min(text.len())]),
            false => word,
        }
    }

    fn found(&self, text: &str) -> Option<String> {
        let found = self.matches(text.as_bytes());
        let names: Vec<String> = found.iter().take(12).map(|found| self.name(found.id)).collect();
        let left = self.keywords.candidates(text).len();
        let what = match found.len() {
            0 => "No keyword is in it".into(),
            len => format!(
                "{}: {}{}",
                counted(len as u64, "match", "matches"),
                names.join(", "),
                if len > 12 { ", …" } else { "" }
            ),
        };
        Some(format!("{what}. Of {} places, the filter leaves {left}.", grouped(text.len() as f64)))
    }

    fn strip(&self, _word: &[u8]) -> Strip {
        Strip::default()
    }

    fn own(&self, view: &View<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        const STEP: f64 = 11.0;
        const LEAD: f64 = 18.0;
        let text = view.asked.unwrap_or(TEXT.as_bytes());
        let text = &text[..text.len().min(600)];
        let read = self.read.min(text.len());
        let found = self.matches(text);
        let found: Vec<&Match> = found.iter().filter(|found| found.end <= read as u64).collect();
        let left = self.keywords.candidates(text);
        // Matches that overlap lie one below the other.
        let mut rows: Vec<u64> = Vec::new();
        let places: Vec<usize> = found
            .iter()
            .map(|found| {
                let free = rows.iter().position(|end| *end <= found.start).unwrap_or(rows.len());
                if free == rows.len() {
                    rows.push(0);
                }
                rows[free] = found.end;
                free
            })
            .collect();
        let deep = rows.len().max(1) as f64;
        let block = LEAD + 20.0 + deep * 6.0 + 10.0;
        let columns = |width: f64| ((width / STEP) as usize).max(8);
        let lines = |width: f64| text.len().div_ceil(columns(width)).max(1) as f64;
        if let Some(pen) = sheet.pen(|width| lines(width) * block + 20.0) {
            let theme = pen.theme;
            let columns = columns(pen.width);
            let at = |byte: usize| ((byte % columns) as f64 * STEP, (byte / columns) as f64 * block);
            let state = self.state_after(&text[..read]).len();
            for (i, byte) in text.iter().enumerate() {
                let (x, y) = at(i);
                if i >= read - state && i < read {
                    pen.fill([x, y + LEAD - 2.0, STEP, 20.0], &theme.orange, 0.25);
                }
                if left.contains(&i) {
                    pen.line(
                        &[
                            (x + STEP / 2.0 - 3.0, y + 6.0),
                            (x + STEP / 2.0, y + 11.0),
                            (x + STEP / 2.0 + 3.0, y + 6.0),
                        ],
                        &theme.green,
                        2.0,
                        &[],
                    );
                }
                let colour = if i < read { &theme.ink } else { &theme.soft };
                let letter = if byte.is_ascii_graphic() || *byte == b' ' {
                    char::from(*byte).to_string()
                } else {
                    "·".into()
                };
                pen.mono(x + STEP / 2.0, y + LEAD + 8.0, &letter, Align::Middle, colour, 15.0);
            }
            for (found, row) in found.iter().zip(places) {
                for i in found.start as usize..found.end as usize {
                    let (x, y) = at(i);
                    let inset = if i + 1 == found.end as usize { 2.0 } else { 0.0 };
                    pen.fill(
                        [
                            x + if i == found.start as usize { 1.0 } else { 0.0 },
                            y + LEAD + 20.0 + 6.0 * row as f64,
                            STEP - inset,
                            3.5,
                        ],
                        &theme.blue,
                        1.0,
                    );
                }
            }
            if read < text.len() {
                let (x, y) = at(read);
                pen.line(&[(x, y + LEAD - 4.0), (x, y + LEAD + 20.0)], &theme.orange, 2.0, &[]);
            }
            let y = lines(pen.width) * block + 8.0;
            let legend = [
                ("▾ left by the filter", &theme.green),
                ("━ matches", &theme.blue),
                ("▮ the state", &theme.orange),
            ];
            let mut x = 0.0;
            for (text, colour) in legend {
                pen.text(x, y, text, Align::Left, colour, SMALL);
                x += text.chars().count() as f64 * 6.6 + 16.0;
            }
        }
        let state = String::from_utf8_lossy(self.state_after(&text[..read])).into_owned();
        let label = format!(
            "{} in {} bytes. Keywords can begin at {} of them, says the filter: {} places are passed over, and the automaton walks from the \
             others.{} Check another text above.",
            counted(found.len() as u64, "match", "matches"),
            read,
            left.len(),
            text.len() - left.len(),
            if read < text.len() && !state.is_empty() {
                format!(" After what was read, it is in the state of “{state}”.")
            } else {
                String::new()
            }
        );
        let mut table = vec![row([&"keyword", &"from byte", &"to byte", &"id"])];
        table.extend(
            found.iter().map(|found| row([&self.name(found.id), &found.start, &(found.end - 1), &found.id])),
        );
        (Twin { label, table }, Hits::new())
    }

    fn takes(&self) -> Vec<[String; 4]> {
        let kept = self.links(&self.graph(b"", super::MOST)).iter().filter(|(.., is_kept)| *is_kept).count();
        let all = self.links(&self.graph(b"", super::MOST)).len();
        vec![["failure links".into(), grouped(kept as f64), grouped(all as f64), "in the textbook".into()]]
    }

    fn caution(&self) -> String {
        "Failure links of four bytes or fewer are not kept: the filter finds the next place to begin.".into()
    }

    fn shown(&self, control: usize) -> String {
        let options = self.keywords.options();
        match control {
            0 => format!("{} bytes", self.read),
            1 => match options.match_kind {
                MatchKind::All => "all matches".into(),
                MatchKind::LeftmostFirst => "leftmost, the first keyword".into(),
                _ => "leftmost, the longest".into(),
            },
            _ if options.fold_case => "A is a".into(),
            _ => "A is not a".into(),
        }
    }

    fn legend(&self) -> &'static [(&'static str, Ink)] {
        &[
            ("◉ a keyword ends", Ink::Plain),
            ("┅ failure link", Ink::Link),
            ("┈ not kept", Ink::Plain),
            ("━ the state now", Ink::Way),
        ]
    }
}
