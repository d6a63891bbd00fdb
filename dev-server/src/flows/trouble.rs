//! The flows with a fault.

use super::generation::{BOTH, Generation, SSE};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Slow,
    Silent,
    Hang,
    Stall,
    Cut,
    CutSocket,
    HalfClosed,
    NoEnd,
    ByteByByte,
    Buffered,
    Status(u16),
    Html,
    Json,
    WrongType,
    Malformed,
    Truncated,
    Huge,
    Many,
    Late,
    Overtaken,
    Names,
    ReservedNames,
    /// There is only metadata and the end.
    Empty,
    /// The events are lost, but the history has the answer.
    Lost,
    /// `Lost` for a chat's first question, then good.
    LostOnce,
    NoCors,
    Redirect,
    StartTwice,
    Crlf,
    Steady,
    Heartbeat,
}

/// A chatflow with a fault.
#[derive(Debug)]
pub(crate) struct TroubleFlow {
    pub(crate) id: &'static str,
    pub(crate) about: &'static str,
    pub(crate) question: &'static str,
    pub(crate) generations: &'static [Generation],
    pub(crate) kind: Trouble,
}

const fn both(id: &'static str, kind: Trouble, about: &'static str) -> TroubleFlow {
    TroubleFlow {
        id,
        about,
        question: "Hi",
        generations: BOTH,
        kind,
    }
}

impl TroubleFlow {
    const fn sse_only(mut self) -> Self {
        self.generations = SSE;
        self
    }

    const fn asked(mut self, question: &'static str) -> Self {
        self.question = question;
        self
    }
}

/// All names.
pub(crate) static ALL: &[TroubleFlow] = &[
    both("trouble-slow", Trouble::Slow, "A token every 200 ms."),
    both(
        "trouble-silent",
        Trouble::Silent,
        "The headers of a stream (2.0: not even those), then nothing, for ever.",
    ),
    both(
        "trouble-hang",
        Trouble::Hang,
        "No reply, not even headers, for ever.",
    ),
    both(
        "trouble-stall",
        Trouble::Stall,
        "A few tokens, then nothing, for ever.",
    ),
    both(
        "trouble-cut",
        Trouble::Cut,
        "A few tokens, then all connections of the question are reset.",
    ),
    both(
        "trouble-cut-socket",
        Trouble::CutSocket,
        "2.0: a few tokens, then the Socket.IO connection is reset; the reply comes. 3.1: a good answer.",
    ),
    both(
        "trouble-half-closed",
        Trouble::HalfClosed,
        "A few tokens, then FIN without the final chunk (2.0: instead of a reply).",
    ),
    both(
        "trouble-no-end",
        Trouble::NoEnd,
        "A whole answer and a clean end of the body, but no `end` event.",
    ),
    both(
        "trouble-bytes",
        Trouble::ByteByByte,
        "One byte a write (2.0: of the reply).",
    ),
    both(
        "trouble-buffered",
        Trouble::Buffered,
        "A proxy that buffers: all at once, after 300 ms.",
    ),
    both(
        "trouble-status-401",
        Trouble::Status(401),
        "Refused: no key.",
    ),
    both(
        "trouble-status-403",
        Trouble::Status(403),
        "Refused: not from this site.",
    ),
    both(
        "trouble-status-404",
        Trouble::Status(404),
        "No such chatflow.",
    ),
    both(
        "trouble-status-413",
        Trouble::Status(413),
        "The request is too large.",
    ),
    both(
        "trouble-status-429",
        Trouble::Status(429),
        "Too many questions; try again after a second.",
    ),
    both("trouble-status-500", Trouble::Status(500), "Flowise fails."),
    both(
        "trouble-status-502",
        Trouble::Status(502),
        "A proxy that finds no Flowise behind it.",
    ),
    both("trouble-html", Trouble::Html, "200, but a page of HTML."),
    both(
        "trouble-json",
        Trouble::Json,
        "Streaming was asked for, but the reply is JSON (2.0: no events).",
    ),
    both(
        "trouble-wrong-type",
        Trouble::WrongType,
        "The right bytes as text/plain.",
    ),
    both(
        "trouble-malformed",
        Trouble::Malformed,
        "Broken frames (2.0: odd payloads) between good ones.",
    ),
    both(
        "trouble-truncated",
        Trouble::Truncated,
        "The body ends within a frame (2.0: the reply within its JSON).",
    ),
    both(
        "trouble-huge",
        Trouble::Huge,
        "One event of as many megabytes as the question says, or of ?bytes= bytes; 64 MB without.",
    )
    .asked("64"),
    both(
        "trouble-many",
        Trouble::Many,
        "As many tokens as the question says, as fast as they are taken; a million without.",
    )
    .asked("100000"),
    both(
        "trouble-late",
        Trouble::Late,
        "Events after `end`, and a second `end`.",
    ),
    both(
        "trouble-overtaken",
        Trouble::Overtaken,
        "2.0: the reply, and 300 ms later the events. 3.1: a good answer.",
    ),
    both(
        "trouble-names",
        Trouble::Names,
        "Events and members with names that mean something to JavaScript.",
    ),
    both(
        "trouble-reserved",
        Trouble::ReservedNames,
        "Events with the names that Socket.IO keeps for itself.",
    ),
    both(
        "trouble-empty",
        Trouble::Empty,
        "No token at all, only metadata and the end.",
    ),
    both(
        "trouble-empty-once",
        Trouble::LostOnce,
        "The same the first time in a chat, though the answer is there; then good.",
    ),
    both(
        "trouble-cors",
        Trouble::NoCors,
        "No CORS header on anything.",
    ),
    both(
        "trouble-redirect",
        Trouble::Redirect,
        "307 to the other server's `scripted`.",
    ),
    both(
        "trouble-start-twice",
        Trouble::StartTwice,
        "Two `start` events.",
    ),
    both(
        "trouble-crlf",
        Trouble::Crlf,
        "Everything else that the event stream format allows: BOM, CRLF, comments, fields.",
    )
    .sse_only(),
    both(
        "trouble-steady",
        Trouble::Steady,
        "A token every so many milliseconds, until the client goes.",
    )
    .asked("100"),
    both(
        "trouble-heartbeat",
        Trouble::Heartbeat,
        "Heartbeats alone, every so many milliseconds, until the client goes.",
    )
    .asked("1000")
    .sse_only(),
];
