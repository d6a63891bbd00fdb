//! What the events carry: records of what was said, each with the example of the [`Event`](super::Event) that brings it.
//!
//! Every member is optional to servers: what is missing or null is empty here.

use serde_json::{Map, Value};

use super::record::records;
use super::{FlowStatus, lenient};

records! {
    /// A document that an answer is based on.
    pub struct SourceDocument {
        /// The excerpt.
        #[wire(always("pageContent"))]
        pub page_content: String,
        /// Where it is from: the loader decides what is said here.
        #[wire(filled("metadata"))]
        pub metadata: Option<Map<String, Value>>,
        /// Its id in the vector store.
        #[wire(filled("id"))]
        pub id: Option<String>,
    }

    /// A tool that was called.
    pub struct UsedTool {
        /// Its name.
        #[wire(always("tool"))]
        pub tool: String,
        /// What it was called with: mostly an object.
        #[wire(filled("toolInput"))]
        pub tool_input: Value,
        /// What it gave: mostly a string.
        #[wire(filled("toolOutput"))]
        pub tool_output: Value,
        /// The documents that it found.
        #[wire(filled("sourceDocuments"))]
        pub source_documents: Vec<SourceDocument>,
        /// Why it failed, if it did.
        #[wire(filled("error"))]
        pub error: Option<String>,
    }

    /// Something that was made besides the text.
    pub struct Artifact {
        /// What it is: `png`, `html`, `markdown`, …
        #[wire(always("type"))]
        pub kind: String,
        /// The thing itself, or `FILE-STORAGE::` and the name of a file on the server.
        #[wire(always("data"))]
        pub data: String,
    }

    /// A file that the answer refers to.
    pub struct FileAnnotation {
        /// Where it is on the server.
        #[wire(always("filePath"))]
        pub file_path: String,
        /// Its name.
        #[wire(always("fileName"))]
        pub file_name: String,
    }

    /// What one agent of a multi-agent or sequential flow did.
    pub struct AgentStep {
        /// The agent.
        #[wire(always("agentName"))]
        pub agent_name: String,
        /// What it said.
        #[wire(always("messages"))]
        pub messages: Vec<String>,
        /// The agent that a supervisor chose to go on.
        #[wire(filled("next"))]
        pub next: Option<String>,
        /// What a supervisor told that agent.
        #[wire(filled("instructions"))]
        pub instructions: Option<String>,
        /// The tools that it used.
        #[wire(filled("usedTools"))]
        pub used_tools: Vec<UsedTool>,
        /// The documents that it found.
        #[wire(filled("sourceDocuments"))]
        pub source_documents: Vec<SourceDocument>,
        /// What it made.
        #[wire(filled("artifacts"))]
        pub artifacts: Vec<Artifact>,
        /// The flow's state after it.
        #[wire(filled("state"))]
        pub state: Value,
        /// The kind of its node.
        #[wire(filled("nodeName"))]
        pub node_name: Option<String>,
        /// The id of its node.
        #[wire(filled("nodeId"))]
        pub node_id: Option<String>,
    }

    /// A node of an AgentFlow starts, ends, stops or fails. In loops and iterations the same node does so again.
    pub struct NodeStatus {
        /// The node's id.
        #[wire(always("nodeId"))]
        pub node_id: String,
        /// Its name on the canvas.
        #[wire(always("nodeLabel"))]
        pub node_label: String,
        /// How it is.
        #[wire(filled("status"))]
        pub status: FlowStatus,
        /// Why it failed, if it did.
        #[wire(filled("error"))]
        pub error: Option<String>,
    }

    /// A node of an AgentFlow that has run.
    pub struct ExecutedNode {
        /// The node's id.
        #[wire(always("nodeId"))]
        pub node_id: String,
        /// Its name on the canvas.
        #[wire(always("nodeLabel"))]
        pub node_label: String,
        /// Its input, output and state. The kind of node decides what that is; prompts are in it.
        #[wire(filled("data"))]
        pub data: Value,
        /// The nodes that led to it.
        #[wire(always("previousNodeIds"))]
        pub previous_node_ids: Vec<String>,
        /// How it ended.
        #[wire(filled("status"))]
        pub status: FlowStatus,
    }

    /// A person is asked to decide how the flow goes on.
    ///
    /// The answer is another request with the same `chatId`: see
    /// [`PredictionRequest::action`](crate::PredictionRequest::action) for sequential agents, and
    /// [`PredictionRequest::human_input`](crate::PredictionRequest::human_input) for an AgentFlow.
    pub struct Action {
        /// The id of the question.
        #[wire(always("id"))]
        pub id: String,
        /// What the choices mean.
        #[wire(filled("mapping"))]
        pub mapping: Option<ActionMapping>,
        /// The buttons.
        #[wire(always("elements"))]
        pub elements: Vec<ActionElement>,
        /// The node that asks, from an AgentFlow.
        #[wire(filled("data"))]
        pub data: Option<Value>,
    }

    /// What the choices of an [`Action`] mean.
    pub struct ActionMapping {
        /// The label of consent.
        #[wire(always("approve"))]
        pub approve: String,
        /// The label of refusal.
        #[wire(always("reject"))]
        pub reject: String,
        /// The calls that wait for consent.
        #[wire(filled("toolCalls"))]
        pub tool_calls: Vec<Value>,
    }

    /// A button of an [`Action`].
    pub struct ActionElement {
        /// `approve-button`, `reject-button`, or these with `agentflowv2-` before.
        #[wire(always("type"))]
        pub kind: String,
        /// What is written on it.
        #[wire(always("label"))]
        pub label: String,
    }

    /// A step of a run, for tracing.
    pub struct AgentTrace {
        /// What kind of step.
        #[wire(always("step"))]
        pub step: String,
        /// The name of what ran.
        #[wire(filled("name"))]
        pub name: Option<String>,
        /// What it got.
        #[wire(filled("input"))]
        pub input: Value,
        /// What it gave.
        #[wire(filled("output"))]
        pub output: Value,
        /// Why it failed, if it did.
        #[wire(filled("error"))]
        pub error: Option<String>,
        /// What an agent decided.
        #[wire(filled("action"))]
        pub action: Value,
        /// The id of the run.
        #[wire(always("runId"))]
        pub run_id: String,
        /// The id of the run that it is a part of.
        #[wire(filled("parentRunId"))]
        pub parent_run_id: Option<String>,
    }

    /// How many tokens the model read and wrote. Providers say more, each in its way: that is in `other`.
    pub struct Usage {
        /// Tokens read.
        #[wire(filled("input_tokens"))]
        pub input_tokens: Option<u64>,
        /// Tokens written.
        #[wire(filled("output_tokens"))]
        pub output_tokens: Option<u64>,
        /// Both together.
        #[wire(filled("total_tokens"))]
        pub total_tokens: Option<u64>,
    }

    /// Speech begins.
    pub struct TtsStart {
        /// The message that is spoken.
        #[wire(always("chatMessageId"))]
        pub chat_message_id: String,
        /// The audio format, such as `mp3`.
        #[wire(always("format"))]
        pub format: String,
    }

    /// A piece of speech.
    pub struct TtsData {
        /// The message that is spoken.
        #[wire(always("chatMessageId"))]
        pub chat_message_id: String,
        /// The audio, in base64.
        #[wire(always("audioChunk"))]
        pub audio_chunk: String,
    }

    /// Speech is over.
    pub struct TtsEnd {
        /// The message that was spoken.
        #[wire(always("chatMessageId"))]
        pub chat_message_id: String,
    }

    /// The ids of a run that is over, and what came with it.
    pub struct Metadata {
        /// The conversation.
        #[wire(always("chatId"))]
        pub chat_id: String,
        /// The answer's id in the history.
        #[wire(filled("chatMessageId"))]
        pub chat_message_id: Option<String>,
        /// The question.
        #[wire(filled("question"))]
        pub question: Option<String>,
        /// The conversation's memory.
        #[wire(filled("sessionId"))]
        pub session_id: Option<String>,
        /// The kind of that memory.
        #[wire(filled("memoryType"))]
        pub memory_type: Option<String>,
        /// Questions that a person might ask next.
        #[wire(filled("followUpPrompts", lenient::prompts))]
        pub follow_up_prompts: Vec<String>,
        /// What the flow's variables have become.
        #[wire(filled("flowVariables"))]
        pub flow_variables: Option<Value>,
        /// What a person is asked.
        #[wire(filled("action"))]
        pub action: Option<Action>,
    }

    /// A run that is watched from outside is over.
    pub struct ExecutionEnd {
        /// The conversation.
        #[wire(always("chatId"))]
        pub chat_id: String,
    }
}
