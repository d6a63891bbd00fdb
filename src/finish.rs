//! Why a prediction is over.

/// Why a prediction stopped.
///
/// ```
/// use flowise_stream::FinishReason;
///
/// assert_eq!(FinishReason::Interrupted.as_str(), "interrupted");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "client",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum FinishReason {
    /// The answer is complete.
    Stop,
    /// The page or the server stopped the run.
    Aborted,
    /// The connection broke or fell silent.
    #[default]
    Interrupted,
    /// The run failed.
    Error,
    /// The run was complete, but without any text.
    Empty,
}

impl FinishReason {
    /// The reason's name in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Aborted => "aborted",
            Self::Interrupted => "interrupted",
            Self::Error => "error",
            Self::Empty => "empty",
        }
    }
}

/// What is known about a prediction when it is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Ending {
    /// There is an answer.
    pub(crate) answer: bool,
    /// The page stopped it.
    pub(crate) stopped: bool,
    /// The server sent `abort`.
    pub(crate) abort: bool,
    /// The server sent `end`, or the whole reply has arrived.
    pub(crate) complete: bool,
    /// The server sent `error`.
    pub(crate) error: bool,
}

impl Ending {
    /// The finish reason. A stop by the page takes precedence over the server's report: AgentFlow v2 reports an abort as an
    /// `error`.
    pub(crate) const fn finish_reason(self) -> FinishReason {
        if self.stopped {
            FinishReason::Aborted
        } else if self.error {
            FinishReason::Error
        } else if self.abort {
            FinishReason::Aborted
        } else if !self.complete {
            FinishReason::Interrupted
        } else if self.answer {
            FinishReason::Stop
        } else {
            FinishReason::Empty
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fact_that_holds_decides() {
        let facts = |bits: &str| Ending {
            answer: bits.contains('t'),
            stopped: bits.contains('s'),
            abort: bits.contains('a'),
            complete: bits.contains('c'),
            error: bits.contains('e'),
        };
        let cases = [
            ("", FinishReason::Interrupted),
            ("c", FinishReason::Empty),
            ("ct", FinishReason::Stop),
            ("t", FinishReason::Interrupted),
            ("cta", FinishReason::Aborted),
            ("cte", FinishReason::Error),
            ("ctes", FinishReason::Aborted),
        ];
        for (bits, reason) in cases {
            assert_eq!(facts(bits).finish_reason(), reason, "{bits}");
        }
    }
}
