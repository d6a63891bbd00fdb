//! A socket of the model driver.

use crate::run::Wire;

/// A socket, of the page or of a run.
#[derive(Debug)]
pub(super) struct Socket {
    /// The socket is connected or connecting.
    pub(super) is_active: bool,
    /// The connection, if any: its number among those of the server, and its wire.
    pub(super) connection: Option<(usize, Wire)>,
    /// The connection over which events of an abandoned run may arrive.
    pub(super) stale: Option<usize>,
    /// The run that owns the socket.
    pub(super) owner: Option<usize>,
}

impl Socket {
    pub(super) fn new(owner: Option<usize>) -> Self {
        Self {
            is_active: true,
            connection: None,
            stale: None,
            owner,
        }
    }

    /// Whether its run may only use Socket.IO.
    pub(super) fn is_own(&self) -> bool {
        self.owner.is_some()
    }
}
