//! The Morris counter: a register that goes up ever more rarely.

use crate::draw::{Align, Axis, Pen, SMALL, Sheet, Twin, round_steps, row};
use crate::lab::pictures::{Cell, Grid, outlines};
use crate::lab::{
    About, Answers, Control, ERRORS, Estimator, Figure, Happened, History, Hits, Lab, Random, Scene, Side,
    Span, Tuning, estimates_as_answers, lies_in,
};
use crate::text::{counted, grouped};
use fewbytes::counting::morris::{BASE_PARAMETER, BITS_PARAMETER, ENTRY, events, std_error};
use fewbytes::entry::Counts;
use fewbytes::{Estimate, MorrisCounter, Result};

pub static ABOUT: About = About {
    slug: "morris",
    name: ENTRY.name,
    words: "tick tick tick tick tick tick tick tick",
    controls: &[
        Control {
            parameter: &BASE_PARAMETER,
            span: Span::List(&[1.001, 1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 4.0]),
            default: 1.1,
        },
        Control { parameter: &BITS_PARAMETER, span: Span::List(&[8.0, 16.0]), default: 8.0 },
    ],
    actions: &[],
    figures: &[
        Figure { name: "register", title: "The register", side: Side::Above },
        Figure { name: "stairs", title: "What it says on the way", side: Side::Left },
        ERRORS,
    ],
    estimators: &[Estimator { name: "The counter" }],
    counts: Counts::Events,
    asks: false,
    removes: false,
    merges: true,
    merges_exactly: false,
    keys: false,
    make: |tuning| {
        let counter = MorrisCounter::new(tuning.real(0), tuning.whole(1) as u32, tuning.seed)?;
        Ok(Box::new(Morris::over(counter)))
    },
    open: |bytes| {
        let counter = MorrisCounter::open(bytes.into())?;
        counter.verify()?;
        Ok(Box::new(Morris::over(counter)))
    },
};

const STAIRS: f64 = 210.0;
const BELOW: f64 = 30.0;
const LEFT: f64 = 64.0;

#[derive(Clone)]
struct Morris {
    counter: MorrisCounter,
    /// Events since it was made or opened.
    events: u64,
    /// The register's states, and after how many of those events each began.
    states: Vec<(u64, u16)>,
    /// The chance that the last event had, and whether it counted.
    last: Option<(f64, bool)>,
}

impl Morris {
    fn over(counter: MorrisCounter) -> Self {
        let states = vec![(0, counter.state())];
        Self { counter, events: 0, states, last: None }
    }

    /// One event at a time: the coin's tosses are the same however events come together.
    fn count(&mut self, events: u64) {
        for _ in 0..events {
            self.events += 1;
            let chance = self.counter.chance();
            let counts = self.counter.increment();
            self.last = Some((chance, counts));
            if counts {
                self.states.push((self.events, self.counter.state()));
            }
        }
    }

    fn register_start(&self) -> usize {
        self.counter.as_bytes().len() - self.counter.register_bits() as usize / 8
    }

    fn register(&self, lit: &[usize], sheet: Sheet<'_>) -> (Twin, Hits) {
        let (bits, state) = (self.counter.register_bits() as usize, self.counter.state());
        let chance = self.counter.chance();
        let grid = |width: f64| Grid::of(0..bits, bits, width);
        let mut hits = Hits::new();
        if let Some(pen) = sheet.pen(|width| grid(width).height() + 62.0) {
            let grid = grid(pen.width).below(18.0);
            pen.text(0.0, 8.0, &format!("{bits} bits: {state}"), Align::Left, &pen.theme.soft, SMALL);
            // The highest bit first, as numbers are written.
            let places = grid.draw(&pen, |i| {
                let bit = u64::from(state >> (bits - 1 - i) & 1);
                Cell::new(if bit == 1 { 0.7 } else { 0.0 }, Some(bit))
            });
            hits = places.into_iter().map(|(place, i)| (place, bits - 1 - i)).collect();
            outlines(&pen, &hits, lit, &pen.theme.ink);
            coin(&pen, chance, grid.height() + 26.0);
        }
        let label = format!(
            "At {state}, which stands for {} events; the next event counts with the chance {}.",
            grouped(events(self.counter.base(), state)),
            chance_in_words(chance)
        );
        let bit = |bit: usize| row([&bit, &(state >> bit & 1), &grouped(libm::exp2(bit as f64))]);
        let table = [row([&"bit", &"is", &"worth"])].into_iter().chain((0..bits).rev().map(bit));
        (Twin { label, table: table.collect() }, hits)
    }

    /// The estimate as a staircase over the true line, with the band of two standard errors.
    fn stairs(&self, scene: &Scene<'_>, sheet: Sheet<'_>) -> Twin {
        let base = self.counter.base();
        let known = scene.history.is_plain() && self.events > 0;
        if let Some(pen) = sheet.pen(|_| STAIRS) {
            draw_stairs(&pen, base, if known { &self.states } else { &[] }, self.events.max(10) as f64);
        }
        if !known {
            return Twin::nothing("No staircase yet: no event came, or not all of them are known.");
        }
        let label = format!(
            "After {} the register has gone up {}.",
            counted(self.events, "event", "events"),
            counted(self.states.len() as u64 - 1, "time", "times")
        );
        let every = self.states.len().div_ceil(60);
        let rows = self
            .states
            .iter()
            .rev()
            .step_by(every)
            .map(|(event, state)| row([&grouped(*event as f64), state, &grouped(events(base, *state))]));
        let head = row([&"from event", &"register", &"says"]);
        Twin { label, table: [head].into_iter().chain(rows).collect() }
    }
}

/// A bar as long as the chance is large.
fn coin(pen: &Pen<'_>, chance: f64, top: f64) {
    let bar = [0.0, top, pen.width, 12.0];
    pen.fill([0.0, top, (pen.width * chance).max(1.0), 12.0], &pen.theme.orange, 0.8);
    pen.frame(bar, &pen.theme.line, 1.0);
    let text = format!("the next event counts with the chance {}", chance_in_words(chance));
    pen.text(0.0, top + 24.0, &text, Align::Left, &pen.theme.orange, SMALL);
}

fn draw_stairs(pen: &Pen<'_>, base: f64, states: &[(u64, u16)], most: f64) {
    let theme = pen.theme;
    let last = states.last().map_or(0.0, |(_, state)| events(base, *state));
    let sigma = std_error(base);
    let top = (most * (1.0 + 2.0 * sigma)).min(most * 3.0).max(last) * 1.04;
    let (left, right, bottom) = (LEFT, pen.width - 8.0, STAIRS - BELOW);
    let (along, up) = (Axis::new(0.0, most, left, right), Axis::new(0.0, top, bottom, 22.0));
    for number in round_steps(top, 4) {
        pen.line(&[(left, up.at(number)), (right, up.at(number))], &theme.line, 1.0, &[]);
        pen.text(left - 8.0, up.at(number), &grouped(number), Align::Right, &theme.soft, SMALL);
    }
    for number in round_steps(most, 4).into_iter().filter(|number| along.at(*number) < right - 20.0) {
        pen.text(along.at(number), bottom + 13.0, &grouped(number), Align::Middle, &theme.soft, SMALL);
    }
    pen.text(right, bottom + 13.0, "events →", Align::Right, &theme.soft, SMALL);
    let mut from = left;
    while from < right {
        let n = ((from - left) / (right - left) * most).max(0.0);
        let band = 2.0 * sigma * libm::sqrt((n * (n - 1.0)).max(0.0));
        let (high, low) = (up.at((n + band).min(top)), up.at((n - band).max(0.0)));
        pen.fill([from, high, 4.0_f64.min(right - from), low - high], &theme.blue, 0.1);
        from += 4.0;
    }
    pen.line(&[(left, up.at(0.0)), (right, up.at(most))], &theme.soft, 1.25, &[2.0, 3.0]);
    let mut steps = Vec::new();
    for (event, state) in states {
        let (x, y) = (along.at(*event as f64), up.at(events(base, *state).min(top)));
        if let Some((_, before)) = steps.last() {
            steps.push((x, *before));
        }
        steps.push((x, y));
    }
    if let Some((_, y)) = steps.last().copied() {
        steps.push((right, y));
        pen.line(&steps, &theme.blue, 2.0, &[]);
        pen.dot(right, y, 4.0, &theme.blue);
    }
    pen.text(left, 8.0, "the counter says", Align::Left, &theme.blue, SMALL);
    pen.text(right, 8.0, "··· the truth", Align::Right, &theme.soft, SMALL);
}

fn chance_in_words(chance: f64) -> String {
    match chance {
        0.0 => "0: the register is full".into(),
        1.0 => "1: always".into(),
        _ if chance > 0.1 => format!("1 in {:.1}", 1.0 / chance),
        _ => format!("1 in {}", grouped(1.0 / chance)),
    }
}

impl Lab for Morris {
    lies_in!(counter);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        let values = vec![self.counter.base(), self.counter.register_bits().into()];
        Tuning { values, seed: self.counter.seed() }
    }

    fn take(&mut self, hashes: &[u64]) {
        self.count(hashes.len() as u64);
        self.last = None;
    }

    fn step(&mut self, step: &Happened<'_>) -> String {
        let before = self.counter.state();
        self.count(step.hashes.len() as u64);
        let now = self.counter.state();
        let stands = grouped(events(self.counter.base(), now));
        match (step.told(), self.last) {
            (Some(told), _) => {
                format!("{told}: the register went from {before} to {now}, which stands for {stands} events.")
            }
            (None, Some((chance, true))) => format!(
                "An event, which one does not matter. Its chance was {}, and the coin said yes: the register goes to {now}, \
                 which stands for {stands}.",
                chance_in_words(chance)
            ),
            (None, Some((chance, false))) => format!(
                "An event, which one does not matter. Its chance was {}, and the coin said no: the register stays at {now}.",
                chance_in_words(chance)
            ),
            (None, None) => String::new(),
        }
    }

    fn merge(&mut self, other: &[u8]) -> Result<String> {
        let other = <MorrisCounter>::open(other.to_vec().into())?;
        let (ours, theirs) = (self.counter.state(), other.state());
        self.counter.merge(&other)?;
        self.last = None;
        let (now, more) = (self.counter.state(), ours.max(theirs));
        Ok(format!(
            "Merged: {ours} and {theirs} give {now}. The larger one, {more}, went up by tosses for each state of the other."
        ))
    }

    fn shown(&self, control: usize) -> String {
        match control {
            0 => format!("{}, error {:.1} %", self.counter.base(), 100.0 * std_error(self.counter.base())),
            _ => format!("{} bits", self.counter.register_bits()),
        }
    }

    fn retuned(&self, _control: usize, _before: f64) -> String {
        format!(
            "Base {} now, in {} bits: all events were counted anew. It is full at {}.",
            self.counter.base(),
            self.counter.register_bits(),
            match events(self.counter.base(), u16::MAX >> (16 - self.counter.register_bits())) {
                full if full < 1e15 => format!("{} events", grouped(full)),
                _ => "more events than a thousand million million".into(),
            }
        )
    }

    fn empty(&self) -> String {
        format!("A register of {} bits at 0. Any word is an event.", self.counter.register_bits())
    }

    fn opened(&self) -> String {
        format!(
            "Opened a counter at state {}. How many events it really saw nobody can tell.",
            self.counter.state()
        )
    }

    fn estimates(&self) -> Vec<Estimate> {
        vec![self.counter.estimate()]
    }

    fn std_errors(&self) -> Vec<f64> {
        vec![self.counter.std_error()]
    }

    fn run(&self, items: u64, random: &mut Random) -> Option<Vec<f64>> {
        let Tuning { values, .. } = self.tuning();
        let mut fresh = MorrisCounter::new(values[0], values[1] as u32, random.next()).ok()?;
        fresh.increment_by(items);
        Some(vec![fresh.estimate().value])
    }

    fn answers(&self, scene: &Scene<'_>) -> Answers {
        let caution = match self.counter.is_full() {
            true => "The register is full: it counts no further.".into(),
            false => String::new(),
        };
        Answers { caution, ..estimates_as_answers(self, scene, "Events") }
    }

    fn picture(&self, name: &str, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        match name {
            "stairs" => (self.stairs(scene, sheet), Hits::new()),
            _ => self.register(scene.lit, sheet),
        }
    }

    fn touched(&self) -> Option<usize> {
        Some(0)
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        byte.checked_sub(self.register_start())
            .map(|byte| (byte * 8..byte * 8 + 8).collect())
            .unwrap_or_default()
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        vec![self.register_start() + cell / 8]
    }

    fn cell(&self, cell: usize, _history: &History) -> String {
        format!("bit {cell} of the register is {}", self.counter.state() >> cell & 1)
    }
}
