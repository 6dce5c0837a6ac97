//! The lab as the page sees it.

use super::answers::HYPERLOGLOG;
use super::history::History;
use super::pictures::Grid;
use super::runs::Runs;
use super::trajectory::Trajectory;
use crate::cut::Cut;
use crate::draw::Theme;
use crate::object::{error, parse_seed};
use crate::text::counted;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Registers, three estimators, the truth, and how they came about.
#[wasm_bindgen]
pub struct HyperLogLogLab {
    pub(super) history: History,
    aside: Option<History>,
    pub(super) chosen: usize,
    pub(super) theme: Theme,
    pub(super) grid: Option<Grid>,
    pub(super) lit: Vec<usize>,
    pub(super) trajectory: Trajectory,
    pub(super) runs: Option<Runs>,
}

type Outcome = Result<(), JsError>;

#[wasm_bindgen]
impl HyperLogLogLab {
    /// An empty sketch of 2^`precision` registers; the seed as typed.
    #[wasm_bindgen(constructor)]
    pub fn new(precision: u32, seed: &str) -> Result<HyperLogLogLab, JsError> {
        let history = History::new(precision, parse_seed(seed).map_err(error)?).map_err(error)?;
        Ok(Self {
            history,
            aside: None,
            chosen: HYPERLOGLOG,
            theme: Theme::default(),
            grid: None,
            lit: Vec::new(),
            trajectory: Trajectory::new(),
            runs: None,
        })
    }

    /// Puts in words, each a step of the player.
    pub fn add(&mut self, text: &str) -> Outcome {
        self.history.add(text).map_err(error)
    }

    /// Puts in made-up items, all different: one step.
    #[wasm_bindgen(js_name = makeUp)]
    pub fn make_up(&mut self, count: u32) -> Outcome {
        self.history.make_up(count.into()).map_err(error)
    }

    /// Begins a file, whose chunks follow.
    #[wasm_bindgen(js_name = beginFile)]
    pub fn begin_file(&mut self, name: &str, by_lines: bool) -> Outcome {
        self.history.begin_file(name, if by_lines { Cut::Lines } else { Cut::Words }).map_err(error)
    }

    /// Takes a chunk of the file; the last may be empty. False when no more can be taken.
    pub fn chunk(&mut self, chunk: &[u8], is_last: bool) -> bool {
        self.history.chunk(chunk, is_last)
    }

    /// How many steps there are.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> usize {
        self.history.steps().len()
    }

    /// After how many steps we are.
    #[wasm_bindgen(getter)]
    pub fn at(&self) -> usize {
        self.history.at()
    }

    /// Goes to the point after so many steps.
    pub fn seek(&mut self, to: usize) -> Outcome {
        self.history.seek(to).map_err(error)
    }

    /// Bits of the hash that pick a register.
    #[wasm_bindgen(getter)]
    pub fn precision(&self) -> u32 {
        self.history.sketch().precision()
    }

    /// The same items at another precision.
    #[wasm_bindgen(js_name = setPrecision)]
    pub fn set_precision(&mut self, precision: u32) -> Outcome {
        self.lit.clear();
        self.history.set_precision(precision).map_err(error)
    }

    /// The seed of the hash, in digits: it may be more than a number of JavaScript holds.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> String {
        self.history.sketch().seed().to_string()
    }

    /// The same words under another seed.
    #[wasm_bindgen(js_name = setSeed)]
    pub fn set_seed(&mut self, seed: &str) -> Outcome {
        self.history.set_seed(parse_seed(seed).map_err(error)?).map_err(error)
    }

    /// Puts this sketch aside and begins an empty one like it.
    #[wasm_bindgen(js_name = putAside)]
    pub fn put_aside(&mut self) -> Outcome {
        let (precision, seed) = (self.precision(), self.history.sketch().seed());
        self.replace(History::new(precision, seed).map_err(error)?, |lab, old| lab.aside = Some(old));
        self.history.why = "Put aside. Fill another sketch, then merge the two.".into();
        Ok(())
    }

    /// What was put aside, in words; nothing where nothing was.
    pub fn aside(&self) -> Option<String> {
        let aside = self.aside.as_ref()?;
        let precision = aside.sketch().precision();
        let items = aside
            .truth()
            .map_or("a file’s items".into(), |n| counted(n, "different item", "different items"));
        Some(format!("Aside: a sketch of {items}, precision {precision}."))
    }

    /// Merges what was put aside into this one.
    #[wasm_bindgen(js_name = mergeAside)]
    pub fn merge_aside(&mut self) -> Outcome {
        if let Some(aside) = self.aside.take() {
            if self.history.sketch().seed() != aside.sketch().seed() {
                // It may still be merged once the seeds are the same.
                let refused = self.history.sketch().clone().merge(aside.sketch());
                self.aside = Some(aside);
                return refused.map_err(error);
            }
            self.history.merge(aside).map_err(error)?;
            self.lit.clear();
        }
        Ok(())
    }

    /// Opens a file's bytes.
    pub fn open(&mut self, bytes: Vec<u8>) -> Outcome {
        self.replace(History::open(bytes).map_err(error)?, |_, _| ());
        Ok(())
    }

    fn replace(&mut self, mut history: History, keep: impl FnOnce(&mut Self, History)) {
        history.era = self.history.era + 1;
        let old = core::mem::replace(&mut self.history, history);
        self.lit.clear();
        keep(self, old);
    }

    /// The sketch as a file holds it: sealed.
    #[wasm_bindgen(js_name = file)]
    pub fn file(&self) -> Vec<u8> {
        let mut sealed = self.history.sketch().clone();
        sealed.seal();
        sealed.into_inner().into()
    }
}
