//! What a Flowise server says while it answers.

mod decode;
mod decoder;
mod halves;
pub(crate) mod json;
pub(crate) mod lenient;
mod payload;
pub(crate) mod record;
mod status;
mod write;

use serde_json::{Map, Value};

pub use decoder::EventDecoder;
pub use payload::{
    Action, ActionElement, ActionMapping, AgentStep, AgentTrace, Artifact, ExecutedNode,
    ExecutionEnd, FileAnnotation, Metadata, NodeStatus, SourceDocument, TtsData, TtsEnd, TtsStart,
    Usage, UsedTool,
};
pub use status::FlowStatus;

use crate::frame::EventKind;

/// One event of an answer.
///
/// Servers differ in which they send, and in what order; [`Token`](Self::Token) is the one to show, and
/// [`End`](Self::End) the last. A name or a payload that this version does not know is [`Unknown`](Self::Unknown), never
/// an error. Members of a payload that have no field are in its `other`; only what a newer server may write beside the
/// payload of an event that is known here is left out.
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
    /// The answer begins. Its text comes again with the first [`Token`](Self::Token); an AgentFlow does not send this.
    Start(Start),
    /// A piece of the answer.
    Token(String),
    /// A piece of what the model thinks before it answers.
    Thinking(Thinking),
    /// The documents that the answer is based on.
    SourceDocuments(Vec<SourceDocument>),
    /// The tools that were used.
    UsedTools(Vec<UsedTool>),
    /// The tools that a model calls. An agent of an AgentFlow tells its tools only this way.
    CalledTools(Vec<UsedTool>),
    /// A tool that an assistant calls.
    Tool(String),
    /// What was made besides the text.
    Artifacts(Vec<Artifact>),
    /// Files that the answer refers to.
    FileAnnotations(Vec<FileAnnotation>),
    /// All steps of the agents so far.
    AgentReasoning(Vec<AgentStep>),
    /// The agent whose turn it is.
    NextAgent(String),
    /// How an AgentFlow's run is.
    AgentFlowEvent(FlowStatus),
    /// A node of an AgentFlow starts, ends, stops or fails.
    NextAgentFlow(NodeStatus),
    /// All nodes of an AgentFlow that have run so far.
    AgentFlowExecutedData(Vec<ExecutedNode>),
    /// A person is asked to decide.
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
    /// The ids of the run, and what came with it.
    Metadata(Box<Metadata>),
    /// The run was stopped. A multi-agent flow also says this, and nothing else, when its model fails.
    Abort,
    /// The run has failed; what the server says about it.
    Error(String),
    /// Nothing more comes.
    End,
    /// A run that is watched from outside is over.
    ExecutionEnd(ExecutionEnd),
    /// An event that this version does not know, or not in this form. Nothing of it is lost.
    Unknown {
        /// Its name.
        name: String,
        /// Its payload.
        data: Value,
        /// What the server said beside the payload.
        extra: Map<String, Value>,
    },
}

/// What an answer begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// The first piece of text, or an empty one.
    Text(String),
    /// From multi-agent and sequential flows, the first steps.
    Steps(Vec<AgentStep>),
}

/// A piece of what a model thinks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Thinking {
    /// The text; empty in the last piece.
    pub text: String,
    /// With the last piece: how long the model thought.
    pub duration: Option<std::time::Duration>,
}

impl Event {
    /// Which of the known events it is.
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
