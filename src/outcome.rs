//! How a prediction ended, from what was seen of it.

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
    /// The page or the server stopped it.
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

/// What was seen of a prediction when it was over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Seen {
    /// There is text, or another form of answer (`json`, an `action` to take).
    pub(crate) answer: bool,
    /// The page asked for the end.
    pub(crate) stopped: bool,
    /// The server said `abort`. A multi-agent flow also says so, and nothing else, when its model fails.
    pub(crate) abort: bool,
    /// The server said `end`, or the whole reply is there.
    pub(crate) end: bool,
    /// The server said `error`, or refused.
    pub(crate) error: bool,
}

impl Seen {
    /// What it comes to. The page's own wish counts before what the server made of it: AgentFlow v2 reports an abort as an
    /// `error`.
    pub(crate) const fn finish_reason(self) -> FinishReason {
        if self.stopped {
            FinishReason::Aborted
        } else if self.error {
            FinishReason::Error
        } else if self.abort {
            FinishReason::Aborted
        } else if !self.end {
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
        let none = Seen::default();
        let cases = [
            (none, FinishReason::Interrupted),
            (Seen { end: true, ..none }, FinishReason::Empty),
            (
                Seen {
                    end: true,
                    answer: true,
                    ..none
                },
                FinishReason::Stop,
            ),
            (
                Seen {
                    answer: true,
                    ..none
                },
                FinishReason::Interrupted,
            ),
            (
                Seen {
                    end: true,
                    abort: true,
                    answer: true,
                    ..none
                },
                FinishReason::Aborted,
            ),
            (
                Seen {
                    end: true,
                    error: true,
                    answer: true,
                    ..none
                },
                FinishReason::Error,
            ),
            (
                Seen {
                    end: true,
                    error: true,
                    stopped: true,
                    ..none
                },
                FinishReason::Aborted,
            ),
        ];
        for (seen, reason) in cases {
            assert_eq!(seen.finish_reason(), reason, "{seen:?}");
        }
    }
}
