//! What can go wrong, in kinds that say what the caller can do about it.

use std::fmt;

#[cfg(feature = "client")]
use crate::prediction::Prediction;
use crate::text::{decimal, find, split_once};
#[cfg(all(feature = "client", target_arch = "wasm32"))]
use crate::thrown::Thrown;

/// What kind of failure an [`Error`] is.
///
/// [`code`](Self::code) is the same in Rust and, as `FlowiseError.code`, in JavaScript.
///
/// ```
/// use flowise_stream::{Error, ErrorKind};
///
/// let wait = |error: &Error| matches!(error.kind(), ErrorKind::RateLimited | ErrorKind::Connect);
/// assert!(wait(&Error::from_status(429, "Too many questions.")));
/// assert_eq!(ErrorKind::RateLimited.code(), "rate-limited");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option is missing or wrong. Nothing was sent.
    Config,
    /// No server answered at the URL, or the connection to it was refused.
    Connect,
    /// A server is there, but the browser may not read its answer from this page's origin.
    Cors,
    /// The API key is missing or wrong.
    Unauthorized,
    /// The server refuses this page's origin or this request.
    Forbidden,
    /// The server does not know the chatflow or the path.
    NotFound,
    /// The chatflow's rate limit is reached.
    RateLimited,
    /// The request is larger than the server takes.
    TooLarge,
    /// Another HTTP status that is no success.
    Status,
    /// A time limit ran out; which one is in the message.
    Timeout,
    /// The answer is none that Flowise gives: another content type, or text that is no JSON.
    Protocol,
    /// A message of the event stream is not valid JSON. The stream goes on.
    Decode,
    /// An event is larger than the limit.
    MessageTooLong,
    /// Flowise reported that the run failed.
    Server,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// The socket was disconnected by the page and has to be connected again.
    Disconnected,
    /// What was asked for is nothing that this server or page can do.
    Unsupported,
}

impl ErrorKind {
    /// The kind with this [`code`](Self::code).
    #[cfg(all(feature = "client", any(target_arch = "wasm32", test)))]
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        const ALL: [ErrorKind; 17] = [
            ErrorKind::Config,
            ErrorKind::Connect,
            ErrorKind::Cors,
            ErrorKind::Unauthorized,
            ErrorKind::Forbidden,
            ErrorKind::NotFound,
            ErrorKind::RateLimited,
            ErrorKind::TooLarge,
            ErrorKind::Status,
            ErrorKind::Timeout,
            ErrorKind::Protocol,
            ErrorKind::Decode,
            ErrorKind::MessageTooLong,
            ErrorKind::Server,
            ErrorKind::Interrupted,
            ErrorKind::Disconnected,
            ErrorKind::Unsupported,
        ];
        ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind's name in kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Connect => "connect",
            Self::Cors => "cors",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::RateLimited => "rate-limited",
            Self::TooLarge => "too-large",
            Self::Status => "status",
            Self::Timeout => "timeout",
            Self::Protocol => "protocol",
            Self::Decode => "decode",
            Self::MessageTooLong => "message-too-long",
            Self::Server => "server",
            Self::Interrupted => "interrupted",
            Self::Disconnected => "disconnected",
            Self::Unsupported => "unsupported",
        }
    }
}

/// A failure, with a sentence that says what to do.
///
/// ```
/// use flowise_stream::{Error, ErrorKind};
///
/// // Flowise wraps most failures in a 500; the sentence tells them apart
/// let error = Error::from_status(500, "Error: predictionsServices.buildChatflow - Unauthorized");
/// assert_eq!(error.kind(), ErrorKind::Unauthorized);
/// assert_eq!(error.status(), Some(500));
/// assert!(error.to_string().ends_with("(check the option `apiKey`)"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    status: Option<u16>,
    #[cfg(feature = "client")]
    partial: Option<Box<Prediction>>,
    #[cfg(all(feature = "client", target_arch = "wasm32"))]
    cause: Option<Box<Thrown>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            status: None,
            #[cfg(feature = "client")]
            partial: None,
            #[cfg(all(feature = "client", target_arch = "wasm32"))]
            cause: None,
        }
    }

    /// The failure behind an HTTP reply with a status outside 200–299.
    ///
    /// `text` is the sentence in the body. Flowise wraps most failures in a 500 (`utilBuildChatflow` in
    /// `packages/server/src/utils/buildChatflow.ts`), so the sentence decides before the status does.
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
        let mut message = redact(text);
        if message.is_empty() {
            message.push_str("the server answered with HTTP status ");
            message.push_str(&decimal(status));
        }
        message.push_str(advice(kind));
        let mut error = Self::new(kind, message);
        error.status = Some(status);
        error
    }

    /// The failure behind an `error` event, which has no status.
    #[must_use]
    pub fn from_event(text: &str) -> Self {
        let kind = kind_of_text(text).unwrap_or(ErrorKind::Server);
        let mut message = redact(text);
        message.push_str(advice(kind));
        Self::new(kind, message)
    }

    /// The sentence, as [`Display`](fmt::Display) writes it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The HTTP status of the reply, if the failure is one.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// What was received of an answer before it failed. The text is as far as it came.
    #[cfg(feature = "client")]
    #[must_use]
    pub fn partial(&self) -> Option<&Prediction> {
        self.partial.as_deref()
    }

    #[cfg(all(feature = "client", target_arch = "wasm32"))]
    pub(crate) fn with_partial(mut self, partial: Prediction) -> Self {
        self.partial = Some(Box::new(partial));
        self
    }

    #[cfg(all(feature = "client", target_arch = "wasm32"))]
    pub(crate) fn with_cause(mut self, cause: Thrown) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    #[cfg(all(feature = "client", target_arch = "wasm32"))]
    pub(crate) const fn with_status(mut self, status: Option<u16>) -> Self {
        self.status = status;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    /// What the browser threw, with its name: `TypeError: Failed to fetch`.
    #[cfg(all(feature = "client", target_arch = "wasm32"))]
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// The sentences that mean the same whatever the status. The model's own failures also speak of keys and of things
/// that were not found, so these look for Flowise's exact words.
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

const fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unauthorized => " (check the option `apiKey`)",
        ErrorKind::Forbidden => " (check the chatflow's allowed origins)",
        ErrorKind::NotFound => " (check the options `url` and `chatflowId`)",
        ErrorKind::RateLimited => " (wait before asking again)",
        ErrorKind::TooLarge => {
            " (send smaller uploads, or raise FLOWISE_FILE_SIZE_LIMIT on the server)"
        }
        _ => "",
    }
}

/// Providers repeat a rejected key in their errors; nobody should see it on a page.
fn redact(text: &str) -> String {
    const PREFIX: &str = "sk-";
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.trim_ascii();
    while let Some((head, tail)) = split_once(rest, PREFIX) {
        clean.push_str(head);
        clean.push_str(PREFIX);
        rest = tail;
        // not the end of a word, as in task-force
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
    fn flowises_sentences_decide_before_the_status_does() {
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

    #[cfg(feature = "client")]
    #[test]
    fn a_kind_is_found_by_its_code() {
        for kind in [
            ErrorKind::Config,
            ErrorKind::MessageTooLong,
            ErrorKind::Unsupported,
        ] {
            assert_eq!(ErrorKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(ErrorKind::from_code("nothing"), None);
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
