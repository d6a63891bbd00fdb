//! Turns a name and a payload into an [`Event`].

use std::time::Duration;

use serde_json::{Map, Value};

use super::{Event, Start, Thinking};
use crate::frame::EventKind;
use crate::payload::json;
use crate::payload::lenient::Lenient;

/// The event with this name, payload and further members.
pub(super) fn from_value(name: &str, data: Value, extra: Map<String, Value>) -> Event {
    match data {
        Value::String(text) => from_text(name, text, extra),
        data => known(EventKind::from_name(name), data)
            .unwrap_or_else(|data| unknown(name, data, extra)),
    }
}

fn from_text(name: &str, text: String, extra: Map<String, Value>) -> Event {
    let kind = EventKind::from_name(name);
    match kind {
        EventKind::Token => Event::Token(text),
        EventKind::Start => Event::Start(Start::Text(text)),
        EventKind::Thinking => thinking(text, &extra),
        EventKind::NextAgent => Event::NextAgent(text),
        EventKind::Tool => Event::Tool(text),
        EventKind::Error => Event::Error(text),
        EventKind::AgentFlowEvent => Event::AgentFlowEvent(text.into()),
        _ => bare(kind).unwrap_or_else(|| {
            // some servers send objects as JSON inside a JSON string
            let inner = serde_json::from_str(&text).ok();
            let event = inner.and_then(|inner| known(kind, inner).ok());
            event.unwrap_or_else(|| unknown(name, text.into(), extra))
        }),
    }
}

fn unknown(name: &str, data: Value, extra: Map<String, Value>) -> Event {
    Event::Unknown {
        name: name.to_owned(),
        data,
        extra,
    }
}

fn thinking(text: String, extra: &Map<String, Value>) -> Event {
    let seconds = extra.get("duration").and_then(|duration| match duration {
        Value::String(text) => text.trim().parse().ok(),
        number => number.as_f64(),
    });
    Event::Thinking(Thinking {
        text,
        duration: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    })
}

/// The event of this kind, if its payload is irrelevant and may even be malformed.
pub(super) const fn bare(kind: EventKind) -> Option<Event> {
    match kind {
        EventKind::TtsAbort => Some(Event::TtsAbort),
        EventKind::Abort => Some(Event::Abort),
        EventKind::End => Some(Event::End),
        _ => None,
    }
}

/// The event of this kind, or the payload if it has another form. The caller has handled texts.
fn known(kind: EventKind, data: Value) -> Result<Event, Value> {
    Ok(match kind {
        EventKind::Start => Event::Start(Start::Steps(list(data)?)),
        EventKind::SourceDocuments => Event::SourceDocuments(list(data)?),
        EventKind::UsedTools => Event::UsedTools(list(data)?),
        EventKind::CalledTools => Event::CalledTools(list(data)?),
        EventKind::Artifacts => Event::Artifacts(list(data)?),
        EventKind::FileAnnotations => Event::FileAnnotations(list(data)?),
        EventKind::AgentReasoning => Event::AgentReasoning(list(data)?),
        EventKind::AgentFlowExecutedData => Event::AgentFlowExecutedData(list(data)?),
        EventKind::NextAgentFlow => Event::NextAgentFlow(record(data)?),
        EventKind::Action => Event::Action(record(data)?),
        EventKind::AgentTrace => Event::AgentTrace(record(data)?),
        EventKind::UsageMetadata => Event::UsageMetadata(record(data)?),
        EventKind::TtsStart => Event::TtsStart(record(data)?),
        EventKind::TtsData => Event::TtsData(record(data)?),
        EventKind::TtsEnd => Event::TtsEnd(record(data)?),
        EventKind::Metadata => Event::Metadata(record(data)?),
        EventKind::ExecutionEnd => Event::ExecutionEnd(record(data)?),
        EventKind::Error => Event::Error(sentence(data)),
        _ => return bare(kind).ok_or(data),
    })
}

/// The elements that fit, or the only element of a list. A list in which no element fits is an unknown form.
fn list<T: Lenient>(data: Value) -> Result<Vec<T>, Value> {
    if data.is_null() {
        return Ok(Vec::new());
    }
    match Vec::read(data) {
        (items, Some(odd)) if items.is_empty() => Err(odd),
        (items, _) => Ok(items),
    }
}

fn record<T: Lenient>(data: Value) -> Result<T, Value> {
    match T::read(data) {
        (record, None) => Ok(record),
        (_, Some(data)) => Err(data),
    }
}

/// The message of an error that is not a string.
fn sentence(error: Value) -> String {
    match &error {
        Value::Null => String::new(),
        error => match error.get("message") {
            Some(Value::String(message)) => message.clone(),
            _ => json::write(error),
        },
    }
}
