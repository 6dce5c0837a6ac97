//! What the lab shows: bytes, answers, runs, pictures.

use super::answers::{ESTIMATORS, caution, headline, rows};
use super::lab::HyperLogLogLab;
use super::pictures::{self, Twin};
use super::places::{bytes_of, registers_of};
use super::runs::Runs;
use super::state;
use crate::draw::Theme;
use crate::object::{array, object, regions};
use fewbytes::entry::View;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlCanvasElement;

#[wasm_bindgen]
impl HyperLogLogLab {
    /// The bytes that the pictures are drawn from.
    pub fn bytes(&self) -> Vec<u8> {
        self.history.sketch().as_bytes().to_vec()
    }

    /// What each run of the bytes is.
    pub fn regions(&self) -> JsValue {
        regions(View::regions(self.history.sketch()))
    }

    fn payload_start(&self) -> usize {
        self.history.sketch().as_bytes().len() - (6 << self.precision()) / 8
    }

    /// Registers that a byte holds, or a part of, lit from now on; and in words what they hold.
    #[wasm_bindgen(js_name = lightByte)]
    pub fn light_byte(&mut self, byte: usize) -> String {
        let in_payload = byte.checked_sub(self.payload_start());
        self.lit = in_payload.map(|byte| registers_of(byte, self.precision())).unwrap_or_default();
        self.lit_in_words()
    }

    /// Lights a register.
    #[wasm_bindgen(js_name = lightRegister)]
    pub fn light_register(&mut self, register: usize) {
        self.lit = vec![register];
    }

    /// The bytes that hold a register.
    #[wasm_bindgen(js_name = bytesOf)]
    pub fn bytes_of(&self, register: usize) -> Vec<usize> {
        let start = self.payload_start();
        bytes_of(register, self.precision()).into_iter().map(|byte| start + byte).collect()
    }

    /// Lights nothing.
    pub fn unlight(&mut self) {
        self.lit.clear();
    }

    /// What the lit registers hold.
    #[wasm_bindgen(js_name = litInWords)]
    pub fn lit_in_words(&self) -> String {
        let rank = |register: &usize| self.history.sketch().registers().nth(*register).unwrap_or(0);
        let each = |register: &usize| format!("register {register} holds {}", rank(register));
        self.lit.iter().map(each).collect::<Vec<_>>().join("; ")
    }

    /// The register at a point of its map.
    #[wasm_bindgen(js_name = registerAt)]
    pub fn register_at(&self, x: f64, y: f64) -> Option<usize> {
        self.grid?.register_at(x, y)
    }

    /// The register that the last item picked.
    #[wasm_bindgen(getter)]
    pub fn touched(&self) -> Option<usize> {
        self.history.touched.map(|touched| touched.register)
    }

    /// The last operation in a sentence.
    pub fn why(&self) -> String {
        self.history.why.clone()
    }

    /// Chooses the estimator, 0 to 2.
    pub fn choose(&mut self, estimator: usize) {
        self.chosen = estimator.min(ESTIMATORS.len() - 1);
    }

    /// The chosen estimator's answer beside the truth, and what to bear in mind of it.
    pub fn answer(&self) -> JsValue {
        let caution = caution(&self.history, self.chosen).unwrap_or_default();
        object([
            ("line", headline(&self.history, self.chosen).into()),
            ("caution", caution.into()),
            (
                "rows",
                array(rows(&self.history).into_iter().map(|row| array(row.into_iter().map(JsValue::from)))),
            ),
        ])
    }

    /// Begins a thousand runs at the present count and precision. False when there is nothing to count.
    #[wasm_bindgen(js_name = beginRuns)]
    pub fn begin_runs(&mut self) -> bool {
        let estimate = self.history.sketch().estimate().value as u64;
        let items = self.history.truth().unwrap_or(estimate);
        let seed = self.history.sketch().seed();
        self.runs = (items > 0).then(|| Runs::new(items, self.precision(), seed));
        self.runs.is_some()
    }

    /// Makes some more runs; how many there are.
    #[wasm_bindgen(js_name = someRuns)]
    pub fn some_runs(&mut self, count: usize) -> usize {
        self.runs.as_mut().map_or(0, |runs| runs.some(count))
    }

    /// The steps as pairs for the page's address; nothing where they don't fit.
    pub fn state(&self) -> JsValue {
        match state::steps(&self.history) {
            Some(steps) => array(steps.into_iter().map(|pair| array(pair.into_iter().map(JsValue::from)))),
            None => JsValue::UNDEFINED,
        }
    }

    /// The page's colours and fonts, in the order of `Theme`'s fields.
    #[wasm_bindgen(js_name = setTheme)]
    pub fn set_theme(&mut self, texts: Vec<String>) {
        self.theme = Theme::new(texts);
    }

    /// Draws a picture; its label.
    pub fn draw(&mut self, picture: &str, canvas: &HtmlCanvasElement) -> String {
        self.twin(picture, Some(canvas)).label
    }

    /// The numbers of a picture as rows, the head first.
    pub fn table(&mut self, picture: &str) -> JsValue {
        let rows = self.twin(picture, None).table;
        array(rows.into_iter().map(|row| array(row.into_iter().map(JsValue::from))))
    }

    fn twin(&mut self, picture: &str, canvas: Option<&HtmlCanvasElement>) -> Twin {
        let Self { history, theme, chosen, .. } = self;
        match (picture, &self.runs) {
            ("hash", _) => pictures::hash(history, theme, canvas),
            ("registers", _) => {
                let (twin, grid) = pictures::registers(history, &self.lit, theme, canvas);
                self.grid = grid.or(self.grid);
                twin
            }
            ("ranks", _) => pictures::ranks(history, theme, canvas),
            ("errors", _) => {
                let precision = history.sketch().precision();
                let points =
                    if history.is_from_file() { Vec::new() } else { self.trajectory.points(history) };
                pictures::errors(&points, precision, *chosen, theme, canvas)
            }
            ("runs", Some(runs)) => pictures::runs(runs, *chosen, theme, canvas),
            _ => Twin { label: String::new(), table: Vec::new() },
        }
    }
}
