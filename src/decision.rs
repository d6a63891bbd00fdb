//! A person's decision in a flow that waits for it.

use serde::{Deserialize, Serialize};

const PROCEED: &str = "proceed";

/// A person's decision in a flow that waits for it: see [`PredictionRequest::resume`](crate::PredictionRequest::resume).
///
/// ```
/// use flowise_stream::HumanInput;
///
/// let decision = HumanInput::reject().feedback("too expensive");
/// assert_eq!(serde_json::to_value(decision)?["type"], "reject");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HumanInput {
    #[serde(rename = "type")]
    decision: String,
    /// The node that asked. Servers before 3.0.5 require it; later ones find it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    start_node_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    feedback: Option<String>,
}

impl HumanInput {
    /// Approves: the flow continues as planned.
    #[must_use]
    pub fn proceed() -> Self {
        Self::of(PROCEED)
    }

    /// Rejects: the flow continues on its path for a rejection.
    #[must_use]
    pub fn reject() -> Self {
        Self::of("reject")
    }

    fn of(decision: &str) -> Self {
        Self {
            decision: decision.to_owned(),
            start_node_id: None,
            feedback: None,
        }
    }

    pub(crate) fn approves(&self) -> bool {
        self.decision == PROCEED
    }

    /// Sets the node that asked: `data.nodeId` of its [`Action`](crate::Action). Servers from 3.0.5 on find it themselves.
    #[must_use]
    pub fn start_node_id(mut self, id: impl Into<String>) -> Self {
        self.start_node_id = Some(id.into());
        self
    }

    /// Adds the person's comment. Only an AgentFlow reads it.
    #[must_use]
    pub fn feedback(mut self, feedback: impl Into<String>) -> Self {
        self.feedback = Some(feedback.into());
        self
    }
}
