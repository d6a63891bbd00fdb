//! What a chatflow answered.

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
    /// A whole answer. It has one shape, whatever the server said it with.
    ///
    /// What there was none of is empty.
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
        /// The text; of a structured answer, its JSON.
        #[wire(always("text"))]
        pub text: String,
        /// Why it ended.
        #[wire(always("finishReason"))]
        pub finish_reason: FinishReason,
        /// Whether it came piece by piece.
        #[wire(always("streamed"))]
        pub streamed: bool,
        /// The conversation.
        #[wire(always("chatId"))]
        pub chat_id: String,
        /// The answer's id in the history.
        #[wire(filled("chatMessageId"))]
        pub chat_message_id: Option<String>,
        /// The conversation's memory.
        #[wire(filled("sessionId"))]
        pub session_id: Option<String>,
        /// The kind of that memory.
        #[wire(filled("memoryType"))]
        pub memory_type: Option<String>,
        /// The question, as the server understood it.
        #[wire(filled("question"))]
        pub question: Option<String>,
        /// What the model thought before it answered.
        #[wire(filled("thinking"))]
        pub thinking: Option<String>,
        /// A structured answer.
        #[wire(filled("json"))]
        pub json: Option<Value>,
        /// The documents that it is based on.
        #[wire(filled("sourceDocuments"))]
        pub source_documents: Vec<SourceDocument>,
        /// The tools that were used.
        #[wire(filled("usedTools"))]
        pub used_tools: Vec<UsedTool>,
        /// What was made besides the text.
        #[wire(filled("artifacts"))]
        pub artifacts: Vec<Artifact>,
        /// Files that it refers to.
        #[wire(filled("fileAnnotations"))]
        pub file_annotations: Vec<FileAnnotation>,
        /// The steps of the agents.
        #[wire(filled("agentReasoning"))]
        pub agent_reasoning: Vec<AgentStep>,
        /// The nodes of an AgentFlow that have run.
        #[wire(filled("agentFlowExecutedData"))]
        pub agent_flow_executed_data: Vec<ExecutedNode>,
        /// What a person is asked; the flow waits for the answer.
        #[wire(filled("action"))]
        pub action: Option<Action>,
        /// How many tokens the model read and wrote.
        #[wire(filled("usageMetadata"))]
        pub usage_metadata: Option<Usage>,
        /// Questions that a person might ask next.
        #[wire(filled("followUpPrompts", lenient::prompts))]
        pub follow_up_prompts: Vec<String>,
        /// What the flow's variables have become.
        #[wire(filled("flowVariables"))]
        pub flow_variables: Option<Value>,
    }
}

impl Prediction {
    /// Whether it answers anything: with text, or with a question to the person.
    pub(crate) fn is_answer(&self) -> bool {
        !self.text.trim().is_empty() || self.action.is_some()
    }
}

/// An answer that is being put together from events.
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
    /// Nothing was said yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.prediction.text
    }

    /// What the server said about why the run has failed, if it has.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Whether the server said that the run was stopped.
    #[cfg(target_arch = "wasm32")]
    pub(crate) const fn is_aborted(&self) -> bool {
        self.abort
    }

    /// Whether the server said that nothing more comes.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.end
    }

    /// Takes an event in.
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

    /// Takes in a server's whole reply, whose members count before what the events said.
    ///
    /// Such is the end of an answer of a Socket.IO server, and all of one that was not streamed.
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
    /// [`ErrorKind::Protocol`] if the text is not a JSON object, or is nested deeper than 128 levels. The answer stays
    /// what it was.
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

    /// The answer as far as it came.
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
            // an agent of an AgentFlow tells its tools only this way
            prediction.used_tools = self.called_tools;
        }
        prediction
    }
}
