//! A server that plays Flowise, for the demo and the tests: no account, no key, no network.
//!
//! One process listens on two ports of 127.0.0.1. One plays Flowise 3.1.4, which streams
//! server-sent events; the other plays Flowise 2.0.7, which streams over Socket.IO. Both have the same
//! chatflows, with readable ids. The recorded ones (`chain`, `team`, …) are replayed byte for byte with
//! their timing. `scripted` answers by the words of the question. `trouble-…` imitates faults of servers,
//! proxies and networks. `GET /dev/flows` lists all flows.
//!
//! The server is a stand-in: repeat against real servers what you prove with it.

mod answers;
mod connection;
mod context;
mod control;
mod cors;
mod dispatch;
mod flows;
mod listener;
mod log;
mod plan;
mod prediction;
mod recordings;
mod replay;
mod request;
mod rest;
mod runs;
mod scripted;
mod socket;
mod speech;
mod sse;
mod store;
mod trouble;
mod uploads;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use url::Url;

use crate::connection::Cut;
use crate::context::World;
pub use crate::flows::{API_KEY, Generation};
use crate::listener::Listener;
use crate::log::RequestLog;
use crate::recordings::Recordings;
use crate::store::Store;
use crate::trouble::Seen;

/// The options of the server.
#[derive(Clone, Debug)]
pub struct Config {
    /// The port that plays Flowise 3.1.4; 0 picks a free one.
    pub port: u16,
    /// The port that plays Flowise 2.0.7; 0 picks a free one.
    pub socket_io_port: u16,
    /// The folder with `flowise-2.0.7` and `flowise-3.1.4`. The default is the checkout's.
    pub recordings: Option<PathBuf>,
    /// A folder whose files are served at `/` of both ports.
    pub www: Option<PathBuf>,
    /// Divides all recorded delays; 0 removes them.
    pub speed: f64,
    /// Flowise's `CORS_ORIGINS`: origins whose pages may make every call, or `*`. Empty is Flowise's
    /// own default.
    pub cors_origins: Vec<String>,
    /// A real server for the demo to use instead.
    pub real: Option<RealFlowise>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            socket_io_port: 0,
            recordings: None,
            www: None,
            speed: 1.0,
            cors_origins: vec!["*".to_owned()],
            real: None,
        }
    }
}

/// A real Flowise server for the demo.
#[derive(Clone)]
pub struct RealFlowise {
    /// Its address.
    pub url: Url,
    /// The chatflow to ask.
    pub chatflow_id: String,
    /// The key that the chatflow needs, if any.
    pub api_key: Option<String>,
}

impl fmt::Debug for RealFlowise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The key stays out of logs.
        f.debug_struct("RealFlowise")
            .field("url", &self.url.as_str())
            .field("chatflow_id", &self.chatflow_id)
            .finish_non_exhaustive()
    }
}

/// Why the server could not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The server cannot listen on the port.
    Port(u16, std::io::Error),
    /// The address of a listener is not a URL.
    Address(SocketAddr, String),
    /// A recording or the folder of recordings has an unexpected form.
    Recordings(PathBuf, String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(port, cause) => {
                write!(
                    f,
                    "cannot listen on 127.0.0.1:{port} ({cause}); choose another port, or 0"
                )
            }
            Self::Address(address, cause) => {
                write!(f, "{address} is not valid in a URL: {cause}")
            }
            Self::Recordings(path, why) => {
                write!(
                    f,
                    "{} {why}; say where the recordings are with --recordings",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Port(_, cause) => Some(cause),
            Self::Address(..) | Self::Recordings(..) => None,
        }
    }
}

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
            let life = listener.life();
            life.ended.cancel();
            life.connections.cut_all(Cut::Reset);
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
        www: config.www,
        real: config.real,
        log: Arc::new(RequestLog::default()),
        store: Store::default(),
        seen: Seen::default(),
        listeners: OnceLock::new(),
        router: OnceLock::new(),
    });
    let (sse, sse_socket) = Listener::bind(Generation::Sse, config.port).await?;
    let (socket_io, other_socket) =
        Listener::bind(Generation::SocketIo, config.socket_io_port).await?;
    let urls = (sse.to_url()?, socket_io.to_url()?);
    let _ = world
        .listeners
        .set([Arc::clone(&sse), Arc::clone(&socket_io)]);
    sse.accept(&world, sse_socket);
    socket_io.accept(&world, other_socket);
    Ok(Running {
        sse: urls.0,
        socket_io: urls.1,
        _stop: Stop(world),
    })
}
