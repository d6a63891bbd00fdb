//! Speech: the request, and the audio.

use serde::{Deserialize, Serialize};

use crate::base64;
use crate::error::{Error, ErrorKind};
use crate::payload::TtsData;

/// A text to be spoken: the body of Flowise's `POST /api/v1/text-to-speech/generate` (3.0.8 and later).
///
/// The voice is the one that the chatflow's owner has chosen, unless the request sets another.
///
/// ```
/// use flowise_stream::SpeechRequest;
///
/// let request = SpeechRequest::new("It is bright and mild.").message("chat", "message").voice("alloy");
/// let body = serde_json::to_value(&request)?;
/// assert_eq!(body["chatMessageId"], "message");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SpeechRequest {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

impl SpeechRequest {
    /// Creates a request for a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Sets the message that is spoken, and its conversation: the events repeat them (`Prediction::chat_message_id`).
    #[must_use]
    pub fn message(mut self, chat_id: impl Into<String>, message_id: impl Into<String>) -> Self {
        self.chat_id = Some(chat_id.into());
        self.chat_message_id = Some(message_id.into());
        self
    }

    /// Sets another provider, such as `openai`, and the id of its key on the server.
    #[must_use]
    pub fn provider(mut self, name: impl Into<String>, credential_id: impl Into<String>) -> Self {
        self.provider = Some(name.into());
        self.credential_id = Some(credential_id.into());
        self
    }

    /// Sets another voice, by its name at the provider.
    #[must_use]
    pub fn voice(mut self, voice: impl Into<String>) -> Self {
        self.voice = Some(voice.into());
        self
    }

    /// Sets another model, by its name at the provider.
    #[must_use]
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }
}

/// A spoken text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Speech {
    /// The audio format, such as `mp3`.
    pub format: String,
    /// The whole audio.
    pub audio: Vec<u8>,
}

impl TtsData {
    /// Decodes the piece of audio.
    ///
    /// ```
    /// use flowise_stream::Event;
    /// use serde_json::json;
    ///
    /// let event = Event::from_parts("tts_data", json!({ "audioChunk": "SUQz" }));
    /// let Event::TtsData(piece) = event else { panic!() };
    /// assert_eq!(piece.audio()?, b"ID3");
    /// # Ok::<(), flowise_stream::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if the server did not send base64.
    pub fn audio(&self) -> Result<Vec<u8>, Error> {
        base64::decode(&self.audio_chunk)
            .ok_or_else(|| Error::new(ErrorKind::Decode, "a piece of speech is not base64"))
    }
}
