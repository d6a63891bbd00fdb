//! How a prediction runs, from the question to its outcome: facts in, effects out.
//!
//! This module is a state machine without input or output. It holds no JavaScript value, no clock, no future and no source of
//! randomness. A *driver* owns those: it reports to [`Session::step`] what happened (a [`Fact`]) and performs the [`Effect`]s that
//! the call returns. The npm package and the Rust API each have a driver. All rules are here and hold for both.
//!
//! ```text
//!                ask                                      one run
//!  page ───────▶ Session ──────▶ ┌──────────┐ first in its lines
//!                                │ InLine   ├──────────────┬───────────────────────────┐
//!                                └──────────┘              │ a server not known yet    │ a socket
//!                                                    ┌─────▼─────┐ Socket.IO    ┌──────▼─────┐
//!                                                    │ Handshake ├─────────────▶│ Connecting │
//!                                                    └─────┬─────┘              └─┬────────┬─┘
//!                                            event streams │ ┌────────────────────┘        │
//!                                                    ┌─────▼─▼───┐ event streams           │ Socket.IO
//!                                                    │ Asking    │ "does it stream?"       │
//!                                                    └─────┬─────┘                         │
//!                                                    ┌─────▼───────────────────────────────▼─┐
//!                                                    │ Waiting   POST sent, no headers yet   │
//!                                                    └──┬─────────────────────────┬──────────┘
//!                                     an event stream   │                         │ JSON
//!                                                ┌──────▼────┐             ┌──────▼────┐  Socket.IO   ┌──────┐
//!                                                │ Streaming │             │ Reading   ├─────────────▶│ Late │
//!                                                └──────┬────┘             └──────┬────┘              └───┬──┘
//!                                                       └──────────┬──────────────┘───────────────────────┘
//!                                                            ┌─────▼─────┐ no text    ┌─────────┐
//!                                                            │ Over      │◀───────────│ History │
//!                                                            └───────────┘            └─────────┘
//! ```
//!
//! | state | what the run waits for | what ends it early |
//! |---|---|---|
//! | `InLine` | the runs before it on its socket and in its conversation | a stop, the total limit |
//! | `Handshake` | whether the server speaks Socket.IO | the connect limit: then event streams are tried |
//! | `Connecting` | the socket | the connect limit, a disconnected socket |
//! | `Asking` | whether the chatflow streams; see [`Purpose`](states::Purpose) for the other occasions | the connect limit |
//! | `Waiting` | the headers of a reply | the limits for the first byte and for silence, a broken connection |
//! | `Streaming` | the end of an event stream | the same |
//! | `Reading` | the JSON of a reply | the same |
//! | `Late` | events that the reply has overtaken | silence, the loss of the socket |
//! | `Knocking` | whether any server answers, after a failed request | the connect limit |
//! | `History` | the text of an answer that arrived without text | the connect limit: the answer stays empty |
//!
//! If the page has sent the question itself and hands over the response, the run begins in `Waiting`.
//!
//! A stop and the total limit end every state. Every run ends with [`Effect::Settle`], its last effect, exactly once. The driver
//! performs it by releasing everything that the run holds. The [`Session`] keeps what the run learned about a conversation or a
//! server, for later runs.
//!
//! | file | contents |
//! |---|---|
//! | `ask`, `fact`, `effect`, `call` | what a page asks for, facts, effects, and every request of Flowise's API |
//! | `target`, `limits`, `outcome` | the server, the time limits, and how a run ended |
//! | `session`, `knowledge`, `conversations` | what outlives a run: lines, the servers' transports, moved conversations |
//! | `states` | the states of a run, and which function takes which fact |
//! | `connecting` | `Handshake`, `Connecting`, and the loss of a socket |
//! | `asking` | `Asking` |
//! | `replies` | `Waiting`, `Reading`, `Knocking`: one request at a time |
//! | `question` | the question, `Streaming`, and the reply |
//! | `late` | `Late` |
//! | `timers` | which limit ends which state |
//! | `settle` | `History` and `Over`: from the end of a run to its outcome |

mod ask;
mod asking;
mod call;
mod connecting;
mod conversations;
mod effect;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod exploration;
mod fact;
mod knowledge;
mod late;
mod limits;
mod outcome;
mod question;
mod replies;
mod session;
mod settle;
mod states;
mod target;
#[cfg(test)]
mod tests;
mod timers;

pub(crate) use ask::{Ask, Question, Task, Via};
pub(crate) use call::{Call, Content, Request};
pub(crate) use effect::{Effect, Timer};
pub(crate) use fact::{Body, By, Fact, Head, Seen, sentence};
pub(crate) use limits::Limits;
pub(crate) use outcome::Outcome;
pub(crate) use session::{RunId, Session};
pub(crate) use target::{Target, Transport, Wire};
