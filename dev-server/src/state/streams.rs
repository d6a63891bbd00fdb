//! The open event streams.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc;

/// A piece of a response body.
#[derive(Debug)]
pub(crate) enum Piece {
    Bytes(Bytes),
    End,
}

/// Takes the pieces of a body.
pub(crate) type Pieces = mpsc::Sender<Piece>;

/// The open streams, one for each `chatId`.
///
/// As in Flowise, a second stream with the same `chatId` replaces the first: it receives the
/// events of both runs, and the first never ends.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    open: Mutex<HashMap<String, Pieces>>,
}

impl Streams {
    pub(crate) fn add(&self, chat: &str, pieces: Pieces) {
        self.lock().insert(chat.to_owned(), pieces);
    }

    /// Writes into the chat's stream, if there is one.
    pub(crate) async fn write(&self, chat: &str, bytes: Bytes) {
        let pieces = self.lock().get(chat).cloned();
        if let Some(pieces) = pieces {
            // A failure means that the client is gone, which Flowise does not notice either.
            let _ = pieces.send(Piece::Bytes(bytes)).await;
        }
    }

    /// Removes the stream. Flowise does so together with writing `end`, so a question that the client asks upon `end` keeps its stream.
    pub(crate) fn take(&self, chat: &str) -> Option<Pieces> {
        self.lock().remove(chat)
    }

    /// The number of streams whose client is connected.
    pub(crate) fn count(&self) -> usize {
        self.lock()
            .values()
            .filter(|pieces| !pieces.is_closed())
            .count()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Pieces>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
