//! Faults of servers, proxies and networks, as chatflows named `trouble-…`.
//!
//! Their delays are real: `--speed` does not change them.

mod common;
mod socket;
mod stream;

pub(crate) use common::{ANSWER, good_reply};

use crate::flows::{Aborts, Generation, Trouble};
use crate::plan::Plan;
use crate::request::Question;

/// The answer of the run.
pub(crate) fn plan(kind: Trouble, generation: Generation, asked: &Question) -> Plan {
    let (steps, reply) = match generation {
        Generation::Sse => (stream::steps(kind, asked), stream::reply(kind, asked)),
        Generation::SocketIo => (socket::steps(kind, asked), socket::reply(kind, asked)),
    };
    Plan {
        steps,
        reply,
        aborts: Aborts::Never,
        ends_with_client: true,
    }
}
