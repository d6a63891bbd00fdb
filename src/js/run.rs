//! The functions that `run.js` and `socket.js` call, with numbers and JavaScript's own values, which need no glue.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::browser::{calls, connect, driver, question};
use crate::run::Seen;

/// Begins the runs whose turn it is; returns the effects.
#[wasm_bindgen]
pub fn begin_runs() -> Array {
    driver::begin_runs()
}

/// Takes a fact about a run; returns the effects.
#[wasm_bindgen]
pub fn tell(run: u32, fact: u32, number: u32, activity: u32, bits: u32) -> Array {
    driver::tell(run, fact, number, Seen::new(activity, bits))
}

/// Asks the server to stop a run, in the conversation that the run names.
#[wasm_bindgen]
pub fn stop_run(run: u32) -> Promise {
    calls::stop_run(run)
}

/// Opens a Socket.IO connection for one run; returns nothing if that is impossible.
#[wasm_bindgen]
pub fn own_socket(run: u32) -> JsValue {
    connect::connect_alone(run).map_or(JsValue::UNDEFINED, JsValue::from)
}

/// Checks whether one of our transports may open.
#[wasm_bindgen]
pub fn probe(transport: JsValue) {
    connect::probe(&transport);
}

/// `socket.query(data, options)`
#[wasm_bindgen]
pub fn query_on(socket: JsValue, data: JsValue, options: JsValue) -> Promise {
    question::query_on(&socket.unchecked_into(), &data, &options)
}
