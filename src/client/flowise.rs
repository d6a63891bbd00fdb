//! A chatflow and its options, and the two ways to ask it.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::options::{Options, Transport};
use super::outgoing::{Credentials, Hook, Key, OutgoingRequest};
use super::stream::EventStream;
use crate::error::Error;
use crate::payload::Prediction;
use crate::request::PredictionRequest;
use crate::run::Target;

/// A chatflow on a Flowise server: plain data that can be shared between threads, compared, and passed to components.
///
/// A function among its options ([`FlowiseBuilder::on_request`]) equals only itself and its clones.
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
pub struct Flowise(pub(super) Options);

impl Flowise {
    /// A chatflow by its full prediction URL, as Flowise's "API endpoint" dialog shows it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the URL is not valid.
    pub fn new(url: impl Into<String>) -> Result<Self, Error> {
        Self::builder(url).build()
    }

    /// A chatflow with options. The URL is either the full prediction URL, or the URL of the server, which
    /// [`chatflow_id`](FlowiseBuilder::chatflow_id) completes.
    pub fn builder(url: impl Into<String>) -> FlowiseBuilder {
        FlowiseBuilder {
            options: Options {
                url: url.into(),
                ..Options::default()
            },
        }
    }

    /// A builder with the same options, to make a variant: for a call that needs a longer limit or a header of its own.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # fn f(flowise: flowise_stream::Flowise) -> Result<(), flowise_stream::Error> {
    /// let patient = flowise.to_builder().first_byte_timeout(Duration::ZERO).build()?;
    /// # Ok(()) }
    /// ```
    pub fn to_builder(&self) -> FlowiseBuilder {
        FlowiseBuilder {
            options: self.0.clone(),
        }
    }

    /// Asks a question and returns the events of the answer as they arrive.
    ///
    /// See [`EventStream`]. Any number of streams can run at once; streams with the same `chatId` wait for each other.
    pub fn stream(&self, request: &PredictionRequest) -> EventStream {
        EventStream::new(Rc::new(self.0.clone()), request)
    }

    /// Asks a question and waits for the whole answer. Dropping the future stops the answer, here and on the server.
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
    /// The failure, with the part that was received ([`Error::partial`]).
    pub async fn query(&self, request: &PredictionRequest) -> Result<Prediction, Error> {
        self.stream(request).finish().await
    }

    pub(super) fn target(&self) -> Result<Target, Error> {
        self.0.target()
    }
}

impl fmt::Debug for Flowise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // headers and key may be secrets
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

    /// The key of a locked chatflow. Everyone who opens the page can read it.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.options.api_key = Key::Fixed(key.into());
        self
    }

    /// As [`api_key`](Self::api_key), but the function is called for each request: for keys that change. `None` sends no key.
    ///
    /// ```no_run
    /// # async fn fresh_key() -> Option<String> { None }
    /// # fn f() -> Result<(), flowise_stream::Error> {
    /// let flowise = flowise_stream::Flowise::builder("https://flowise.example/api/v1/prediction/0a1b2c")
    ///     .api_key_with(|| async { fresh_key().await })
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn api_key_with<F>(mut self, key: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output: Into<Option<String>>> + 'static,
    {
        self.options.api_key = Key::Asked(Hook(Arc::new(move || {
            let key = key();
            Box::pin(async move { key.await.into() })
        })));
        self
    }

    /// Adds an HTTP header to every request.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.insert(name.into(), value.into());
        self
    }

    /// Headers from a function that is called for each request: for tokens that change. They replace a
    /// [`header`](Self::header) of the same name. A Socket.IO connection outlives a request, so it does not send them.
    ///
    /// ```no_run
    /// # async fn fresh_token() -> String { String::new() }
    /// # fn f() -> Result<(), flowise_stream::Error> {
    /// let flowise = flowise_stream::Flowise::builder("https://flowise.example/api/v1/prediction/0a1b2c")
    ///     .headers_with(|| async { [("x-token", fresh_token().await)] })
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn headers_with<F, H, N, V>(
        mut self,
        headers: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = H> + 'static,
        H: IntoIterator<Item = (N, V)>,
        N: Into<String>,
        V: Into<String>,
    {
        self.options.asked_headers = Some(Hook(Arc::new(move || {
            let headers = headers();
            Box::pin(async move {
                let headers = headers.await.into_iter();
                let headers = headers.map(|(name, value)| (name.into(), value.into()));
                headers.collect()
            })
        })));
        self
    }

    /// Whether requests carry cookies. Without this option, the browser's default applies.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.options.credentials = Some(credentials);
        self
    }

    /// Calls the function with each request just before it is sent, and sends the request that it returns: to sign it, to
    /// trace it, or to add something to this one. See [`OutgoingRequest`].
    ///
    /// The function does not see the requests that detect the transport and check that the server is reachable, nor the
    /// requests that socket.io-client makes.
    pub fn on_request<F>(
        mut self,
        change: impl Fn(OutgoingRequest) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = OutgoingRequest> + 'static,
    {
        self.options.on_request = Some(Hook(Arc::new(move |request| Box::pin(change(request)))));
        self
    }

    /// How the server streams. Without this option, the library detects it.
    pub fn transport(mut self, transport: Transport) -> Self {
        self.options.transport = transport;
        self
    }

    /// How long connecting may take: 20 seconds by default. Zero means no limit, here and below.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.options.connect = Some(timeout);
        self
    }

    /// How long the server may take to send the first byte: 60 seconds by default.
    pub fn first_byte_timeout(mut self, timeout: Duration) -> Self {
        self.options.first_byte = Some(timeout);
        self
    }

    /// How long the server may be silent: five minutes by default. Heartbeats count as a sign of life.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.options.idle = Some(timeout);
        self
    }

    /// How long a whole answer may take: no limit by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.total = Some(timeout);
        self
    }

    /// The maximum size of an event in bytes: 128 MiB by default ([`sse::DEFAULT_MAX_MESSAGE_BYTES`](crate::sse::DEFAULT_MAX_MESSAGE_BYTES)).
    /// Larger events are skipped, with a [warning](EventStream::warnings).
    pub fn max_message_bytes(mut self, limit: usize) -> Self {
        self.options.max_message_bytes = Some(limit);
        self
    }

    /// Makes the chatflow.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the URL is not valid, or no chatflow is named.
    pub fn build(self) -> Result<Flowise, Error> {
        self.options.target()?.url("")?;
        Ok(Flowise(self.options))
    }
}

impl fmt::Debug for FlowiseBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // headers and key may be secrets
        f.debug_struct("FlowiseBuilder")
            .field("url", &self.options.url)
            .field("chatflow_id", &self.options.chatflow_id)
            .field("transport", &self.options.transport)
            .finish_non_exhaustive()
    }
}
