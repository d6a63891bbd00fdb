//! Parses event streams: bytes in, messages out.
//!
//! [`Decoder`] follows the standard's rules for [parsing an event stream][spec] exactly. The input may be split
//! anywhere, even inside a character or between CR and LF: the messages stay the same.
//!
//! Out of scope: fetching, reconnecting, and the meaning of `data`. This module does not know Flowise.
//!
//! ```
//! use flowise_stream::sse::Decoder;
//!
//! let mut decoder = Decoder::new();
//! decoder.push(b"event: greeting\ndata: Hel");
//! assert!(decoder.next_message().is_none());
//! decoder.push(b"lo\n\n");
//! let message = decoder.next_message().expect("a block has ended")?;
//! assert_eq!(message.event(), "greeting");
//! assert_eq!(message.data(), "Hello");
//! # Ok::<(), flowise_stream::sse::MessageTooLong>(())
//! ```
//!
//! [spec]: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

mod block;
mod buffer;
mod decoder;
mod field;
mod line;
mod message;

pub(crate) use buffer::SLACK;
pub(crate) use decoder::Ahead;
pub use decoder::Decoder;
pub use message::{DEFAULT_MAX_MESSAGE_BYTES, Message, MessageTooLong};
