//! The LOUDS trie: a tree written down as bits, in which one finds one's way by counting them.

use super::graph::readable_labels;
use super::picture::{Ink, Strip};
use super::{ACTIONS, Change, STATES, Store, TextLab, View, WORD, sorted, store_in};
use crate::draw::{Align, SMALL, Sheet, Twin, row};
use crate::lab::{About, Control, Figure, Hits, Keys, Side, Span, Tuning};
use crate::text::{counted, grouped};
use fewbytes::Result;
use fewbytes::entry::Counts;
use fewbytes::text::louds_trie::{ENTRY, Node, TRIES};
use fewbytes::text::{KeyList, LoudsTrie, LoudsTrieBuilder};

pub static ABOUT: About = About {
    slug: "louds-trie",
    name: ENTRY.name,
    words: "tea team tear ten tend to toast toaster in inn inner",
    controls: &[Control {
        parameter: &TRIES,
        span: Span::Even { low: 1.0, high: 5.0, step: 1.0 },
        default: 3.0,
    }],
    actions: ACTIONS,
    figures: &[STATES, Figure { name: "own", title: "The tree as bits", side: Side::Left }, WORD],
    estimators: &[],
    counts: Counts::Distinct,
    asks: true,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: true,
    make: |tuning| Ok(TextLab::lab(empty(tuning)?)),
    open: |bytes| Ok(TextLab::lab(opened(bytes)?)),
};

/// Nodes that are drawn; beyond, those around the last word's.
const MOST: u64 = 128;
/// What the rows of bits are, and the letters above them.
const ROWS: [&str; 5] = ["label", "has children", "last sibling", "goes on", "a word ends"];

/// One without words.
pub fn empty(tuning: &Tuning) -> Result<Box<dyn Store>> {
    let tries = tuning.whole(0) as u32;
    Ok(Box::new(Bits { trie: build(&KeyList::new(), tries, tuning.seed)?, tries }))
}

/// The one that these bytes are.
pub fn opened(bytes: Vec<u8>) -> Result<Box<dyn Store>> {
    let trie = LoudsTrie::open(bytes.into())?;
    trie.verify()?;
    let regions = fewbytes::entry::View::regions(&trie);
    let tries = regions.iter().find(|region| region.name == TRIES.name);
    let tries = tries.and_then(|region| region.value.parse().ok()).unwrap_or(3);
    Ok(Box::new(Bits { trie, tries }))
}

#[derive(Clone)]
struct Bits {
    trie: LoudsTrie,
    /// Tries that may be nested.
    tries: u32,
}

fn build(keys: &KeyList, tries: u32, seed: u64) -> Result<LoudsTrie> {
    let mut builder = LoudsTrieBuilder::new(tries, false, seed)?;
    keys.iter().try_for_each(|(key, _)| builder.push(key, None))?;
    builder.finish()
}

fn bits(node: &Node) -> [bool; 4] {
    [node.has_children, node.is_last, node.goes_on, node.is_key]
}

impl Store for Bits {
    store_in!(trie);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: vec![self.tries.into()], seed: self.trie.seed() }
    }

    fn with(&self, more: Keys<'_>) -> Result<Box<dyn Store>> {
        let trie = build(&sorted(self, more)?, self.tries, self.trie.seed())?;
        Ok(Box::new(Self { trie, tries: self.tries }))
    }

    fn nouns(&self) -> [&'static str; 2] {
        ["node", "nodes"]
    }

    fn state_len(&self) -> u64 {
        self.trie.node_len()
    }

    fn told(&self, word: &str, change: &Change<'_>) -> String {
        let (before, now) = (change.before.state_len(), self.state_len());
        let nodes = match now.saturating_sub(before) {
            0 => "no node more: it ends where others go on".into(),
            more => counted(more, "node more", "nodes more"),
        };
        format!(
            "“{word}”: {nodes}. Letters without a choice between them are one label. {} bits say what the tree is, four a node; the \
             nodes are numbered level by level.",
            grouped(4.0 * now as f64)
        )
    }

    fn strip(&self, word: &[u8]) -> Strip {
        let rows = vec!["from node", "groups before", "children", "to node"];
        let graph = self.graph(word, super::MOST);
        let mut columns = Vec::new();
        for edge in graph.way(word) {
            let edge = &graph.edges[edge];
            let (from, to) = (&graph.states[edge.from].place, &graph.states[edge.to].place);
            let Some(node) = self.trie.node(from.at).filter(|_| from.within == 0) else { break };
            let children = format!("{}–{}", node.children.start, node.children.end.saturating_sub(1));
            let texts = vec![from.at.to_string(), node.groups.to_string(), children, to.at.to_string()];
            columns.push((readable_labels(&edge.labels), texts));
        }
        let text = String::from_utf8_lossy(word);
        let label = match word {
            [] => "Children are found by counting: add a word, or check one.".into(),
            _ => format!(
                "The children of all nodes follow each other, in groups. As many groups lie before a node’s own as nodes before it have \
                 children (that is a rank); where it begins, the bits “last sibling” tell (that is a select). So “{text}” goes from node to \
                 node without a pointer."
            ),
        };
        Strip { rows, columns, label }
    }

    fn own(&self, view: &View<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        const NAMES: f64 = 82.0;
        const LINE: f64 = 17.0;
        let len = self.trie.node_len();
        let state_of = |node: u64| {
            let is = |place: &fewbytes::text::Place| place.within == 0 && place.at == node;
            view.graph.states.iter().position(|state| is(&state.place))
        };
        let label_of = |state: usize| {
            let edge = view.graph.edges.iter().find(|edge| edge.to == state);
            edge.map_or("·".into(), |edge| readable_labels(&edge.labels))
        };
        let on_way: Vec<u64> = view.way.iter().map(|state| view.graph.states[*state].place.at).collect();
        let seen = on_way.last().copied().unwrap_or_default();
        let first = if len <= MOST { 0 } else { seen.saturating_sub(MOST / 2).min(len - MOST) };
        let nodes: Vec<(u64, Node)> =
            (first..len.min(first + MOST)).filter_map(|node| Some((node, self.trie.node(node)?))).collect();
        let children = self.trie.node(seen).map(|node| node.children).unwrap_or_default();
        let mut hits = Hits::new();
        let columns = |width: f64| (((width - NAMES) / 19.0) as usize).max(4);
        let block = LINE * 6.0 + 10.0;
        let height = |width: f64| nodes.len().div_ceil(columns(width)).max(1) as f64 * block;
        if let Some(pen) = sheet.pen(height) {
            let theme = pen.theme;
            let step = 19.0;
            for (line, chunk) in nodes.chunks(columns(pen.width)).enumerate() {
                let top = line as f64 * block;
                for (i, name) in ["node"].into_iter().chain(ROWS).enumerate() {
                    pen.text(0.0, top + LINE * (i as f64 + 0.5), name, Align::Left, &theme.soft, SMALL);
                }
                for (i, (number, node)) in chunk.iter().enumerate() {
                    let (x, middle) = (NAMES + i as f64 * step, NAMES + (i as f64 + 0.5) * step);
                    let column = [x, top, step - 1.0, LINE * 6.0];
                    if on_way.contains(number) {
                        pen.fill(column, &theme.orange, 0.22);
                    } else if children.contains(number) {
                        pen.fill(column, &theme.blue, 0.14);
                    }
                    pen.mono(middle, top + LINE * 0.5, &number.to_string(), Align::Middle, &theme.soft, 10.0);
                    let state = state_of(*number);
                    let label = state.filter(|state| *state > 0).map_or("·".into(), label_of);
                    let mut letters = label.chars();
                    let short: String = letters.by_ref().take(2).collect();
                    let short = if letters.next().is_some() {
                        short.chars().take(1).chain(['…']).collect()
                    } else {
                        short
                    };
                    pen.mono(middle, top + LINE * 1.5, &short, Align::Middle, &theme.ink, SMALL);
                    for (row, bit) in bits(node).into_iter().enumerate() {
                        let y = top + LINE * (row as f64 + 2.5);
                        let (text, colour) = if bit { ("1", &theme.ink) } else { ("0", &theme.soft) };
                        pen.mono(middle, y, text, Align::Middle, colour, SMALL);
                    }
                    if let Some(state) = state {
                        if view.lit.contains(&state) {
                            pen.frame(column, &theme.ink, 2.0);
                        }
                        hits.push((column, state));
                    }
                }
            }
        }
        let label = format!(
            "Four bits a node, level by level: {}. Orange: the way of the last word; blue: what may follow it.{}",
            counted(len, "node", "nodes"),
            if len > MOST { format!(" Here are {} to {}.", first, first + MOST - 1) } else { String::new() }
        );
        let mut table = vec![["node"].into_iter().chain(ROWS).chain(["children"]).map(Into::into).collect()];
        table.extend(nodes.iter().map(|(number, node)| {
            let label = state_of(*number).filter(|state| *state > 0).map_or("·".into(), label_of);
            let [inner, last, goes_on, key] = bits(node).map(u8::from);
            let children = match node.children.is_empty() {
                true => "–".into(),
                false => format!("{}–{}", node.children.start, node.children.end - 1),
            };
            row([number, &label, &inner, &last, &goes_on, &key, &children])
        }));
        (Twin { label, table }, hits)
    }

    fn takes(&self) -> Vec<[String; 4]> {
        vec![[
            "nested tries".into(),
            self.trie.trie_len().to_string(),
            self.tries.to_string(),
            "at most".into(),
        ]]
    }

    fn caution(&self) -> String {
        "Tables of a few hundred bytes are there even for few words: with thousands, a word takes two to six bytes.".into()
    }

    fn shown(&self, _control: usize) -> String {
        counted(self.tries.into(), "trie at most", "tries at most")
    }

    fn legend(&self) -> &'static [(&'static str, Ink)] {
        &[("◉ a word ends", Ink::Plain), ("━ the last word", Ink::Way)]
    }
}
