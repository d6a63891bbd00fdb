//! A run that is not a question: its kind, and a driver's record of it.

/// A call of each kind that a driver distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Settings,
    Stop,
    Feedback,
    Speech,
    /// Whether a chatflow exists.
    Probe,
    /// Whether a server answers, without a chatflow.
    Knock,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [
        Self::Settings,
        Self::Stop,
        Self::Feedback,
        Self::Speech,
        Self::Probe,
        Self::Knock,
    ];
}

/// A run that is not a question.
#[derive(Debug)]
pub(super) struct Errand {
    pub(super) kind: Kind,
    /// The time limit; 0 means no limit.
    pub(super) limit: u64,
    /// How often it was sent, and how often the page checked whether a server answers.
    pub(super) sent: u32,
    pub(super) knocks: u32,
    /// The reply to the call has arrived.
    pub(super) is_answered: bool,
}
