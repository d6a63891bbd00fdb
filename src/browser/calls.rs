//! The calls that a chat page makes besides predictions.

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;

use super::bindings::{body_of_reply, member, object_of, options_of, reached, said, set};
use super::driver::{ask, begun, current_chat};
use super::options::{check_signal, limits, target};
use crate::run::{Ask, Call, Task};

/// Makes a call. Returns a promise that rejects with a `FlowiseError`.
pub(crate) fn call(options: &JsValue, call: Call, data: &JsValue) -> Promise {
    let ended = match call {
        Call::Speech => body_of_reply(),
        _ => object_of(),
    };
    start(options, call, data, &ended).unwrap_or_else(|error| Promise::reject(&error))
}

/// Stops what runs in a conversation, under the id that it has now. Returns a promise of `{ reached, error? }` that never rejects.
pub(crate) fn abort(options: &JsValue, chat_id: &str) -> Promise {
    let chat_id = match target(options) {
        Ok(target) => current_chat(&target, chat_id),
        Err(_) => String::new(),
    };
    stop(options, chat_id)
}

/// Stops one run, which names the conversation.
pub(crate) fn stop_run(run: u32) -> Promise {
    stop(&options_of(run), said(run))
}

fn stop(options: &JsValue, chat_id: String) -> Promise {
    let ended = reached();
    start(
        options,
        Call::Abort { chat_id },
        &JsValue::UNDEFINED,
        &ended,
    )
    .unwrap_or_else(|error| {
        // the page's options are wrong
        let outcome = ended.call1(&JsValue::UNDEFINED, &error);
        Promise::resolve(&outcome.unwrap_or_default())
    })
}

fn start(
    options: &JsValue,
    call: Call,
    data: &JsValue,
    ended: &Function,
) -> Result<Promise, JsValue> {
    let is_stop = matches!(call, Call::Abort { .. });
    if !is_stop {
        check_signal(options)?;
    }
    let target = target(options)?;
    let limits = limits(options);
    let asked = Object::new();
    set(&asked, "data", data);
    set(&asked, "ended", ended);
    set(&asked, "options", options);
    // the call's own signal must not cancel the request that stops it
    set(&asked, "unstoppable", &is_stop.into());
    Ok(begun(&ask(
        Ask {
            task: Task::Call(call),
            target,
            limits,
        },
        &asked,
    )))
}

/// A string member of the page's data.
pub(crate) fn text(data: &JsValue, key: &str) -> Option<String> {
    member(data, key).as_string()
}
