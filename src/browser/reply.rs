//! The one shape that a prediction has, whatever the server said it with.

use js_sys::{Array, JSON, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::bindings::{Answer, member, merged, set};
use crate::outcome::FinishReason;

/// The events whose latest payload is a member of the reply.
const MEMBERS: [&str; 8] = [
    "sourceDocuments",
    "usedTools",
    "artifacts",
    "fileAnnotations",
    "agentReasoning",
    "agentFlowExecutedData",
    "action",
    "usageMetadata",
];

/// Everything the events said.
pub(crate) fn from_answer(answer: &Answer) -> Object {
    let reply = merged(&[&answer.get("metadata")]);
    set(&reply, "text", &answer.text());
    let thinking = answer.thinking();
    if thinking.is_truthy() {
        set(&reply, "thinking", &thinking);
    }
    for event in MEMBERS {
        let data = answer.get(event);
        if !data.is_undefined() {
            set(&reply, event, &data);
        }
    }
    // an agent of an AgentFlow v2 tells its tools only this way
    let called = answer.get("calledTools");
    let are_some = |tools| member(tools, "length").is_truthy();
    if are_some(&called) && !are_some(&answer.get("usedTools")) {
        set(&reply, "usedTools", &called);
    }
    let warnings = answer.warnings();
    if warnings.length() > 0 {
        set(&reply, "warnings", &warnings);
    }
    reply
}

/// A JSON reply, with what only the events said.
pub(crate) fn from_json(json: &JsValue, answer: &Answer) -> Object {
    let reply = merged(&[&from_answer(answer), json]);
    if !member(&reply, "text").is_string() || member(json, "text").is_undefined() {
        let structured = member(json, "json");
        if !structured.is_undefined() && !structured.is_null() {
            set(
                &reply,
                "text",
                &JSON::stringify(&structured).map_or(JsValue::UNDEFINED, JsValue::from),
            );
        }
    }
    reply
}

/// Whether the reply answers anything: with text, or with a question to the person.
pub(crate) fn is_answer(reply: &Object) -> bool {
    let text = member(reply, "text");
    // looked at where it is: WebAssembly's memory never shrinks again
    let text = text.dyn_ref::<JsString>().map(JsString::trim);
    text.is_some_and(|text| text.length() > 0) || member(reply, "action").is_object()
}

/// Adds what every reply has.
pub(crate) fn finish(reply: &Object, reason: FinishReason, chat_id: &str, streamed: bool) {
    set(reply, "finishReason", &reason.as_str().into());
    set(reply, "streamed", &streamed.into());
    for (key, default) in [("text", JsValue::from("")), ("chatId", chat_id.into())] {
        if !member(reply, key).is_string() {
            set(reply, key, &default);
        }
    }
    let prompts = member(reply, "followUpPrompts");
    if !prompts.is_undefined() {
        set(reply, "followUpPrompts", &follow_up_prompts(prompts));
    }
    let _ = Reflect::delete_property(reply, &"isStreamValid".into());
}

/// Flowise sends the prompts as JSON in a JSON string, and some models' as an object with `questions`.
fn follow_up_prompts(mut prompts: JsValue) -> JsValue {
    for _ in 0..2 {
        match prompts.as_string().map(|text| JSON::parse(&text)) {
            Some(Ok(parsed)) => prompts = parsed,
            _ => break,
        }
    }
    if prompts.is_object() && !Array::is_array(&prompts) {
        prompts = member(&prompts, "questions");
    }
    if Array::is_array(&prompts) {
        prompts
    } else {
        Array::new().into()
    }
}
