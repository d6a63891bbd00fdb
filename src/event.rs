//! The events that a Flowise server sends while it answers.

mod decode;
mod decoder;
mod halves;
pub(crate) mod parse;
mod write;

use serde_json::{Map, Value};

pub use decoder::EventDecoder;

use crate::frame::EventKind;
use crate::payload::{
    Action, AgentStep, AgentTrace, Artifact, ExecutedNode, ExecutionEnd, FileAnnotation,
    FlowStatus, Metadata, NodeStatus, SourceDocument, TtsData, TtsEnd, TtsStart, Usage, UsedTool,
};

/// One event of an answer.
///
/// Servers send different events in different orders. [`Token`](Self::Token) is the one to show, and
/// [`End`](Self::End) is the last. An event whose name or payload this version does not know is
/// [`Unknown`](Self::Unknown), not an error. Members of a payload without a field are in its `other`. Members that a newer
/// server writes beside the payload of a known event are dropped.
///
/// ```
/// use flowise_stream::Event;
///
/// let event = Event::parse(r#"{"event":"token","data":"Hello"}"#)?;
/// assert_eq!(event, Event::Token("Hello".into()));
///
/// let event = Event::parse(r#"{"event":"usedTools","data":[{"tool":"calculator","toolInput":{"input":"1+1"},"toolOutput":"2"}]}"#)?;
/// let Event::UsedTools(tools) = event else { panic!() };
/// assert_eq!(tools[0].tool, "calculator");
/// # Ok::<(), flowise_stream::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The answer begins. The first [`Token`](Self::Token) repeats its text. AgentFlows do not send this event.
    Start(Start),
    /// A piece of the answer. The pieces in their order are the text, without anything between them.
    Token(String),
    /// A piece of the model's reasoning.
    Thinking(Thinking),
    /// The documents that the answer is based on.
    SourceDocuments(Vec<SourceDocument>),
    /// The tools that were used.
    UsedTools(Vec<UsedTool>),
    /// The tools that a model calls. An agent of an AgentFlow reports its tools only in this event.
    CalledTools(Vec<UsedTool>),
    /// A tool that an assistant calls.
    Tool(String),
    /// Artifacts: results besides the text.
    Artifacts(Vec<Artifact>),
    /// Files that the answer refers to.
    FileAnnotations(Vec<FileAnnotation>),
    /// All steps of the agents so far.
    AgentReasoning(Vec<AgentStep>),
    /// The agent whose turn it is.
    NextAgent(String),
    /// The status of an AgentFlow's run.
    AgentFlowEvent(FlowStatus),
    /// A node of an AgentFlow starts, ends, stops or fails.
    NextAgentFlow(NodeStatus),
    /// All nodes of an AgentFlow that have run so far.
    AgentFlowExecutedData(Vec<ExecutedNode>),
    /// The flow asks a person to decide.
    Action(Box<Action>),
    /// A step of a run, for tracing.
    AgentTrace(Box<AgentTrace>),
    /// How many tokens the model read and wrote.
    UsageMetadata(Usage),
    /// Speech begins.
    TtsStart(TtsStart),
    /// A piece of speech.
    TtsData(TtsData),
    /// Speech is complete.
    TtsEnd(TtsEnd),
    /// Speech was stopped.
    TtsAbort,
    /// The ids of the run, and other data of it.
    Metadata(Box<Metadata>),
    /// The run was stopped. A multi-agent flow also sends this event, and no other, when its model fails.
    Abort,
    /// The run has failed, with the server's message. `EventStream` delivers it, and then ends with an
    /// [`Error`](crate::Error).
    Error(String),
    /// The answer is complete.
    End,
    /// A run that another program watches is over.
    ExecutionEnd(ExecutionEnd),
    /// An event whose name or form this version does not know. It keeps all data.
    Unknown {
        /// Its name.
        name: String,
        /// Its payload.
        data: Value,
        /// The members beside the payload.
        extra: Map<String, Value>,
    },
}

/// The first event of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// The first piece of text, or an empty one.
    Text(String),
    /// The first steps, from multi-agent and sequential flows.
    Steps(Vec<AgentStep>),
}

/// A piece of a model's reasoning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Thinking {
    /// The text; empty in the last piece.
    pub text: String,
    /// In the last piece: how long the model reasoned.
    pub duration: Option<std::time::Duration>,
}

impl Event {
    /// The kind of a known event.
    fn kind(&self) -> EventKind {
        match self {
            Self::Start(_) => EventKind::Start,
            Self::Token(_) => EventKind::Token,
            Self::Thinking(_) => EventKind::Thinking,
            Self::SourceDocuments(_) => EventKind::SourceDocuments,
            Self::UsedTools(_) => EventKind::UsedTools,
            Self::CalledTools(_) => EventKind::CalledTools,
            Self::Tool(_) => EventKind::Tool,
            Self::Artifacts(_) => EventKind::Artifacts,
            Self::FileAnnotations(_) => EventKind::FileAnnotations,
            Self::AgentReasoning(_) => EventKind::AgentReasoning,
            Self::NextAgent(_) => EventKind::NextAgent,
            Self::AgentFlowEvent(_) => EventKind::AgentFlowEvent,
            Self::NextAgentFlow(_) => EventKind::NextAgentFlow,
            Self::AgentFlowExecutedData(_) => EventKind::AgentFlowExecutedData,
            Self::Action(_) => EventKind::Action,
            Self::AgentTrace(_) => EventKind::AgentTrace,
            Self::UsageMetadata(_) => EventKind::UsageMetadata,
            Self::TtsStart(_) => EventKind::TtsStart,
            Self::TtsData(_) => EventKind::TtsData,
            Self::TtsEnd(_) => EventKind::TtsEnd,
            Self::TtsAbort => EventKind::TtsAbort,
            Self::Metadata(_) => EventKind::Metadata,
            Self::Abort => EventKind::Abort,
            Self::Error(_) => EventKind::Error,
            Self::End => EventKind::End,
            Self::ExecutionEnd(_) => EventKind::ExecutionEnd,
            Self::Unknown { name, .. } => EventKind::from_name(name),
        }
    }

    /// The event's name, as servers send it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Unknown { name, .. } => name,
            known => known.kind().name(),
        }
    }
}
