use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsCast as _;

use super::error::ConnectError;
use super::listener::Listener;
use super::options::Options;
use super::reason::DisconnectReason;
use super::socket::Socket;
use super::subscription::Subscription;
use super::sys;
use crate::browser::bindings::member;

/// What a connection goes through, told by its [`Manager`]; [`Manager::on`] has an example.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ManagerEvent {
    /// The connection is there.
    Open,
    /// An attempt to connect has failed.
    Error(ConnectError),
    /// The server sent a ping.
    Ping,
    /// The connection is gone.
    Close(DisconnectReason),
    /// An attempt to connect again begins; the number counts them.
    ReconnectAttempt(u32),
    /// An attempt to connect again has failed.
    ReconnectError(ConnectError),
    /// The connection is there again, after so many attempts.
    Reconnect(u32),
    /// No further attempt will be made.
    ReconnectFailed,
}

/// A connection to a server. Several sockets can share it, one for each namespace.
///
/// ```no_run
/// # fn f() -> Result<(), flowise_stream::socket_io::ConnectError> {
/// use flowise_stream::socket_io::{Options, Socket};
///
/// let chat = Socket::connect("https://example.com/chat", &Options::new())?;
/// let admin = chat.manager().socket("/admin", &Options::new())?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Manager(sys::Manager);

impl Manager {
    pub(super) const fn new(manager: sys::Manager) -> Self {
        Self(manager)
    }

    /// A socket for another namespace of the server, such as `/admin`, over the same connection.
    ///
    /// There is one for each namespace: for the same name again, this is another handle on it. It is connected if it is
    /// not, and of `options` it takes [`Options::auth`] for its next connection.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] if socket.io-client does not take the options.
    pub fn socket(&self, namespace: &str, options: &Options) -> Result<Socket, ConnectError> {
        Socket::of_manager(&self.0, namespace, options)
    }

    /// The name of the transport in use: `polling`, `websocket`, `webtransport`. `None` before the first connection.
    #[must_use]
    pub fn transport(&self) -> Option<String> {
        member(&member(&self.0.engine_if_any(), "transport"), "name").as_string()
    }

    /// Turns the making of lost connections on or off.
    pub fn set_reconnection(&self, on: bool) {
        self.0.reconnection(on);
    }

    /// Calls `listener` for everything that the connection goes through.
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
        let (failed, again) = (self.0.clone(), self.0.clone());
        let on = |event, convert: Box<dyn Fn(&Array) -> ManagerEvent>| {
            let listener = Rc::clone(&listener);
            Listener::every(self.0.unchecked_ref(), event, move |args| {
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
                    // told when the next attempt is arranged
                    ManagerEvent::ReconnectError(ConnectError::new(&args.get(0), again.is_trying()))
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

    /// The same as a stream.
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
        Subscription::new(|tell| self.on(tell))
    }
}
