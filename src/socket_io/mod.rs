//! Socket.IO in the browser: a typed wrapper of [socket.io-client](https://socket.io/docs/v4/client-api/).
//!
//! It is of use without Flowise. The protocol, the reconnections and the transports are those of the JavaScript library;
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
//! # Where socket.io-client comes from
//!
//! With the feature `vendored`, which is on by default, the crate brings it along. Without, the page does: its bundler
//! finds `socket.io-client`, or an import map says where it is:
//!
//! ```html
//! <script type="importmap">{ "imports": { "socket.io-client": "/socket.io.esm.min.js" } }</script>
//! ```
//!
//! That is for programs that use this module alone. [`Flowise`](crate::Flowise) also needs `engine.io-client` and
//! `socket.io-parser`; `docs/rust.md` in the repository shows how one file can be all three.

mod error;
mod event;
mod held;
mod listener;
mod manager;
mod options;
mod reason;
mod socket;
mod subscription;
mod sys;
mod value;

pub use error::{AckError, ConnectError, EmitError};
pub use event::Event;
pub use listener::Listener;
pub use manager::{Manager, ManagerEvent};
pub use options::{Options, Transport};
pub use reason::DisconnectReason;
pub use socket::{Lifecycle, Socket};
pub use subscription::Subscription;
pub use value::{Binary, ValueError};
