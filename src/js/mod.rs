//! The JavaScript API: the exports of the npm package.

mod api;
mod calls;
mod decoder;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    decoder::attach_decoder();
}
