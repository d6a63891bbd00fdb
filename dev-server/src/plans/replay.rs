//! Replays recordings.

use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::flows::{Aborts, Generation};
use crate::plan::{Event, Plan, Step};
use crate::recordings::{RecordedRequest, Recordings, SocketRecording, SseRecording};
use crate::reply::{HTML, JSON, Reply};
use crate::request::{Question, Rewrite};

/// Recordings that are not their flow's usual answer: an abort, two questions at once,
/// a refusal.
const SPECIAL: &[&str] = &[
    "abort-nothing",
    "abort-supervisor",
    "abort-team",
    "abort-translator",
    "cors-prediction",
    "error-locked",
    "error-locked-wrong",
    "error-origin",
    "limited-2",
    "parallel",
    "same-chat",
    "wrong-socket",
];

/// The message of Flowise 3.1.4 when the model's server rejects the key.
pub(crate) const MODEL_REFUSED: &str =
    "401 Unauthorized – check your API key and ensure it has access to the requested model.";

/// How fast a recording is played.
#[derive(Clone, Copy)]
enum Pace {
    Recorded,
    Slow,
    Fast,
}

impl Pace {
    fn wait(self, ms: f64) -> Duration {
        let recorded = Duration::from_secs_f64(ms.max(0.0) / 1000.0);
        match self {
            Self::Recorded => recorded,
            Self::Slow => recorded.max(Duration::from_millis(200)),
            Self::Fast => Duration::ZERO,
        }
    }

    /// The words of a question choose the answer, unless it is the recorded question.
    fn of(recorded: &RecordedRequest, asked: &Question) -> Self {
        if recorded.question() == asked.question.as_deref() {
            Self::Recorded
        } else if asked.says("slow") {
            Self::Slow
        } else if asked.says("fast") {
            Self::Fast
        } else {
            Self::Recorded
        }
    }
}

/// The recording of the same flow that matches the request best; `name` if none matches.
pub(crate) fn choose<'a>(
    recordings: &'a Recordings,
    name: &'a str,
    generation: Generation,
    asked: &Question,
) -> &'a str {
    let all: Vec<(&str, &RecordedRequest)> = match generation {
        Generation::Sse => recordings
            .sse
            .iter()
            .filter(|(name, _)| !name.starts_with("json"))
            .map(|(name, recording)| (name.as_str(), &recording.request))
            .collect(),
        Generation::SocketIo => recordings
            .socket_io
            .iter()
            .map(|(name, recording)| (name.as_str(), &recording.request))
            .collect(),
    };
    let Some((_, default)) = all.iter().find(|(other, _)| *other == name) else {
        return name;
    };
    let mut family = all
        .iter()
        .filter(|(other, request)| request.path == default.path && !SPECIAL.contains(other));
    let decision = asked.body["humanInput"]["type"].as_str();
    if decision.is_some() {
        return family
            .find(|(_, request)| request.body["humanInput"]["type"].as_str() == decision)
            .map_or(name, |(name, _)| name);
    }
    if asked.body["action"].is_object() {
        let answers: Vec<_> = family
            .filter(|(_, request)| request.body["action"].is_object())
            .collect();
        return answers
            .iter()
            .find(|(_, request)| request.question() == asked.question.as_deref())
            .or(answers.last())
            .map_or(name, |(name, _)| name);
    }
    if default.question() == asked.question.as_deref() {
        return name;
    }
    family
        .find(|(_, request)| {
            request.question() == asked.question.as_deref() && request.body["action"].is_null()
        })
        .map_or(name, |(name, _)| name)
}

/// The run that a recording shows.
pub(crate) fn plan(
    recordings: &Recordings,
    name: &str,
    generation: Generation,
    asked: &Question,
) -> Plan {
    let plan = match generation {
        Generation::Sse => recordings
            .sse
            .get(name)
            .map(|recording| from_sse(recordings, name, recording, asked)),
        Generation::SocketIo => recordings
            .socket_io
            .get(name)
            .map(|recording| from_socket(recording, asked)),
    };
    plan.unwrap_or_else(|| Plan {
        steps: Box::new(std::iter::empty()),
        reply: Reply::error(500, &format!("Error: there is no recording named {name}")),
        aborts: Aborts::Never,
        ends_with_client: false,
    })
}

fn from_socket(recording: &SocketRecording, asked: &Question) -> Plan {
    let rewrite = Rewrite::new(&recording.ids, asked);
    let pace = Pace::of(&recording.request, asked);
    let mut steps = Vec::with_capacity(recording.events.len() * 2 + 1);
    let mut now = 0.0;
    for event in &recording.events {
        let [at, name, arguments @ ..] = event.as_slice() else {
            continue;
        };
        let at = at.as_f64().unwrap_or(now);
        steps.push(Step::Wait(pace.wait(at - now)));
        now = at;
        steps.push(Step::Event(Event {
            name: name.as_str().unwrap_or_default().to_owned(),
            data: arguments.first().cloned(),
            member: None,
        }));
    }
    steps.push(Step::Wait(pace.wait(recording.reply.ms - now)));
    let headers = &recording.reply.headers;
    let is_json = headers
        .get("content-type")
        .is_none_or(|value| value.contains("json"));
    Plan {
        steps: Box::new(steps.into_iter()),
        reply: Reply {
            takes: Duration::from_secs_f64(recording.reply.ms / 1000.0),
            ..Reply::new(
                StatusCode::from_u16(recording.reply.status).unwrap_or_default(),
                if is_json { JSON } else { HTML },
                rewrite.all(&recording.reply.body),
            )
        },
        aborts: Aborts::Never,
        ends_with_client: false,
    }
}

fn from_sse(
    recordings: &Recordings,
    name: &str,
    recording: &SseRecording,
    asked: &Question,
) -> Plan {
    let rewrite = Rewrite::new(&recording.ids, asked);
    let pace = Pace::of(&recording.request, asked);
    let mut steps = Vec::with_capacity(recording.chunks.len() * 2 + 1);
    let mut now = 0.0;
    for (at, bytes) in &recording.chunks {
        steps.push(Step::Wait(pace.wait(at - now)));
        now = *at;
        let event = event_name(bytes);
        // A recorded chunk is a whole frame, so its text can be rewritten separately.
        let bytes = match std::str::from_utf8(bytes) {
            Ok(text) if event.as_deref() == Some("metadata") => rewrite.all(text).into(),
            Ok(text) => rewrite.ids(text).into(),
            Err(_) => bytes.clone(),
        };
        steps.push(Step::Bytes(event, bytes));
    }
    steps.push(Step::Wait(pace.wait(recording.end_ms - now)));
    Plan {
        steps: Box::new(steps.into_iter()),
        reply: reply_of(recordings, name, recording, asked),
        aborts: Aborts::Never,
        ends_with_client: false,
    }
}

/// The name of the Flowise event in a frame.
pub(crate) fn event_name(frame: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(frame).ok()?;
    let (_, rest) = text.split_once("data:{\"event\":\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// The reply without streaming: the recorded one, or else the sum of the events.
fn reply_of(
    recordings: &Recordings,
    name: &str,
    recording: &SseRecording,
    asked: &Question,
) -> Reply {
    let twin = match name {
        "human-proceed-1" => "json-human".to_owned(),
        _ if !recording.is_stream() => name.to_owned(),
        _ => format!("json-{name}"),
    };
    if let Some(recorded) = recordings.sse.get(&twin).filter(|twin| twin.status != 0) {
        let body = Rewrite::new(&recorded.ids, asked).all(&recorded.body());
        return Reply {
            takes: Duration::from_secs_f64(recorded.end_ms / 1000.0),
            ..Reply::new(
                StatusCode::from_u16(recorded.status).unwrap_or_default(),
                JSON,
                body,
            )
        };
    }
    if recording.status == 0 {
        return Reply::error(500, MODEL_REFUSED);
    }
    let takes = Duration::from_secs_f64(recording.end_ms / 1000.0);
    let rewrite = Rewrite::new(&recording.ids, asked);
    Reply {
        takes,
        ..match add_up(&recording.frames()) {
            Ok(reply) => Reply::new(StatusCode::OK, JSON, rewrite.all(&reply.to_string())),
            Err(message) => Reply::error(500, &message),
        }
    }
}

/// The JSON reply with the content of these frames, or the error.
fn add_up(frames: &[Value]) -> Result<Value, String> {
    let mut text = String::new();
    let mut members = Map::new();
    let mut metadata = Map::new();
    for frame in frames {
        let data = &frame["data"];
        match frame["event"].as_str().unwrap_or_default() {
            "error" => return Err(data.as_str().unwrap_or_default().to_owned()),
            "token" => text.push_str(data.as_str().unwrap_or_default()),
            "metadata" => metadata = data.as_object().cloned().unwrap_or_default(),
            name @ ("usedTools"
            | "sourceDocuments"
            | "agentReasoning"
            | "artifacts"
            | "action"
            | "agentFlowExecutedData") => {
                let empty = data.as_array().is_some_and(Vec::is_empty);
                if !empty {
                    members.insert(name.to_owned(), data.clone());
                }
            }
            _ => {}
        }
    }
    let mut reply = json!({ "text": text });
    if let Some(reply) = reply.as_object_mut() {
        reply.extend(metadata);
        reply.extend(members);
    }
    Ok(reply)
}

/// The end of an aborted run of a team.
pub(crate) fn team_ending(generation: Generation, metadata: Value) -> Vec<Step> {
    let mut steps = vec![Step::Event(Event::bare("abort"))];
    if generation == Generation::Sse {
        steps.push(Step::Event(Event::new("metadata", metadata)));
        steps.push(Step::Event(Event::bare("end")));
    }
    steps
}

/// The end of an aborted run of an AgentFlow v2: its last node failed.
///
/// `node` and `done` are the last `nextAgentFlow` and `agentFlowExecutedData` frames.
pub(crate) fn agent_flow_ending(node: Option<&Bytes>, done: Option<&Bytes>) -> Vec<Step> {
    let data = |frame: Option<&Bytes>| {
        let text = frame.and_then(|frame| std::str::from_utf8(frame).ok())?;
        let mut frames = crate::recordings::frames(text);
        Some(frames.pop()?["data"].take())
    };
    let node = data(node).unwrap_or_else(|| json!({ "nodeId": "", "nodeLabel": "" }));
    let mut done = data(done).unwrap_or_else(|| json!([]));
    let (id, label) = (&node["nodeId"], &node["nodeLabel"]);
    let kind = id
        .as_str()
        .and_then(|id| id.rsplit_once('_'))
        .map_or("", |(kind, _)| kind);
    let why = match kind {
        "agentAgentflow" => "Error in Agent node: AbortError",
        _ => "Error in LLM node: This operation was aborted",
    };
    let before = done
        .as_array()
        .and_then(|done| done.last())
        .map(|last| last["nodeId"].clone());
    if let Some(done) = done.as_array_mut() {
        done.push(json!({
            "nodeId": id, "nodeLabel": label,
            "previousNodeIds": before.into_iter().collect::<Vec<_>>(),
            "data": { "id": id, "name": kind, "error": why },
            "status": "ERROR",
        }));
    }
    let failed = json!({ "nodeId": id, "nodeLabel": label, "status": "ERROR", "error": why });
    let error = format!("Error: predictionsServices.buildChatflow - {why}");
    [
        Event::new("nextAgentFlow", failed),
        Event::new("agentFlowExecutedData", done),
        Event::new("agentFlowEvent", "ERROR"),
        Event::new("error", error),
        Event::bare("end"),
    ]
    .map(Step::Event)
    .into()
}
