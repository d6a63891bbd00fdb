//! A connection to a server: its sockets share it, and it reports what happens to it.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::error::ConnectError;
use super::listener::{Listener, Place};
use super::options::Options;
use super::owner::{Connection, Held, Source};
use super::reason::DisconnectReason;
use super::subscription::Subscription;
use super::sys::{self, member};
use super::time::{duration, limit, longest_pause, pause};

/// What happens to a connection, reported by its [`Manager`]; [`Manager::on`] has an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManagerEvent {
    /// The connection is open.
    Open,
    /// An attempt to connect has failed.
    Error(ConnectError),
    /// The server sent a ping.
    Ping,
    /// The connection is closed.
    Close(DisconnectReason),
    /// A reconnection attempt begins, with its number.
    ReconnectAttempt(u32),
    /// A reconnection attempt has failed.
    ReconnectError(ConnectError),
    /// The connection is open again, after this number of attempts.
    Reconnect(u32),
    /// The last reconnection attempt has failed.
    ReconnectFailed,
}

/// A connection to a server. Several sockets can share it, one for each namespace.
///
/// Clones are handles on the same connection. A manager that comes from a socket keeps that socket; one from
/// [`Manager::connect`] keeps the connection.
///
/// ```no_run
/// # fn f() -> Result<(), flowise_stream::socket_io::ConnectError> {
/// use flowise_stream::socket_io::{Options, Socket};
///
/// let chat = Socket::connect("https://example.com/chat", &Options::new())?;
/// let admin = chat.manager().socket("/admin", &Options::new())?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Manager {
    pub(super) connection: Rc<Connection>,
    /// The socket that it comes from.
    _socket: Option<Rc<Held>>,
}

impl Manager {
    /// Connects to `url` without a socket; [`socket`](Self::socket) makes one. The path in `url` is ignored.
    ///
    /// It returns at once. To make a connection together with its first socket, use
    /// [`Socket::connect`](super::Socket::connect).
    ///
    /// ```no_run
    /// # fn f() -> Result<(), flowise_stream::socket_io::ConnectError> {
    /// use flowise_stream::socket_io::{Manager, Options};
    ///
    /// let manager = Manager::connect("https://example.com", &Options::new())?;
    /// let news = manager.socket("/news", &Options::new())?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConnectError`] if socket.io-client rejects the options.
    pub fn connect(url: &str, options: &Options) -> Result<Self, ConnectError> {
        let connection = Connection::make(url, options)?;
        Ok(Self {
            connection,
            _socket: None,
        })
    }

    pub(super) fn of(socket: &Rc<Held>) -> Self {
        Self {
            connection: Rc::clone(&socket.connection),
            _socket: Some(Rc::clone(socket)),
        }
    }

    /// Opens the connection, after [`close`](Self::close) or with [`Options::auto_connect`] off. To open a socket and its
    /// connection, use [`Socket::open`](super::Socket::open).
    pub fn open(&self) {
        self.connection.open();
    }

    /// Closes the connection and disconnects all its sockets. The streams of both end. It stays closed until the connection or one
    /// of its sockets is opened again.
    pub fn close(&self) {
        self.connection.close();
    }

    /// The name of the current transport: `polling`, `websocket`, `webtransport`. `None` before the first connection.
    #[must_use]
    pub fn transport(&self) -> Option<String> {
        member(&member(&self.js().engine(), "transport"), "name").as_string()
    }

    /// Whether a lost connection is restored automatically; see [`Options::reconnection`].
    #[must_use]
    pub fn reconnection(&self) -> bool {
        self.js().reconnects()
    }

    /// Enables or disables automatic reconnection.
    pub fn set_reconnection(&self, on: bool) {
        self.js().set_reconnection(on);
    }

    /// The maximum number of reconnection attempts; 0 means no limit.
    #[must_use]
    pub fn reconnection_attempts(&self) -> u32 {
        let most = self.js().most_attempts();
        if most.is_finite() { most as u32 } else { 0 }
    }

    /// Sets [`Options::reconnection_attempts`] from now on.
    pub fn set_reconnection_attempts(&self, most: u32) {
        let most = if most == 0 {
            f64::INFINITY
        } else {
            most.into()
        };
        self.js().set_most_attempts(most);
    }

    /// The delay before the first reconnection attempt.
    #[must_use]
    pub fn reconnection_delay(&self) -> Duration {
        duration(self.js().delay())
    }

    /// Sets [`Options::reconnection_delay`] from now on.
    pub fn set_reconnection_delay(&self, delay: Duration) {
        self.js().set_delay(pause(delay));
    }

    /// The longest delay between two attempts.
    #[must_use]
    pub fn reconnection_delay_max(&self) -> Duration {
        duration(self.js().longest_delay())
    }

    /// Sets [`Options::reconnection_delay_max`] from now on.
    pub fn set_reconnection_delay_max(&self, delay: Duration) {
        self.js().set_longest_delay(longest_pause(delay));
    }

    /// The random part of a delay, from 0 to 1.
    #[must_use]
    pub fn randomization_factor(&self) -> f64 {
        self.js().randomization_factor()
    }

    /// Sets [`Options::randomization_factor`] from now on.
    pub fn set_randomization_factor(&self, factor: f64) {
        self.js().set_randomization_factor(factor);
    }

    /// How long connecting may take; zero means no limit.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        duration(self.js().timeout().as_f64().unwrap_or_default())
    }

    /// Sets [`Options::timeout`] from now on.
    pub fn set_timeout(&self, timeout: Duration) {
        let timeout = limit(timeout).map_or(JsValue::FALSE, JsValue::from);
        self.js().set_timeout(&timeout);
    }

    /// The JavaScript object, for features that this wrapper lacks.
    #[must_use]
    pub fn as_js(&self) -> &JsValue {
        self.js().as_ref()
    }

    fn js(&self) -> &sys::Manager {
        &self.connection.manager
    }

    /// Calls `listener` for every event of the connection.
    ///
    /// ```no_run
    /// # fn f(socket: flowise_stream::socket_io::Socket) {
    /// use flowise_stream::socket_io::ManagerEvent;
    ///
    /// let _listeners = socket.manager().on(|event| {
    ///     if let ManagerEvent::ReconnectAttempt(number) = event {
    ///         show(&format!("connection lost, attempt {number} to get it back"));
    ///     }
    /// });
    /// # }
    /// # fn show(_: &str) {}
    /// ```
    #[must_use = "listeners are removed as soon as their guards are dropped"]
    pub fn on(&self, listener: impl Fn(ManagerEvent) + 'static) -> Vec<Listener> {
        let listener: Rc<dyn Fn(ManagerEvent)> = Rc::new(listener);
        let count = |args: &Array| args.get(0).as_f64().unwrap_or_default() as u32;
        let (failed, again) = (self.js().clone(), self.js().clone());
        let source: Rc<dyn Source> = Rc::new(self.clone());
        let on = |event, convert: Box<dyn Fn(&Array) -> ManagerEvent>| {
            let listener = Rc::clone(&listener);
            let place = Place::every(self.js(), event);
            Listener::new(Rc::clone(&source), place, move |args| {
                listener(convert(&args))
            })
        };
        vec![
            on("open", Box::new(|_| ManagerEvent::Open)),
            on("ping", Box::new(|_| ManagerEvent::Ping)),
            on(
                "reconnect_failed",
                Box::new(|_| ManagerEvent::ReconnectFailed),
            ),
            on(
                "reconnect",
                Box::new(move |args| ManagerEvent::Reconnect(count(args))),
            ),
            on(
                "reconnect_attempt",
                Box::new(move |args| ManagerEvent::ReconnectAttempt(count(args))),
            ),
            on(
                "reconnect_error",
                Box::new(move |args| {
                    // runs once socket.io-client has scheduled the next attempt
                    ManagerEvent::ReconnectError(ConnectError::new(
                        &args.get(0),
                        again.has_arranged_attempt(),
                    ))
                }),
            ),
            on(
                "error",
                Box::new(move |args| {
                    ManagerEvent::Error(ConnectError::new(&args.get(0), failed.will_retry()))
                }),
            ),
            on(
                "close",
                Box::new(|args| {
                    ManagerEvent::Close(DisconnectReason::from_name(
                        args.get(0).as_string().unwrap_or_default(),
                    ))
                }),
            ),
        ]
    }

    /// Calls `listener` whenever the connection is closed.
    pub(super) fn on_close(&self, listener: impl Fn() + 'static) -> Listener {
        let place = Place::every(self.js(), "close");
        Listener::new(Rc::new(self.clone()), place, move |_| listener())
    }

    /// The events of the connection as a stream.
    ///
    /// ```no_run
    /// # async fn f(socket: flowise_stream::socket_io::Socket) {
    /// use flowise_stream::socket_io::ManagerEvent;
    /// use futures_util::StreamExt as _;
    ///
    /// let mut events = socket.manager().events();
    /// while let Some(event) = events.next().await {
    ///     if let ManagerEvent::ReconnectFailed = event {
    ///         show("the connection is gone");
    ///     }
    /// }
    /// # }
    /// # fn show(_: &str) {}
    /// ```
    pub fn events(&self) -> Subscription<ManagerEvent> {
        Subscription::new(Rc::new(self.clone()), |tell| self.on(tell))
    }
}

impl Source for Manager {
    fn is_closed(&self) -> bool {
        self.connection.is_closed()
    }

    fn watch(&self, tell: &Rc<dyn Fn()>) {
        self.connection.watch(tell);
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manager")
            .field("transport", &self.transport())
            .finish_non_exhaustive()
    }
}
