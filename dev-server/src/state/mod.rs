//! The state that a request's handler can reach.

pub(crate) mod life;
pub(crate) mod listener;
pub(crate) mod log;
mod runs;
pub(crate) mod seen;
mod sockets;
pub(crate) mod store;
pub(crate) mod streams;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use self::life::Life;
use self::listener::Listener;
use self::log::RequestLog;
use self::seen::Seen;
use self::store::Store;
use crate::config::RealFlowise;
use crate::connection::Connection;
use crate::flows::Generation;
use crate::recordings::Recordings;

/// What both listeners share, and what survives a restart: settings, log and database.
pub(crate) struct World {
    pub(crate) recordings: Recordings,
    pub(crate) speed: f64,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) real: Option<RealFlowise>,
    pub(crate) log: Arc<RequestLog>,
    pub(crate) store: Store,
    pub(crate) seen: Seen,
    pub(crate) listeners: OnceLock<[Arc<Listener>; 2]>,
    /// The REST interface, which both listeners use.
    pub(crate) router: axum::Router,
}

impl World {
    /// Waits for a recorded time at the configured speed, or until the run is aborted.
    pub(crate) async fn wait(&self, time: Duration, abort: Option<&CancellationToken>) {
        if self.speed <= 0.0 || time.is_zero() {
            return;
        }
        let time = time.div_f64(self.speed);
        match abort {
            Some(abort) => drop(tokio::time::timeout(time, abort.cancelled()).await),
            None => tokio::time::sleep(time).await,
        }
    }

    /// Both listeners. The one for server-sent events comes first.
    pub(crate) fn listeners(&self) -> &[Arc<Listener>] {
        self.listeners.get().map_or(&[], |both| both)
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
