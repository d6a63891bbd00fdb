//! Random numbers of the platform.

use wasm_bindgen::prelude::*;

use crate::id::uuid_v4;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = crypto)]
    static CRYPTO: web_sys::Crypto;
}

pub(crate) fn uuid() -> String {
    let mut bytes = [0; 16];
    // fails only for requests above its limit of 65,536 bytes
    let _ = CRYPTO.with(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    uuid_v4(bytes)
}
