//! Faults on a Socket.IO connection and in the reply beside it.

use std::time::Duration;

use serde_json::{Value, json};

use super::common::{ANSWER, ARRIVAL, common, ending, good_reply, start, words};
use crate::flows::{Generation, Trouble};
use crate::plan::{Event, Step, Steps};
use crate::reply::Reply;
use crate::request::Question;

const DEFAULT_MEGABYTES: u64 = 64;
const DEFAULT_TOKENS: u64 = 1_000_000;

/// The whole reply is built in memory, so there are limits; a browser's strings end below the first.
const MOST_BYTES: u64 = 1 << 29;
const MOST_TOKENS: u64 = 10_000_000;

pub(super) fn reply(kind: Trouble, asked: &Question) -> Reply {
    let good = good_reply(ANSWER, asked);
    match kind {
        Trouble::Empty | Trouble::Lost => good_reply("", asked),
        Trouble::Huge => good_reply(&huge(asked), asked),
        Trouble::Many => {
            let tokens: String = (1..=count(asked)).map(|n| format!("w{n} ")).collect();
            good_reply(&tokens, asked)
        }
        Trouble::ByteByByte => Reply {
            pieces: Some(1),
            ..good
        },
        Trouble::Truncated => Reply {
            body: good.body.slice(..good.body.len() / 2),
            ..good
        },
        _ => good,
    }
}

pub(super) fn steps(kind: Trouble, asked: &Question) -> Steps {
    if let Some(steps) = common(kind, Generation::SocketIo, asked) {
        return steps;
    }
    let end = || ending(Generation::SocketIo, asked);
    let good = || std::iter::once(start()).chain(words()).chain(end());
    match kind {
        Trouble::NoEnd => Box::new(std::iter::once(start()).chain(words())),
        Trouble::Json => Box::new(std::iter::empty()),
        Trouble::Empty | Trouble::Lost => Box::new(end().into_iter()),
        Trouble::Buffered => {
            Box::new(std::iter::once(Step::Settle(Duration::from_millis(300))).chain(good()))
        }
        Trouble::CutSocket => Box::new(
            std::iter::once(start())
                .chain(words().take(5))
                .chain([
                    Step::Settle(ARRIVAL),
                    Step::CutSocket,
                    Step::Settle(ARRIVAL),
                ])
                .chain(words().skip(5))
                .chain(end()),
        ),
        Trouble::Malformed => {
            let odd = [
                Value::Null,
                5.into(),
                json!({ "text": "x" }),
                json!(["a", "b"]),
            ];
            let odd = odd
                .into_iter()
                .map(|data| Step::Event(Event::new("token", data)));
            let others = [
                Step::Event(Event::bare("token")),
                Step::Event(Event::new("sourceDocuments", "[{broken")),
                Step::Event(Event::new("usedTools", 7)),
                Step::Event(Event::new("agentReasoning", Value::Null)),
            ];
            Box::new(
                std::iter::once(start())
                    .chain(words())
                    .chain(odd)
                    .chain(others)
                    .chain(end()),
            )
        }
        Trouble::Huge => {
            let token = Step::Event(Event::token(huge(asked)));
            Box::new([start(), token].into_iter().chain(end()))
        }
        Trouble::Many => {
            let tokens = (1..=count(asked)).map(|n| Step::Event(Event::token(format!("w{n} "))));
            Box::new(std::iter::once(start()).chain(tokens).chain(end()))
        }
        Trouble::Overtaken => {
            let reply = [Step::End, Step::Settle(Duration::from_millis(300))];
            Box::new(reply.into_iter().chain(good()))
        }
        Trouble::Late => Box::new(good().chain([
            Step::End,
            Step::Settle(Duration::from_millis(20)),
            Step::Event(Event::token("late")),
            Step::Event(Event::new("sourceDocuments", json!([]))),
            Step::Event(Event::bare("end")),
        ])),
        _ => Box::new(good()),
    }
}

fn huge(asked: &Question) -> String {
    let bytes = asked.bytes.unwrap_or_else(|| {
        asked
            .number()
            .unwrap_or(DEFAULT_MEGABYTES)
            .saturating_mul(1_000_000)
    });
    "x".repeat(usize::try_from(bytes.min(MOST_BYTES)).unwrap_or(0))
}

fn count(asked: &Question) -> u64 {
    asked.number().unwrap_or(DEFAULT_TOKENS).min(MOST_TOKENS)
}
