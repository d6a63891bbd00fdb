//! The status of a run.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lenient::{Lenient, Read};

/// The status of an AgentFlow, or of one of its nodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Value", into = "String")]
#[non_exhaustive]
pub enum FlowStatus {
    /// It is running.
    InProgress,
    /// It is complete.
    Finished,
    /// It is waiting for a person.
    Stopped,
    /// It has failed.
    Error,
    /// It was aborted.
    Terminated,
    /// It timed out.
    Timeout,
    /// A status that this version does not know, as the server sent it; empty if the server sent none.
    Other(String),
}

/// No status: an [`Other`](FlowStatus::Other) without a name.
impl Default for FlowStatus {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl FlowStatus {
    /// The status as servers write it: `INPROGRESS`, `FINISHED`, …
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::InProgress => "INPROGRESS",
            Self::Finished => "FINISHED",
            Self::Stopped => "STOPPED",
            Self::Error => "ERROR",
            Self::Terminated => "TERMINATED",
            Self::Timeout => "TIMEOUT",
            Self::Other(status) => status,
        }
    }
}

impl From<String> for FlowStatus {
    fn from(status: String) -> Self {
        match status.as_str() {
            "INPROGRESS" => Self::InProgress,
            "FINISHED" => Self::Finished,
            "STOPPED" => Self::Stopped,
            "ERROR" => Self::Error,
            "TERMINATED" => Self::Terminated,
            "TIMEOUT" => Self::Timeout,
            _ => Self::Other(status),
        }
    }
}

impl Lenient for FlowStatus {
    fn read(value: Value) -> Read<Self> {
        (value.into(), None)
    }
}

impl From<Value> for FlowStatus {
    fn from(status: Value) -> Self {
        match status {
            Value::String(status) => status.into(),
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<FlowStatus> for String {
    fn from(status: FlowStatus) -> Self {
        status.as_str().to_owned()
    }
}
