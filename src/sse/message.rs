//! The messages of an event stream.

use std::{borrow::Cow, error::Error, fmt};

/// The default limit of a message: 128 MiB.
pub const DEFAULT_MAX_MESSAGE_BYTES: usize = 128 << 20;

/// One dispatched message of an event stream.
///
/// It borrows from its [`Decoder`](super::Decoder): data of one line is a slice of the pushed bytes.
///
/// ```
/// use flowise_stream::sse::Decoder;
///
/// let mut decoder = Decoder::new();
/// decoder.push(b"id: 7\ndata: one\ndata: two\n\n");
/// let message = decoder.next_message().expect("a block has ended")?;
/// assert_eq!((message.event(), message.event_type()), ("message", None));
/// assert_eq!(message.data(), "one\ntwo");
/// assert_eq!(message.last_event_id(), "7");
/// # Ok::<(), flowise_stream::sse::MessageTooLong>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    pub(super) event_type: &'a str,
    pub(super) data: &'a [u8],
    pub(super) last_event_id: &'a str,
}

impl<'a> Message<'a> {
    /// The event type: `"message"` unless the block had an `event` field with a value.
    #[must_use]
    pub fn event(&self) -> &'a str {
        self.event_type().unwrap_or("message")
    }

    /// The event type, if the block set one.
    #[must_use]
    pub fn event_type(&self) -> Option<&'a str> {
        (!self.event_type.is_empty()).then_some(self.event_type)
    }

    /// The data: the values of the block's `data` fields, joined by LF. U+FFFD replaces invalid UTF-8.
    #[must_use]
    pub fn data(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.data)
    }

    /// The data as the server sent it, including invalid UTF-8.
    #[must_use]
    pub fn data_bytes(&self) -> &'a [u8] {
        self.data
    }

    /// The last event ID: the value of the stream's latest `id` field, or empty.
    #[must_use]
    pub fn last_event_id(&self) -> &'a str {
        self.last_event_id
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("event", &self.event())
            .field("data", &self.data())
            .field("last_event_id", &self.last_event_id)
            .finish()
    }
}

/// A message exceeded the decoder's limit and was skipped. The messages after it are not affected.
///
/// ```
/// use flowise_stream::sse::{Decoder, MessageTooLong};
///
/// let mut decoder = Decoder::with_max_message_bytes(4);
/// decoder.push(b"data: too long\n\ndata: fits\n\n");
/// assert_eq!(decoder.next_message(), Some(Err(MessageTooLong { limit: 4 })));
/// assert_eq!(decoder.next_message().expect("another")?.data(), "fits");
/// # Ok::<(), MessageTooLong>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageTooLong {
    /// The exceeded limit, in bytes.
    pub limit: usize,
}

impl fmt::Display for MessageTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a message of the event stream is longer than {} bytes; raise the limit if such messages are expected",
            self.limit
        )
    }
}

impl Error for MessageTooLong {}
