//! The request that answers a flow's question.

use serde_json::Value;

use crate::decision::HumanInput;
use crate::payload::Action;
use crate::request::PredictionRequest;

impl PredictionRequest {
    /// Creates the request that answers a flow's question ([`Event::Action`](crate::Event::Action),
    /// [`Prediction::action`](crate::Prediction::action)): an AgentFlow receives the decision, a sequential agent the label of
    /// the button. Ask it in the same conversation, by `Chat` or with [`chat_id`](Self::chat_id).
    ///
    /// ```
    /// use flowise_stream::{Action, HumanInput, PredictionRequest};
    ///
    /// let action: Action = serde_json::from_str(r#"{"id":"1","mapping":{"approve":"Buy","reject":"Leave it"}}"#)?;
    /// let request = PredictionRequest::resume(&action, HumanInput::proceed()).chat_id("the chat that waits");
    /// assert_eq!(serde_json::to_value(&request)?["question"], "Buy");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn resume(action: &Action, decision: HumanInput) -> Self {
        let node = action.data.as_ref().and_then(|data| data.get("nodeId"));
        let mut buttons = action.elements.iter();
        if node.is_none() && !buttons.any(|button| button.kind.starts_with("agentflowv2-")) {
            let mapping = action.mapping.clone().unwrap_or_default();
            let (label, usual) = if decision.approves() {
                (mapping.approve, "Yes")
            } else {
                (mapping.reject, "No")
            };
            let label = if label.is_empty() {
                usual.to_owned()
            } else {
                label
            };
            return Self::new(label).action(action.clone());
        }
        let decision = match node.and_then(Value::as_str) {
            Some(node) => decision.start_node_id(node),
            None => decision,
        };
        Self::new("").human_input(decision)
    }
}
