//! The requests that the server has received, for tests to read.

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use serde::Serialize;

use crate::connection::Connection;
use crate::flows::Generation;

/// More than any test makes; new entries replace the oldest.
const ENTRIES: usize = 4096;
const BODY_BYTES: usize = 64 * 1024;

/// One request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(skip)]
    number: u64,
    /// `sse` or `socketIo`: the listener.
    server: &'static str,
    generation: Generation,
    /// Milliseconds since the server started.
    at_ms: u64,
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
    status: Option<u16>,
    /// When the response was complete, or the connection was lost.
    end_ms: Option<u64>,
    /// The client left before the response was complete.
    closed_early: bool,
}

/// The log.
#[derive(Debug)]
pub(crate) struct RequestLog {
    started: Instant,
    next: AtomicU64,
    entries: Mutex<VecDeque<Entry>>,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            next: AtomicU64::new(0),
            entries: Mutex::default(),
        }
    }
}

impl RequestLog {
    /// Adds a request. The guard records how it ended.
    pub(crate) fn open<T>(
        self: &Arc<Self>,
        server: &'static str,
        generation: Generation,
        connection: &Arc<Connection>,
        request: &Request<T>,
    ) -> Guard {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let headers = request.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        let entry = Entry {
            number,
            server,
            generation,
            at_ms: self.now(),
            method: request.method().to_string(),
            path: request.uri().to_string(),
            headers: headers.collect(),
            body: String::new(),
            status: None,
            end_ms: None,
            closed_early: false,
        };
        let mut entries = self.lock();
        if entries.len() == ENTRIES {
            entries.pop_front();
        }
        entries.push_back(entry);
        drop(entries);
        Guard {
            log: Arc::clone(self),
            number,
            connection: Arc::clone(connection),
            done: false,
        }
    }

    /// All entries, as JSON.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&*self.lock()).unwrap_or_default()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.lock().iter_mut().find(|entry| entry.number == number) {
            change(entry);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records the end of a request when dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    log: Arc<RequestLog>,
    number: u64,
    connection: Arc<Connection>,
    done: bool,
}

impl Guard {
    pub(crate) fn body(&self, body: &Bytes) {
        let text = String::from_utf8_lossy(&body[..body.len().min(BODY_BYTES)]).into_owned();
        self.log.change(self.number, |entry| entry.body = text);
    }

    pub(crate) fn status(&self, status: u16) {
        self.log
            .change(self.number, |entry| entry.status = Some(status));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let now = self.log.now();
        let early = !self.done && !self.connection.is_cut();
        self.log.change(self.number, |entry| {
            entry.end_ms = Some(now);
            entry.closed_early = early;
        });
    }
}

/// A response body that tells the log when it is complete.
pub(crate) struct Watched {
    body: Body,
    guard: Guard,
}

impl Watched {
    pub(crate) fn new(body: Body, mut guard: Guard) -> Self {
        guard.done = body.is_end_stream();
        Self { body, guard }
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.guard.done = true;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
