//! K-minimum-values: the smallest hashes are a sample of the set.

use crate::draw::{Align, Axis, Pen, SMALL, Sheet, Twin, row};
use crate::lab::{
    About, Answers, Control, ERRORS, Estimator, Figure, Happened, History, Hits, Lab, Scene, Side, Span,
    Tuning, estimates_as_answers, lies_in,
};
use crate::text::{counted, grouped, signed_percent};
use fewbytes::distinct::kmv::{ENTRY, K_PARAMETER};
use fewbytes::entry::Counts;
use fewbytes::{Estimate, KMinimumValues, Result};

pub static ABOUT: About = About {
    slug: "kmv",
    name: ENTRY.name,
    words: "to be or not to be that is the question whether tis nobler in the mind to suffer",
    controls: &[Control {
        parameter: &K_PARAMETER,
        span: Span::List(&[3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 64.0, 128.0, 256.0, 1024.0]),
        default: 8.0,
    }],
    actions: &[],
    figures: &[Figure { name: "hashes", title: "Hashes from 0 to 1", side: Side::Left }, ERRORS],
    estimators: &[Estimator { name: "The sketch" }],
    counts: Counts::Distinct,
    asks: false,
    removes: false,
    merges: true,
    merges_exactly: true,
    keys: false,
    make: |tuning| Ok(Box::new(Kmv::over(KMinimumValues::new(tuning.whole(0) as u32, tuning.seed)?))),
    open: |bytes| {
        let sketch = KMinimumValues::open(bytes.into())?;
        sketch.verify()?;
        Ok(Box::new(Kmv::over(sketch)))
    },
};

/// Most hashes that are drawn beside those that are kept.
const MOST: usize = 2000;
const LINE: f64 = 54.0;

#[derive(Clone)]
struct Kmv {
    sketch: KMinimumValues,
    last: Option<u64>,
}

/// A hash as a share of all hashes.
fn share(hash: u64) -> f64 {
    hash as f64 / 18_446_744_073_709_551_616.0
}

/// A share with so many digits that its place is seen.
fn digits(share: f64) -> String {
    match share {
        0.1.. => format!("{share:.3}"),
        0.001..0.1 => format!("{share:.5}"),
        _ => format!("{share:.8}"),
    }
}

impl Kmv {
    fn over(sketch: KMinimumValues) -> Self {
        Self { sketch, last: None }
    }

    fn start(&self) -> usize {
        self.sketch.as_bytes().len() - 8 * self.sketch.k() as usize
    }

    /// The sketch that was put aside.
    fn aside(scene: &Scene<'_>) -> Option<KMinimumValues> {
        <KMinimumValues>::open(scene.aside?.0.bytes().to_vec().into()).ok()
    }

    fn hashes(&self, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        let aside = Self::aside(scene);
        let kept: Vec<u64> = self.sketch.hashes().collect();
        let theirs: Option<Vec<u64>> = aside.as_ref().map(|aside| aside.hashes().collect());
        let lines = if theirs.is_some() { 3.0 } else { 2.0 };
        let mut hits = Hits::new();
        if let Some(pen) = sheet.pen(|_| LINE * lines + 16.0) {
            hits = self.draw(&pen, &kept, theirs.as_deref(), scene);
        }
        let threshold = self.sketch.threshold();
        let k = self.sketch.k() as usize;
        let label = match kept.len() < k {
            true => format!(
                "{} are all there are: fewer than k, so the count is exact.",
                counted(kept.len() as u64, "hash", "hashes")
            ),
            false => format!(
                "The {k} smallest reach to {}. If {k} fill that much of the line, the whole line has about {}.",
                digits(threshold),
                grouped(self.sketch.estimate().value)
            ),
        };
        let items: Vec<(u64, String)> = scene.history.items(MOST).collect();
        let name = |hash: u64| items.iter().find(|(other, _)| *other == hash).map_or("", |(_, name)| name);
        let in_both = |hash: &u64| match &theirs {
            Some(theirs) if theirs.contains(hash) => "both",
            Some(_) => "here",
            None => "",
        };
        let rows = kept.iter().enumerate().take(256);
        let rows = rows.map(|(i, hash)| row([&i, &digits(share(*hash)), &name(*hash), &in_both(hash)]));
        let head = row([&"place", &"hash as a share", &"item", &"in"]);
        (Twin { label, table: [head].into_iter().chain(rows).collect() }, hits)
    }

    fn draw(&self, pen: &Pen<'_>, kept: &[u64], theirs: Option<&[u64]>, scene: &Scene<'_>) -> Hits {
        let theme = pen.theme;
        let threshold = self.sketch.threshold();
        let whole = Axis::new(0.0, 1.0, 1.0, pen.width - 1.0);
        let tick = |x: f64, top: f64, height: f64, colour: &str, thick: f64| {
            pen.line(&[(x, top), (x, top + height)], colour, thick, &[]);
        };

        // The whole line: what is kept, and the rest that was seen.
        let base = 40.0;
        pen.fill([whole.at(0.0), base - 18.0, whole.at(threshold) - whole.at(0.0), 18.0], &theme.blue, 0.12);
        pen.line(&[(0.0, base), (pen.width, base)], &theme.ink, 1.0, &[]);
        for (hash, _) in scene.history.items(MOST) {
            tick(whole.at(share(hash)), base - 9.0, 9.0, &theme.soft, 1.0);
        }
        kept.iter().for_each(|hash| tick(whole.at(share(*hash)), base - 18.0, 18.0, &theme.blue, 1.5));
        if let Some(last) = self.last {
            let x = whole.at(share(last));
            tick(x, base - 20.0, 20.0, &theme.orange, 2.0);
            pen.dot(x, base - 20.0, 3.0, &theme.orange);
        }
        pen.text(0.0, 8.0, "all hashes, from 0 to 1", Align::Left, &theme.soft, SMALL);
        let place = format!("threshold {}", digits(threshold));
        pen.text(pen.width, 8.0, &place, Align::Right, &theme.blue, SMALL);

        // Stretched: from 0 to the threshold.
        let base = LINE + 42.0;
        let reach = theirs.and_then(|theirs| theirs.last()).map_or(0.0, |hash| share(*hash));
        let reach = kept.last().map_or(1.0, |hash| share(*hash)).max(reach) * 1.02;
        let near = Axis::new(0.0, reach.clamp(1e-18, 1.0), 1.0, pen.width - 6.0);
        for (from, to) in [(whole.at(0.0), 0.0), (whole.at(reach.min(1.0)), pen.width - 6.0)] {
            pen.line(&[(from, 41.0), (to, LINE + 20.0)], &theme.line, 1.0, &[2.0, 3.0]);
        }
        pen.line(&[(0.0, base), (pen.width, base)], &theme.ink, 1.0, &[]);
        let mut hits = Hits::new();
        for (i, hash) in kept.iter().enumerate() {
            let x = near.at(share(*hash));
            let common = theirs.is_some_and(|theirs| theirs.contains(hash));
            let is_lit = scene.lit.contains(&i);
            let colour = match () {
                () if is_lit => &theme.ink,
                () if common => &theme.orange,
                () => &theme.blue,
            };
            let height = if common { 20.0 + 24.0 } else { 20.0 };
            tick(x, base - 20.0, height, colour, if is_lit { 3.5 } else { 2.0 });
            if self.last == Some(*hash) {
                pen.dot(x, base - 20.0, 3.0, &theme.orange);
            }
            hits.push(([(x - 3.0).max(0.0), base - 20.0, 6.0, 20.0], i));
        }
        let title = format!("the {} smallest, stretched", kept.len());
        pen.text(pen.width / 2.0, LINE + 14.0, &title, Align::Middle, &theme.soft, SMALL);
        if let Some(theirs) = theirs {
            theirs
                .iter()
                .filter(|hash| !kept.contains(hash))
                .for_each(|hash| tick(near.at(share(*hash)), base, 20.0, &theme.green, 2.0));
            let y = base + 36.0;
            pen.text(0.0, y, "▲ here", Align::Left, &theme.blue, SMALL);
            pen.text(pen.width / 2.0, y, "▲▼ both", Align::Middle, &theme.orange, SMALL);
            pen.text(pen.width, y, "▼ aside", Align::Right, &theme.green, SMALL);
        }
        hits
    }

    /// What the two sketches say of their sets, beside the truth.
    fn both(&self, scene: &Scene<'_>) -> Result<Vec<Vec<String>>> {
        let (Some(aside), Some((_, other))) = (Self::aside(scene), scene.aside) else {
            return Ok(Vec::new());
        };
        let known = !scene.history.is_from_file() && !other.is_from_file();
        let common =
            scene.history.items(usize::MAX).filter(|(hash, _)| other.count_of(*hash) > 0).count() as u64;
        let counts = scene.history.distinct().zip(other.distinct()).filter(|_| known);
        let truths = counts.map(|(ours, theirs)| [ours + theirs - common, common, ours - common]);
        let (ours, theirs) = (self.sketch.sample(), aside.sample());
        let samples = [
            ("in one or both", ours.union(&theirs)?),
            ("in both", ours.intersection(&theirs)?),
            ("only here", ours.difference(&theirs)?),
        ];
        let rows = samples.into_iter().enumerate().map(|(i, (name, sample))| {
            let Estimate { value, low, high } = sample.estimate();
            let error = truths.map_or("–".into(), |truths| match truths[i] {
                0 => "truth 0".into(),
                truth => signed_percent(value / truth as f64 - 1.0),
            });
            vec![name.into(), grouped(value), format!("{} to {}", grouped(low), grouped(high)), error]
        });
        let alike = self.sketch.jaccard(&aside)?;
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let truth = truths.filter(|[union, ..]| *union > 0);
        let alike = vec![
            "likeness (Jaccard)".into(),
            percent(alike.value),
            format!("{} to {}", percent(alike.low), percent(alike.high)),
            truth.map_or("–".into(), |[union, both, _]| {
                format!("truth {}", percent(both as f64 / union as f64))
            }),
        ];
        Ok(rows.chain([alike]).collect())
    }
}

impl Lab for Kmv {
    lies_in!(sketch);

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn tuning(&self) -> Tuning {
        Tuning { values: vec![self.sketch.k().into()], seed: self.sketch.seed() }
    }

    fn take(&mut self, hashes: &[u64]) {
        self.sketch.insert_hashes(hashes);
        self.last = None;
    }

    fn step(&mut self, step: &Happened<'_>) -> String {
        let before = self.sketch.threshold();
        self.sketch.insert_hashes(step.hashes);
        self.last = step.last().map(|(hash, _)| hash);
        let now = self.sketch.threshold();
        if let Some(told) = step.told() {
            return match before == now {
                true => format!("{told}: the threshold is still {}.", digits(now)),
                false => format!("{told}: the threshold slid from {} to {}.", digits(before), digits(now)),
            };
        }
        let Some((hash, Some(text))) = step.last() else { return String::new() };
        let place = format!("“{text}”: its hash is at {}.", digits(share(hash)));
        match () {
            () if step.is_again() => {
                format!("“{text}” again: the same word has the same hash, so nothing can change.")
            }
            () if now == 1.0 => format!("{place} There are fewer than k hashes, so it is kept."),
            () if before == 1.0 => {
                format!("{place} Now there are k: the threshold is the largest of them, {}.", digits(now))
            }
            () if before == now => {
                format!("{place} That is not below the threshold, {}, so nothing changes.", digits(now))
            }
            () => format!(
                "{place} It is kept, and the largest, {}, goes: the threshold is now {}.",
                digits(before),
                digits(now)
            ),
        }
    }

    fn merge(&mut self, other: &[u8]) -> Result<String> {
        let before: Vec<u64> = self.sketch.hashes().collect();
        self.sketch.merge(&<KMinimumValues>::open(other.to_vec().into())?)?;
        self.last = None;
        let fresh = self.sketch.hashes().filter(|hash| !before.contains(hash)).count();
        Ok(format!(
            "Merged: the k smallest hashes of both; {fresh} of them came from the other. The result is the sketch that would have \
             seen the items of both."
        ))
    }

    fn shown(&self, _control: usize) -> String {
        counted(self.sketch.k().into(), "hash", "hashes")
    }

    fn retuned(&self, _control: usize, _before: f64) -> String {
        format!(
            "k is {} now: all items were put in anew. Once there are more items than that, the error is {:.1} %.",
            self.sketch.k(),
            100.0 * fewbytes::distinct::kmv::std_error(self.sketch.k())
        )
    }

    fn empty(&self) -> String {
        format!("No hash yet, and room for {}. Add a word.", self.sketch.k())
    }

    fn opened(&self) -> String {
        format!(
            "Opened a sketch of {} under seed {}. It holds hashes, not items: nobody can tell the truth from it.",
            counted(self.sketch.len() as u64, "hash", "hashes"),
            self.sketch.seed()
        )
    }

    fn estimates(&self) -> Vec<Estimate> {
        vec![self.sketch.estimate()]
    }

    fn std_errors(&self) -> Vec<f64> {
        vec![self.sketch.std_error()]
    }

    fn answers(&self, scene: &Scene<'_>) -> Answers {
        let mut answers = estimates_as_answers(self, scene, "Different items");
        let both = self.both(scene).unwrap_or_default();
        answers.caution = match scene.aside {
            Some(_) if both.is_empty() => {
                "The one put aside has another seed: the two can’t be compared.".into()
            }
            Some(_) => "The one put aside is compared with this one, hash by hash.".into(),
            None => "Put this one aside and fill another: the two can be compared.".into(),
        };
        answers.rows.extend(both);
        answers.head[0] = "items".into();
        answers
    }

    fn picture(&self, _name: &str, scene: &Scene<'_>, sheet: Sheet<'_>) -> (Twin, Hits) {
        self.hashes(scene, sheet)
    }

    fn touched(&self) -> Option<usize> {
        let last = self.last?;
        self.sketch.hashes().position(|hash| hash == last)
    }

    fn cells_of(&self, byte: usize) -> Vec<usize> {
        byte.checked_sub(self.start()).map(|byte| vec![byte / 8]).unwrap_or_default()
    }

    fn bytes_of(&self, cell: usize) -> Vec<usize> {
        (0..8).map(|byte| self.start() + cell * 8 + byte).collect()
    }

    fn cell(&self, cell: usize, history: &History) -> String {
        let Some(hash) = self.sketch.hashes().nth(cell) else { return format!("place {cell} is free") };
        let name = history.items(MOST).find(|(other, _)| *other == hash).map(|(_, name)| name);
        let name = name.map(|name| format!(", of “{name}”")).unwrap_or_default();
        format!("hash {cell} is at {}{name}", digits(share(hash)))
    }
}
