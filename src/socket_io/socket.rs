//! A socket: its connection, its credentials, and waiting until it is connected.

use std::fmt;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::error::ConnectError;
use super::listener::Place;
use super::manager::Manager;
use super::options::{Auth, Options};
use super::owner::{Held, Source as _};
use super::sys;
use super::value::ValueError;
use crate::queue::Queue;

/// A socket of a namespace on a Socket.IO server.
///
/// Clones are handles on the same socket, and so is the one that [`Manager::socket`] returns for a namespace that has one.
/// [`disconnect`](Self::disconnect) disconnects it, and so does dropping the last handle, [`Listener`](super::Listener),
/// [`Subscription`](super::Subscription) or [`Manager`] that comes from it.
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
pub struct Socket(pub(super) Rc<Held>);

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
}

impl Manager {
    /// A socket for another namespace of the server, such as `/admin`, over the same connection.
    ///
    /// Each namespace has one socket: a second call with the same name returns another handle on it. The call connects the
    /// socket if necessary. It applies [`Options::auth`], and for a new socket also [`Options::retries`] and
    /// [`Options::ack_timeout`]. The other options belong to the connection and are ignored.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] if socket.io-client rejects the options.
    pub fn socket(&self, namespace: &str, options: &Options) -> Result<Socket, ConnectError> {
        Held::of_connection(&self.connection, namespace, options).map(Socket)
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
