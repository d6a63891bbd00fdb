//! What a driver has to do.

use super::call::Request;
use super::outcome::Outcome;

/// Something that a driver performs for a run, in the order in which it gets them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// The question goes to this conversation: `chatId` of the body, and `overrideConfig.sessionId` if it names none.
    Enter {
        chat_id: String,
        session_id: Option<String>,
    },
    /// Find out with a plain request whether the server speaks Socket.IO, and tell [`Fact::Spoke`](super::Fact::Spoke).
    Handshake { url: String },
    /// Tell when the socket is connected, now or later, and each time that it fails to be. A run without a socket of the page
    /// gets one of its own, which is closed with the run.
    Connect,
    /// Disconnect the socket and connect it again, so that no event of a run that was left can come.
    Renew,
    /// The server does not answer any more: let the socket find out what is there now.
    Lose,
    /// Take the events of the socket in, until the run is settled.
    Listen,
    /// Send a request and tell when the headers of its reply are there.
    Send(Request),
    /// Take the response that the page has, and tell when its headers are there.
    Receive,
    /// Read the body of the reply as an event stream, and tell when it has ended.
    ReadEvents,
    /// Read the body of the reply as JSON.
    ReadJson,
    /// Give up the request in flight.
    Cancel,
    /// Start a timer in milliseconds; one of this name that runs already is replaced.
    Start(Timer, u32),
    /// Stop a timer, if it runs.
    Clear(Timer),
    /// Ask the server to stop the run of this conversation, by a call of its own that outlives the page.
    Stop { chat_id: String },
    /// The answer did not come as events: give its text as one `token`, if none came, and then `end`.
    Say,
    /// The run is over: release everything that it holds, and tell the page.
    Settle(Outcome),
}

/// The timers of a run. There is one of each at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// For everything together.
    Total,
    /// For what the run waits for now.
    Step,
    /// Looks at how much has come, now and then.
    Tick,
}
