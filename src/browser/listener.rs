//! Listeners that are removed when they are dropped.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    /// [`Emitter`](https://socket.io/docs/v4/emitter): a socket, or a manager.
    #[derive(Clone, Debug)]
    pub(crate) type Emitter;
    #[wasm_bindgen(method)]
    pub(crate) fn on(this: &Emitter, event: &str, listener: &Function);
    #[wasm_bindgen(method)]
    pub(crate) fn off(this: &Emitter, event: &str, listener: &Function);
}

/// A listener on one of socket.io-client's emitters.
#[derive(Debug)]
pub(crate) struct Listener {
    emitter: Emitter,
    event: &'static str,
    closure: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    pub(crate) fn new(
        emitter: &JsValue,
        event: &'static str,
        listener: impl FnMut(JsValue) + 'static,
    ) -> Self {
        let emitter = emitter.unchecked_ref::<Emitter>().clone();
        let listener = Self {
            emitter,
            event,
            closure: Closure::new(listener),
        };
        listener
            .emitter
            .on(event, listener.closure.as_ref().unchecked_ref());
        listener
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.emitter
            .off(self.event, self.closure.as_ref().unchecked_ref());
    }
}

/// A listener for the `abort` of a signal.
#[derive(Debug)]
pub(crate) struct SignalListener {
    signal: AbortSignal,
    closure: Closure<dyn FnMut()>,
}

impl SignalListener {
    pub(crate) fn new(signal: &AbortSignal, listener: impl FnMut() + 'static) -> Self {
        let closure = Closure::new(listener);
        let _ = signal.add_event_listener_with_callback("abort", closure.as_ref().unchecked_ref());
        Self {
            signal: signal.clone(),
            closure,
        }
    }
}

impl Drop for SignalListener {
    fn drop(&mut self) {
        let _ = self
            .signal
            .remove_event_listener_with_callback("abort", self.closure.as_ref().unchecked_ref());
    }
}
