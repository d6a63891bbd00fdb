//! The Rust API: a chatflow, and what can be asked of it.

mod answer;
mod calls;
mod chat;
mod driver;
mod options;
mod reading;
mod request;
mod socket;
mod stream;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::error::Error;
use crate::prediction::Prediction;
use crate::request::PredictionRequest;
pub use chat::{Chat, ChatState};
use options::Options;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// The one that the server speaks.
    #[default]
    Auto,
    /// Over Socket.IO, as Flowise before 2.1.
    SocketIo,
    /// As server-sent events, as Flowise from 2.1 on.
    ServerSentEvents,
}

/// A chatflow on a Flowise server: plain data, which can be shared between threads, compared, and given to components.
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
#[derive(Clone, PartialEq, Eq)]
pub struct Flowise(Options);

impl Flowise {
    /// A chatflow by its whole prediction URL, as Flowise's "API endpoint" dialog shows it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if it is no URL.
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
        EventStream::new(Rc::new(self.0.clone()), request)
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
}

impl fmt::Debug for Flowise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // headers and key are nobody's business
        f.debug_struct("Flowise")
            .field("url", &self.0.url)
            .field("chatflow_id", &self.0.chatflow_id)
            .field("transport", &self.0.transport)
            .finish_non_exhaustive()
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
#[derive(Clone, PartialEq, Eq)]
#[must_use = "`build` makes the chatflow"]
pub struct FlowiseBuilder {
    options: Options,
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
        self.options.connect = Some(timeout);
        self
    }

    /// How long the server may take to say anything: 60 seconds unless set.
    pub fn first_byte_timeout(mut self, timeout: Duration) -> Self {
        self.options.first_byte = Some(timeout);
        self
    }

    /// How long the server may be silent: five minutes unless set. Its heartbeats count.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.options.idle = Some(timeout);
        self
    }

    /// How long an answer may take altogether: as long as it wants unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.total = Some(timeout);
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
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the URL is none, or nothing says which chatflow it is.
    pub fn build(self) -> Result<Flowise, Error> {
        self.options.target()?.url("")?;
        Ok(Flowise(self.options))
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
