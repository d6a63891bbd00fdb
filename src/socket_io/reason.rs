//! Why a socket was disconnected.

use std::fmt;

/// Why a socket was disconnected.
///
/// ```
/// # #[cfg(target_arch = "wasm32")]
/// # fn f() {
/// use flowise_stream::socket_io::DisconnectReason;
///
/// // a server that restarts: the socket comes back by itself
/// assert!(DisconnectReason::TransportClose.reconnects());
/// // the server wants this client to leave: only the page can decide to come back
/// assert!(!DisconnectReason::ServerDisconnect.reconnects());
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// `io server disconnect`: the server has disconnected this socket.
    ServerDisconnect,
    /// `io client disconnect`: the page disconnected it, with [`Socket::disconnect`](super::Socket::disconnect).
    ClientDisconnect,
    /// `ping timeout`: the server sent no ping in time.
    PingTimeout,
    /// `transport close`: the network or the server closed the connection.
    TransportClose,
    /// `transport error`: the connection broke.
    TransportError,
    /// `parse error`: the server sent data that is not valid Socket.IO.
    ParseError,
    /// `forced close`: the page has closed the connection, or disconnected the last socket on it.
    ForcedClose,
    /// Another reason, in socket.io-client's words.
    Other(String),
}

impl DisconnectReason {
    const NAMES: [(Self, &'static str); 7] = [
        (Self::ServerDisconnect, "io server disconnect"),
        (Self::ClientDisconnect, "io client disconnect"),
        (Self::PingTimeout, "ping timeout"),
        (Self::TransportClose, "transport close"),
        (Self::TransportError, "transport error"),
        (Self::ParseError, "parse error"),
        (Self::ForcedClose, "forced close"),
    ];

    pub(super) fn from_name(name: String) -> Self {
        let known = Self::NAMES.into_iter().find(|(_, known)| *known == name);
        known.map_or_else(|| Self::Other(name), |(reason, _)| reason)
    }

    /// The reason in socket.io-client's words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => {
                let names = Self::NAMES.iter().find(|(reason, _)| reason == known);
                names.map_or("", |(_, name)| name)
            }
        }
    }

    /// Whether the socket reconnects automatically, unless the options disable that.
    #[must_use]
    pub const fn reconnects(&self) -> bool {
        !matches!(
            self,
            Self::ServerDisconnect | Self::ClientDisconnect | Self::ForcedClose
        )
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
