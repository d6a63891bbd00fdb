//! The answers of the flows: recorded, scripted, or disturbed.

mod answers;
pub(crate) mod replay;
mod scripted;
pub(crate) mod trouble;

use crate::flows::{Flow, Generation, Source};
use crate::plan::Plan;
use crate::recordings::Recordings;
use crate::reply::Reply;
use crate::request::Question;

/// Computes the flow's answer.
pub(crate) fn plan(
    recordings: &Recordings,
    flow: &Flow,
    generation: Generation,
    asked: &Question,
) -> Plan {
    let mut plan = match flow.source {
        Source::One(name) => replay::plan(recordings, name, generation, asked),
        Source::Family(name) => {
            let name = replay::choose(recordings, name, generation, asked);
            replay::plan(recordings, name, generation, asked)
        }
        Source::Scripted => scripted::plan(generation, asked),
        Source::Trouble(kind) => trouble::plan(kind, generation, asked),
    };
    plan.aborts = flow.aborts;
    if generation == Generation::SocketIo && asked.question.is_none() {
        // The answer exists, but Flowise cannot store it without a question.
        plan.reply = Reply::error(
            500,
            "Error: predictionsServices.buildChatflow - SQLITE_CONSTRAINT: NOT NULL constraint failed: \
             chat_message.content",
        );
    }
    plan
}
