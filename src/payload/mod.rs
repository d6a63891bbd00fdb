//! The values in Flowise's JSON, with types: what events carry, and a whole prediction.

mod events;
pub(crate) mod json;
pub(crate) mod lenient;
mod prediction;
pub(crate) mod record;
mod status;

pub use events::{
    Action, ActionElement, ActionMapping, AgentStep, AgentTrace, Artifact, ExecutedNode,
    ExecutionEnd, FileAnnotation, Metadata, NodeStatus, SourceDocument, TtsData, TtsEnd, TtsStart,
    Usage, UsedTool,
};
pub use prediction::Prediction;
pub use status::FlowStatus;
