//! What a socket emits, and acknowledgements.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen_futures::JsFuture;

use super::error::{AckError, EmitError};
use super::listener::{Listener, Place};
use super::owner::Held;
use super::socket::Socket;
use super::sys;
use super::time::limit;
use super::value::{self, ValueError};

impl Socket {
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
    /// [`Options::ack_timeout`](super::Options::ack_timeout), or no limit if that is not set. With [`Options::retries`](super::Options::retries), the limit applies to each attempt.
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
}

/// How an event is emitted, by [`Socket::volatile`] and [`Socket::compress`].
///
/// ```no_run
/// # fn f(socket: flowise_stream::socket_io::Socket) -> Result<(), flowise_stream::socket_io::EmitError> {
/// socket.volatile().compress(false).emit("mouse", &[120, 80])?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
#[must_use = "nothing is emitted yet"]
pub struct Modifiers<'a> {
    held: &'a Rc<Held>,
    volatile: bool,
    compress: bool,
}

impl<'a> Modifiers<'a> {
    pub(super) const fn new(held: &'a Rc<Held>) -> Self {
        Self {
            held,
            volatile: false,
            compress: true,
        }
    }

    /// As [`Socket::volatile`].
    pub const fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// As [`Socket::compress`].
    pub const fn compress(mut self, on: bool) -> Self {
        self.compress = on;
        self
    }

    /// As [`Socket::emit`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn emit<T: Serialize + ?Sized>(self, event: &str, data: &T) -> Result<(), EmitError> {
        self.send(event, &value::one(data)?)
    }

    /// As [`Socket::emit_args`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn emit_args<T: Serialize + ?Sized>(self, event: &str, args: &T) -> Result<(), EmitError> {
        self.send(event, &value::all(args)?)
    }

    /// As [`Socket::emit_with_ack`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn emit_with_ack<R: DeserializeOwned>(
        self,
        event: &str,
        data: &(impl Serialize + ?Sized),
        timeout: Duration,
    ) -> Result<R, AckError> {
        self.acknowledged(event, value::one(data)?, timeout).await
    }

    /// As [`Socket::emit_args_with_ack`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn emit_args_with_ack<R: DeserializeOwned>(
        self,
        event: &str,
        args: &(impl Serialize + ?Sized),
        timeout: Duration,
    ) -> Result<R, AckError> {
        self.acknowledged(event, value::all(args)?, timeout).await
    }

    fn send(self, event: &str, args: &Array) -> Result<(), EmitError> {
        check(event)?;
        match self.flagged().emit(event, args) {
            Ok(_) => Ok(()),
            Err(thrown) => Err(ValueError::new(value::message(&thrown)).into()),
        }
    }

    async fn acknowledged<R: DeserializeOwned>(
        self,
        event: &str,
        args: Array,
        timeout: Duration,
    ) -> Result<R, AckError> {
        check(event)?;
        let lost = Rc::new(Cell::new(false));
        let noted = Rc::clone(&lost);
        let place = Place::every(&self.held.socket, "disconnect");
        let _listener = Listener::new(Rc::clone(self.held) as _, place, move |_| noted.set(true));
        let socket = self.flagged();
        // socket.io-client forgets the event when the time is up; a timer of our own could not make it do that
        let limited = limit(timeout).map(|ms| socket.timeout(ms));
        let reply = limited.unwrap_or(socket).emit_with_ack(event, &args);
        match JsFuture::from(reply).await {
            Ok(reply) => value::from_js(reply).map_err(AckError::Value),
            Err(_) if lost.get() && !self.held.socket.connected() => Err(AckError::Disconnected),
            Err(_) => Err(AckError::TimedOut),
        }
    }

    /// The socket, with its flags set for the next event. If socket.io-client refused this event, they would stay for a later
    /// one, so the event's name is checked first.
    fn flagged(self) -> sys::Socket {
        let socket = &self.held.socket;
        if !self.compress {
            socket.compress(false);
        }
        if self.volatile {
            socket.volatile()
        } else {
            socket.clone()
        }
    }
}

/// The names that socket.io-client throws for. It also throws inside promises, where that looks like any other failure.
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

impl fmt::Debug for Modifiers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modifiers")
            .field("volatile", &self.volatile)
            .field("compress", &self.compress)
            .finish_non_exhaustive()
    }
}
