//! The answer of a chatflow.

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::event::lenient::{self, Lenient as _};
use crate::event::record::records;
use crate::event::{
    Action, AgentStep, Artifact, Event, ExecutedNode, FileAnnotation, SourceDocument, Usage,
    UsedTool, json,
};
use crate::run::{Ending, FinishReason};

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
        #[wire(filled("followUpPrompts", lenient::prompts))]
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

/// Assembles an answer from events.
///
/// ```
/// use flowise_stream::{Answer, Event, FinishReason};
///
/// let mut answer = Answer::new();
/// for event in [Event::Token("Hel".into()), Event::Token("lo".into()), Event::End] {
///     answer.apply(&event);
/// }
/// assert_eq!(answer.text(), "Hello");
/// let prediction = answer.into_prediction();
/// assert_eq!(prediction.finish_reason, FinishReason::Stop);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    prediction: Prediction,
    called_tools: Vec<UsedTool>,
    streamed: bool,
    error: Option<String>,
    abort: bool,
    end: bool,
}

impl Answer {
    /// Creates an empty answer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.prediction.text
    }

    /// The server's message about a failure of the run.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Whether the server reported that the run was stopped.
    #[cfg(target_arch = "wasm32")]
    pub(crate) const fn is_aborted(&self) -> bool {
        self.abort
    }

    /// Whether the server reported the end of the answer.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.end
    }

    /// Applies an event.
    pub fn apply(&mut self, event: &Event) {
        self.streamed = true;
        let prediction = &mut self.prediction;
        match event {
            Event::Token(text) => prediction.text.push_str(text),
            Event::Thinking(thinking) if !thinking.text.is_empty() => {
                prediction
                    .thinking
                    .get_or_insert_default()
                    .push_str(&thinking.text);
            }
            Event::SourceDocuments(documents) => prediction.source_documents.clone_from(documents),
            Event::UsedTools(tools) => prediction.used_tools.clone_from(tools),
            Event::CalledTools(tools) => self.called_tools.clone_from(tools),
            Event::Artifacts(artifacts) => prediction.artifacts.clone_from(artifacts),
            Event::FileAnnotations(files) => prediction.file_annotations.clone_from(files),
            Event::AgentReasoning(steps) => prediction.agent_reasoning.clone_from(steps),
            Event::AgentFlowExecutedData(nodes) => {
                prediction.agent_flow_executed_data.clone_from(nodes)
            }
            Event::Action(action) => prediction.action = Some((**action).clone()),
            Event::UsageMetadata(usage) => prediction.usage_metadata = Some(usage.clone()),
            Event::Metadata(metadata) => {
                let metadata = metadata.as_ref().clone();
                prediction.chat_id = metadata.chat_id;
                prediction.chat_message_id = metadata.chat_message_id;
                prediction.question = metadata.question;
                prediction.session_id = metadata.session_id;
                prediction.memory_type = metadata.memory_type;
                prediction.follow_up_prompts = metadata.follow_up_prompts;
                prediction.flow_variables = metadata.flow_variables;
                prediction.action = prediction.action.take().or(metadata.action);
                prediction.other.extend(metadata.other);
            }
            Event::Error(error) => self.error = Some(error.clone()),
            Event::Abort => self.abort = true,
            Event::End => self.end = true,
            _ => {}
        }
    }

    /// Applies a server's whole reply. Its members replace those from the events.
    ///
    /// Socket.IO servers send such a reply at the end of an answer; without streaming, it is the whole answer.
    pub fn apply_reply(&mut self, mut reply: Map<String, Value>) {
        self.end = true;
        for ours in ["finishReason", "streamed", "isStreamValid"] {
            reply.shift_remove(ours);
        }
        let has_text = reply.get("text").is_some_and(|text| !text.is_null());
        let structured = reply
            .get("json")
            .filter(|json| !json.is_null() && !has_text);
        if let Some(structured) = structured {
            let text = json::write(structured);
            reply.insert("text".to_owned(), text.into());
        }
        if let Ok(Value::Object(mut members)) = serde_json::to_value(&self.prediction) {
            members.extend(reply);
            (self.prediction, _) = Prediction::read(members.into());
        }
    }

    /// As [`apply_reply`](Self::apply_reply), with the text of the reply.
    ///
    /// ```
    /// use flowise_stream::Answer;
    ///
    /// let mut answer = Answer::new();
    /// answer.apply_reply_json(r#"{"text":"Hello","chatId":"7"}"#)?;
    /// assert_eq!(answer.text(), "Hello");
    /// assert!(answer.apply_reply_json("<html>").is_err());
    /// # Ok::<(), flowise_stream::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Protocol`] if the text is not a JSON object, or is nested deeper than 128 levels. The answer then stays
    /// unchanged.
    pub fn apply_reply_json(&mut self, reply: &str) -> Result<(), Error> {
        match json::parse(reply, ErrorKind::Protocol, "the server's reply")? {
            Value::Object(reply) => {
                self.apply_reply(reply);
                Ok(())
            }
            _ => Err(Error::new(
                ErrorKind::Protocol,
                "the server's reply is not a JSON object",
            )),
        }
    }

    /// The answer received so far.
    #[must_use]
    pub fn into_prediction(self) -> Prediction {
        let ending = Ending {
            answer: self.prediction.is_answer(),
            stopped: false,
            abort: self.abort,
            complete: self.end,
            error: self.error.is_some(),
        };
        let mut prediction = self.prediction;
        prediction.finish_reason = ending.finish_reason();
        prediction.streamed = self.streamed;
        if prediction.used_tools.is_empty() {
            // an agent of an AgentFlow reports its tools only in this event
            prediction.used_tools = self.called_tools;
        }
        prediction
    }
}
