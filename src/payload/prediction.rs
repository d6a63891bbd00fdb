//! A whole answer.

use serde_json::Value;

use super::events::{
    Action, AgentStep, Artifact, ExecutedNode, FileAnnotation, SourceDocument, Usage, UsedTool,
};
use super::lenient::prompts;
use super::record::records;
use crate::finish::FinishReason;

records! {
    /// A whole answer. It has the same shape for every server and transport.
    ///
    /// Parts that the answer does not have are empty.
    ///
    /// ```
    /// use flowise_stream::Prediction;
    ///
    /// // as a server answers that was not asked to stream
    /// let prediction: Prediction = serde_json::from_str(r#"{"text":"Hello","chatId":"7","sourceDocuments":[{"pageContent":"…"}]}"#)?;
    /// assert_eq!(prediction.text, "Hello");
    /// assert_eq!(prediction.source_documents.len(), 1);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Prediction {
        /// The text. For a structured answer, its JSON.
        #[wire(always("text"))]
        pub text: String,
        /// Why the answer ended.
        #[wire(always("finishReason"))]
        pub finish_reason: FinishReason,
        /// Whether the answer was streamed.
        #[wire(always("streamed"))]
        pub streamed: bool,
        /// The conversation's id.
        #[wire(always("chatId"))]
        pub chat_id: String,
        /// The answer's id in the history.
        #[wire(filled("chatMessageId"))]
        pub chat_message_id: Option<String>,
        /// The session id of the conversation's memory.
        #[wire(filled("sessionId"))]
        pub session_id: Option<String>,
        /// The type of that memory.
        #[wire(filled("memoryType"))]
        pub memory_type: Option<String>,
        /// The question, as the server understood it.
        #[wire(filled("question"))]
        pub question: Option<String>,
        /// The model's reasoning.
        #[wire(filled("thinking"))]
        pub thinking: Option<String>,
        /// A structured answer.
        #[wire(filled("json"))]
        pub json: Option<Value>,
        /// The documents that the answer is based on.
        #[wire(filled("sourceDocuments"))]
        pub source_documents: Vec<SourceDocument>,
        /// The tools that were used.
        #[wire(filled("usedTools"))]
        pub used_tools: Vec<UsedTool>,
        /// Results besides the text.
        #[wire(filled("artifacts"))]
        pub artifacts: Vec<Artifact>,
        /// Files that the answer refers to.
        #[wire(filled("fileAnnotations"))]
        pub file_annotations: Vec<FileAnnotation>,
        /// The steps of the agents.
        #[wire(filled("agentReasoning"))]
        pub agent_reasoning: Vec<AgentStep>,
        /// The nodes of an AgentFlow that have run.
        #[wire(filled("agentFlowExecutedData"))]
        pub agent_flow_executed_data: Vec<ExecutedNode>,
        /// The question to a person that the flow waits for.
        #[wire(filled("action"))]
        pub action: Option<Action>,
        /// How many tokens the model read and wrote.
        #[wire(filled("usageMetadata"))]
        pub usage_metadata: Option<Usage>,
        /// Suggested follow-up questions.
        #[wire(filled("followUpPrompts", prompts))]
        pub follow_up_prompts: Vec<String>,
        /// The flow's variables after the run.
        #[wire(filled("flowVariables"))]
        pub flow_variables: Option<Value>,
    }
}

impl Prediction {
    /// Whether it has content: a text, or a question to the person.
    pub(crate) fn is_answer(&self) -> bool {
        !self.text.trim().is_empty() || self.action.is_some()
    }
}
