//! Changes to what a bench holds as a whole: other parameters, another seed.

use super::about::Tuning;
use super::bench::Bench;
use super::history::What;
use fewbytes::{Error, Result};

impl Bench {
    /// The same items in a structure with another value of a parameter.
    pub fn set(&mut self, name: &str, value: f64) -> Result<()> {
        let controls = self.about().controls;
        let Some(control) = controls.iter().position(|control| control.parameter.name == name) else {
            return Err(Error::Parameter {
                name: "parameter",
                expected: "one of this lab’s".into(),
                found: name.into(),
            });
        };
        let mut tuning = self.lab().tuning();
        let before = core::mem::replace(&mut tuning.values[control], value);
        if before == value {
            return Ok(());
        }
        let (at, old, base) = (self.history.at(), self.lab().copy(), self.history.base.clone());
        let asked = self.asked.take();
        if let Err(error) = self.retune(&tuning) {
            self.history.base = base;
            self.history.at = at;
            self.set_lab(old);
            return Err(error);
        }
        self.why = self.lab().retuned(control, before);
        self.asked = asked;
        Ok(())
    }

    /// All items in a structure built so. Where that fails, the bench is left in disorder.
    fn retune(&mut self, tuning: &Tuning) -> Result<()> {
        let at = self.history.at();
        if let Some(base) = &self.history.base {
            // Of what was opened only its bytes are known.
            let base = (self.about().open)(base.clone())?.convert(tuning)?;
            self.history.base = Some(base.bytes().to_vec());
            self.set_lab(base);
        } else {
            let fresh = (self.about().make)(tuning)?;
            self.set_lab(fresh);
        }
        self.rebuild(at.saturating_sub(1))?;
        if at > 0 { self.seek(at) } else { Ok(()) }
    }

    /// The same words and made-up items under another seed. What was only seen as hashes is left out.
    pub fn set_seed(&mut self, seed: u64) -> Result<()> {
        let mut tuning = self.lab().tuning();
        if self.history.is_from_file() {
            return Err(Error::Mismatch {
                field: "seed",
                expected: tuning.seed.to_string(),
                found: seed.to_string(),
            });
        }
        tuning.seed = seed;
        let mut fresh = Self::new(self.about(), &tuning)?;
        let mut dropped = false;
        for step in self.history.steps() {
            match &step.what {
                What::Word { text, .. } => fresh.add(text)?,
                What::Removed { text, .. } => fresh.remove(text)?,
                What::MadeUp { count, .. } => fresh.make_up(*count)?,
                What::File { .. } | What::Merged { .. } => dropped = true,
            }
        }
        let lab = fresh.lab().copy();
        fresh.history.era = self.history.era;
        self.history = fresh.history;
        self.asked = None;
        self.set_lab(lab);
        let dropped = match dropped {
            true => " Files and merged sketches can’t be hashed again, so they are left out.",
            false => "",
        };
        self.why = format!("Seed {seed}: every item has another hash, so all went in anew.{dropped}");
        Ok(())
    }
}
