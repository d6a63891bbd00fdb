//! One after the other: queries on one socket, and streams with one `chatId`.
//!
//! A Socket.IO server's events do not say which query they belong to, and a server of event streams keeps its streams
//! by `chatId` and mixes up two with the same (`packages/server/src/utils/SSEStreamer.ts`).

use js_sys::{Function, Map, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::control::Control;

thread_local! {
    /// The last promise in each line.
    static LAST: Map = Map::new();
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    key: JsValue,
    promise: Promise,
    resolve: Function,
    /// Whoever was before, as long as that is not over.
    before: JsValue,
}

impl Turn {
    pub(crate) async fn wait(key: &JsValue, control: &Control) -> Result<Self, JsValue> {
        let mut resolve = None;
        let promise = Promise::new(&mut |resolver, _| resolve = Some(resolver));
        let resolve = resolve.unwrap_or_default();
        let before = LAST.with(|last| {
            let before = last.get(key);
            last.set(key, &promise);
            before
        });
        let mut turn = Self {
            key: key.clone(),
            promise,
            resolve,
            before: JsValue::UNDEFINED,
        };
        if !before.is_undefined() {
            turn.before = before.clone();
            control.wait(before.unchecked_ref()).await?;
            turn.before = JsValue::UNDEFINED;
        }
        Ok(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // who gives up waiting does not let the next one pass those before
        let _ = self.resolve.call1(&JsValue::UNDEFINED, &self.before);
        let (key, promise) = (std::mem::take(&mut self.key), self.promise.clone());
        if self.before.is_undefined() {
            leave(&key, &promise);
        } else {
            spawn_local(async move {
                let _ = JsFuture::from(promise.clone()).await;
                leave(&key, &promise);
            });
        }
    }
}

/// Nobody is in line any more if this was the last.
fn leave(key: &JsValue, promise: &Promise) {
    LAST.with(|last| {
        if Object::is(&last.get(key), promise) {
            last.delete(key);
        }
    });
}
