//! Random ids.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/random.js")]
extern "C" {
    /// A version 4 UUID.
    pub(crate) fn uuid() -> String;
}
