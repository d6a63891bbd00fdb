//! The JavaScript API: the exports of the npm package.

mod api;
mod calls;
mod decoder;
mod run;

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};
use wasm_bindgen::prelude::*;

/// Much smaller than the allocator of the standard library, which was a tenth of the binary. Like that one it never gives
/// memory back to the page, and joins what is freed.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

#[wasm_bindgen(start)]
fn start() {
    decoder::attach_decoder();
    crate::browser::driver::attach();
}
