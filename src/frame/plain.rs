//! Payloads that may not be JSON.

use super::EventKind;

/// How to read a payload that may not be JSON.
///
/// Flowise's own documentation shows its stream as `event: token` and `data: Once upon a time...`, and some servers follow
/// it. Such a message has the event's name as its event type and the payload as its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Plain {
    /// As JSON; anything else is malformed.
    Never = 0,
    /// As text if it is not JSON.
    Malformed = 1,
    /// As text if it is not JSON, or if it is a number, a boolean or `null`.
    Scalar = 2,
    /// As text, unless it is a JSON string.
    Always = 3,
}

impl Plain {
    /// How to read data that is not a frame, in a message with this event type (empty if it has none).
    #[must_use]
    pub fn of(event_type: &str, data: &[u8]) -> Self {
        // A truncated frame is not a text.
        if matches!(event_type, "" | "message") || data.starts_with(br#"{"event""#) {
            return Self::Never;
        }
        match EventKind::from_name(event_type) {
            EventKind::Token | EventKind::Thinking | EventKind::NextAgent | EventKind::Tool => {
                Self::Always
            }
            EventKind::Start | EventKind::Error | EventKind::AgentFlowEvent => Self::Scalar,
            EventKind::Abort | EventKind::End | EventKind::ExecutionEnd | EventKind::TtsAbort => {
                Self::Malformed
            }
            EventKind::Unknown if !matches!(data, [b'{' | b'[', ..]) => Self::Malformed,
            _ => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plain;

    #[test]
    fn payloads_without_json_are_recognised_by_their_event_type() {
        for (event_type, data, plain) in [
            ("", "Hello", Plain::Never),
            ("message", "Hello", Plain::Never),
            ("token", "Hello", Plain::Always),
            ("token", "{", Plain::Always),
            ("token", r#"{"event":"token","da"#, Plain::Never),
            ("start", "1", Plain::Scalar),
            ("error", "Error: 404", Plain::Scalar),
            ("end", "[DONE]", Plain::Malformed),
            ("usedTools", "[{", Plain::Never),
            ("mood", "happy", Plain::Malformed),
            ("mood", "[1", Plain::Never),
            ("mood", r#"{"level":"#, Plain::Never),
            ("mood", "", Plain::Malformed),
        ] {
            assert_eq!(
                Plain::of(event_type, data.as_bytes()),
                plain,
                "{event_type}: {data}"
            );
        }
    }
}
