//! The actions that a driver performs.

use super::call::Request;
use super::outcome::Outcome;

/// An action that a driver performs for a run. It performs them in the order in which it receives them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// The question goes to this conversation: `chatId` of the body, and `overrideConfig.sessionId` if it names none.
    Enter {
        chat_id: String,
        session_id: Option<String>,
    },
    /// Check with a plain request whether the server speaks Socket.IO, and report [`Fact::Spoke`](super::Fact::Spoke).
    Handshake { url: String },
    /// Report when the socket is connected, now or later, and each failed attempt. A run without a socket of the page
    /// gets its own socket, which closes with the run.
    Connect,
    /// Disconnect the socket and connect it again, so that it receives no event of an abandoned run.
    Renew,
    /// The server no longer answers: let the socket check what is there now.
    Lose,
    /// Take in the events of the socket until the run is settled.
    Listen,
    /// Send a request, and report when the headers of its reply arrive.
    Send(Request),
    /// Take the response that the page has, and report when its headers are there.
    Receive,
    /// Read the body of the reply as an event stream, and report when it has ended.
    ReadEvents,
    /// Read the body of the reply as JSON.
    ReadJson,
    /// Cancel the request in flight.
    Cancel,
    /// Start a timer in milliseconds. It replaces a running timer of the same name.
    Start(Timer, u32),
    /// Stop a timer, if it is running.
    Clear(Timer),
    /// Ask the server to stop the run of this conversation, with a separate call that outlives the page.
    Stop { chat_id: String },
    /// The answer did not arrive as events: deliver its text as one `token`, unless one arrived, and then `end`.
    Say,
    /// The run is over: release everything that it holds, and notify the page.
    Settle(Outcome),
}

/// The timers of a run. Each exists at most once at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// For the whole run.
    Total,
    /// For what the run now waits for.
    Step,
    /// Checks at intervals how much has arrived.
    Tick,
}
