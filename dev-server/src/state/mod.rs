//! The state that a request's handler can reach.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::connection::{Connection, Connections};
use crate::flows::Generation;
use crate::listener::Listener;
use crate::log::RequestLog;
use crate::recordings::Recordings;
use crate::runs::Runs;
use crate::socket::Sockets;
use crate::sse::Streams;
use crate::store::Store;
use crate::trouble::Seen;
use crate::{RealFlowise, rest};

/// What both listeners share, and what survives a restart: settings, log and database.
pub(crate) struct World {
    pub(crate) recordings: Recordings,
    pub(crate) speed: f64,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) www: Option<PathBuf>,
    pub(crate) real: Option<RealFlowise>,
    pub(crate) log: Arc<RequestLog>,
    pub(crate) store: Store,
    pub(crate) seen: Seen,
    pub(crate) listeners: OnceLock<[Arc<Listener>; 2]>,
    pub(crate) router: OnceLock<axum::Router>,
}

impl World {
    /// A recorded delay at the configured speed; zero at speed 0.
    pub(crate) fn scaled(&self, time: Duration) -> Duration {
        if self.speed <= 0.0 {
            Duration::ZERO
        } else {
            time.div_f64(self.speed)
        }
    }

    /// The REST interface. It is built once, and both listeners use it.
    pub(crate) fn router(&self) -> &axum::Router {
        self.router
            .get_or_init(|| rest::router(self.www.as_deref()))
    }

    /// Both listeners. The one for server-sent events comes first.
    pub(crate) fn listeners(&self) -> &[Arc<Listener>] {
        self.listeners.get().map_or(&[], |both| both)
    }
}

/// What a listener holds until it restarts: connections, sockets, running questions, rate limits.
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

/// The context of one request.
pub(crate) struct Context {
    pub(crate) world: Arc<World>,
    pub(crate) listener: Arc<Listener>,
    pub(crate) life: Arc<Life>,
    pub(crate) connection: Arc<Connection>,
    /// The generation that the listener played when the request arrived.
    pub(crate) generation: Generation,
    /// The chatflow that the path names.
    pub(crate) flow_id: Option<String>,
}

impl Context {
    pub(crate) fn flow_id(&self) -> &str {
        self.flow_id.as_deref().unwrap_or_default()
    }
}
