//! The events that Flowise sends, by name.

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The events that Flowise servers are known to send.
        ///
        /// ```
        /// use flowise_stream::frame::EventKind;
        ///
        /// assert_eq!(EventKind::from_name("usedTools"), EventKind::UsedTools);
        /// assert_eq!(EventKind::UsedTools.name(), "usedTools");
        /// assert_eq!(EventKind::from_name("mood"), EventKind::Unknown);
        /// ```
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum EventKind {
            /// An event with another name; newer servers and custom nodes send such events.
            #[default]
            Unknown,
            $($(#[$doc])* $variant,)*
        }

        impl EventKind {
            /// All kinds, each at the index of its number.
            pub const ALL: &'static [Self] = &[Self::Unknown, $(Self::$variant,)*];

            /// The name that servers send; empty for [`Unknown`](Self::Unknown).
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Unknown => "",
                    $(Self::$variant => $name,)*
                }
            }

            /// The kind of the event with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    _ => Self::Unknown,
                }
            }
        }
    };
}

event_kinds! {
    /// The answer begins; the payload is its first token or, from agents, the first `agentReasoning`.
    Start = "start",
    /// A piece of the answer.
    Token = "token",
    /// A piece of the model's reasoning.
    Thinking = "thinking",
    /// The documents that the answer is based on.
    SourceDocuments = "sourceDocuments",
    /// The tools that were used, with input and output.
    UsedTools = "usedTools",
    /// The tools that a model calls, before they have run.
    CalledTools = "calledTools",
    /// A tool that an assistant calls.
    Tool = "tool",
    /// Generated files and pictures.
    Artifacts = "artifacts",
    /// Files that the answer refers to.
    FileAnnotations = "fileAnnotations",
    /// All steps of the agents so far.
    AgentReasoning = "agentReasoning",
    /// The agent whose turn it is.
    NextAgent = "nextAgent",
    /// The status of an AgentFlow's run.
    AgentFlowEvent = "agentFlowEvent",
    /// An AgentFlow's node starts, ends, stops or fails.
    NextAgentFlow = "nextAgentFlow",
    /// All nodes of an AgentFlow that have run so far, with their data.
    AgentFlowExecutedData = "agentFlowExecutedData",
    /// The flow asks a person to decide.
    Action = "action",
    /// A step of a run, for tracing.
    AgentTrace = "agent_trace",
    /// How many tokens the model read and wrote.
    UsageMetadata = "usageMetadata",
    /// Speech begins.
    TtsStart = "tts_start",
    /// A piece of speech.
    TtsData = "tts_data",
    /// Speech is complete.
    TtsEnd = "tts_end",
    /// Speech was stopped.
    TtsAbort = "tts_abort",
    /// The ids of chat, message and session; the last but one event of a run.
    Metadata = "metadata",
    /// The run was stopped.
    Abort = "abort",
    /// The run has failed.
    Error = "error",
    /// The stream is complete.
    End = "end",
    /// A run that another program watches is complete.
    ExecutionEnd = "executionEnd",
}

impl EventKind {
    /// Whether the event has the same meaning for every payload, so that the payload may be unreadable.
    pub(crate) fn is_signal(self) -> bool {
        matches!(self, Self::End | Self::Abort | Self::TtsAbort)
    }

    /// As [`from_name`](Self::from_name). Bytes that are not UTF-8 are an unknown name.
    #[inline]
    pub(crate) fn from_bytes(name: &[u8]) -> Self {
        // Most events of a stream are tokens.
        if name == b"token" {
            return Self::Token;
        }
        std::str::from_utf8(name).map_or(Self::Unknown, Self::from_name)
    }
}

#[cfg(test)]
mod tests {
    use super::EventKind;

    #[test]
    fn every_name_leads_back_to_its_kind() {
        for (number, &kind) in EventKind::ALL.iter().enumerate() {
            assert_eq!(kind as usize, number);
            assert_eq!(EventKind::from_name(kind.name()), kind);
            assert_eq!(EventKind::from_bytes(kind.name().as_bytes()), kind);
        }
    }
}
