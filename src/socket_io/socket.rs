use std::cell::Cell;
use std::fmt;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use js_sys::Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::error::{AckError, ConnectError, EmitError};
use super::event::Event;
use super::held::Held;
use super::listener::{Listener, Place};
use super::manager::Manager;
use super::options::{Options, millis};
use super::reason::DisconnectReason;
use super::subscription::Subscription;
use super::sys;
use super::value;

/// What a socket's connection goes through; [`Socket::lifecycle`] has an example.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Lifecycle {
    /// The socket is connected, for the first time or again; its id is a new one.
    Connected,
    /// An attempt to connect has failed.
    ConnectError(ConnectError),
    /// The socket is not connected any more.
    Disconnected(DisconnectReason),
}

/// A socket of a namespace on a Socket.IO server.
///
/// Clones are handles on the same socket, and so is what [`Manager::socket`] gives for a namespace that has one. It is
/// disconnected when the last handle is dropped, or by [`disconnect`](Self::disconnect).
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
    /// Something has changed that may have been the end of it.
    Changed,
}

impl Socket {
    /// Connects to `url`, whose path is the namespace: `https://example.com/chat` is the namespace `/chat`. An empty URL
    /// is the page's own server.
    ///
    /// It returns at once; [`ready`](Self::ready) waits for the connection, and events may be emitted before.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] if socket.io-client does not take the options.
    pub fn connect(url: &str, options: &Options) -> Result<Self, ConnectError> {
        let make = |options: &JsValue| sys::try_io(url, options);
        Held::make(options, make).map(Self)
    }

    pub(super) fn of_manager(
        manager: &sys::Manager,
        namespace: &str,
        options: &Options,
    ) -> Result<Self, ConnectError> {
        Held::of_manager(manager, namespace, options).map(Self)
    }

    /// Connects again after a disconnection that is final, or for the first time without
    /// [`Options::auto_connect`].
    pub fn open(&self) {
        self.0.socket.connect();
    }

    /// Disconnects for good, unless [`open`](Self::open) is called.
    pub fn disconnect(&self) {
        self.0.disconnect();
    }

    /// Waits for the attempt to connect that is being made.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] if it fails; another one may follow, see [`ConnectError::retries`].
    pub async fn ready(&self) -> Result<(), ConnectError> {
        if self.is_connected() {
            return Ok(());
        }
        let attempts = Subscription::new(|tell| {
            let tell: Rc<dyn Fn(Attempt)> = Rc::from(tell);
            let (connected, failed) = (Rc::clone(&tell), Rc::clone(&tell));
            let changed: Rc<dyn Fn()> = Rc::new(move || tell(Attempt::Changed));
            self.0.on_page_disconnects(&changed);
            let (gone, closed) = (Rc::clone(&changed), changed);
            let manager = self.0.socket.io();
            [
                self.on_connect(move || connected(Attempt::Over(Ok(())))),
                self.on_connect_error(move |error| failed(Attempt::Over(Err(error)))),
                Listener::every(self.emitter(), "disconnect", move |_| gone()),
                Listener::every(manager.unchecked_ref(), "close", move |_| closed()),
            ]
        });
        poll_fn(|cx| {
            loop {
                match attempts.poll_item(cx) {
                    Poll::Ready(Attempt::Over(outcome)) => return Poll::Ready(outcome),
                    // the reason may be told after it
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

    /// Whether anything is there to wait for.
    fn attempted(&self) -> Result<(), ConnectError> {
        let message = if !self.is_active() {
            "the socket is disconnected: call `open` first"
        } else if !self.0.socket.io().is_trying() {
            "no connection, and no further attempt is made: call `open` for one"
        } else {
            return Ok(());
        };
        Err(ConnectError::new(&message.into(), false))
    }

    /// The id that the server has for this connection of the socket; `None` while it is not connected.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.0.socket.id()
    }

    /// The name of the socket's namespace: `/`, or another one.
    #[must_use]
    pub fn namespace(&self) -> String {
        self.0.socket.nsp()
    }

    /// Whether the socket is connected.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.0.socket.connected()
    }

    /// Whether the socket is connected or tries to be.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.0.socket.active()
    }

    /// Whether the server has restored what was missed since the connection was lost
    /// ([connection state recovery](https://socket.io/docs/v4/connection-state-recovery)).
    #[must_use]
    pub fn is_recovered(&self) -> bool {
        self.0.socket.recovered().unwrap_or_default()
    }

    /// The connection under the socket.
    #[must_use]
    pub fn manager(&self) -> Manager {
        Manager::new(self.0.socket.io())
    }

    /// The JavaScript object, for what this wrapper does not have.
    #[must_use]
    pub fn as_js(&self) -> &JsValue {
        &self.0.socket
    }

    /// Emits an event with one argument, or with none if that is `()` or `None`. A `null` is sent by
    /// [`emit_args`](Self::emit_args) with `(None::<()>,)`.
    ///
    /// Before the socket is connected, the event waits for it.
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
        send(&self.0.socket, event, &value::one(data)?)
    }

    /// Emits an event with several arguments, given as a tuple.
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
        send(&self.0.socket, event, &value::all(args)?)
    }

    /// Emits an event that may be lost: it does not wait for a connection, nor for room in the one there is.
    ///
    /// For what is outdated soon, such as the position of a mouse.
    ///
    /// ```no_run
    /// # fn f(socket: flowise_stream::socket_io::Socket) -> Result<(), flowise_stream::socket_io::EmitError> {
    /// socket.emit_volatile("mouse", &[120, 80])?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`emit`](Self::emit).
    pub fn emit_volatile<T: Serialize + ?Sized>(
        &self,
        event: &str,
        data: &T,
    ) -> Result<(), EmitError> {
        volatile(&self.0.socket, event, &value::one(data)?)
    }

    /// As [`emit_volatile`](Self::emit_volatile), with several arguments, given as a tuple.
    ///
    /// # Errors
    ///
    /// As for [`emit`](Self::emit).
    pub fn emit_args_volatile<T: Serialize + ?Sized>(
        &self,
        event: &str,
        args: &T,
    ) -> Result<(), EmitError> {
        volatile(&self.0.socket, event, &value::all(args)?)
    }

    /// Emits an event and waits for the server's acknowledgement.
    ///
    /// The event is emitted when the future is first polled. Dropping the future does not take it back. With
    /// [`Options::retries`], each attempt may take as long as `timeout`.
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
    /// [`AckError`] if the event cannot be sent, no acknowledgement comes in time, the connection is lost before, or the
    /// acknowledgement is no `R`.
    pub async fn emit_with_ack<R: DeserializeOwned>(
        &self,
        event: &str,
        data: &(impl Serialize + ?Sized),
        timeout: Duration,
    ) -> Result<R, AckError> {
        self.acknowledged(event, value::one(data)?, timeout).await
    }

    /// As [`emit_with_ack`](Self::emit_with_ack), with several arguments, given as a tuple.
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
        self.acknowledged(event, value::all(args)?, timeout).await
    }

    fn emitter(&self) -> &sys::Emitter {
        self.0.socket.unchecked_ref()
    }

    async fn acknowledged<R: DeserializeOwned>(
        &self,
        event: &str,
        args: Array,
        timeout: Duration,
    ) -> Result<R, AckError> {
        check(event)?;
        let socket = &self.0.socket;
        let lost = Rc::new(Cell::new(false));
        let noted = Rc::clone(&lost);
        let _listener = Listener::every(self.emitter(), "disconnect", move |_| noted.set(true));
        // socket.io-client forgets the event when the time is up; a timer of our own could not tell it to
        let reply = socket.timeout(millis(timeout)).emit_with_ack(event, &args);
        match JsFuture::from(reply).await {
            Ok(reply) => value::from_js(reply).map_err(AckError::Value),
            Err(_) if lost.get() && !socket.connected() => Err(AckError::Disconnected),
            Err(_) => Err(AckError::TimedOut),
        }
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
        Listener::every(self.emitter(), event, move |args| {
            listener(Event::new(name.clone(), args));
        })
    }

    /// Calls `listener` for the next event of this name.
    pub fn once(&self, event: &str, listener: impl FnOnce(Event) + 'static) -> Listener {
        let place = Place::Once(self.emitter().clone(), event.to_owned());
        let waiting = Cell::new(Some((event.to_owned(), listener)));
        Listener::new(place, move |args| {
            if let Some((name, listener)) = waiting.take() {
                listener(Event::new(name, args));
            }
        })
    }

    /// Calls `listener` for every event that the server emits.
    pub fn on_any(&self, listener: impl Fn(Event) + 'static) -> Listener {
        Listener::new(Place::Any(self.0.socket.clone()), move |args| {
            // the other listeners get the same array
            listener(Event::of_any(&args));
        })
    }

    /// Calls `listener` for every event that this socket sends.
    pub fn on_any_outgoing(&self, listener: impl Fn(Event) + 'static) -> Listener {
        Listener::new(Place::AnyOutgoing(self.0.socket.clone()), move |args| {
            listener(Event::of_any(&args));
        })
    }

    /// Calls `listener` whenever the socket is connected, for the first time or again.
    pub fn on_connect(&self, listener: impl Fn() + 'static) -> Listener {
        Listener::every(self.emitter(), "connect", move |_| listener())
    }

    /// Calls `listener` whenever an attempt to connect has failed.
    pub fn on_connect_error(&self, listener: impl Fn(ConnectError) + 'static) -> Listener {
        let socket = self.0.socket.clone();
        Listener::every(self.emitter(), "connect_error", move |args| {
            let retries = socket.active() && socket.io().will_retry();
            listener(ConnectError::new(&args.get(0), retries));
        })
    }

    /// Calls `listener` whenever the socket was disconnected.
    pub fn on_disconnect(&self, listener: impl Fn(DisconnectReason) + 'static) -> Listener {
        Listener::every(self.emitter(), "disconnect", move |args| {
            let reason = args.get(0).as_string().unwrap_or_default();
            listener(DisconnectReason::from_name(reason));
        })
    }

    /// The events of this name as a stream.
    pub fn listen(&self, event: &str) -> Subscription<Event> {
        Subscription::new(|tell| [self.on(event, tell)])
    }

    /// All events that the server emits as a stream.
    pub fn events(&self) -> Subscription<Event> {
        Subscription::new(|tell| [self.on_any(tell)])
    }

    /// What the socket's connection goes through, as a stream.
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
        Subscription::new(|tell| {
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

/// socket.io-client throws for these names, also from within a promise, where it cannot be told from another failure.
const RESERVED: [&str; 6] = [
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
];

fn check(event: &str) -> Result<(), EmitError> {
    if RESERVED.contains(&event) {
        Err(EmitError::ReservedName)
    } else {
        Ok(())
    }
}

fn volatile(socket: &sys::Socket, event: &str, args: &Array) -> Result<(), EmitError> {
    // it is a flag, which would stay for the next event if this one was refused
    check(event)?;
    send(&socket.volatile(), event, args)
}

fn send(socket: &sys::Socket, event: &str, args: &Array) -> Result<(), EmitError> {
    check(event)?;
    match socket.emit(event, args) {
        Ok(_) => Ok(()),
        Err(thrown) => Err(value::ValueError::new(value::message(&thrown)).into()),
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
        self.0.socket.unchecked_ref()
    }
}
