//! The fuzz targets of `fewbytes-tests`, to be called from JavaScript: a property that an input breaks is an exception.

use fewbytes_tests::fuzz::{self, TARGETS};
use wasm_bindgen::prelude::wasm_bindgen;

/// Panics become exceptions: WebAssembly itself says no more than "unreachable".
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
}

/// The names of all targets.
#[wasm_bindgen]
#[must_use]
pub fn targets() -> Vec<String> {
    TARGETS.iter().map(|target| target.name.into()).collect()
}

/// Runs a target on an input.
#[wasm_bindgen]
pub fn run(target: &str, input: &[u8]) {
    fuzz::run(target, input);
}
