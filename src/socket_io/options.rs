//! The options of a socket and its connection.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::time::{limit, longest_pause, pause};
use super::value::{self, ValueError};

/// A low-level transport of a Socket.IO connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Transport {
    /// HTTP long-polling.
    Polling,
    /// WebSocket.
    WebSocket,
    /// WebTransport, where the browser and the server have it.
    WebTransport,
}

/// How to connect: the [options of socket.io-client](https://socket.io/docs/v4/client-options/).
///
/// Options that are not set have socket.io-client's defaults. A limit of zero means no limit. Limits are capped at 24 days, the
/// maximum of a browser's timers.
///
/// ```no_run
/// use std::time::Duration;
/// use flowise_stream::socket_io::{Options, Socket, Transport};
///
/// # fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let options = Options::new()
///     .path("/realtime/")
///     .auth(&serde_json::json!({ "token": "abc" }))?
///     .transports(&[Transport::WebSocket])
///     .reconnection_delay(Duration::from_millis(200));
/// let socket = Socket::connect("https://example.com/chat", &options)?;
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct Options {
    fields: Fields,
    auth: Auth,
    others: Vec<(String, JsValue)>,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extra_headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transports: Option<Vec<Transport>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    try_all_transports: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with_credentials: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_connect: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnection: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnection_attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnection_delay: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnection_delay_max: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    randomization_factor: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ack_timeout: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_new: Option<bool>,
}

/// A limit as a Manager takes it.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Limit {
    Milliseconds(f64),
    /// It has to be `false`.
    None(bool),
}

impl Limit {
    pub(super) fn new(duration: Duration) -> Self {
        limit(duration).map_or(Self::None(false), Self::Milliseconds)
    }
}

/// The credentials that the server receives with the connection.
#[derive(Clone, Default)]
pub(super) enum Auth {
    #[default]
    None,
    Value(JsValue),
    Asked(Rc<dyn Fn(Function)>),
}

impl Auth {
    pub(super) fn value<T: Serialize + ?Sized>(auth: &T) -> Result<Self, ValueError> {
        Ok(Self::Value(value::to_js(auth)?))
    }

    pub(super) fn asked<T, F>(auth: impl Fn() -> F + 'static) -> Self
    where
        T: Serialize,
        F: Future<Output = T> + 'static,
    {
        Self::Asked(Rc::new(move |tell: Function| {
            let auth = auth();
            spawn_local(async move {
                let auth = value::to_js(&auth.await).unwrap_or_default();
                let _ = tell.call1(&JsValue::UNDEFINED, &auth);
            });
        }))
    }

    /// The options for socket.io-client, and the closures that have to live as long as the socket.
    pub(super) fn to_js(&self) -> (JsValue, Option<AuthClosure>) {
        match self {
            Self::None => (JsValue::UNDEFINED, None),
            Self::Value(auth) => (auth.clone(), None),
            Self::Asked(ask) => {
                let ask = Rc::clone(ask);
                let ask = AuthClosure::new(move |tell| ask(tell));
                (ask.as_ref().clone(), Some(ask))
            }
        }
    }
}

impl Options {
    /// socket.io-client's defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The path of the server, `/socket.io/` by default. A path in the URL is not this path, but the name of a namespace.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.fields.path = Some(path.into());
        self
    }

    /// What the server receives as `socket.handshake.auth`: an object, for example with a token.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if `auth` cannot be converted to JavaScript.
    pub fn auth<T: Serialize + ?Sized>(mut self, auth: &T) -> Result<Self, ValueError> {
        self.auth = Auth::value(auth)?;
        Ok(self)
    }

    /// As [`auth`](Self::auth), but the function is called for every connection and reconnection: for tokens that expire.
    ///
    /// A value that cannot be converted to JavaScript is sent as no value, and the server will refuse it.
    ///
    /// ```no_run
    /// # use flowise_stream::socket_io::Options;
    /// #[derive(serde::Serialize)]
    /// struct Auth { token: String }
    ///
    /// # async fn fresh_token() -> String { String::new() }
    /// let options = Options::new().auth_with(|| async { Auth { token: fresh_token().await } });
    /// ```
    #[must_use]
    pub fn auth_with<T, F>(mut self, auth: impl Fn() -> F + 'static) -> Self
    where
        T: Serialize,
        F: Future<Output = T> + 'static,
    {
        self.auth = Auth::asked(auth);
        self
    }

    /// Adds a parameter to the query of every HTTP request (`socket.handshake.query` on the server).
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.query.insert(name.into(), value.into());
        self
    }

    /// Adds an HTTP header. Browsers send it with long-polling only, not with a WebSocket.
    #[must_use]
    pub fn extra_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.extra_headers.insert(name.into(), value.into());
        self
    }

    /// The transports, in the order in which they are tried: polling, WebSocket and WebTransport by default.
    #[must_use]
    pub fn transports(mut self, transports: &[Transport]) -> Self {
        self.fields.transports = Some(transports.to_vec());
        self
    }

    /// Whether a long-polling connection is upgraded to a better transport. The default is yes.
    #[must_use]
    pub fn upgrade(mut self, on: bool) -> Self {
        self.fields.upgrade = Some(on);
        self
    }

    /// Whether the next transport is tried when one cannot connect. The default is no.
    #[must_use]
    pub fn try_all_transports(mut self, on: bool) -> Self {
        self.fields.try_all_transports = Some(on);
        self
    }

    /// Whether requests to another origin carry cookies. The default is no.
    #[must_use]
    pub fn with_credentials(mut self, on: bool) -> Self {
        self.fields.with_credentials = Some(on);
        self
    }

    /// Whether to connect at once, which is the default. Otherwise [`Socket::open`](super::Socket::open) connects.
    #[must_use]
    pub fn auto_connect(mut self, on: bool) -> Self {
        self.fields.auto_connect = Some(on);
        self
    }

    /// Whether a lost connection is restored automatically. The default is yes.
    #[must_use]
    pub fn reconnection(mut self, on: bool) -> Self {
        self.fields.reconnection = Some(on);
        self
    }

    /// The maximum number of reconnection attempts. The default, and 0, mean no limit.
    #[must_use]
    pub fn reconnection_attempts(mut self, most: u32) -> Self {
        self.fields.reconnection_attempts = Some(most);
        self
    }

    /// The delay before the first reconnection attempt: one second by default, at least a millisecond. It doubles with each failed
    /// attempt.
    #[must_use]
    pub fn reconnection_delay(mut self, delay: Duration) -> Self {
        self.fields.reconnection_delay = Some(pause(delay));
        self
    }

    /// The longest delay between two attempts: five seconds by default. Zero means no limit.
    #[must_use]
    pub fn reconnection_delay_max(mut self, delay: Duration) -> Self {
        self.fields.reconnection_delay_max = Some(longest_pause(delay));
        self
    }

    /// The random part of a delay, from 0 to 1 and 0.5 by default, so that not all clients reconnect to a restarted server at once.
    #[must_use]
    pub fn randomization_factor(mut self, factor: f64) -> Self {
        self.fields.randomization_factor = Some(factor);
        self
    }

    /// How long connecting may take: 20 seconds by default. Zero means no limit.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.fields.timeout = Some(Limit::new(timeout));
        self
    }

    /// How long an acknowledgement may take if the call sets no limit. Zero, the default, means no limit.
    ///
    /// With [`retries`](Self::retries), an event is sent again after this time, so set both options.
    #[must_use]
    pub fn ack_timeout(mut self, timeout: Duration) -> Self {
        self.fields.ack_timeout = limit(timeout);
        self
    }

    /// How often an event without an acknowledgement is sent again: never by default. With this option, events are sent one at a
    /// time.
    #[must_use]
    pub fn retries(mut self, most: u32) -> Self {
        self.fields.retries = Some(most);
        self
    }

    /// Whether to open a new connection instead of sharing one with other namespaces of the same server. The default is to share.
    #[must_use]
    pub fn force_new(mut self, on: bool) -> Self {
        self.fields.force_new = Some(on);
        self
    }

    /// Sets an option by its JavaScript name, for those without a method here.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<JsValue>) -> Self {
        self.others.push((name.into(), value.into()));
        self
    }

    /// The options for socket.io-client, and the closures that have to live as long as the socket.
    pub(super) fn to_js(&self) -> Result<(JsValue, Option<AuthClosure>), ValueError> {
        let options: Object = value::to_js(&self.fields)?.unchecked_into();
        let set = |name: &str, value: &JsValue| {
            // a plain object of our own takes everything
            let _ = Reflect::set(&options, &name.into(), value);
        };
        let (auth, closure) = self.auth.to_js();
        if !auth.is_undefined() {
            set("auth", &auth);
        }
        for (name, value) in &self.others {
            set(name, value);
        }
        Ok((options.into(), closure))
    }
}

/// socket.io-client calls it with the function that takes the answer.
pub(super) type AuthClosure = Closure<dyn Fn(Function)>;

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // neither credentials nor headers belong in a log
        f.debug_struct("Options")
            .field("path", &self.fields.path)
            .field("transports", &self.fields.transports)
            .finish_non_exhaustive()
    }
}
