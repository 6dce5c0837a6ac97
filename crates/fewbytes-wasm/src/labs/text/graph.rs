//! What a walk over a store comes to: its states and what leads from one to the next, as many as a picture has room for.

use fewbytes::text::{Cursor, Place};
use std::collections::HashMap;

/// Most states of a picture.
pub const MOST: usize = 150;

/// A state: the strings that lead to it go on alike.
pub struct State {
    pub place: Place,
    /// The first string that leads to it.
    pub path: Vec<u8>,
    pub is_key: bool,
    /// Edges that lead to it.
    pub parents: usize,
    /// Edges from it to states that are not shown.
    pub hidden: usize,
}

/// All edges from a state to another, by their labels. One of several letters has passed places that are no state.
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub labels: Vec<Vec<u8>>,
}

/// States, the root first, and the edges between them.
#[derive(Default)]
pub struct Graph {
    pub states: Vec<State>,
    pub edges: Vec<Edge>,
}

type Known = HashMap<(&'static str, u64, usize), usize>;

/// What a place is known by.
pub fn name(place: &Place) -> (&'static str, u64, usize) {
    (place.what, place.at, place.within)
}

impl Graph {
    /// Up to `most` states: first those on the way of `word`, then what follows these, then the rest from the root on.
    pub fn of(cursor: &mut dyn Cursor, word: &[u8], most: usize) -> Self {
        let (mut graph, mut known) = (Self::default(), Known::new());
        cursor.reset();
        graph.stand(cursor, &mut known);
        for label in word {
            if graph.states.len() >= most || !cursor.enter(*label) {
                break;
            }
            graph.stand(cursor, &mut known);
        }
        // A state's edges are found when its turn comes; states that it leads to wait for theirs.
        let mut next = 0;
        while next < graph.states.len() {
            graph.follow(next, cursor, &mut known, most);
            next += 1;
        }
        graph.fold();
        graph.sort();
        graph
    }

    /// The state in which the cursor is, new or known.
    fn stand(&mut self, cursor: &dyn Cursor, known: &mut Known) -> Option<usize> {
        let place = cursor.place()?;
        Some(*known.entry(name(&place)).or_insert_with(|| {
            let (path, is_key) = (cursor.path().to_vec(), cursor.is_key());
            self.states.push(State { place, path, is_key, parents: 0, hidden: 0 });
            self.states.len() - 1
        }))
    }

    fn follow(&mut self, from: usize, cursor: &mut dyn Cursor, known: &mut Known, most: usize) {
        cursor.reset();
        let path = self.states[from].path.clone();
        let mut goes = cursor.enter_all(&path) && cursor.enter_from(0);
        while goes {
            let is_known = cursor.place().is_some_and(|place| known.contains_key(&name(&place)));
            match (is_known || self.states.len() < most).then(|| self.stand(cursor, known)).flatten() {
                Some(to) => self.join(from, to, cursor.path().last().into_iter().copied().collect()),
                None => self.states[from].hidden += 1,
            }
            goes = cursor.advance();
        }
    }

    fn join(&mut self, from: usize, to: usize, label: Vec<u8>) {
        self.states[to].parents += 1;
        match self.edges.iter_mut().rev().find(|edge| edge.from == from && edge.to == to) {
            Some(edge) => edge.labels.push(label),
            None => self.edges.push(Edge { from, to, labels: vec![label] }),
        }
    }

    /// Takes out places within a label: where nothing else can happen.
    fn fold(&mut self) {
        for i in 0..self.states.len() {
            let state = &self.states[i];
            if state.place.within == 0 || state.is_key || state.parents != 1 || state.hidden > 0 {
                continue;
            }
            let out: Vec<usize> = (0..self.edges.len()).filter(|edge| self.edges[*edge].from == i).collect();
            let Some(into) = self.edges.iter().position(|edge| edge.to == i) else { continue };
            if let [out] = out[..]
                && let ([rest], [label]) = (&self.edges[out].labels[..], &self.edges[into].labels[..])
            {
                let label = [&label[..], rest].concat();
                let to = self.edges[out].to;
                self.edges[into] = Edge { from: self.edges[into].from, to, labels: vec![label] };
                self.edges.remove(out);
                self.states[i].parents = 0;
            }
        }
        // What nothing leads to any more goes, but for the root.
        let stays: Vec<bool> = (0..self.states.len()).map(|i| i == 0 || self.states[i].parents > 0).collect();
        self.keep(&stays);
    }

    fn keep(&mut self, stays: &[bool]) {
        let mut numbers = Vec::with_capacity(stays.len());
        let mut len = 0;
        for stays in stays {
            numbers.push(len);
            len += usize::from(*stays);
        }
        let mut flags = stays.iter();
        self.states.retain(|_| flags.next().copied().unwrap_or_default());
        for edge in &mut self.edges {
            (edge.from, edge.to) = (numbers[edge.from], numbers[edge.to]);
        }
    }

    /// Numbers the states in the order of the strings that lead to them, which is that of a reader.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.states.len()).collect();
        order.sort_by(|a, b| {
            let path = |i: &usize| &self.states[*i].path;
            path(a).len().cmp(&path(b).len()).then_with(|| path(a).cmp(path(b)))
        });
        let mut numbers = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, old)| numbers[*old] = new);
        let mut states: Vec<Option<State>> =
            core::mem::take(&mut self.states).into_iter().map(Some).collect();
        self.states = order.iter().filter_map(|old| states[*old].take()).collect();
        for edge in &mut self.edges {
            (edge.from, edge.to) = (numbers[edge.from], numbers[edge.to]);
        }
        self.edges.sort_by_key(|edge| (edge.from, edge.to));
    }

    /// Edges to states that are not shown.
    pub fn hidden(&self) -> usize {
        self.states.iter().map(|state| state.hidden).sum()
    }

    /// The edge by which `text` goes on from a state, and how many of its bytes that takes.
    pub fn step(&self, from: usize, text: &[u8]) -> Option<(usize, usize)> {
        let edges = self.edges.iter().enumerate().filter(|(_, edge)| edge.from == from);
        edges.flat_map(|(i, edge)| edge.labels.iter().map(move |label| (i, label))).find_map(|(i, label)| {
            let len = label.iter().zip(text).take_while(|(a, b)| a == b).count();
            (len > 0 && len == label.len().min(text.len())).then_some((i, len))
        })
    }

    /// The edges of a word, as far as it goes.
    pub fn way(&self, word: &[u8]) -> Vec<usize> {
        let (mut way, mut at, mut state) = (Vec::new(), 0, 0);
        while at < word.len()
            && let Some((edge, len)) = self.step(state, &word[at..])
        {
            way.push(edge);
            (at, state) = (at + len, self.edges[edge].to);
        }
        way
    }
}

/// Bytes as people read them.
pub fn readable(bytes: &[u8]) -> String {
    match core::str::from_utf8(bytes) {
        Ok(" ") => "␣".into(),
        Ok(text) if !text.contains(char::is_control) => text.into(),
        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
    }
}

/// The labels of an edge in few letters.
pub fn readable_labels(labels: &[Vec<u8>]) -> String {
    let mut shown: Vec<String> = labels.iter().map(|label| readable(label)).collect();
    if let [first, .., last] = &shown[..]
        && shown.len() > 3
    {
        return format!("{first}…{last}");
    }
    match shown.len() {
        1 => shown.remove(0),
        _ => shown.join(","),
    }
}
