//! The generations of Flowise that the server plays.

use serde::Serialize;

/// A generation of Flowise, by its way of streaming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Generation {
    /// Flowise 2.0.7: events over Socket.IO.
    #[serde(rename = "2.0")]
    SocketIo,
    /// Flowise 3.1.4: server-sent events.
    #[serde(rename = "3.1")]
    Sse,
}

impl Generation {
    /// `2.0` or `3.1`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SocketIo => "2.0",
            Self::Sse => "3.1",
        }
    }

    /// The generation with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::SocketIo, Self::Sse]
            .into_iter()
            .find(|generation| generation.name() == name)
    }
}

/// For flows that exist in both generations.
pub(crate) const BOTH: &[Generation] = &[Generation::SocketIo, Generation::Sse];

/// For flows that only 3.1 has.
pub(crate) const SSE: &[Generation] = &[Generation::Sse];
