//! The TCP connections of one listener, and the ways to cut them.
//!
//! Everything goes through [`TrackedStream`], so that a connection can be reset or half-closed at any moment,
//! also after it was upgraded to a WebSocket.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::io;
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// How a server ends a connection without a message of the protocol above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// RST: the peer sees "connection reset".
    Reset,
    /// FIN from this side only: the peer sees the end of the bytes and may continue to send.
    HalfClose,
}

/// One accepted connection.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    id: u64,
    how: OnceLock<Cut>,
    cut: CancellationToken,
    engine_ids: Mutex<HashSet<String>>,
}

impl Connection {
    /// Cuts the connection; the first cut wins.
    pub(crate) fn cut(&self, how: Cut) {
        let _ = self.how.set(how);
        self.cut.cancel();
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.cut.is_cancelled()
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Notes that the connection carries the Engine.IO session `sid`.
    pub(crate) fn carries(&self, sid: &str) {
        let mut ids = self
            .engine_ids
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ids.insert(sid.to_owned());
    }

    /// The session's request on this connection has been answered; others may use the connection now.
    pub(crate) fn carried(&self, sid: &str) {
        let mut ids = self
            .engine_ids
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ids.remove(sid);
    }

    fn is_of(&self, sid: &str) -> bool {
        let ids = self
            .engine_ids
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ids.contains(sid)
    }
}

/// The open connections of a listener.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    next: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Connection>>>,
}

impl Connections {
    /// Adds an accepted stream to the list. Dropping it removes it.
    pub(crate) fn admit(self: &Arc<Self>, stream: TcpStream) -> TrackedStream {
        let connection = Arc::new(Connection {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            ..Connection::default()
        });
        self.lock().insert(connection.id, Arc::clone(&connection));
        TrackedStream {
            stream,
            waiting: Box::pin(connection.cut.clone().cancelled_owned()),
            cut: None,
            connection,
            connections: Arc::clone(self),
        }
    }

    /// The number of open connections, except the one with the id `besides`.
    pub(crate) fn count(&self, besides: u64) -> usize {
        self.lock().keys().filter(|id| **id != besides).count()
    }

    /// Waits until the connection with this id is closed, with a limit: its peer may be slow.
    pub(crate) async fn gone(&self, id: u64) {
        for _ in 0..1000 {
            if !self.lock().contains_key(&id) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    pub(crate) fn cut_all(&self, how: Cut) {
        for connection in self.lock().values() {
            connection.cut(how);
        }
    }

    /// Cuts the connections that carry the Engine.IO session `sid`.
    pub(crate) fn cut_session(&self, sid: &str, how: Cut) {
        for connection in self.lock().values().filter(|c| c.is_of(sid)) {
            connection.cut(how);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The byte stream of a connection.
pub(crate) struct TrackedStream {
    stream: TcpStream,
    waiting: Pin<Box<WaitForCancellationFutureOwned>>,
    cut: Option<Cut>,
    connection: Arc<Connection>,
    connections: Arc<Connections>,
}

impl TrackedStream {
    pub(crate) fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.connection)
    }

    /// Carries out a requested cut, and registers for the next one.
    fn poll_cut(&mut self, context: &mut Context<'_>) -> Option<Cut> {
        if self.cut.is_none() && self.waiting.as_mut().poll(context).is_ready() {
            let how = self.connection.how.get().copied().unwrap_or(Cut::Reset);
            self.cut = Some(how);
            let socket = SockRef::from(&self.stream);
            // This fails only if the peer closed first.
            let _ = match how {
                Cut::Reset => socket.set_linger(Some(Duration::ZERO)),
                Cut::HalfClose => socket.shutdown(Shutdown::Write),
            };
        }
        self.cut
    }
}

impl Drop for TrackedStream {
    fn drop(&mut self) {
        if self.connection.is_cut() && self.connection.how.get() == Some(&Cut::Reset) {
            let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        }
        self.connections.lock().remove(&self.connection.id);
    }
}

impl AsyncRead for TrackedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.poll_cut(context) {
            Some(Cut::Reset) => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            _ => Pin::new(&mut self.stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for TrackedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.poll_cut(context) {
            Some(Cut::Reset) => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            // The read side ends the connection when the peer closes.
            Some(Cut::HalfClose) => Poll::Pending,
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.cut {
            Some(_) => Poll::Ready(Ok(())),
            None => Pin::new(&mut self.stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.cut {
            Some(_) => Poll::Ready(Ok(())),
            None => Pin::new(&mut self.stream).poll_shutdown(context),
        }
    }
}
