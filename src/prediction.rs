//! What a chatflow answered.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::event::{
    Action, AgentStep, Artifact, Event, ExecutedNode, FileAnnotation, SourceDocument, Usage,
    UsedTool, lenient,
};
use crate::outcome::{FinishReason, Seen};

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Prediction {
    /// The text; of a structured answer, its JSON.
    #[serde(deserialize_with = "lenient::text")]
    pub text: String,
    /// Why it ended.
    pub finish_reason: FinishReason,
    /// Whether it came piece by piece.
    pub streamed: bool,
    /// The conversation.
    #[serde(deserialize_with = "lenient::text")]
    pub chat_id: String,
    /// The answer's id in the history.
    #[serde(
        deserialize_with = "lenient::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub chat_message_id: Option<String>,
    /// The conversation's memory.
    #[serde(
        deserialize_with = "lenient::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub session_id: Option<String>,
    /// The kind of that memory.
    #[serde(
        deserialize_with = "lenient::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub memory_type: Option<String>,
    /// The question, as the server understood it.
    #[serde(
        deserialize_with = "lenient::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub question: Option<String>,
    /// What the model thought before it answered.
    #[serde(
        deserialize_with = "lenient::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub thinking: Option<String>,
    /// A structured answer.
    #[serde(
        deserialize_with = "lenient::fitting",
        skip_serializing_if = "Option::is_none"
    )]
    pub json: Option<Value>,
    /// The documents that it is based on.
    #[serde(
        deserialize_with = "lenient::fitting_list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub source_documents: Vec<SourceDocument>,
    /// The tools that were used.
    #[serde(
        deserialize_with = "lenient::fitting_list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub used_tools: Vec<UsedTool>,
    /// What was made besides the text.
    #[serde(
        deserialize_with = "lenient::fitting_list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub artifacts: Vec<Artifact>,
    /// Files that it refers to.
    #[serde(
        deserialize_with = "lenient::fitting_list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub file_annotations: Vec<FileAnnotation>,
    /// The steps of the agents.
    #[serde(
        deserialize_with = "lenient::fitting_list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub agent_reasoning: Vec<AgentStep>,
    /// The nodes of an AgentFlow that have run.
    #[serde(
        deserialize_with = "lenient::fitting_list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub agent_flow_executed_data: Vec<ExecutedNode>,
    /// What a person is asked; the flow waits for the answer.
    #[serde(
        deserialize_with = "lenient::fitting",
        skip_serializing_if = "Option::is_none"
    )]
    pub action: Option<Action>,
    /// How many tokens the model read and wrote.
    #[serde(
        deserialize_with = "lenient::fitting",
        skip_serializing_if = "Option::is_none"
    )]
    pub usage_metadata: Option<Usage>,
    /// Questions that a person might ask next.
    #[serde(
        deserialize_with = "lenient::prompts",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub follow_up_prompts: Vec<String>,
    /// What the flow's variables have become.
    #[serde(
        deserialize_with = "lenient::fitting",
        skip_serializing_if = "Option::is_none"
    )]
    pub flow_variables: Option<Value>,
    /// Members of the server's reply that have no field of their own.
    #[serde(flatten)]
    pub other: Map<String, Value>,
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
    pub fn apply_reply(&mut self, reply: Map<String, Value>) {
        self.end = true;
        let has_text = reply.get("text").is_some_and(Value::is_string);
        let structured = reply
            .get("json")
            .filter(|json| !json.is_null() && !has_text);
        let text = structured.map(ToString::to_string);
        let Ok(Value::Object(mut members)) = serde_json::to_value(&self.prediction) else {
            return;
        };
        members.extend(reply);
        members.remove("isStreamValid");
        for ours in ["finishReason", "streamed"] {
            members.remove(ours);
        }
        if let Ok(mut whole) = serde_json::from_value::<Prediction>(Value::Object(members)) {
            if let Some(text) = text {
                whole.text = text;
            }
            self.prediction = whole;
        }
    }

    /// The answer as far as it came.
    #[must_use]
    pub fn into_prediction(self) -> Prediction {
        let seen = Seen {
            answer: self.prediction.is_answer(),
            stopped: false,
            abort: self.abort,
            end: self.end,
            error: self.error.is_some(),
        };
        let mut prediction = self.prediction;
        prediction.finish_reason = seen.finish_reason();
        prediction.streamed = self.streamed;
        if prediction.used_tools.is_empty() {
            // an agent of an AgentFlow tells its tools only this way
            prediction.used_tools = self.called_tools;
        }
        prediction
    }
}
