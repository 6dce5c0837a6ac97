//! A bench as the page sees it: one type for all labs.

use super::about::{About, Control, Figure, Side, Span};
use super::bench::Bench;
use super::runs::RUNS;
use crate::cut::Cut;
use crate::draw::{Canvas, Paper, Sheet, Theme};
use crate::labs;
use crate::object::{array, error, object, parse_seed, regions};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use web_sys::HtmlCanvasElement;

/// A structure of the library, what was put into it, and how it is shown.
#[wasm_bindgen]
pub struct Lab {
    bench: Bench,
}

type Outcome = Result<(), JsError>;

#[wasm_bindgen]
impl Lab {
    /// A lab by its slug, built and filled by pairs of keys and values, one after the other: a parameter's name, `seed`,
    /// `w` (words), `r` (words to remove), `g` (so many made-up items). Other keys have no say.
    #[wasm_bindgen(constructor)]
    pub fn new(slug: &str, pairs: Vec<String>) -> Result<Lab, JsError> {
        let about = labs::by_slug(slug).ok_or_else(|| error(format!("there is no lab `{slug}`")))?;
        Ok(Self { bench: Bench::from_pairs(about, &pairs).map_err(error)? })
    }

    /// What the page builds its frame from.
    pub fn about(&self) -> JsValue {
        describe(self.bench.about())
    }

    /// Puts in words, each a step of the player.
    pub fn add(&mut self, text: &str) -> Outcome {
        self.bench.add(text).map_err(error)
    }

    /// Takes words out again, each a step.
    pub fn remove(&mut self, text: &str) -> Outcome {
        self.bench.remove(text).map_err(error)
    }

    /// Asks for a word: no step.
    pub fn check(&mut self, text: &str) {
        self.bench.check(text);
    }

    /// Does what a button of this lab alone says.
    pub fn act(&mut self, action: &str) -> Outcome {
        self.bench.act(action).map_err(error)
    }

    /// Puts in made-up items, all different: one step.
    #[wasm_bindgen(js_name = makeUp)]
    pub fn make_up(&mut self, count: u32) -> Outcome {
        self.bench.make_up(count.into()).map_err(error)
    }

    /// Begins a file, whose chunks follow.
    #[wasm_bindgen(js_name = beginFile)]
    pub fn begin_file(&mut self, name: &str, by_lines: bool) -> Outcome {
        self.bench.begin_file(name, if by_lines { Cut::Lines } else { Cut::Words }).map_err(error)
    }

    /// Takes a chunk of the file; the last may be empty. False when no more can be taken.
    pub fn chunk(&mut self, chunk: &[u8], is_last: bool) -> bool {
        self.bench.chunk(chunk, is_last)
    }

    /// How many steps there are.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> usize {
        self.bench.history().steps().len()
    }

    /// After how many steps we are.
    #[wasm_bindgen(getter)]
    pub fn at(&self) -> usize {
        self.bench.history().at()
    }

    /// Goes to the point after so many steps.
    pub fn seek(&mut self, to: usize) -> Outcome {
        self.bench.seek(to).map_err(error)
    }

    /// What the controls stand at, each as a number and in words, and the seed in digits: it may be more than a number
    /// of JavaScript holds.
    pub fn tuning(&self) -> JsValue {
        let tuning = self.bench.lab().tuning();
        let shown = (0..tuning.values.len()).map(|i| self.bench.lab().shown(i).into());
        object([
            ("values", array(tuning.values.iter().map(|value| (*value).into()))),
            ("shown", array(shown)),
            ("seed", tuning.seed.to_string().into()),
        ])
    }

    /// The same items with another value of a parameter.
    pub fn set(&mut self, name: &str, value: f64) -> Outcome {
        self.bench.set(name, value).map_err(error)
    }

    /// The same words under another seed.
    #[wasm_bindgen(js_name = setSeed)]
    pub fn set_seed(&mut self, seed: &str) -> Outcome {
        self.bench.set_seed(parse_seed(seed).map_err(error)?).map_err(error)
    }

    /// Puts this structure aside and begins an empty one like it.
    #[wasm_bindgen(js_name = putAside)]
    pub fn put_aside(&mut self) -> Outcome {
        self.bench.put_aside().map_err(error)
    }

    /// What was put aside, in words; nothing where nothing was.
    pub fn aside(&self) -> Option<String> {
        self.bench.aside()
    }

    /// Merges what was put aside into this one.
    #[wasm_bindgen(js_name = mergeAside)]
    pub fn merge_aside(&mut self) -> Outcome {
        self.bench.merge_aside().map_err(error)
    }

    /// Opens a file's bytes.
    pub fn open(&mut self, bytes: Vec<u8>) -> Outcome {
        self.bench.open(bytes).map_err(error)
    }

    /// The structure as a file holds it: sealed.
    pub fn file(&self) -> Vec<u8> {
        self.bench.lab().sealed()
    }

    /// The name for that file.
    #[wasm_bindgen(js_name = fileName)]
    pub fn file_name(&self) -> String {
        format!("{}.few", self.bench.lab().file_stem())
    }

    /// The bytes that the pictures are drawn from.
    pub fn bytes(&self) -> Vec<u8> {
        self.bench.lab().bytes().to_vec()
    }

    /// What each run of the bytes is.
    pub fn regions(&self) -> JsValue {
        regions(self.bench.lab().regions())
    }

    /// A byte of what the last item came to.
    #[wasm_bindgen(js_name = touchedByte)]
    pub fn touched_byte(&self) -> Option<usize> {
        self.bench.lab().bytes_of(self.bench.lab().touched()?).first().copied()
    }

    /// Cells that a byte holds, or a part of, lit from now on; and in words what they are.
    #[wasm_bindgen(js_name = lightByte)]
    pub fn light_byte(&mut self, byte: usize) -> String {
        self.bench.light_byte(byte)
    }

    /// Lights a cell; what it is, in words.
    #[wasm_bindgen(js_name = lightCell)]
    pub fn light_cell(&mut self, cell: usize) -> String {
        self.bench.light_cell(cell)
    }

    /// The bytes that hold a cell.
    #[wasm_bindgen(js_name = bytesOf)]
    pub fn bytes_of(&self, cell: usize) -> Vec<usize> {
        self.bench.lab().bytes_of(cell)
    }

    /// Lights nothing.
    pub fn unlight(&mut self) {
        self.bench.unlight();
    }

    /// The cell at a point of a picture.
    #[wasm_bindgen(js_name = cellAt)]
    pub fn cell_at(&self, figure: &str, x: f64, y: f64) -> Option<usize> {
        self.bench.cell_at(figure, x, y)
    }

    /// The last operation in a sentence.
    pub fn why(&self) -> String {
        self.bench.why().into()
    }

    /// Chooses the estimator.
    pub fn choose(&mut self, estimator: usize) {
        self.bench.choose(estimator);
    }

    /// The answer beside the truth, and what to bear in mind of it.
    pub fn answer(&self) -> JsValue {
        let answers = self.bench.lab().answers(&self.bench.scene());
        object([
            ("line", answers.line.into()),
            ("caution", answers.caution.into()),
            ("title", answers.title.into()),
            ("head", texts(answers.head)),
            ("rows", array(answers.rows.into_iter().map(texts))),
        ])
    }

    /// Begins a thousand runs at the present count and parameters.
    #[wasm_bindgen(js_name = beginRuns)]
    pub fn begin_runs(&mut self) -> Outcome {
        self.bench.begin_runs().map_err(error)
    }

    /// Makes some more runs; true while there are more to make.
    #[wasm_bindgen(js_name = someRuns)]
    pub fn some_runs(&mut self, count: usize) -> bool {
        self.bench.some_runs(count) < RUNS
    }

    /// The pairs that build and fill such a lab; nothing where an address can't hold them.
    pub fn state(&self) -> Option<Vec<String>> {
        self.bench.to_pairs()
    }

    /// The names of the page's colours and fonts, in the order in which `setTheme` wants them.
    #[wasm_bindgen(js_name = themeNames)]
    pub fn theme_names() -> Vec<String> {
        Theme::NAMES.map(Into::into).into()
    }

    /// The page's colours and fonts as it resolved them.
    #[wasm_bindgen(js_name = setTheme)]
    pub fn set_theme(&mut self, texts: Vec<String>) {
        self.bench.set_theme(Theme::new(texts));
    }

    /// Draws a picture; its label.
    pub fn draw(&mut self, figure: &str, canvas: HtmlCanvasElement) -> String {
        let (theme, canvas) = (self.bench.theme(), Canvas::new(canvas));
        let paper = canvas.as_ref().map(|canvas| canvas as &dyn Paper);
        self.bench.picture(figure, Sheet::new(&theme, paper)).label
    }

    /// The numbers of a picture as rows, the head first.
    pub fn table(&mut self, figure: &str) -> JsValue {
        let rows = self.bench.picture(figure, Sheet::new(&Theme::default(), None)).table;
        array(rows.into_iter().map(texts))
    }
}

fn texts(texts: Vec<String>) -> JsValue {
    array(texts.into_iter().map(JsValue::from))
}

fn describe(about: &About) -> JsValue {
    object([
        ("name", about.name.into()),
        ("words", about.words.into()),
        ("controls", array(about.controls.iter().map(control))),
        (
            "actions",
            array(about.actions.iter().map(|action| {
                object([
                    ("name", action.name.into()),
                    ("label", action.label.into()),
                    ("title", action.title.into()),
                ])
            })),
        ),
        ("figures", array(about.figures.iter().map(figure))),
        ("estimators", about.estimators.len().into()),
        ("runs", about.runs().into()),
        ("asks", about.asks.into()),
        ("removes", about.removes.into()),
        ("merges", about.merges.into()),
        ("keys", about.keys.into()),
    ])
}

fn control(control: &Control) -> JsValue {
    let (low, high, step, list) = match control.span {
        Span::Even { low, high, step } => (low, high, step, JsValue::UNDEFINED),
        Span::List(list) => {
            let last = list.len().saturating_sub(1);
            (0.0, last as f64, 1.0, array(list.iter().map(|value| (*value).into())))
        }
    };
    object([
        ("name", control.parameter.name.into()),
        ("doc", control.parameter.doc.into()),
        ("low", low.into()),
        ("high", high.into()),
        ("step", step.into()),
        ("list", list),
    ])
}

fn figure(figure: &Figure) -> JsValue {
    let side = match figure.side {
        Side::Left => "left",
        Side::Above => "above",
        Side::Right => "right",
    };
    object([("name", figure.name.into()), ("title", figure.title.into()), ("side", side.into())])
}
