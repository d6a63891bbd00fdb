//! The Rust API: a chatflow, and what can be asked of it.

mod delivery;
mod error;
mod http;
mod json;
mod stream;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde_wasm_bindgen::Serializer;

use crate::browser::server::Server;
use crate::error::{Error, ErrorKind};
use crate::prediction::Prediction;
use crate::request::PredictionRequest;
pub use stream::EventStream;

/// How a server streams.
///
/// ```no_run
/// # fn f() -> Result<(), flowise_stream::Error> {
/// use flowise_stream::{Flowise, Transport};
///
/// let flowise = Flowise::builder("https://flowise.example/api/v1/prediction/0a1b2c")
///     .transport(Transport::ServerSentEvents)
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum Transport {
    /// It is found out.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// Over Socket.IO, as Flowise before 2.1.
    #[serde(rename = "socket.io")]
    SocketIo,
    /// As server-sent events, as Flowise from 2.1 on.
    #[serde(rename = "sse")]
    ServerSentEvents,
}

/// A chatflow on a Flowise server. Clones are cheap.
///
/// ```no_run
/// use flowise_stream::{Event, Flowise, PredictionRequest};
/// use futures_util::StreamExt as _;
///
/// # async fn f() -> Result<(), flowise_stream::Error> {
/// let flowise = Flowise::new("https://flowise.example/api/v1/prediction/0a1b2c")?;
/// let mut answer = flowise.stream(&PredictionRequest::new("How are you?"));
/// while let Some(event) = answer.next().await {
///     if let Event::Token(text) = event? {
///         show(&text);
///     }
/// }
/// # Ok(()) }
/// # fn show(_: &str) {}
/// ```
#[derive(Clone)]
pub struct Flowise(Server);

impl Flowise {
    /// A chatflow by its whole prediction URL, as Flowise's "API endpoint" dialog shows it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if it is no URL.
    pub fn new(url: impl Into<String>) -> Result<Self, Error> {
        Self::builder(url).build()
    }

    /// A chatflow with options. The URL is its whole prediction URL, or the server's, which
    /// [`chatflow_id`](FlowiseBuilder::chatflow_id) completes.
    pub fn builder(url: impl Into<String>) -> FlowiseBuilder {
        FlowiseBuilder {
            options: Options {
                url: url.into(),
                ..Options::default()
            },
        }
    }

    /// Asks, and gives the events of the answer as they come.
    ///
    /// See [`EventStream`]. Any number of streams can run at once; those with one `chatId` wait for each other.
    pub fn stream(&self, request: &PredictionRequest) -> EventStream {
        EventStream::new(&self.0.options, request)
    }

    /// Asks, and waits for the whole answer. Dropping the future stops it, here and on the server.
    ///
    /// ```no_run
    /// # async fn f(flowise: flowise_stream::Flowise) -> Result<(), flowise_stream::Error> {
    /// use flowise_stream::PredictionRequest;
    ///
    /// let answer = flowise.query(&PredictionRequest::new("How are you?")).await?;
    /// show(&answer.text);
    /// # Ok(()) }
    /// # fn show(_: &str) {}
    /// ```
    ///
    /// # Errors
    ///
    /// What went wrong, with what was received ([`Error::partial`]).
    pub async fn query(&self, request: &PredictionRequest) -> Result<Prediction, Error> {
        self.stream(request).finish().await
    }

    const fn server(&self) -> &Server {
        &self.0
    }
}

impl fmt::Debug for Flowise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // the options hold the key
        f.debug_tuple("Flowise").field(&self.0.endpoint).finish()
    }
}

/// Options of a [`Flowise`].
///
/// ```no_run
/// use std::time::Duration;
/// use flowise_stream::Flowise;
///
/// # fn f() -> Result<(), flowise_stream::Error> {
/// let flowise = Flowise::builder("https://flowise.example")
///     .chatflow_id("0a1b2c")
///     .header("x-tenant", "7")
///     .idle_timeout(Duration::from_secs(60))
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "`build` makes the chatflow"]
pub struct FlowiseBuilder {
    options: Options,
}

/// The options of the JavaScript API, of which this one is made.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    chatflow_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<String>,
    headers: BTreeMap<String, String>,
    transport: Transport,
    timeouts: Timeouts,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_message_bytes: Option<usize>,
}

#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Timeouts {
    #[serde(skip_serializing_if = "Option::is_none")]
    connect: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_byte: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<f64>,
}

impl FlowiseBuilder {
    /// The chatflow, if the URL does not name it.
    pub fn chatflow_id(mut self, id: impl Into<String>) -> Self {
        self.options.chatflow_id = Some(id.into());
        self
    }

    /// The key of a chatflow that is locked. Whoever opens the page can read it.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.options.api_key = Some(key.into());
        self
    }

    /// Adds an HTTP header to every request.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.insert(name.into(), value.into());
        self
    }

    /// How the server streams, if it is not to be found out.
    pub fn transport(mut self, transport: Transport) -> Self {
        self.options.transport = transport;
        self
    }

    /// How long a connection may take to come about: 20 seconds unless set. Zero is no limit, here and below.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeouts.connect = Some(millis(timeout));
        self
    }

    /// How long the server may take to say anything: 60 seconds unless set.
    pub fn first_byte_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeouts.first_byte = Some(millis(timeout));
        self
    }

    /// How long the server may be silent: five minutes unless set. Its heartbeats count.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeouts.idle = Some(millis(timeout));
        self
    }

    /// How long an answer may take altogether: as long as it wants unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeouts.total = Some(millis(timeout));
        self
    }

    /// How long an event may be, in bytes. Longer ones are left out.
    pub fn max_message_bytes(mut self, limit: usize) -> Self {
        self.options.max_message_bytes = Some(limit);
        self
    }

    /// Makes the chatflow.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the URL is none, or nothing says which chatflow it is.
    pub fn build(self) -> Result<Flowise, Error> {
        let serializer = Serializer::new().serialize_maps_as_objects(true);
        let options = self
            .options
            .serialize(&serializer)
            .map_err(|error| Error::new(ErrorKind::Config, error.to_string()))?;
        let server = Server::from_options(&options)?;
        server.path("").map_err(|thrown| error::from_js(&thrown))?;
        Ok(Flowise(server))
    }
}

impl fmt::Debug for FlowiseBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // headers and key are nobody's business
        f.debug_struct("FlowiseBuilder")
            .field("url", &self.options.url)
            .field("chatflow_id", &self.options.chatflow_id)
            .field("transport", &self.options.transport)
            .finish_non_exhaustive()
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
