//! The options of a `Flowise`: plain data.

use std::collections::BTreeMap;
use std::time::Duration;

use super::outgoing::{AskHeaders, Change, Credentials, Hook, Key};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::run::{Limits, Target, Transport as Wires};

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
    /// The one that the server speaks, detected at the first request.
    #[default]
    Auto,
    /// Over Socket.IO, as Flowise before 2.1 does.
    SocketIo,
    /// As server-sent events, as Flowise from 2.1 on does.
    ServerSentEvents,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) url: String,
    pub(super) chatflow_id: Option<String>,
    pub(super) api_key: Key,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) asked_headers: Option<Hook<AskHeaders>>,
    pub(super) credentials: Option<Credentials>,
    pub(super) on_request: Option<Hook<Change>>,
    pub(super) transport: Transport,
    pub(super) connect: Option<Duration>,
    pub(super) first_byte: Option<Duration>,
    pub(super) idle: Option<Duration>,
    pub(super) total: Option<Duration>,
    pub(super) max_message_bytes: Option<usize>,
}

impl Options {
    /// The chatflow that the options name.
    pub(super) fn target(&self) -> Result<Target, Error> {
        let endpoint = Endpoint::parse(self.url.trim())?;
        let has_key = self.api_key.is_there();
        Ok(Target::new(endpoint, self.chatflow_id.as_deref(), has_key))
    }

    /// The headers for the next request, by their names in lower case.
    pub(super) async fn headers_now(&self) -> BTreeMap<String, String> {
        let asked = match &self.asked_headers {
            Some(ask) => (ask.0)().await,
            None => Vec::new(),
        };
        let fixed = self.headers.iter();
        let fixed = fixed.map(|(name, value)| (name.clone(), value.clone()));
        let all = fixed.chain(asked);
        all.map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect()
    }

    pub(super) fn limits(&self) -> Limits {
        let ms = |limit: Option<Duration>| limit.map(|limit| limit.as_secs_f64() * 1000.0);
        Limits::from_options(
            ms(self.connect),
            ms(self.first_byte),
            ms(self.idle),
            ms(self.total),
        )
    }

    pub(super) const fn wires(&self) -> Wires {
        match self.transport {
            Transport::Auto => Wires::Auto,
            Transport::SocketIo => Wires::SocketIo,
            Transport::ServerSentEvents => Wires::EventStream,
        }
    }
}
