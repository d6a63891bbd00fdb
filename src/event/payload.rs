//! What the events carry: records of what was said, each with the example of the [`Event`](super::Event) that brings it.
//!
//! Every member is optional to servers: what is missing or null is empty here. Members that have no field of their own
//! are in `other`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient;

macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $($fields:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        #[non_exhaustive]
        pub struct $name {
            $($fields)*
            /// Members that have no field of their own.
            #[serde(flatten)]
            pub other: Map<String, Value>,
        }
    };
}

payload! {
    /// A document that an answer is based on.
    SourceDocument {
        /// The excerpt.
        #[serde(deserialize_with = "lenient::text")]
        pub page_content: String,
        /// Where it is from: the loader decides what is said here.
        #[serde(deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
        pub metadata: Option<Map<String, Value>>,
        /// Its id in the vector store.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
    }
}

payload! {
    /// A tool that was called.
    UsedTool {
        /// Its name.
        #[serde(deserialize_with = "lenient::text")]
        pub tool: String,
        /// What it was called with: mostly an object.
        pub tool_input: Value,
        /// What it gave: mostly a string.
        pub tool_output: Value,
        /// The documents that it found.
        #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
        pub source_documents: Vec<SourceDocument>,
        /// Why it failed, if it did.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub error: Option<String>,
    }
}

payload! {
    /// Something that was made besides the text.
    Artifact {
        /// What it is: `png`, `html`, `markdown`, …
        #[serde(rename = "type", deserialize_with = "lenient::text")]
        pub kind: String,
        /// The thing itself, or `FILE-STORAGE::` and the name of a file on the server.
        #[serde(deserialize_with = "lenient::text")]
        pub data: String,
    }
}

payload! {
    /// A file that the answer refers to.
    FileAnnotation {
        /// Where it is on the server.
        #[serde(deserialize_with = "lenient::text")]
        pub file_path: String,
        /// Its name.
        #[serde(deserialize_with = "lenient::text")]
        pub file_name: String,
    }
}

payload! {
    /// What one agent of a multi-agent or sequential flow did.
    AgentStep {
        /// The agent.
        #[serde(deserialize_with = "lenient::text")]
        pub agent_name: String,
        /// What it said.
        #[serde(deserialize_with = "lenient::texts")]
        pub messages: Vec<String>,
        /// The agent that a supervisor chose to go on.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub next: Option<String>,
        /// What a supervisor told that agent.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub instructions: Option<String>,
        /// The tools that it used.
        #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
        pub used_tools: Vec<UsedTool>,
        /// The documents that it found.
        #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
        pub source_documents: Vec<SourceDocument>,
        /// What it made.
        #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
        pub artifacts: Vec<Artifact>,
        /// The flow's state after it.
        pub state: Value,
        /// The kind of its node.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub node_name: Option<String>,
        /// The id of its node.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub node_id: Option<String>,
    }
}

payload! {
    /// A node of an AgentFlow starts, ends, stops or fails. In loops and iterations the same node does so again.
    NodeStatus {
        /// The node's id.
        #[serde(deserialize_with = "lenient::text")]
        pub node_id: String,
        /// Its name on the canvas.
        #[serde(deserialize_with = "lenient::text")]
        pub node_label: String,
        /// How it is.
        pub status: FlowStatus,
        /// Why it failed, if it did.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub error: Option<String>,
    }
}

payload! {
    /// A node of an AgentFlow that has run.
    ExecutedNode {
        /// The node's id.
        #[serde(deserialize_with = "lenient::text")]
        pub node_id: String,
        /// Its name on the canvas.
        #[serde(deserialize_with = "lenient::text")]
        pub node_label: String,
        /// Its input, output and state. The kind of node decides what that is; prompts are in it.
        pub data: Value,
        /// The nodes that led to it.
        #[serde(deserialize_with = "lenient::texts")]
        pub previous_node_ids: Vec<String>,
        /// How it ended.
        pub status: FlowStatus,
    }
}

payload! {
    /// A person is asked to decide how the flow goes on.
    ///
    /// The answer is another request with the same `chatId`: see
    /// [`PredictionRequest::action`](crate::PredictionRequest::action) for sequential agents, and
    /// [`PredictionRequest::human_input`](crate::PredictionRequest::human_input) for an AgentFlow.
    Action {
        /// The id of the question.
        #[serde(deserialize_with = "lenient::text")]
        pub id: String,
        /// What the choices mean.
        #[serde(deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
        pub mapping: Option<ActionMapping>,
        /// The buttons.
        #[serde(deserialize_with = "lenient::list")]
        pub elements: Vec<ActionElement>,
        /// The node that asks, from an AgentFlow.
        #[serde(deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
        pub data: Option<Value>,
    }
}

payload! {
    /// What the choices of an [`Action`] mean.
    ActionMapping {
        /// The label of consent.
        #[serde(deserialize_with = "lenient::text")]
        pub approve: String,
        /// The label of refusal.
        #[serde(deserialize_with = "lenient::text")]
        pub reject: String,
        /// The calls that wait for consent.
        #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
        pub tool_calls: Vec<Value>,
    }
}

payload! {
    /// A button of an [`Action`].
    ActionElement {
        /// `approve-button`, `reject-button`, or these with `agentflowv2-` before.
        #[serde(rename = "type", deserialize_with = "lenient::text")]
        pub kind: String,
        /// What is written on it.
        #[serde(deserialize_with = "lenient::text")]
        pub label: String,
    }
}

payload! {
    /// A step of a run, for tracing.
    AgentTrace {
        /// What kind of step.
        #[serde(deserialize_with = "lenient::text")]
        pub step: String,
        /// The name of what ran.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// What it got.
        pub input: Value,
        /// What it gave.
        pub output: Value,
        /// Why it failed, if it did.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub error: Option<String>,
        /// What an agent decided.
        pub action: Value,
        /// The id of the run.
        #[serde(deserialize_with = "lenient::text")]
        pub run_id: String,
        /// The id of the run that it is a part of.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub parent_run_id: Option<String>,
    }
}

/// How many tokens the model read and wrote. Providers say more, each in its way: that is in `other`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens read.
    #[serde(
        deserialize_with = "lenient::optional_count",
        skip_serializing_if = "Option::is_none"
    )]
    pub input_tokens: Option<u64>,
    /// Tokens written.
    #[serde(
        deserialize_with = "lenient::optional_count",
        skip_serializing_if = "Option::is_none"
    )]
    pub output_tokens: Option<u64>,
    /// Both together.
    #[serde(
        deserialize_with = "lenient::optional_count",
        skip_serializing_if = "Option::is_none"
    )]
    pub total_tokens: Option<u64>,
    /// Members that have no field of their own.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

payload! {
    /// Speech begins.
    TtsStart {
        /// The message that is spoken.
        #[serde(deserialize_with = "lenient::text")]
        pub chat_message_id: String,
        /// The audio format, such as `mp3`.
        #[serde(deserialize_with = "lenient::text")]
        pub format: String,
    }
}

payload! {
    /// A piece of speech.
    TtsData {
        /// The message that is spoken.
        #[serde(deserialize_with = "lenient::text")]
        pub chat_message_id: String,
        /// The audio, in base64.
        #[serde(deserialize_with = "lenient::text")]
        pub audio_chunk: String,
    }
}

payload! {
    /// Speech is over.
    TtsEnd {
        /// The message that was spoken.
        #[serde(deserialize_with = "lenient::text")]
        pub chat_message_id: String,
    }
}

payload! {
    /// The ids of a run that is over, and what came with it.
    Metadata {
        /// The conversation.
        #[serde(deserialize_with = "lenient::text")]
        pub chat_id: String,
        /// The answer's id in the history.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub chat_message_id: Option<String>,
        /// The question.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub question: Option<String>,
        /// The conversation's memory.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub session_id: Option<String>,
        /// The kind of that memory.
        #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
        pub memory_type: Option<String>,
        /// Questions that a person might ask next.
        #[serde(deserialize_with = "lenient::prompts", skip_serializing_if = "Vec::is_empty")]
        pub follow_up_prompts: Vec<String>,
        /// What the flow's variables have become.
        #[serde(deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
        pub flow_variables: Option<Value>,
        /// What a person is asked.
        #[serde(deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
        pub action: Option<Action>,
    }
}

payload! {
    /// A run that is watched from outside is over.
    ExecutionEnd {
        /// The conversation.
        #[serde(deserialize_with = "lenient::text")]
        pub chat_id: String,
    }
}

/// How an AgentFlow, or a node of it, is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Value", into = "String")]
#[non_exhaustive]
pub enum FlowStatus {
    /// It runs.
    #[default]
    InProgress,
    /// It is complete.
    Finished,
    /// It waits for a person.
    Stopped,
    /// It has failed.
    Error,
    /// It was aborted.
    Terminated,
    /// It took too long.
    Timeout,
    /// A status that this version does not know, as it was sent.
    Other(String),
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
