//! Puts an answer together, from its events and the server's reply.

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::event::{Event, parse};
use crate::finish::Ending;
use crate::payload::lenient::Lenient as _;
use crate::payload::{Prediction, UsedTool, json};

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
        match parse::json(reply, ErrorKind::Protocol, "the server's reply")? {
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
