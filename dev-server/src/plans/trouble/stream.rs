//! Faults in an event stream.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use serde_json::json;

use super::common::{ANSWER, common, ending, good_reply, start, words};
use crate::flows::{Generation, Trouble};
use crate::plan::{Event, Step, Steps, metadata};
use crate::reply::Reply;
use crate::request::Question;

const BLOCK: usize = 64 * 1024;
const DEFAULT_MEGABYTES: u64 = 64;
const DEFAULT_TOKENS: u64 = 1_000_000;

pub(super) fn reply(kind: Trouble, asked: &Question) -> Reply {
    match kind {
        Trouble::Empty => good_reply("", asked),
        Trouble::ByteByByte => Reply {
            pieces: Some(1),
            ..good_reply(ANSWER, asked)
        },
        _ => good_reply(ANSWER, asked),
    }
}

pub(super) fn steps(kind: Trouble, asked: &Question) -> Steps {
    if let Some(steps) = common(kind, Generation::Sse, asked) {
        return steps;
    }
    let end = || ending(Generation::Sse, asked);
    let good = || std::iter::once(start()).chain(words()).chain(end());
    match kind {
        Trouble::NoEnd => {
            let metadata = Step::Event(Event::new("metadata", metadata(asked)));
            Box::new(std::iter::once(start()).chain(words()).chain([metadata]))
        }
        Trouble::ByteByByte => {
            let all = joined(good());
            let byte = move |at| {
                [
                    raw(all.slice(at..=at)),
                    Step::Settle(Duration::from_millis(1)),
                ]
            };
            let length = joined(good()).len();
            Box::new((0..length).flat_map(byte))
        }
        Trouble::Buffered => Box::new(
            [
                Step::Settle(Duration::from_millis(300)),
                raw(joined(good())),
            ]
            .into_iter(),
        ),
        Trouble::Malformed => Box::new(malformed(asked).into_iter()),
        Trouble::Truncated => {
            let whole = Event::token("never complete").frame();
            Box::new(
                std::iter::once(start())
                    .chain(words().take(5))
                    .chain([raw(whole.slice(..whole.len() - 9))]),
            )
        }
        Trouble::Huge => huge(asked),
        Trouble::Many => many(asked),
        Trouble::Late => Box::new(good().chain([
            Step::Event(Event::token("late")),
            Step::Event(Event::new("sourceDocuments", json!([]))),
            Step::Event(Event::new(
                "metadata",
                json!({ "chatId": "another", "question": "late" }),
            )),
            Step::Event(Event::bare("end")),
            Step::Settle(Duration::from_millis(20)),
            Step::Event(Event::token("later")),
        ])),
        Trouble::Empty | Trouble::Lost => Box::new(end().into_iter()),
        Trouble::Crlf => Box::new(exotic(asked).into_iter()),
        Trouble::Heartbeat => {
            let pause = Duration::from_millis(asked.number().unwrap_or(1000).max(1));
            let beat = move |_: u64| [Step::Settle(pause), raw(":heartbeat\n\n")];
            Box::new((0..).flat_map(beat))
        }
        _ => Box::new(good()),
    }
}

fn raw(bytes: impl Into<Bytes>) -> Step {
    Step::Bytes(None, bytes.into())
}

fn joined(steps: impl Iterator<Item = Step>) -> Bytes {
    let mut all = BytesMut::new();
    for step in steps {
        if let Step::Event(event) = step {
            all.extend(event.frame());
        }
    }
    all.freeze()
}

fn huge(asked: &Question) -> Steps {
    let mut left = usize::try_from(asked.bytes.unwrap_or_else(|| {
        asked
            .number()
            .unwrap_or(DEFAULT_MEGABYTES)
            .saturating_mul(1_000_000)
    }))
    .unwrap_or(usize::MAX);
    let block = Bytes::from(vec![b'x'; BLOCK]);
    let blocks = std::iter::from_fn(move || {
        let length = left.min(BLOCK);
        left -= length;
        (length > 0).then(|| raw(block.slice(..length)))
    });
    Box::new(
        [
            start(),
            raw("message:\ndata:{\"event\":\"token\",\"data\":\""),
        ]
        .into_iter()
        .chain(blocks)
        .chain([raw("\"}\n\n")])
        .chain(ending(Generation::Sse, asked)),
    )
}

fn many(asked: &Question) -> Steps {
    const AT_ONCE: u64 = 64;
    let count = asked.number().unwrap_or(DEFAULT_TOKENS);
    let groups = (0..count.div_ceil(AT_ONCE)).map(move |group| {
        let last = count.min((group + 1) * AT_ONCE);
        let frames: String = (group * AT_ONCE + 1..=last)
            .map(|n| format!("message:\ndata:{{\"event\":\"token\",\"data\":\"w{n} \"}}\n\n"))
            .collect();
        raw(frames)
    });
    Box::new(
        std::iter::once(start())
            .chain(groups)
            .chain(ending(Generation::Sse, asked)),
    )
}

fn malformed(asked: &Question) -> Vec<Step> {
    let broken: [&[u8]; 14] = [
        b"message:\ndata:{\"event\":\"token\",\"data\":\"bro\n\n",
        b"message:\ndata:not json\n\n",
        b"message:\ndata:\n\n",
        b"message:\ndata:[1,2]\n\n",
        b"message:\ndata:null\n\n",
        b"message:\ndata:\"token\"\n\n",
        b"message:\ndata:{\"data\":\"no name\"}\n\n",
        b"message:\ndata:{\"event\":5,\"data\":\"a number for a name\"}\n\n",
        b"message:\ndata:{\"event\":\"token\"}\n\n",
        b"message:\ndata:{\"event\":\"token\",\"data\":\"\\ud83d\"}\n\n",
        b"message:\ndata:{\"event\":\"token\",\"data\":\"\\x\"}\n\n",
        b"message:\ndata:{\"event\":\"token\",\"data\":\"x\"}}\n\n",
        b"message:\ndata:{\"event\":\"sourceDocuments\",\"data\":[{]}\n\n",
        b"message:\ndata:{\"event\":\"usedTools\",\"data\":\xff\xfe}\n\n",
    ];
    let mut broken = broken.into_iter();
    let mut steps = vec![start()];
    for word in words() {
        steps.push(word);
        steps.extend(broken.next().map(raw));
    }
    steps.extend(broken.map(raw));
    steps.extend(ending(Generation::Sse, asked));
    steps
}

/// Everything that a reader of the format must accept, in one stream.
fn exotic(asked: &Question) -> Vec<Step> {
    let metadata = Event::new("metadata", metadata(asked)).frame();
    let metadata = String::from_utf8_lossy(&metadata).replace('\n', "\r\n");
    let mut steps: Vec<Step> = [
        "\u{feff}: a comment after the byte order mark\r\n\r\n",
        "retry: 10000\r\nid: 7\r\n\r\n",
        "event: token\r\ndata: {\"event\":\"token\",\"data\":\"One\"}\r\n\r\n",
        // Some versions of Flowise omit the colon.
        "message\r\ndata:{\"event\":\"token\",\"data\":\" two\"}\r\n\r\n",
        "data:{\"event\":\"token\",\r\ndata:\"data\":\r\ndata:\" three\"}\r\n\r\n",
        ":heartbeat\r\n\r\n",
        "event\rdata:{\"event\":\"token\",\"data\":\" four\"}\r\r",
        "unknown: field\ndata:{\"event\":\"token\",\"data\":\" five\"}\n: within\n\n",
        // The line end itself arrives in two pieces.
        "data: {\"event\":\"token\",\"data\":\" six\"}\r",
        "\n\r",
        "\n",
        "data\r\n\r\n",
    ]
    .map(raw)
    .into();
    steps.push(raw(metadata));
    steps.push(raw(
        "message:\r\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\r\n\r\n",
    ));
    let pause = Step::Settle(Duration::from_millis(5));
    steps
        .into_iter()
        .flat_map(|step| [step, pause.clone()])
        .collect()
}
