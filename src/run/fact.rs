//! What happened, as a driver tells it.

use super::effect::Timer;
use super::target::Wire;
use crate::error::Error;
use crate::text::starts_with_ignoring_case;

/// Something that happened to a run.
///
/// A driver has at most one request of a run in flight. Once it has performed [`Effect::Send`](super::Effect::Send) or
/// [`Effect::Cancel`](super::Effect::Cancel), it tells nothing more of the request before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fact {
    /// The handshake was answered: the server speaks Socket.IO, or it does not.
    Spoke(Wire),
    /// The socket is connected.
    Connected {
        wire: Wire,
        /// Events of a run that was left may still come over this connection.
        stale: bool,
    },
    /// An attempt to connect has failed.
    Refused {
        error: Error,
        /// The socket does not try again.
        last: bool,
    },
    /// The socket is no longer connected, or never will be.
    Gone(By),
    /// The headers of a reply are there.
    Replied(Head),
    /// The body of a reply was read.
    Read(Body),
    /// The event stream has ended: the body did, or the `end` event came.
    Ended,
    /// The request failed, or its body broke off.
    Failed,
    /// The request cannot be made: a value that has no JSON, a header that no request can have, no `fetch`.
    Unsendable(Error),
    /// A timer has run out.
    Elapsed(Timer),
    /// The page wants no more: it called `abort`, its signal fired, it left the loop or dropped the stream.
    Stopped,
}

/// Who ended a socket's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The page called `disconnect()`.
    Page,
    /// The server did; the socket does not connect again by itself.
    Server,
    /// The connection was lost; the socket connects again.
    Network,
}

/// The head of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The HTTP status; 0 for a redirect that was not followed.
    pub(crate) status: u16,
    /// The server wants another address to be asked.
    pub(crate) redirects: bool,
    /// The header `content-type`, as it came.
    pub(crate) content_type: String,
}

impl Head {
    pub(crate) const fn is_ok(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    pub(crate) fn is_event_stream(&self) -> bool {
        self.is_ok() && starts_with_ignoring_case(&self.content_type, "text/event-stream")
    }
}

/// What a reply's body was found to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Body {
    /// It is JSON.
    pub(crate) is_json: bool,
    /// It is a JSON object.
    pub(crate) is_object: bool,
    /// Its member `isStreaming`, if that is a boolean.
    pub(crate) is_streaming: Option<bool>,
    /// What it says of a failure: see [`sentence`].
    pub(crate) sentence: String,
}

/// What is known of an answer at the time of a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How many signs of life there were: chunks of a body, or events.
    pub(crate) activity: u32,
    bits: u32,
}

impl Seen {
    /// There is text, or another form of answer (`json`, an `action` to decide on).
    pub(crate) const ANSWER: u32 = 1;
    /// The server said `end`.
    pub(crate) const END: u32 = 1 << 1;
    /// The server said `error`.
    pub(crate) const ERROR: u32 = 1 << 2;
    /// The server said `abort`. A multi-agent flow also says so, and nothing else, when its model fails.
    pub(crate) const ABORT: u32 = 1 << 3;
    /// Nothing more is read, as the page's reader is slow. That is no silence of the server.
    pub(crate) const PAUSED: u32 = 1 << 4;
    /// The text so far is the reply's, and the lists that the reply has (documents, tools) have come as events, too.
    pub(crate) const SAME_TEXT: u32 = 1 << 5;
    /// The answer names the message that it is in the server's history.
    pub(crate) const MESSAGE_ID: u32 = 1 << 6;

    pub(crate) const fn new(activity: u32, bits: u32) -> Self {
        Self { activity, bits }
    }

    pub(super) const fn has(self, bit: u32) -> bool {
        self.bits & bit != 0
    }
}

/// What a body says of a failure: the member `message` or `error` of its JSON, or its text.
///
/// A proxy's error page says no more than the status does.
pub(crate) fn sentence<'a>(
    message: Option<&'a str>,
    error: Option<&'a str>,
    text: &'a str,
) -> &'a str {
    const MOST: usize = 500;
    let text = if text.trim_ascii_start().starts_with('<') {
        ""
    } else {
        let end = (0..=text.len().min(MOST))
            .rev()
            .find(|at| text.is_char_boundary(*at));
        text.get(..end.unwrap_or_default()).unwrap_or_default()
    };
    message.or(error).unwrap_or(text)
}
