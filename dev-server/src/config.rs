//! The options of the server.

use std::fmt;
use std::path::PathBuf;

use url::Url;

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
