//! Answers of the Rust and of the JavaScript API, made comparable.

use serde_json::Value;

/// What an answer says: without what is empty, as the one API leaves that out and the other passes it on, and without what
/// depends on how it was asked.
pub(crate) fn members(mut answer: Value) -> Value {
    answer["streamed"] = Value::Null;
    prune(&mut answer);
    answer
}

fn prune(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(prune);
        }
        Value::Object(members) => {
            members.values_mut().for_each(prune);
            members.retain(|_, value| !is_empty(value));
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
