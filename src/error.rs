//! Errors, in kinds that tell the caller what to do.

mod hint;
mod kind;

use std::fmt;

pub(crate) use hint::Hint;
pub use kind::ErrorKind;

#[cfg(feature = "client")]
use crate::payload::Prediction;
use crate::text::{decimal, find, split_once};
#[cfg(feature = "client")]
use crate::thrown::Thrown;

/// A failure, with a sentence that says what to do.
///
/// An error is plain data: it can be sent to another thread, cloned and compared. What the browser threw is its
/// [`source`](std::error::Error::source), as text.
///
/// ```
/// use flowise_stream::{Error, ErrorKind};
///
/// // Flowise wraps most failures in a 500; the sentence tells them apart
/// let error = Error::from_status(500, "Error: predictionsServices.buildChatflow - Unauthorized");
/// assert_eq!(error.kind(), ErrorKind::Unauthorized);
/// assert_eq!(error.status(), Some(500));
/// assert!(error.to_string().ends_with("(check `FlowiseBuilder::api_key`)"));
/// ```
///
/// A page that shows why an answer ended early, and keeps the part that was received:
///
/// ```
/// # use flowise_stream::{Error, ErrorKind};
/// fn explain(error: &Error) -> String {
///     let part = error.partial().map_or("", |part| &part.text);
///     match error.kind() {
///         ErrorKind::RateLimited => "Too many questions: please wait a moment.".to_owned(),
///         ErrorKind::Connect | ErrorKind::Interrupted => format!("{part} … (the connection is lost)"),
///         // the message is made for people, and holds no key
///         _ => format!("{part} … ({error})"),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    /// What happened: a sentence from the server, or the start of a sentence that the hint completes.
    said: String,
    hint: Option<Hint>,
    status: Option<u16>,
    #[cfg(feature = "client")]
    details: Details,
}

/// Details that only the Rust API reads.
#[cfg(feature = "client")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Details {
    partial: Option<Box<Prediction>>,
    source: Option<Box<Thrown>>,
}

impl Error {
    /// An error that the caller describes. The message is one sentence, in lower case and without a full stop.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            said: message.into(),
            hint: None,
            status: None,
            #[cfg(feature = "client")]
            details: Details::default(),
        }
    }

    /// An error whose message is the hint alone.
    #[cfg(any(feature = "client", feature = "js", test))]
    pub(crate) fn hinting(kind: ErrorKind, hint: Hint) -> Self {
        Self::new(kind, "").with_hint(hint)
    }

    /// The connection was lost within a reply.
    #[cfg(any(feature = "client", all(target_arch = "wasm32", feature = "js")))]
    pub(crate) fn broken() -> Self {
        Self::new(ErrorKind::Interrupted, "the connection broke")
    }

    /// Ends the message with a hint.
    pub(crate) fn with_hint(mut self, hint: impl Into<Option<Hint>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The error for an HTTP reply with a status outside 200–299.
    ///
    /// `text` is the sentence in the body. Flowise wraps most failures in a 500 (`utilBuildChatflow` in
    /// `packages/server/src/utils/buildChatflow.ts`), so the sentence counts before the status.
    #[must_use]
    pub fn from_status(status: u16, text: &str) -> Self {
        let kind = match kind_of_text(text) {
            Some(kind) => kind,
            // 2.0.x refuses an origin with 401, later ones with 403
            None if status == 401 && find(text, "not allowed").is_some() => ErrorKind::Forbidden,
            None => match status {
                401 => ErrorKind::Unauthorized,
                403 => ErrorKind::Forbidden,
                404 => ErrorKind::NotFound,
                413 => ErrorKind::TooLarge,
                429 => ErrorKind::RateLimited,
                500 => ErrorKind::Server,
                _ => ErrorKind::Status,
            },
        };
        let mut said = redact(text);
        if said.is_empty() {
            said.push_str("the server answered with HTTP status ");
            said.push_str(&decimal(status));
        }
        Self::new(kind, said)
            .with_hint(advice(kind))
            .with_status(Some(status))
    }

    /// The error for an `error` event, which has no status.
    #[must_use]
    pub fn from_event(text: &str) -> Self {
        let kind = kind_of_text(text).unwrap_or(ErrorKind::Server);
        let mut said = redact(text);
        if said.is_empty() {
            said.push_str("the run failed, and the server did not say why");
        }
        Self::new(kind, said).with_hint(advice(kind))
    }

    /// The message for JavaScript: it names JavaScript's options.
    #[cfg(any(feature = "js", test))]
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "for pages"))]
    pub(crate) fn for_page(&self) -> String {
        let mut message = self.said.clone();
        if let Some(hint) = self.hint {
            hint.write_for_page(&mut message);
        }
        message
    }

    /// The kind of failure.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The HTTP status of the reply, if that is what failed. [`kind`](Self::kind) is the better test: Flowise answers most
    /// failures with 500.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The part of the answer that was received before the failure. `None` if the answer had not begun, and for other calls.
    #[cfg(feature = "client")]
    #[must_use]
    pub fn partial(&self) -> Option<&Prediction> {
        self.details.partial.as_deref()
    }

    pub(crate) const fn with_status(mut self, status: Option<u16>) -> Self {
        self.status = status;
        self
    }
}

/// The parts that only the Rust API reads.
#[cfg(all(feature = "client", any(target_arch = "wasm32", test)))]
impl Error {
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(dead_code, reason = "drivers are for pages")
    )]
    pub(crate) fn with_partial(mut self, partial: Prediction) -> Self {
        self.details.partial = Some(Box::new(partial));
        self
    }
}

#[cfg(feature = "client")]
impl Error {
    pub(crate) fn with_source(mut self, source: Thrown) -> Self {
        self.details.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)?;
        self.hint
            .map_or(Ok(()), |hint| hint.for_rust(|piece| f.write_str(piece)))
    }
}

impl std::error::Error for Error {
    /// What the browser threw, with its name (`TypeError: Failed to fetch`), or why a text is not valid JSON.
    #[cfg(feature = "client")]
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.details.source.as_deref().map(|source| source as _)
    }
}

/// The sentences whose meaning does not depend on the status. A model's own failures also mention keys and missing
/// things, so these match Flowise's exact words.
fn kind_of_text(text: &str) -> Option<ErrorKind> {
    let says = |words| find(text, words).is_some();
    if text == "Unauthorized" || text.ends_with(" - Unauthorized") || text == "Unauthorized Access"
    {
        Some(ErrorKind::Unauthorized)
    } else if says("Chatflow ") && says(" not found") || text == "Invalid Chatflow ID" {
        Some(ErrorKind::NotFound)
    } else if says("Predictions limit exceeded") {
        Some(ErrorKind::RateLimited)
    } else {
        None
    }
}

const fn advice(kind: ErrorKind) -> Option<Hint> {
    Some(match kind {
        ErrorKind::Unauthorized => Hint::ApiKey,
        ErrorKind::Forbidden => Hint::AllowedOrigins,
        ErrorKind::NotFound => Hint::Address,
        ErrorKind::RateLimited => Hint::Wait,
        ErrorKind::TooLarge => Hint::SmallerUploads,
        _ => return None,
    })
}

/// Providers repeat a rejected key in their errors. It must not appear on a page.
fn redact(text: &str) -> String {
    const PREFIX: &str = "sk-";
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.trim_ascii();
    while let Some((head, tail)) = split_once(rest, PREFIX) {
        clean.push_str(head);
        clean.push_str(PREFIX);
        rest = tail;
        // skip the end of a word, as in task-force
        if !head.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            clean.push('…');
            let key = tail
                .bytes()
                .position(|byte| !(byte.is_ascii_alphanumeric() || b"-_*".contains(&byte)));
            rest = key.and_then(|end| tail.get(end..)).unwrap_or_default();
        }
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_sentence_of_flowise_takes_precedence_over_the_status() {
        let cases = [
            (
                500,
                "Error: predictionsServices.buildChatflow - Unauthorized",
                ErrorKind::Unauthorized,
            ),
            (
                500,
                "Error: chatflowsService.getChatflowById - Chatflow x not found in the database!",
                ErrorKind::NotFound,
            ),
            (400, "Invalid Chatflow ID", ErrorKind::NotFound),
            (401, "Unauthorized Access", ErrorKind::Unauthorized),
            (
                401,
                "This site is not allowed to access this chatbot",
                ErrorKind::Forbidden,
            ),
            (
                500,
                "401 Unauthorized – check your API key and ensure it has access to the requested model.",
                ErrorKind::Server,
            ),
            (500, "404 The model `x` was not found", ErrorKind::Server),
            (403, "Not on this site.", ErrorKind::Forbidden),
            (404, "", ErrorKind::NotFound),
            (413, "request entity too large", ErrorKind::TooLarge),
            (429, "Too many questions.", ErrorKind::RateLimited),
            (402, "Predictions limit exceeded", ErrorKind::RateLimited),
            (502, "", ErrorKind::Status),
        ];
        for (status, text, kind) in cases {
            let error = Error::from_status(status, text);
            assert_eq!(
                (error.kind(), error.status()),
                (kind, Some(status)),
                "{status} {text}"
            );
            assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn a_message_names_what_its_reader_can_change() {
        let error = Error::from_status(401, "Unauthorized Access");
        assert_eq!(
            error.to_string(),
            "Unauthorized Access (check `FlowiseBuilder::api_key`)"
        );
        assert_eq!(error.for_page(), "Unauthorized Access (check `apiKey`)");
    }

    #[test]
    fn a_failure_that_the_server_does_not_explain_has_a_message() {
        for text in ["", " \n"] {
            let error = Error::from_event(text);
            assert_eq!(error.kind(), ErrorKind::Server);
            assert_eq!(
                error.to_string(),
                "the run failed, and the server did not say why"
            );
            let error = Error::from_status(502, text);
            assert_eq!(
                error.to_string(),
                "the server answered with HTTP status 502"
            );
        }
    }

    #[test]
    fn a_key_in_a_providers_message_is_not_shown() {
        let error =
            Error::from_event("Error: 401 Incorrect API key provided: sk-abc123. You can find");
        assert_eq!(
            error.to_string(),
            "Error: 401 Incorrect API key provided: sk-…. You can find"
        );
        assert_eq!(redact("a task-force and (sk-x)"), "a task-force and (sk-…)");
    }
}
