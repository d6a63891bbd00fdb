//! The payloads of events. The [`Event`](crate::Event) that carries a payload shows an example.
//!
//! Every member is optional: one that is missing or null is empty here.

use serde_json::{Map, Value};

use super::lenient::prompts;
use super::record::records;
use super::status::FlowStatus;

records! {
    /// A document that an answer is based on.
    pub struct SourceDocument {
        /// The excerpt.
        #[wire(always("pageContent"))]
        pub page_content: String,
        /// Where the document is from. The loader decides what this contains.
        #[wire(filled("metadata"))]
        pub metadata: Option<Map<String, Value>>,
        /// Its id in the vector store.
        #[wire(filled("id"))]
        pub id: Option<String>,
    }

    /// A tool call.
    pub struct UsedTool {
        /// The tool's name.
        #[wire(always("tool"))]
        pub tool: String,
        /// The input, usually an object.
        #[wire(filled("toolInput"))]
        pub tool_input: Value,
        /// The output, usually a string.
        #[wire(filled("toolOutput"))]
        pub tool_output: Value,
        /// The documents that the tool found.
        #[wire(filled("sourceDocuments"))]
        pub source_documents: Vec<SourceDocument>,
        /// Why it failed, if it did.
        #[wire(filled("error"))]
        pub error: Option<String>,
    }

    /// A result besides the text.
    pub struct Artifact {
        /// The type: `png`, `html`, `markdown`, …
        #[wire(always("type"))]
        pub kind: String,
        /// The content, or `FILE-STORAGE::` and the name of a file on the server.
        #[wire(always("data"))]
        pub data: String,
    }

    /// A file that the answer refers to.
    pub struct FileAnnotation {
        /// Its path on the server.
        #[wire(always("filePath"))]
        pub file_path: String,
        /// Its name.
        #[wire(always("fileName"))]
        pub file_name: String,
    }

    /// The step of one agent in a multi-agent or sequential flow.
    pub struct AgentStep {
        /// The agent's name.
        #[wire(always("agentName"))]
        pub agent_name: String,
        /// Its messages.
        #[wire(always("messages"))]
        pub messages: Vec<String>,
        /// The agent that a supervisor chose to continue.
        #[wire(filled("next"))]
        pub next: Option<String>,
        /// The supervisor's instructions for that agent.
        #[wire(filled("instructions"))]
        pub instructions: Option<String>,
        /// The tools that the agent used.
        #[wire(filled("usedTools"))]
        pub used_tools: Vec<UsedTool>,
        /// The documents that the agent found.
        #[wire(filled("sourceDocuments"))]
        pub source_documents: Vec<SourceDocument>,
        /// The artifacts that the agent made.
        #[wire(filled("artifacts"))]
        pub artifacts: Vec<Artifact>,
        /// The flow's state after the step.
        #[wire(filled("state"))]
        pub state: Value,
        /// The kind of the agent's node.
        #[wire(filled("nodeName"))]
        pub node_name: Option<String>,
        /// The id of the agent's node.
        #[wire(filled("nodeId"))]
        pub node_id: Option<String>,
    }

    /// A node of an AgentFlow starts, ends, stops or fails. In loops and iterations, the same node does so repeatedly.
    pub struct NodeStatus {
        /// The node's id.
        #[wire(always("nodeId"))]
        pub node_id: String,
        /// Its name on the canvas.
        #[wire(always("nodeLabel"))]
        pub node_label: String,
        /// Its status.
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
        /// Its input, output and state, including prompts. The format depends on the kind of node.
        #[wire(filled("data"))]
        pub data: Value,
        /// The ids of the nodes that lead to it.
        #[wire(always("previousNodeIds"))]
        pub previous_node_ids: Vec<String>,
        /// Its final status.
        #[wire(filled("status"))]
        pub status: FlowStatus,
    }

    /// The flow asks a person how to continue.
    ///
    /// [`PredictionRequest::resume`](crate::PredictionRequest::resume) makes the request that answers.
    pub struct Action {
        /// The id of the question.
        #[wire(always("id"))]
        pub id: String,
        /// The labels of the choices.
        #[wire(filled("mapping"))]
        pub mapping: Option<ActionMapping>,
        /// The buttons.
        #[wire(always("elements"))]
        pub elements: Vec<ActionElement>,
        /// The node that asks, from an AgentFlow.
        #[wire(filled("data"))]
        pub data: Option<Value>,
    }

    /// The labels of the choices of an [`Action`].
    pub struct ActionMapping {
        /// The label for approval.
        #[wire(always("approve"))]
        pub approve: String,
        /// The label for rejection.
        #[wire(always("reject"))]
        pub reject: String,
        /// The calls that wait for approval.
        #[wire(filled("toolCalls"))]
        pub tool_calls: Vec<Value>,
    }

    /// A button of an [`Action`].
    pub struct ActionElement {
        /// `approve-button`, `reject-button`, or these with `agentflowv2-` before.
        #[wire(always("type"))]
        pub kind: String,
        /// Its label.
        #[wire(always("label"))]
        pub label: String,
    }

    /// A step of a run, for tracing.
    pub struct AgentTrace {
        /// The kind of step.
        #[wire(always("step"))]
        pub step: String,
        /// The name of the component that ran.
        #[wire(filled("name"))]
        pub name: Option<String>,
        /// Its input.
        #[wire(filled("input"))]
        pub input: Value,
        /// Its output.
        #[wire(filled("output"))]
        pub output: Value,
        /// Why it failed, if it did.
        #[wire(filled("error"))]
        pub error: Option<String>,
        /// The agent's decision.
        #[wire(filled("action"))]
        pub action: Value,
        /// The id of the run.
        #[wire(always("runId"))]
        pub run_id: String,
        /// The id of the parent run.
        #[wire(filled("parentRunId"))]
        pub parent_run_id: Option<String>,
    }

    /// How many tokens the model read and wrote. Other details of a provider are in `other`.
    pub struct Usage {
        /// Tokens read.
        #[wire(filled("input_tokens"))]
        pub input_tokens: Option<u64>,
        /// Tokens written.
        #[wire(filled("output_tokens"))]
        pub output_tokens: Option<u64>,
        /// The total.
        #[wire(filled("total_tokens"))]
        pub total_tokens: Option<u64>,
    }

    /// Speech begins.
    pub struct TtsStart {
        /// The id of the message that is spoken.
        #[wire(always("chatMessageId"))]
        pub chat_message_id: String,
        /// The audio format, such as `mp3`.
        #[wire(always("format"))]
        pub format: String,
    }

    /// A piece of speech.
    pub struct TtsData {
        /// The id of the message that is spoken.
        #[wire(always("chatMessageId"))]
        pub chat_message_id: String,
        /// The audio, in base64.
        #[wire(always("audioChunk"))]
        pub audio_chunk: String,
    }

    /// Speech is complete.
    pub struct TtsEnd {
        /// The id of the spoken message.
        #[wire(always("chatMessageId"))]
        pub chat_message_id: String,
    }

    /// The ids of a completed run, and other data of it.
    pub struct Metadata {
        /// The conversation's id.
        #[wire(always("chatId"))]
        pub chat_id: String,
        /// The answer's id in the history.
        #[wire(filled("chatMessageId"))]
        pub chat_message_id: Option<String>,
        /// The question, as the server understood it.
        #[wire(filled("question"))]
        pub question: Option<String>,
        /// The session id of the conversation's memory.
        #[wire(filled("sessionId"))]
        pub session_id: Option<String>,
        /// The type of that memory.
        #[wire(filled("memoryType"))]
        pub memory_type: Option<String>,
        /// Suggested follow-up questions.
        #[wire(filled("followUpPrompts", prompts))]
        pub follow_up_prompts: Vec<String>,
        /// The flow's variables after the run.
        #[wire(filled("flowVariables"))]
        pub flow_variables: Option<Value>,
        /// The question to the person.
        #[wire(filled("action"))]
        pub action: Option<Action>,
    }

    /// A run that another program watches is over.
    pub struct ExecutionEnd {
        /// The conversation's id.
        #[wire(always("chatId"))]
        pub chat_id: String,
    }
}
