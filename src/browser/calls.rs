//! The calls besides predictions that a chat page makes.

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;

use super::bindings::{body_of_reply, member, object_of, options_of, reached, said, set};
use super::driver::{ask, begun, current_chat};
use super::options::{check_signal, limits, target};
use crate::run::{Ask, Call, Task};

/// Makes a call: a promise that rejects with a `FlowiseError`.
pub(crate) fn call(options: &JsValue, call: Call, data: &JsValue) -> Promise {
    let ended = match call {
        Call::Speech => body_of_reply(),
        _ => object_of(),
    };
    start(options, call, data, &ended).unwrap_or_else(|error| Promise::reject(&error))
}

/// Stops what runs in a conversation, under whatever id it does by now: a promise of `{ reached, error? }` that never rejects.
pub(crate) fn abort(options: &JsValue, chat_id: &str) -> Promise {
    let chat_id = match target(options) {
        Ok(target) => current_chat(&target, chat_id),
        Err(_) => String::new(),
    };
    stop(options, chat_id)
}

/// The same for one run, which names the conversation.
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
        // the page's options are at fault
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
    // what stops a call does not end with the call's own signal
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

/// A string member of what the page gave.
pub(crate) fn text(data: &JsValue, key: &str) -> Option<String> {
    member(data, key).as_string()
}
