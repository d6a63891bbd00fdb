//! Writes an [`Event`] as the frame that a server would send.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Event, Start};

/// The payload that Flowise writes for an event without data.
const DONE: &str = "[DONE]";

/// Writes the event as a frame: `{"event":"token","data":"Hello"}`. [`Event::parse`] reads it.
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut frame = serializer.serialize_map(None)?;
        frame.serialize_entry("event", self.name())?;
        match self {
            Self::Start(Start::Steps(steps)) | Self::AgentReasoning(steps) => {
                frame.serialize_entry("data", steps)
            }
            Self::Start(Start::Text(text))
            | Self::Token(text)
            | Self::Tool(text)
            | Self::NextAgent(text)
            | Self::Error(text) => frame.serialize_entry("data", text),
            Self::Thinking(thinking) => frame.serialize_entry("data", &thinking.text),
            Self::SourceDocuments(documents) => frame.serialize_entry("data", documents),
            Self::UsedTools(tools) | Self::CalledTools(tools) => {
                frame.serialize_entry("data", tools)
            }
            Self::Artifacts(artifacts) => frame.serialize_entry("data", artifacts),
            Self::FileAnnotations(files) => frame.serialize_entry("data", files),
            Self::AgentFlowEvent(status) => frame.serialize_entry("data", status),
            Self::NextAgentFlow(node) => frame.serialize_entry("data", node),
            Self::AgentFlowExecutedData(nodes) => frame.serialize_entry("data", nodes),
            Self::Action(action) => frame.serialize_entry("data", action),
            Self::AgentTrace(step) => frame.serialize_entry("data", step),
            Self::UsageMetadata(usage) => frame.serialize_entry("data", usage),
            Self::TtsStart(speech) => frame.serialize_entry("data", speech),
            Self::TtsData(speech) => frame.serialize_entry("data", speech),
            Self::TtsEnd(speech) => frame.serialize_entry("data", speech),
            Self::Metadata(metadata) => frame.serialize_entry("data", metadata),
            Self::ExecutionEnd(run) => frame.serialize_entry("data", run),
            Self::TtsAbort | Self::Abort | Self::End => frame.serialize_entry("data", DONE),
            Self::Unknown { data, .. } => frame.serialize_entry("data", data),
        }?;
        match self {
            Self::Thinking(thinking) => {
                if let Some(duration) = thinking.duration {
                    frame.serialize_entry("duration", &duration.as_secs_f64())?;
                }
            }
            Self::Unknown { extra, .. } => {
                for (name, value) in extra {
                    frame.serialize_entry(name, value)?;
                }
            }
            _ => {}
        }
        frame.end()
    }
}

/// Reads a frame, as [`Event::parse`] does.
impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let frame = serde_json::Value::deserialize(deserializer)?;
        Self::parse(&frame.to_string()).map_err(D::Error::custom)
    }
}
