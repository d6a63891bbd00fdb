//! What a listener holds until it restarts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::runs::Runs;
use super::sockets::Sockets;
use super::streams::Streams;
use crate::connection::Connections;

/// Connections, sockets, running questions, rate limits.
pub(crate) struct Life {
    pub(crate) connections: Arc<Connections>,
    pub(crate) sockets: Sockets,
    pub(crate) streams: Streams,
    pub(crate) runs: Runs,
    pub(crate) ended: CancellationToken,
    asked_at: Mutex<HashMap<String, Instant>>,
}

impl Life {
    pub(crate) fn new() -> Self {
        Self {
            connections: Arc::default(),
            sockets: Sockets::new(),
            streams: Streams::default(),
            runs: Runs::default(),
            ended: CancellationToken::new(),
            asked_at: Mutex::default(),
        }
    }

    /// Counts a question against the limit of one per minute; returns the rest of the minute if the limit is exceeded.
    pub(crate) fn limit(&self, flow: &str) -> Result<(), Duration> {
        const MINUTE: Duration = Duration::from_secs(60);
        let mut asked_at = self.asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = asked_at.get(flow)
            && let Some(rest) = MINUTE.checked_sub(at.elapsed())
        {
            return Err(rest);
        }
        asked_at.insert(flow.to_owned(), Instant::now());
        Ok(())
    }

    pub(crate) fn forget_limits(&self) {
        self.asked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
