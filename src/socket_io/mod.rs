//! Socket.IO in the browser: a typed wrapper of [socket.io-client](https://socket.io/docs/v4/client-api/).
//!
//! It has nothing to do with Flowise: the feature `socketio` alone is enough. The protocol, the reconnections and the transports are those of the JavaScript library;
//! arguments are serde values, listeners are removed when their guard is dropped, acknowledgements are futures, and
//! events are streams as well.
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
//! An event of Socket.IO has any number of arguments. One is the usual case, and has the short methods:
//! [`Socket::emit`] and [`Event::data`]. Several are a tuple: [`Socket::emit_args`] and [`Event::args`]. [`Binary`] is for
//! bytes, wherever in an argument they are.
//!
//! # What keeps a socket
//!
//! Handles, listeners, streams and managers keep their socket. When the last of them is dropped, it is disconnected.
//! [`Socket::disconnect`] and [`Manager::close`] do that at once, and end the streams.
//!
//! # Durations
//!
//! A limit of zero is no limit, everywhere. Durations are cut to the 24 days that timers in a page can wait, and pauses are of a
//! millisecond at least.
//!
//! # Where socket.io-client comes from
//!
//! With the feature `vendored`, which is on by default, the published crate brings it along. Without it, and in a checkout without
//! the bundle (such as a `git` dependency), the page does: its bundler finds `socket.io-client`, or an import map says where it is:
//!
//! ```html
//! <script type="importmap">{ "imports": { "socket.io-client": "/socket.io.esm.min.js" } }</script>
//! ```
//!
//! The npm package `socket.io-client` has that file in its folder `dist`. [`Flowise`](crate::Flowise) takes the same one.

mod emit;
mod error;
mod event;
mod listener;
mod manager;
mod options;
mod owner;
mod reason;
mod socket;
mod subscription;
mod sys;
mod time;
mod value;

pub use emit::Modifiers;
pub use error::{AckError, ConnectError, EmitError};
pub use event::Event;
pub use listener::Listener;
pub use manager::{Manager, ManagerEvent};
pub use options::{Options, Transport};
pub use reason::DisconnectReason;
pub use socket::{Lifecycle, Socket};
pub use subscription::Subscription;
pub use value::{Binary, ValueError};
