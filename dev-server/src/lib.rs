//! A server that plays Flowise, for the demo and the tests: no account, no key, no network.
//!
//! One process listens on two ports of 127.0.0.1. One plays Flowise 3.1.4, which streams
//! server-sent events; the other plays Flowise 2.0.7, which streams over Socket.IO. Both have the same
//! chatflows, with readable ids. The recorded ones (`chain`, `team`, …) are replayed byte for byte with
//! their timing. `scripted` answers by the words of the question. `trouble-…` imitates faults of servers,
//! proxies and networks. `GET /dev/flows` lists all flows.
//!
//! The server is a stand-in: repeat against real servers what you prove with it.

mod config;
mod connection;
mod error;
mod flows;
mod http;
mod plan;
mod plans;
mod recordings;
mod reply;
mod request;
mod rest;
mod state;
mod wire;

use std::fmt;
use std::sync::{Arc, OnceLock};

use url::Url;

pub use crate::config::{Config, RealFlowise};
pub use crate::error::Error;
pub use crate::flows::{API_KEY, Generation};
use crate::recordings::Recordings;
use crate::state::World;
use crate::state::listener::{Listener, Serve};
use crate::state::log::RequestLog;
use crate::state::seen::Seen;
use crate::state::store::Store;

/// A running server. Dropping it stops the server.
#[derive(Debug)]
#[must_use = "the server stops when this is dropped"]
pub struct Running {
    /// The port that plays Flowise 3.1.4.
    pub sse: Url,
    /// The port that plays Flowise 2.0.7.
    pub socket_io: Url,
    _stop: Stop,
}

impl Running {
    /// Stops the server, and resets all connections.
    pub fn stop(self) {
        drop(self);
    }
}

struct Stop(Arc<World>);

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stop")
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        for listener in self.0.listeners() {
            listener.stop();
        }
    }
}

/// Starts the server in this process, on the current Tokio runtime.
///
/// # Errors
///
/// If a port is taken or the recordings cannot be read.
pub async fn start(config: Config) -> Result<Running, Error> {
    let folder = config.recordings.unwrap_or_else(Recordings::default_folder);
    let world = Arc::new(World {
        recordings: Recordings::read(&folder)?,
        speed: config.speed,
        cors_origins: config
            .cors_origins
            .iter()
            .map(|one| one.to_ascii_lowercase())
            .collect(),
        real: config.real,
        log: Arc::new(RequestLog::default()),
        store: Store::default(),
        seen: Seen::default(),
        listeners: OnceLock::new(),
        router: rest::router(config.www.as_deref()),
    });
    let (sse, sse_socket) = Listener::bind(Generation::Sse, config.port).await?;
    let (socket_io, other_socket) =
        Listener::bind(Generation::SocketIo, config.socket_io_port).await?;
    let urls = (sse.to_url()?, socket_io.to_url()?);
    let _ = world
        .listeners
        .set([Arc::clone(&sse), Arc::clone(&socket_io)]);
    let served = Arc::clone(&world);
    let serve: Serve = Arc::new(move |arrival| Box::pin(http::serve(Arc::clone(&served), arrival)));
    sse.accept(sse_socket, Arc::clone(&serve));
    socket_io.accept(other_socket, serve);
    Ok(Running {
        sse: urls.0,
        socket_io: urls.1,
        _stop: Stop(world),
    })
}
