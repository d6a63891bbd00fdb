//! What a page asks a session to do.

use super::call::Call;
use super::limits::Limits;
use super::target::{Target, Transport};

/// A request to run, and its target.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) task: Task,
    pub(crate) target: Target,
    pub(crate) limits: Limits,
}

/// The purpose of a run.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    /// A prediction.
    Predict(Question),
    /// Checks whether a server answers, for a socket that wants to connect; `learns` records that the server uses event streams.
    Probe { learns: bool },
    /// One of the other calls.
    Call(Call),
}

/// A question of a page.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) via: Via,
    /// The conversation. If the page names none, it gets a random id: no server sends its own id early enough to stop the run.
    pub(crate) chat_id: String,
    /// The memory that the page has chosen.
    pub(crate) session_id: Option<String>,
    /// A random id. The conversation moves to it if this run is abandoned.
    pub(crate) next_id: String,
}

/// How a question receives its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// They go to this socket of the page.
    Socket(u32),
    /// The run receives them itself, over this transport.
    Own(Transport),
    /// In the response to a question that the page has sent. The conversation is empty if the page does not name it.
    Response,
}
