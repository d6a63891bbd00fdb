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
use super::sys;
use super::time::limit;
use super::value::{self, ValueError};

/// How an event is emitted, by [`Socket::volatile`](super::Socket::volatile) and [`Socket::compress`](super::Socket::compress).
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

    /// As [`Socket::volatile`](super::Socket::volatile).
    pub const fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// As [`Socket::compress`](super::Socket::compress).
    pub const fn compress(mut self, on: bool) -> Self {
        self.compress = on;
        self
    }

    /// As [`Socket::emit`](super::Socket::emit).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn emit<T: Serialize + ?Sized>(self, event: &str, data: &T) -> Result<(), EmitError> {
        self.send(event, &value::one(data)?)
    }

    /// As [`Socket::emit_args`](super::Socket::emit_args).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn emit_args<T: Serialize + ?Sized>(self, event: &str, args: &T) -> Result<(), EmitError> {
        self.send(event, &value::all(args)?)
    }

    /// As [`Socket::emit_with_ack`](super::Socket::emit_with_ack).
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

    /// As [`Socket::emit_args_with_ack`](super::Socket::emit_args_with_ack).
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
