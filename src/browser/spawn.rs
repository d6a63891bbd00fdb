//! Futures that JavaScript waits for.

use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

type Outcome = Result<JsValue, JsValue>;

/// A promise of what a future comes to. Boxed, as each kind of future would have its own copy of the machinery.
pub(crate) fn promise(future: impl Future<Output = Outcome> + 'static) -> Promise {
    let future: Pin<Box<dyn Future<Output = Outcome>>> = Box::pin(future);
    future_to_promise(future)
}
