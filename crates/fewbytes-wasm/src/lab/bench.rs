//! A lab with its history: what can be done with any structure.

use super::about::{About, Tuning};
use super::history::{Happened, History, What, hash_of};
use super::runs::Runs;
use super::trajectory::Trajectory;
use super::{Deed, Hits, Lab};
use crate::draw::Theme;
use crate::text::counted;
use fewbytes::Result;
use fewbytes::entry::Counts;

/// A word that was asked for.
pub struct Asked {
    pub text: String,
    pub hash: u64,
}

/// What a picture or an answer may look at beside its structure.
pub struct Scene<'a> {
    pub history: &'a History,
    /// Cells that are pointed at.
    pub lit: &'a [usize],
    pub asked: Option<&'a Asked>,
    /// The chosen estimator.
    pub chosen: usize,
    /// What the estimators count, where that is known.
    pub truth: Option<u64>,
    /// What was put aside.
    pub aside: Option<(&'a dyn Lab, &'a History)>,
}

/// A lab, what was put into it, and what was put aside.
pub struct Bench {
    lab: Box<dyn Lab>,
    pub(super) history: History,
    aside: Option<(Box<dyn Lab>, History)>,
    pub(super) asked: Option<Asked>,
    pub(super) chosen: usize,
    pub(super) theme: Theme,
    pub(super) lit: Vec<usize>,
    /// Where cells are in the pictures that have been drawn.
    pub(super) hits: Vec<(&'static str, Hits)>,
    pub(super) trajectory: Trajectory,
    pub(super) runs: Option<Runs>,
    pub(super) why: String,
}

impl Bench {
    /// An empty structure.
    pub fn new(about: &'static About, tuning: &Tuning) -> Result<Self> {
        let lab = (about.make)(tuning)?;
        Ok(Self {
            why: lab.empty(),
            lab,
            history: History::new(about, None),
            aside: None,
            asked: None,
            chosen: about.estimators.len().saturating_sub(1),
            theme: Theme::default(),
            lit: Vec::new(),
            hits: Vec::new(),
            trajectory: Trajectory::default(),
            runs: None,
        })
    }

    pub fn about(&self) -> &'static About {
        self.lab.about()
    }

    pub fn lab(&self) -> &dyn Lab {
        &*self.lab
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    pub fn why(&self) -> &str {
        &self.why
    }

    pub fn seed(&self) -> u64 {
        self.lab.tuning().seed
    }

    pub fn scene(&self) -> Scene<'_> {
        Scene {
            history: &self.history,
            lit: &self.lit,
            asked: self.asked.as_ref(),
            chosen: self.chosen,
            truth: self.truth(),
            aside: self.aside.as_ref().map(|(lab, history)| (&**lab, history)),
        }
    }

    /// How much went in of what the estimators count, where that is known.
    pub fn truth(&self) -> Option<u64> {
        match self.about().counts {
            Counts::Distinct => self.history.distinct(),
            Counts::Events => self.history.events(),
        }
    }

    /// Opens a file's bytes: what went in before is not known.
    pub fn open(&mut self, bytes: Vec<u8>) -> Result<()> {
        let lab = (self.about().open)(bytes)?;
        self.why = lab.opened();
        self.begin_over(lab);
        Ok(())
    }

    /// A new history that begins with the bytes of `lab`.
    pub(super) fn begin_over(&mut self, lab: Box<dyn Lab>) {
        let base = Some(lab.bytes().to_vec());
        self.replace(lab, base);
    }

    fn replace(&mut self, lab: Box<dyn Lab>, base: Option<Vec<u8>>) -> (Box<dyn Lab>, History) {
        let mut history = History::new(self.about(), base);
        history.era = self.history.era + 1;
        self.lit.clear();
        self.asked = None;
        (core::mem::replace(&mut self.lab, lab), core::mem::replace(&mut self.history, history))
    }

    /// Another structure in the same history.
    pub(super) fn set_lab(&mut self, lab: Box<dyn Lab>) {
        self.lab = lab;
        self.lit.clear();
        self.history.era += 1;
    }

    /// Goes to the point after `to` steps, and says what the last of them did.
    pub fn seek(&mut self, to: usize) -> Result<()> {
        self.asked = None;
        let to = to.min(self.history.steps().len());
        let Some(last) = to.checked_sub(1) else {
            self.rebuild(0)?;
            self.why = match self.history.steps().len() as u64 {
                0 => self.lab.empty(),
                steps => format!("At the beginning: {} to play.", counted(steps, "step", "steps")),
            };
            return Ok(());
        };
        if self.history.at() > last {
            self.rebuild(last)?;
        } else {
            self.go(self.history.at(), last)?;
        }
        let Self { lab, history, .. } = self;
        let step = &history.steps()[last];
        let (hashes, fresh) = (history.hashes_of(last), history.fresh_of(last));
        let keys = history.keys_of(last);
        self.why = match &step.what {
            What::Merged { bytes: Some(bytes) } => lab.merge(bytes)?,
            what => lab.step(&Happened { what, hashes, keys, fresh }),
        };
        self.history.at = to;
        Ok(())
    }

    /// The structure after `at` steps, made from its beginning.
    pub(super) fn rebuild(&mut self, at: usize) -> Result<()> {
        let about = self.about();
        self.lab = match &self.history.base {
            Some(base) => (about.open)(base.clone())?,
            None => (about.make)(&self.lab.tuning())?,
        };
        self.go(0, at)
    }

    /// Takes the steps from one point to another, without a word.
    fn go(&mut self, from: usize, to: usize) -> Result<()> {
        let Self { lab, history, .. } = self;
        let mut taken = history.end_of(from);
        for step in &history.steps()[from..to] {
            // Hashes are gathered up to where something else happens.
            let bytes = match &step.what {
                What::Removed { .. } => None,
                What::Merged { bytes: Some(bytes) } => Some(bytes),
                _ => continue,
            };
            history.give(taken..step.end, &mut **lab);
            taken = step.end;
            match (&step.what, bytes) {
                (What::Removed { hash, .. }, _) => _ = lab.remove(*hash),
                (_, Some(bytes)) => _ = lab.merge(bytes)?,
                _ => {}
            }
        }
        history.give(taken..history.end_of(to), &mut **lab);
        history.at = to;
        Ok(())
    }

    /// Asks for a word; where keys are kept, for all of the text.
    pub fn check(&mut self, text: &str) {
        let word = match self.about().keys {
            true => Some(text.trim_ascii()).filter(|text| !text.is_empty()),
            false => text.split_ascii_whitespace().next(),
        };
        if let Some(word) = word {
            let hash = hash_of(word, self.seed());
            self.ask(word.into(), hash);
        }
    }

    fn ask(&mut self, text: String, hash: u64) {
        self.why = self.lab.check(&text, hash, &self.history);
        self.asked = Some(Asked { text, hash });
    }

    /// Does something that only this lab does.
    pub fn act(&mut self, action: &str) -> Result<()> {
        match self.lab.act(action, &self.scene()) {
            Deed::Set(name, value) => self.set(name, value)?,
            Deed::Add(words) => self.add(words)?,
            Deed::Say(sentence) => self.why = sentence,
            Deed::Ask(text, sentence) => {
                let hash = hash_of(&text, self.seed());
                self.ask(text, hash);
                self.why = format!("{sentence} {}", self.why);
            }
        }
        Ok(())
    }

    /// Puts this structure aside and begins an empty one like it.
    pub fn put_aside(&mut self) -> Result<()> {
        self.seek(self.history.steps().len())?;
        let fresh = (self.about().make)(&self.lab.tuning())?;
        self.aside = Some(self.replace(fresh, None));
        self.why = "Put aside. Fill another one, then merge the two.".into();
        Ok(())
    }

    /// What was put aside, in words; nothing where nothing was.
    pub fn aside(&self) -> Option<String> {
        let (lab, history) = self.aside.as_ref()?;
        let truth = match self.about().counts {
            Counts::Distinct => history.distinct().map(|n| counted(n, "different item", "different items")),
            Counts::Events => history.events().map(|n| counted(n, "item", "items")),
        };
        let values = lab.about().controls.iter().zip(lab.tuning().values);
        let values: String =
            values.map(|(control, value)| format!(", {} {value}", control.parameter.name)).collect();
        Some(format!("Aside: a sketch of {}{values}.", truth.unwrap_or("a file’s items".into())))
    }

    /// Merges what was put aside into this one.
    pub fn merge_aside(&mut self) -> Result<()> {
        let Some((lab, history)) = self.aside.take() else { return Ok(()) };
        let merged = self.merge(&*lab, &history);
        if merged.is_err() {
            // It may still be merged once the two are alike.
            self.aside = Some((lab, history));
        }
        merged
    }

    fn merge(&mut self, lab: &dyn Lab, other: &History) -> Result<()> {
        self.seek(self.history.steps().len())?;
        if !self.history.has_room(other.all_hashes().len() as u64) {
            return Err(super::history::full());
        }
        let before = self.lab.tuning();
        let why = self.lab.merge(lab.bytes())?;
        let after = self.lab.tuning();
        if before != after {
            self.history.era += 1;
        }
        if other.is_from_file() {
            // What came before can't be told apart from the file's items any more.
            let lab = self.lab.copy();
            self.begin_over(lab);
        } else {
            if before != after
                && let Some(base) = &self.history.base
            {
                let base = (self.about().open)(base.clone())?.convert(&after)?;
                self.history.base = Some(base.bytes().to_vec());
            }
            let bytes = (!self.about().merges_exactly).then(|| lab.bytes().to_vec());
            other.all().for_each(|(hash, key)| self.history.note(hash, key));
            let events = other.steps().last().map_or(0, |step| step.events);
            self.history.push(What::Merged { bytes }, events as i64);
            self.history.at = self.history.steps().len();
        }
        self.lit.clear();
        self.why = why;
        Ok(())
    }
}
