//! The facts that a driver reports.

use super::effect::Timer;
use super::target::Wire;
use crate::error::Error;
use crate::text::starts_with_ignoring_case;

/// Something that happened to a run.
///
/// A driver has at most one request of a run in flight. Once it has performed [`Effect::Send`](super::Effect::Send) or
/// [`Effect::Cancel`](super::Effect::Cancel), it reports nothing more about the request before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fact {
    /// The server has answered the handshake: it speaks Socket.IO, or it does not.
    Spoke(Wire),
    /// The socket is connected.
    Connected {
        wire: Wire,
        /// Events of an abandoned run may still arrive over this connection.
        stale: bool,
    },
    /// An attempt to connect has failed.
    Refused {
        error: Error,
        /// The socket will not try again.
        last: bool,
    },
    /// The socket is no longer connected, or never will be.
    Gone(By),
    /// The headers of a reply have arrived.
    Replied(Head),
    /// The body of a reply has been read.
    Read(Body),
    /// The event stream has ended: at the end of the body, or with the `end` event.
    Ended,
    /// The request failed, or its body broke off.
    Failed,
    /// The request cannot be made: a value has no JSON form, a header is invalid, or `fetch` is missing.
    Unsendable(Error),
    /// A timer has expired.
    Elapsed(Timer),
    /// The page stops the run: it called `abort`, its signal fired, it left the loop or dropped the stream.
    Stopped,
}

/// Who ended a socket's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The page called `disconnect()`.
    Page,
    /// The server closed it; the socket does not reconnect by itself.
    Server,
    /// The connection was lost; the socket reconnects.
    Network,
}

/// The head of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The HTTP status; 0 for a redirect that was not followed.
    pub(crate) status: u16,
    /// The server redirects to another address.
    pub(crate) redirects: bool,
    /// The header `content-type`, unchanged.
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

/// The result of reading a reply's body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Body {
    /// It is JSON.
    pub(crate) is_json: bool,
    /// It is a JSON object.
    pub(crate) is_object: bool,
    /// Its member `isStreaming`, if that is a boolean.
    pub(crate) is_streaming: Option<bool>,
    /// Its message about a failure: see [`sentence`].
    pub(crate) sentence: String,
}

/// The state of an answer at the time of a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The number of signs of life: chunks of a body, or events.
    pub(crate) activity: u32,
    bits: u32,
}

impl Seen {
    /// There is text, or another form of answer (`json`, an `action` to decide on).
    pub(crate) const ANSWER: u32 = 1;
    /// The server sent `end`.
    pub(crate) const END: u32 = 1 << 1;
    /// The server sent `error`.
    pub(crate) const ERROR: u32 = 1 << 2;
    /// The server sent `abort`. A multi-agent flow also sends it, and no other event, when its model fails.
    pub(crate) const ABORT: u32 = 1 << 3;
    /// The library has stopped reading because the page's reader is slow. This is not silence of the server.
    pub(crate) const PAUSED: u32 = 1 << 4;
    /// The text so far equals the reply's, and the reply's lists (documents, tools) have arrived as events, too.
    pub(crate) const SAME_TEXT: u32 = 1 << 5;
    /// The answer names its message in the server's history.
    pub(crate) const MESSAGE_ID: u32 = 1 << 6;

    pub(crate) const fn new(activity: u32, bits: u32) -> Self {
        Self { activity, bits }
    }

    pub(super) const fn has(self, bit: u32) -> bool {
        self.bits & bit != 0
    }
}

/// The message in a body about a failure: the member `message` or `error` of its JSON, or its text.
///
/// The error page of a proxy is ignored: it says no more than the status.
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
