use std::cell::Cell;
use std::fmt;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use js_sys::Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

use super::emit::Modifiers;
use super::error::{AckError, ConnectError, EmitError};
use super::event::Event;
use super::listener::{Listener, Order, Place};
use super::manager::Manager;
use super::options::{Auth, Options};
use super::owner::{Held, Source as _};
use super::reason::DisconnectReason;
use super::subscription::Subscription;
use super::sys;
use super::value::ValueError;
use crate::queue::Queue;

/// What happens to a socket's connection; [`Socket::lifecycle`] has an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lifecycle {
    /// The socket is connected, for the first time or again. Its id is new.
    Connected,
    /// An attempt to connect has failed.
    ConnectError(ConnectError),
    /// The socket is disconnected.
    Disconnected(DisconnectReason),
}

/// A socket of a namespace on a Socket.IO server.
///
/// Clones are handles on the same socket, and so is the one that [`Manager::socket`] returns for a namespace that has one.
/// [`disconnect`](Self::disconnect) disconnects it, and so does dropping the last handle, [`Listener`], [`Subscription`] or
/// [`Manager`] that comes from it.
///
/// ```no_run
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// use flowise_stream::socket_io::{Options, Socket};
///
/// let socket = Socket::connect("https://example.com", &Options::new())?;
/// socket.ready().await?;
/// socket.emit("hello", "world")?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Socket(Rc<Held>);

/// What [`Socket::ready`] waits for.
enum Attempt {
    Over(Result<(), ConnectError>),
    /// Something has changed that may have ended the attempt.
    Changed,
}

impl Socket {
    /// Connects to `url`, whose path is the namespace: `https://example.com/chat` is the namespace `/chat`. An empty URL
    /// means the page's own server.
    ///
    /// It returns at once. [`ready`](Self::ready) waits for the connection; events may be emitted earlier.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] if socket.io-client rejects the options.
    pub fn connect(url: &str, options: &Options) -> Result<Self, ConnectError> {
        let make = |options: &JsValue| sys::io(url, options);
        Held::make(options, make).map(Self)
    }

    pub(super) const fn of(held: Rc<Held>) -> Self {
        Self(held)
    }

    /// Connects again after a final disconnection, or for the first time without
    /// [`Options::auto_connect`].
    pub fn open(&self) {
        self.0.open();
    }

    /// Disconnects until [`open`](Self::open) is called. Streams of this socket end; listeners stay registered.
    pub fn disconnect(&self) {
        self.0.disconnect();
    }

    /// Waits for the current attempt to connect.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] if it fails; another attempt may follow, see [`ConnectError::retries`].
    pub async fn ready(&self) -> Result<(), ConnectError> {
        if self.is_connected() {
            return Ok(());
        }
        let attempts = Queue::new();
        let tell = |attempt: fn() -> Attempt| {
            let attempts = attempts.clone();
            move || attempts.push(attempt())
        };
        let closed: Rc<dyn Fn()> = Rc::new(tell(|| Attempt::Changed));
        self.0.watch(&closed);
        let (failures, gone) = (attempts.clone(), tell(|| Attempt::Changed));
        let manager = self.manager();
        let lost = Place::every(&self.0.socket, "disconnect");
        let _listeners = [
            self.on_connect(tell(|| Attempt::Over(Ok(())))),
            self.on_connect_error(move |error| failures.push(Attempt::Over(Err(error)))),
            self.heard(lost, move |_| gone()),
        ];
        let _closing = manager.on_close(tell(|| Attempt::Changed));
        poll_fn(|cx| {
            loop {
                match attempts.poll(cx) {
                    Poll::Ready(Attempt::Over(outcome)) => return Poll::Ready(outcome),
                    // the reason may be reported after it
                    Poll::Ready(Attempt::Changed) => {}
                    Poll::Pending => {
                        return self
                            .attempted()
                            .map_or_else(|error| Poll::Ready(Err(error)), |()| Poll::Pending);
                    }
                }
            }
        })
        .await
    }

    /// Whether there is an attempt to wait for.
    fn attempted(&self) -> Result<(), ConnectError> {
        let message = if !self.is_active() {
            "the socket is disconnected: call `open` first"
        } else if !self.0.connection.manager.is_trying() {
            "no connection, and no further attempt is made: call `open` for one"
        } else {
            return Ok(());
        };
        Err(ConnectError::new(&message.into(), false))
    }

    /// The id that the server gave this connection of the socket; `None` while it is not connected.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.0.socket.id()
    }

    /// The name of the socket's namespace, such as `/`.
    #[must_use]
    pub fn namespace(&self) -> String {
        self.0.socket.nsp()
    }

    /// Whether the socket is connected.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.0.socket.connected()
    }

    /// Whether the socket is connected or connecting.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.0.socket.active()
    }

    /// Whether the server has restored the events missed since the connection was lost
    /// ([connection state recovery](https://socket.io/docs/v4/connection-state-recovery)).
    #[must_use]
    pub fn is_recovered(&self) -> bool {
        self.0.socket.recovered().unwrap_or_default()
    }

    /// Whether a listener or a stream takes events of this name, including listeners registered in JavaScript. Those for all
    /// events ([`on_any`](Self::on_any), [`events`](Self::events)) do not count.
    #[must_use]
    pub fn has_listeners(&self, event: &str) -> bool {
        self.0.socket.has_listeners(event)
    }

    /// The connection under the socket.
    #[must_use]
    pub fn manager(&self) -> Manager {
        Manager::of(&self.0)
    }

    /// Changes the credentials that the server receives at the next connection; see [`Options::auth`].
    ///
    /// ```no_run
    /// # async fn f(socket: flowise_stream::socket_io::Socket) -> Result<(), Box<dyn std::error::Error>> {
    /// if let Err(error) = socket.ready().await && !error.retries() {
    ///     socket.set_auth(&serde_json::json!({ "token": "a better one" }))?;
    ///     socket.open();
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ValueError`] if `auth` cannot be converted to JavaScript.
    pub fn set_auth<T: Serialize + ?Sized>(&self, auth: &T) -> Result<(), ValueError> {
        self.0.set_auth(&Auth::value(auth)?);
        Ok(())
    }

    /// As [`set_auth`](Self::set_auth), but the function is called for every connection; see [`Options::auth_with`].
    pub fn set_auth_with<T, F>(&self, auth: impl Fn() -> F + 'static)
    where
        T: Serialize,
        F: Future<Output = T> + 'static,
    {
        self.0.set_auth(&Auth::asked(auth));
    }

    /// The JavaScript object, for features that this wrapper lacks.
    #[must_use]
    pub fn as_js(&self) -> &JsValue {
        &self.0.socket
    }

    /// Emits an event with one argument, or without arguments if `data` is `()` or `None`. To send `null`, use
    /// [`emit_args`](Self::emit_args) with `(None::<()>,)`.
    ///
    /// Until the socket is connected, the event waits.
    ///
    /// ```no_run
    /// # fn f(socket: flowise_stream::socket_io::Socket) -> Result<(), flowise_stream::socket_io::EmitError> {
    /// socket.emit("hello", "world")?;
    /// socket.emit("typing", &())?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`EmitError`] if the name is reserved or `data` cannot be sent.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, data: &T) -> Result<(), EmitError> {
        Modifiers::new(&self.0).emit(event, data)
    }

    /// Emits an event with several arguments, passed as a tuple.
    ///
    /// ```no_run
    /// # fn f(socket: flowise_stream::socket_io::Socket) -> Result<(), flowise_stream::socket_io::EmitError> {
    /// socket.emit_args("move", &("knight", 3, 5))?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`emit`](Self::emit).
    pub fn emit_args<T: Serialize + ?Sized>(&self, event: &str, args: &T) -> Result<(), EmitError> {
        Modifiers::new(&self.0).emit_args(event, args)
    }

    /// Emits the event `message` with one argument.
    ///
    /// # Errors
    ///
    /// As for [`emit`](Self::emit).
    pub fn send<T: Serialize + ?Sized>(&self, data: &T) -> Result<(), EmitError> {
        self.emit("message", data)
    }

    /// Emits an event that may be lost: it waits neither for a connection nor for space in its buffer.
    ///
    /// Use it for data that is soon outdated, such as the position of the mouse.
    ///
    /// ```no_run
    /// # fn f(socket: flowise_stream::socket_io::Socket) -> Result<(), flowise_stream::socket_io::EmitError> {
    /// socket.volatile().emit("mouse", &[120, 80])?;
    /// # Ok(()) }
    /// ```
    pub const fn volatile(&self) -> Modifiers<'_> {
        Modifiers::new(&self.0).volatile()
    }

    /// Emits an event with or without compression, if the connection supports compression. The default is with.
    ///
    /// ```no_run
    /// # use flowise_stream::socket_io::Binary;
    /// # fn f(socket: flowise_stream::socket_io::Socket, jpeg: Binary) -> Result<(), flowise_stream::socket_io::EmitError> {
    /// // it is compressed already
    /// socket.compress(false).emit("photo", &jpeg)?;
    /// # Ok(()) }
    /// ```
    pub const fn compress(&self, on: bool) -> Modifiers<'_> {
        Modifiers::new(&self.0).compress(on)
    }

    /// Emits an event and waits for the server's acknowledgement.
    ///
    /// The first poll emits the event. Dropping the future does not take it back. A `timeout` of zero means
    /// [`Options::ack_timeout`], or no limit if that is not set. With [`Options::retries`], the limit applies to each attempt.
    ///
    /// ```no_run
    /// # async fn f(socket: flowise_stream::socket_io::Socket) -> Result<(), flowise_stream::socket_io::AckError> {
    /// use std::time::Duration;
    ///
    /// let sum: u32 = socket.emit_with_ack("sum", &[1, 2, 3], Duration::from_secs(5)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AckError`] if the event cannot be sent, no acknowledgement arrives in time, the connection is lost first, or the
    /// acknowledgement is not an `R`.
    pub async fn emit_with_ack<R: DeserializeOwned>(
        &self,
        event: &str,
        data: &(impl Serialize + ?Sized),
        timeout: Duration,
    ) -> Result<R, AckError> {
        let modifiers = Modifiers::new(&self.0);
        modifiers.emit_with_ack(event, data, timeout).await
    }

    /// As [`emit_with_ack`](Self::emit_with_ack), with several arguments, passed as a tuple.
    ///
    /// # Errors
    ///
    /// As for [`emit_with_ack`](Self::emit_with_ack).
    pub async fn emit_args_with_ack<R: DeserializeOwned>(
        &self,
        event: &str,
        args: &(impl Serialize + ?Sized),
        timeout: Duration,
    ) -> Result<R, AckError> {
        let modifiers = Modifiers::new(&self.0);
        modifiers.emit_args_with_ack(event, args, timeout).await
    }

    /// Calls `listener` for every event of this name.
    ///
    /// ```no_run
    /// # fn f(socket: flowise_stream::socket_io::Socket) {
    /// let listener = socket.on("news", |event| {
    ///     if let Ok(text) = event.data::<String>() {
    ///         show(&text);
    ///     }
    /// });
    /// # }
    /// # fn show(_: &str) {}
    /// ```
    pub fn on(&self, event: &str, listener: impl Fn(Event) + 'static) -> Listener {
        let name = event.to_owned();
        self.heard(Place::every(&self.0.socket, event), move |args| {
            listener(Event::new(name.clone(), args));
        })
    }

    /// Calls `listener` for the next event of this name.
    pub fn once(&self, event: &str, listener: impl FnOnce(Event) + 'static) -> Listener {
        let place = Place::once(&self.0.socket, event);
        let waiting = Cell::new(Some((event.to_owned(), listener)));
        self.heard(place, move |args| {
            if let Some((name, listener)) = waiting.take() {
                listener(Event::new(name, args));
            }
        })
    }

    /// Calls `listener` for every event that the server emits, before the listeners of that event.
    pub fn on_any(&self, listener: impl Fn(Event) + 'static) -> Listener {
        self.heard_any(Place::Any(self.0.socket.clone(), Order::Last), listener)
    }

    /// As [`on_any`](Self::on_any), before the existing catch-all listeners.
    pub fn prepend_any(&self, listener: impl Fn(Event) + 'static) -> Listener {
        self.heard_any(Place::Any(self.0.socket.clone(), Order::First), listener)
    }

    /// Calls `listener` for every event that this socket sends.
    pub fn on_any_outgoing(&self, listener: impl Fn(Event) + 'static) -> Listener {
        let place = Place::AnyOutgoing(self.0.socket.clone(), Order::Last);
        self.heard_any(place, listener)
    }

    /// As [`on_any_outgoing`](Self::on_any_outgoing), before the existing listeners.
    pub fn prepend_any_outgoing(&self, listener: impl Fn(Event) + 'static) -> Listener {
        let place = Place::AnyOutgoing(self.0.socket.clone(), Order::First);
        self.heard_any(place, listener)
    }

    /// Calls `listener` whenever the socket is connected, for the first time or again.
    pub fn on_connect(&self, listener: impl Fn() + 'static) -> Listener {
        let place = Place::every(&self.0.socket, "connect");
        self.heard(place, move |_| listener())
    }

    /// Calls `listener` whenever an attempt to connect has failed.
    pub fn on_connect_error(&self, listener: impl Fn(ConnectError) + 'static) -> Listener {
        let socket = self.0.socket.clone();
        let place = Place::every(&socket, "connect_error");
        self.heard(place, move |args| {
            let retries = socket.active() && socket.io().will_retry();
            listener(ConnectError::new(&args.get(0), retries));
        })
    }

    /// Calls `listener` whenever the socket is disconnected.
    pub fn on_disconnect(&self, listener: impl Fn(DisconnectReason) + 'static) -> Listener {
        let place = Place::every(&self.0.socket, "disconnect");
        self.heard(place, move |args| {
            let reason = args.get(0).as_string().unwrap_or_default();
            listener(DisconnectReason::from_name(reason));
        })
    }

    fn heard_any(&self, place: Place, listener: impl Fn(Event) + 'static) -> Listener {
        // the other listeners receive the same array
        self.heard(place, move |args| listener(Event::of_any(&args)))
    }

    fn heard(&self, place: Place, take: impl Fn(Array) + 'static) -> Listener {
        Listener::new(Rc::clone(&self.0) as _, place, take)
    }

    fn stream<T: 'static, L: IntoIterator<Item = Listener>>(
        &self,
        listen: impl FnOnce(Box<dyn Fn(T)>) -> L,
    ) -> Subscription<T> {
        Subscription::new(Rc::clone(&self.0) as _, listen)
    }

    /// The events of this name as a stream.
    pub fn listen(&self, event: &str) -> Subscription<Event> {
        self.stream(|tell| [self.on(event, tell)])
    }

    /// All events that the server emits as a stream.
    pub fn events(&self) -> Subscription<Event> {
        self.stream(|tell| [self.on_any(tell)])
    }

    /// What happens to the socket's connection, as a stream.
    ///
    /// ```no_run
    /// # async fn f(socket: flowise_stream::socket_io::Socket) {
    /// use flowise_stream::socket_io::Lifecycle;
    /// use futures_util::StreamExt as _;
    ///
    /// let mut lifecycle = socket.lifecycle();
    /// while let Some(state) = lifecycle.next().await {
    ///     match state {
    ///         Lifecycle::Connected => show("connected"),
    ///         Lifecycle::Disconnected(reason) if reason.reconnects() => show("connecting again"),
    ///         Lifecycle::Disconnected(reason) => show(reason.as_str()),
    ///         Lifecycle::ConnectError(error) => show(&error.to_string()),
    ///         _ => {}
    ///     }
    /// }
    /// # }
    /// # fn show(_: &str) {}
    /// ```
    pub fn lifecycle(&self) -> Subscription<Lifecycle> {
        self.stream(|tell| {
            let tell: Rc<dyn Fn(Lifecycle)> = Rc::from(tell);
            let (error, gone) = (Rc::clone(&tell), Rc::clone(&tell));
            [
                self.on_connect(move || tell(Lifecycle::Connected)),
                self.on_connect_error(move |reason| error(Lifecycle::ConnectError(reason))),
                self.on_disconnect(move |reason| gone(Lifecycle::Disconnected(reason))),
            ]
        })
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("id", &self.id())
            .field("connected", &self.is_connected())
            .finish_non_exhaustive()
    }
}

impl AsRef<JsValue> for Socket {
    fn as_ref(&self) -> &JsValue {
        &self.0.socket
    }
}
