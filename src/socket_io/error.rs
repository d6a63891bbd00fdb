//! Why connecting, emitting, or waiting for an acknowledgement failed.

use std::fmt;

use js_sys::JSON;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::sys::member;
use super::value::{self, ValueError};

/// A connection, or an attempt at one, has failed.
///
/// ```no_run
/// # async fn f(socket: flowise_stream::socket_io::Socket) {
/// if let Err(error) = socket.ready().await {
///     show(&error.to_string());
///     if !error.retries() {
///         // refused by a middleware of the server, which may have said more
///         let code: Option<u32> = error.data().unwrap_or_default();
///         sign_in(code);
///     }
/// }
/// # }
/// # fn show(_: &str) {} fn sign_in(_: Option<u32>) {}
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectError {
    message: String,
    /// JSON, as the server sent it.
    data: Option<String>,
    retries: bool,
}

impl ConnectError {
    pub(super) fn new(thrown: &JsValue, retries: bool) -> Self {
        let data = JSON::stringify(&member(thrown, "data")).ok();
        Self {
            message: value::message(thrown),
            // `undefined` has no JSON
            data: data.and_then(|json| json.as_string()),
            retries,
        }
    }

    pub(super) fn of_value(error: ValueError) -> Self {
        Self {
            message: error.0,
            data: None,
            retries: false,
        }
    }

    /// Whether the socket tries again by itself.
    ///
    /// It does when it could not connect, as often as [`Options`](super::Options) allow. It does not when the server refused
    /// this socket: then change what the server refused, such as [`Options::auth`](super::Options::auth), and connect again.
    #[must_use]
    pub const fn retries(&self) -> bool {
        self.retries
    }

    /// The data that the server sent with the message when it refused the socket (`err.data` of a middleware).
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the data is not a `T`. Without data it is `None` or `()`.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        let data = self.data.as_deref().unwrap_or("null");
        serde_json::from_str(data).map_err(|error| ValueError::new(error.to_string()))
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConnectError {}

/// An event was not emitted.
///
/// ```no_run
/// # fn f(socket: flowise_stream::socket_io::Socket) {
/// use flowise_stream::socket_io::EmitError;
///
/// assert_eq!(socket.emit("connect", "me"), Err(EmitError::ReservedName));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmitError {
    /// Socket.IO reserves the name: `connect`, `connect_error`, `disconnect`, `disconnecting`,
    /// `newListener`, `removeListener`.
    ReservedName,
    /// The arguments cannot be sent.
    Value(ValueError),
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReservedName => {
                f.write_str("the event's name is reserved by Socket.IO: choose another")
            }
            Self::Value(error) => write!(f, "the event's arguments cannot be sent: {error}"),
        }
    }
}

impl std::error::Error for EmitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::ReservedName => None,
            Self::Value(error) => Some(error),
        }
    }
}

impl From<ValueError> for EmitError {
    fn from(error: ValueError) -> Self {
        Self::Value(error)
    }
}

/// An acknowledgement did not arrive, or has an unexpected form.
///
/// ```no_run
/// # async fn f(socket: flowise_stream::socket_io::Socket) -> Result<(), flowise_stream::socket_io::AckError> {
/// use std::time::Duration;
/// use flowise_stream::socket_io::AckError;
///
/// match socket.emit_with_ack::<u32>("order", "tea", Duration::from_secs(5)).await {
///     Ok(number) => show(number),
///     // nobody knows whether the order was taken
///     Err(AckError::TimedOut | AckError::Disconnected) => ask_again_later(),
///     Err(error) => return Err(error),
/// }
/// # Ok(()) }
/// # fn show(_: u32) {} fn ask_again_later() {}
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AckError {
    /// The event was not emitted.
    Emit(EmitError),
    /// No acknowledgement came in time. The server may have taken the event all the same.
    TimedOut,
    /// The socket was disconnected before an acknowledgement came. The server may have taken the event all the same.
    Disconnected,
    /// The acknowledgement has an unexpected form.
    Value(ValueError),
}

impl fmt::Display for AckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Emit(error) => error.fmt(f),
            Self::TimedOut => f.write_str("the server did not acknowledge the event in time"),
            Self::Disconnected => {
                f.write_str("the socket was disconnected before the server acknowledged the event")
            }
            Self::Value(error) => {
                write!(f, "the acknowledgement is not what was expected: {error}")
            }
        }
    }
}

impl std::error::Error for AckError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Emit(error) => Some(error),
            Self::Value(error) => Some(error),
            Self::TimedOut | Self::Disconnected => None,
        }
    }
}

impl From<EmitError> for AckError {
    fn from(error: EmitError) -> Self {
        Self::Emit(error)
    }
}

impl From<ValueError> for AckError {
    fn from(error: ValueError) -> Self {
        Self::Emit(error.into())
    }
}
