//! How a run ended.

use crate::error::Error;
use crate::finish::FinishReason;

/// The result that the page receives.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) reason: FinishReason,
    /// The error. A run that ended with [`FinishReason::Error`] but without this has received an `error` event with the message.
    pub(crate) error: Option<Error>,
    /// The answer, or its beginning, arrived as events.
    pub(crate) streamed: bool,
    /// The memory that the conversation continues with.
    pub(crate) session_id: String,
    /// Events of the run may still arrive over the socket's connection.
    pub(crate) stale: bool,
}

impl Outcome {
    /// Whether it is a failure.
    #[cfg(feature = "client")]
    pub(crate) const fn is_failure(&self) -> bool {
        matches!(self.reason, FinishReason::Error | FinishReason::Interrupted)
    }
}
