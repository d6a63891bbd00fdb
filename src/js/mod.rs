//! The JavaScript API: the exports of the npm package.

mod api;
mod calls;
mod decoder;
mod run;

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};
use wasm_bindgen::prelude::*;

/// This allocator is much smaller than that of the standard library, which was a tenth of the binary. Neither returns
/// memory to the page, and both merge freed blocks.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

#[wasm_bindgen(start)]
fn start() {
    decoder::attach_decoder();
    crate::browser::driver::attach();
}
