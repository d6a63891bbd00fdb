//! Socket.IO in the browser: a typed wrapper of [socket.io-client](https://socket.io/docs/v4/client-api/).
//!
//! It is independent of Flowise: enable only the feature `socketio`. The JavaScript library implements the protocol, the
//! reconnections and the transports. This module adds serde values as arguments, listeners that are removed when their guard
//! is dropped, acknowledgements as futures, and events as streams.
//!
//! ```no_run
//! use std::time::Duration;
//! use flowise_stream::socket_io::{Options, Socket};
//!
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! let socket = Socket::connect("https://example.com", &Options::new())?;
//! let listener = socket.on("news", |event| {
//!     if let Ok(headline) = event.data::<String>() {
//!         show(&headline);
//!     }
//! });
//! socket.ready().await?;
//! let subscribed: bool = socket.emit_with_ack("subscribe", "sports", Duration::from_secs(5)).await?;
//! # Ok(()) }
//! # fn show(_: &str) {}
//! ```
//!
//! # Arguments
//!
//! An event of Socket.IO has any number of arguments. Most have one, for which the short methods are:
//! [`Socket::emit`] and [`Event::data`]. Pass several as a tuple: [`Socket::emit_args`] and [`Event::args`]. Use [`Binary`]
//! for bytes, at any place in an argument.
//!
//! # What keeps a socket
//!
//! Handles, listeners, streams and managers keep their socket. When the last of them is dropped, the socket disconnects.
//! [`Socket::disconnect`] and [`Manager::close`] do that at once, and end the streams.
//!
//! # Durations
//!
//! A limit of zero means no limit, everywhere. Durations are capped at 24 days, the maximum of a browser's timers. Delays
//! are at least a millisecond.
//!
//! # Where socket.io-client comes from
//!
//! With the feature `vendored`, which is on by default, the published crate contains it. Without the feature, and in a checkout
//! without the bundle (such as a `git` dependency), the page's bundler resolves `socket.io-client`, or an import map does:
//!
//! ```html
//! <script type="importmap">{ "imports": { "socket.io-client": "/socket.io.esm.min.js" } }</script>
//! ```
//!
//! The npm package `socket.io-client` has that file in its folder `dist`. [`Flowise`](crate::Flowise) uses the same library.

// The documentation of a type lists its methods in the order of these modules.
mod manager;
mod socket;

mod emit;
mod error;
mod event;
mod listen;
mod listener;
mod options;
mod owner;
mod reason;
mod subscription;
mod sys;
mod time;
mod value;

pub use emit::Modifiers;
pub use error::{AckError, ConnectError, EmitError};
pub use event::Event;
pub use listen::Lifecycle;
pub use listener::Listener;
pub use manager::{Manager, ManagerEvent};
pub use options::{Options, Transport};
pub use reason::DisconnectReason;
pub use socket::Socket;
pub use subscription::Subscription;
pub use value::{Binary, ValueError};

/// The revision of the [Socket.IO protocol](https://socket.io/docs/v4/socket-io-protocol/) that the client speaks: 5. A server of
/// another revision refuses it.
#[must_use]
pub fn protocol() -> u32 {
    sys::protocol()
}
